/**
 * A table of a reference case: comma-separated values with a header, quoted as in RFC 4180.
 *
 * Promises: every cell stays the text it was; `cell` names the column that is missing, `numeric` the cell that is no number.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"

export type Row = Readonly<Record<string, string>>

/** The cells of `source`, line by line; empty lines are dropped. */
const cells = (source: string): ReadonlyArray<ReadonlyArray<string>> => {
  const lines: Array<Array<string>> = []
  let line: Array<string> = []
  let cell = ""
  let quoted = false
  const endLine = (): void => {
    line.push(cell)
    if (line.length > 1 || cell !== "") lines.push(line)
    line = []
    cell = ""
  }
  for (let at = 0; at < source.length; at++) {
    const sign = source[at] ?? ""
    if (quoted) {
      if (sign !== '"') cell += sign
      else if (source[at + 1] === '"') cell += source[++at] ?? ""
      else quoted = false
    } else if (sign === '"') quoted = true
    else if (sign === ",") {
      line.push(cell)
      cell = ""
    } else if (sign === "\n") endLine()
    else if (sign !== "\r") cell += sign
  }
  if (cell !== "" || line.length > 0) endLine()
  return lines
}

/** The rows of `file` below `folder`, by the names of its header. */
export const rows = (folder: string, file: string): ReadonlyArray<Row> => {
  const [header = [], ...body] = cells(readFileSync(join(folder, file), "utf8").replace(/^\uFEFF/, ""))
  return body.map((line) => Object.fromEntries(header.map((name, index) => [name, line[index] ?? ""])))
}

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
