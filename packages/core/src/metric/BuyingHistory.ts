/**
 * What models of repeat buying know of a customer: how often, how late, for how long, and how much.
 *
 * x repeat purchase days, t_x the time of the last one, T the time watched, all since the first purchase (Fader, Hardie,
 * Lee 2005). Times are in units of `unitDays` days, by default weeks.
 */
import { dayNumber, type Purchase, purchaseDays } from "./Purchase.ts"

export interface BuyingHistory {
  /** x: purchases after the first. */
  readonly repeats: number
  /** t_x: from the first to the last purchase; 0 without a repeat. */
  readonly lastAt: number
  /** T: from the first purchase to the end of the calibration. */
  readonly observed: number
}

export interface CustomerHistory extends BuyingHistory {
  readonly customer: string
  /** Mean amount of a repeat purchase; 0 without one. The first purchase is left out: it is often unlike the others. */
  readonly meanSpend: number
}

export interface Calibration {
  /** The last day of the calibration, YYYY-MM-DD. */
  readonly end: string
  readonly unitDays?: number
  readonly mergeSameDay?: boolean
}

/** Everyone who first bought up to the end of the calibration. */
export const histories = (
  purchases: Iterable<Purchase>,
  { end, mergeSameDay = true, unitDays = 7 }: Calibration,
): ReadonlyArray<CustomerHistory> => {
  const last = dayNumber(end)
  if (Number.isNaN(last)) throw new RangeError(`"${end}" is no date; write it as YYYY-MM-DD`)
  return [...purchaseDays(purchases, last, mergeSameDay)].map(([customer, days]) => {
    const first = days[0]?.day ?? last
    const repeated = days.slice(1)
    return {
      customer,
      repeats: repeated.length,
      lastAt: ((repeated.at(-1)?.day ?? first) - first) / unitDays,
      observed: (last - first) / unitDays,
      meanSpend: repeated.length === 0 ? 0 : repeated.reduce((sum, { amount }) => sum + amount, 0) / repeated.length,
    }
  })
}

/** Purchase days of known customers after the calibration and within `length` units of its end: what a forecast must meet. */
export const purchasesAfter = (
  purchases: Iterable<Purchase>,
  { end, mergeSameDay = true, unitDays = 7 }: Calibration,
  length: number,
): ReadonlyMap<string, number> => {
  const last = dayNumber(end)
  const after = new Map<string, number>()
  for (const [customer, days] of purchaseDays(purchases, last + length * unitDays, mergeSameDay)) {
    if ((days[0]?.day ?? Infinity) > last) continue
    after.set(customer, days.filter(({ day }) => day > last).length)
  }
  return after
}

export interface Weighted extends BuyingHistory {
  /** How many customers share this history. */
  readonly customers: number
}

/** Customers with one history counted together, by the number of repeats: likelihoods are the same for all of them. */
export const grouped = (all: ReadonlyArray<BuyingHistory>): ReadonlyArray<Weighted> => {
  const groups = new Map<string, { customers: number; history: BuyingHistory }>()
  for (const history of all) {
    const key = `${history.repeats} ${history.lastAt} ${history.observed}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { customers: 1, history })
    else group.customers++
  }
  return [...groups.values()]
    .map(({ customers, history: { lastAt, observed, repeats } }) => ({ repeats, lastAt, observed, customers }))
    .sort((a, b) => a.repeats - b.repeats)
}

/** Why a model of repeat buying cannot be fitted to these customers; null where it can. */
export const tooLittle = (all: ReadonlyArray<BuyingHistory>): string | null => {
  if (all.length === 0) return "no customers yet"
  if (!all.some(({ repeats }) => repeats > 0)) return "nobody has bought again yet"
  if (!all.some(({ observed }) => observed > 0)) return "nobody has been watched for any time yet"
  return null
}
