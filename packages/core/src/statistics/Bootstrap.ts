/**
 * Intervals by resampling, where no formula holds: counts that a few people make most of.
 *
 * The percentile bootstrap (Efron 1979): draw as many observations with replacement, again and again, and take the
 * middle of what comes out. Deterministic: the same seed gives the same draws. Too narrow for small samples (below about
 * 30), and blind to what the sample did not see.
 */
import type { Interval } from "./Proportion.ts"

/** Numbers from 0 to 1 (exclusive) out of `seed`: splitmix32 (Steele, Lea, Flood 2014). Not for secrets. */
export const draws = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
}

/** The value below which the share `probability` of `sorted` lies, between neighbours by position (Hyndman and Fan's type 7). */
export const sampleQuantile = (sorted: ReadonlyArray<number>, probability: number): number | null => {
  const position = (sorted.length - 1) * probability
  const [low, high] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]]
  return low === undefined || high === undefined ? null : low + (high - low) * (position - Math.floor(position))
}

/** The interval of the mean of `values`; null with fewer than two. */
export const bootstrapMean = (
  values: ReadonlyArray<number>,
  seed: number,
  confidence = 0.95,
  rounds = 1_000,
): Interval | null => {
  if (values.length < 2) return null
  const next = draws(seed)
  const means = Array.from({ length: rounds }, () => {
    let sum = 0
    for (let drawn = 0; drawn < values.length; drawn++) sum += values[Math.floor(next() * values.length)] ?? 0
    return sum / values.length
  }).sort((a, b) => a - b)
  const [low, high] = [sampleQuantile(means, (1 - confidence) / 2), sampleQuantile(means, (1 + confidence) / 2)]
  return low === null || high === null ? null : { low, high }
}
