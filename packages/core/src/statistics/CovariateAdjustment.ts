/**
 * CUPED: a comparison made sharper by what was known before it began (Deng, Xu, Kohavi and Walker 2013).
 *
 * Each value is corrected by how much of it its covariate explains, with one slope over both groups. The covariate must
 * be from before the treatment: anything that the treatment can change biases the result. It always says how much
 * variance was saved, since a weak covariate saves nothing.
 */
import { type MeanDifference, moments, welch } from "./Mean.ts"

/** A value with what was known of the same person before. */
export interface Paired {
  readonly value: number
  readonly covariate: number
}

export interface AdjustedDifference extends MeanDifference {
  /** Cov(Y, X) / Var(X) over both groups. */
  readonly theta: number
  /** Share of the variance of the difference that the adjustment took away; can be below 0 where it made things worse. */
  readonly varianceReduction: number
}

/**
 * Y' = Y − θ (X − X̄) with θ = Cov(Y, X) / Var(X), then Welch on Y'. A covariate that never varies has θ = 0 and saves
 * nothing. Null below two people in either group.
 */
export const cuped = (
  first: ReadonlyArray<Paired>,
  second: ReadonlyArray<Paired>,
  confidence = 0.95,
): AdjustedDifference | null => {
  const all = [...first, ...second]
  const covariate = moments(all.map((one) => one.covariate))
  const value = moments(all.map((one) => one.value))
  const shared = all.reduce((sum, one) => sum + (one.covariate - covariate.mean) * (one.value - value.mean), 0)
  const spread = covariate.variance * (all.length - 1)
  const theta = spread > 0 ? shared / spread : 0
  const valuesOf = (group: ReadonlyArray<Paired>) => moments(group.map((one) => one.value))
  const adjusted = (group: ReadonlyArray<Paired>) =>
    moments(group.map((one) => one.value - theta * (one.covariate - covariate.mean)))
  const plain = welch(valuesOf(first), valuesOf(second), confidence)
  const found = welch(adjusted(first), adjusted(second), confidence)
  if (plain === null || found === null) return null
  return {
    ...found,
    theta,
    varianceReduction: plain.standardError === 0 ? 0 : 1 - (found.standardError / plain.standardError) ** 2,
  }
}
