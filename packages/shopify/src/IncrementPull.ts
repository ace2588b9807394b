/**
 * What has changed since the last time, page by page, oldest change first.
 *
 * Promises: the watermark moves with every page that was handed on, never past a change that was not; a run looks back ten
 * minutes, because changes become visible late and clocks differ. A search is begun anew from the watermark before
 * Shopify's limit of 25,000 records for one search, so that no backlog is too long.
 */
import type { Page } from "@advocacy-kit/core/connector/FactSource"
import type * as Instant from "@advocacy-kit/core/id/Instant"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Option, Stream } from "effect"
import { z } from "zod"
import type { Priority } from "./CostBucket.ts"
import { inParts, newestOf } from "./HistoryPage.ts"
import { idOf, type RawRecord } from "./Reading.ts"
import type { ShopifyError } from "./ShopifyError.ts"

/** A record of which the platform will tell more, without counting that as a change. */
const Waiting = z.object({ id: z.string(), at: z.int() })
export type Waiting = z.output<typeof Waiting>

export const Increment = z.object({
  phase: z.literal("increment"),
  watermark: z.int(),
  /** What is read again with every run, until it is whole or a day old. */
  waiting: z.array(Waiting).default([]),
})
export type Increment = z.output<typeof Increment>

export const beginning = (watermark: Instant.Instant): Increment => ({ phase: "increment", watermark, waiting: [] })

/** One page of records, and where the next begins. */
export interface Records {
  readonly records: ReadonlyArray<RawRecord>
  readonly next: string | null
}

export interface Changing {
  readonly job: string
  /** Records that changed at `since` or later, in the order of their changes. */
  readonly changes: (since: Instant.Instant, after: string | null) => Effect.Effect<Records, ShopifyError>
  /** Records that are not whole yet though they do not change, and how they are read again. */
  readonly unfinished?: {
    /** Since when; null for a record that is whole. */
    readonly since: (record: RawRecord) => Waiting | null
    readonly again: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<RawRecord>, ShopifyError>
  }
  readonly toPage: (
    records: ReadonlyArray<RawRecord>,
    priority: Priority,
  ) => Effect.Effect<Page, ShopifyError, CurrentTenant>
}

export const overlapMillis = 600_000
/** Well below the 25,000 that one search may page through. */
const recordsPerSearch = 20_000

interface Position {
  readonly since: Instant.Instant
  readonly after: string | null
  /** Records that this search has brought. */
  readonly found: number
}

/** Nobody waits longer; and no more are remembered, the newest first. */
const patienceMillis = 26 * 3_600_000
const waitingMost = 5_000

/** Who is waited for after these records: those of them that are not whole, and those before that were not among them. */
export const stillWaiting = (
  before: ReadonlyArray<Waiting>,
  records: ReadonlyArray<RawRecord>,
  since: (record: RawRecord) => Waiting | null,
  now: Instant.Instant,
): ReadonlyArray<Waiting> => {
  const read = new Set(records.map(idOf))
  const all = [...before.filter(({ id }) => !read.has(id)), ...records.flatMap((record) => since(record) ?? [])]
  return all
    .filter(({ at }) => at > now - patienceMillis)
    .sort((left, right) => right.at - left.at)
    .slice(0, waitingMost)
}

export const increment = (
  { changes, job, toPage, unfinished }: Changing,
  begun: Increment,
): Stream.Stream<Page, ShopifyError, CurrentTenant> => {
  let state = begun
  const brought = Effect.fnUntraced(function* (records: ReadonlyArray<RawRecord>, watermark: Instant.Instant) {
    const waiting =
      unfinished === undefined ? [] : [...stillWaiting(state.waiting, records, unfinished.since, watermark)]
    state = { ...state, watermark, waiting }
    return inParts(yield* toPage(records, "increment"), { job, cursor: state })
  })
  const again = Stream.suspend(() =>
    unfinished === undefined || state.waiting.length === 0
      ? Stream.empty
      : Stream.fromIterableEffect(
          // They say nothing of what else has changed, so the watermark stays.
          Effect.flatMap(unfinished.again(state.waiting.map(({ id }) => id)), (records) =>
            brought(records, state.watermark),
          ),
        ),
  )
  const step = Effect.fnUntraced(function* ({ after, found, since }: Position) {
    const { next, records } = yield* changes(since, after)
    const parts = yield* brought(records, Math.max(state.watermark, newestOf(records) ?? state.watermark))
    if (next === null) return [parts, Option.none<Position>()] as const
    const total = found + records.length
    // A search that begins at the newest change shows that change again, which does no harm.
    const position: Position =
      total >= recordsPerSearch && state.watermark > since
        ? { since: state.watermark, after: null, found: 0 }
        : { since, after: next, found: total }
    return [parts, Option.some(position)] as const
  })
  const begin: Position = { since: begun.watermark - overlapMillis, after: null, found: 0 }
  return Stream.concat(again, Stream.paginate(begin, step))
}
