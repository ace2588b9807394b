/**
 * A pull that reads the whole history once, by bulk operations over slices of time, and from then on what has changed.
 *
 * Promises: every slice is stored before the next one, each page with how far we are, so that an interrupted import goes on
 * in the same result where the last stored page ended. Increments begin where the shop stood before the first slice was
 * asked for, so that nothing changed meanwhile is missed. A slice that fails is cut and tried again, and read by pages in
 * the end (`HistorySlices`).
 */
import type { Page, Pull, SourceError } from "@advocacy-kit/core/connector/FactSource"
import type * as Instant from "@advocacy-kit/core/id/Instant"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Option, Schedule, Stream } from "effect"
import { z } from "zod"
import * as BulkOperation from "./BulkOperation.ts"
import * as BulkResult from "./BulkResult.ts"
import { inParts } from "./HistoryPage.ts"
import * as HistorySlices from "./HistorySlices.ts"
import { beginning, type Changing, increment, Increment, type Records } from "./IncrementPull.ts"
import { nothing, type RawRecord } from "./Reading.ts"
import type { ShopifyClient } from "./ShopifyClient.ts"
import { Malformed, ShopifyError, toSourceError } from "./ShopifyError.ts"

type Client = ShopifyClient["Service"]
type Slice = HistorySlices.Slice
type Slices = HistorySlices.Slices
type Pages = Stream.Stream<Page, ShopifyError, CurrentTenant>

/** When records came to be; an end of null has none. */
export interface Window {
  readonly from: Instant.Instant
  readonly until: Instant.Instant | null
}

/** How the records of a history are reached: by slices of time, or all at once where their creation cannot be searched. */
export type Reach =
  | {
      readonly by: "slices"
      /** null: there is nothing. */
      readonly span: Effect.Effect<HistorySlices.Span | null, ShopifyError>
      readonly bulkQuery: (window: Window) => string
      /** Records of a slice in the order in which they came to be. */
      readonly created: (window: Window, after: string | null) => Effect.Effect<Records, ShopifyError>
    }
  | {
      readonly by: "whole"
      readonly changedAt: Effect.Effect<Instant.Instant | null, ShopifyError>
      readonly bulkQuery: string
    }

export interface History extends Changing {
  readonly label: string
  readonly reach: Reach
}

const Cursor = z.discriminatedUnion("phase", [HistorySlices.Slices, Increment])

const recordsPerPage = 500

/** What is to be stored, and how far we are once it is. */
type Told = readonly [Page, Slices]
type Telling = Stream.Stream<Told, ShopifyError, CurrentTenant>

const isFailed = (error: ShopifyError): boolean => error.reason._tag === "BulkFailed" && error.isRetryable

/** A download that broke off, or that was cut: the file is still there. */
const twiceMore = Schedule.exponential("1 second").pipe(Schedule.upTo({ times: 2 }))

const chunks = <Item>(items: ReadonlyArray<Item>, size: number): ReadonlyArray<ReadonlyArray<Item>> =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))

/** Records become pages, and are counted as done. */
const stored = (
  history: History,
  before: Slices,
  parts: Stream.Stream<ReadonlyArray<RawRecord>, ShopifyError>,
): Telling => {
  let state = before
  return parts.pipe(
    Stream.mapEffect((records) =>
      Effect.map(history.toPage(records, "backfill"), (page): Told => {
        state = { ...state, done: state.done + records.length }
        return [page, state]
      }),
    ),
  )
}

/** The first slice by its bulk operation. */
const byBulk = (client: Client, history: History, state: Slices, operation: string): Telling =>
  Stream.unwrap(
    Effect.gen(function* () {
      const result = yield* BulkOperation.result(client, operation)
      const finished = Stream.sync((): Told => [nothing, HistorySlices.finished(state)])
      if (history.reach.by === "whole") {
        const parts = BulkResult.flat(client, result, state.done).pipe(
          Stream.flattenIterable,
          Stream.grouped(recordsPerPage),
        )
        return Stream.concat(stored(history, state, parts), finished)
      }
      if (result.objectCount > HistorySlices.linesMost)
        return Stream.make<[Told]>([nothing, HistorySlices.tooLarge(state)])
      const records = yield* Effect.retry(BulkResult.joined(client, result), {
        schedule: twiceMore,
        while: (error) => error.isRetryable,
      })
      const parts = Stream.fromIterable(chunks(records.slice(state.done), recordsPerPage))
      return Stream.concat(stored(history, state, parts), finished)
    }),
  )

/** The first slice by pages; a history without slices is left to the increment, from its very beginning. */
const byPages = (history: History, state: Slices, slice: Slice): Telling => {
  const { reach } = history
  const finished = HistorySlices.finished(state)
  if (reach.by === "whole") return Stream.make<[Told]>([nothing, { ...finished, watermark: 0 }])
  return Stream.paginate(state.after, (after) =>
    Effect.gen(function* () {
      const { next, records } = yield* reach.created(slice, after)
      const page = yield* history.toPage(records, "backfill")
      const told: Told = [page, next === null ? finished : { ...state, after: next }]
      return [[told], Option.fromNullishOr(next)] as const
    }),
  )
}

const readSlice = (client: Client, history: History, state: Slices, slice: Slice): Telling =>
  slice.operation === null
    ? byPages(history, state, slice)
    : byBulk(client, history, state, slice.operation).pipe(
        Stream.catchIf(isFailed, () => Stream.make<[Told]>([nothing, HistorySlices.failed(state)])),
      )

/** Starts as many slices as the shop has room for, the first in any case. */
const startSlices = (client: Client, { reach }: History, before: Slices): Effect.Effect<Slices, ShopifyError> =>
  Effect.gen(function* () {
    let state = HistorySlices.cut(before)
    for (const [at, slice] of state.slices.slice(0, HistorySlices.atOnce).entries()) {
      if (slice.operation !== null || HistorySlices.isByPages(slice)) continue
      const query = reach.by === "slices" ? reach.bulkQuery(slice) : reach.bulkQuery
      const start = at === 0 ? BulkOperation.startWhenFree : BulkOperation.start
      const operation = yield* start(client, query)
      if (operation === null) break
      state = HistorySlices.started(state, at, operation)
    }
    return state
  })

const isOver = ({ next, slices }: Slices): boolean => slices.length === 0 && next === null

const cursorOf = (state: Slices): z.output<typeof Cursor> => (isOver(state) ? beginning(state.watermark) : state)

/** Everything that is left, slice by slice, and then what changed meanwhile. */
const slices = (client: Client, history: History, begin: Slices): Pages => {
  let state = begin
  const next = Effect.gen(function* () {
    if (isOver(state)) return [[], Option.none<null>()] as const
    const started = yield* startSlices(client, history, state)
    const [first] = started.slices
    if (first === undefined) return [[], Option.none<null>()] as const
    // The operations are remembered before anything is waited for.
    const telling = Stream.concat(Stream.make<[Told]>([nothing, started]), readSlice(client, history, started, first))
    return [[telling], Option.some(null)] as const
  })
  const pages = Stream.paginate(null, () => next).pipe(
    Stream.flatMap((telling) => telling),
    Stream.map(([page, after]) => {
      state = after
      return inParts(page, { job: history.job, cursor: cursorOf(after) })
    }),
    Stream.flattenIterable,
  )
  return Stream.concat(
    pages,
    Stream.suspend(() => increment(history, beginning(state.watermark))),
  )
}

const fromBeginning = (client: Client, history: History): Pages =>
  Stream.unwrap(
    Effect.gen(function* () {
      const { reach } = history
      if (reach.by === "slices") {
        const span = yield* reach.span
        return span === null ? increment(history, beginning(0)) : slices(client, history, HistorySlices.begin(span))
      }
      const changedAt = yield* reach.changedAt
      return changedAt === null
        ? increment(history, beginning(0))
        : slices(client, history, HistorySlices.whole(changedAt))
    }),
  )

const from = (client: Client, history: History, cursor: unknown): Pages => {
  if (cursor === null || cursor === undefined) return fromBeginning(client, history)
  const read = Cursor.safeParse(cursor)
  if (!read.success) {
    const reason = new Malformed({
      detail: `the checkpoint of ${history.job} is not one of this release; delete it to read the history again`,
    })
    return Stream.fail(new ShopifyError({ operation: history.job, reason }))
  }
  return read.data.phase === "increment" ? increment(history, read.data) : slices(client, history, read.data)
}

export const pull = (client: Client, history: History): Pull => ({
  job: history.job,
  label: history.label,
  pages: (cursor): Stream.Stream<Page, SourceError, CurrentTenant> =>
    from(client, history, cursor).pipe(Stream.mapError(toSourceError)),
})
