/**
 * Whether the engine that replays is the engine that is live: judged by the versions in force, with commitments, corrections and
 * human decisions in, the facts must give the ledger in use.
 *
 * Promises: equal means that no revision is missing in the ledger and that both digests, over decisions and what their accounts
 * hold, are the same. It reads the ledger and writes nothing.
 */
import { Effect } from "effect"
import type { Fact } from "../fact/Fact.ts"
import type { Instant } from "../id/Instant.ts"
import type { Credit, Leg } from "../ledger/Credit.ts"
import { difference } from "../ledger/Crediting.ts"
import { Ledger, type LedgerError } from "../ledger/Ledger.ts"
import { digest } from "../ledger/StateDigest.ts"
import type { People } from "../person/People.ts"
import { evaluate } from "../program/Evaluation.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import { balancesOf, standsAt } from "./Digesting.ts"

export interface EngineCheck {
  readonly isEqual: boolean
  /** The ledger was credited at that time; if not, it differs for that reason. */
  readonly stands: boolean
  readonly decisions: number
  readonly digest: { readonly ledger: string; readonly replay: string }
}

const digestOf = (people: People, credits: ReadonlyArray<Credit & { readonly legs: ReadonlyArray<Leg> }>): string =>
  digest({ facts: [], people, credits, balances: balancesOf(credits) })

/** Compares one program's live ledger with what the facts that occurred at or before `asOf` give. */
export const engineCheck = Effect.fn("EngineCheck.engineCheck")(function* (
  facts: ReadonlyArray<Fact>,
  program: string,
  asOf: Instant,
): Effect.fn.Return<EngineCheck, LedgerError, Ledger | CurrentTenant> {
  const ledger = yield* Ledger
  const { credits, history } = evaluate(facts, program, asOf)
  const posted = yield* ledger.posted(program)
  const ours = [...credits.values()]
  // Legs as they were posted, not as the decision beside them says.
  const theirs = [...posted.values()].map(({ credit, legs }) => ({ ...credit, legs }))
  const digests = { ledger: digestOf(history.people, theirs), replay: digestOf(history.people, ours) }
  return {
    isEqual: difference(credits, posted).length === 0 && digests.ledger === digests.replay,
    stands: standsAt(asOf, posted),
    decisions: ours.length,
    digest: digests,
  }
})
