/**
 * A file as pages of facts: rows are put together to records, records are read, and a page ends after so many rows.
 *
 * Promises: a page holds whole records; `position` counts all rows from the file's first on, so that reading can begin after it.
 */
import type { Page } from "@advocacy-kit/core/connector/FactSource"
import type * as Fact from "@advocacy-kit/core/fact/Fact"
import type { PersonalValue } from "@advocacy-kit/core/fact/FactLog"
import { batchesOf, type RawRow, type Separator } from "./CsvRows.ts"
import { setImmediate } from "node:timers/promises"
import type { FileText } from "./FileText.ts"
import type { Opened, Refused } from "./Format.ts"

export interface FilePage extends Page {
  readonly rows: number
  readonly records: number
  /** Rows of records that were refused. */
  readonly refusedRows: number
  readonly rejected: ReadonlyArray<Refused>
  /** How many rows of the file lie before the end of this page. */
  readonly position: number
  /** How much of the file was read. */
  readonly bytes: number
  readonly isLast: boolean
}

const rowsPerPage = 5_000
/** No purchase has more lines; a wrong column would make one record of a whole file. */
const longestRecord = 10_000

class Collected {
  private facts: Array<Fact.Fact> = []
  private personal: Array<PersonalValue> = []
  private rejected: Array<Refused> = []
  private rows = 0
  private records = 0
  private refusedRows = 0
  private position: number
  private readonly file: string
  private readonly columns: Opened

  constructor(file: string, columns: Opened, position: number) {
    this.file = file
    this.columns = columns
    this.position = position
  }

  get isFull(): boolean {
    return this.rows >= rowsPerPage
  }

  record(rows: ReadonlyArray<RawRow>): void {
    const [first, ...others] = rows
    if (first === undefined) return
    const read =
      rows.length > longestRecord ? tooMany(this.file, first, rows.length) : this.columns.read([first, ...others])
    this.rows += rows.length
    this.records++
    if ("reason" in read) {
      this.rejected.push(read)
      this.refusedRows += rows.length
    } else {
      this.facts.push(...read.facts)
      this.personal.push(...read.personal)
    }
  }

  refuse(refused: Refused): void {
    this.rows++
    this.records++
    this.refusedRows++
    this.rejected.push(refused)
  }

  take(bytes: number, isLast: boolean): FilePage {
    const { facts, personal, records, refusedRows, rejected, rows } = this
    this.position += rows
    this.facts = []
    this.personal = []
    this.rejected = []
    this.rows = 0
    this.records = 0
    this.refusedRows = 0
    return { facts, personal, rejected, rows, records, refusedRows, position: this.position, bytes, isLast }
  }
}

const refusal = (place: string, line: number, reason: string): Refused => ({
  place,
  reason: `line ${line}: ${reason}`,
  line,
  column: null,
  value: null,
})

const tooMany = (file: string, { line }: RawRow, rows: number): Refused =>
  refusal(`${file} line ${line}`, line, `${rows} rows claim to be one record: see that the columns are the right ones`)

/** All pages after the first `skip` rows below the titles; the last one may be empty. */
export async function* pagesOf(
  file: FileText,
  separator: Separator,
  columns: Opened,
  skip: number,
): AsyncGenerator<FilePage> {
  const collected = new Collected(file.name, columns, skip)
  let record: Array<RawRow> = []
  let toSkip = skip + 1
  let bytes = 0
  for await (const batch of batchesOf(file, separator)) {
    bytes = batch.bytes
    // Storing the page before takes its turns in between.
    await setImmediate()
    for (const row of batch.rows) {
      if (toSkip > 0) {
        // The first is the titles.
        if (toSkip <= skip) columns.passOver(row)
        toSkip--
        continue
      }
      const [first] = record
      if (first !== undefined && columns.goesOn(first, row)) {
        record.push(row)
        continue
      }
      collected.record(record)
      record = [row]
      if (collected.isFull) yield collected.take(bytes, false)
    }
    if (batch.broken !== null) {
      const { line, reason } = batch.broken
      collected.record(record)
      record = []
      collected.refuse(refusal(`${file.name} line ${line}`, line, `${reason}; nothing from here on was read`))
    }
  }
  collected.record(record)
  yield collected.take(bytes, true)
}
