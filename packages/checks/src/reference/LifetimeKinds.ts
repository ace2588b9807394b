/** Cases that fit models of repeat buying and spending to a table of purchases. */
import * as BgNbd from "@advocacy-kit/core/metric/BgNbd"
import type * as BuyingHistory from "@advocacy-kit/core/metric/BuyingHistory"
import * as GammaGamma from "@advocacy-kit/core/metric/GammaGamma"
import * as ParetoNbd from "@advocacy-kit/core/metric/ParetoNbd"
import { deviations } from "./Deviation.ts"
import { asNumber, asObject, field, has, type Json, list, number, numberOr, numbers } from "./Json.ts"
import type { Given, Kinds } from "./Kind.ts"
import { type Calibrated, calibrated } from "./CalibratedPurchases.ts"

interface Models {
  readonly purchases: BgNbd.BgNbd
  /** Null where no model of spending was fitted or given. */
  readonly spend: GammaGamma.GammaGamma | null
}

/** Everything that follows from the parameters, for the customers and times that are expected. */
const forecasts = (expected: Json, { customers, holdout }: Calibrated, { purchases: model, spend }: Models): Json => {
  const ahead = numberOr(expected, "tstar", 39)
  const byName = new Map(customers.map((one) => [one.customer, one]))
  const told = (cust: Json): Json => {
    const found = byName.get(String(cust))
    if (found === undefined) return null
    return {
      cust,
      x: found.repeats,
      tx: found.lastAt,
      T: found.observed,
      m: found.meanSpend,
      pAlive: BgNbd.probabilityAlive(model, found),
      condExp: BgNbd.expectedPurchases(model, found, ahead),
      expSpend: spend === null ? null : GammaGamma.expectedSpend(spend, found),
      holdout: holdout.get(found.customer) ?? 0,
    }
  }
  const sum = (of: (one: BuyingHistory.CustomerHistory) => number) =>
    customers.reduce((total, one) => total + of(one), 0)
  return {
    expectedUnconditional: has(expected, "expectedUnconditional_t")
      ? numbers(expected, "expectedUnconditional_t").map((time) => BgNbd.expectedOfNew(model, time))
      : [],
    sumPAlive: sum((one) => BgNbd.probabilityAlive(model, one)),
    sumCondExp: sum((one) => BgNbd.expectedPurchases(model, one, ahead)),
    customers: has(expected, "customers") ? list(expected, "customers").map((one) => told(field(one, "cust"))) : [],
  }
}

const parametersOf = (value: Json, key: string, ...names: ReadonlyArray<string>): ReadonlyArray<number> =>
  names.map((name) => number(field(value, key), name))

const referenceBgNbd = (expected: Json): BgNbd.BgNbd => {
  const [r = NaN, alpha = NaN, a = NaN, b = NaN] = parametersOf(expected, "bgnbd", "r", "alpha", "a", "b")
  return { r, alpha, a, b }
}

const referenceParetoNbd = (expected: Json): ParetoNbd.ParetoNbd => {
  const [r = NaN, alpha = NaN, s = NaN, beta = NaN] = parametersOf(expected, "pnbd", "r", "alpha", "s", "beta")
  return { r, alpha, s, beta }
}

const referenceGammaGamma = (expected: Json): GammaGamma.GammaGamma => {
  const [p = NaN, q = NaN, v = NaN] = parametersOf(expected, "gammagamma", "p", "q", "v")
  return { p, q, v }
}

const bgNbd = (given: Given): Json => {
  const data = calibrated(given)
  const { customers, holdout } = data
  const [buying, spending] = [BgNbd.fit(customers), GammaGamma.fit(customers)]
  if (buying.parameters === null) return { bgnbd: buying.reason }
  const pareto = has(given.expected, "pnbd") ? ParetoNbd.fit(customers) : null
  const sum = (of: (one: BuyingHistory.CustomerHistory) => number) =>
    customers.reduce((total, one) => total + of(one), 0)
  return {
    nCustomers: customers.length,
    sum_x: sum(({ repeats }) => repeats),
    sum_tx: sum(({ lastAt }) => lastAt),
    sum_T: sum(({ observed }) => observed),
    nRepeaters: customers.filter(({ repeats }) => repeats > 0).length,
    bgnbd: { ...buying.model, LL: buying.logLikelihood },
    pnbd:
      pareto === null || pareto.parameters === null
        ? (pareto?.reason ?? null)
        : { ...pareto.model, LL: pareto.logLikelihood },
    gammagamma:
      spending.parameters === null
        ? spending.reason
        : {
            ...spending.model,
            LL: spending.logLikelihood,
            nUsed: spending.used,
            corr_x_m: GammaGamma.correlation(customers),
          },
    holdoutActual: [...holdout.values()].reduce((total, one) => total + one, 0),
    ...asObject(
      forecasts(given.expected, data, {
        purchases: buying.model,
        spend: spending.parameters === null ? null : spending.model,
      }),
    ),
  }
}

const models = ["bgnbd", "pnbd", "gammagamma"]
const labels = new Set(["tag", "expectedUnconditional_t", "tstar"])
const forecast = new Set(["expectedUnconditional", "sumPAlive", "sumCondExp", "customers"])

/** Parameters are compared in `fitted`; what follows from them is as loose as they are, counts are not. */
const groupOf = ([first, second]: ReadonlyArray<string>): string | null | undefined => {
  if (first === undefined) return undefined
  if (labels.has(first)) return null
  if (!models.includes(first)) return forecast.has(first) ? "params" : "perCustomer"
  if (second === "LL") return "LL"
  return second === undefined || second === "nUsed" || second === "corr_x_m" ? "perCustomer" : null
}

/**
 * A fit is right where its parameters agree with the reference's within the tolerance, or where the likelihood is higher
 * than at the reference's parameters: then it is the reference that has not arrived. BTYD's Pareto/NBD on CDNOW stops at
 * a β of 11.656; the published one, and the maximum, is 11.669.
 */
const fitted = (actual: Json, given: Given): ReadonlyArray<string> => {
  const { customers } = calibrated(given)
  const { expected, tolerance } = given
  const atReference: Readonly<Record<string, () => number>> = {
    bgnbd: () => BgNbd.logLikelihood(referenceBgNbd(expected), customers),
    pnbd: () => ParetoNbd.logLikelihood(referenceParetoNbd(expected), customers),
    gammagamma: () => GammaGamma.logLikelihood(referenceGammaGamma(expected), customers),
  }
  return models.flatMap((name) => {
    if (!has(expected, name)) return []
    const parameters = Object.entries(asObject(field(expected, name))).filter(
      ([key]) => !["LL", "nUsed", "corr_x_m"].includes(key),
    )
    const found = deviations(field(actual, name), Object.fromEntries(parameters), tolerance, () => "params", [name])
    const faults = found.flatMap(({ fault, path }) => (fault === undefined ? [] : [`${path}: ${fault}`]))
    const fit = field(actual, name)
    const higher = faults.length > 0 && has(fit, "LL") && number(fit, "LL") > (atReference[name]?.() ?? Infinity)
    return higher ? [] : faults
  })
}

const writtenParameters = (expected: Json, name: string): ReadonlyArray<number> =>
  has(expected, name)
    ? Object.entries(asObject(field(expected, name))).flatMap(([key, value]) =>
        ["LL", "nUsed", "corr_x_m"].includes(key) ? [] : [asNumber(value)],
      )
    : []

/** Significant digits of a number as it is written. */
const digitsOf = (value: number): number =>
  String(value).replace(/e.*$/, "").replace(".", "").replace(/^-?0*/, "").length

/**
 * With the reference's parameters plugged in there is no fit to blame: everything agrees to nine digits, or to as many,
 * less two, as the parameters are written with.
 */
const pluggedIn = (given: Given): ReadonlyArray<string> => {
  const { expected } = given
  if (!has(expected, "bgnbd")) return []
  const found = forecasts(expected, calibrated(given), {
    purchases: referenceBgNbd(expected),
    spend: has(expected, "gammagamma") ? referenceGammaGamma(expected) : null,
  })
  const wanted = Object.fromEntries(Object.entries(asObject(expected)).filter(([key]) => forecast.has(key)))
  const digits = Math.min(...models.flatMap((name) => writtenParameters(expected, name)).map(digitsOf))
  return deviations(found, wanted, { abs: 1e-12, rel: Math.max(1e-9, 10 ** (2 - digits)) }).flatMap(({ fault, path }) =>
    fault === undefined ? [] : [`${path} with the reference's parameters: ${fault}`],
  )
}

export const lifetimeKinds: Kinds = {
  bgnbd: {
    run: bgNbd,
    group: groupOf,
    accept: (actual, given) => [...fitted(actual, given), ...pluggedIn(given)],
  },
}
