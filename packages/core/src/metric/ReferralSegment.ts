/**
 * Four kinds of customers by what they buy and by what their referrals bring (Kumar, Petersen and Leone 2007).
 *
 * The two values say little about each other, so that each is cut at its own median. The segment says what to offer; it
 * decides nothing.
 */

export type Segment = "champion" | "affluent" | "advocate" | "miser"

/** What each segment is offered. */
export const action: Readonly<Record<Segment, string>> = {
  champion: "keep both up: thank and recognise",
  affluent: "ask for referrals",
  advocate: "give a reason to buy",
  miser: "ask for referrals and give a reason to buy",
}

export interface Valued {
  /** Of their own purchases; any unit, the same for all. */
  readonly lifetimeValue: number
  /** Of their referrals; any unit, the same for all. */
  readonly referralValue: number
}

const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  return ((low ?? 0) + (high ?? 0)) / 2
}

/** The segment of each, in their order; high is above the median of all. */
export const segments = (customers: ReadonlyArray<Valued>): ReadonlyArray<Segment> => {
  const lifetime = median(customers.map(({ lifetimeValue }) => lifetimeValue))
  const referral = median(customers.map(({ referralValue }) => referralValue))
  return customers.map(({ lifetimeValue, referralValue }) =>
    lifetimeValue > lifetime
      ? referralValue > referral
        ? "champion"
        : "affluent"
      : referralValue > referral
        ? "advocate"
        : "miser",
  )
}
