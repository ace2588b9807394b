/**
 * Positive parameters fitted by maximum likelihood.
 *
 * Searches over their logarithms, from several starts where one is not enough, and says when the data do not determine
 * them: a parameter that runs to zero or to infinity is no estimate.
 */
import { covariance, minimum } from "./Minimum.ts"

export interface Fit {
  /** In the order of the starting values. */
  readonly parameters: ReadonlyArray<number>
  readonly logLikelihood: number
  /** By the curvature of the likelihood in the logarithms (delta rule). */
  readonly standardErrors: ReadonlyArray<number>
  /** How often the likelihood was computed. */
  readonly evaluations: number
}

/** No estimate, and why. */
export interface NoFit {
  readonly parameters: null
  readonly reason: string
}

/** Beyond e^±limit a parameter has left every plausible range. */
const limit = 14

/** With a standard error of its logarithm beyond this, a parameter is not known within a factor of a hundred. */
const loosest = 5

/** Two standard errors away a likelihood has fallen by about 2; where it has not fallen by this, it has no end. */
const leastFall = 0.1

const undetermined = (name = "the parameters"): NoFit => ({
  parameters: null,
  reason: `the data do not determine ${name}`,
})

/**
 * Maximises `logLikelihood` (of all `observations` together) over positive parameters from `starts`; the best end
 * counts. `names` are for the reason when one of them has no estimate.
 */
export const maximise = (
  logLikelihood: (parameters: ReadonlyArray<number>) => number,
  names: ReadonlyArray<string>,
  starts: ReadonlyArray<ReadonlyArray<number>>,
  observations: number,
): Fit | NoFit => {
  const objective = (logs: ReadonlyArray<number>): number =>
    logs.some((log) => Math.abs(log) > 2 * limit) ? Infinity : -logLikelihood(logs.map(Math.exp)) / observations
  const ends = starts.map((start) => minimum(objective, start.map(Math.log)))
  const best = ends.reduce((a, b) => (b.value < a.value ? b : a))
  if (!Number.isFinite(best.value)) return { parameters: null, reason: "the likelihood has no value for these data" }
  const spread = covariance(objective, best.at, observations)
  if (spread === null) {
    const furthest = best.at.reduce((a, log, index) => (Math.abs(log) > Math.abs(best.at[a] ?? 0) ? index : a), 0)
    return undetermined(names[furthest])
  }
  const deviations = spread.map((row, index) => Math.sqrt(row[index] ?? 0))
  /** By how much ln L falls two standard errors of one parameter away, the others following as they depend on it. */
  const fall = (index: number, sign: number): number => {
    const steps = spread[index]?.map((one) => (sign * 2 * one) / (deviations[index] ?? NaN)) ?? []
    return (objective(best.at.map((log, at) => log + (steps[at] ?? 0))) - best.value) * observations
  }
  const astray = best.at.findIndex(
    (log, index) =>
      Math.abs(log) > limit ||
      (deviations[index] ?? 0) > loosest ||
      Math.min(fall(index, 1), fall(index, -1)) < leastFall,
  )
  if (astray >= 0) return undetermined(names[astray])
  if (!best.converged) return { parameters: null, reason: "the likelihood has no maximum that could be found" }
  const parameters = best.at.map(Math.exp)
  return {
    parameters,
    logLikelihood: -best.value * observations,
    standardErrors: deviations.map((deviation, index) => (parameters[index] ?? 0) * deviation),
    evaluations: ends.reduce((sum, end) => sum + end.evaluations, 0),
  }
}
