/**
 * Gauss's hypergeometric function ₂F₁(a, b; c; z) for 0 ≤ z < 1, as models of purchases need it.
 *
 * Euler's transformation (Abramowitz and Stegun 15.3.3) where it makes terms shrink faster, then the series (15.1.1).
 * About 14 digits where terms do not alternate in sign; z beyond 0.9999 takes many terms. Values that overflow are
 * infinite: use `excess` where parameters are in the hundreds.
 */

/** Terms after which a series is taken as it is; reached only within 1e-5 of z = 1. */
const mostTerms = 2_000_000

/** Σₙ of the series from n = 0, whose value at n = 0 is 1. */
const series = (a: number, b: number, c: number, z: number): number => {
  let [term, sum] = [1, 1]
  for (let n = 0; n < mostTerms; n++) {
    const ratio = (((a + n) * (b + n)) / ((c + n) * (1 + n))) * z
    term *= ratio
    sum += term
    // Terms may still grow: only a falling one tells that the rest is small.
    if (Math.abs(term) <= 1e-17 * Math.abs(sum) && Math.abs(ratio) < 1) break
  }
  return sum
}

/** ₂F₁(a, b; c; z) for 0 ≤ z < 1 and c other than 0, −1, −2 …; NaN elsewhere. */
export const gauss = (a: number, b: number, c: number, z: number): number => {
  if (!(z >= 0 && z < 1)) return NaN
  return c - a - b < 0 ? (1 - z) ** (c - a - b) * series(c - a, c - b, c, z) : series(a, b, c, z)
}

/**
 * c (₂F₁(a, b; c; z) − 1) / b for 0 ≤ z < 1 and c > −1, without cancellation as b goes to 0, where the quotient stays
 * finite: Σₙ (a)ₙ (b + 1)ₙ₋₁ / ((c + 1)ₙ₋₁ n!) zⁿ.
 */
export const excess = (a: number, b: number, c: number, z: number): number => {
  if (!(z >= 0 && z < 1)) return NaN
  let term = a * z
  let sum = term
  for (let n = 1; n < mostTerms; n++) {
    const ratio = (((a + n) * (b + n)) / ((c + n) * (1 + n))) * z
    term *= ratio
    sum += term
    if (Math.abs(term) <= 1e-17 * Math.abs(sum) && Math.abs(ratio) < 1) break
  }
  return sum
}
