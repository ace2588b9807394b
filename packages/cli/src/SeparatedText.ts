/**
 * Separated values as we write them, for spreadsheets.
 *
 * Promises: a text that a spreadsheet would take for a formula is told to be text by an apostrophe before it; numbers of ours stand as
 * they are. Every text is quoted, lines end as RFC 4180 has it, and the file begins with the mark that spreadsheets know UTF-8 by.
 */

/** A number of ours, such as `-20.00`: digits, a point, a sign. */
export interface Figure {
  readonly figure: string
}

export const figure = (text: string): Figure => {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new RangeError(`"${text}" is no figure`)
  return { figure: text }
}

export type Cell = string | Figure | null

/** What begins a formula, after whatever a spreadsheet leaves out before it. */
const formula = /^[\s\0\ufeff]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/

export const neutral = (text: string): string => (formula.test(text) || /^[\t\r]/.test(text) ? `'${text}` : text)

const written = (cell: Cell): string => {
  if (cell === null) return ""
  return typeof cell === "string" ? `"${neutral(cell).replaceAll('"', '""')}"` : cell.figure
}

export const table = (titles: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<Cell>>): string =>
  `\ufeff${[titles, ...rows].map((row) => `${row.map(written).join(",")}\r\n`).join("")}`
