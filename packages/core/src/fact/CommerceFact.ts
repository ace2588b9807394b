/**
 * What was bought, given back, and won: orders, refunds, deals.
 */
import { Schema } from "effect"
import { Handle } from "../id/Handle.ts"
import { Instant } from "../id/Instant.ts"
import { Currency } from "../money/Currency.ts"
import { AmountMinor } from "../money/Money.ts"
import { head } from "./FactHead.ts"

export const OrderLine = Schema.Struct({
  line: Schema.String,
  product: Schema.NullOr(Schema.String),
  quantity: Schema.Int,
  /** What the buyer keeps after refunds and edits. */
  currentQuantity: Schema.Int,
  /** For `quantity`, after every discount, without tax and shipping. */
  amountMinor: AmountMinor,
  isGiftCard: Schema.Boolean,
})
export type OrderLine = typeof OrderLine.Type

/** A landing on the shop before an order; `code` is the referral code in its address, as the platform parsed it. */
export const Visit = Schema.Struct({
  at: Instant,
  code: Schema.NullOr(Schema.String),
  source: Schema.NullOr(Schema.String),
})
export type Visit = typeof Visit.Type

/** An order as it now stands. `occurredAt` is when it was placed. */
export const OrderPlaced = Schema.TaggedStruct("OrderPlaced", {
  ...head,
  order: Handle,
  /** What people call it, such as `#1001`; other products' files know orders by it. Absent where the source has none. */
  name: Schema.optionalKey(Schema.String),
  customer: Schema.NullOr(Handle),
  email: Schema.NullOr(Handle),
  currency: Currency,
  test: Schema.Boolean,
  cancelledAt: Schema.NullOr(Instant),
  /** Money has been taken, or is held for us. */
  paid: Schema.Boolean,
  channel: Schema.NullOr(Schema.String),
  lines: Schema.Array(OrderLine),
  /** Codes in the order in which they were entered, and what each took off the lines. */
  codes: Schema.Array(Schema.Struct({ code: Schema.String, discountMinor: AmountMinor })),
  attributes: Schema.Array(Schema.Struct({ key: Schema.String, value: Schema.String })),
  visits: Schema.Array(Visit),
  soft: Schema.Array(Handle),
})
export type OrderPlaced = typeof OrderPlaced.Type

/** Money went back for an order. */
export const RefundMade = Schema.TaggedStruct("RefundMade", {
  ...head,
  order: Handle,
  currency: Currency,
  lines: Schema.Array(Schema.Struct({ line: Schema.String, quantity: Schema.Int, amountMinor: AmountMinor })),
  /** Given back on goods beyond the lines (a goodwill amount), without tax and shipping. */
  otherMinor: AmountMinor,
  /** Where `otherMinor` is estimated: no less than this went back on goods. Absent where that is not known either. */
  atLeastMinor: Schema.optionalKey(AmountMinor),
})
export type RefundMade = typeof RefundMade.Type

/** A deal as it now stands. `occurredAt` is when it was created. */
export const DealChanged = Schema.TaggedStruct("DealChanged", {
  ...head,
  deal: Handle,
  contacts: Schema.Array(Handle),
  companies: Schema.Array(Handle),
  currency: Schema.NullOr(Currency),
  amountMinor: Schema.NullOr(AmountMinor),
  outcome: Schema.Literals(["open", "won", "lost"]),
  closedAt: Schema.NullOr(Instant),
  code: Schema.NullOr(Schema.String),
})
export type DealChanged = typeof DealChanged.Type
