/**
 * Patterns of referrals that honest people rarely make: rings and bursts.
 *
 * Each is a reason for a human to look, never proof: an honest article can bring ten friends in a day.
 */
import { days, type Instant } from "../id/Instant.ts"
import { fromEdges, strongComponents } from "../statistics/DirectedGraph.ts"

export interface DatedReferral {
  readonly customer: string
  readonly referrer: string | null
  /** When the friend came. */
  readonly at: Instant
}

type Pair = Pick<DatedReferral, "customer" | "referrer">

/** Groups of two or more who refer each other in a circle, whoever began it. */
export const rings = (referrals: ReadonlyArray<Pair>): ReadonlyArray<ReadonlyArray<string>> => {
  const edges = referrals.flatMap(({ customer, referrer }) =>
    referrer === null ? [] : [[referrer, customer] as const],
  )
  return strongComponents(fromEdges(edges)).filter((part) => part.length >= 2)
}

/**
 * Referrers with at least `threshold` friends within some `window`, both ends included; the default is ten within 24
 * hours. A friend told twice counts once, when they first came.
 */
export const bursts = (
  referrals: ReadonlyArray<DatedReferral>,
  threshold = 10,
  window = days(1),
): ReadonlyArray<string> => {
  const firstAt = new Map<string, Map<string, Instant>>()
  for (const { at, customer, referrer } of referrals) {
    if (referrer === null) continue
    const friends = firstAt.get(referrer) ?? new Map<string, Instant>()
    firstAt.set(referrer, friends.set(customer, Math.min(at, friends.get(customer) ?? at)))
  }
  return [...firstAt].flatMap(([referrer, friends]) => {
    const times = [...friends.values()].sort((a, b) => a - b)
    return times.some((from, at) => (times[at + threshold - 1] ?? Infinity) - from <= window) ? [referrer] : []
  })
}
