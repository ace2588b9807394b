/**
 * Who brought whom: trees of referrals that grow from customers whom nobody brought.
 *
 * Promises: each customer has at most one referrer, the first one told; a referrer of whom nothing else is told is a
 * customer without referrer. Referrals in a circle have no beginning: they are told in `circular`, and are no part of the
 * forest, nor is what hangs on them. Influence is credited, not caused, and not additive: the friend of a friend counts
 * for both.
 */

export interface Referral {
  readonly customer: string
  /** Null for who came on their own. */
  readonly referrer: string | null
}

export interface Member {
  readonly customer: string
  readonly referrer: string | null
  /** Steps from the customer at the root; 0 there. */
  readonly depth: number
  readonly root: string
  /** Friends whom they brought themselves. */
  readonly direct: number
  /** Everybody below them, at any distance. */
  readonly descendants: number
}

export interface ReferralForest {
  /** Everybody who hangs on a root; who brought comes before who was brought. */
  readonly members: ReadonlyMap<string, Member>
  readonly roots: ReadonlyArray<string>
  /** Who refers themselves through others, or hangs on such a circle. */
  readonly circular: ReadonlyArray<string>
}

export const referralForest = (referrals: Iterable<Referral>): ReferralForest => {
  const referrerOf = new Map<string, string | null>()
  for (const { customer, referrer } of referrals) if (!referrerOf.has(customer)) referrerOf.set(customer, referrer)
  for (const referrer of referrerOf.values()) {
    if (referrer !== null && !referrerOf.has(referrer)) referrerOf.set(referrer, null)
  }
  const brought = new Map<string, Array<string>>()
  for (const [customer, referrer] of referrerOf) {
    if (referrer === null) continue
    const friends = brought.get(referrer)
    if (friends === undefined) brought.set(referrer, [customer])
    else friends.push(customer)
  }
  const roots = [...referrerOf].flatMap(([customer, referrer]) => (referrer === null ? [customer] : []))
  const placed = new Map(roots.map((root) => [root, { root, depth: 0 }]))
  // The map grows while it is walked, level by level.
  for (const [customer, { depth, root }] of placed) {
    for (const friend of brought.get(customer) ?? []) placed.set(friend, { root, depth: depth + 1 })
  }
  const below = new Map<string, number>()
  for (const customer of [...placed.keys()].toReversed()) {
    const friends = brought.get(customer) ?? []
    below.set(
      customer,
      friends.reduce((sum, friend) => sum + 1 + (below.get(friend) ?? 0), 0),
    )
  }
  const members = new Map(
    [...placed].map(([customer, place]): [string, Member] => [
      customer,
      {
        customer,
        referrer: referrerOf.get(customer) ?? null,
        ...place,
        direct: brought.get(customer)?.length ?? 0,
        descendants: below.get(customer) ?? 0,
      },
    ]),
  )
  return { members, roots, circular: [...referrerOf.keys()].filter((customer) => !placed.has(customer)) }
}

/**
 * Katz's influence (Katz 1953): K = Σ over everybody below of β^distance · weight. With each one's margin as weight it is
 * influenced revenue (customer influence value, Kumar et al. 2013), in the unit of the weights. β up to 1.
 */
export const katz = (
  { members }: ReferralForest,
  beta = 0.5,
  weight: (customer: string) => number = () => 1,
): ReadonlyMap<string, number> => {
  const result = new Map([...members.keys()].map((customer) => [customer, 0]))
  for (const { customer, referrer } of [...members.values()].toReversed()) {
    if (referrer === null) continue
    const passedOn = beta * (weight(customer) + (result.get(customer) ?? 0))
    result.set(referrer, (result.get(referrer) ?? 0) + passedOn)
  }
  return result
}

/**
 * Structural virality of the tree below `root` (Goel et al. 2016): the mean distance of all pairs of its people, as
 * 2 Σ s (N − s)/(N (N − 1)) over the subtree sizes s. About 2 for one who brought everybody, more for chains. Null for
 * who brought nobody.
 */
export const structuralVirality = ({ members }: ReferralForest, root: string): number | null => {
  const size = (members.get(root)?.descendants ?? 0) + 1
  if (size < 2) return null
  let paths = 0
  const inside = new Set([root])
  // Who brought comes first, so that everybody below the root is found in one walk.
  for (const { customer, descendants, referrer } of members.values()) {
    if (referrer === null || customer === root || !inside.has(referrer)) continue
    inside.add(customer)
    paths += (descendants + 1) * (size - descendants - 1)
  }
  return (2 * paths) / (size * (size - 1))
}

/** How many customers stand at each depth, from the roots on. */
export const depthHistogram = ({ members }: ReferralForest): ReadonlyArray<number> => {
  const result: Array<number> = []
  for (const { depth } of members.values()) result[depth] = (result[depth] ?? 0) + 1
  return result
}
