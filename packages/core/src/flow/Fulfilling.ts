/**
 * The stage that hands over: commit, send, and record what became of it.
 *
 * Promises: a commitment is stored before anything is sent; an effect whose answer was lost is looked up on the platform
 * before it is sent again, under the same key; what the platform refuses for good is withdrawn, with the reason kept.
 */
import { Effect } from "effect"
import type { SourceError } from "../connector/FactSource.ts"
import { Fulfiller, type Outcome } from "../connector/Fulfiller.ts"
import type { FactLogError } from "../fact/FactLog.ts"
import { Ledger, type LedgerError } from "../ledger/Ledger.ts"
import type { EffectKey, EffectRow, OutboundEffect } from "../ledger/OutboundEffect.ts"
import { commitment, withdrawal } from "../reward/Fulfilment.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import * as Progress from "./Progress.ts"

export interface Fulfilled {
  readonly confirmed: number
  readonly unknown: number
  readonly failed: number
}

export type FulfillingError = LedgerError | FactLogError | SourceError
export type FulfillingNeeds = Ledger | Fulfiller | CurrentTenant

const perSend = 250

/** Resolves what is in doubt, then sends everything planned. */
export const fulfil: Effect.Effect<Fulfilled, FulfillingError, FulfillingNeeds> = Effect.gen(function* () {
  const ledger = yield* Ledger
  const doubtful = yield* ledger.effects({ states: ["sending", "unknown"] })
  let total = yield* resolve(doubtful)
  for (;;) {
    const planned = yield* ledger.effects({ states: ["planned"], limit: perSend })
    if (planned.length === 0) return total
    const effects = planned.map(({ effect }) => effect)
    const moved = yield* ledger.move({
      keys: effects.map(({ key }) => key),
      from: ["planned"],
      to: "sending",
      facts: (won) => ({ facts: rewardsIn(effects.filter(({ key }) => won.has(key))).map(commitment), personal: [] }),
    })
    total = plus(total, yield* send(effects.filter(({ key }) => moved.has(key))))
    yield* Progress.report({
      stage: "fulfilling",
      done: total.confirmed + total.unknown + total.failed,
      unit: "effects",
    })
  }
}).pipe(Effect.withSpan("Fulfilling.fulfil"))

const rewardsIn = (effects: ReadonlyArray<OutboundEffect>) => effects.filter((effect) => effect._tag === "IssueReward")

const plus = (left: Fulfilled, right: Fulfilled): Fulfilled => ({
  confirmed: left.confirmed + right.confirmed,
  unknown: left.unknown + right.unknown,
  failed: left.failed + right.failed,
})

const nothing: Fulfilled = { confirmed: 0, unknown: 0, failed: 0 }

/** Looks up effects that were sent without an answer; those that do not exist are sent again under their key. */
const resolve = Effect.fnUntraced(function* (rows: ReadonlyArray<EffectRow>) {
  if (rows.length === 0) return nothing
  const fulfiller = yield* Fulfiller
  const effects = rows.map(({ effect }) => effect)
  const found = yield* fulfiller.find(effects)
  const there = new Map<EffectKey, Outcome>(
    [...found].map(([key, reference]) => [key, { state: "confirmed", reference }]),
  )
  const known = yield* record(
    effects.filter(({ key }) => there.has(key)),
    there,
  )
  return plus(known, yield* send(effects.filter(({ key }) => !there.has(key))))
})

const send = Effect.fnUntraced(function* (effects: ReadonlyArray<OutboundEffect>) {
  if (effects.length === 0) return nothing
  const fulfiller = yield* Fulfiller
  return yield* record(effects, yield* fulfiller.issue(effects))
})

const record = Effect.fnUntraced(function* (
  effects: ReadonlyArray<OutboundEffect>,
  outcomes: ReadonlyMap<EffectKey, Outcome>,
) {
  const ledger = yield* Ledger
  const outcomeOf = (effect: OutboundEffect): Outcome => outcomes.get(effect.key) ?? { state: "unknown" }
  const notes = new Map<EffectKey, string>()
  for (const effect of effects) {
    const outcome = outcomeOf(effect)
    if (outcome.state === "confirmed") notes.set(effect.key, outcome.reference)
    if (outcome.state === "failed") notes.set(effect.key, outcome.reason)
  }
  for (const state of ["confirmed", "unknown", "failed"] as const) {
    const these = effects.filter((effect) => outcomeOf(effect).state === state)
    if (these.length === 0) continue
    yield* ledger.move({
      keys: these.map(({ key }) => key),
      from: ["sending", "unknown"],
      to: state,
      notes,
      facts: (moved) => ({
        facts: state === "failed" ? rewardsIn(these.filter(({ key }) => moved.has(key))).map(withdrawal) : [],
        personal: [],
      }),
    })
  }
  const count = (state: Outcome["state"]): number =>
    effects.filter((effect) => outcomeOf(effect).state === state).length
  return { confirmed: count("confirmed"), unknown: count("unknown"), failed: count("failed") }
})
