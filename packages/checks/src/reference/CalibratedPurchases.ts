/** The purchases of a reference case as models of repeat buying read them: calibration and holdout. */
import * as BuyingHistory from "@advocacy-kit/core/metric/BuyingHistory"
import { field, has, type Json, list, number, numberOr, textOr } from "./Json.ts"
import type { Given } from "./Kind.ts"
import { dollars, purchases } from "./Purchases.ts"

export interface Calibrated {
  readonly customers: ReadonlyArray<BuyingHistory.CustomerHistory>
  readonly holdout: ReadonlyMap<string, number>
}

/** Days in "week (days/7)" or "day"; weeks where nothing is said. */
const unitDays = (told: string): number => {
  const quotient = /days\s*\/\s*([\d.]+)/.exec(told)?.[1]
  if (quotient !== undefined) return Number(quotient)
  return /^day/i.test(told.trim()) ? 1 : 7
}

/** Customers as a case may give them: x, t_x, T and the mean of repeat purchases. */
const summarised = (inputs: Json): Calibrated => ({
  customers: list(inputs, "customers").map((one, index) => ({
    customer: has(one, "cust") ? String(field(one, "cust")) : String(index),
    repeats: number(one, "x"),
    lastAt: numberOr(one, "tx", 0),
    observed: number(one, "T"),
    meanSpend: numberOr(one, "m", 0),
  })),
  holdout: new Map(),
})

/** What the case names, else CDNOW to the end of September 1997, as published. */
export const calibrated = ({ expected, folder, inputs }: Given): Calibrated => {
  if (has(inputs, "customers")) return summarised(inputs)
  const bought = purchases(folder, inputs, textOr(inputs, "file", "data/cdnow_sample.csv")).map((one) => ({
    ...one,
    amount: dollars(one.amount),
  }))
  const calibration = {
    end: textOr(inputs, "calibrationEnd", "1997-09-30"),
    unitDays: unitDays(textOr(inputs, "timeUnit", "week")),
    mergeSameDay: !(has(inputs, "mergeSameDay") && field(inputs, "mergeSameDay") === false),
  }
  const ahead = numberOr(expected, "tstar", 39)
  return {
    customers: BuyingHistory.histories(bought, calibration),
    holdout: BuyingHistory.purchasesAfter(bought, calibration, ahead),
  }
}
