/** Cases about when customers come back and how much they buy. */
import * as Retention from "@advocacy-kit/core/metric/Retention"
import * as Rfm from "@advocacy-kit/core/metric/Rfm"
import { asObject, field, has, type Json, list, numberOr, textOr } from "./Json.ts"
import type { Given, Kinds } from "./Kind.ts"
import { dollars, purchases } from "./Purchases.ts"

/** The last day that counts; where none is said, the last in the data. */
const endOf = (inputs: Json, dates: ReadonlyArray<{ readonly date: string }>): string =>
  textOr(
    inputs,
    "end",
    dates.reduce((latest, { date }) => (date > latest ? date : latest), ""),
  )

const asked = (value: Json, ...path: ReadonlyArray<string>): Json | undefined =>
  path.reduce<Json | undefined>((at, key) => (has(at, key) ? field(at, key) : undefined), value)

const retention = ({ expected, folder, inputs }: Given): Json => {
  const bought = purchases(folder, inputs)
  const end = endOf(inputs, bought)
  const { cohorts } = Retention.cohortTable(bought, end)
  const repeat = Retention.repeatPurchases(bought, end)
  const horizons = Object.keys(asObject(asked(expected, "repeat", "kmSecondPurchase") ?? {}))
  // The reference writes 0 where a month is still to come, in as many columns as it shows.
  const shown = (has(expected, "cohorts") ? list(expected, "cohorts") : []).map(
    (cohort) => list(cohort, "active").length,
  )
  const columns = Math.max(
    0,
    ...shown,
    ...cohorts.map(({ active }) => active.findLastIndex((count) => (count ?? 0) > 0) + 1),
  )
  return {
    cohorts: cohorts.map(({ active, cohort, size }) => ({
      cohort,
      size,
      active: Array.from({ length: columns }, (_, k) => active[k] ?? 0),
    })),
    repeat: {
      customers: repeat.customers,
      repeaters: repeat.repeaters,
      repeatPurchaseRate: repeat.rate,
      ordersPerCustomer: repeat.ordersPerCustomer,
      kmSecondPurchase: Object.fromEntries(
        Retention.secondPurchase(bought, end, horizons.map(Number)).map(({ share }, index) => [
          horizons[index] ?? "",
          share,
        ]),
      ),
      observedEnd: end,
    },
  }
}

const histogram = (scores: ReadonlyArray<number>): Json => {
  const counts: Record<string, number> = {}
  for (const score of scores) counts[String(score)] = (counts[String(score)] ?? 0) + 1
  return counts
}

const rfm = ({ expected, folder, inputs }: Given): Json => {
  const bought = purchases(folder, inputs)
  const all = Rfm.rfm(bought, endOf(inputs, bought), numberOr(inputs, "bins", 5))
  const told = new Map(
    all.map((one) => [
      one.customer,
      {
        recencyDays: one.recencyDays,
        frequency: one.frequency,
        monetary: dollars(one.monetary),
        score: `${one.recencyScore}${one.frequencyScore}${one.monetaryScore}`,
      },
    ]),
  )
  return {
    n: all.length,
    hist: {
      R: histogram(all.map(({ recencyScore }) => recencyScore)),
      F: histogram(all.map(({ frequencyScore }) => frequencyScore)),
      M: histogram(all.map(({ monetaryScore }) => monetaryScore)),
    },
    segment555: [...told.values()].filter(({ score }) => score === "555").length,
    sample: has(expected, "sample")
      ? list(expected, "sample").map((one): Json => {
          const cust = field(one, "cust")
          const found = told.get(String(cust))
          return found === undefined ? null : { cust, ...found }
        })
      : [],
  }
}

/** A histogram that counts a score that should be empty is as wrong as one that lacks it. */
const noOtherScores = (actual: Json, { expected }: Given): ReadonlyArray<string> =>
  ["R", "F", "M"].flatMap((part) => {
    const wanted = asObject(asked(expected, "hist", part) ?? {})
    return Object.keys(asObject(asked(actual, "hist", part) ?? {}))
      .filter((score) => Object.keys(wanted).length > 0 && (wanted[score] ?? 0) === 0)
      .map((score) => `hist.${part} counts customers with ${score}, which should be empty`)
  })

export const customerKinds: Kinds = {
  retention: { run: retention },
  rfm: { run: rfm, accept: noOtherScores },
}
