/**
 * The facts of a file in a temporary folder, page by page and without any store.
 */
import type { Fact, FactOf, FactTag } from "@advocacy-kit/core/fact/Fact"
import * as Currency from "@advocacy-kit/core/money/Currency"
import { Effect } from "effect"
import * as FileImport from "../src/FileImport.ts"
import { pagesOf } from "../src/FilePages.ts"
import * as FileText from "../src/FileText.ts"
import type { Format, Lens, Refused } from "../src/Format.ts"
import * as Imports from "./Imports.ts"
import { handleKey } from "./Imports.ts"

export { handleKey }

export const lens: Lens = { ...Imports.lens, currency: Currency.make("EUR"), timeZone: "UTC" }

let files = 0

export interface Read {
  readonly facts: ReadonlyArray<Fact>
  readonly refused: ReadonlyArray<Refused>
  readonly personal: ReadonlyMap<string, string>
  readonly unused: ReadonlyArray<string>
}

export interface Options {
  readonly lens?: Partial<Lens>
  readonly mapping?: Readonly<Record<string, string>>
  /** Rows that an earlier run is taken to have stored. */
  readonly skip?: number
}

export const read = async (format: Format, content: string | Uint8Array, options: Options = {}): Promise<Read> => {
  const file = await Effect.runPromise(FileText.look(Imports.written(`facts-${++files}.csv`, content)))
  const { columns, separator } = await Effect.runPromise(
    FileImport.opened({ file, format, lens: { ...lens, ...options.lens }, mapping: options.mapping ?? {} }),
  )
  const facts: Array<Fact> = []
  const refused: Array<Refused> = []
  const personal = new Map<string, string>()
  for await (const page of pagesOf(file, separator, columns, options.skip ?? 0)) {
    facts.push(...page.facts)
    refused.push(...page.rejected)
    for (const { handle, value } of page.personal) personal.set(handle, value)
  }
  return { facts, refused, personal, unused: columns.unused }
}

/** Of one kind, in the order of the file. */
export const ofTag = <Tag extends FactTag>({ facts }: Read, tag: Tag): ReadonlyArray<FactOf<Tag>> =>
  facts.filter((fact): fact is FactOf<Tag> => fact._tag === tag)
