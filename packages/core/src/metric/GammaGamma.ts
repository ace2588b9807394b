/**
 * What a customer spends at a purchase: the Gamma-Gamma model.
 *
 * Fader and Hardie (2013, note): amounts are gamma (p, ν), with ν gamma (q, v) over customers. It draws the mean of few
 * purchases towards that of all customers. It assumes that how much does not depend on how often: see `correlation`,
 * which should stay below about 0.3. Only customers with repeat purchases and a positive mean are used.
 */
import * as Gamma from "../statistics/Gamma.ts"
import { type Fit, maximise, type NoFit } from "../statistics/Likelihood.ts"

export interface GammaGamma {
  readonly p: number
  readonly q: number
  /** In the unit of the amounts. */
  readonly v: number
}

export interface Spending {
  readonly repeats: number
  /** Of a repeat purchase. */
  readonly meanSpend: number
}

/** Who the model can be fitted to: repeat customers with a positive mean. */
export const usable = <Customer extends Spending>(customers: ReadonlyArray<Customer>): ReadonlyArray<Customer> =>
  customers.filter(({ meanSpend, repeats }) => repeats > 0 && meanSpend > 0)

/** ln L of all usable customers. */
export const logLikelihood = ({ p, q, v }: GammaGamma, customers: ReadonlyArray<Spending>): number => {
  const constant = q * Math.log(v) - Gamma.logGamma(q)
  let sum = 0
  for (const { meanSpend: m, repeats: x } of usable(customers)) {
    sum +=
      constant +
      Gamma.logGamma(p * x + q) -
      Gamma.logGamma(p * x) +
      (p * x - 1) * Math.log(m) +
      p * x * Math.log(x) -
      (p * x + q) * Math.log(v + m * x)
  }
  return sum
}

/** Pearson's correlation of how often and how much, over usable customers; null where either does not vary. */
export const correlation = (customers: ReadonlyArray<Spending>): number | null => {
  const used = usable(customers)
  const mean = (of: (one: Spending) => number) => used.reduce((sum, one) => sum + of(one), 0) / used.length
  const [often, much] = [mean(({ repeats }) => repeats), mean(({ meanSpend }) => meanSpend)]
  const both = mean(({ meanSpend, repeats }) => (repeats - often) * (meanSpend - much))
  const spread = Math.sqrt(
    mean(({ repeats }) => (repeats - often) ** 2) * mean(({ meanSpend }) => (meanSpend - much) ** 2),
  )
  return spread > 0 ? both / spread : null
}

const modelOf = ([p = NaN, q = NaN, v = NaN]: ReadonlyArray<number>): GammaGamma => ({ p, q, v })

export type GammaGammaFit = (Fit & { readonly model: GammaGamma; readonly used: number }) | NoFit

/** Fits the model. Standard errors are in the order p, q, v. */
export const fit = (customers: ReadonlyArray<Spending>): GammaGammaFit => {
  const used = usable(customers)
  if (used.length < 2) return { parameters: null, reason: "fewer than two customers have bought again" }
  const mean = used.reduce((sum, { meanSpend }) => sum + meanSpend, 0) / used.length
  const found = maximise(
    (parameters) => logLikelihood(modelOf(parameters), used),
    ["p", "q", "v"],
    [[2, 3, mean]],
    used.length,
  )
  return found.parameters === null ? found : { ...found, model: modelOf(found.parameters), used: used.length }
}

/**
 * Amount to expect per purchase: p (v + x m) / (p x + q − 1), the mean of all customers p v / (q − 1) without a repeat;
 * null where the mean is infinite (p x + q of 1 or less).
 */
export const expectedSpend = ({ p, q, v }: GammaGamma, { meanSpend, repeats }: Spending): number | null => {
  const divisor = p * repeats + q - 1
  return divisor > 0 ? (p * (v + repeats * meanSpend)) / divisor : null
}
