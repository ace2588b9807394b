/**
 * How often customers will buy again, and whether they still do: the Pareto/NBD model.
 *
 * Schmittlein, Morrison and Colombo (1987), as in Fader and Hardie (2005, note): purchases come at a rate that is gamma
 * (r, α) over customers; each may leave at any moment, at a rate that is gamma (s, β). Unlike BG/NBD, who never bought
 * again may have left. Slower to fit.
 */
import * as Gamma from "../statistics/Gamma.ts"
import { type Fit, maximise, type NoFit } from "../statistics/Likelihood.ts"
import { logIntegral } from "../statistics/Quadrature.ts"
import { type BuyingHistory, grouped, tooLittle, type Weighted } from "./BuyingHistory.ts"

export interface ParetoNbd {
  /** Shape of the purchase rates, and their scale in units of time. */
  readonly r: number
  readonly alpha: number
  /** Of the rates of leaving. */
  readonly s: number
  readonly beta: number
}

/**
 * ln ∫ (α + τ)^−(r + x) (β + τ)^−(s + 1) dτ over the times τ from t_x to T at which the customer may have left; −∞ where
 * there is none. The note gives it as a difference of two hypergeometric functions, which cancel where t_x is close to T
 * and take long where α and β are far apart; as an integral over ln τ it is smooth and has neither fault.
 */
const logGone = ({ alpha, beta, r, s }: ParetoNbd, { lastAt, observed, repeats: x }: BuyingHistory): number => {
  const smaller = Math.min(alpha, beta)
  const [moreAlpha, moreBeta] = [alpha - smaller, beta - smaller]
  const density = (u: number): number => {
    const time = Math.exp(u)
    // One of both is nothing, and its logarithm known.
    const [alphas, betas] = [
      moreAlpha === 0 ? u : Math.log(moreAlpha + time),
      moreBeta === 0 ? u : Math.log(moreBeta + time),
    ]
    return u - (r + x) * alphas - (s + 1) * betas
  }
  // The steepest that the logarithm falls, which is at the end.
  const [alphaThen, betaThen, then] = [alpha + observed, beta + observed, smaller + observed]
  const steepest = 1 + ((r + x) * then) / alphaThen + ((s + 1) * then) / betaThen
  return logIntegral(density, Math.log(smaller + lastAt), Math.log(then), Math.min(4, 20 / steepest))
}

const one = (model: ParetoNbd, customer: BuyingHistory): number => {
  const { alpha, beta, r, s } = model
  const { observed, repeats: x } = customer
  const alive = -(r + x) * Math.log(alpha + observed) - s * Math.log(beta + observed)
  const gone = Math.log(s) + logGone(model, customer)
  const higher = Math.max(alive, gone)
  return (
    Gamma.logGamma(r + x) -
    Gamma.logGamma(r) +
    r * Math.log(alpha) +
    s * Math.log(beta) +
    higher +
    Math.log1p(Math.exp(Math.min(alive, gone) - higher))
  )
}

/** ln L of all customers. */
export const logLikelihood = (model: ParetoNbd, customers: ReadonlyArray<BuyingHistory>): number =>
  customers.reduce((sum, customer) => sum + one(model, customer), 0)

const modelOf = ([r = NaN, alpha = NaN, s = NaN, beta = NaN]: ReadonlyArray<number>): ParetoNbd => ({
  r,
  alpha,
  s,
  beta,
})

export type ParetoNbdFit = (Fit & { readonly model: ParetoNbd }) | NoFit

/** Fits the model to everyone who has bought at least once. Standard errors are in the order r, α, s, β. */
export const fit = (customers: ReadonlyArray<BuyingHistory>): ParetoNbdFit => {
  const reason = tooLittle(customers)
  if (reason !== null) return { parameters: null, reason }
  const groups: ReadonlyArray<Weighted> = grouped(customers)
  const scale = customers.reduce((sum, { observed }) => sum + observed, 0) / customers.length
  const found = maximise(
    (parameters) => {
      const model = modelOf(parameters)
      return groups.reduce((sum, group) => sum + group.customers * one(model, group), 0)
    },
    ["r", "alpha", "s", "beta"],
    [[0.5, scale / 4, 0.5, scale / 4]],
    customers.length,
  )
  return found.parameters === null ? found : { ...found, model: modelOf(found.parameters) }
}

/** P(alive): the probability that a customer has not left: 1 / (1 + s (α + T)^(r + x) (β + T)^s ∫). */
export const probabilityAlive = (model: ParetoNbd, customer: BuyingHistory): number => {
  const { alpha, beta, r, s } = model
  const { observed, repeats: x } = customer
  const logOdds =
    Math.log(s) + (r + x) * Math.log(alpha + observed) + s * Math.log(beta + observed) + logGone(model, customer)
  return 1 / (1 + Math.exp(logOdds))
}

/** ∫ of the chance not to have left over `time`, after `already` units: (β + T)/(s − 1) [1 − ((β + T)/(β + T + t))^(s − 1)]. */
const timeLeft = ({ beta, s }: ParetoNbd, already: number, time: number): number => {
  const logRest = -Math.log1p(time / (beta + already))
  return (beta + already) * (s === 1 ? -logRest : -Math.expm1((s - 1) * logRest) / (s - 1))
}

/** Purchases to expect of a customer in the next `time` units. */
export const expectedPurchases = (model: ParetoNbd, customer: BuyingHistory, time: number): number =>
  ((model.r + customer.repeats) / (model.alpha + customer.observed)) *
  timeLeft(model, customer.observed, time) *
  probabilityAlive(model, customer)

/** Repeat purchases to expect of a new customer in their first `time` units. */
export const expectedOfNew = (model: ParetoNbd, time: number): number =>
  (model.r / model.alpha) * timeLeft(model, 0, time)
