/**
 * Student's t distribution, for any positive number of degrees of freedom (Welch's need not be whole).
 *
 * P(|T| > t) = I(ν / (ν + t²); ν/2, ½) (Abramowitz and Stegun 26.7.1). Infinitely many degrees are the normal
 * distribution. No degrees of freedom give NaN.
 */
import * as Beta from "./Beta.ts"
import * as Normal from "./Normal.ts"
import * as Root from "./Root.ts"

/** P of a deviation at least as large as `t`, on either side. */
export const twoSided = (t: number, degrees: number): number => {
  if (degrees === Infinity) return Normal.twoSided(t)
  if (!Number.isFinite(t)) return Number.isNaN(t) ? NaN : 0
  const all = degrees + t * t
  return Beta.lower(degrees / 2, 0.5, degrees / all, (t * t) / all)
}

/** The share above `t`. */
export const upperTail = (t: number, degrees: number): number => {
  const both = twoSided(t, degrees)
  return t > 0 ? both / 2 : 1 - both / 2
}

/** The share below `t`. */
export const cumulative = (t: number, degrees: number): number => upperTail(-t, degrees)

/** The `t` below which the share `probability` lies; infinite at 0 and 1. */
export const quantile = (probability: number, degrees: number): number => {
  if (!(probability >= 0 && probability <= 1) || !(degrees > 0)) return NaN
  if (degrees === Infinity) return Normal.quantile(probability)
  if (probability === 0.5) return 0
  const [tail, sign] = probability < 0.5 ? [probability, -1] : [1 - probability, 1]
  if (tail === 0) return sign * Infinity
  // Logarithms, so that the heavy tail of few degrees is nearly a straight line.
  const miss = (logT: number) => Math.log(tail) - Math.log(upperTail(Math.exp(logT), degrees))
  let [low, high] = [-1, 1]
  while (miss(low) > 0) low -= 4
  while (miss(high) < 0) high += 1
  return sign * Math.exp(Root.between(miss, low, high) ?? NaN)
}

/** The half-width of a two-sided interval at `confidence` (for example 0.95), in standard errors. */
export const twoSidedQuantile = (confidence: number, degrees: number): number =>
  -quantile((1 - confidence) / 2, degrees)
