/**
 * The zero of a continuous function between two points of opposite sign.
 *
 * Brent's method (Brent 1973, chapter 4): as safe as halving, nearly as fast as Newton. Quantiles are found with it. It
 * finds one crossing; that there is only one is the caller's business (distribution functions are monotone).
 */

/** Relative distance of neighbouring doubles. */
const epsilon = 2 ** -52

interface Bracket {
  /** The better end, the former better end, and the end on the other side of the crossing. */
  readonly best: number
  readonly former: number
  readonly other: number
  readonly atBest: number
  readonly atFormer: number
  readonly atOther: number
}

/** Inverse quadratic, or linear with two points: the step from `best`, as a quotient. */
const interpolated = ({ atBest, atFormer, atOther, best, former, other }: Bracket): readonly [number, number] => {
  const half = (other - best) / 2
  const ratio = atBest / atFormer
  if (former === other) return [2 * half * ratio, 1 - ratio]
  const [q, r] = [atFormer / atOther, atBest / atOther]
  return [ratio * (2 * half * q * (q - r) - (best - former) * (r - 1)), (q - 1) * (r - 1) * (ratio - 1)]
}

/** Ends of a bracket with the crossing between `best` and `other`, the smaller value at `best`. */
const ordered = (bracket: Bracket): Bracket => {
  const { atBest, atFormer, best, former } = bracket
  const between = atBest > 0 === bracket.atOther > 0 ? { ...bracket, other: former, atOther: atFormer } : bracket
  return Math.abs(between.atOther) < Math.abs(atBest)
    ? {
        best: between.other,
        atBest: between.atOther,
        former: best,
        atFormer: atBest,
        other: best,
        atOther: atBest,
      }
    : between
}

/**
 * `x` between `low` and `high` with `f(x) = 0`, to about 1e-15 relative; null where both ends have the same sign.
 * Not more than 200 evaluations; a function with a jump gives the place of the jump.
 */
export const between = (f: (x: number) => number, low: number, high: number): number | null => {
  const [atLow, atHigh] = [f(low), f(high)]
  if (atLow === 0) return low
  if (atHigh === 0) return high
  if (!(atLow < 0 !== atHigh < 0) || Number.isNaN(atLow) || Number.isNaN(atHigh)) return null
  let bracket = ordered({ best: high, atBest: atHigh, former: low, atFormer: atLow, other: low, atOther: atLow })
  let [step, stepBefore] = [high - low, high - low]
  for (let round = 0; round < 200; round++) {
    const half = (bracket.other - bracket.best) / 2
    const enough = epsilon * Math.abs(bracket.best) + Number.MIN_VALUE
    if (Math.abs(half) <= enough || bracket.atBest === 0) return bracket.best
    let next = half
    if (Math.abs(stepBefore) > enough && Math.abs(bracket.atFormer) > Math.abs(bracket.atBest)) {
      const [upper, lower] = interpolated(bracket)
      const [above, below] = upper > 0 ? [upper, -lower] : [-upper, lower]
      const small = 2 * above < Math.min(3 * half * below - Math.abs(enough * below), Math.abs(stepBefore * below))
      if (small) next = above / below
    }
    ;[stepBefore, step] = [next === half ? half : step, next]
    const at = bracket.best + (Math.abs(step) > enough ? step : Math.sign(half) * enough)
    bracket = ordered({ ...bracket, former: bracket.best, atFormer: bracket.atBest, best: at, atBest: f(at) })
  }
  return bracket.best
}
