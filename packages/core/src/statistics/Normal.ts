/**
 * The standard normal distribution.
 *
 * Tails come from the incomplete gamma integral, Φ(−z) = ½ Q(½, z²/2), and keep their relative precision as far as
 * doubles reach. Quantiles are Wichura's (1988, AS 241), good to about 1e-16.
 */
import * as Gamma from "./Gamma.ts"

/** Two-sided 95 %: the 97.5 % quantile. */
export const z95 = 1.959963984540054

/** The share above `z`. */
export const upperTail = (z: number): number =>
  z > 0 ? Gamma.upper(0.5, (z * z) / 2) / 2 : (1 + Gamma.lower(0.5, (z * z) / 2)) / 2

/** The share below `z`. */
export const cumulative = (z: number): number => upperTail(-z)

/** P of a deviation at least as large as `z`, on either side. */
export const twoSided = (z: number): number => Gamma.upper(0.5, (z * z) / 2)

/** Density at `z`. */
export const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)

const polynomial = (coefficients: ReadonlyArray<number>, x: number): number =>
  coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0)

/** Numerator and denominator, lowest power first, of Wichura's three ranges: the middle, the tails, the far tails. */
const middle = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852546,
  ],
] as const
const tail = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
] as const
const farTail = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
] as const

/** The `z` below which the share `probability` lies; infinite at 0 and 1. */
export const quantile = (probability: number): number => {
  if (!(probability >= 0 && probability <= 1)) return NaN
  const fromMiddle = probability - 0.5
  if (Math.abs(fromMiddle) <= 0.425) {
    const r = 0.180625 - fromMiddle * fromMiddle
    return (fromMiddle * polynomial(middle[0], r)) / polynomial(middle[1], r)
  }
  const smaller = Math.min(probability, 1 - probability)
  if (smaller === 0) return fromMiddle < 0 ? -Infinity : Infinity
  const r = Math.sqrt(-Math.log(smaller))
  const [[upper, lower], offset] = r <= 5 ? [tail, r - 1.6] : [farTail, r - 5]
  return (Math.sign(fromMiddle) * polynomial(upper, offset)) / polynomial(lower, offset)
}

/** The half-width of a two-sided interval at `confidence` (for example 0.95), in standard errors. */
export const twoSidedQuantile = (confidence: number): number =>
  confidence === 0.95 ? z95 : -quantile((1 - confidence) / 2)
