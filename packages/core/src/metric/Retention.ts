/**
 * Who comes back: cohorts by month of the first purchase, repeat purchases, and the time to a second one.
 *
 * Months are calendar months of the shop. What has not happened yet by `end` is null and not zero; customers without a
 * second purchase are censored, not lost (Kaplan and Meier 1958). A shop without contracts has no date of churn.
 */
import { type Interval, wilson } from "../statistics/Proportion.ts"
import { kaplanMeier } from "../statistics/Survival.ts"
import { dayNumber, monthName, monthNumber, type Purchase, type PurchaseDay, purchaseDays } from "./Purchase.ts"

export interface Cohort {
  /** YYYY-MM of the first purchase. */
  readonly cohort: string
  readonly size: number
  /** Distinct customers who bought in the k-th month after, by k; null for months not begun by `end`. */
  readonly active: ReadonlyArray<number | null>
}

export interface CohortTable {
  readonly cohorts: ReadonlyArray<Cohort>
  /** YYYY-MM of the month that `end` cuts short, which counts too few; null where `end` is a month's last day. */
  readonly unfinishedMonth: string | null
}

const endOf = (end: string): number => {
  const day = dayNumber(end)
  if (Number.isNaN(day)) throw new RangeError(`"${end}" is no date; write it as YYYY-MM-DD`)
  return day
}

/** The cohorts of all customers with a purchase up to `end` (YYYY-MM-DD, included). */
export const cohortTable = (purchases: Iterable<Purchase>, end: string): CohortTable => {
  const last = endOf(end)
  const lastMonth = monthNumber(last)
  const byCohort = new Map<number, { size: number; readonly active: Map<number, number> }>()
  for (const days of purchaseDays(purchases, last).values()) {
    const months = [...new Set(days.map(({ day }) => monthNumber(day)))]
    const first = months[0] ?? lastMonth
    const cohort = byCohort.get(first) ?? { size: 0, active: new Map<number, number>() }
    cohort.size++
    for (const month of months) cohort.active.set(month - first, (cohort.active.get(month - first) ?? 0) + 1)
    byCohort.set(first, cohort)
  }
  const ordered = [...byCohort].sort(([a], [b]) => a - b)
  const months = lastMonth - (ordered[0]?.[0] ?? lastMonth) + 1
  return {
    cohorts: ordered.map(([first, { active, size }]) => ({
      cohort: monthName(first),
      size,
      active: Array.from({ length: months }, (_, k) => (first + k > lastMonth ? null : (active.get(k) ?? 0))),
    })),
    unfinishedMonth: monthNumber(last + 1) === lastMonth ? monthName(lastMonth) : null,
  }
}

export interface RepeatPurchases {
  readonly customers: number
  /** Customers who bought on at least two days. */
  readonly repeaters: number
  readonly rate: number | null
  /** Wilson's. */
  readonly interval: Interval | null
  readonly ordersPerCustomer: number | null
}

export const repeatPurchases = (purchases: Iterable<Purchase>, end: string): RepeatPurchases => {
  const all = [...purchaseDays(purchases, endOf(end)).values()]
  const repeaters = all.filter((days) => days.length > 1).length
  const orders = all.reduce((sum, days) => sum + days.length, 0)
  return {
    customers: all.length,
    repeaters,
    rate: all.length === 0 ? null : repeaters / all.length,
    interval: wilson(repeaters, all.length),
    ordersPerCustomer: all.length === 0 ? null : orders / all.length,
  }
}

const toSecond = ([first, second]: ReadonlyArray<PurchaseDay>, end: number) => ({
  time: (second?.day ?? end) - (first?.day ?? end),
  event: second !== undefined,
})

/** The share of customers who had bought again within so many days. */
export interface SecondPurchase {
  readonly days: number
  readonly share: number | null
  readonly interval: Interval | null
}

/**
 * The share that has bought again within each number of days, 1 − S(days), with the log-log interval. Null where nobody
 * has been watched for so long, or where the curve has no interval (everybody came back, or nobody yet).
 */
export const secondPurchase = (
  purchases: Iterable<Purchase>,
  end: string,
  horizons: ReadonlyArray<number>,
): ReadonlyArray<SecondPurchase> => {
  const last = endOf(end)
  const times = [...purchaseDays(purchases, last).values()].map((days) => toSecond(days, last))
  const watched = times.reduce((most, { time }) => Math.max(most, time), -1)
  const curve = kaplanMeier(times)
  return horizons.map((days) => {
    const step = curve.findLast(({ time }) => time <= days)
    const share = days > watched && step?.survival !== 0 ? null : 1 - (step?.survival ?? 1)
    const interval =
      share === null || step === undefined || step.low === null || step.high === null
        ? null
        : { low: 1 - step.high, high: 1 - step.low }
    return { days, share, interval }
  })
}
