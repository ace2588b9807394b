/**
 * All records of one type, once, and from then on what changed: pages with the cursor after each.
 *
 * Promises: first the list by id (the search cannot enumerate a portal), then searches over a fixed window, sorted by id and
 * continued by id, so that neither equal timestamps nor the cap of 10,000 results lose anything. The watermark is
 * HubSpot's own time of change, never our clock, and lies behind until late-indexed rows must have appeared. Deletions
 * do not show here.
 */
import { Clock, Effect, Option, Stream } from "effect"
import { z } from "zod"
import { SourceError } from "@advocacy-kit/core/connector/FactSource"
import type { HubSpotClient } from "./HubSpotClient.ts"
import * as HubSpotError from "./HubSpotError.ts"
import * as ObjectReader from "./ObjectReader.ts"
import { parseInstant } from "./RecordFacts.ts"
import { CrmRecord } from "./wire/Record.ts"

/** A record may become searchable this much later than it changed. */
const overlapMillis = 10 * 60_000
/** The newest changes are left for the next time: the index is still filling up. */
const lagMillis = 30_000
/** HubSpot did not exist before 2006: nothing can have changed earlier. */
const earliest = Date.UTC(2006, 0, 1)

const Id = z.string().regex(/^\d{1,30}$/)
const Scanning = z.object({
  phase: z.literal("scan"),
  startedAt: z.number(),
  after: z.string().nullable(),
  newest: z.number().nullable(),
})
const Following = z.object({
  phase: z.literal("changes"),
  /** The newest change that has been read. */
  watermark: z.number(),
  /** By our clock, when the watermark was reached. */
  reachedAt: z.number(),
  /** Everything up to the watermark has had the time to appear. */
  settled: z.boolean(),
  window: z
    .object({ from: z.number(), to: z.number(), lastId: Id, newest: z.number().nullable(), openedAt: z.number() })
    .nullable(),
})
export const Cursor = z.discriminatedUnion("phase", [Scanning, Following])
export type Cursor = z.output<typeof Cursor>
type Scanning = z.output<typeof Scanning>
type Following = z.output<typeof Following>

export interface ScanPage {
  readonly found: ReadonlyArray<ObjectReader.Found>
  /** Where to go on after this page. */
  readonly cursor: Cursor
}

const changedAt = (raw: unknown): number | null => {
  const record = CrmRecord.safeParse(raw)
  if (!record.success) return null
  try {
    return parseInstant(record.data.updatedAt, "updatedAt")
  } catch {
    return null
  }
}

const newestOf = (known: number | null, found: ReadonlyArray<ObjectReader.Found>): number | null =>
  found.reduce<number | null>((newest, { raw }) => {
    const at = changedAt(raw)
    return at === null || (newest !== null && newest >= at) ? newest : at
  }, known)

/** After the scan: from the newest change seen, but nothing after the scan began counts as seen. */
export const followFrom = (scan: Scanning, now: number): Following => ({
  phase: "changes",
  watermark: scan.newest === null ? earliest : Math.min(scan.newest, scan.startedAt),
  reachedAt: now,
  settled: false,
  window: null,
})

/** The next window, or null when nothing in it can be new yet. */
export const openWindow = (cursor: Following, now: number): NonNullable<Following["window"]> | null => {
  const from = cursor.settled ? cursor.watermark + 1 : Math.max(earliest, cursor.watermark - overlapMillis)
  const to = now - lagMillis
  return to < from || to <= cursor.watermark ? null : { from, to, lastId: "0", newest: null, openedAt: now }
}

/** The cursor when a window has been read to its end. */
export const closeWindow = (cursor: Following, window: NonNullable<Following["window"]>): Following => {
  if (window.newest !== null && window.newest > cursor.watermark) {
    return { phase: "changes", watermark: window.newest, reachedAt: window.openedAt, settled: false, window: null }
  }
  return { ...cursor, settled: cursor.settled || window.openedAt - cursor.reachedAt > overlapMillis, window: null }
}

const isAbove = (left: string, right: string): boolean => BigInt(left) > BigInt(right)

const scanStep = Effect.fnUntraced(function* (shape: ObjectReader.RecordShape, cursor: Scanning) {
  const { found, next } = yield* ObjectReader.listPage(shape, cursor.after)
  const seen = { ...cursor, newest: newestOf(cursor.newest, found) }
  const now = yield* Clock.currentTimeMillis
  return { found, cursor: next === null ? followFrom(seen, now) : { ...seen, after: next } } satisfies ScanPage
})

const changesStep = Effect.fnUntraced(function* (
  shape: ObjectReader.RecordShape,
  cursor: Following,
  window: NonNullable<Following["window"]>,
) {
  const found = yield* ObjectReader.searchPage(shape, window)
  const newest = newestOf(window.newest, found)
  const lastId = found.reduce(
    (last, { id }) => (id !== null && /^\d+$/.test(id) && isAbove(id, last) ? id : last),
    window.lastId,
  )
  if (found.length > 0 && lastId === window.lastId) {
    const reason = new HubSpotError.Unreadable({ problem: `a search beyond id ${window.lastId} gave no greater id` })
    return yield* new HubSpotError.HubSpotError({ operation: `search ${shape.type}`, reason, correlationId: null })
  }
  const read = { ...window, newest, lastId }
  const isLast = found.length < ObjectReader.searchSize
  return { found, cursor: isLast ? closeWindow(cursor, read) : { ...cursor, window: read } } satisfies ScanPage
})

type Step = readonly [ReadonlyArray<ScanPage>, Option.Option<Cursor>]

const step = Effect.fnUntraced(function* (shape: ObjectReader.RecordShape, cursor: Cursor) {
  if (cursor.phase === "scan") {
    const page: ScanPage = yield* scanStep(shape, cursor)
    return [[page], Option.some(page.cursor)] satisfies Step
  }
  const window = cursor.window ?? openWindow(cursor, yield* Clock.currentTimeMillis)
  if (window === null) return [[], Option.none()] satisfies Step
  const page: ScanPage = yield* changesStep(shape, cursor, window)
  const goesOn = page.cursor.phase === "changes" && page.cursor.window !== null
  return [[page], goesOn ? Option.some(page.cursor) : Option.none()] satisfies Step
})

/** Right after a scan, changes are followed only when it took so long that some can be searched for already. */
const isWorthFollowing = (cursor: Cursor, startedAt: number, now: number): boolean =>
  cursor.phase === "scan" || now - lagMillis > startedAt

const unknownCursor = (type: string, problem: string): SourceError =>
  new SourceError({
    source: "hubspot",
    operation: `go on with ${type}`,
    message: `The stored position of hubspot:${type} cannot be read: ${problem}`,
    remedy: "It was written by another version: remove this job's checkpoint, and the next run reads everything again.",
    isRetryable: false,
  })

const start = (type: string, cursor: unknown): Effect.Effect<Cursor, SourceError> => {
  if (cursor === null || cursor === undefined) {
    return Effect.map(Clock.currentTimeMillis, (startedAt) => ({ phase: "scan", startedAt, after: null, newest: null }))
  }
  const parsed = Cursor.safeParse(cursor)
  return parsed.success
    ? Effect.succeed(parsed.data)
    : Effect.fail(unknownCursor(type, `${parsed.error.issues[0]?.path.join(".") || "phase"} is wrong`))
}

/** Pages from `cursor` on (null: from the beginning); ends when there is nothing newer to be seen. */
export const pages = (
  shape: ObjectReader.RecordShape,
  cursor: unknown,
): Stream.Stream<ScanPage, SourceError, HubSpotClient> =>
  Stream.unwrap(
    Effect.map(start(shape.type, cursor), (first) =>
      Stream.paginate(first, (at: Cursor) =>
        Effect.gen(function* () {
          const [page, next] = yield* step(shape, at)
          if (at.phase !== "scan" || Option.isNone(next)) return [page, next] satisfies Step
          const now = yield* Clock.currentTimeMillis
          return [page, isWorthFollowing(next.value, at.startedAt, now) ? next : Option.none()] satisfies Step
        }).pipe(Effect.mapError(HubSpotError.toSourceError)),
      ),
    ),
  )
