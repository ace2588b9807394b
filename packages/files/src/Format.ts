/**
 * A kind of file: which product writes it, which columns it has, and what a record of it says.
 *
 * A format is a value; `read` is pure. It says what the file says and nothing more: what the file cannot know is listed, and where a
 * fact needs it all the same it is marked as estimated.
 */
import type { Rejected } from "@advocacy-kit/core/connector/FactSource"
import type { PersonalValue } from "@advocacy-kit/core/fact/FactLog"
import * as Fact from "@advocacy-kit/core/fact/Fact"
import type { HandleKey } from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import type { Currency } from "@advocacy-kit/core/money/Currency"
import { Effect } from "effect"
import * as Columns from "./Columns.ts"
import type { RawRow } from "./CsvRows.ts"
import type { FileError, FileText } from "./FileText.ts"
import { Row, Unreadable, type Spelling } from "./Row.ts"

/** What reading needs to know beside the file. */
export interface Lens extends Spelling {
  readonly handleKey: HandleKey
  /** When the file was written: what it says was so then. */
  readonly asOf: Instant
  /** The program that codes and enrolments of these files belong to. */
  readonly program: string
  /** Where a file names no currency; null refuses such amounts. */
  readonly currency: Currency | null
  /** Cart attributes that may hold a referral code. */
  readonly referralAttributes: ReadonlyArray<string>
  /** The cart attribute with the buyer's device. */
  readonly deviceAttribute: string
}

export interface Reading {
  readonly facts: ReadonlyArray<Fact.Fact>
  readonly personal: ReadonlyArray<PersonalValue>
}

/** What is known of a file while its records are read. */
export interface Sight {
  /** Its titles, folded as `Columns.folded` does. */
  readonly titles: ReadonlySet<string>
  /** How often the file has said this very thing by now, this time included. */
  readonly occurrence: (identity: string) => number
}

/** The rows of one record, at least one. */
export type Rows<Name extends string> = readonly [Row<Name>, ...ReadonlyArray<Row<Name>>]

export interface Definition<Name extends string> {
  /** As the command calls it: `shopify-orders`. */
  readonly name: string
  /** What it is and where one gets it. */
  readonly what: string
  readonly fields: Columns.Fields<Name>
  /** Rows that stand together and have the same value here, or none, are one record. Without it each row is one. */
  readonly groupBy?: Name
  /** What a record is called where it is parked, such as `shopify:order/7`; null where its row does not say. */
  readonly placeOf: (row: Row<Name>) => string | null
  readonly read: (rows: Rows<Name>, lens: Lens, sight: Sight) => Reading
  /** Whether `read` asks for the occurrence; then rows that an earlier run stored count too. One row is one record there. */
  readonly countsEqual?: true
  /** What no such file says, a sentence each. */
  readonly cannotKnow: ReadonlyArray<string>
}

/** What could not be read, and where. */
export interface Refused extends Rejected {
  readonly line: number
  readonly column: string | null
  /** What stands there; shortened, and never somebody's name or address. For whoever looks now: it is not kept. */
  readonly value: string | null
}

export type RawRows = readonly [RawRow, ...ReadonlyArray<RawRow>]

/** A format that has found its columns in a file. */
export interface Opened {
  /** Columns that nothing reads. */
  readonly unused: ReadonlyArray<string>
  /** Whether a row goes on with the record that `first` began. */
  readonly goesOn: (first: RawRow, next: RawRow) => boolean
  readonly read: (rows: RawRows) => Reading | Refused
  /** Is told each row that an earlier run has read. */
  readonly passOver: (row: RawRow) => void
}

/** A format whose fields are its own affair. */
export interface Format extends Pick<Definition<string>, "name" | "what" | "fields" | "cannotKnow"> {
  /** Finds its columns by the titles; `mapping` gives titles by field where they are called otherwise. */
  readonly open: (
    file: Pick<FileText, "name" | "path">,
    titles: ReadonlyArray<string>,
    mapping: Readonly<Record<string, string>>,
    lens: Lens,
  ) => Effect.Effect<Opened, FileError>
}

const attempt = <A>(run: () => A, otherwise: (error: Unreadable | RangeError) => A): A => {
  try {
    return run()
  } catch (error) {
    if (error instanceof Unreadable || error instanceof RangeError) return otherwise(error)
    throw error
  }
}

/** A row that was cut off, or whose cells have moved, would be read wrongly rather than not at all. */
const wholeRow = ({ cells, line }: RawRow, titles: number): void => {
  if (cells.length < titles)
    throw new Unreadable(line, null, null, `has ${cells.length} cells under ${titles} titles: it may be cut off`)
  if (cells.slice(titles).some((cell) => cell.trim() !== ""))
    throw new Unreadable(line, null, null, `has ${cells.length} cells under ${titles} titles: one may lack its quotes`)
}

const refusedBy = (place: string, line: number, error: Unreadable | RangeError): Refused => {
  const cell = error instanceof Unreadable ? error : { line, column: null, value: null }
  const where = cell.column === null ? `line ${cell.line}` : `line ${cell.line}, ${cell.column}`
  return { place, reason: `${where}: ${error.message}`, line: cell.line, column: cell.column, value: cell.value }
}

/** Memory grows by what is counted: some hundred bytes for each different thing. */
const sightOf = (titles: ReadonlyArray<string>): Sight => {
  const seen = new Map<string, number>()
  return {
    titles: new Set(titles.map(Columns.folded)),
    occurrence: (identity) => {
      const count = (seen.get(identity) ?? 0) + 1
      seen.set(identity, count)
      return count
    },
  }
}

/** Makes a format of what is known of its files. */
export const make = <Name extends string>(definition: Definition<Name>): Format => ({
  ...definition,
  open: (file, titles, mapping, lens) =>
    Effect.map(Columns.find(file.path, titles, definition.fields, mapping), (columns): Opened => {
      const at = definition.groupBy === undefined ? undefined : columns.at[definition.groupBy]
      const sight = sightOf(titles)
      const read: Opened["read"] = (raw) => {
        const [first, ...others] = raw
        const row = new Row(first, columns, lens)
        return attempt<Reading | Refused>(
          () => {
            for (const one of raw) wholeRow(one, titles.length)
            return definition.read([row, ...others.map((one) => new Row(one, columns, lens))], lens, sight)
          },
          (error) => {
            const known = attempt(
              () => definition.placeOf(row),
              () => null,
            )
            return refusedBy(known ?? `${file.name} line ${first.line}`, first.line, error)
          },
        )
      }
      return {
        read,
        passOver: (row) => {
          if (definition.countsEqual === true) read([row])
        },
        unused: columns.unused,
        goesOn: (first, next) => {
          if (at === undefined) return false
          const value = next.cells[at] ?? ""
          return value === "" || value === first.cells[at]
        },
      }
    }),
})

type Head = Pick<Fact.PersonSeen, "key" | "version" | "rank" | "occurredAt" | "estimated">

/** The head of a fact that a file tells; `estimated` are members that the file does not know. */
export const head = (
  key: string,
  occurredAt: Instant,
  { asOf }: Pick<Lens, "asOf">,
  estimated: ReadonlyArray<string> = [],
): Head => ({
  key: Fact.key(key),
  version: Fact.fileVersion(asOf),
  rank: Fact.rank.file,
  occurredAt,
  ...(estimated.length === 0 ? {} : { estimated }),
})

/**
 * The head of what a file does not date, and which had happened by `then`: of several tellings the earliest counts, whichever file or
 * row it is in. Versions lie below those of whatever is dated.
 */
export const headByThen = (key: string, then: Instant) => ({
  key: Fact.key(key),
  version: Fact.fileVersion(0) - then,
  rank: Fact.rank.file,
  occurredAt: then,
  estimated: ["occurredAt"],
})
