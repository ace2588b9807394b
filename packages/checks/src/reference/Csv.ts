/**
 * A table of a reference case: comma-separated values with a header, quoted as in RFC 4180.
 *
 * Promises: every cell stays the text it was; `cell` names the column that is missing, `numeric` the cell that is no number.
 */
import { parse } from "csv-parse/sync"
import { readFileSync } from "node:fs"
import { join } from "node:path"

export type Row = Readonly<Record<string, string>>

/** The rows of `file` below `folder`, by the names of its header. */
export const rows = (folder: string, file: string): ReadonlyArray<Row> =>
  parse<Row>(readFileSync(join(folder, file)), {
    bom: true,
    columns: true,
    record_delimiter: ["\r\n", "\n"],
    relax_column_count: true,
    skip_empty_lines: true,
  })

export const cell = (row: Row, column: string): string => {
  const found = row[column]
  if (found === undefined) throw new Error(`the table has no column "${column}"`)
  return found
}

/** The number in a cell; null where the cell is empty. */
export const numericOrNull = (row: Row, column: string): number | null => {
  const found = cell(row, column).trim()
  if (found === "") return null
  const value = Number(found)
  if (Number.isNaN(value)) throw new Error(`"${found}" in column "${column}" is no number`)
  return value
}

export const numeric = (row: Row, column: string): number => {
  const found = numericOrNull(row, column)
  if (found === null) throw new Error(`an empty cell in column "${column}"`)
  return found
}
