/**
 * A pull that reads the whole history once, by a bulk operation, and from then on what has changed.
 *
 * Promises: the watermark moves only when everything up to it was handed on; it never passes the start of the bulk
 * operation, so that nothing changed meanwhile is missed; an interrupted bulk goes on in the same result. Pages hold at
 * most 1,000 facts.
 */
import type { Page, Pull, SourceError } from "@advocacy-kit/core/connector/FactSource"
import * as Instant from "@advocacy-kit/core/id/Instant"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Option, Stream } from "effect"
import { z } from "zod"
import * as BulkOperation from "./BulkOperation.ts"
import type { RawRecord } from "./Reading.ts"
import type { ShopifyClient } from "./ShopifyClient.ts"
import { Malformed, ShopifyError, toSourceError } from "./ShopifyError.ts"

/** One page of changed records, oldest first, and where the next begins. */
export interface Changes {
  readonly records: ReadonlyArray<RawRecord>
  readonly next: string | null
}

export interface History {
  readonly job: string
  readonly label: string
  readonly bulkQuery: string
  /** Records that changed at `since` or later, page by page. */
  readonly changes: (since: Instant.Instant, after: string | null) => Effect.Effect<Changes, ShopifyError>
  readonly toPage: (records: ReadonlyArray<RawRecord>) => Effect.Effect<Page, ShopifyError, CurrentTenant>
}

const Cursor = z.discriminatedUnion("phase", [
  z.object({ phase: z.literal("bulk"), operation: z.string(), done: z.int() }),
  z.object({ phase: z.literal("increment"), watermark: z.int() }),
])
type Cursor = z.output<typeof Cursor>

/** Changes may become visible late, and clocks differ: we look back this far. */
export const overlapMillis = 600_000
const recordsPerPage = 500
const factsPerPage = 1000

const Stamped = z.object({ updatedAt: z.iso.datetime({ offset: true }) })
export const changedAt = ({ record }: RawRecord): Instant.Instant | undefined => {
  const read = Stamped.safeParse(record)
  return read.success ? Instant.fromIso(read.data.updatedAt) : undefined
}

const newestOf = (records: ReadonlyArray<RawRecord>): Instant.Instant | undefined =>
  records.reduce<number | undefined>((newest, record) => {
    const at = changedAt(record)
    return at === undefined || (newest !== undefined && newest >= at) ? newest : at
  }, undefined)

/** The page in parts of at most 1,000 facts; the checkpoint comes with the last one. */
const inParts = (page: Page, job: string, cursor: Cursor | undefined): ReadonlyArray<Page> => {
  const parts: Array<Page> = []
  for (let from = 0; from === 0 || from < page.facts.length; from += factsPerPage) {
    const isFirst = from === 0
    parts.push({
      facts: page.facts.slice(from, from + factsPerPage),
      personal: isFirst ? page.personal : [],
      rejected: isFirst ? page.rejected : [],
      ...(cursor !== undefined && from + factsPerPage >= page.facts.length ? { checkpoint: { job, cursor } } : {}),
    })
  }
  return parts
}

type Pages = Stream.Stream<Page, ShopifyError, CurrentTenant>

const increment = (history: History, watermark: Instant.Instant): Pages => {
  let newest = watermark
  return Stream.paginate(null as string | null, (after) =>
    Effect.gen(function* () {
      const { next, records } = yield* history.changes(watermark - overlapMillis, after)
      newest = Math.max(newest, newestOf(records) ?? newest)
      const page = yield* history.toPage(records)
      const done: Cursor | undefined = next === null ? { phase: "increment", watermark: newest } : undefined
      return [inParts(page, history.job, done), Option.fromNullishOr(next)] as const
    }),
  )
}

const chunks = <Item>(items: ReadonlyArray<Item>, size: number): ReadonlyArray<ReadonlyArray<Item>> =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))

const bulk = (client: ShopifyClient["Service"], history: History, operation: string, done: number): Pages =>
  Stream.unwrap(
    Effect.gen(function* () {
      const result = yield* BulkOperation.result(client, operation)
      const records = yield* BulkOperation.records(client, result)
      const watermark = Math.min(newestOf(records) ?? result.startedAt, result.startedAt)
      const parts = chunks(records.slice(done), recordsPerPage)
      const pages = Stream.fromIterable(parts.entries()).pipe(
        Stream.mapEffect(([at, part]) =>
          Effect.map(history.toPage(part), (page) => {
            const cursor: Cursor =
              at === parts.length - 1
                ? { phase: "increment", watermark }
                : { phase: "bulk", operation, done: done + (at + 1) * recordsPerPage }
            return inParts(page, history.job, cursor)
          }),
        ),
        Stream.flatMap(Stream.fromIterable),
      )
      return Stream.concat(pages, increment(history, watermark))
    }),
  )

const fromBeginning = (client: ShopifyClient["Service"], history: History): Pages =>
  Stream.unwrap(
    Effect.map(BulkOperation.start(client, history.bulkQuery), (operation) => {
      const begun: Page = {
        facts: [],
        personal: [],
        rejected: [],
        checkpoint: { job: history.job, cursor: { phase: "bulk", operation, done: 0 } },
      }
      return Stream.concat(Stream.make(begun), bulk(client, history, operation, 0))
    }),
  )

const from = (client: ShopifyClient["Service"], history: History, cursor: unknown): Pages => {
  if (cursor === null || cursor === undefined) return fromBeginning(client, history)
  const read = Cursor.safeParse(cursor)
  if (!read.success) {
    const reason = new Malformed({
      detail: `the checkpoint of ${history.job} is not one of this release; delete it to read the history again`,
    })
    return Stream.fail(new ShopifyError({ operation: history.job, reason }))
  }
  if (read.data.phase === "increment") return increment(history, read.data.watermark)
  // A result lives for seven days; when it is gone the history is read again.
  return bulk(client, history, read.data.operation, read.data.done).pipe(
    Stream.catchIf(
      (error) => error.reason._tag === "BulkFailed" && error.isRetryable,
      () => fromBeginning(client, history),
    ),
  )
}

export const pull = (client: ShopifyClient["Service"], history: History): Pull => ({
  job: history.job,
  label: history.label,
  pages: (cursor): Stream.Stream<Page, SourceError, CurrentTenant> =>
    from(client, history, cursor).pipe(Stream.mapError(toSourceError)),
})
