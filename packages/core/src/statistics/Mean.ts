/**
 * Means, and how far two of them are apart.
 *
 * Welch's comparison of two independent means (Welch 1947), which needs no equal variances, and the relative lift with
 * its standard error by the delta method. Values are finite numbers; what was not measured must be left out before, or
 * counted as zero where it was zero (somebody who spent nothing spent 0). Fewer than two values in a group have no
 * spread, and give null.
 */
import * as Normal from "./Normal.ts"
import type { Interval } from "./Proportion.ts"
import * as StudentT from "./StudentT.ts"

export interface Moments {
  readonly count: number
  /** NaN without values. */
  readonly mean: number
  /** Sample variance, over n − 1; NaN below two values. */
  readonly variance: number
}

/** Count, mean and sample variance in two passes, which lose nothing where the mean is large against the spread. */
export const moments = (values: ReadonlyArray<number>): Moments => {
  const count = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { count, mean, variance: count < 2 ? NaN : squares / (count - 1) }
}

export interface MeanDifference {
  /** First mean less second mean, in the unit of the values. */
  readonly difference: number
  readonly standardError: number
  /** Welch's degrees of freedom; null where neither group has any spread. */
  readonly degrees: number | null
  /** Difference over standard error; null where neither group has any spread. */
  readonly t: number | null
  /** Two-sided, from Student's t; null where neither group has any spread. */
  readonly p: number | null
  /** From Student's t: right for small groups too. */
  readonly interval: Interval
  /** From the normal distribution: the same for large groups, too narrow for small ones. */
  readonly normalInterval: Interval
}

const around = (centre: number, half: number): Interval => ({ low: centre - half, high: centre + half })

/**
 * d = x̄ − ȳ, SE = √(s²/n + s'²/n'), ν = SE⁴ / ((s²/n)²/(n − 1) + (s'²/n')²/(n' − 1)). Null below two values in either
 * group. Skewed values (spending) need some hundreds in each group for the interval to hold.
 */
export const welch = (first: Moments, second: Moments, confidence = 0.95): MeanDifference | null => {
  if (!(first.count >= 2 && second.count >= 2)) return null
  const [one, two] = [first.variance / first.count, second.variance / second.count]
  const difference = first.mean - second.mean
  const standardError = Math.sqrt(one + two)
  const degrees =
    standardError > 0 ? (one + two) ** 2 / (one ** 2 / (first.count - 1) + two ** 2 / (second.count - 1)) : null
  const t = degrees === null ? null : difference / standardError
  return {
    difference,
    standardError,
    degrees,
    t,
    p: t === null || degrees === null ? null : StudentT.twoSided(t, degrees),
    interval: around(difference, degrees === null ? 0 : StudentT.twoSidedQuantile(confidence, degrees) * standardError),
    normalInterval: around(difference, Normal.twoSidedQuantile(confidence) * standardError),
  }
}

export interface RelativeLift {
  /** First mean over second mean, less 1; 0.2 is 20 % more. */
  readonly lift: number
  readonly standardError: number
}

/**
 * x̄/ȳ − 1 with SE = √(s²/n / ȳ² + x̄² s'²/n' / ȳ⁴) by the delta method. Null below two values in either group, and
 * where the second mean is 0: nothing is a multiple of it. Unreliable where the second mean is within some two standard
 * errors of 0.
 */
export const relativeLift = (first: Moments, second: Moments): RelativeLift | null => {
  if (!(first.count >= 2 && second.count >= 2) || second.mean === 0) return null
  const ratio = first.mean / second.mean
  return {
    lift: ratio - 1,
    standardError:
      Math.sqrt(first.variance / first.count + (ratio ** 2 * second.variance) / second.count) / Math.abs(second.mean),
  }
}

/** The interval of one mean from Student's t; null below two values. */
export const interval = ({ count, mean, variance }: Moments, confidence = 0.95): Interval | null =>
  count < 2 ? null : around(mean, StudentT.twoSidedQuantile(confidence, count - 1) * Math.sqrt(variance / count))
