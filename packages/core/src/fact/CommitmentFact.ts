/**
 * What was decided by people or begun by us, and is never undone by recomputation: fulfilments, human decisions, redemptions,
 * transfers, adjustments, announced tiers.
 */
import { Schema } from "effect"
import { Handle } from "../id/Handle.ts"
import { Instant } from "../id/Instant.ts"
import { AmountMinor } from "../money/Money.ts"
import { Share } from "../money/Share.ts"
import { head } from "./FactHead.ts"

/** Fulfilment of a credit has begun: we can no longer take it back silently. */
export const RewardCommitted = Schema.TaggedStruct("RewardCommitted", {
  ...head,
  credit: Schema.String,
  ordinal: Schema.Int,
  beneficiary: Handle,
  unit: Schema.String,
  amountMinor: AmountMinor,
  /** Hash of the program version whose terms the commitment keeps. */
  terms: Schema.String,
  /** Where several advocates share, the share that the commitment keeps. Absent before it was recorded: the share as it is now. */
  share: Schema.optionalKey(Share),
})
export type RewardCommitted = typeof RewardCommitted.Type

/** It was proved that a commitment was never carried out. */
export const CommitmentWithdrawn = Schema.TaggedStruct("CommitmentWithdrawn", {
  ...head,
  credit: Schema.String,
  ordinal: Schema.Int,
})
export type CommitmentWithdrawn = typeof CommitmentWithdrawn.Type

/** A human decided about a held credit. */
export const ReviewDecided = Schema.TaggedStruct("ReviewDecided", {
  ...head,
  credit: Schema.String,
  verdict: Schema.Literals(["release", "reject"]),
  /** Who shall have it, where the evidence named several; null keeps the beneficiary. */
  beneficiary: Schema.NullOr(Handle),
  by: Schema.String,
  reason: Schema.String,
})
export type ReviewDecided = typeof ReviewDecided.Type

/** A part of one credit's available amount that a command took. */
export const Lot = Schema.Struct({
  credit: Schema.String,
  /** Whose ledger account it was taken from. */
  beneficiary: Handle,
  amountMinor: AmountMinor,
  /** Hash of the program version that the credit was granted under, which taking it fixes. */
  terms: Schema.String,
  /** As of `RewardCommitted`: the share of the credit, which taking it fixes. */
  share: Schema.optionalKey(Share),
})
export type Lot = typeof Lot.Type

/** A person turned value into something: points into a reward. The lots are taken, whatever becomes of their credits. */
export const ValueRedeemed = Schema.TaggedStruct("ValueRedeemed", {
  ...head,
  program: Schema.String,
  person: Handle,
  unit: Schema.String,
  lots: Schema.Array(Lot),
  /** What they get for it, in a unit of the program's money; null for a perk that another system gives. */
  gives: Schema.NullOr(Schema.Struct({ unit: Schema.String, amountMinor: AmountMinor })),
  /** What it is called: `5 EUR off`, `early access`. */
  label: Schema.String,
})
export type ValueRedeemed = typeof ValueRedeemed.Type

/** Value went from one person to another. */
export const ValueTransferred = Schema.TaggedStruct("ValueTransferred", {
  ...head,
  program: Schema.String,
  from: Handle,
  to: Handle,
  unit: Schema.String,
  lots: Schema.Array(Lot),
  by: Schema.String,
  reason: Schema.String,
})
export type ValueTransferred = typeof ValueTransferred.Type

/** A human gave value (`amountMinor` above zero, no lots) or took some back (below zero, the lots sum to it). */
export const ValueAdjusted = Schema.TaggedStruct("ValueAdjusted", {
  ...head,
  program: Schema.String,
  person: Handle,
  unit: Schema.String,
  amountMinor: AmountMinor,
  lots: Schema.Array(Lot),
  by: Schema.String,
  reason: Schema.String,
})
export type ValueAdjusted = typeof ValueAdjusted.Type

/** A person was told that they have a tier until a time; it ends only by that. */
export const TierAnnounced = Schema.TaggedStruct("TierAnnounced", {
  ...head,
  program: Schema.String,
  rule: Schema.String,
  person: Handle,
  tier: Schema.String,
  /** null: for ever. */
  until: Schema.NullOr(Instant),
  /** Hash of the program version that names the tier. */
  terms: Schema.String,
})
export type TierAnnounced = typeof TierAnnounced.Type
