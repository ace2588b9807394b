/**
 * The beta function, its incomplete integral and the beta distribution.
 *
 * The logarithm keeps its precision where one argument is large (Didonato and Morris 1992, TOMS 708: Stirling's
 * remainders in place of differences of large logarithms). The incomplete integral is the continued fraction of
 * Abramowitz and Stegun 26.5.8 by Lentz's rule: about 13 digits, 9 where one argument is in the millions. Arguments are
 * positive; anything else gives NaN.
 */
import { logGamma, logOneMinus, stirlingRemainder } from "./Gamma.ts"
import * as Root from "./Root.ts"

const halfLogTwoPi = 0.9189385332046728

/** ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b). */
export const logBeta = (a: number, b: number): number => {
  const [small, large] = a < b ? [a, b] : [b, a]
  if (!(small > 0)) return small === 0 ? Infinity : NaN
  const both = small + large
  if (large < 10) return logGamma(small) + logGamma(large) - logGamma(both)
  const rest = stirlingRemainder(large) - stirlingRemainder(both)
  if (small < 10) {
    return logGamma(small) + rest + small - small * Math.log(both) + (large - 0.5) * Math.log1p(-small / both)
  }
  return (
    halfLogTwoPi -
    Math.log(large) / 2 +
    stirlingRemainder(small) +
    rest +
    (small - 0.5) * Math.log(small / both) +
    large * Math.log1p(-small / both)
  )
}

/** xᵃ yᵇ / B(a, b) with y = 1 − x. */
const weight = (a: number, b: number, x: number, y: number): number => {
  if (a < 10 || b < 10) {
    // The logarithm of what is close to one comes from the other, which is small and exact.
    const [logX, logY] = x < y ? [Math.log(x), Math.log1p(-x)] : [Math.log1p(-y), Math.log(y)]
    return Math.exp(a * logX + b * logY - logBeta(a, b))
  }
  const all = a + b
  const [p, q] = [a / all, b / all]
  const rest = stirlingRemainder(a) + stirlingRemainder(b) - stirlingRemainder(all)
  const exponent = a * logOneMinus((x - p) / p) + b * logOneMinus((y - q) / q)
  return Math.sqrt((a * q) / (2 * Math.PI)) * Math.exp(exponent - rest)
}

const fraction = (a: number, b: number, x: number): number => {
  const tiny = 1e-300
  let [c, d] = [1, 1 / (1 - ((a + b) * x) / (a + 1) || tiny)]
  let value = d
  for (let m = 1; m < 1_000_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + even * d || tiny)
    c = 1 + even / c || tiny
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + odd * d || tiny)
    c = 1 + odd / c || tiny
    value *= d * c
    if (Math.abs(d * c - 1) < 1e-16) break
  }
  return value
}

/**
 * I(x; a, b): the share of a beta distribution below `x`. `complement` is 1 − x, for callers who know it better than
 * subtraction does; both tails are precise that way, since I(x; a, b) = 1 − I(1 − x; b, a).
 */
export const lower = (a: number, b: number, x: number, complement = 1 - x): number => {
  if (!(a > 0 && b > 0) || Number.isNaN(x)) return NaN
  if (x <= 0) return 0
  if (complement <= 0) return 1
  return x < (a + 1) / (a + b + 2)
    ? (weight(a, b, x, complement) * fraction(a, b, x)) / a
    : 1 - (weight(a, b, x, complement) * fraction(b, a, complement)) / b
}

/** The share of a beta distribution above `x`, precise in the far tail. */
export const upper = (a: number, b: number, x: number, complement = 1 - x): number => lower(b, a, complement, x)

/** The `x` below which the share `probability` of a beta distribution lies. */
export const quantile = (probability: number, a: number, b: number): number => {
  if (!(a > 0 && b > 0) || !(probability >= 0 && probability <= 1)) return NaN
  if (probability === 0 || probability === 1) return probability
  return Root.between((x) => lower(a, b, x) - probability, 0, 1) ?? NaN
}
