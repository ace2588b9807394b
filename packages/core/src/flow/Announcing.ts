/**
 * The stage that announces tiers: from then on a tier stands to the time that was said, whatever becomes of what it was reached by.
 *
 * Promises: everybody is told of a tier once; only what is clear and stands is announced. It records the announcement; sending a
 * message is another's work.
 */
import { Effect, Schedule, Stream } from "effect"
import * as Facts from "../fact/Fact.ts"
import type { Fact, TierAnnounced } from "../fact/Fact.ts"
import { FactLog } from "../fact/FactLog.ts"
import { sha256Hex } from "../id/Digest.ts"
import { isTombstone } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import { Ledger } from "../ledger/Ledger.ts"
import { evaluate } from "../program/Evaluation.ts"
import { termsOf } from "../program/Terms.ts"
import { tiersHeld, type TierHeld } from "../program/TierStanding.ts"
import * as Crediting from "./Crediting.ts"

export interface Announced {
  readonly tiers: ReadonlyArray<TierHeld>
  /** What this run announced. */
  readonly announced: ReadonlyArray<TierAnnounced>
}

const heldBy = (facts: ReadonlyArray<Fact>, program: string, asOf: Instant): ReadonlyArray<TierHeld> =>
  tiersHeld(evaluate(facts, program, asOf), termsOf(facts, program, asOf))

const announcement = (program: string, held: TierHeld, at: Instant): TierAnnounced => ({
  _tag: "TierAnnounced",
  key: Facts.key(
    `advocacy:tier/${program}/${sha256Hex([held.rule, held.beneficiary, held.tier, held.until ?? ""].join("\n")).slice(0, 40)}`,
  ),
  version: 0,
  rank: Facts.rank.own,
  occurredAt: at,
  program,
  rule: held.rule,
  person: held.beneficiary,
  tier: held.tier,
  until: held.until,
  terms: held.terms,
})

/** The tiers that people hold. */
export const tiers = Effect.fn("Announcing.tiers")(function* (program: string, asOf: Instant) {
  const facts = yield* Crediting.factsAt(asOf)
  return heldBy(facts, program, asOf)
})

const once = Effect.fn("Announcing.once")(function* (program: string, asOf: Instant) {
  const log = yield* FactLog
  const erasures = yield* log.erasures
  const facts = yield* Crediting.factsAt(asOf)
  // Also those of later than the time at hand: a key is used once.
  const told = new Set<string>(
    (yield* Stream.runCollect(log.newest({ asOf: Number.MAX_SAFE_INTEGER, tags: ["TierAnnounced"] }))).map(
      ({ key }) => key,
    ),
  )
  const announced = heldBy(facts, program, asOf)
    .filter(({ beneficiary, isAnnounced }) => !isAnnounced && !isTombstone(beneficiary))
    .map((held) => announcement(program, held, asOf))
    .filter(({ key }) => !told.has(key))
  if (announced.length > 0) yield* log.append({ facts: announced, personal: [] })
  const after = [...facts, ...announced]
  yield* Crediting.post({ facts: after, erasures, evaluation: evaluate(after, program, asOf) })
  return { tiers: heldBy(after, program, asOf), announced } satisfies Announced
})

/** Announces every tier that was reached and not announced, and posts that. A second run announces nothing. */
export const announce = Effect.fn("Announcing.announce")(function* (program: string, asOf: Instant) {
  const ledger = yield* Ledger
  return yield* ledger.exclusively([`tiers ${program}`], once(program, asOf)).pipe(
    Effect.retry({
      schedule: Schedule.jittered(Schedule.exponential("10 millis", 1.5)),
      times: 16,
      while: (error) => error._tag === "LedgerError" && error.reason._tag === "Overtaken",
    }),
  )
})
