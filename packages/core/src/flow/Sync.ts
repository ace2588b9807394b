/**
 * First stage: facts come in, by pulling a source or by reading what its webhooks announced.
 *
 * Promises: a page and the checkpoint after it are stored together, so that an interrupted sync neither loses nor repeats;
 * a record that cannot be understood is parked with its place and reason and the others go on; a message is settled only
 * after what it stands for was stored.
 */
import { Clock, Effect, Option, Stream } from "effect"
import {
  SourceError,
  type ErasureAsked,
  type Page,
  type Pull,
  type Rejected,
  type Source,
} from "../connector/FactSource.ts"
import { Inbox, type InboxError, type InboxRow } from "../connector/Inbox.ts"
import { Erasure } from "../fact/Erasure.ts"
import { FactLog, type Appended, type FactLogError } from "../fact/FactLog.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import * as Progress from "./Progress.ts"

export interface Synced {
  readonly source: string
  readonly label: string
  readonly recorded: number
  readonly duplicates: number
  readonly rejected: ReadonlyArray<Rejected>
  /** What the platform does not show, so that nobody takes a part for the whole. */
  readonly caveats: ReadonlyArray<string>
  /** Why nothing was pulled, though nothing failed. */
  readonly stopped?: string
}

export type SyncError = SourceError | FactLogError | InboxError
export type SyncNeeds = FactLog | Inbox | CurrentTenant

const rowsPerRead = 200

/** Pulls everything that is newer than the checkpoints of a source; of one that is stopped it says why. */
export const pullAll = Effect.fnUntraced(function* (
  source: Source,
): Effect.fn.Return<ReadonlyArray<Synced>, SyncError, SyncNeeds> {
  const stopped = yield* source.stopped ?? Effect.succeed(null)
  if (stopped === null) return yield* Effect.forEach(source.pulls, (pull) => pullOne(source, pull))
  return source.pulls.map(({ label }) => ({
    source: source.name,
    label,
    recorded: 0,
    duplicates: 0,
    rejected: [],
    caveats: [],
    stopped,
  }))
})

/** Pulls one part of a source from its checkpoint on. */
export const pullOne = Effect.fn("Sync.pullOne")(function* (
  source: Source,
  pull: Pull,
): Effect.fn.Return<Synced, SyncError, SyncNeeds> {
  const log = yield* FactLog
  const cursor = yield* log.checkpoint(pull.job)
  const start: Synced = {
    source: source.name,
    label: pull.label,
    recorded: 0,
    duplicates: 0,
    rejected: [],
    caveats: [],
  }
  return yield* Stream.runFoldEffect(
    pull.pages(cursor ?? null),
    () => start,
    Effect.fnUntraced(function* (total: Synced, page: Page) {
      const stored = yield* storePage(source, page)
      const next = {
        ...total,
        recorded: total.recorded + stored.recorded,
        duplicates: total.duplicates + stored.duplicates,
        rejected: [...total.rejected, ...stored.rejected],
        caveats: [...new Set([...total.caveats, ...(page.caveats ?? [])])],
      }
      yield* Progress.report({
        stage: `${source.name} ${pull.label}`,
        done: next.recorded + next.duplicates,
        unit: "facts",
      })
      return next
    }),
  )
})

/** Stores a page; a fact that cannot be stored is taken out and rejected, so that it does not hold up the others. */
export const storePage = (
  source: Pick<Source, "name">,
  page: Page,
): Effect.Effect<Stored, FactLogError | InboxError, SyncNeeds> =>
  Effect.gen(function* () {
    const log = yield* FactLog
    yield* park(source.name, page.rejected)
    const appended = yield* log.append(page)
    return { ...appended, rejected: page.rejected }
  }).pipe(
    Effect.catchTag("FactLogError", (error) => {
      const { reason } = error
      if (reason._tag !== "Unstorable" || !page.facts.some(({ key }) => key === reason.key)) return Effect.fail(error)
      const facts = page.facts.filter(({ key }) => key !== reason.key)
      return storePage(source, {
        ...page,
        facts,
        rejected: [...page.rejected, { place: reason.key, reason: reason.remedy }],
      })
    }),
  )

interface Stored extends Appended {
  readonly rejected: ReadonlyArray<Rejected>
}

/** What a rejected record is called among the messages. */
export const parkedKey = (place: string): string => `record ${place}`

/** Keeps rejected records where a human finds them, beside the messages that could not be read. */
export const park = Effect.fnUntraced(function* (source: string, rejected: ReadonlyArray<Rejected>) {
  if (rejected.length === 0) return
  const inbox = yield* Inbox
  const receivedAt = yield* Clock.currentTimeMillis
  yield* inbox.accept(
    rejected.map((one) => ({
      source,
      eventKey: parkedKey(one.place),
      topic: "record",
      receivedAt,
      body: new Uint8Array(),
    })),
  )
  yield* inbox.park(source, new Map(rejected.map(({ place, reason }) => [parkedKey(place), reason])))
})

export interface Received {
  readonly source: string
  readonly messages: number
  readonly recorded: number
  readonly parked: number
}

type Reading = Effect.Success<ReturnType<Source["read"]>>

const nothing: Reading = { page: { facts: [], personal: [], rejected: [] }, parked: new Map() }

const both = (left: Reading, right: Reading): Reading => ({
  page: {
    facts: [...left.page.facts, ...right.page.facts],
    personal: [...left.page.personal, ...right.page.personal],
    rejected: [...left.page.rejected, ...right.page.rejected],
  },
  parked: new Map([...left.parked, ...right.parked]),
  erase: [...(left.erase ?? []), ...(right.erase ?? [])],
})

/**
 * Reads messages together; where that fails for good, halves of them, until the one that cannot be read stands alone and is
 * parked. A platform that is only away for now fails the stage instead, so that nothing is parked for an outage.
 */
const readOrPark = (
  source: Source,
  rows: ReadonlyArray<InboxRow>,
): Effect.Effect<Reading, SourceError, CurrentTenant> =>
  source.read(rows).pipe(
    Effect.catchDefect((cause) =>
      Effect.fail(
        new SourceError({
          source: source.name,
          operation: "read messages",
          message: "the connector failed on it",
          remedy: "report the topic",
          isRetryable: false,
          cause,
        }),
      ),
    ),
    Effect.catch((error) => {
      const [first] = rows
      if (error.isRetryable || first === undefined) return Effect.fail(error)
      if (rows.length === 1)
        return Effect.succeed({
          ...nothing,
          parked: new Map([[first.eventKey, `${error.operation}: ${error.message}`]]),
        })
      const half = Math.ceil(rows.length / 2)
      return Effect.zipWith(readOrPark(source, rows.slice(0, half)), readOrPark(source, rows.slice(half)), both)
    }),
  )

/** Erases whom the platform asks to erase; answers the messages that wait for a human, because these stores cannot. */
const eraseAll = Effect.fnUntraced(function* (source: Source, asked: ReadonlyArray<ErasureAsked>) {
  if (asked.length === 0) return new Map<string, string>()
  const erasure = yield* Effect.serviceOption(Erasure)
  if (Option.isNone(erasure)) {
    return new Map(asked.map(({ eventKey, reason }) => [eventKey, `${reason}: run \`advocacy erase\` for this person`]))
  }
  for (const { at, handles, reason } of asked) yield* erasure.value.erase({ handles, at, by: source.name, reason })
  return new Map<string, string>()
})

/** Works through the inbox of a source until it is empty. */
export const receiveAll = Effect.fn("Sync.receiveAll")(function* (
  source: Source,
): Effect.fn.Return<Received, SyncError, SyncNeeds> {
  const inbox = yield* Inbox
  let total: Received = { source: source.name, messages: 0, recorded: 0, parked: 0 }
  for (;;) {
    const rows = yield* inbox.claim(source.name, rowsPerRead)
    if (rows.length === 0) return total
    const reading = yield* readOrPark(source, rows)
    const stored = yield* storePage(source, reading.page)
    const parked = new Map([...reading.parked, ...(yield* eraseAll(source, reading.erase ?? []))])
    yield* inbox.settle(
      source.name,
      rows.map(({ eventKey }) => eventKey).filter((key) => !parked.has(key)),
    )
    yield* inbox.park(source.name, parked)
    total = {
      ...total,
      messages: total.messages + rows.length,
      recorded: total.recorded + stored.recorded,
      parked: total.parked + parked.size,
    }
    yield* Progress.report({ stage: `${source.name} webhooks`, done: total.messages, unit: "messages" })
  }
})
