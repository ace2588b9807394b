/**
 * What is known of one person and why: their handles, records, standing, score, purchases, credits and balances.
 *
 * A code's owner who has no record is a person too. It holds handles and codes; personal values are read from the vault by
 * whoever may see them.
 */
import * as Enrolment from "../advocate/Enrolment.ts"
import type { AssetIssued, FactOf, Identified, PersonSeen, SurveyAnswered } from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import { handleAccount, type Credit } from "../ledger/Credit.ts"
import type { Balance } from "../ledger/Ledger.ts"
import { holdingsOf, type Holding } from "../program/Holdings.ts"
import { progressOf, type TierProgress } from "../program/TierProgress.ts"
import { tiersHeld, type TierHeld } from "../program/TierStanding.ts"
import { termsOf } from "../program/Terms.ts"
import type { Conversion } from "../referral/Conversion.ts"
import { identityOf, type Identity, type Trail } from "./Explaining.ts"

/** A credit in one line; `explain` of its key tells the rest. */
export interface CreditLine {
  readonly key: string
  readonly cause: string
  readonly at: Instant
  readonly outcome: Credit["outcome"]
  readonly reason: string | null
  readonly review: Credit["review"]
  readonly unit: string
  readonly amountMinor: bigint
}

export interface PersonExplained {
  readonly kind: "person"
  readonly askedBy: Handle
  readonly identity: Identity
  readonly records: ReadonlyArray<PersonSeen>
  readonly enrolments: ReadonlyArray<FactOf<"Enrolled">>
  readonly codes: ReadonlyArray<AssetIssued>
  readonly score: Identified | null
  readonly answers: ReadonlyArray<SurveyAnswered>
  readonly purchases: ReadonlyArray<Conversion>
  readonly asAdvocate: ReadonlyArray<CreditLine>
  /** Their own purchases for which somebody's referral was looked at, and what they got themselves. */
  readonly asFriend: ReadonlyArray<CreditLine & { readonly role: Credit["role"] }>
  readonly balances: ReadonlyArray<Balance>
  /** What is available, pending and owed, by unit, with the lots and their expiry. */
  readonly holdings: ReadonlyArray<Holding>
  readonly tiers: ReadonlyArray<TierHeld>
  readonly progress: ReadonlyArray<TierProgress>
  /** Credits that were worth less than was handed over: what came back by other credits, and by which. */
  readonly debts: ReadonlyArray<Debt>
}

export interface Debt {
  readonly key: string
  readonly unit: string
  /** Since when it has to come back. */
  readonly at: Instant
  /** What is still owed. */
  readonly owedMinor: bigint
  /** What other credits have paid of it, in words, by their key. */
  readonly paidBy: Readonly<Record<string, string>>
}

const debtsOf = (credits: ReadonlyArray<Credit>): ReadonlyArray<Debt> =>
  credits.flatMap((credit) => {
    const owedMinor = credit.legs
      .filter(({ account }) => account === handleAccount(credit.beneficiary, "debt"))
      .reduce((total, { amountMinor }) => total - amountMinor, 0n)
    const paid = credit.because.find(({ rule }) => rule === "debt paid by other credits")?.saw ?? {}
    const paidBy = Object.fromEntries(
      Object.entries(paid).flatMap(([name, amount]) => (name.startsWith("by ") ? [[name.slice(3), amount]] : [])),
    )
    return owedMinor === 0n && Object.keys(paidBy).length === 0
      ? []
      : [{ key: credit.key, unit: credit.unit, at: credit.effectiveAt, owedMinor, paidBy }]
  })

const lineOf = (credit: Credit): CreditLine => ({
  key: credit.key,
  cause: credit.cause,
  at: credit.effectiveAt,
  outcome: credit.outcome,
  reason: credit.reason,
  review: credit.review,
  unit: credit.unit,
  amountMinor: credit.amountMinor,
})

const oldestFirst = <Dated extends { readonly occurredAt: Instant; readonly key: string }>(
  facts: ReadonlyArray<Dated>,
): ReadonlyArray<Dated> =>
  [...facts].sort((left, right) => left.occurredAt - right.occurredAt || (left.key < right.key ? -1 : 1))

/** Explains the person behind a handle. */
export const explainPerson = (trail: Trail, handle: Handle): PersonExplained => {
  const { balances, evaluation, facts } = trail
  const { people, purchases } = evaluation.history
  const person = people.personOf(handle)
  const mine = new Set<string>(people.handlesOf(person))
  const isMine = (other: Handle): boolean => people.personOf(other) === person
  const bought = purchases.get(person) ?? []
  const causes = new Set<string>(bought.map(({ cause }) => cause))
  const credits = [...evaluation.credits.values()]
  return {
    kind: "person",
    askedBy: handle,
    identity: identityOf(trail, handle),
    records: people.recordsOf(person),
    enrolments: oldestFirst(
      facts
        .filter((fact) => fact._tag === "Enrolled")
        .filter((fact) => fact.program === evaluation.program && isMine(fact.person)),
    ),
    codes: Enrolment.fold(facts, people, evaluation.program).codes.get(person) ?? [],
    score:
      oldestFirst(
        facts
          .filter((fact) => fact._tag === "Identified")
          .filter((fact) => fact.program === evaluation.program && isMine(fact.person)),
      ).at(-1) ?? null,
    answers: oldestFirst(facts.filter((fact) => fact._tag === "SurveyAnswered").filter((fact) => isMine(fact.person))),
    purchases: bought,
    asAdvocate: credits.filter(({ beneficiary, role }) => role === "advocate" && isMine(beneficiary)).map(lineOf),
    asFriend: credits
      .filter(({ beneficiary, cause, role }) => (role === "friend" ? isMine(beneficiary) : causes.has(cause)))
      .map((credit) => ({ ...lineOf(credit), role: credit.role })),
    balances: balances.filter(({ account }) => mine.has(account.slice(0, account.lastIndexOf("#")))),
    holdings: holdingsOf(evaluation, handle),
    tiers: tiersHeld(evaluation, termsOf(facts, evaluation.program, evaluation.asOf)).filter(
      (held) => held.person === person,
    ),
    progress: progressOf(evaluation, handle),
    debts: debtsOf(credits.filter(({ beneficiary }) => isMine(beneficiary))),
  }
}
