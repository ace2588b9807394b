/**
 * Purchases as customer models read them: who bought on which day, for how much.
 *
 * Days are civil dates of the shop's time zone; purchases of one day are one, since most shops split or repeat orders of
 * a day. Whoever calls leaves out cancelled, test and wholly refunded orders, and names merged customers by one name.
 */

export interface Purchase {
  readonly customer: string
  /** YYYY-MM-DD in the shop's time zone. */
  readonly date: string
  /** In one currency and any unit; whole minor units add up exactly. */
  readonly amount: number
}

export interface PurchaseDay {
  /** Days since 1970-01-01. */
  readonly day: number
  /** All that was bought on it. */
  readonly amount: number
}

const millisecondsPerDay = 86_400_000

/** Days from 1970-01-01 to `date`; NaN where it is no date. */
export const dayNumber = (date: string): number =>
  /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) / millisecondsPerDay : NaN

/** The calendar month of a day, counted from year 0. */
export const monthNumber = (day: number): number => {
  const date = new Date(day * millisecondsPerDay)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

/** YYYY-MM of a month's number. */
export const monthName = (month: number): string =>
  `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`

/**
 * The purchases of each customer up to and including `end` (a day's number), by day; those with no date or amount are
 * left out. `mergeSameDay: false` keeps purchases of one day apart.
 */
export const purchaseDays = (
  purchases: Iterable<Purchase>,
  end = Infinity,
  mergeSameDay = true,
): ReadonlyMap<string, ReadonlyArray<PurchaseDay>> => {
  const byCustomer = new Map<string, Array<PurchaseDay>>()
  for (const { amount, customer, date } of purchases) {
    const day = dayNumber(date)
    if (!(day <= end) || !Number.isFinite(amount)) continue
    const theirs = byCustomer.get(customer)
    if (theirs === undefined) byCustomer.set(customer, [{ day, amount }])
    else theirs.push({ day, amount })
  }
  for (const [customer, theirs] of byCustomer) {
    theirs.sort((a, b) => a.day - b.day)
    if (mergeSameDay) byCustomer.set(customer, merged(theirs))
  }
  return byCustomer
}

const merged = (days: ReadonlyArray<PurchaseDay>): Array<PurchaseDay> => {
  const result: Array<PurchaseDay> = []
  for (const { amount, day } of days) {
    const last = result.at(-1)
    if (last?.day === day) result[result.length - 1] = { day, amount: last.amount + amount }
    else result.push({ day, amount })
  }
  return result
}
