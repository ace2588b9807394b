/**
 * A row as a format reads it: cells by the format's own names, each as what it is meant to be.
 *
 * Promises: an absent column and an empty cell are the same; a cell that cannot be what is asked for ends its record, with line, column,
 * value and reason.
 */
import * as Handle from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import type { Currency } from "@advocacy-kit/core/money/Currency"
import { fromDecimal } from "@advocacy-kit/core/money/Money"
import type { Columns } from "./Columns.ts"
import type { RawRow } from "./CsvRows.ts"
import * as Decimal from "./Decimal.ts"
import * as Moment from "./Moment.ts"

/** How the file writes what can be written in several ways. */
export interface Spelling extends Moment.Calendar {
  readonly decimalMark: Decimal.DecimalMark | null
}

/** Ends a record from within; whoever reads the file catches it. */
export class Unreadable extends Error {
  readonly line: number
  /** The column's title in the file; null where it is about the whole row. */
  readonly column: string | null
  readonly value: string | null
  constructor(line: number, column: string | null, value: string | null, reason: string) {
    super(reason)
    this.line = line
    this.column = column
    this.value = value
  }
}

/** Longer texts are no names, codes or notes of anybody. */
const longest = 100_000

const truths: ReadonlyMap<string, boolean> = new Map([
  ...["1", "true", "yes", "y", "ja", "oui"].map((text) => [text, true] as const),
  ...["0", "false", "no", "n", "nein", "non"].map((text) => [text, false] as const),
])

export class Row<Name extends string> {
  readonly line: number
  private readonly cells: ReadonlyArray<string>
  private readonly columns: Columns<Name>
  private readonly spelling: Spelling

  constructor({ cells, line }: RawRow, columns: Columns<Name>, spelling: Spelling) {
    this.cells = cells
    this.line = line
    this.columns = columns
    this.spelling = spelling
  }

  /** Ends the record for what stands in one cell. */
  refuse(name: Name, reason: string): never {
    const at = this.columns.at[name]
    const value = at === undefined ? "" : (this.cells[at] ?? "")
    const isShown = this.columns.fields[name].personal !== true
    const shown = value === "" ? null : isShown ? value.slice(0, 80) : `${value.length} characters`
    throw new Unreadable(this.line, this.columns.titleOf(name), shown, reason)
  }

  /** The column's title in the file; null where it has none. */
  titleOf(name: Name): string | null {
    return this.columns.at[name] === undefined ? null : this.columns.titleOf(name)
  }

  /** Trimmed; null where there is nothing. */
  text(name: Name): string | null {
    const at = this.columns.at[name]
    if (at === undefined) return null
    const text = this.cells[at]?.trim() ?? ""
    if (text === "") return null
    if (text.includes("\0")) return this.refuse(name, "holds a NUL byte: the file is damaged, export it again")
    return text.length > longest ? this.refuse(name, `is longer than ${longest} characters`) : text
  }

  needed(name: Name): string {
    return this.text(name) ?? this.refuse(name, "is empty")
  }

  /** Values separated by semicolons, each once. */
  list(name: Name): ReadonlyArray<string> {
    const text = this.text(name)
    return text === null ? [] : [...new Set(text.split(";").map((one) => one.trim()))].filter((one) => one !== "")
  }

  /** Addresses, normalised, separated by semicolons where there are several. */
  emails(name: Name): ReadonlyArray<string> {
    return this.list(name).map((text) => Handle.normaliseEmail(this.addressIn(name, text)))
  }

  /** A number that a product gave a record. Spreadsheets put an apostrophe before long ones, or round them. */
  id(name: Name): string | null {
    const text = this.text(name)
    return text === null ? null : this.idIn(name, text)
  }

  /** Numbers of records, separated by semicolons: each once, ascending. */
  ids(name: Name): ReadonlyArray<string> {
    return Handle.recordNumbers(this.list(name).map((text) => this.idIn(name, text)))
  }

  private idIn(name: Name, text: string): string {
    const id = text.replace(/^'/, "")
    if (Handle.isRecordNumber(id)) return id
    return this.refuse(
      name,
      /^\d+(?:[.,]\d+)?E\+?\d+$/i.test(id)
        ? "was rounded by a spreadsheet: export the file again and do not save it there"
        : "is no id, which has digits only",
    )
  }

  /** A code that can stand in a handle, as it is written. */
  code(name: Name): string | null {
    const text = this.text(name)
    return text === null || Handle.usableCode(text) !== null
      ? text
      : this.refuse(name, "is no code: at most 100 characters, without spaces")
  }

  /** An address as it is written; what is none (`n/a`) would make one person of all who have it. */
  email(name: Name): string | null {
    const text = this.text(name)
    return text === null ? null : this.addressIn(name, text)
  }

  private addressIn(name: Name, text: string): string {
    return /^[^\s@]{1,200}@[^\s@]{1,200}$/.test(text) ? text : this.refuse(name, "is no e-mail address")
  }

  /** A decimal string with a point. */
  decimal(name: Name): string | null {
    const text = this.text(name)
    if (text === null) return null
    const read = Decimal.read(text, this.spelling.decimalMark)
    return "decimal" in read ? read.decimal : this.refuse(name, read.problem)
  }

  number(name: Name): number | null {
    const decimal = this.decimal(name)
    return decimal === null ? null : Number(decimal)
  }

  integer(name: Name): number | null {
    const number = this.number(name)
    return number === null || Number.isSafeInteger(number) ? number : this.refuse(name, "is no whole number")
  }

  /** In minor units. */
  amount(name: Name, currency: Currency): bigint | null {
    const decimal = this.decimal(name)
    if (decimal === null) return null
    try {
      return fromDecimal(decimal.replace(/^\+/, ""), currency).amountMinor
    } catch {
      return this.refuse(name, `is no amount in ${currency}`)
    }
  }

  instant(name: Name): Instant | null {
    const text = this.text(name)
    if (text === null) return null
    const read = Moment.read(text, this.columns.inUtc(name) ? { ...this.spelling, timeZone: "UTC" } : this.spelling)
    return "at" in read ? read.at : this.refuse(name, read.problem)
  }

  truth(name: Name): boolean | null {
    const text = this.text(name)
    if (text === null) return null
    return truths.get(text.toLowerCase()) ?? this.refuse(name, "is neither yes nor no")
  }
}
