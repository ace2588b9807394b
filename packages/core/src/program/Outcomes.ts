/**
 * What the credits of one evaluation come to: by outcome and reason, in money, by person, at which limits.
 *
 * Promises: every credit whose conversion lies in the span is counted once; units never add. It reads decisions as they are and
 * knows no mechanic. "Granted" is what conversions earned; what the shop gave at the checkout stands apart as "recorded".
 */
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import { tierUnit, type Credit, type Unit } from "../ledger/Credit.ts"
import * as UnitSum from "../ledger/UnitSum.ts"
import type { PersonId } from "../person/People.ts"
import type { Evaluation } from "./Evaluation.ts"

export interface OutcomeCount {
  readonly role: string
  readonly outcome: Credit["outcome"]
  readonly reason: string | null
  readonly unit: Unit
  readonly count: number
  readonly amountMinor: bigint
}

/** What one person earned. */
export interface Earner {
  readonly person: PersonId
  /** One of the handles that the credits are for. */
  readonly beneficiary: Handle
  readonly credits: number
  readonly earned: ReadonlyArray<UnitSum.UnitSum>
}

/** A limit that refused something. */
export interface LimitHit {
  /** `10 per year (2026)` */
  readonly limit: string
  readonly refused: number
  readonly advocates: number
}

export interface ReasonCount {
  readonly reason: string
  readonly count: number
}

/** How earning is spread: how many people earned at least so many credits, and what the best tenth of them has. */
export interface Distribution {
  readonly people: number
  readonly byCredits: ReadonlyArray<{
    readonly atLeast: number
    readonly atMost: number | null
    readonly people: number
  }>
  readonly amounts: ReadonlyArray<{
    readonly unit: Unit
    readonly medianMinor: bigint
    readonly mostMinor: bigint
    /** Share of the sum that the best tenth of the people has, 0 to 1. */
    readonly topTenthShare: number
  }>
}

export interface Outcomes {
  /** Conversions that have a decision. */
  readonly conversions: number
  /** Of these, how many earned somebody something. */
  readonly earning: number
  readonly byOutcome: ReadonlyArray<OutcomeCount>
  readonly granted: ReadonlyArray<UnitSum.UnitSum>
  readonly recorded: ReadonlyArray<UnitSum.UnitSum>
  readonly refusals: ReadonlyArray<ReasonCount>
  readonly holds: ReadonlyArray<ReasonCount>
  readonly limitsHit: ReadonlyArray<LimitHit>
  /** How many people hold which tier now, as their highest; of all time. */
  readonly tiers: ReadonlyArray<{ readonly tier: string; readonly people: number }>
  /** Most first. */
  readonly earners: ReadonlyArray<Earner>
  readonly distribution: Distribution
}

/** The credits whose cause happened at or after `since`. */
export const creditsSince = (evaluation: Evaluation, since: Instant | null): ReadonlyArray<Credit> => {
  return [...evaluation.credits.values()].filter(
    ({ at, outcome }) => outcome !== "withdrawn" && (since === null || at >= since),
  )
}

/** Whether a credit is a tier that was reached, which has a number and no value. */
const isTier = ({ program, unit }: Credit): boolean => unit === tierUnit(program)

/** Whether value was granted. */
export const isGranted = (credit: Credit): boolean => credit.outcome === "credited" && !isTier(credit)

export const hasEarned = (credit: Credit): boolean => isGranted(credit) && credit.amountMinor > 0n

/** The highest tier that each person holds, by its number; people without one are absent. */
export const tiersHeld = (
  evaluation: Evaluation,
): ReadonlyMap<PersonId, { readonly number: number; readonly tier: string }> => {
  const held = new Map<PersonId, { readonly number: number; readonly tier: string }>()
  for (const credit of evaluation.credits.values()) {
    if (!isTier(credit) || credit.outcome !== "credited") continue
    const person = evaluation.history.people.personOf(credit.beneficiary)
    const number = Number(credit.amountMinor)
    if (number <= (held.get(person)?.number ?? 0)) continue
    held.set(person, {
      number,
      tier: credit.because.find(({ saw }) => saw.tier !== undefined)?.saw.tier ?? `tier ${number}`,
    })
  }
  return held
}

const tally = (reasons: Iterable<string>): ReadonlyArray<ReasonCount> =>
  [...Map.groupBy(reasons, (reason) => reason)]
    .map(([reason, of]) => ({ reason, count: of.length }))
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))

const countOutcomes = (credits: ReadonlyArray<Credit>): ReadonlyArray<OutcomeCount> =>
  [...Map.groupBy(credits, ({ outcome, reason, role, unit }) => [role, outcome, reason ?? "", unit].join("|"))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, of]) => {
      const [first] = of
      if (first === undefined) return []
      const { outcome, reason, role, unit } = first
      const amountMinor = of.reduce((total, credit) => total + credit.amountMinor, 0n)
      return [{ role, outcome, reason, unit, count: of.length, amountMinor }]
    })

const isLimit = /limit|budget/

const limitsHitIn = (credits: ReadonlyArray<Credit>, { history }: Evaluation): ReadonlyArray<LimitHit> => {
  const hits = credits.flatMap((credit) => {
    if (credit.outcome !== "refused" || credit.reason === null || !isLimit.test(credit.reason)) return []
    const trial = credit.because.find(({ outcome, rule }) => outcome === "failed" && isLimit.test(rule))
    return [{ limit: trial?.saw.limit ?? credit.reason, advocate: history.people.personOf(credit.beneficiary) }]
  })
  return [...Map.groupBy(hits, ({ limit }) => limit)]
    .map(([limit, of]) => ({
      limit,
      refused: of.length,
      advocates: new Set(of.map(({ advocate }) => advocate)).size,
    }))
    .sort((a, b) => b.refused - a.refused || (a.limit < b.limit ? -1 : 1))
}

/** Who earned, most first: by the units in order, then by credits, then by person. */
export const earnersOf = (credits: ReadonlyArray<Credit>, { history }: Evaluation): ReadonlyArray<Earner> =>
  [...Map.groupBy(credits.filter(hasEarned), ({ beneficiary }) => history.people.personOf(beneficiary))]
    .map(([person, of]) => ({
      person,
      beneficiary: of.map(({ beneficiary }) => beneficiary).reduce((a, b) => (a < b ? a : b)),
      credits: of.length,
      earned: UnitSum.sum(of),
    }))
    .sort(byMost)

const byMost = (a: Earner, b: Earner): number => {
  for (const { amountMinor, unit } of a.earned) {
    const other = UnitSum.of(b.earned, unit)
    if (amountMinor !== other) return amountMinor > other ? -1 : 1
  }
  return b.credits - a.credits || (a.person < b.person ? -1 : 1)
}

const bands = [
  [1, 1],
  [2, 4],
  [5, 9],
  [10, null],
] as const

export const distributionOf = (earners: ReadonlyArray<Earner>): Distribution => ({
  people: earners.length,
  byCredits: bands.map(([atLeast, atMost]) => ({
    atLeast,
    atMost,
    people: earners.filter(({ credits }) => credits >= atLeast && (atMost === null || credits <= atMost)).length,
  })),
  amounts: UnitSum.sum(earners.flatMap(({ earned }) => earned)).map(({ amountMinor: total, unit }) => {
    const each = earners
      .map(({ earned }) => UnitSum.of(earned, unit))
      .filter((amount) => amount > 0n)
      .sort((a, b) => (a < b ? 1 : -1))
    const top = each.slice(0, Math.ceil(each.length / 10)).reduce((sum, amount) => sum + amount, 0n)
    return {
      unit,
      medianMinor: each[Math.floor(each.length / 2)] ?? 0n,
      mostMinor: each[0] ?? 0n,
      topTenthShare: total === 0n ? 0 : Number(top) / Number(total),
    }
  }),
})

/** What the credits of conversions made at or after `since` come to; null is from the beginning. */
export const outcomesOf = (evaluation: Evaluation, since: Instant | null): Outcomes => {
  const all = creditsSince(evaluation, since)
  const credits = all.filter((credit) => !isTier(credit))
  const earners = earnersOf(credits, evaluation)
  // The friend's credit shares the advocate's fate, so that reasons are counted where they are decided.
  const decided = credits.filter(({ role }) => role !== "friend")
  return {
    conversions: new Set(credits.map(({ cause }) => cause)).size,
    earning: new Set(credits.filter(hasEarned).map(({ cause }) => cause)).size,
    byOutcome: countOutcomes(credits),
    granted: UnitSum.sum(credits.filter(isGranted)),
    recorded: UnitSum.sum(credits.filter(({ outcome }) => outcome === "recorded")),
    refusals: tally(decided.flatMap(({ outcome, reason }) => (outcome === "refused" ? [reason ?? "unknown"] : []))),
    holds: tally(decided.flatMap(({ reason, review }) => (review === "held" ? [reason ?? "unknown"] : []))),
    limitsHit: limitsHitIn(decided, evaluation),
    tiers: tally([...tiersHeld(evaluation).values()].map(({ tier }) => tier)).map(({ count, reason }) => ({
      tier: reason,
      people: count,
    })),
    earners,
    distribution: distributionOf(earners),
  }
}
