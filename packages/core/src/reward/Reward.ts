/**
 * What a credit turns into: how much, for whom, and when it is handed over.
 *
 * `atCheckout` is given by the shop when the code is used; it is only recorded here. `afterQualified` is handed over once
 * the credit has matured. Amounts are decimal strings in the program's currency until the currency is known.
 */
import { z } from "zod"
import type { HandOver } from "../ledger/HandOver.ts"
import type { Currency } from "../money/Currency.ts"
import { fromDecimal, plainDecimal, scale } from "../money/Money.ts"

const decimal = z.string().regex(plainDecimal, 'must be a decimal amount in quotes, such as "20.00"')
const percent = z.number().int().min(1).max(100)
/** Whether a refund of the whole takes it back on the platform; otherwise it is a debt, which later earnings pay. */
const takeBack = z.literal(true).optional()
const validDays = z.number().int().min(1).max(3_650).optional()

export const Reward = z.discriminatedUnion("kind", [
  /** A code, good once, worth `amount`. */
  z.strictObject({
    kind: z.literal("discount-amount"),
    amount: decimal,
    takeBack,
    timing: z.literal("afterQualified"),
  }),
  /** A code, good once, worth `percent` of the conversion's net amount. */
  z.strictObject({ kind: z.literal("discount-share"), percent, takeBack, timing: z.literal("afterQualified") }),
  /** Credit in the shop's own account of the customer; with `validDays` it can be told apart from any other. */
  z.strictObject({
    kind: z.literal("store-credit"),
    amount: decimal,
    validDays,
    takeBack,
    timing: z.literal("afterQualified"),
  }),
  /** A gift card, sent to the customer by the shop. */
  z.strictObject({
    kind: z.literal("gift-card"),
    amount: decimal,
    validDays,
    takeBack,
    timing: z.literal("afterQualified"),
  }),
  /** Points of the program. */
  z.strictObject({ kind: z.literal("points"), points: z.number().int().min(1), timing: z.literal("afterQualified") }),
  /** What the advocate's code takes off at the checkout. */
  z.strictObject({ kind: z.literal("checkout-discount"), percent, timing: z.literal("atCheckout") }),
])
export type Reward = z.infer<typeof Reward>

const takenBack = ({ takeBack: isTaken }: { readonly takeBack?: true }) =>
  isTaken === true ? { takeBack: true as const } : {}

/** A discount for an advocate or a friend: `{ amount }` or `{ percentOfOrder }` later, `{ percent, timing: "atCheckout" }` at once. */
export const discount = (
  terms:
    | { readonly amount: string; readonly takeBack?: true }
    | { readonly percentOfOrder: number; readonly takeBack?: true }
    | { readonly percent: number; readonly timing: "atCheckout" },
): Reward =>
  "amount" in terms
    ? { kind: "discount-amount", amount: terms.amount, ...takenBack(terms), timing: "afterQualified" }
    : "percentOfOrder" in terms
      ? { kind: "discount-share", percent: terms.percentOfOrder, ...takenBack(terms), timing: "afterQualified" }
      : { kind: "checkout-discount", percent: terms.percent, timing: "atCheckout" }

/** How long a reward can be spent, and whether it is taken back when the whole of it is owed. */
export interface Validity {
  readonly validDays?: number
  readonly takeBack?: true
}

/**
 * Store credit of the shop, once the credit has matured: `Reward.storeCredit("20.00", { validDays: 365 })`. Without an end a lost
 * answer cannot be told from somebody else's credit, and a human is asked.
 */
export const storeCredit = (amount: string, validity: Validity = {}): Reward => ({
  kind: "store-credit",
  amount,
  ...validity,
  timing: "afterQualified",
})

/** A gift card of the shop, once the credit has matured: `Reward.giftCard("20.00")`. */
export const giftCard = (amount: string, validity: Validity = {}): Reward => ({
  kind: "gift-card",
  amount,
  ...validity,
  timing: "afterQualified",
})

/** The form in which a reward is handed over; undefined: a code that is not taken back, or nothing that is handed over. */
export const handOverOf = (reward: Reward): HandOver | undefined => {
  switch (reward.kind) {
    case "store-credit":
    case "gift-card":
      return {
        as: reward.kind,
        ...(reward.validDays === undefined ? {} : { validDays: reward.validDays }),
        ...(reward.takeBack === true ? { takeBack: true } : {}),
      }
    case "discount-amount":
    case "discount-share":
      return reward.takeBack === true ? { as: "discount-code", takeBack: true } : undefined
    default:
      return undefined
  }
}

/** Points of the program, once the credit has matured: `Reward.points(500)`. */
export const points = (count: number): Reward => ({ kind: "points", points: count, timing: "afterQualified" })

export type LaterReward = Exclude<Reward, { readonly kind: "checkout-discount" }>

/** What a reward after qualification is worth for a net amount, in minor units or points; the same rule for every net amount. */
export const worth = (reward: LaterReward, netMinor: bigint, currency: Currency): bigint => {
  if (netMinor <= 0n) return 0n
  if (reward.kind === "points") return BigInt(reward.points)
  return "amount" in reward
    ? fromDecimal(reward.amount, currency).amountMinor
    : scale(netMinor, BigInt(reward.percent), 100n)
}

/** For people: `20.00 EUR off`. */
export const describe = (reward: Reward, currency: Currency): string =>
  reward.kind === "points"
    ? `${reward.points} points`
    : reward.kind === "discount-amount"
      ? `${reward.amount} ${currency} off`
      : reward.kind === "store-credit"
        ? `${reward.amount} ${currency} of store credit`
        : reward.kind === "gift-card"
          ? `a gift card of ${reward.amount} ${currency}`
          : reward.kind === "discount-share"
            ? `a discount of ${reward.percent} % of the friend's order`
            : `${reward.percent} % off at the checkout`
