/**
 * A candidate beside the live version, on the conversions since a time.
 *
 * Promises: both sides read the same facts and the same human decisions; the candidate is in force from `since` on, what was bought
 * before keeps its terms on both sides. What was committed since then is left out of both, because a commitment would hide what
 * another version decides. Nothing is written, and nobody gets anything.
 */
import type { Fact } from "../fact/Fact.ts"
import type { Instant } from "../id/Instant.ts"
import { compare, outcomeText, type Comparison, type CreditChange } from "../program/Comparison.ts"
import { evaluate } from "../program/Evaluation.ts"
import { creditsSince } from "../program/Outcomes.ts"
import { publication, type Program } from "../program/Program.ts"
import { isOfRules } from "../program/ReplayHistory.ts"

export interface ShadowReport {
  readonly program: Program
  readonly since: Instant
  readonly asOf: Instant
  /** Conversions since then that either side decides about. */
  readonly conversions: number
  /** Of these, how many come out otherwise. */
  readonly differing: number
  readonly comparison: Comparison
}

/** What a side of one credit says, for people: the outcome and the rule that failed last. */
export const sideText = (credit: CreditChange["before"]): string => {
  const failing = credit?.because.findLast(({ outcome }) => outcome === "failed")
  const saw = Object.entries(failing?.saw ?? {}).map(([name, value]) => `${name} ${value}`)
  return failing === undefined
    ? outcomeText(credit)
    : `${outcomeText(credit)}: ${failing.rule}${saw.length === 0 ? "" : `, ${saw.join(", ")}`}`
}

/** Judges conversions made at or after `since` by `candidate` and by the versions in force. */
export const shadow = (
  facts: ReadonlyArray<Fact>,
  candidate: Program,
  { asOf, since }: { readonly asOf: Instant; readonly since: Instant },
): ShadowReport => {
  const { name } = candidate
  const shared = facts.filter(
    (fact) =>
      fact.occurredAt <= asOf &&
      !(
        isOfRules(fact, name) &&
        fact._tag !== "ReviewDecided" &&
        fact._tag !== "ProgramPublished" &&
        fact.occurredAt >= since
      ),
  )
  const live = evaluate(shared, name, asOf)
  const before = shared.filter(
    (fact) => !(fact._tag === "ProgramPublished" && fact.program === name && fact.occurredAt >= since),
  )
  const tried = evaluate([...before, publication(candidate, since)], name, asOf)
  const comparison = compare(live, tried, since)
  const causes = new Set([...creditsSince(live, since), ...creditsSince(tried, since)].map(({ cause }) => cause))
  return {
    program: candidate,
    since,
    asOf,
    conversions: causes.size,
    differing: new Set(comparison.changes.map(({ cause }) => cause)).size,
    comparison,
  }
}
