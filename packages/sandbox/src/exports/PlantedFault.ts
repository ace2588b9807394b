/**
 * The faults of the product in use: which there are, on which orders they may be planted, and what files prove of them.
 *
 * Promises: each kind in the number asked for or an error that says of what the world has too few; never two on one
 * order; advocates above their yearly limit get faults of that kind alone, so that which order is above it stays certain.
 */
import type { RandomSource } from "../world/RandomSource.ts"
import type { ScenarioCounts } from "../world/ScenarioPlan.ts"
import { rules } from "../world/World.ts"
import * as ReferralCase from "./ReferralCase.ts"

export const kinds = [
  /** Two rewards for one order, both paid. */
  "paid-twice",
  /** A referral that the rules reward, and no reward. */
  "not-paid",
  "kept-after-full-refund",
  /** A part went back, and what is left is below the minimum. */
  "kept-after-partial-refund",
  /** The buyer is the advocate, under the same e-mail. */
  "self-referral",
  /** The buyer is the advocate, under another e-mail that a platform joins to them. */
  "self-referral-alias",
  /** The yearly limit was used up. */
  "above-limit",
  "wrong-amount",
] as const
export type Kind = (typeof kinds)[number]

/** Files that can prove a fault. */
export type ExportName = "rewards" | "referrals" | "orders" | "contacts"

export interface PlantedFault {
  readonly kind: Kind
  readonly orderId: string
  readonly orderName: string
  readonly beneficiaryEmail: string
  /** The buyer's, lower-case. */
  readonly friendEmail: string
  readonly amountDue: string
  /** Over all rewards that the product paid for this order. */
  readonly amountPaid: string
  readonly currency: string
  /**
   * Whether the files together prove it, if the rewards name their orders (`RewardFiles.namesOrders`). A refund that may be
   * shipping in part proves no fall below the minimum.
   */
  readonly provable: boolean
  /** The files that are needed, where they do. */
  readonly provenBy: ReadonlyArray<ExportName>
}

export interface Chosen {
  readonly kind: Kind
  readonly of: ReferralCase.ReferralCase
}

/** So many that faults of each kind find their orders although some of these are too recent: for 1,500 customers or more. */
export const scenarios = (perKind: number): ScenarioCounts => {
  const enough = Math.ceil(perKind * 1.5) + 8
  return {
    // Fifteen friends in a year, of whom four are above the limit.
    overLimit: Math.ceil(enough / 4),
    selfReferral: enough,
    selfReferralAlias: enough,
    fullyRefunded: enough,
    refundedBelowMinimum: enough,
    code: 2 * enough,
    cartAttribute: enough,
    linkClick: enough,
  }
}

const single = new Set(["code", "cart-attribute", "link-click", "invitation"])

type Fits = (one: ReferralCase.ReferralCase) => boolean

const ofClass =
  (name: ReferralCase.ReferralCase["truth"]["class"]): Fits =>
  ({ truth }) =>
    truth.class === name

const rewarded: Fits = ({ truth }) => truth.verdict === "credited" && single.has(truth.class)

const fits: Readonly<Record<Kind, Fits>> = {
  "paid-twice": rewarded,
  "not-paid": rewarded,
  "kept-after-full-refund": ofClass("fully-refunded"),
  "kept-after-partial-refund": ofClass("refunded-below-minimum"),
  "self-referral": ofClass("self-referral"),
  "self-referral-alias": ofClass("self-referral-alias"),
  "above-limit": ofClass("over-limit"),
  "wrong-amount": rewarded,
}

/** Paid at the end of the hold, and that is long enough ago for nobody to call it late. */
const lateDays = 30

type Cases = ReadonlyArray<ReferralCase.ReferralCase>

interface Field {
  readonly settled: Cases
  /** Advocates with an order above their yearly limit. */
  readonly limited: ReadonlySet<string>
}

const field = (cases: Cases, now: number): Field => ({
  settled: cases.filter((one) => one.payableAt + lateDays * 24 * 60 * 60_000 <= now),
  limited: new Set(cases.filter(fits["above-limit"]).map(({ advocateId }) => advocateId)),
})

const candidates = ({ limited, settled }: Field, kind: Kind): Cases =>
  settled.filter((one) => fits[kind](one) && (kind === "above-limit") === limited.has(one.advocateId))

/** How many faults of each kind the orders have room for; kinds that need the same orders share them. */
export const room = (cases: Cases, now: number): number => {
  const of = field(cases, now)
  const sharing = kinds.filter((kind) => fits[kind] === rewarded).length
  return Math.min(
    ...kinds.map((kind) => Math.floor(candidates(of, kind).length / (fits[kind] === rewarded ? sharing : 1))),
  )
}

/** Chooses by the given randomness; `now` is the world's present. */
export const choose = (cases: Cases, perKind: number, random: RandomSource, now: number): ReadonlyArray<Chosen> => {
  const of = field(cases, now)
  const taken = new Set<string>()
  return kinds.flatMap((kind): ReadonlyArray<Chosen> => {
    const open = candidates(of, kind).filter((one) => !taken.has(one.order.id))
    if (open.length < perKind) {
      throw new RangeError(
        `${kind}: ${perKind} faults need ${perKind} orders and the world has ${open.length}; ` +
          "simulate it with scenarios: Incumbent.scenarios(count), or plant fewer",
      )
    }
    const chosen = random.shuffle(open).slice(0, perKind)
    for (const one of chosen) taken.add(one.order.id)
    return chosen.map((found) => ({ kind, of: found }))
  })
}

/** A contact says whose a code is; the product's own list of referrals does where nothing else shows who brought the buyer. */
const proof = ({ kind, of }: Chosen): ReadonlyArray<ExportName> => {
  switch (kind) {
    case "paid-twice":
    case "wrong-amount":
      return ["rewards"]
    case "not-paid":
      return ["rewards", "orders", of.evidence === "referrals" ? "referrals" : "contacts"]
    case "self-referral-alias":
      return ["rewards", "orders", "contacts"]
    case "kept-after-full-refund":
    case "kept-after-partial-refund":
    case "self-referral":
    case "above-limit":
      return ["rewards", "orders"]
  }
}

export const due = ({ truth }: ReferralCase.ReferralCase): string =>
  truth.verdict === "credited" ? rules.advocateReward : "0.00"

export const describe = (chosen: Chosen, amountPaid: string): PlantedFault => {
  const { kind, of } = chosen
  const provable = kind !== "kept-after-partial-refund" || ReferralCase.isBelowMinimumByFile(of)
  return {
    kind,
    orderId: of.order.id,
    orderName: of.order.name,
    beneficiaryEmail: of.advocate.email,
    friendEmail: of.friend.email,
    amountDue: due(of),
    amountPaid,
    currency: rules.currency,
    provable,
    provenBy: provable ? proof(chosen) : [],
  }
}
