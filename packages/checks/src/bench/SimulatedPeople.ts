/**
 * People, customers and journeys of a size to measure with.
 *
 * Promises: the same seed gives the same. Customers buy as BG/NBD says, with the parameters published for the CDNOW customers (Fader,
 * Hardie and Lee 2005): whoever fits the model to them finds about these again.
 */
import type { Signals } from "@advocacy-kit/core/advocate/AdvocateScore"
import type { BuyingHistory } from "@advocacy-kit/core/metric/BuyingHistory"
import type { Journey } from "@advocacy-kit/core/metric/TouchAttribution"
import { draws } from "@advocacy-kit/core/statistics/Bootstrap"

const normal = (next: () => number): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())

const exponential = (next: () => number): number => -Math.log(1 - next())

/** A gamma draw of scale 1 (Marsaglia and Tsang 2000). */
const gamma = (next: () => number, shape: number): number => {
  if (shape < 1) return gamma(next, shape + 1) * (1 - next()) ** (1 / shape)
  const d = shape - 1 / 3
  for (;;) {
    const x = normal(next)
    const v = (1 + x / Math.sqrt(9 * d)) ** 3
    if (v > 0 && Math.log(1 - next()) < x * x * 0.5 + d - d * v + d * Math.log(v)) return d * v
  }
}

/** Per week. */
export const published = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 } as const

/** Who first bought on a day of the first twelve weeks, watched until the end of the thirty-ninth; times are whole days, in weeks. */
export const customers = (count: number): ReadonlyArray<BuyingHistory> => {
  const next = draws(1)
  return Array.from({ length: count }, () => {
    const rate = gamma(next, published.r) / published.alpha
    const [stays, leaves] = [gamma(next, published.b), gamma(next, published.a)]
    const observed = (273 - Math.floor(next() * 84)) / 7
    let [repeats, lastAt] = [0, 0]
    for (let at = exponential(next) / rate; at < observed; at += exponential(next) / rate) {
      repeats++
      lastAt = Math.ceil(at * 7) / 7
      if (next() < leaves / (leaves + stays)) break
    }
    return { repeats, lastAt, observed }
  })
}

/** Journeys of one touch to about twenty, three on average; the first channels are met most; every seventh converts. */
export const journeys = (count: number, channels: number): ReadonlyArray<Journey> => {
  const next = draws(2)
  return Array.from({ length: count }, () => ({
    touches: Array.from({ length: 1 + Math.floor(2.5 * exponential(next)) }, () =>
      String(Math.floor(channels * next() ** 2)),
    ),
    conversions: next() < 1 / 7 ? 1 : 0,
    value: 40,
    nulls: 1,
  }))
}

/** What a shop knows of its customers: most never answered, few ever referred. */
export const people = (count: number): ReadonlyArray<Signals> => {
  const next = draws(3)
  return Array.from({ length: count }, () => {
    const referrals = next() < 0.1 ? 1 + Math.floor(2 * exponential(next)) : 0
    return {
      nps: next() < 0.2 ? Math.floor(11 * next()) : null,
      stars: next() < 0.05 ? 1 + Math.floor(5 * next()) : null,
      refundedShare: next() < 0.1 ? next() : 0,
      recentReferrals: referrals * next(),
      referrals,
      conversions: Math.floor(referrals * next()),
      shares90d: next() < 0.1 ? 1 : 0,
      reviews: next() < 0.05 ? 1 : 0,
      recency: -365 * 86_400_000 * next(),
      orders: 1 + Math.floor(2 * exponential(next)),
      shares: next() < 0.2 ? 1 : 0,
      emailEngagement: next() < 0.5 ? next() : null,
    }
  })
}
