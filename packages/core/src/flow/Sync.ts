/**
 * First stage: facts come in, by pulling a source or by reading what its webhooks announced.
 *
 * Promises: a page and the checkpoint after it are stored together, so that an interrupted sync neither loses nor repeats;
 * a record that cannot be understood is parked with its place and reason and the others go on; a message is settled only
 * after what it stands for was stored.
 */
import { Clock, Effect, Stream } from "effect"
import type { Page, Pull, Rejected, Source, SourceError } from "../connector/FactSource.ts"
import { Inbox, type InboxError } from "../connector/Inbox.ts"
import { FactLog, type FactLogError } from "../fact/FactLog.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import * as Progress from "./Progress.ts"

export interface Synced {
  readonly source: string
  readonly label: string
  readonly recorded: number
  readonly duplicates: number
  readonly rejected: ReadonlyArray<Rejected>
}

export type SyncError = SourceError | FactLogError | InboxError
export type SyncNeeds = FactLog | Inbox | CurrentTenant

/** After this many attempts a message that its platform cannot explain is parked. */
const attemptsMax = 5
const rowsPerRead = 200

/** Pulls everything that is newer than the checkpoints of a source. */
export const pullAll = (source: Source): Effect.Effect<ReadonlyArray<Synced>, SyncError, SyncNeeds> =>
  Effect.forEach(source.pulls, (pull) => pullOne(source, pull))

/** Pulls one part of a source from its checkpoint on. */
export const pullOne = Effect.fn("Sync.pullOne")(function* (source: Source, pull: Pull): Effect.fn.Return<Synced, SyncError, SyncNeeds> {
  const log = yield* FactLog
  const cursor = yield* log.checkpoint(pull.job)
  const start: Synced = { source: source.name, label: pull.label, recorded: 0, duplicates: 0, rejected: [] }
  return yield* Stream.runFoldEffect(
    pull.pages(cursor ?? null),
    () => start,
    Effect.fnUntraced(function* (total: Synced, page: Page) {
      const stored = yield* store(source, page)
      const next = {
        ...total,
        recorded: total.recorded + stored.recorded,
        duplicates: total.duplicates + stored.duplicates,
        rejected: [...total.rejected, ...page.rejected],
      }
      yield* Progress.report({ stage: `${source.name} ${pull.label}`, done: next.recorded + next.duplicates, unit: "facts" })
      return next
    }),
  )
})

const store = Effect.fnUntraced(function* (source: Source, page: Page) {
  const log = yield* FactLog
  const inbox = yield* Inbox
  const now = yield* Clock.currentTimeMillis
  const rejected = page.rejected.map(({ place }) => ({
    source: source.name,
    eventKey: `record ${place}`,
    topic: "record",
    receivedAt: now,
    body: new Uint8Array(),
  }))
  if (rejected.length > 0) yield* inbox.accept(rejected)
  yield* Effect.forEach(page.rejected, ({ place, reason }) => inbox.park(source.name, `record ${place}`, reason), { discard: true })
  return yield* log.append(page)
})

export interface Received {
  readonly source: string
  readonly messages: number
  readonly recorded: number
  readonly parked: number
}

/** Works through the inbox of a source until it is empty. */
export const receiveAll = Effect.fn("Sync.receiveAll")(function* (source: Source): Effect.fn.Return<Received, SyncError, SyncNeeds> {
  const inbox = yield* Inbox
  let total: Received = { source: source.name, messages: 0, recorded: 0, parked: 0 }
  for (;;) {
    const rows = yield* inbox.claim(source.name, rowsPerRead)
    if (rows.length === 0) return total
    const tired = rows.filter(({ attempts }) => attempts > attemptsMax)
    yield* Effect.forEach(tired, ({ eventKey }) => inbox.park(source.name, eventKey, `not understood in ${attemptsMax} attempts`), { discard: true })
    const fresh = rows.filter(({ attempts }) => attempts <= attemptsMax)
    const { page, parked } = yield* source.read(fresh)
    const stored = yield* store(source, page)
    yield* inbox.settle(source.name, fresh.map(({ eventKey }) => eventKey).filter((key) => !parked.has(key)))
    yield* Effect.forEach([...parked], ([eventKey, reason]) => inbox.park(source.name, eventKey, reason), { discard: true })
    total = {
      ...total,
      messages: total.messages + rows.length,
      recorded: total.recorded + stored.recorded,
      parked: total.parked + parked.size + tired.length,
    }
    yield* Progress.report({ stage: `${source.name} webhooks`, done: total.messages, unit: "messages" })
  }
})
