/**
 * Whether the engine that replays is the engine that is live: judged by the versions in force, with commitments, corrections and
 * human decisions in, the facts must give the ledger in use.
 *
 * Promises: equal means that no revision is missing in the ledger and that both digests, over decisions and what their accounts
 * hold, are the same. A ledger is compared as it stood just before time alone changed something that was not credited since; one
 * that lacks facts which came in later differs. It reads the ledger and writes nothing.
 */
import { Effect } from "effect"
import type { Fact } from "../fact/Fact.ts"
import type { Instant } from "../id/Instant.ts"
import type { Credit, CreditKey, Leg } from "../ledger/Credit.ts"
import { difference } from "../ledger/Crediting.ts"
import { Ledger, type LedgerError, type Posted } from "../ledger/Ledger.ts"
import { digest } from "../ledger/StateDigest.ts"
import type { People } from "../person/People.ts"
import { evaluate } from "../program/Evaluation.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import { balancesOf, standsAt } from "./Digesting.ts"

export interface EngineCheck {
  readonly isEqual: boolean
  /** The time that was compared: the one asked for, or the last at which the ledger can be what was credited. */
  readonly asOf: Instant
  /** Something was credited, and nothing of it is later than that. */
  readonly stands: boolean
  readonly decisions: number
  readonly digest: { readonly ledger: string; readonly replay: string }
}

const digestOf = (people: People, credits: ReadonlyArray<Credit & { readonly legs: ReadonlyArray<Leg> }>): string =>
  digest({ facts: [], people, credits, balances: balancesOf(credits) })

const lastCredited = (posted: ReadonlyMap<CreditKey, Posted>, asOf: Instant): Instant =>
  [...posted.values()].reduce(
    (at, { credit: { nextDueAt } }) => (nextDueAt === null ? at : Math.min(at, nextDueAt - 1)),
    asOf,
  )

/** Compares one program's live ledger with what the facts that occurred at or before `asOf` give. */
export const engineCheck = Effect.fn("EngineCheck.engineCheck")(function* (
  facts: ReadonlyArray<Fact>,
  program: string,
  asOf: Instant,
): Effect.fn.Return<EngineCheck, LedgerError, Ledger | CurrentTenant> {
  const ledger = yield* Ledger
  const posted = yield* ledger.posted(program)
  const at = lastCredited(posted, asOf)
  const past = facts.filter(({ occurredAt }) => occurredAt <= at)
  const { credits, history } = evaluate(past, program, at)
  const ours = [...credits.values()]
  // Legs as they were posted, not as the decision beside them says.
  const theirs = [...posted.values()].map(({ credit, legs }) => ({ ...credit, legs }))
  const digests = { ledger: digestOf(history.people, theirs), replay: digestOf(history.people, ours) }
  return {
    isEqual: difference(credits, posted).length === 0 && digests.ledger === digests.replay,
    asOf: at,
    stands: (posted.size > 0 || credits.size === 0) && standsAt(at, posted),
    decisions: ours.length,
    digest: digests,
  }
})
