/**
 * How often customers will buy again, and whether they still do: the BG/NBD model.
 *
 * Fader, Hardie and Lee (2005): purchases come at a rate that is gamma (r, α) over customers; after each, a customer
 * leaves for good with a probability that is beta (a, b). For shops without contracts. Who never bought again is alive
 * with certainty (nobody leaves before a repeat purchase): for such customers see ParetoNbd. Rates do not change with
 * season or campaign; without enough customers (some hundred) the fit is loose: look at the standard errors.
 */
import * as Gamma from "../statistics/Gamma.ts"
import * as Hypergeometric from "../statistics/Hypergeometric.ts"
import { type Fit, maximise, type NoFit } from "../statistics/Likelihood.ts"
import { type BuyingHistory, grouped, tooLittle, type Weighted } from "./BuyingHistory.ts"

export interface BgNbd {
  /** Shape of the purchase rates, and their scale in units of time. */
  readonly r: number
  readonly alpha: number
  /** Of the probability to leave after a purchase. */
  readonly a: number
  readonly b: number
}

/** Histories in columns. Each time is kept once, by its place in `times`: of days there are few, however many customers. */
interface Columns {
  readonly repeats: Float64Array
  readonly lastAt: Int32Array
  readonly observed: Int32Array
  readonly customers: Float64Array
  readonly times: Float64Array
}

const columnsOf = (groups: ReadonlyArray<Weighted>): Columns => {
  const places = new Map<number, number>()
  const placeOf = (time: number): number => {
    const known = places.get(time) ?? places.size
    places.set(time, known)
    return known
  }
  return {
    repeats: Float64Array.from(groups, ({ repeats }) => repeats),
    lastAt: Int32Array.from(groups, ({ lastAt }) => placeOf(lastAt)),
    observed: Int32Array.from(groups, ({ observed }) => placeOf(observed)),
    customers: Float64Array.from(groups, ({ customers }) => customers),
    times: Float64Array.from(places.keys()),
  }
}

/** ln L of all customers (equation 6 of the paper). */
export const logLikelihood = (model: BgNbd, customers: ReadonlyArray<BuyingHistory>): number =>
  likelihoodOf(model, columnsOf(customers.map((one) => ({ ...one, customers: 1 }))))

/** Fastest where histories with as many repeats follow each other: what depends on them alone is computed once. */
const likelihoodOf = (model: BgNbd, { customers, lastAt, observed, repeats, times }: Columns): number => {
  const { a, alpha, b, r } = model
  const base = r * Math.log(alpha) - Gamma.logGamma(r) + Gamma.logGamma(a + b) - Gamma.logGamma(b)
  const logs = times.map((time) => Math.log(alpha + time))
  let [sum, known, constant, odds] = [0, -1, 0, 0]
  for (let at = 0; at < repeats.length; at++) {
    const x = repeats[at] ?? 0
    if (x !== known) {
      known = x
      constant = base + Gamma.logGamma(r + x) + Gamma.logGamma(b + x) - Gamma.logGamma(a + b + x)
      odds = x === 0 ? 0 : Math.log(a / (b + x - 1))
    }
    const alive = -(r + x) * (logs[observed[at] ?? 0] ?? 0)
    let either = alive
    if (x > 0) {
      const gone = odds - (r + x) * (logs[lastAt[at] ?? 0] ?? 0)
      either = Math.max(alive, gone) + Math.log1p(Math.exp(-Math.abs(alive - gone)))
    }
    sum += (customers[at] ?? 0) * (constant + either)
  }
  return sum
}

export type BgNbdFit = (Fit & { readonly model: BgNbd }) | NoFit

const modelOf = ([r = NaN, alpha = NaN, a = NaN, b = NaN]: ReadonlyArray<number>): BgNbd => ({ r, alpha, a, b })

/** Fits the model to everyone who has bought at least once. Standard errors are in the order r, α, a, b. */
export const fit = (customers: ReadonlyArray<BuyingHistory>): BgNbdFit => {
  const reason = tooLittle(customers)
  if (reason !== null) return { parameters: null, reason }
  const columns = columnsOf(grouped(customers))
  const scale = customers.reduce((sum, { observed }) => sum + observed, 0) / customers.length
  const found = maximise(
    (parameters) => likelihoodOf(modelOf(parameters), columns),
    ["r", "alpha", "a", "b"],
    [[0.5, scale / 4, 1, 2]],
    customers.length,
  )
  return found.parameters === null ? found : { ...found, model: modelOf(found.parameters) }
}

/** Odds that a customer has left: a/(b + x − 1) ((α + T)/(α + t_x))^(r + x); 0 without a repeat. */
const oddsGone = ({ a, alpha, b, r }: BgNbd, { lastAt, observed, repeats: x }: BuyingHistory): number =>
  x === 0 ? 0 : (a / (b + x - 1)) * ((alpha + observed) / (alpha + lastAt)) ** (r + x)

/** P(alive): the probability that a customer still buys (Fader, Hardie and Lee 2008, note). 1 without a repeat. */
export const probabilityAlive = (model: BgNbd, customer: BuyingHistory): number => 1 / (1 + oddsGone(model, customer))

/**
 * Purchases to expect of a customer in the next `time` units (equation 10 of the paper).
 *
 * (c/(a − 1)) [1 − (1 − z)^(r + x) ₂F₁(r + x, b + x; c; z)] P(alive) with c = a + b + x − 1 and z = t/(α + T + t), in
 * Euler's form: no power overflows, and a = 1, where the formula is 0/0, is no exception.
 */
export const expectedPurchases = (model: BgNbd, customer: BuyingHistory, time: number): number => {
  if (!(time > 0)) return time === 0 ? 0 : NaN
  const { a, alpha, b, r } = model
  const { observed, repeats: x } = customer
  const [c, z] = [a + b + x - 1, time / (alpha + observed + time)]
  const logRest = -Math.log1p(time / (alpha + observed))
  const shrunk = (a - 1) * logRest
  const slope = a === 1 ? logRest : Math.expm1(shrunk) / (a - 1)
  const forever = -c * slope - Math.exp(shrunk) * Hypergeometric.excess(a + b - 1 - r, a - 1, c, z)
  return forever * probabilityAlive(model, customer)
}

/** Repeat purchases to expect of a new customer in their first `time` units (equation 9). */
export const expectedOfNew = (model: BgNbd, time: number): number =>
  expectedPurchases(model, { repeats: 0, lastAt: 0, observed: 0 }, time)
