/**
 * The stage that credits: evaluate everything, take the difference, post it with what it plans. `CreditingChanges` does the same for
 * what has changed alone.
 *
 * Promises: running it twice posts nothing the second time; two workers at once post each change once (the one that was
 * overtaken evaluates again). It hands nothing over: `Fulfilling` does.
 */
import { Effect, Schedule, Stream } from "effect"
import type { Fact } from "../fact/Fact.ts"
import { FactLog, type FactLogError } from "../fact/FactLog.ts"
import { isTombstone } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { CreditKey } from "../ledger/Credit.ts"
import { difference } from "../ledger/Crediting.ts"
import { Ledger, type LedgerError } from "../ledger/Ledger.ts"
import type { EffectRow, OutboundEffect } from "../ledger/OutboundEffect.ts"
import { evaluate, type Evaluation } from "../program/Evaluation.ts"
import * as Inputs from "../program/Inputs.ts"
import * as Fulfilment from "../reward/Fulfilment.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import { sameTaking } from "../ledger/Tally.ts"
import { Tallies } from "../ledger/Tallies.ts"
import * as Progressed from "./CreditingProgress.ts"
import * as Progress from "./Progress.ts"

export interface Credited {
  readonly evaluation: Evaluation
  readonly facts: ReadonlyArray<Fact>
  readonly revisions: number
  readonly planned: number
  readonly undone: number
  readonly unfulfillable: ReadonlyArray<CreditKey>
}

export type CreditingError = FactLogError | LedgerError
export type CreditingNeeds = FactLog | Ledger | Tallies | CurrentTenant

/** Crediting of a tenant takes turns: what was taken of limits is true until it has been posted. */
export const turn: ReadonlyArray<string> = ["crediting"]

export const allStates = ["planned", "sending", "confirmed", "unknown", "failed", "undone"] as const

/** The newest version of every fact that occurred at or before `asOf`. */
export const factsAt = (asOf: Instant): Effect.Effect<ReadonlyArray<Fact>, FactLogError, FactLog | CurrentTenant> =>
  Effect.gen(function* () {
    const log = yield* FactLog
    return yield* Stream.runCollect(log.newest({ asOf }))
  })

/** Brings the ledger of one program to what the facts say at `asOf`. */
export const credit = (program: string, asOf: Instant): Effect.Effect<Credited, CreditingError, CreditingNeeds> =>
  Effect.flatMap(Ledger, (ledger) => ledger.exclusively(turn, once(program, asOf))).pipe(
    Effect.retry({
      schedule: Schedule.exponential("20 millis"),
      times: 8,
      while: (error) => error._tag === "LedgerError" && error.reason._tag === "Overtaken",
    }),
  )

const once = Effect.fn("Crediting.credit")(function* (
  program: string,
  asOf: Instant,
): Effect.fn.Return<Credited, CreditingError, CreditingNeeds> {
  const erasures = yield* Effect.flatMap(FactLog, (log) => log.erasures)
  const facts = yield* factsAt(asOf)
  return yield* post({ facts, erasures, evaluation: evaluate(facts, program, asOf) })
})

/** An evaluation with what it was made of. */
export interface Read {
  readonly facts: ReadonlyArray<Fact>
  /** `FactLog.erasures` from before the facts were read. */
  readonly erasures: number
  readonly evaluation: Evaluation
}

/**
 * Posts what an evaluation says, in one commit, and plans what follows from it. Fails as `Overtaken` when somebody else posted
 * first, or a person was erased: evaluate again then.
 */
export const post = Effect.fn("Crediting.post")(function* ({
  erasures,
  evaluation,
  facts,
}: Read): Effect.fn.Return<Credited, CreditingError, CreditingNeeds> {
  const ledger = yield* Ledger
  const { asOf, credits, history, program } = evaluation
  const rows = yield* ledger.effects({ states: allStates })
  const revisions = Inputs.stamp(evaluation, facts, difference(credits, yield* ledger.posted(program)))
  const plan = Fulfilment.plan(credits.values(), history.people, rows, asOf)
  const effects = [...plan.effects, ...shareCodes(evaluation, facts, rows)]
  if (revisions.length + effects.length + plan.undo.length > 0)
    yield* ledger.commit({ revisions, effects, undo: plan.undo, erasures })
  yield* keepTakings(program, evaluation)
  yield* Progressed.note(yield* Progressed.read, [program], asOf)
  yield* Progress.report({ stage: "crediting", done: revisions.length, unit: "revisions" })
  return {
    evaluation,
    facts,
    revisions: revisions.length,
    planned: effects.length,
    undone: plan.undo.length,
    unfulfillable: plan.unfulfillable,
  }
})

/** What conversions take now, where it is not what was kept. */
const keepTakings = Effect.fnUntraced(function* (program: string, { takings }: Evaluation) {
  const tallies = yield* Tallies
  const kept = yield* tallies.kept(program)
  const gone = [...kept.values()]
    .filter(({ cause }) => !takings.has(cause))
    .map(({ at, cause }) => ({ at, cause, granted: [], reserved: [], asked: [] }))
  const changed = [...takings.values()].filter((taking) => {
    const known = kept.get(taking.cause)
    return known === undefined || !sameTaking(known, taking)
  })
  yield* tallies.keep(program, [...gone, ...changed])
})

/** Codes that we issued and the shop does not have yet. Those taken over from elsewhere exist there already; those of erased people need not. */
export const shareCodes = (
  evaluation: Pick<Evaluation, "program" | "terms">,
  facts: ReadonlyArray<Fact>,
  rows: ReadonlyArray<EffectRow>,
): ReadonlyArray<OutboundEffect> => {
  const { terms } = evaluation
  const friend = terms?.definition.mechanics
    .map((mechanic) => (mechanic.kind === "referral" ? mechanic.friend : null))
    .find((reward) => reward?.kind === "checkout-discount")
  if (terms === null || friend?.kind !== "checkout-discount") return []
  const known = new Set(rows.map(({ effect }) => effect.key))
  return facts
    .filter((fact) => fact._tag === "AssetIssued")
    .filter(
      ({ key, owner, program }) =>
        program === evaluation.program && key.startsWith("advocacy:asset/") && !isTombstone(owner),
    )
    .map(({ code, occurredAt, owner }) =>
      Fulfilment.shareCode({ code, owner, percent: friend.percent, terms: terms.hash, at: occurredAt }),
    )
    .filter(({ key }) => !known.has(key))
}
