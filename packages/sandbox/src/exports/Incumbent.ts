/**
 * A simulated referral product that paid for the world's referrals by the brand's own rules, but for planted faults.
 *
 * Promises: every credited conversion past its hold is paid `rules.advocateReward` once, and no other is, except where a
 * fault is planted; each fault stands in the records exactly once; the same world and seed give the same records. What
 * was refunded after it was paid stands there as taken back. Friends get theirs at the checkout, so no record is a friend's.
 * It decides nothing: who is owed what is the world's truth.
 */
import * as RandomSource from "../world/RandomSource.ts"
import type { World } from "../world/World.ts"
import { rules } from "../world/World.ts"
import * as PlantedFault from "./PlantedFault.ts"
import * as ReferralCase from "./ReferralCase.ts"

export { scenarios } from "./PlantedFault.ts"

export interface Reward {
  /** In order of when they were granted, from 1. */
  readonly number: number
  readonly of: ReferralCase.ReferralCase
  readonly amount: string
  /** `reversed` was paid and taken back: it is worth nothing. */
  readonly status: "paid" | "pending" | "reversed"
  /** When the product recorded it: at the end of the hold, or at the order while that runs. */
  readonly grantedAt: string
  readonly changedAt: string
}

export interface Referral {
  readonly number: number
  readonly of: ReferralCase.ReferralCase
  readonly status: "completed" | "pending" | "blocked"
  readonly completedAt: string | null
}

export interface Incumbent {
  readonly brand: World["brand"]
  readonly rewards: ReadonlyArray<Reward>
  /** Everything that the product saw as a referral, rewarded or not, in order of purchase. */
  readonly referrals: ReadonlyArray<Referral>
  readonly faults: ReadonlyArray<PlantedFault.PlantedFault>
}

export interface IncumbentOptions {
  /** Faults of each kind. Default 25; 0 is a product without faults. */
  readonly faultsPerKind?: number
  /** Default: the world's own. */
  readonly seed?: number
}

type Draft = Omit<Reward, "number">

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

const iso = (at: number): string => new Date(at).toISOString()

const wrongAmounts = ["2.00", "10.00", "15.00", "25.00", "40.00", "200.00"]

const total = (rewards: ReadonlyArray<Draft>): string => {
  const cents = rewards
    .filter(({ status }) => status === "paid")
    .reduce((sum, { amount }) => sum + BigInt(amount.replace(".", "")), 0n)
  return `${cents / 100n}.${String(cents % 100n).padStart(2, "0")}`
}

/** When the last refund or the cancellation came; null when there was none. */
const undoneAt = ({ order }: ReferralCase.ReferralCase): number | null => {
  const instants = [
    ...order.refunds.map(({ createdAt }) => createdAt),
    ...(order.cancelledAt === null ? [] : [order.cancelledAt]),
  ].map((at) => Date.parse(at))
  return instants.length === 0 ? null : Math.max(...instants)
}

const paid = (of: ReferralCase.ReferralCase, amount: string, at: number): Draft => ({
  of,
  amount,
  status: "paid",
  grantedAt: iso(at),
  changedAt: iso(at),
})

/** What the rules make of it. */
const rightly = (of: ReferralCase.ReferralCase, paidAt: number, now: number): ReadonlyArray<Draft> => {
  if (of.truth.verdict === "credited") {
    return paidAt <= now
      ? [paid(of, rules.advocateReward, paidAt)]
      : [{ ...paid(of, rules.advocateReward, Date.parse(of.order.createdAt)), status: "pending" }]
  }
  const undone = undoneAt(of)
  const wasRewarded = of.truth.reason === "refunded" || of.truth.class === "refunded-below-minimum"
  return wasRewarded && undone !== null && undone > paidAt && paidAt <= now
    ? [{ ...paid(of, rules.advocateReward, paidAt), status: "reversed", changedAt: iso(undone + 20 * minuteMs) }]
    : []
}

const wrongly = (
  { kind, of }: PlantedFault.Chosen,
  paidAt: number,
  random: RandomSource.RandomSource,
): ReadonlyArray<Draft> => {
  const once = paid(of, rules.advocateReward, paidAt)
  switch (kind) {
    case "paid-twice":
      return [once, paid(of, rules.advocateReward, paidAt + random.int(60, 20 * 24 * 60) * minuteMs)]
    case "not-paid":
      return []
    case "wrong-amount":
      return [paid(of, random.pick(wrongAmounts), paidAt)]
    default:
      return [once]
  }
}

const referral = (of: ReferralCase.ReferralCase, now: number): Omit<Referral, "number"> => {
  if (of.truth.verdict !== "credited") return { of, status: "blocked", completedAt: null }
  return of.payableAt <= now
    ? { of, status: "completed", completedAt: iso(of.payableAt) }
    : { of, status: "pending", completedAt: null }
}

/** How many faults of each kind the world has room for. */
export const room = (world: World): number => PlantedFault.room(ReferralCase.all(world), Date.parse(world.brand.now))

export const make = (world: World, options: IncumbentOptions = {}): Incumbent => {
  const now = Date.parse(world.brand.now)
  const seed = options.seed ?? world.brand.seed
  const cases = ReferralCase.all(world)
  const choice = RandomSource.make(seed, "faults of the product in use")
  const chosen = PlantedFault.choose(cases, options.faultsPerKind ?? 25, choice, now)
  const faulty = new Map(chosen.map((one) => [one.of.order.id, one]))
  const random = RandomSource.make(seed, "payments of the product in use")
  const records = cases.map(
    (of): { readonly of: ReferralCase.ReferralCase; readonly rewards: ReadonlyArray<Draft> } => {
      // A nightly run pays what is due.
      const paidAt = (Math.floor(of.payableAt / dayMs) + 1) * dayMs + random.int(1, 90) * minuteMs
      const fault = faulty.get(of.order.id)
      return { of, rewards: fault === undefined ? rightly(of, paidAt, now) : wrongly(fault, paidAt, random) }
    },
  )
  const amounts = new Map(records.map(({ of, rewards }) => [of.order.id, total(rewards)]))
  return {
    brand: world.brand,
    rewards: records
      .flatMap(({ rewards }) => rewards)
      .sort((left, right) => (left.grantedAt < right.grantedAt ? -1 : left.grantedAt > right.grantedAt ? 1 : 0))
      .map((reward, index) => ({ ...reward, number: index + 1 })),
    referrals: cases.map((of, index) => ({
      ...(faulty.has(of.order.id)
        ? { of, status: "completed" as const, completedAt: iso(of.payableAt) }
        : referral(of, now)),
      number: index + 1,
    })),
    faults: chosen.map((one) => PlantedFault.describe(one, amounts.get(one.of.order.id) ?? "0.00")),
  }
}
