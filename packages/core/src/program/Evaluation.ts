/**
 * `desired(facts, asOf)`: every credit that a program grants, refuses or holds, with reasons.
 *
 * A pure function of the newest facts and a time. It reads no clock, no order of arrival, nothing posted and no live score;
 * the same facts in any order give the same credits. Each conversion is judged by the version in force when it was made; a
 * commitment keeps the version it was made under.
 */
import type { Fact, RewardCommitted } from "../fact/Fact.ts"
import type { Instant } from "../id/Instant.ts"
import type { Credit, CreditKey } from "../ledger/Credit.ts"
import type { Conversion } from "../referral/Conversion.ts"
import { fold, type History } from "./History.ts"
import { loneCommitments } from "./LoneCommitment.ts"
import { versions, type Program } from "./Program.ts"
import type { ReferralMechanic } from "./Referral.ts"
import { creditKey, credits, type Case } from "./ReferralCredits.ts"
import { judge, screen, withoutEvidence, type Verdict } from "./ReferralVerdict.ts"

export interface Evaluation {
  readonly program: string
  readonly asOf: Instant
  /** The version in force at `asOf`; null before the first publication. */
  readonly terms: Program | null
  readonly history: History
  readonly credits: ReadonlyMap<CreditKey, Credit>
  /** When time alone changes a credit next. */
  readonly nextDueAt: Instant | null
}

/** Evaluates one program over the newest version of every fact. */
export const evaluate = (facts: ReadonlyArray<Fact>, program: string, asOf: Instant): Evaluation => {
  const history = fold(facts, program, asOf)
  const published = versions(facts, program).filter(({ from }) => from <= asOf)
  const cases: Array<Case> = []
  for (const conversion of history.conversions) {
    const inForce = published.findLast(({ from }) => from <= conversion.at)?.program
    for (const { committedTo, mechanic, terms } of mechanicsFor(
      history,
      published.map((version) => version.program),
      inForce,
      conversion,
    )) {
      if (!mechanic.conversions.includes(conversion.source)) continue
      const verdict =
        judge({ history, mechanic, currency: terms.currency }, conversion) ??
        (committedTo === null ? null : withoutEvidence(conversion, committedTo.beneficiary))
      if (verdict === null) continue
      cases.push({ program: terms, mechanic, verdict })
    }
  }
  const all = new Map<CreditKey, Credit>()
  for (const ofRule of Map.groupBy(cases, ({ mechanic }) => mechanic.rule).values()) {
    for (const credit of credits(history, screened(history, ofRule))) all.set(credit.key, credit)
  }
  for (const credit of loneCommitments(history, facts, program, all)) all.set(credit.key, credit)
  const due = [...all.values()].flatMap(({ nextDueAt }) => (nextDueAt === null ? [] : [nextDueAt]))
  const terms = published.at(-1)?.program ?? null
  return {
    program,
    asOf,
    terms,
    history,
    credits: all,
    nextDueAt: due.length === 0 ? null : due.reduce((a, b) => Math.min(a, b)),
  }
}

interface Terms {
  readonly terms: Program
  readonly mechanic: ReferralMechanic
  /** The first commitment to the conversion under this rule, the advocate's before the friend's. */
  readonly committedTo: RewardCommitted | null
}

/**
 * The mechanics that judge a conversion: those in force then, or those that a commitment was made under. A commitment in
 * another currency than its terms is judged by none.
 */
const mechanicsFor = (
  history: History,
  published: ReadonlyArray<Program>,
  inForce: Program | undefined,
  conversion: Conversion,
): ReadonlyArray<Terms> => {
  const committed = (terms: Program, mechanic: ReferralMechanic): ReadonlyArray<RewardCommitted> =>
    (["advocate", "friend"] as const).flatMap(
      (role) => history.commitments.get(creditKey(terms.name, mechanic, conversion.cause, role)) ?? [],
    )
  const byRule = new Map<string, Terms>()
  for (const terms of inForce === undefined ? published : [inForce, ...published.filter((one) => one !== inForce)]) {
    for (const mechanic of terms.definition.mechanics) {
      const commitments = committed(terms, mechanic)
      const [first] = commitments
      if (terms !== inForce && first?.terms !== terms.hash) continue
      byRule.set(mechanic.rule, { terms, mechanic, committedTo: first ?? null })
      if (commitments.some(({ unit }) => unit !== terms.currency)) byRule.delete(mechanic.rule)
    }
  }
  return [...byRule.values()]
}

/** Screens the cases of one rule; different versions of it may screen differently. */
const screened = (history: History, cases: ReadonlyArray<Case>): ReadonlyArray<Case> => {
  const verdicts = new Map<ReferralMechanic, ReadonlyArray<Verdict>>()
  const all = cases.map(({ verdict }) => verdict)
  for (const mechanic of new Set(cases.map((one) => one.mechanic)))
    verdicts.set(mechanic, screen(history, mechanic, all))
  return cases.map((one, index) => ({ ...one, verdict: verdicts.get(one.mechanic)?.[index] ?? one.verdict }))
}
