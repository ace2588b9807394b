/**
 * Recency, frequency and monetary value, each scored 1 to 5 within the shop (Hughes 1994).
 *
 * Score = 1 + ⌊5 (rank − 1) / n⌋ with the lowest rank of a tie, higher is better: equal customers get equal scores, in
 * whatever order they come. Where most bought once, scores in between stay empty, as they should.
 */
import { dayNumber, type Purchase, purchaseDays } from "./Purchase.ts"

export interface RfmScores {
  readonly customer: string
  /** Days from the last purchase to `end`. */
  readonly recencyDays: number
  /** Days with a purchase. */
  readonly frequency: number
  /** All that they bought, in the unit of the purchases. */
  readonly monetary: number
  readonly recencyScore: number
  readonly frequencyScore: number
  readonly monetaryScore: number
}

/** The score of each value from 1 to `classes`, ties alike, larger is higher. */
export const tiedScores = (values: ReadonlyArray<number>, classes = 5): ReadonlyArray<number> => {
  const sorted = [...values].sort((a, b) => a - b)
  const below = new Map<number, number>()
  for (const [index, value] of sorted.entries()) if (!below.has(value)) below.set(value, index)
  return values.map((value) => 1 + Math.floor((classes * (below.get(value) ?? 0)) / values.length))
}

/** All customers with a purchase up to `end` (YYYY-MM-DD, included), in the order of their first appearance. */
export const rfm = (purchases: Iterable<Purchase>, end: string, classes = 5): ReadonlyArray<RfmScores> => {
  const last = dayNumber(end)
  if (Number.isNaN(last)) throw new RangeError(`"${end}" is no date; write it as YYYY-MM-DD`)
  const raw = [...purchaseDays(purchases, last)].map(([customer, days]) => ({
    customer,
    recencyDays: last - (days.at(-1)?.day ?? last),
    frequency: days.length,
    monetary: days.reduce((sum, { amount }) => sum + amount, 0),
  }))
  const recency = tiedScores(
    raw.map(({ recencyDays }) => -recencyDays),
    classes,
  )
  const frequency = tiedScores(
    raw.map((one) => one.frequency),
    classes,
  )
  const monetary = tiedScores(
    raw.map((one) => one.monetary),
    classes,
  )
  return raw.map((one, index) => ({
    ...one,
    recencyScore: recency[index] ?? 1,
    frequencyScore: frequency[index] ?? 1,
    monetaryScore: monetary[index] ?? 1,
  }))
}
