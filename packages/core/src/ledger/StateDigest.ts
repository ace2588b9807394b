/**
 * One SHA-256 for everything that follows from the facts at a time.
 *
 * It covers the newest version of every fact, who is whom, every decision, and the net amount per ledger account and unit.
 * It leaves out our own ids, when we recorded something, versions that say the same, and the history of postings, so that
 * two installations that were told the same agree on it.
 */
import { contentDigest } from "../fact/FactVersion.ts"
import type { Fact } from "../fact/Fact.ts"
import { ofLines } from "../id/Digest.ts"
import type { People } from "../person/People.ts"
import type { Credit } from "./Credit.ts"
import type { Balance } from "./Ledger.ts"

export interface State {
  readonly facts: ReadonlyArray<Fact>
  readonly people: People
  readonly credits: Iterable<Credit>
  readonly balances: ReadonlyArray<Balance>
}

export const digest = (state: State): string => ofLines(lines(state))

/** What is hashed, a line each; two states that differ can be compared by these. */
export const lines = ({ balances, credits, facts, people }: State): ReadonlyArray<string> => [
  ...facts.map((fact) => `fact ${fact.key} ${contentDigest(fact)}`),
  ...people.all.map((person) => `person ${people.handlesOf(person).join(" ")}`),
  ...[...credits].filter(({ outcome }) => outcome !== "withdrawn").map(decisionLine),
  ...balances.map(({ account, amountMinor, unit }) => `balance ${account} ${unit} ${amountMinor}`),
]

const decisionLine = (credit: Credit): string =>
  [
    "decision",
    credit.key,
    credit.outcome,
    credit.reason ?? "-",
    credit.review,
    credit.beneficiary,
    credit.unit,
    credit.amountMinor,
    credit.terms,
  ].join(" ")
