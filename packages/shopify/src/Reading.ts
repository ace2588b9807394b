/**
 * What reading a record yields: facts, the personal values behind their handles, and what could not be understood.
 *
 * Promises: pure; one record that is malformed is reported with its place and reason, and costs only itself. A NUL byte or
 * a text of absurd length is left out and reported, because no store could keep it.
 */
import type { Page, Rejected } from "@advocacy-kit/core/connector/FactSource"
import type { HandleKey } from "@advocacy-kit/core/id/Handle"
import { z } from "zod"
import type { Withheld } from "./Answer.ts"

/** What mapping needs to know beside the record. */
export interface Lens {
  readonly handleKey: HandleKey
  readonly referralAttributes: ReadonlyArray<string>
  readonly deviceAttribute: string
}

/** A record as it came, with the records below it and the names of members that Shopify withheld. */
export interface RawRecord {
  readonly record: unknown
  readonly children: ReadonlyArray<unknown>
  readonly withheld: ReadonlyArray<string>
}

/** Empty where the record has none. */
export const idOf = ({ record }: RawRecord): string =>
  typeof record === "object" && record !== null && "id" in record && typeof record.id === "string" ? record.id : ""

export const nothing: Page = { facts: [], personal: [], rejected: [] }

export const together = (pages: ReadonlyArray<Page>): Page => ({
  facts: pages.flatMap((page) => page.facts),
  personal: pages.flatMap((page) => page.personal),
  rejected: pages.flatMap((page) => page.rejected),
})

/** The number at the end of a `gid://shopify/Order/7`. */
export const numberOf = (gid: string): string => gid.slice(gid.lastIndexOf("/") + 1)

/** `shopify:order/7`, also where the record is so broken that its id has to be looked for. */
export const placeOf = (kind: string, record: unknown): string => {
  const id =
    typeof record === "object" && record !== null && "id" in record && typeof record.id === "string" ? record.id : "?"
  return `shopify:${kind}/${/^[\x21-\x7e]{1,200}$/.test(id) ? numberOf(id) : "?"}`
}

/** Runs a mapping; a malformed record becomes a rejection, a defect of ours stays one. */
export const attempt = (place: string, map: () => Page): Page => {
  try {
    return map()
  } catch (error) {
    if (error instanceof z.ZodError) {
      const issue = error.issues[0]
      return {
        ...nothing,
        rejected: [{ place, reason: `${issue?.path.join(".") || "the record"}: ${issue?.message ?? "not readable"}` }],
      }
    }
    if (error instanceof RangeError) return { ...nothing, rejected: [{ place, reason: error.message }] }
    throw error
  }
}

/** Texts that may go into a fact; the others are named in `rejected`, by place and never by value. */
export const storable = (
  texts: ReadonlyArray<{ readonly place: string; readonly text: string; readonly limit: number }>,
): { readonly kept: ReadonlySet<string>; readonly rejected: ReadonlyArray<Rejected> } => {
  const rejected = texts.flatMap(({ limit, place, text }): ReadonlyArray<Rejected> => {
    if (text.includes("\0"))
      return [{ place, reason: "contains a NUL byte; it was left out, the rest of the record was kept" }]
    if (text.length > limit)
      return [{ place, reason: `is longer than ${limit} characters; it was left out, the rest of the record was kept` }]
    return []
  })
  const out = new Set(rejected.map(({ place }) => place))
  return { kept: new Set(texts.flatMap(({ place }) => (out.has(place) ? [] : [place]))), rejected }
}

/** The withheld members of each record of a list that was answered under `prefix`. */
export const withheldIn = (
  withheld: ReadonlyArray<Withheld>,
  prefix: ReadonlyArray<string>,
): ((index: number) => ReadonlyArray<string>) => {
  const byIndex = new Map<number, Set<string>>()
  for (const path of withheld) {
    if (!prefix.every((step, at) => path[at] === step)) continue
    const index = path[prefix.length]
    const member = path[prefix.length + 1]
    if (typeof index !== "number" || typeof member !== "string") continue
    byIndex.set(index, (byIndex.get(index) ?? new Set()).add(member))
  }
  return (index) => [...(byIndex.get(index) ?? [])]
}

/** One line per member that was withheld, however many records it concerns. */
export const withheldReport = (kind: string, records: ReadonlyArray<RawRecord>): ReadonlyArray<Rejected> => {
  const counts = new Map<string, number>()
  for (const member of records.flatMap(({ withheld }) => withheld)) counts.set(member, (counts.get(member) ?? 0) + 1)
  return [...counts].map(([member, count]) => ({
    place: `shopify:${kind}.${member}`,
    reason: `withheld by Shopify for ${count} records and taken as unavailable, not as empty: ask for access to protected customer data`,
  }))
}
