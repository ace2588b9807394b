/**
 * How customers come back, and whether those who were referred do so more than others.
 *
 * Purchases of one day are one. A comparison of referred customers with others is an association: they may differ in more than how
 * they came.
 */
import { medianTime, kaplanMeier } from "../statistics/Survival.ts"
import { difference } from "./Composition.ts"
import { none, type Metric } from "./Metric.ts"
import { repeatPurchases, secondPurchase } from "./Retention.ts"
import { dayNumber, purchaseDays, type Purchase as Bought } from "./Purchase.ts"
import { origin } from "./Segment.ts"
import { shareOf, sum } from "./Shares.ts"
import { about, type Study } from "./Study.ts"
import { dateIn } from "../id/Instant.ts"

/** Whose purchases they are is known; by civil dates of the program. */
export const boughtIn = ({ purchases }: Study): ReadonlyArray<Bought> =>
  purchases.flatMap(({ date, netMinor, person }) =>
    person === null ? [] : [{ customer: person, date, amount: Number(netMinor) }],
  )

/** The last day that the study reaches, as a civil date. */
export const lastDay = ({ timeZone, until }: Study): string => dateIn(until - 1, timeZone)

export const repeatRate: Metric<Study> = {
  name: "repeat-purchase-rate",
  question: "What share of customers has bought on at least two days?",
  unit: "share",
  grain: "customer",
  standing: "counted",
  read: (study) => {
    const { customers, repeaters } = repeatPurchases(boughtIn(study), lastDay(study))
    return shareOf(repeaters, customers, "no customers yet")
  },
}

/** Kaplan and Meier 1958: whoever has not come back yet is censored, not lost. */
export const secondPurchaseWithin = (days: number): Metric<Study> => ({
  name: `second-purchase-within-${days}-days`,
  question: `What share of customers buys again within ${days} days of the first purchase?`,
  unit: "share",
  grain: "customer",
  standing: "counted",
  read: (study) => {
    const bought = boughtIn(study)
    const customers = new Set(bought.map(({ customer }) => customer)).size
    if (customers === 0) return none("no customers yet")
    const [found] = secondPurchase(bought, lastDay(study), [days])
    return found === undefined || found.share === null
      ? none(`nobody has been a customer for ${days} days yet`, customers)
      : { estimate: found.share, interval: found.interval, sample: customers, note: null }
  },
})

export const daysToSecond: Metric<Study> = {
  name: "median-days-to-second-purchase",
  question: "After how many days have half of the customers bought again?",
  unit: "days",
  grain: "customer",
  standing: "counted",
  read: (study) => {
    const end = dayNumber(lastDay(study))
    const times = [...purchaseDays(boughtIn(study)).values()].map(([first, second]) => ({
      time: (second?.day ?? end) - (first?.day ?? end),
      event: second !== undefined,
    }))
    const median = medianTime(kaplanMeier(times))
    if (times.length === 0) return none("no customers yet")
    return median === null
      ? none("fewer than half have bought again so far", times.length)
      : { estimate: median, interval: null, sample: times.length, note: null }
  },
}

export const orderValue: Metric<Study> = {
  name: "average-order-value",
  question: "What does a purchase come to, after refunds?",
  unit: "currency",
  grain: "purchase",
  standing: "counted",
  read: ({ currency, purchases }) => {
    const own = purchases.filter((purchase) => purchase.currency === currency)
    const others = purchases.length - own.length
    if (own.length === 0) return none("no purchases yet")
    return {
      estimate: Number(sum(own.map(({ netMinor }) => netMinor))) / own.length,
      interval: null,
      sample: own.length,
      note: others === 0 ? null : `${others} purchases in other currencies are left out`,
    }
  },
}

/** The part of a study that is about customers of one origin. */
const ofOrigin =
  (value: string) =>
  (study: Study): Study => {
    const of = origin.of(study)
    return about(study, { by: origin.name, value }, (person) => of(person) === value)
  }

/** Shares by Kaplan and Meier, since who was referred has often been a customer for a shorter time. */
export const referredReturnDifference = (within: number): Metric<Study> => ({
  name: `referred-return-difference-within-${within}-days`,
  question: `How much larger is the share of referred customers who buy again within ${within} days than that of others?`,
  unit: "share",
  grain: "customer",
  standing: "counted",
  read: (study) => {
    const again = secondPurchaseWithin(within)
    const [referred, other] = [ofOrigin("referred")(study), ofOrigin("other")(study)].map(again.read)
    if (referred === undefined || other === undefined) return none("nobody to compare")
    const found = difference(referred, other)
    return found.estimate === null
      ? none("referred customers and others are needed, both for long enough", found.sample)
      : { ...found, note: "an association: they may differ in more than how they came" }
  },
})
