/**
 * What another program says that it gave: the records of the product that is in use, or was before.
 *
 * No decision of ours reads it; an audit compares it with what the rules grant.
 */
import { Schema } from "effect"
import { Handle } from "../id/Handle.ts"
import { AmountMinor } from "../money/Money.ts"
import { head } from "./FactHead.ts"

/** A reward as the other product's record now stands. `occurredAt` is when it was granted. */
export const RewardPaid = Schema.TaggedStruct("RewardPaid", {
  ...head,
  /** The product that tells it, such as `smile` or `referralcandy`. */
  source: Schema.String,
  beneficiary: Handle,
  /** For which side of a referral; null where the record does not say, or the reward is for no referral. */
  role: Schema.NullOr(Schema.Literals(["advocate", "friend"])),
  /** A currency such as `EUR`, or `points`. */
  unit: Schema.String,
  amountMinor: AmountMinor,
  /** `pending` may still be withheld; `reversed` was taken back. */
  status: Schema.Literals(["pending", "paid", "reversed"]),
  /** The purchase that it was for, where the record names it: the platform's record, else what people call it. */
  order: Schema.NullOr(Handle),
  orderName: Schema.NullOr(Schema.String),
  /** Whose purchase it was for, where the record says. */
  friend: Schema.NullOr(Handle),
})
export type RewardPaid = typeof RewardPaid.Type
