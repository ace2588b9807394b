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
import type { RawRecord } from "./Reading.ts"
import type { ShopifyError } from "./ShopifyError.ts"

export const Increment = z.object({ phase: z.literal("increment"), watermark: z.int() })
export type Increment = z.output<typeof Increment>

/** One page of records, and where the next begins. */
export interface Records {
  readonly records: ReadonlyArray<RawRecord>
  readonly next: string | null
}

export interface Changing {
  readonly job: string
  /** Records that changed at `since` or later, in the order of their changes. */
  readonly changes: (since: Instant.Instant, after: string | null) => Effect.Effect<Records, ShopifyError>
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

export const increment = (
  { changes, job, toPage }: Changing,
  watermark: Instant.Instant,
): Stream.Stream<Page, ShopifyError, CurrentTenant> => {
  let newest = watermark
  const begin: Position = { since: watermark - overlapMillis, after: null, found: 0 }
  const step = Effect.fnUntraced(function* ({ after, found, since }: Position) {
    const { next, records } = yield* changes(since, after)
    newest = Math.max(newest, newestOf(records) ?? newest)
    const page = yield* toPage(records, "increment")
    const cursor: Increment = { phase: "increment", watermark: newest }
    const parts = inParts(page, { job, cursor })
    if (next === null) return [parts, Option.none<Position>()] as const
    const total = found + records.length
    // A search that begins at the newest change shows that change again, which does no harm.
    const position: Position =
      total >= recordsPerSearch && newest > since
        ? { since: newest, after: null, found: 0 }
        : { since, after: next, found: total }
    return [parts, Option.some(position)] as const
  })
  return Stream.paginate(begin, step)
}
