/**
 * What a decision is called: for whoever runs the program, and for the person whose decision it is. One exhaustive table.
 *
 * Promises: every reason, outcome and event has both texts. What the person reads is true and names nobody else, no code, no purchase of
 * others beyond that it took place, and no sign of fraud: what is held is being looked at, whatever for. `docs/reasons.md` is made of it.
 */
import type { Credit } from "../ledger/Credit.ts"
import type { Reason } from "./ConversionCheck.ts"

export interface Texts {
  readonly operator: string
  /** To the person; the purchase is named in the sentence before it. */
  readonly person: string
}

const lookedAt = "We are looking at this one before we decide."

export const reasons: Readonly<Record<Reason, Texts>> = {
  "no-evidence": {
    operator: "No evidence is left that anybody brought this buyer.",
    person: "We cannot see any more that this order came through you.",
  },
  "test-order": { operator: "It is a test order.", person: "It was a test order, which earns nothing." },
  cancelled: { operator: "The purchase was cancelled, or the deal is not won.", person: "The order was cancelled." },
  "unknown-code": {
    operator: "The code was never issued to anybody in this program.",
    person: "The code that was used is not one of ours.",
  },
  "outside-window": {
    operator: "The newest known touch is older than the window.",
    person: "The order came later after the link or code was used than the program counts.",
  },
  "unknown-buyer": {
    operator: "The purchase names no buyer.",
    person: "The order does not say who bought, so it cannot count.",
  },
  "self-referral": {
    operator: "Advocate and buyer are one person.",
    person: "A referral needs somebody else who buys; this order counts as your own.",
  },
  "existing-customer": {
    operator: "The buyer, or the buyer's company, had bought before or came back after an erasure.",
    person: "Rewards are for the first order of somebody new, and this one does not count as that.",
  },
  "same-company": {
    operator: "Advocate and buyer belong to one company.",
    person: "Rewards are for orders from outside your own company.",
  },
  "not-enrolled": {
    operator: "The person was not enrolled in the program when the purchase was made.",
    person: "You were not in the program yet when the order was placed.",
  },
  "other-currency": {
    operator: "The purchase is in another currency than the program.",
    person: "The program does not count orders in that currency.",
  },
  refunded: { operator: "Nothing is left of the purchase after refunds.", person: "The order was returned." },
  "below-minimum": {
    operator: "What is left of the purchase is below the minimum.",
    person: "The order is smaller than the program asks for.",
  },
  "other-products": {
    operator: "No product that counts is left in the purchase.",
    person: "The order has none of the products that the program counts.",
  },
  "other-channel": {
    operator: "The purchase came through a channel that does not count.",
    person: "The program does not count orders from that channel.",
  },
  "limit-reached": {
    operator: "A limit or budget of the program has no room left.",
    person: "The limit of the program for that time was reached.",
  },
  ambiguous: { operator: "The evidence names several advocates at the same moment.", person: lookedAt },
  "leaked-code": { operator: "Many new buyers used the code within a day: it may have leaked.", person: lookedAt },
  "shared-device": { operator: "Buyer and advocate used one device.", person: lookedAt },
  "shared-address": { operator: "Buyer and advocate have one address.", person: lookedAt },
  "shared-phone": { operator: "Buyer and advocate have one phone number.", person: lookedAt },
  "shared-payment": { operator: "Buyer and advocate paid by the same means.", person: lookedAt },
  rejected: {
    operator: "A human refused it.",
    person: "We looked at it and decided against it. Please ask us if you think that is wrong.",
  },
  "no-conversion": { operator: "Something was handed over for a purchase that is not known.", person: lookedAt },
  "no-terms": {
    operator: "Something was handed over under terms that are not known, or in another unit.",
    person: lookedAt,
  },
}

export const outcomes: Readonly<Record<Credit["outcome"], Texts>> = {
  credited: { operator: "Credited.", person: "It counts." },
  refused: { operator: "Refused.", person: "It does not count." },
  held: { operator: "Held for a human; nothing is promised yet.", person: lookedAt },
  reversed: {
    operator: "Taken back: it was handed over, and fell.",
    person: "It had counted, and does not count any more.",
  },
  recorded: { operator: "Recorded: the shop gave it at the checkout.", person: "You got it at the checkout." },
  withdrawn: { operator: "Withdrawn, as if there had been no credit.", person: "It does not count any more." },
  lapsed: { operator: "A tier whose time is over.", person: "Its time is over." },
}

export type Event =
  | "redeem"
  | "transfer"
  | "adjust"
  | "tier"
  | "pending"
  | "unpaid"
  | "available"
  | "settled"
  | "transferred"
  | "expires"
  | "expired"
  | "debt"
  | "repaid"
  | "repays"
  | "taken-back"
  | "forfeited"

export const events: Readonly<Record<Event, Texts>> = {
  redeem: { operator: "Got for what was redeemed.", person: "You exchanged this for what you had." },
  transfer: { operator: "Given by somebody else.", person: "Somebody gave you this." },
  adjust: { operator: "Given by hand.", person: "We gave you this." },
  tier: { operator: "A tier was reached, or announced.", person: "You reached this level." },
  pending: { operator: "Pending until the hold is over.", person: "It waits until the time for returns is over." },
  unpaid: { operator: "Pending until the purchase is paid.", person: "It waits until the order is paid." },
  available: { operator: "Available: to be handed over or taken.", person: "It is yours to use." },
  settled: { operator: "Handed over.", person: "You have it." },
  transferred: { operator: "Given away.", person: "You gave it to somebody else." },
  expires: { operator: "Expires when nobody takes it by then.", person: "Use it before it expires." },
  expired: { operator: "Expired.", person: "It expired before it was used." },
  debt: {
    operator: "Handed over beyond what it is worth now: a debt, until later earnings pay it.",
    person: "You had more than it is worth now. What you earn next pays that first.",
  },
  repaid: {
    operator: "The debt was paid by other credits of the person.",
    person: "What you earned since has paid it.",
  },
  repays: { operator: "Paid a debt of the same person.", person: "It paid what you had more than your due before." },
  "taken-back": { operator: "Taken back by hand.", person: "We took a part of it back." },
  forfeited: { operator: "Forfeited by erasure.", person: "It ended when your data was erased at your wish." },
}

/** The texts of a reason as a credit has it: one that this release does not know is named. */
export const reasonTexts = (reason: string): Texts =>
  Object.entries(reasons).find(([name]) => name === reason)?.[1] ?? { operator: `${reason}.`, person: lookedAt }

/** A decision in one sentence or two, for whoever runs the program. */
export const headline = ({
  outcome,
  reason,
  review,
}: {
  readonly outcome: Credit["outcome"]
  readonly reason: string | null
  readonly review: Credit["review"]
}): string =>
  [
    outcomes[outcome].operator,
    ...(review === "held" && outcome !== "held" ? ["A human is asked whether it stays."] : []),
    ...(reason === null ? [] : [reasonTexts(reason).operator]),
  ].join(" ")
