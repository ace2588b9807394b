/**
 * How long subscribers stay: the shifted-beta-geometric model.
 *
 * Fader and Hardie (2007): each subscriber leaves at every renewal with a fixed probability that is beta (α, β) over
 * subscribers. Retention rises with time because those who leave easily are gone first. For contracts with renewals only;
 * for shops see BgNbd.
 */
import { type Fit, maximise, type NoFit } from "../statistics/Likelihood.ts"

export interface ShiftedBetaGeometric {
  readonly alpha: number
  readonly beta: number
}

/** Share of a cohort left after `renewals` of them: Π (β + i − 1)/(α + β + i − 1). */
export const survival = ({ alpha, beta }: ShiftedBetaGeometric, renewals: number): number => {
  let share = 1
  for (let before = 0; before < renewals; before++) share *= (beta + before) / (alpha + beta + before)
  return share
}

/** Share that renews for the `renewal`-th time, of those who are still there: (β + t − 1)/(α + β + t − 1). */
export const retention = ({ alpha, beta }: ShiftedBetaGeometric, renewal: number): number =>
  (beta + renewal - 1) / (alpha + beta + renewal - 1)

/** ln L of a cohort's `survivors`: its size at the start and after each renewal. */
export const logLikelihood = ({ alpha, beta }: ShiftedBetaGeometric, survivors: ReadonlyArray<number>): number => {
  let [sum, logSurvival] = [0, 0]
  for (const [renewal, left] of survivors.entries()) {
    if (renewal === 0) continue
    const before = renewal - 1
    const lost = (survivors[before] ?? 0) - left
    if (lost > 0) sum += lost * (logSurvival + Math.log(alpha / (alpha + beta + before)))
    logSurvival += Math.log((beta + before) / (alpha + beta + before))
  }
  return sum + (survivors.at(-1) ?? 0) * logSurvival
}

export type ShiftedBetaGeometricFit = (Fit & { readonly model: ShiftedBetaGeometric }) | NoFit

/** Fits the model to a cohort of at least two renewals: with one, α and β cannot be told apart. */
export const fit = (survivors: ReadonlyArray<number>): ShiftedBetaGeometricFit => {
  const first = survivors[0] ?? 0
  if (survivors.length < 3) return { parameters: null, reason: "fewer than two renewals have been seen" }
  if (survivors.some((left, renewal) => renewal > 0 && !(left <= (survivors[renewal - 1] ?? 0)))) {
    return { parameters: null, reason: "more survived a renewal than were there before" }
  }
  if (first === survivors.at(-1)) return { parameters: null, reason: "nobody has left yet" }
  const found = maximise(
    ([alpha = NaN, beta = NaN]) => logLikelihood({ alpha, beta }, survivors),
    ["alpha", "beta"],
    [[1, 1]],
    first,
  )
  const [alpha = NaN, beta = NaN] = found.parameters ?? []
  return found.parameters === null ? found : { ...found, model: { alpha, beta } }
}
