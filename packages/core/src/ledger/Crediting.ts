/**
 * Difference posting: what has to be posted so that the ledger says what it should.
 *
 * Promises: `post(difference(desired, posted))` makes them equal, and a second difference is empty. Duplicates, reordering,
 * late facts, refunds, merges and re-runs are all this one case. A credit that is no longer desired is withdrawn, never
 * deleted.
 */
import { canonical } from "../id/Digest.ts"
import type { Account, Credit, CreditKey, Leg } from "./Credit.ts"
import type { Posted, Revision } from "./Ledger.ts"

/** A revision before it is said what it was decided by. */
export type Change = Omit<Revision, "asOf" | "inputs">

/** The changes that turn what was posted into what is desired, in key order. A credit whose unit changed has two. */
export const difference = (
  desired: ReadonlyMap<CreditKey, Credit>,
  posted: ReadonlyMap<CreditKey, Posted>,
): ReadonlyArray<Change> => {
  const revisions: Array<Change> = []
  for (const credit of desired.values()) {
    const before = posted.get(credit.key)
    if (before !== undefined && before.credit.unit !== credit.unit && before.legs.length > 0) {
      // Units never add: what was posted in the old one is taken back in the old one.
      const emptied = revision(withdrawn(before.credit), before, subtract([], before.legs))
      revisions.push(emptied, revision(credit, { ...emptied, legs: [] }, credit.legs))
      continue
    }
    const legs = subtract(credit.legs, before?.legs ?? [])
    if (legs.length === 0 && before !== undefined && sameDecision(before.credit, credit)) continue
    revisions.push(revision(credit, before, legs))
  }
  for (const [key, before] of posted) {
    if (desired.has(key) || before.credit.outcome === "withdrawn") continue
    revisions.push(revision(withdrawn(before.credit), before, subtract([], before.legs)))
  }
  return revisions.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

const revision = (credit: Credit, before: Posted | undefined, legs: ReadonlyArray<Leg>): Change => ({
  key: credit.key,
  revision: (before?.revision ?? 0) + 1,
  unit: credit.unit,
  effectiveAt: credit.effectiveAt,
  legs,
  credit,
})

const withdrawn = (credit: Credit): Credit => ({
  ...credit,
  outcome: "withdrawn",
  reason: "no-evidence",
  review: "clear",
  amountMinor: 0n,
  legs: [],
  nextDueAt: null,
})

/** `left − right` per account, without zeros, in account order. */
export const subtract = (left: ReadonlyArray<Leg>, right: ReadonlyArray<Leg>): ReadonlyArray<Leg> => {
  const amounts = new Map<Account, bigint>()
  for (const { account, amountMinor } of left) amounts.set(account, (amounts.get(account) ?? 0n) + amountMinor)
  for (const { account, amountMinor } of right) amounts.set(account, (amounts.get(account) ?? 0n) - amountMinor)
  return [...amounts]
    .filter(([, amountMinor]) => amountMinor !== 0n)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([account, amountMinor]) => ({ account, amountMinor }))
}

/**
 * Whether two credits say the same. The reasons' wording counts too: a decision that stands for other reasons is posted
 * again, without legs, so that the explanation stays true. The share is what a commitment would keep: the amount and the reasons say
 * what it comes to, and what was posted before shares were recorded says the same.
 */
const sameDecision = (left: Credit, right: Credit): boolean =>
  canonical(comparable(left)) === canonical(comparable(right))

const comparable = ({ legs: _legs, share: _share, ...rest }: Credit): unknown => rest
