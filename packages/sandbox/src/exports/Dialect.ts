/**
 * How the rows of a file are written down: separator, decimal sign, quotes, line ends, encoding and order of columns.
 *
 * Promises: what is written says the same rows, whatever the dialect (RFC 4180 quoting with any separator); one row is
 * held at a time. A character that Windows-1252 lacks becomes "?", as spreadsheets save it: that dialect alone loses.
 */
import * as RandomSource from "../world/RandomSource.ts"
import type { ExportTable, Row } from "./ExportTable.ts"

export interface Dialect {
  readonly separator?: "," | ";" | "\t"
  readonly decimal?: "." | ","
  /** Quotes around every cell, or only where they are needed. */
  readonly quotes?: "needed" | "always"
  readonly lineEnd?: "\n" | "\r\n"
  readonly byteOrderMark?: boolean
  readonly encoding?: "utf-8" | "windows-1252"
  /** Shuffles the columns, by this seed. */
  readonly shuffledBy?: number
  /** Whether the last row ends with a line end. */
  readonly finalLineEnd?: boolean
}

/** What English-speaking products write: commas, points, quotes where needed, line feeds, UTF-8 without a mark. */
export const plain: Dialect = {}

/** What a spreadsheet in Germany or France saves: semicolons, decimal commas, CRLF. */
export const continental: Dialect = { separator: ";", decimal: ",", lineEnd: "\r\n" }

/** Cells at whose edges are spaces get quotes too: some readers trim others. */
const needsQuotes = { ",": /[",\r\n]|^ | $/, ";": /[";\r\n]|^ | $/, "\t": /["\t\r\n]|^ | $/ } as const

const inQuotes = (cell: string): string => `"${cell.replaceAll('"', '""')}"`

const amount = /^-?\d+\.\d+$/

/** Where each column of the written file stands in the table. */
const arrangement = (table: ExportTable, dialect: Dialect): ReadonlyArray<number> => {
  const places = table.columns.map((_, index) => index)
  return dialect.shuffledBy === undefined
    ? places
    : RandomSource.make(dialect.shuffledBy, `columns of ${table.fileName}`).shuffle(places)
}

/** The text of the file, line by line, each with its line end; the first is the header. */
export function* lines(table: ExportTable, dialect: Dialect = plain): Generator<string, void, void> {
  const separator = dialect.separator ?? ","
  const lineEnd = dialect.lineEnd ?? "\n"
  const needed = dialect.quotes === "always" ? null : needsQuotes[separator]
  const places = arrangement(table, dialect)
  const withComma = table.columns.map((column) => dialect.decimal === "," && table.amounts.has(column))
  const line = (row: Row): string =>
    places
      .map((place) => {
        const cell = row[place] ?? ""
        const shown = withComma[place] === true && amount.test(cell) ? cell.replace(".", ",") : cell
        return needed === null || (shown !== "" && needed.test(shown)) ? inQuotes(shown) : shown
      })
      .join(separator)
  yield `${dialect.byteOrderMark === true ? "\uFEFF" : ""}${line(table.columns)}`
  for (const row of table.rows) yield `${lineEnd}${line(row)}`
  if (dialect.finalLineEnd !== false) yield lineEnd
}

export const text = (table: ExportTable, dialect: Dialect = plain): string => [...lines(table, dialect)].join("")

/** Characters from 0x80 to 0x9F of Windows-1252; the rest of its upper half is that of Unicode. */
const upperHalf = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ"

const windows1252 = (shown: string): Uint8Array => {
  const bytes: Array<number> = []
  for (const character of shown) {
    const point = character.codePointAt(0) ?? 0
    const place = upperHalf.indexOf(character)
    if (point < 0x80 || (point >= 0xa0 && point <= 0xff)) bytes.push(point)
    else bytes.push(place < 0 ? 0x3f : 0x80 + place)
  }
  return Uint8Array.from(bytes)
}

const chunkCharacters = 65_536

/** The bytes of the file in pieces of about 64 KB: made for `Readable.from`, so that a file of any size is never held. */
export function* chunks(table: ExportTable, dialect: Dialect = plain): Generator<Uint8Array, void, void> {
  const utf8 = new TextEncoder()
  const encode = dialect.encoding === "windows-1252" ? windows1252 : (shown: string) => utf8.encode(shown)
  let waiting = ""
  for (const line of lines(table, dialect)) {
    waiting += line
    if (waiting.length < chunkCharacters) continue
    yield encode(waiting)
    waiting = ""
  }
  if (waiting !== "") yield encode(waiting)
}

export const bytes = (table: ExportTable, dialect: Dialect = plain): Uint8Array => {
  const parts = [...chunks(table, dialect)]
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let place = 0
  for (const part of parts) {
    whole.set(part, place)
    place += part.length
  }
  return whole
}
