/**
 * The score by which customers are ranked for a private ask, from what a shop knows of each.
 *
 * Four components, by percentile of average rank within the shop: sentiment, proven advocacy, live loyalty, reach.
 * Satisfaction alone does not find who influences others, and tenure finds nobody, so that neither decides. The score
 * predicts who refers; whether asking changes that only a randomised ask can tell. It gates nothing: see
 * `Identification`.
 */
import { fit, posteriorMean } from "../statistics/BetaBinomial.ts"
import { ranks } from "../statistics/Proportion.ts"

/** Weights of the four components; they sum to 1. */
export const weights = { sentiment: 0.15, provenAdvocacy: 0.25, liveLoyalty: 0.4, reach: 0.2 } as const

/** Live loyalty from which somebody is loyal. */
const loyalFrom = 0.9

/** What goes into the score, as it was known at one moment. */
export interface Signals {
  /** Newest answer, 0 to 10; null where nobody knows. */
  readonly nps: number | null
  /** Mean stars of their reviews, 1 to 5; null without reviews. */
  readonly stars: number | null
  /** Refunded share of what was bought, 0 to 1. */
  readonly refundedShare: number
  /** Friends whom they referred, older ones counting less (half as much after 90 days); not a whole number. */
  readonly recentReferrals: number
  /** Friends whom they ever referred, and those of them who bought; null where only who bought is known. */
  readonly referrals: number | null
  readonly conversions: number
  /** Times that they shared in 90 days, reviews that they wrote; null where nobody knows. */
  readonly shares90d: number | null
  readonly reviews: number | null
  /** Grows with the time of the last order; minus the days since then will do. */
  readonly recency: number
  readonly orders: number
  /** Shares ever made; null where nobody knows. */
  readonly shares: number | null
  /** How much of what they are sent they open, 0 to 1; null where nobody knows. */
  readonly emailEngagement: number | null
}

/** Percentiles within the shop, above 0 and up to 1; loyalty is the mean of two. */
export interface Components {
  readonly sentiment: number
  readonly provenAdvocacy: number
  readonly liveLoyalty: number
  readonly reach: number
}

export interface Scored extends Components {
  /** 0 to 100. */
  readonly score: number
  /** Sentiment and proven advocacy, 0 to 1: would they? */
  readonly willing: number
  /** Loyalty and reach, 0 to 1: would it be heard? */
  readonly influential: number
  /** Loyal but silent: ask. Influential but unhappy: save. */
  readonly list: "ask" | "save" | null
}

/** Σ 2^(−age/half-life) over ages in days: what is recent counts whole, after a half-life half. */
export const decayed = (agesInDays: ReadonlyArray<number>, halfLifeDays = 90): number =>
  agesInDays.reduce((sum, age) => sum + 2 ** (-age / halfLifeDays), 0)

/** Numbers in the order of customers: a million objects for each step would take more than the customers themselves. */
type Column = Float64Array

const columnOf = (customers: ReadonlyArray<Signals>, of: (customer: Signals, at: number) => number): Column => {
  const column = new Float64Array(customers.length)
  customers.forEach((customer, at) => (column[at] = of(customer, at)))
  return column
}

/** Unknown values take the mean of the known ones, so that silence is neither praise nor blame. */
const filled = (customers: ReadonlyArray<Signals>, of: (customer: Signals) => number | null): Column => {
  let [sum, known] = [0, 0]
  for (const customer of customers) {
    const value = of(customer)
    if (value === null) continue
    sum += value
    known++
  }
  const mean = known === 0 ? 0 : sum / known
  return columnOf(customers, (customer) => of(customer) ?? mean)
}

/** Each one's chance that a referred friend buys, drawn towards the shop's; 1 where only friends who bought are known. */
const conversionChances = (customers: ReadonlyArray<Signals>): Column => {
  const countsOf = ({ conversions, referrals }: Signals) =>
    referrals === null ? null : { trials: Math.max(referrals, conversions), successes: conversions }
  const known = customers
    .map(countsOf)
    .filter((one) => one !== null && one.trials > 0)
    .filter((one) => one !== null)
  const prior = fit(known)
  const trials = known.reduce((sum, one) => sum + one.trials, 0)
  const pooled = trials === 0 ? 1 : known.reduce((sum, one) => sum + one.successes, 0) / trials
  return columnOf(customers, (customer) => {
    const counts = countsOf(customer)
    return counts === null ? 1 : prior === null ? pooled : posteriorMean(prior, counts)
  })
}

/** The four components in columns. */
const columnsOf = (customers: ReadonlyArray<Signals>): Readonly<Record<keyof Components, Column>> => {
  const ranked = (of: (customer: Signals, at: number) => number): Column => ranks(columnOf(customers, of))
  const nps = filled(customers, (one) => one.nps)
  const stars = filled(customers, (one) => one.stars)
  const sentiment = ranked(
    ({ refundedShare }, at) => 0.6 * ((nps[at] ?? 0) / 10) + 0.4 * ((stars[at] ?? 0) / 5) - 0.5 * refundedShare,
  )
  const chances = conversionChances(customers)
  const shares90d = filled(customers, (one) => one.shares90d)
  const reviews = filled(customers, (one) => one.reviews)
  const provenAdvocacy = ranked(
    ({ recentReferrals }, at) =>
      (chances[at] ?? 0) * Math.log1p(recentReferrals) +
      0.25 * Math.log1p(shares90d[at] ?? 0) +
      0.25 * Math.log1p(reviews[at] ?? 0),
  )
  const recency = ranked((one) => one.recency)
  const orders = ranked((one) => one.orders)
  const engagement = filled(customers, (one) => one.emailEngagement)
  const shares = filled(customers, (one) => one.shares)
  const reach = ranked(
    ({ conversions }, at) => Math.log1p(conversions) + 0.5 * Math.log1p(shares[at] ?? 0) + 0.5 * (engagement[at] ?? 0),
  )
  // Already a mean of percentiles: ranked once more it tells fewer apart.
  const liveLoyalty = recency.map((rank, at) => 0.5 * rank + 0.5 * (orders[at] ?? 0))
  return { sentiment, provenAdvocacy, liveLoyalty, reach }
}

const componentsAt = (columns: ReturnType<typeof columnsOf>, at: number): Components => ({
  sentiment: columns.sentiment[at] ?? 0,
  provenAdvocacy: columns.provenAdvocacy[at] ?? 0,
  liveLoyalty: columns.liveLoyalty[at] ?? 0,
  reach: columns.reach[at] ?? 0,
})

/**
 * The four components, in the order of `customers`:
 * sentiment 0.6 NPS/10 + 0.4 stars/5 − 0.5 refunded share; proven advocacy conversion chance · ln(1 + recent referrals) +
 * 0.25 ln(1 + shares in 90 days) + 0.25 ln(1 + reviews); live loyalty the mean of the percentiles of recency and orders; reach
 * ln(1 + friends who bought) + 0.5 ln(1 + shares) + 0.5 e-mail engagement.
 */
export const components = (customers: ReadonlyArray<Signals>): ReadonlyArray<Components> => {
  const columns = columnsOf(customers)
  return customers.map((_, at) => componentsAt(columns, at))
}

/** The weighted sum of percentiles, with its two axes and the list that it puts the customer on. */
export const combine = (of: Components, weighted: Readonly<Record<keyof Components, number>> = weights): Scored => {
  const { liveLoyalty, provenAdvocacy, reach, sentiment } = of
  const willing = weighted.sentiment * sentiment + weighted.provenAdvocacy * provenAdvocacy
  const influential = weighted.liveLoyalty * liveLoyalty + weighted.reach * reach
  const asked = liveLoyalty >= loyalFrom && provenAdvocacy <= 0.5
  const saved = reach >= 0.9 && sentiment <= 0.3
  return {
    sentiment,
    provenAdvocacy,
    liveLoyalty,
    reach,
    score: 100 * (willing + influential),
    willing: willing / (weighted.sentiment + weighted.provenAdvocacy),
    influential: influential / (weighted.liveLoyalty + weighted.reach),
    // Whoever is unhappy is not asked.
    list: saved ? "save" : asked ? "ask" : null,
  }
}

/**
 * Who has done nothing yet is silent, also where so few have done anything that the middle rank of all the others lies above 0.5: in a
 * new program nobody would be worth a first ask.
 */
export const isLoyalButSilent = (
  { recentReferrals, reviews, shares90d }: Signals,
  { liveLoyalty }: Components,
): boolean => liveLoyalty >= loyalFrom && recentReferrals === 0 && (shares90d ?? 0) === 0 && (reviews ?? 0) === 0

/** Scores customers against each other, in their order. */
export const scoreAll = (
  customers: ReadonlyArray<Signals>,
  weighted: Readonly<Record<keyof Components, number>> = weights,
): ReadonlyArray<Scored> => {
  const columns = columnsOf(customers)
  return customers.map((_, at) => combine(componentsAt(columns, at), weighted))
}
