/**
 * What every fact has: the source's key, a version, the rank of its source, and when it occurred.
 *
 * Two kinds of fact exist: *records* (order, person, company, deal), of which only the newest version counts, and *dated
 * facts* (a refund, an answer, a commitment), which happen once and have version 0.
 */
import { Schema } from "effect"
import { Instant } from "../id/Instant.ts"

/** The source's own name for a record or event, unique within a tenant. */
export const FactKey = Schema.String.check(Schema.isPattern(/^[a-z]+:[^\s\0]{1,240}$/)).pipe(Schema.brand("FactKey"))
export type FactKey = typeof FactKey.Type
export const key = (text: string): FactKey => text as FactKey

/** Sources by trust: a platform's API stands above a file that somebody exported from it. */
export const rank = { file: 10, api: 100, own: 200 } as const

/**
 * The version of what a file says as it stood at `asOf`: grows with it, and lies below whatever a platform's API may say, so that a
 * file fills what the API does not know and never takes its place. Times are up to 8.64e15 ms from 1970.
 */
export const fileVersion = (asOf: Instant): number => asOf - 8_640_000_000_000_000

export const head = {
  key: FactKey,
  /** Grows with each change of the record, usually its `updatedAt` in milliseconds; 0 for what happens once; `fileVersion` in files. */
  version: Schema.Int,
  rank: Schema.Int,
  occurredAt: Instant,
  /** Members that the source does not know, and that were put as what it does know allows. Absent where it knows all. */
  estimated: Schema.optionalKey(Schema.Array(Schema.String)),
}
