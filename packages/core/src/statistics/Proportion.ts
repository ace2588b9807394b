/**
 * Shares, and differences of shares, with an honest interval.
 *
 * Wilson's score interval (Wilson 1927), the exact interval (Clopper and Pearson 1934) and the hybrid score interval of a
 * difference (Newcombe 1998, method 10). No observations give no estimate, never zero.
 */
import * as Beta from "./Beta.ts"
import * as Normal from "./Normal.ts"

export interface Interval {
  readonly low: number
  readonly high: number
}

/**
 * Wilson's interval of `successes / trials`, both counts; null without trials.
 *
 * (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n). Keeps to [0, 1], and to the end itself at 0 or `trials`.
 */
export const wilson = (successes: number, trials: number, confidence = 0.95): Interval | null => {
  if (!(trials > 0)) return null
  const z = Normal.twoSidedQuantile(confidence)
  const share = successes / trials
  const squared = z * z
  const centre = (share + squared / (2 * trials)) / (1 + squared / trials)
  const half =
    (z * Math.sqrt((share * (1 - share)) / trials + squared / (4 * trials * trials))) / (1 + squared / trials)
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half),
  }
}

/**
 * The exact interval of `successes / trials` (Clopper and Pearson 1934); null without trials.
 *
 * Quantiles of beta distributions: α/2 of B(x, n − x + 1) and 1 − α/2 of B(x + 1, n − x). Covers at least as often as it
 * says, hence is wider than needed; Wilson's is the better default.
 */
export const clopperPearson = (successes: number, trials: number, confidence = 0.95): Interval | null => {
  if (!(trials > 0)) return null
  const tail = (1 - confidence) / 2
  const failures = trials - successes
  return {
    low: successes === 0 ? 0 : Beta.quantile(tail, successes, failures + 1),
    high: failures === 0 ? 1 : Beta.quantile(1 - tail, successes + 1, failures),
  }
}

export interface Difference extends Interval {
  /** First share less second share. */
  readonly difference: number
}

/**
 * The difference of two independent shares with Newcombe's hybrid score interval; null where either has no trials.
 *
 * With Wilson's (l, u) of each: d − √((p₁ − l₁)² + (u₂ − p₂)²) to d + √((u₁ − p₁)² + (p₂ − l₂)²).
 */
export const newcombe = (
  first: { readonly successes: number; readonly trials: number },
  second: { readonly successes: number; readonly trials: number },
  confidence = 0.95,
): Difference | null => {
  const [one, two] = [
    wilson(first.successes, first.trials, confidence),
    wilson(second.successes, second.trials, confidence),
  ]
  if (one === null || two === null) return null
  const [p, q] = [first.successes / first.trials, second.successes / second.trials]
  return {
    difference: p - q,
    low: p - q - Math.hypot(p - one.low, two.high - q),
    high: p - q + Math.hypot(one.high - p, q - two.low),
  }
}

/** How many of the first `count` entries of `sorted`, all different, are below `value`. */
const placeIn = (sorted: Float64Array, count: number, value: number): number => {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Percentile of each value among all, by average rank, from 0 (exclusive) to 1; NaN for what is no number, which takes the last ranks.
 *
 * Works in columns of numbers, for a million values and more; `percentiles` is the same as a list.
 */
export const ranks = (values: Float64Array): Float64Array => {
  // Values in order, then each different one once, with the average rank of its equals.
  const distinct = Float64Array.from(values).sort()
  const ranked = new Float64Array(values.length)
  let count = 0
  for (let start = 0; start < distinct.length; count++) {
    const value = distinct[start] ?? 0
    let end = start
    while (end + 1 < distinct.length && distinct[end + 1] === value) end++
    ranked[count] = ((start + end) / 2 + 1) / distinct.length
    distinct[count] = value
    start = end + 1
  }
  return values.map((value) => (Number.isNaN(value) ? NaN : (ranked[placeIn(distinct, count, value)] ?? 0)))
}

/** Percentile of each value among all, by average rank, from 0 (exclusive) to 1. */
export const percentiles = (values: ReadonlyArray<number>): ReadonlyArray<number> => [
  ...ranks(Float64Array.from(values)),
]
