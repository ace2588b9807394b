/** Cases that give the parameters of a model of buying, spending or renewal, and ask for what follows. */
import * as BgNbd from "@advocacy-kit/core/metric/BgNbd"
import * as GammaGamma from "@advocacy-kit/core/metric/GammaGamma"
import * as LifetimeValue from "@advocacy-kit/core/metric/LifetimeValue"
import * as ShiftedBetaGeometric from "@advocacy-kit/core/metric/ShiftedBetaGeometric"
import { calibrated } from "./CalibratedPurchases.ts"
import { asNumber, asObject, field, isList, type Json, list, number, numberOr, numbers, textOr } from "./Json.ts"
import type { Given, Kinds } from "./Kind.ts"

/** Parameters as a list in the literature's order, or by name. */
const named = (value: Json, names: ReadonlyArray<string>): ReadonlyArray<number> =>
  isList(value) ? value.map(asNumber) : names.map((name) => number(value, name))

const pointParameters = (inputs: Json): BgNbd.BgNbd => {
  const [r = NaN, alpha = NaN, a = NaN, b = NaN] = named(field(inputs, "params"), ["r", "alpha", "a", "b"])
  return { r, alpha, a, b }
}

/** One number that a case of points asks for by a key such as `condExp(t=39,x=2,tx=30.43,T=38.86)`. */
const pointOf = (key: string, model: BgNbd.BgNbd, given: Given): number => {
  if (key.startsWith("LL")) return BgNbd.logLikelihood(model, calibrated(given).customers)
  const told = new Map([...key.matchAll(/(\w+)=([\d.]+)/g)].map(([, name, value]) => [name, Number(value)]))
  const customer = { repeats: told.get("x") ?? 0, lastAt: told.get("tx") ?? 0, observed: told.get("T") ?? 0 }
  if (key.startsWith("condExp")) return BgNbd.expectedPurchases(model, customer, told.get("t") ?? 0)
  if (/^p_?alive/i.test(key)) return BgNbd.probabilityAlive(model, customer)
  throw new Error(`nobody knows what "${key}" asks for`)
}

const pointsAt = (model: BgNbd.BgNbd, given: Given): Json =>
  Object.fromEntries(
    Object.entries(asObject(given.expected)).map(([key, wanted]): readonly [string, Json] => {
      if (key !== "expectedUnconditional") return [key, pointOf(key, model, given)]
      const times = Object.keys(asObject(wanted))
      return [key, Object.fromEntries(times.map((time) => [time, BgNbd.expectedOfNew(model, Number(time))]))]
    }),
  )

/**
 * Published expectations were computed before their parameters were rounded: r = .243 alone moves E[X(78)] by .003. One
 * that is off at the parameters as printed must be met by rounding them by at most half of their last digit.
 */
const withinRounding = (actual: Json, given: Given): ReadonlyArray<string> => {
  const { expected, inputs, tolerance } = given
  const model = pointParameters(inputs)
  const parameters = Object.entries(model)
  const digits = Math.max(...parameters.map(([, value]) => (String(value).split(".")[1] ?? "").length))
  const shifted = parameters.map(([name, value]) => pointsAt({ ...model, [name]: value + 0.5 * 10 ** -digits }, given))
  const apart = (time: string): number => {
    const at = (value: Json) => number(field(value, "expectedUnconditional"), time)
    return shifted.reduce<number>((sum, one) => sum + Math.abs(at(one) - at(actual)), 0)
  }
  const wanted = asObject(asObject(expected)["expectedUnconditional"] ?? {})
  return Object.entries(wanted).flatMap(([time, value]) => {
    const found = number(field(actual, "expectedUnconditional"), time)
    const off = Math.abs(found - asNumber(value))
    const allowed = Math.max(numberOr(tolerance, "abs", 0), numberOr(tolerance, "rel", 0) * Math.abs(asNumber(value)))
    return off <= allowed + apart(time)
      ? []
      : [`expectedUnconditional.${time}: ${found}, expected ${asNumber(value)}, and rounding does not explain it`]
  })
}

const spending = ({ inputs }: Given): Json => {
  const [p = NaN, q = NaN, v = NaN] = named(field(inputs, "params"), ["p", "q", "v"])
  const model = { p, q, v }
  return list(inputs, "customers").map((one) =>
    GammaGamma.expectedSpend(model, { repeats: number(one, "x"), meanSpend: numberOr(one, "m", 0) }),
  )
}

const discounted = ({ inputs }: Given): Json => {
  const [r = NaN, alpha = NaN, a = NaN, b = NaN] = named(field(inputs, "bgnbd"), ["r", "alpha", "a", "b"])
  const [p = NaN, q = NaN, v = NaN] = named(field(inputs, "gammagamma"), ["p", "q", "v"])
  const horizon: LifetimeValue.Horizon = {
    periods: numberOr(inputs, "months", 12),
    periodLength: numberOr(inputs, "weeksPerMonth", LifetimeValue.weeksPerMonth),
    discount: numberOr(inputs, "monthlyDiscount", 0.01),
    margin: numberOr(inputs, "margin", 1),
  }
  return list(inputs, "customers").map((one) => {
    const history = { repeats: number(one, "x"), lastAt: numberOr(one, "tx", 0), observed: number(one, "T") }
    const spend = GammaGamma.expectedSpend({ p, q, v }, { ...history, meanSpend: numberOr(one, "m", 0) })
    return {
      cust: textOr(one, "cust", ""),
      expSpend: spend,
      clv: LifetimeValue.lifetimeValue(
        (time) => BgNbd.expectedPurchases({ r, alpha, a, b }, history, time),
        spend,
        horizon,
      ),
    }
  })
}

const renewal = ({ expected, inputs }: Given): Json => {
  const found = ShiftedBetaGeometric.fit(numbers(inputs, "survivors"))
  if (found.parameters === null) return { reason: found.reason }
  const { model } = found
  const curves = Object.keys(asObject(expected)).flatMap((key) => {
    const renewals = /^survival(\d+)$/.exec(key)?.[1]
    if (renewals === undefined) return []
    const curve = Array.from({ length: Number(renewals) }, (_, at) => ShiftedBetaGeometric.survival(model, at + 1))
    return [[key, curve] as const]
  })
  return { ...model, LL: found.logLikelihood, ...Object.fromEntries(curves) }
}

export const pointKinds: Kinds = {
  "bgnbd-points": {
    run: (given) => pointsAt(pointParameters(given.inputs), given),
    group: ([first]) => (first === "expectedUnconditional" ? null : undefined),
    accept: withinRounding,
  },
  "gamma-gamma-points": { run: spending },
  "clv-discounted": { run: discounted },
  sbg: { run: renewal },
}
