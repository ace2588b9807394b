/**
 * What a shop would rank by without a score: one signal at a time, and recency, frequency and spending together.
 *
 * Every signal that the score reads is here, so that whoever beats them all owes it to putting them together. Higher is better.
 * Where nobody knows a signal it is left out; where some are not known they take the mean of the others.
 */
import { percentiles } from "../statistics/Proportion.ts"
import type { Candidate } from "./Identification.ts"

type Read = (candidate: Candidate) => number | null

const signals: ReadonlyArray<readonly [string, Read]> = [
  ["NPS", ({ signals: { nps } }) => nps],
  ["refunded share, least first", ({ signals: { refundedShare } }) => -refundedShare],
  ["orders", ({ signals: { orders } }) => orders],
  ["last order, newest first", ({ signals: { recency } }) => recency],
  ["spending", ({ customer: { spentMinor } }) => Number(spentMinor)],
  ["friends brought", ({ signals: { conversions } }) => conversions],
  ["friends brought, newer counting more", ({ signals: { recentReferrals } }) => recentReferrals],
  ["shares", ({ signals: { shares } }) => shares],
  ["shares in 90 days", ({ signals: { shares90d } }) => shares90d],
]

/** Recency, frequency and monetary value: the sum of three percentiles. */
const rfm = (candidates: ReadonlyArray<Candidate>): ReadonlyArray<number> => {
  const ranked = [
    ({ signals: { recency } }: Candidate) => recency,
    ({ signals: { orders } }: Candidate) => orders,
    ({ customer: { spentMinor } }: Candidate) => Number(spentMinor),
  ].map((read) => percentiles(candidates.map(read)))
  return candidates.map((_, at) => ranked.reduce((sum, ranks) => sum + (ranks[at] ?? 0), 0))
}

/** By name, in the order of `candidates`. */
export const singleSignals = (candidates: ReadonlyArray<Candidate>): ReadonlyMap<string, ReadonlyArray<number>> => {
  const single = signals.flatMap(([name, read]) => {
    const values = candidates.map(read)
    const known = values.filter((value) => value !== null)
    if (known.length === 0) return []
    const mean = known.reduce((a, b) => a + b, 0) / known.length
    return [[name, values.map((value) => value ?? mean)] as const]
  })
  return new Map([...single, ["RFM", rfm(candidates)]])
}
