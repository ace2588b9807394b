/**
 * What a customer's own future purchases are worth today.
 *
 * CLV = Σᵢ margin × spend × (E[X(i·u)] − E[X((i − 1)·u)]) / (1 + d)^i, for periods of u units of the model's time and a
 * discount of d per period, at each period's end (Fader, Hardie and Lee 2005, RFM and CLV). It is neither what they bring
 * by referring (see ReferralValue) nor to be added to it over a whole base.
 */

export interface Horizon {
  /** How many periods ahead. */
  readonly periods: number
  /** Their length in the unit of the purchase model: 4.345 weeks to a month. */
  readonly periodLength: number
  /** Discount per period: 0.01 is 1 %. */
  readonly discount: number
  /** Share of the amount that is left as margin. */
  readonly margin: number
}

/** Weeks to a month, as is the custom in the literature. */
export const weeksPerMonth = 4.345

/**
 * The value in the unit of `spend`; null where the spend is unknown. `expected` gives the purchases up to a time from
 * now, of whatever model: BG/NBD's or Pareto/NBD's `expectedPurchases`.
 */
export const lifetimeValue = (
  expected: (time: number) => number,
  spend: number | null,
  { discount, margin, periodLength, periods }: Horizon,
): number | null => {
  if (spend === null) return null
  let [value, before] = [0, 0]
  for (let period = 1; period <= periods; period++) {
    const until = expected(period * periodLength)
    value += (until - before) / (1 + discount) ** period
    before = until
  }
  return value * spend * margin
}
