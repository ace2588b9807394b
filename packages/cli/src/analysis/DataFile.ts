/**
 * A file of comma-separated values as an analysis reads it: columns by name in any order, each cell with the line it stands on.
 *
 * Promises: it is read as an import reads files; a row that cannot be used is left out and told with line, column, value and reason, and
 * rows in = rows used + rows left out. A file without a column that is needed is refused with the columns that it has.
 */
import { Columns, CsvRows, FileError, FileText, Row as FileRow, Unreadable } from "@advocacy-kit/files"
import { Effect } from "effect"

/** Why a row was left out. */
export interface LeftOut {
  readonly line: number
  readonly column: string
  readonly value: string
  readonly reason: string
}

export interface Column {
  readonly name: string
  readonly what: string
  readonly optional?: boolean
}

export interface DataFile {
  readonly rows: number
  /** What `of` makes of each row that can be used. */
  readonly each: <A>(of: (row: Row) => A) => Read<A>
}

export interface Read<A> {
  readonly used: ReadonlyArray<A>
  readonly leftOut: ReadonlyArray<LeftOut>
}

/** One row; a cell that cannot be what is asked for ends the row. */
export interface Row {
  readonly text: (column: string) => string
  /** null where the cell is empty, or the file has no such column. */
  readonly optionalText: (column: string) => string | null
  readonly number: (column: string) => number
  readonly optionalNumber: (column: string) => number | null
  /** A number in a range, both ends included. */
  readonly between: (column: string, low: number, high: number) => number
  /** YYYY-MM-DD, of a date or a date with a time. */
  readonly date: (column: string) => string
  /** `yes`, `true`, `1` or their opposites, in any case. */
  readonly truth: (column: string) => boolean
}

/** Files of an analysis name no zone that matters: dates are read as they stand. */
const spelling = { timeZone: "UTC", dateOrder: null, decimalMark: null } as const

const rowOf = (row: FileRow<string>): Row => {
  const text = (column: string): string => row.needed(column)
  const number = (column: string): number => row.number(column) ?? row.refuse(column, "is empty")
  return {
    text,
    optionalText: (column) => row.text(column),
    number,
    optionalNumber: (column) => row.number(column),
    between: (column, low, high) => {
      const found = number(column)
      return found >= low && found <= high ? found : row.refuse(column, `is not from ${low} to ${high}`)
    },
    date: (column) => {
      const [date = ""] = /^\d{4}-\d{2}-\d{2}/.exec(text(column)) ?? []
      return Number.isNaN(Date.parse(`${date}T00:00:00Z`)) ? row.refuse(column, "is no date such as 2026-10-31") : date
    },
    truth: (column) => row.truth(column) ?? row.refuse(column, "is empty"),
  }
}

const fieldsOf = (columns: ReadonlyArray<Column>): Columns.Fields<string> =>
  Object.fromEntries(
    columns.map(({ name, optional, what }) => [
      name,
      optional === true ? { titles: [name], what } : { titles: [name], what, needed: true },
    ]),
  )

const allRows = async (file: FileText.FileText, separator: CsvRows.Separator) => {
  const rows: Array<CsvRows.RawRow> = []
  let broken: CsvRows.Broken | null = null
  for await (const batch of CsvRows.batchesOf(file, separator)) {
    for (const row of batch.rows) rows.push(row)
    broken ??= batch.broken
  }
  return { rows, broken }
}

/** Reads a file, which has to have the columns that are not optional. */
export const read = Effect.fn("DataFile.read")(function* (
  path: string,
  columns: ReadonlyArray<Column>,
): Effect.fn.Return<DataFile, FileError> {
  const file = yield* FileText.look(path)
  const separator = CsvRows.separatorOf(yield* FileText.beginning(file))
  const { broken, rows } = yield* Effect.promise(() => allRows(file, separator))
  if (broken !== null)
    return yield* new FileError({
      path,
      problem: `cannot be read from line ${broken.line} on: ${broken.reason}`,
      remedy: "mend the file, or save it as CSV again",
    })
  const [titles, ...records] = rows
  const found = yield* Columns.find(path, titles?.cells ?? [], fieldsOf(columns), {})
  return {
    rows: records.length,
    each: (of) => {
      const used: Array<ReturnType<typeof of>> = []
      const leftOut: Array<LeftOut> = []
      for (const record of records) {
        try {
          used.push(of(rowOf(new FileRow(record, found, spelling))))
        } catch (error) {
          if (!(error instanceof Unreadable)) throw error
          leftOut.push({
            line: error.line,
            column: error.column ?? "",
            value: error.value ?? "",
            reason: error.message,
          })
        }
      }
      return { used, leftOut }
    },
  }
})
