/**
 * Whether groups are as large as the draw should have made them (Fabijan et al. 2019).
 *
 * A sample ratio mismatch means that the draw, or what was counted, is broken; no other figure of the experiment can be
 * trusted then. The usual alarm is p below 0.001.
 */
import * as ChiSquared from "./ChiSquared.ts"

/** Below this an experiment is not to be read. */
export const alarm = 0.001

export interface SampleRatio {
  readonly statistic: number
  readonly degrees: number
  readonly p: number
}

/**
 * Pearson's χ² = Σ (observed − expected)²/expected with groups − 1 degrees of freedom. `ratio` need not sum to 1 and
 * defaults to equal groups. Null below two groups, without observations, or with ratios that are no shares; people in a
 * group that was to be empty make p 0.
 */
export const sampleRatio = (
  observed: ReadonlyArray<number>,
  ratio: ReadonlyArray<number> = observed.map(() => 1),
): SampleRatio | null => {
  const [all, whole] = [observed, ratio].map((parts) => parts.reduce((a, b) => a + b, 0))
  if (all === undefined || whole === undefined || observed.length !== ratio.length) return null
  const degrees = ratio.filter((part) => part > 0).length - 1
  if (!(all > 0) || !(whole > 0) || degrees < 1 || ratio.some((part) => part < 0)) return null
  const statistic = observed.reduce((sum, count, at) => {
    const expected = (all * (ratio[at] ?? 0)) / whole
    return count === expected ? sum : sum + (count - expected) ** 2 / expected
  }, 0)
  return { statistic, degrees, p: statistic === Infinity ? 0 : ChiSquared.upperTail(statistic, degrees) }
}
