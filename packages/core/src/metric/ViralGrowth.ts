/**
 * Growth by invitation: how many new customers a customer brings, and what that adds up to.
 *
 * k = invitations per customer × share that joins (Skok 2009); below 1, as nearly always, a branching process that dies
 * out, with 1/(1 − k) customers for each one who came otherwise. Measured on customers who have had the whole of
 * `window` to bring others: counting younger ones biases k down.
 */
import { bootstrapMean } from "../statistics/Bootstrap.ts"
import type { Interval } from "../statistics/Proportion.ts"

/** k, the mean number of customers that one brings. */
export const coefficient = (invitesPerCustomer: number, conversion: number): number => invitesPerCustomer * conversion

/**
 * Customers after `time`, beginning with `initial`: C₀ (k^(t/c + 1) − 1) / (k − 1), and C₀ (t/c + 1) at k = 1. Null
 * without a cycle. `time` and `cycle` are in one unit; generations in between are interpolated.
 */
export const customersAfter = (k: number, initial: number, cycle: number, time: number): number | null => {
  if (!(cycle > 0)) return null
  const generations = time / cycle + 1
  if (k === 1) return initial * generations
  return (initial * Math.expm1(generations * Math.log(k))) / (k - 1)
}

/** Customers in the end for each one who came otherwise, 1/(1 − k); null where growth does not end (k of 1 or more). */
export const amplification = (k: number): number | null => (k < 1 ? 1 / (1 - k) : null)

export interface Member {
  readonly id: string
  /** Who brought them; null for who came otherwise. */
  readonly referrer: string | null
  /** In any one unit, such as days. */
  readonly joinedAt: number
}

export interface ObservedGrowth {
  /** Mean number brought within `window` of joining, by those who had that long; null where nobody had. */
  readonly coefficient: number | null
  /** By resampling customers: few bring most, hence a Poisson interval would be too narrow. */
  readonly interval: Interval | null
  /** Customers with the whole window behind them. */
  readonly matured: number
  /** Median time from joining to the joining of someone brought; of all seen so far, hence early. Null if none. */
  readonly medianCycle: number | null
}

const median = (sorted: ReadonlyArray<number>): number | null => {
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}

/**
 * k as observed at `asOf`. A referrer who is no member, or who joined later than whom they brought, is not counted for
 * anybody. `seed` makes the interval reproducible.
 */
export const observed = (
  members: ReadonlyArray<Member>,
  options: { readonly asOf: number; readonly window: number; readonly seed: number; readonly confidence?: number },
): ObservedGrowth => {
  const { asOf, seed, window } = options
  const known = members.filter(({ joinedAt }) => joinedAt <= asOf)
  const joined = new Map(known.map(({ id, joinedAt }) => [id, joinedAt]))
  const matured = known.filter(({ joinedAt }) => joinedAt + window <= asOf)
  const brought = new Map(matured.map(({ id }) => [id, 0]))
  const cycles: Array<number> = []
  for (const { id, joinedAt, referrer } of known) {
    const since = referrer === null || referrer === id ? undefined : joined.get(referrer)
    if (referrer === null || since === undefined || joinedAt < since) continue
    cycles.push(joinedAt - since)
    const count = brought.get(referrer)
    if (count !== undefined && joinedAt - since <= window) brought.set(referrer, count + 1)
  }
  const counts = [...brought.values()]
  const total = counts.reduce((sum, count) => sum + count, 0)
  return {
    coefficient: counts.length === 0 ? null : total / counts.length,
    interval: bootstrapMean(counts, seed, options.confidence),
    matured: counts.length,
    medianCycle: median(cycles.sort((a, b) => a - b)),
  }
}
