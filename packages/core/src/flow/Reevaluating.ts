/**
 * Makes a stored decision again, from the facts as they were known when it was posted.
 *
 * Promises: nothing is written; it reads every fact of the tenant as the log had it then. Facts that were recorded in the very moment of
 * the posting are tried with and without, and the digest of the inputs says which it was. What was erased since is gone from the facts
 * of then too: that changes the digest, never the amounts.
 */
import { Effect, Stream } from "effect"
import { FactLog, type FactLogError } from "../fact/FactLog.ts"
import type { Instant } from "../id/Instant.ts"
import { partsOf, type CreditKey } from "../ledger/Credit.ts"
import { Ledger, type LedgerError, type Recorded } from "../ledger/Ledger.ts"
import { evaluate } from "../program/Evaluation.ts"
import * as Inputs from "../program/Inputs.ts"
import * as Reevaluation from "../program/Reevaluation.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import { factsAt } from "./Crediting.ts"

export interface Reevaluated extends Reevaluation.Reevaluation {
  readonly revisions: number
  /** Where it is not equal: the later revision that corrected it at once, crediting one purchase after the other. */
  readonly settledBy: number | null
  /** What the same decision would read otherwise by the facts of today, occurred by the time asked for. */
  readonly changedSince: ReadonlyArray<Reevaluation.ChangedFact>
}

const again = (program: string, recorded: Recorded, by: number) =>
  Effect.gen(function* () {
    const log = yield* FactLog
    const facts = yield* Stream.runCollect(log.recorded({ asOf: recorded.asOf, by }))
    return Reevaluation.compare(recorded, evaluate(facts, program, recorded.asOf), facts)
  })

/** One revision of a credit, the last unless told; null where there is none. */
export const reevaluate = Effect.fn("Reevaluating.reevaluate")(function* (
  key: CreditKey,
  asOf: Instant,
  revision?: number,
): Effect.fn.Return<Reevaluated | null, FactLogError | LedgerError, FactLog | Ledger | CurrentTenant> {
  const history = yield* Effect.flatMap(Ledger, (ledger) => ledger.history(key))
  const recorded = revision === undefined ? history.at(-1) : history.find((one) => one.revision === revision)
  const program = partsOf(key)?.program
  if (recorded === undefined || program === undefined) return null
  const whole = yield* again(program, recorded, recorded.mark)
  const made = whole.isEqual ? whole : yield* again(program, recorded, recorded.mark - 1)
  const found = made.isEqual ? made : whole
  const facts = yield* factsAt(asOf)
  const now = Inputs.factsRead(evaluate(facts, program, asOf), facts)(found.stored)
  const settledBy = found.isEqual ? null : Reevaluation.settledBy(found, history)
  return { ...found, revisions: history.length, settledBy, changedSince: Reevaluation.changedSince(found.read, now) }
})
