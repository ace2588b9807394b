/**
 * What was caused: those who were treated against a persistent holdout.
 *
 * Promises: no figure from a broken draw and none that the experiment is too small for; both are told with their reason
 * in place of a number. Give one value for each unit that was drawn by lot: where referrals can reach the other group,
 * draw clusters of people who refer each other, and give one value a cluster. Zeros count: leaving out who bought
 * nothing compares buyers, not people.
 */
import { type AdjustedDifference, cuped } from "../statistics/CovariateAdjustment.ts"
import { type MeanDifference, moments, type RelativeLift, relativeLift, welch } from "../statistics/Mean.ts"
import { detectable } from "../statistics/Power.ts"
import { alarm, sampleRatio } from "../statistics/SampleRatio.ts"
import { asymptotic } from "../statistics/ConfidenceSequence.ts"
import type { Interval } from "../statistics/Proportion.ts"

/** A group's outcomes, and for each what was known before (spending in the period before, for example). */
export interface Group {
  readonly values: ReadonlyArray<number>
  readonly before?: ReadonlyArray<number>
}

export interface Plan {
  /** Share of people that was to be treated, 0 to 1. */
  readonly treatedShare: number
  /** The smallest effect worth knowing, in the unit of the outcome, as planned before the start. */
  readonly smallestEffect: number
  /** The always-valid interval is tightest after so many units. */
  readonly tightestAt?: number
}

export type Incrementality =
  | {
      readonly _tag: "Caused"
      readonly difference: MeanDifference
      readonly lift: RelativeLift | null
      /** Null without what was known before. */
      readonly adjusted: AdjustedDifference | null
      /** Right at every look, for experiments that are watched as they run. */
      readonly alwaysValid: Interval | null
    }
  | { readonly _tag: "SampleRatioMismatch"; readonly p: number }
  | { readonly _tag: "BelowPower"; readonly detectable: number; readonly unitsNeeded: number }
  | { readonly _tag: "NotEnoughData" }

const paired = ({ before, values }: Group) =>
  before === undefined || before.length !== values.length
    ? null
    : values.map((value, at) => ({ value, covariate: before[at] ?? 0 }))

/**
 * Sample ratio first, then power (80 % at 5 %, two-sided), then the difference in means. `unitsNeeded` is the size of
 * both groups together, at the spread and the ratio that were seen, at which the smallest effect would be found.
 */
export const incrementality = (treated: Group, control: Group, plan: Plan): Incrementality => {
  const sizes = [treated.values.length, control.values.length]
  const ratio = sampleRatio(sizes, [plan.treatedShare, 1 - plan.treatedShare])
  const [one, two] = [moments(treated.values), moments(control.values)]
  const difference = welch(one, two)
  if (ratio === null || difference === null) return { _tag: "NotEnoughData" }
  if (ratio.p < alarm) return { _tag: "SampleRatioMismatch", p: ratio.p }
  const units = one.count + two.count
  const found = detectable(difference.standardError)
  if (found > plan.smallestEffect) {
    const unitsNeeded = Math.ceil(units * (found / plan.smallestEffect) ** 2)
    return { _tag: "BelowPower", detectable: found, unitsNeeded }
  }
  const [first, second] = [paired(treated), paired(control)]
  return {
    _tag: "Caused",
    difference,
    lift: relativeLift(one, two),
    adjusted: first === null || second === null ? null : cuped(first, second),
    alwaysValid: asymptotic(difference.difference, difference.standardError, units, plan.tightestAt),
  }
}
