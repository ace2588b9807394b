/**
 * A file of comma-separated values as an analysis reads it: columns by name in any order, each cell with the line it stands on.
 *
 * Promises: separators (comma, semicolon, tab), byte order mark, CRLF, quoted newlines and decimal commas beside semicolons are
 * understood; a row that cannot be used is left out and told with line, column, value and reason, and rows in = rows used + rows
 * left out. A file without a column that is needed is refused with the columns that it has.
 */
import { CsvError, parse } from "csv-parse/sync"
import { Effect } from "effect"
import * as Failure from "../Failure.ts"

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
  /** YYYY-MM-DD, of a date or a date with a time. */
  readonly date: (column: string) => string
  /** `yes`, `true`, `1` or their opposites, in any case. */
  readonly truth: (column: string) => boolean
}

/** Ends a row from within; `each` catches it. */
class Unusable extends Error {
  readonly cell: Pick<LeftOut, "column" | "value" | "reason">
  constructor(cell: Pick<LeftOut, "column" | "value" | "reason">) {
    super(cell.reason)
    this.cell = cell
  }
}

const separators = [",", ";", "\t"] as const

/** The separator that stands most often in the first line. */
const separatorOf = (text: string): string => {
  const [first = ""] = text.split("\n", 1)
  const counted = separators.map((separator) => ({ separator, count: first.split(separator).length }))
  return counted.reduce((most, one) => (one.count > most.count ? one : most)).separator
}

/** `1,234.5`, and beside semicolons or tabs `1.234,5`; NaN where it is no number. */
const numberOf = (text: string, separator: string): number => {
  const trimmed = text.trim()
  if (separator !== "," && /^[+-]?\d{1,3}(\.\d{3})*,\d+$|^[+-]?\d+,\d+$/.test(trimmed))
    return Number(trimmed.replaceAll(".", "").replace(",", "."))
  if (/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(trimmed)) return Number(trimmed.replaceAll(",", ""))
  return trimmed === "" ? NaN : Number(trimmed)
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ["1", true],
  ["true", true],
  ["yes", true],
  ["0", false],
  ["false", false],
  ["no", false],
])

const rowOf = (cells: Readonly<Record<string, string>>, separator: string): Row => {
  const unusable = (column: string, reason: string): never => {
    throw new Unusable({ column, value: cells[column] ?? "", reason })
  }
  const optionalText = (column: string): string | null => {
    const text = cells[column]?.trim() ?? ""
    return text === "" ? null : text
  }
  const text = (column: string): string => optionalText(column) ?? unusable(column, "it is empty")
  const numeric = (column: string, cell: string): number => {
    const found = numberOf(cell, separator)
    return Number.isFinite(found) ? found : unusable(column, "it is no number")
  }
  return {
    text,
    optionalText,
    number: (column) => numeric(column, text(column)),
    optionalNumber: (column) => {
      const cell = optionalText(column)
      return cell === null ? null : numeric(column, cell)
    },
    date: (column) => {
      const [date = ""] = /^\d{4}-\d{2}-\d{2}/.exec(text(column)) ?? []
      return Number.isNaN(Date.parse(`${date}T00:00:00Z`)) ? unusable(column, "it is no date such as 2026-10-31") : date
    },
    truth: (column) => truths.get(text(column).toLowerCase()) ?? unusable(column, "it is neither yes nor no"),
  }
}

/** Numbers within a range, else the row is left out. */
export const between = (row: Row, column: string, low: number, high: number): number => {
  const found = row.number(column)
  if (found >= low && found <= high) return found
  throw new Unusable({ column, value: String(found), reason: `it is not from ${low} to ${high}` })
}

type Cells = Readonly<Record<string, string>>

interface Line {
  readonly cells: Cells
  readonly line: number
}

/** The columns of a text and its lines, as the library reads them. */
const parsed = (file: string, text: string, delimiter: string) =>
  Effect.try({
    try: () => {
      let header: ReadonlyArray<string> = []
      const lines = parse<Line, Cells>(text, {
        bom: true,
        delimiter,
        columns: (names: ReadonlyArray<string>) => {
          header = names.map((name) => name.trim())
          return [...header]
        },
        on_record: (cells, { lines: line }) => ({ cells, line }),
        relax_column_count: true,
        skip_empty_lines: true,
      })
      return { header, lines }
    },
    catch: (error) =>
      Failure.usage(
        `${file} cannot be read: ${error instanceof CsvError ? error.message : String(error)}`,
        "mend the file, or save it as CSV again",
      ),
  })

/** Reads a file's text, which has to have the columns that are not optional. */
export const read = Effect.fn("DataFile.read")(function* (
  file: string,
  text: string,
  columns: ReadonlyArray<Column>,
): Effect.fn.Return<DataFile, Failure.Failure> {
  const separator = separatorOf(text)
  const { header, lines } = yield* parsed(file, text, separator)
  const missing = columns.filter(({ name, optional }) => optional !== true && !header.includes(name))
  if (missing.length > 0)
    return yield* Failure.usage(
      `${file} has no column ${missing.map(({ name, what }) => `"${name}" (${what})`).join(", ")}; it has ${header.join(", ") || "none"}`,
      "name the columns like this in the first line; their order does not matter",
    )
  return {
    rows: lines.length,
    each: (of) => {
      const used: Array<ReturnType<typeof of>> = []
      const leftOut: Array<LeftOut> = []
      for (const { cells, line } of lines) {
        try {
          used.push(of(rowOf(cells, separator)))
        } catch (error) {
          if (!(error instanceof Unusable)) throw error
          leftOut.push({ line, ...error.cell })
        }
      }
      return { used, leftOut }
    },
  }
})
