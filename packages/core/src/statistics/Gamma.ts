/**
 * The gamma function, its incomplete integrals and the gamma distribution.
 *
 * Logarithms come from Stirling's series after shifting the argument to 10 or more (Abramowitz and Stegun 6.1.41), with
 * an absolute error of about 1e-15 near zero and a relative one of 1e-15 elsewhere. The incomplete integrals are the
 * series below the mean and Legendre's continued fraction above it (6.5.29, 6.5.31); both tails keep their relative
 * precision. Arguments are positive; anything else gives NaN.
 */
import * as Root from "./Root.ts"

const halfLogTwoPi = 0.9189385332046728

/** Coefficients of Stirling's series in 1/x, 1/x³, … (Bernoulli numbers B₂ₖ / (2k (2k − 1))). */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400]

/** What Stirling's formula leaves of ln Γ(x): ln Γ(x) − (x − ½) ln x + x − ½ ln 2π. For x of 10 or more. */
export const stirlingRemainder = (x: number): number => {
  const square = 1 / (x * x)
  let sum = 0
  for (let at = stirling.length - 1; at >= 0; at--) sum = sum * square + (stirling[at] ?? 0)
  return sum / x
}

/** ln Γ(x) for x > 0; infinite at 0, NaN below. */
export const logGamma = (x: number): number => {
  if (!(x > 0)) return x === 0 ? Infinity : NaN
  if (x === 1 || x === 2) return 0
  let [shifted, product] = [x, 1]
  for (; shifted < 10; shifted++) product *= shifted
  return (shifted - 0.5) * Math.log(shifted) - shifted + halfLogTwoPi + stirlingRemainder(shifted) - Math.log(product)
}

/** ln(1 + d) − d without cancellation, for d > −1. */
export const logOneMinus = (d: number): number => {
  if (Math.abs(d) > 0.3) return Math.log1p(d) - d
  // With u = d / (2 + d): ln(1 + d) = 2 (u + u³/3 + u⁵/5 + …), and d = 2u / (1 − u).
  const u = d / (2 + d)
  let [power, sum] = [u, 0]
  for (let odd = 3; odd < 60; odd += 2) {
    power *= u * u
    sum += power / odd
    if (Math.abs(power) < 1e-18 * Math.abs(sum)) break
  }
  return 2 * sum - u * d
}

/** xˢ e⁻ˣ / Γ(s). */
const weight = (shape: number, x: number): number =>
  shape < 10
    ? Math.exp(shape * Math.log(x) - x - logGamma(shape))
    : Math.sqrt(shape / (2 * Math.PI)) * Math.exp(shape * logOneMinus((x - shape) / shape) - stirlingRemainder(shape))

const lowerSeries = (shape: number, x: number): number => {
  let [term, sum] = [1 / shape, 1 / shape]
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= x / (shape + n)
    sum += term
  }
  return sum * weight(shape, x)
}

const upperFraction = (shape: number, x: number): number => {
  const tiny = 1e-300
  let b = x + 1 - shape
  let [c, d] = [1 / tiny, 1 / b]
  let value = d
  for (let n = 1; n < 1_000_000; n++) {
    const a = -n * (n - shape)
    b += 2
    d = 1 / (a * d + b || tiny)
    c = b + a / c || tiny
    value *= d * c
    if (Math.abs(d * c - 1) < 1e-16) break
  }
  return value * weight(shape, x)
}

/** P(shape, x): the share of a gamma distribution with scale 1 that lies below `x`. */
export const lower = (shape: number, x: number): number => {
  if (!(shape > 0) || Number.isNaN(x)) return NaN
  if (x <= 0) return 0
  if (x === Infinity) return 1
  return x < shape + 1 ? lowerSeries(shape, x) : 1 - upperFraction(shape, x)
}

/** Q(shape, x) = 1 − P(shape, x), precise in the far tail. */
export const upper = (shape: number, x: number): number => {
  if (!(shape > 0) || Number.isNaN(x)) return NaN
  if (x <= 0) return 1
  if (x === Infinity) return 0
  return x < shape + 1 ? 1 - lowerSeries(shape, x) : upperFraction(shape, x)
}

/** The `x` below which the share `probability` of a gamma distribution with scale 1 lies. */
export const quantile = (probability: number, shape: number): number => {
  if (!(shape > 0) || !(probability >= 0 && probability <= 1)) return NaN
  if (probability === 0) return 0
  if (probability === 1) return Infinity
  const miss =
    probability < 0.5 ? (x: number) => lower(shape, x) - probability : (x: number) => 1 - probability - upper(shape, x)
  let high = shape + 1
  while (miss(high) < 0) high *= 2
  return Root.between(miss, 0, high) ?? NaN
}
