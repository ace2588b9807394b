/**
 * A stored decision beside the same decision made again, from the facts as they were known then.
 *
 * Promises: pure; it compares everything that a credit says (outcome, reason, review, amounts, legs, reasons) and the digest of what it
 * was decided by. A withdrawn credit is equal where the evaluation has none. An earlier release stored no digest: that says so and
 * is no difference. Crediting of changes looks at one purchase after the other, so it may post a step on the way (what stood before at a
 * limit, as far as it was known) and the outcome at once after it: a step is told by the later revision that says what it should have.
 */
import type { Fact } from "../fact/Fact.ts"
import { canonical } from "../id/Digest.ts"
import type { Instant } from "../id/Instant.ts"
import type { Credit, CreditKey } from "../ledger/Credit.ts"
import type { Revision } from "../ledger/Ledger.ts"
import type { Evaluation } from "./Evaluation.ts"
import * as Inputs from "./Inputs.ts"

/** A member of the credit that is not what it was; texts are canonical JSON. */
export interface Difference {
  readonly member: string
  readonly stored: string
  readonly again: string
}

export interface Reevaluation {
  readonly key: CreditKey
  readonly revision: number
  readonly asOf: Instant
  readonly stored: Credit
  /** Null where the evaluation has no such credit. */
  readonly again: Credit | null
  readonly differences: ReadonlyArray<Difference>
  /** `stored` is empty where an earlier release posted the revision. */
  readonly inputs: { readonly stored: string; readonly again: string }
  /** The outcome, the amounts and the reasons are the stored ones, and so is the digest where one was stored. */
  readonly isEqual: boolean
  /** What it was decided by. */
  readonly read: ReadonlyArray<{ readonly key: string; readonly version: number }>
}

const differencesOf = (stored: Credit, again: Credit | undefined): ReadonlyArray<Difference> => {
  // A credit whose unit changed is emptied in the old unit first: in that unit there is none any more.
  if (stored.outcome === "withdrawn" && (again === undefined || again.unit !== stored.unit)) return []
  if (again === undefined) return [{ member: "outcome", stored: canonical(stored.outcome), again: "no credit" }]
  return Object.entries(stored).flatMap(([member, value]) => {
    const [before, after] = [canonical(value), canonical(again[member as keyof Credit])]
    return before === after ? [] : [{ member, stored: before, again: after }]
  })
}

/**
 * The later revision, decided for the same time, that says what `made` says now; null where none does. It is asked about a revision that is not
 * equal: such a revision was a step on the way.
 */
export const settledBy = (made: Reevaluation, history: ReadonlyArray<Revision>): number | null =>
  history.find(
    ({ asOf, credit, revision }) =>
      revision > made.revision && asOf === made.asOf && differencesOf(credit, made.again ?? undefined).length === 0,
  )?.revision ?? null

/** Compares a revision with an evaluation of `facts` as of the revision's time. */
export const compare = (
  { asOf, credit: stored, inputs, key, revision }: Revision,
  evaluation: Evaluation,
  facts: ReadonlyArray<Fact>,
  read: Inputs.FactsOf = Inputs.factsRead(evaluation, facts),
): Reevaluation => {
  const again = evaluation.credits.get(key)
  const differences = differencesOf(stored, again)
  const decided = stored.outcome === "withdrawn" || again === undefined ? stored : again
  const made = read(decided)
  const digest = Inputs.digestOf(decided, made)
  return {
    key,
    revision,
    asOf,
    stored,
    again: again ?? null,
    differences,
    inputs: { stored: inputs, again: digest },
    isEqual: differences.length === 0 && (inputs === "" || inputs === digest),
    read: made.map((fact) => ({ key: fact.key, version: fact.version })),
  }
}

/** A fact that a decision would read otherwise now. Null: not among those read. */
export interface ChangedFact {
  readonly key: string
  readonly was: number | null
  readonly is: number | null
}

/** What has come, gone or changed among the facts that a decision reads. */
export const changedSince = (
  then: ReadonlyArray<{ readonly key: string; readonly version: number }>,
  now: ReadonlyArray<{ readonly key: string; readonly version: number }>,
): ReadonlyArray<ChangedFact> => {
  const [before, after] = [then, now].map((list) => new Map(list.map(({ key, version }) => [key, version])))
  return [...new Set([...then, ...now].map(({ key }) => key))]
    .sort()
    .map((key) => ({ key, was: before?.get(key) ?? null, is: after?.get(key) ?? null }))
    .filter((one) => one.was !== one.is)
}
