/**
 * Logistic regression: the chance of an outcome from several features.
 *
 * Maximum likelihood without penalty by Newton's method (iteratively reweighted least squares; McCullagh and Nelder
 * 1989). The constant is added here and comes first. Where there is no single maximum there is no answer: features that
 * follow from each other, one outcome only, or features that tell the outcomes apart perfectly.
 */
import { inverse, type Matrix, solve } from "./LinearSystem.ts"

export interface Logistic {
  /** The constant, then one for each feature: ln of the odds for each unit of it. */
  readonly coefficients: ReadonlyArray<number>
  /** From the inverse of the information at the maximum. */
  readonly standardErrors: ReadonlyArray<number>
  readonly logLikelihood: number
  readonly rounds: number
}

const dot = (coefficients: ReadonlyArray<number>, row: Float64Array): number =>
  coefficients.reduce((sum, coefficient, at) => sum + coefficient * (row[at] ?? 0), 0)

const chanceAt = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds))

/** ln(1 + e^x) without overflow. */
const softplus = (x: number): number => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)))

interface Step {
  readonly logLikelihood: number
  readonly gradient: ReadonlyArray<number>
  readonly information: Matrix
}

const stepAt = (
  rows: ReadonlyArray<Float64Array>,
  outcomes: ReadonlyArray<boolean>,
  coefficients: ReadonlyArray<number>,
): Step => {
  const size = coefficients.length
  const gradient = new Float64Array(size)
  const information = Array.from({ length: size }, () => new Float64Array(size))
  let logLikelihood = 0
  rows.forEach((row, person) => {
    const logOdds = dot(coefficients, row)
    const chance = chanceAt(logOdds)
    const happened = outcomes[person] === true ? 1 : 0
    logLikelihood += happened * logOdds - softplus(logOdds)
    const weight = chance * (1 - chance)
    for (let i = 0; i < size; i++) {
      const value = row[i] ?? 0
      gradient[i] = (gradient[i] ?? 0) + (happened - chance) * value
      const target = information[i]
      if (target === undefined) continue
      for (let j = 0; j < size; j++) target[j] = (target[j] ?? 0) + weight * value * (row[j] ?? 0)
    }
  })
  return { logLikelihood, gradient: [...gradient], information: information.map((row) => [...row]) }
}

/** Longest that a maximum may take to be found; a likelihood that only rises towards infinity never gets there. */
const mostRounds = 60

/** Null where there is no single maximum. Features may be of any scale. */
export const fit = (features: Matrix, outcomes: ReadonlyArray<boolean>): Logistic | null => {
  if (features.length === 0 || features.length !== outcomes.length) return null
  const width = features[0]?.length ?? 0
  // Every feature is measured in its own size while solving, so that units cannot make the system look singular.
  const scales = [1, ...Array.from({ length: width }, (_, at) => sizeOf(features, at))]
  if (scales.some((scale) => !(scale > 0 && scale < Infinity))) return null
  const rows = features.map((row) => Float64Array.from([1, ...row].map((value, at) => value / (scales[at] ?? 1))))
  let coefficients: ReadonlyArray<number> = scales.map(() => 0)
  let step = stepAt(rows, outcomes, coefficients)
  for (let round = 1; round <= mostRounds; round++) {
    const move = solve(step.information, step.gradient)
    if (move === null) return null
    let [part, next, reached] = [1, step, coefficients]
    do {
      const share = part
      reached = coefficients.map((coefficient, at) => coefficient + share * (move[at] ?? 0))
      next = stepAt(rows, outcomes, reached)
      part /= 2
      // Rounding may make the last step look like a loss.
    } while (!(next.logLikelihood >= step.logLikelihood - 1e-9 * Math.abs(step.logLikelihood)) && part > 1e-9)
    ;[coefficients, step] = [reached, next]
    const largest = Math.max(...move.map(Math.abs))
    if (largest > 1e-9 * Math.max(1, ...coefficients.map(Math.abs))) continue
    const covariance = inverse(step.information)
    if (covariance === null) return null
    return {
      coefficients: coefficients.map((coefficient, at) => coefficient / (scales[at] ?? 1)),
      standardErrors: covariance.map((row, at) => Math.sqrt(row[at] ?? NaN) / (scales[at] ?? 1)),
      logLikelihood: step.logLikelihood,
      rounds: round,
    }
  }
  return null
}

const sizeOf = (features: Matrix, at: number): number =>
  features.reduce((most, row) => Math.max(most, Math.abs(row[at] ?? 0)), 0)

/** The chance for one person, 0 to 1. */
export const chance = ({ coefficients }: Logistic, features: ReadonlyArray<number>): number =>
  chanceAt(dot(coefficients, Float64Array.from([1, ...features])))

/**
 * Chances for everybody from models that have not seen them: people of one fold are predicted from all other folds. Null
 * where one of the models has no maximum.
 */
export const heldOut = (
  features: Matrix,
  outcomes: ReadonlyArray<boolean>,
  folds: ReadonlyArray<number>,
): ReadonlyArray<number> | null => {
  const chances = Array.from(features, () => 0)
  for (const fold of new Set(folds)) {
    const learned = [...features.keys()].filter((at) => folds[at] !== fold)
    const model = fit(
      learned.map((at) => features[at] ?? []),
      learned.map((at) => outcomes[at] === true),
    )
    if (model === null) return null
    features.forEach((row, at) => {
      if (folds[at] === fold) chances[at] = chance(model, row)
    })
  }
  return chances
}
