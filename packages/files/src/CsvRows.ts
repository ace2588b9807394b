/**
 * The rows of a file of separated values, in batches, each with the line it begins on. The only file that knows the CSV library.
 *
 * Promises: memory is bounded by the longest row that is allowed, whatever the file's size; rows come in the file's order; a row that the
 * library cannot read ends the reading, and is told with its line. Separators are comma, semicolon and tab.
 */
import { CsvError, parse } from "csv-parse"
import { createReadStream } from "node:fs"
import type { FileText } from "./FileText.ts"

export type Separator = "," | ";" | "\t"
const separators: ReadonlyArray<Separator> = [",", ";", "\t"]

/** No row of any product comes near; a quote that is never closed would otherwise take the rest of the file into memory. */
const longestRow = 4_000_000
const bytesPerBatch = 1 << 14

export interface RawRow {
  readonly cells: ReadonlyArray<string>
  /** The line on which it begins; the first of the file is 1. */
  readonly line: number
}

/** From here on the file holds no rows that could be told apart. */
export interface Broken {
  readonly line: number
  readonly reason: string
}

export interface Batch {
  readonly rows: ReadonlyArray<RawRow>
  /** At most once, with the last batch. */
  readonly broken: Broken | null
  /** How much of the file was read by now. */
  readonly bytes: number
}

/** The separator that stands most often in the line of titles, outside quotes. */
export const separatorOf = (beginning: string): Separator => {
  const [titles = ""] = beginning.split(/\r?\n|\r/, 1)
  const bare = titles.replaceAll(/"[^"]*"/g, "")
  const counted = separators.map((separator) => ({ separator, count: bare.split(separator).length }))
  return counted.reduce((most, one) => (one.count > most.count ? one : most)).separator
}

const reasons: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED:
    "a cell that begins with a quote does not end: the file may have been cut off, or a quote be missing",
  CSV_MAX_RECORD_SIZE: `the row is longer than ${longestRow.toLocaleString("en-US")} bytes: a quote may be missing`,
}

const reasonOf = (error: Error): string =>
  (error instanceof CsvError ? reasons[error.code] : undefined) ?? "the row cannot be read as separated values"

/** Line breaks within the cells of a row; most rows have none. */
const breaksIn = (cells: ReadonlyArray<string>): number =>
  cells.reduce((count, cell) => count + (cell.includes("\n") ? cell.split("\n").length - 1 : 0), 0)

/** What the library is given: its own UTF-8 where the file is that, else text as the file spells it. */
async function* chunksOf(file: FileText): AsyncGenerator<{ readonly chunk: Buffer; readonly bytes: number }> {
  const decoder = file.encoding === "utf-8" ? null : new TextDecoder(file.encoding)
  let bytes = 0
  for await (const read of createReadStream(file.path, { highWaterMark: bytesPerBatch }) as AsyncIterable<Buffer>) {
    bytes += read.length
    yield { chunk: decoder === null ? read : Buffer.from(decoder.decode(read, { stream: true })), bytes }
  }
  const rest = decoder?.decode() ?? ""
  if (rest !== "") yield { chunk: Buffer.from(rest), bytes }
}

/** All rows, the titles first. Fails only where the file can no longer be read. */
export async function* batchesOf(file: FileText, delimiter: Separator): AsyncGenerator<Batch> {
  let rows: Array<RawRow> = []
  /** Where the next row begins. */
  let next = 1
  /** The library's own count, which takes a CRLF within quotes for two: it tells whether there is any line break within a row. */
  let counted = 1
  const parser = parse({
    bom: true,
    delimiter,
    relax_column_count: true,
    // Some products write `"12" vinyl"`, which stays as it is; a quote ends a cell only before a separator or a line break.
    relax_quotes: true,
    max_record_size: longestRow,
    // Nothing is handed on through the stream, row by row: a batch is what was read of one chunk.
    on_record: (cells: ReadonlyArray<string>, { lines }) => {
      if (cells.length > 1 || cells[0] !== "") rows.push({ cells, line: next })
      next += 1 + (lines > counted ? breaksIn(cells) : 0)
      counted = lines + 1
      return null
    },
  })
  parser.resume()
  // Each error is given to whoever wrote what caused it.
  parser.on("error", () => {})
  const taken = (bytes: number, error: Error | null | undefined): Batch => {
    const batch = {
      rows,
      broken: error === null || error === undefined ? null : { line: next, reason: reasonOf(error) },
      bytes,
    }
    rows = []
    return batch
  }
  const write = (chunk: Buffer): Promise<Error | null | undefined> =>
    new Promise((resolve) => parser.write(chunk, resolve))
  let read = 0
  for await (const { bytes, chunk } of chunksOf(file)) {
    const error = await write(chunk)
    read = bytes
    if (error !== null && error !== undefined) return yield taken(bytes, error)
    yield taken(bytes, null)
  }
  yield taken(
    read,
    await new Promise<Error | null | undefined>((resolve) => {
      parser.once("error", resolve)
      parser.end(() => resolve(null))
    }),
  )
}
