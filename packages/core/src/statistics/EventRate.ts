/**
 * Events per time, where a customer may have any number of them: shares per customer and month, tickets per order.
 *
 * The exact Poisson interval (Garwood 1936) by quantiles of chi-squared. It assumes independent events: where few people
 * make most of them, as with referrals, it is too narrow. No exposure gives no estimate.
 */
import * as ChiSquared from "./ChiSquared.ts"
import type { Interval } from "./Proportion.ts"

export interface EventRate extends Interval {
  /** Events per unit of exposure. */
  readonly rate: number
}

/** `events` in `exposure` (person-days, orders …), with the exact interval; null without exposure. */
export const exactPoisson = (events: number, exposure: number, confidence = 0.95): EventRate | null => {
  if (!(exposure > 0) || !(events >= 0)) return null
  const tail = (1 - confidence) / 2
  return {
    rate: events / exposure,
    low: events === 0 ? 0 : ChiSquared.quantile(tail, 2 * events) / 2 / exposure,
    high: ChiSquared.quantile(1 - tail, 2 * events + 2) / 2 / exposure,
  }
}
