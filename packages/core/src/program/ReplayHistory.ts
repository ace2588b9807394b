/**
 * A stored history made ready to be judged by one candidate from its beginning.
 *
 * Promises: everything that happened to customers stays; what follows from the rules that were in force is left out and counted:
 * publications and corrections, commitments, human decisions, redemptions, announced tiers of the same program. Nothing that
 * belongs to another program is touched.
 */
import type { Fact, FactTag } from "../fact/Fact.ts"
import type { Instant } from "../id/Instant.ts"
import { publication, type Program } from "./Program.ts"

export interface Replayable {
  /** The history, then the candidate's publication at its beginning. */
  readonly facts: ReadonlyArray<Fact>
  /** How many facts of each kind were left out. */
  readonly leftOut: Readonly<Partial<Record<FactTag, number>>>
}

/** Whether a fact was brought about by the rules in force, not by customers. */
export const isOfRules = (fact: Fact, program: string): boolean => {
  switch (fact._tag) {
    case "ProgramPublished":
    case "ProgramCorrected":
    case "ValueRedeemed":
    case "ValueTransferred":
    case "ValueAdjusted":
    case "TierAnnounced":
      return fact.program === program
    case "RewardCommitted":
    case "CommitmentWithdrawn":
    case "ReviewDecided":
      return fact.credit.startsWith(`${program}|`)
    default:
      return false
  }
}

/** When the first fact occurred; 0 without facts. */
export const beginningOf = (facts: ReadonlyArray<Fact>): Instant =>
  facts.reduce<Instant>(
    (first, { occurredAt }) => Math.min(first, occurredAt),
    facts.length === 0 ? 0 : Number.MAX_SAFE_INTEGER,
  )

/** The history of everybody, without what the program's own rules brought about. */
export const withoutRules = (facts: ReadonlyArray<Fact>, program: string): Replayable => {
  const leftOut: Partial<Record<FactTag, number>> = {}
  const kept = facts.filter((fact) => {
    if (!isOfRules(fact, program)) return true
    leftOut[fact._tag] = (leftOut[fact._tag] ?? 0) + 1
    return false
  })
  return { facts: kept, leftOut }
}

/** `facts` as if `candidate` had been in force from the beginning. */
export const underCandidate = (facts: ReadonlyArray<Fact>, candidate: Program): Replayable => {
  const { facts: kept, leftOut } = withoutRules(facts, candidate.name)
  return { facts: [...kept, publication(candidate, beginningOf(kept))], leftOut }
}
