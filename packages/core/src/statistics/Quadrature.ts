/**
 * Integrals of smooth functions, by their logarithms.
 *
 * Gauss-Legendre with 16 nodes (Golub and Welsch 1969; nodes by Newton's method on Legendre's polynomial) on each of
 * several pieces. Exact to rounding where the integrand changes by less than e²⁰ over a piece and has no corner.
 */

const count = 16

/** Pₙ(x) and its derivative. */
const legendre = (x: number): readonly [number, number] => {
  let [before, value] = [1, x]
  for (let n = 2; n <= count; n++) [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n]
  return [value, (count * (before - x * value)) / (1 - x * x)]
}

/** Nodes in [−1, 1] and their weights. */
const nodes: ReadonlyArray<readonly [number, number]> = Array.from({ length: count }, (_, index) => {
  let x = Math.cos((Math.PI * (index + 0.75)) / (count + 0.5))
  for (let round = 0; round < 10; round++) {
    const [value, slope] = legendre(x)
    x -= value / slope
  }
  const [, slope] = legendre(x)
  return [x, 2 / ((1 - x * x) * slope * slope)]
})

/**
 * ln ∫ exp(g(u)) du from `from` to `to`, in pieces no longer than `piece`; −∞ over nothing. `g` must be concave: then
 * what follows a piece that adds nothing adds nothing either, and is left out.
 */
export const logIntegral = (g: (u: number) => number, from: number, to: number, piece: number): number => {
  if (!(to > from)) return -Infinity
  const pieces = Math.max(1, Math.ceil((to - from) / piece))
  const half = (to - from) / pieces / 2
  const offset = g(from)
  let total = 0
  for (let at = 0; at < pieces; at++) {
    const middle = from + (2 * at + 1) * half
    let sum = 0
    for (const [node, weight] of nodes) sum += weight * Math.exp(g(middle + half * node) - offset)
    total += sum * half
    if (sum * half < 1e-18 * total) break
  }
  return offset + Math.log(total)
}
