/**
 * One batch of effects that this worker holds under a lease: looked up where it was sent before, sent, and recorded.
 *
 * Promises: nothing is sent again that was not looked up first; nothing is sent or recorded for which another worker has
 * taken over; the lease is renewed while this worker lives. A request that the connector cannot make is tried in halves, so
 * that one effect that breaks it does not hold up the others; where nothing at all goes through, the platform is taken to be away.
 */
import { Clock, Effect, Result, Schedule } from "effect"
import { SourceError } from "../connector/FactSource.ts"
import { Fulfiller, type Found, type Outcome } from "../connector/Fulfiller.ts"
import { isTombstone } from "../id/Handle.ts"
import { Ledger, type LedgerError } from "../ledger/Ledger.ts"
import type { EffectKey, EffectRow, OutboundEffect, TakeBack } from "../ledger/OutboundEffect.ts"
import type { Change, Taken } from "../ledger/Outbox.ts"
import * as OutboxPlan from "../ledger/OutboxPlan.ts"
import { withdrawal } from "../reward/Fulfilment.ts"
import * as TakingBack from "../reward/TakingBack.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"

export interface Delivered {
  readonly confirmed: number
  readonly unknown: number
  readonly failed: number
  /** Of the unknown, those that wait for a human from now on. */
  readonly deadLetters: number
  /** Why the rest of the batch could not be sent: the platform is away. */
  readonly away: SourceError | null
}

/** The batch while it is worked through. */
interface Batch {
  readonly platform: string
  /** What has no outcome yet and is still ours. */
  readonly open: Map<EffectKey, EffectRow>
  /** Effects that the connector could not send even alone, and why. */
  readonly refused: Map<EffectKey, string>
  readonly count: { confirmed: number; unknown: number; failed: number; deadLetters: number }
  /** Whether a request of this batch went through. */
  reached: boolean
}

type Needs = Ledger | Fulfiller | CurrentTenant
type Done = Effect.Effect<void, LedgerError | SourceError, Needs>

const rewardsIn = (effects: ReadonlyArray<OutboundEffect>) => effects.filter((effect) => effect._tag === "IssueReward")

/** What the platform has given back by these changes. */
export const takenBackIn = (
  rows: ReadonlyArray<EffectRow>,
  changes: ReadonlyArray<Change>,
): ReadonlyArray<TakeBack> => {
  const confirmed = new Set(changes.filter(({ to }) => to === "confirmed").map(({ key }) => key))
  return rows.flatMap(({ effect }) => (effect._tag === "TakeBack" && confirmed.has(effect.key) ? [effect] : []))
}

/** Records outcomes, as far as the attempts are still ours. */
const settle = Effect.fnUntraced(function* (batch: Batch, outcomes: ReadonlyMap<EffectKey, Outcome>) {
  const ledger = yield* Ledger
  const at = yield* Clock.currentTimeMillis
  const rows = [...outcomes.keys()].flatMap((key) => batch.open.get(key) ?? [])
  if (rows.length === 0) return
  const changes = rows.map((row) => OutboxPlan.ended(row, outcomes.get(row.effect.key) ?? { state: "unknown" }, at))
  const failed = new Set(changes.filter(({ to }) => to === "failed").map(({ key }) => key))
  const takenBack = takenBackIn(rows, changes)
  const moved = yield* ledger.move({
    changes: [...changes, ...takenBack.map(TakingBack.undoing)],
    // A reward that was taken back was confirmed; its attempt is its own.
    from: takenBack.length === 0 ? ["sending"] : ["sending", "confirmed"],
    facts: (recorded) => ({
      facts: [
        ...rewardsIn(
          rows.flatMap(({ effect }) => (recorded.has(effect.key) && failed.has(effect.key) ? [effect] : [])),
        ).map(withdrawal),
        ...takenBack.filter(({ key }) => recorded.has(key)).map(TakingBack.withdrawalOf),
      ],
      personal: [],
    }),
  })
  for (const { dueAt, key, to } of changes) {
    batch.open.delete(key)
    if (!moved.has(key) || to === "planned" || to === "sending" || to === "undone") continue
    batch.count[to]++
    if (to === "unknown" && dueAt === null) batch.count.deadLetters++
  }
})

/** Renews the lease of `rows` and answers those that nobody else has taken; the others are no longer our business. */
const stillOurs = Effect.fnUntraced(function* (batch: Batch, rows: ReadonlyArray<EffectRow>) {
  if (rows.length === 0) return rows
  const ledger = yield* Ledger
  const dueAt = (yield* Clock.currentTimeMillis) + OutboxPlan.leaseMillis
  const ours = yield* ledger.move({
    changes: rows.map(({ attempts, effect }) => ({
      key: effect.key,
      attempt: attempts,
      to: "sending" as const,
      dueAt,
    })),
    from: ["sending"],
  })
  for (const { effect } of rows) if (!ours.has(effect.key)) batch.open.delete(effect.key)
  return rows.filter(({ effect }) => ours.has(effect.key))
})

/** What the connector dies of is told as an error that a retry does not help. */
const fault = (platform: string, cause: unknown): SourceError =>
  new SourceError({
    source: platform,
    operation: "hand over",
    message: "the connector failed on it",
    remedy: "report the kind of the effect",
    isRetryable: false,
    cause,
  })

/** Nothing is handed over any more to somebody who was erased; what had been sent before was looked up. */
const refuseErased = (batch: Batch, rows: ReadonlyArray<EffectRow>) =>
  settle(
    batch,
    new Map(
      rows
        .filter(({ effect }) => batch.open.has(effect.key) && isTombstone(effect.beneficiary))
        .map(({ effect }): [EffectKey, Outcome] => [
          effect.key,
          { state: "failed", reason: "whom it is for was erased" },
        ]),
    ),
  )

const endingOf = (found: Found): Outcome =>
  "reference" in found
    ? { state: "confirmed", reference: found.reference }
    : { state: "unknown", reason: found.unclear, isForHuman: true }

/** Looks up, sends the rest, and records both. */
const send = (batch: Batch, rows: ReadonlyArray<EffectRow>, lookFirst: boolean): Done =>
  Effect.gen(function* () {
    const fulfiller = yield* Fulfiller
    if (lookFirst) {
      const found = yield* fulfiller.find(rows.map(({ effect }) => effect))
      yield* settle(batch, new Map([...found].map(([key, one]) => [key, endingOf(one)])))
    }
    yield* refuseErased(batch, rows)
    const ours = yield* stillOurs(
      batch,
      rows.filter(({ effect }) => batch.open.has(effect.key)),
    )
    if (ours.length === 0) return
    const effects = ours.map(({ effect }) => effect)
    const outcomes = yield* fulfiller.issue(effects)
    batch.reached = true
    yield* settle(batch, new Map(effects.map(({ key }) => [key, outcomes.get(key) ?? { state: "unknown" }])))
  }).pipe(Effect.catchDefect((cause) => Effect.fail(fault(batch.platform, cause))))

/** Sends together what can be sent together. */
const deliver = (batch: Batch, rows: ReadonlyArray<EffectRow>, lookFirst: boolean): Done =>
  rows.length === 0
    ? Effect.void
    : send(batch, rows, lookFirst).pipe(
        Effect.catchTag("SourceError", (error): Done => {
          const open = rows.filter(({ effect }) => batch.open.has(effect.key))
          const [first] = open
          if (error.isRetryable) return Effect.fail(error)
          if (first === undefined) return Effect.void
          if (open.length === 1) {
            batch.refused.set(first.effect.key, `${error.operation}: ${error.message}`)
            // Two that cannot be sent, and none that could: it is not about them.
            return !batch.reached && batch.refused.size > 1 ? Effect.fail(error) : Effect.void
          }
          const half = Math.ceil(open.length / 2)
          return Effect.andThen(deliver(batch, open.slice(0, half), true), deliver(batch, open.slice(half), true))
        }),
      )

/** Keeps the lease of what is open until it is interrupted. A store that is down for a moment costs a renewal, no more. */
const renewing = (batch: Batch) =>
  Effect.suspend(() => stillOurs(batch, [...batch.open.values()])).pipe(
    Effect.ignore,
    Effect.delay(OutboxPlan.leaseMillis / 3),
    Effect.repeat(Schedule.forever),
  )

/** Gives back what could not be sent, with nothing counted against it, and leaves the platform alone for a while. */
const release = Effect.fnUntraced(function* (batch: Batch, error: SourceError, outages: number) {
  const ledger = yield* Ledger
  const until = (yield* Clock.currentTimeMillis) + OutboxPlan.pauseMillis(outages + 1)
  const reason = `${error.operation}: ${error.message}`
  yield* ledger.move({
    changes: [...batch.open.values()].map((row) => OutboxPlan.released(row, until, reason)),
    from: ["sending"],
    outage: { platform: batch.platform, until, times: outages + 1 },
  })
})

/** Works through what was taken. An unreachable platform is part of the answer, not an error. */
export const deliverAll = Effect.fn("Delivering.deliverAll")(function* (
  platform: string,
  { outages, rows }: Taken,
): Effect.fn.Return<Delivered, LedgerError, Needs> {
  const batch: Batch = {
    platform,
    open: new Map(rows.map((row) => [row.effect.key, row])),
    refused: new Map(),
    count: { confirmed: 0, unknown: 0, failed: 0, deadLetters: 0 },
    reached: false,
  }
  // Only a first attempt has nothing to look for.
  const known = rows.filter(({ attempts }) => attempts > 1)
  const work = Effect.gen(function* () {
    yield* deliver(batch, known, true)
    yield* deliver(
      batch,
      rows.filter(({ attempts }) => attempts === 1),
      false,
    )
    // A refusal that is the only thing that happened says nothing about the effect.
    const [refusal] = batch.refused.values()
    if (refusal !== undefined && !batch.reached) return yield* fault(platform, refusal)
    yield* settle(
      batch,
      new Map([...batch.refused].map(([key, reason]): [EffectKey, Outcome] => [key, { state: "unknown", reason }])),
    )
  })
  const done = yield* work.pipe(
    Effect.catchDefect((cause) => Effect.fail(fault(platform, cause))),
    Effect.raceFirst(renewing(batch)),
    Effect.result,
  )
  if (Result.isFailure(done)) {
    if (done.failure._tag === "LedgerError") return yield* done.failure
    yield* release(batch, done.failure, outages)
    return { ...batch.count, unknown: batch.count.unknown + batch.open.size, away: done.failure }
  }
  if (outages > 0) {
    const ledger = yield* Ledger
    yield* ledger.move({ changes: [], from: [], outage: { platform, until: 0, times: 0 } })
  }
  return { ...batch.count, away: null }
})
