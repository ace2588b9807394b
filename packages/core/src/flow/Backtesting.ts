/**
 * A candidate program tried on stored history before it counts.
 *
 * Promises: the candidate is judged by the same `evaluate` that credits live, as if it had been in force from the beginning, and so
 * is what it is compared with; both read the same facts. What was committed or decided by humans under other rules is left
 * out and counted. It reads no clock and writes nothing.
 *
 * It does not know what people would have done under other terms: nobody shares more because a replay pays more.
 */
import type { Fact, FactTag } from "../fact/Fact.ts"
import type { Instant } from "../id/Instant.ts"
import * as UnitSum from "../ledger/UnitSum.ts"
import { compare, type Comparison } from "../program/Comparison.ts"
import { earningHistory } from "../program/EarningHistory.ts"
import { evaluate, type Evaluation } from "../program/Evaluation.ts"
import { liabilityCurve, monthEnds, type LiabilityPoint } from "../program/LiabilityCurve.ts"
import { creditsSince, hasEarned, outcomesOf, type Outcomes } from "../program/Outcomes.ts"
import type { Program } from "../program/Program.ts"
import { diff, type Change } from "../program/ProgramDiff.ts"
import { asIfReferred, evidenceOf, needsEvidence, type ReferralEvidence } from "../program/ReferralEvidence.ts"
import { beginningOf, underCandidate, withoutRules } from "../program/ReplayHistory.ts"
import { sensitivityOf, type Sensitivity } from "../program/Sensitivity.ts"
import { caveatsOf } from "./BacktestCaveats.ts"

export interface BacktestOptions {
  readonly facts: ReadonlyArray<Fact>
  readonly candidate: Program
  /** What it is compared with; null before there is any. */
  readonly against: Program | null
  readonly asOf: Instant
  /** Conversions made before it are replayed, and left out of the figures; null counts all. */
  readonly since: Instant | null
  /** How many months the liability curve shows at most. */
  readonly months: number
}

/** What purchases would cost if they had been referred. */
export interface Scenario {
  readonly why: string
  /** Conversions that would qualify. */
  readonly qualifying: number
  readonly shares: ReadonlyArray<{
    readonly percent: number
    readonly conversions: number
    readonly cost: ReadonlyArray<UnitSum.UnitSum>
  }>
}

export interface Side {
  readonly program: Program
  readonly outcomes: Outcomes
  readonly curve: ReadonlyArray<LiabilityPoint>
}

export interface Backtest {
  readonly basis: "replay" | "scenario"
  readonly asOf: Instant
  readonly since: Instant | null
  /** When the first fact occurred. */
  readonly from: Instant
  readonly facts: number
  readonly evidence: ReferralEvidence
  readonly leftOut: Readonly<Partial<Record<FactTag, number>>>
  readonly candidate: Side
  readonly against: Side | null
  readonly changes: ReadonlyArray<Change>
  readonly comparison: Comparison | null
  readonly sensitivity: Sensitivity
  readonly scenario: Scenario | null
  readonly caveats: ReadonlyArray<string>
}

/**
 * The whole report. The whole history is judged once; what can earn in it about fifteen times more, and twice for each month of
 * the curve.
 */
export const backtest = (options: BacktestOptions): Backtest => {
  const { against, asOf, candidate, since } = options
  const past = options.facts.filter(({ occurredAt }) => occurredAt <= asOf)
  const { facts, leftOut } = withoutRules(past, candidate.name)
  const from = beginningOf(facts)
  const tried = evaluate(underCandidate(facts, candidate).facts, candidate.name, asOf)
  const few = earningHistory(facts, tried.history.conversions, against === null ? [candidate] : [candidate, against])
  const known = against === null ? null : evaluate(underCandidate(few, against).facts, against.name, asOf)
  const evidence = evidenceOf(tried, candidate)
  const isScenario = needsEvidence(candidate) && evidence.withEvidence === 0
  const sideOf = (program: Program, evaluation: Evaluation): Side => {
    const zone = program.definition.timeZone
    const ends = monthEnds({ from: Math.max(from, since ?? from), asOf, zone, count: options.months })
    return {
      program,
      outcomes: outcomesOf(evaluation, since),
      curve: isScenario ? [] : liabilityCurve(underCandidate(few, program).facts, evaluation, ends, zone),
    }
  }
  return {
    basis: isScenario ? "scenario" : "replay",
    asOf,
    since,
    from,
    facts: facts.length,
    evidence,
    leftOut,
    candidate: sideOf(candidate, tried),
    against: against === null || known === null ? null : sideOf(against, known),
    changes: against === null ? [] : diff(against, candidate),
    comparison: known === null ? null : compare(known, tried, since),
    sensitivity: isScenario
      ? { ownHoldDays: null, hold: [], window: [], limits: [] }
      : sensitivityOf(few, candidate, tried, since),
    scenario: isScenario ? scenarioOf(facts, options, evidence) : null,
    caveats: caveatsOf({ candidate, against, since, leftOut, tried, isScenario }),
  }
}

const shares = [1, 5, 10] as const

const scenarioOf = (
  facts: ReadonlyArray<Fact>,
  { asOf, candidate, since }: BacktestOptions,
  evidence: ReferralEvidence,
): Scenario => {
  const referred = underCandidate(asIfReferred(facts, candidate), candidate).facts
  const earned = creditsSince(evaluate(referred, candidate.name, asOf), since).filter(hasEarned)
  const qualifying = new Set(earned.map(({ cause }) => cause)).size
  const all = UnitSum.sum(earned)
  return {
    why:
      evidence.codes === 0
        ? `nobody was ever issued a code in "${candidate.name}", so no purchase can show who brought it`
        : `${evidence.codes} codes were issued in "${candidate.name}", and none of ${evidence.conversions} purchases shows one: no code, cart attribute, link or invitation`,
    qualifying,
    shares: shares.map((percent) => ({
      percent,
      conversions: Math.round((qualifying * percent) / 100),
      cost: all.map(({ amountMinor, unit }) => ({ unit, amountMinor: (amountMinor * BigInt(percent)) / 100n })),
    })),
  }
}
