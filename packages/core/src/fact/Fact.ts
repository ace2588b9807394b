/**
 * What happened, as the source told it: typed, immutable, versioned.
 *
 * A fact has the source's key (`shopify:order/7`), a version that grows with each change of that record, the rank of
 * its source, and `occurredAt`. Two kinds exist: *records* (order, person, company, deal), of which only the newest
 * version counts, and *dated facts* (a refund, an answer, an invitation, a commitment), which happen once.
 * Personal values are not in here: handles are keyed hashes, the values travel beside the facts to the vault.
 */
import { Schema } from "effect"
import { Handle } from "../id/Handle.ts"
import { Instant } from "../id/Instant.ts"
import { Currency } from "../money/Currency.ts"
import { AmountMinor } from "../money/Money.ts"

/** The source's own name for a record or event, unique within a tenant. */
export const FactKey = Schema.String.check(Schema.isPattern(/^[a-z]+:[^\s\0]{1,240}$/)).pipe(Schema.brand("FactKey"))
export type FactKey = typeof FactKey.Type
export const key = (text: string): FactKey => text as FactKey

/** Sources by trust: a platform's API stands above a file that somebody exported from it. */
export const rank = { file: 10, api: 100, own: 200 } as const

const head = {
  key: FactKey,
  /** Grows with each change of the record, usually its `updatedAt` in milliseconds; 0 for what happens once. */
  version: Schema.Int,
  rank: Schema.Int,
  occurredAt: Instant,
}

/** A person's record on a platform. `occurredAt` is when the record was created. */
export const PersonSeen = Schema.TaggedStruct("PersonSeen", {
  ...head,
  person: Handle,
  /** Handles that are the same human by the platform's word: e-mails, codes issued to them. */
  aliases: Schema.Array(Handle),
  /** Records of the same platform that were merged into this one. */
  mergedFrom: Schema.Array(Handle),
  companies: Schema.Array(Handle),
  /** Phone, address, device, payment: suggestions and fraud signals, never merges. */
  soft: Schema.Array(Handle),
  marketing: Schema.Literals(["granted", "denied", "unknown"]),
  lifecycle: Schema.NullOr(Schema.String),
})
export type PersonSeen = typeof PersonSeen.Type

/** An organisation that people belong to. */
export const CompanySeen = Schema.TaggedStruct("CompanySeen", {
  ...head,
  company: Handle,
  domain: Schema.NullOr(Schema.String),
})
export type CompanySeen = typeof CompanySeen.Type

/** The platform says that several handles are one human from now on. */
export const PeopleMerged = Schema.TaggedStruct("PeopleMerged", { ...head, into: Handle, from: Schema.Array(Handle) })
export type PeopleMerged = typeof PeopleMerged.Type

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

/** A person answered a survey; NPS runs 0 to 10. */
export const SurveyAnswered = Schema.TaggedStruct("SurveyAnswered", {
  ...head,
  person: Handle,
  survey: Schema.Literals(["nps", "csat", "ces"]),
  /** Relational surveys ask the whole base on a schedule, transactional ones follow an event. They are never pooled. */
  occasion: Schema.Literals(["relational", "transactional"]),
  score: Schema.Int,
})
export type SurveyAnswered = typeof SurveyAnswered.Type

/** A share asset's code was issued; whoever owns the handle earns by it. */
export const AssetIssued = Schema.TaggedStruct("AssetIssued", {
  ...head,
  code: Schema.String,
  owner: Handle,
  program: Schema.String,
})
export type AssetIssued = typeof AssetIssued.Type

/** Somebody followed a share link. */
export const LinkVisited = Schema.TaggedStruct("LinkVisited", { ...head, code: Schema.String, visitor: Handle })
export type LinkVisited = typeof LinkVisited.Type

/** An advocate, known by code, invited a friend. */
export const InvitationSent = Schema.TaggedStruct("InvitationSent", { ...head, code: Schema.String, friend: Handle })
export type InvitationSent = typeof InvitationSent.Type

/** A person's standing in a program. */
export const Enrolled = Schema.TaggedStruct("Enrolled", {
  ...head,
  program: Schema.String,
  person: Handle,
  /** How they came in: found by identification, by hand, or taken over from an earlier program. */
  via: Schema.Literals(["identified", "manual", "imported"]),
})
export type Enrolled = typeof Enrolled.Type

/** What identification found about a person at `occurredAt`; `inputs` are the raw values behind the score. */
export const Identified = Schema.TaggedStruct("Identified", {
  ...head,
  program: Schema.String,
  person: Handle,
  score: Schema.Int,
  eligible: Schema.Boolean,
  inputs: Schema.Record(Schema.String, Schema.String),
})
export type Identified = typeof Identified.Type

/** A version of a program came into force at `occurredAt`. */
export const ProgramPublished = Schema.TaggedStruct("ProgramPublished", {
  ...head,
  program: Schema.String,
  hash: Schema.String,
  definition: Schema.Unknown,
})
export type ProgramPublished = typeof ProgramPublished.Type

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

export const Fact = Schema.Union([
  PersonSeen,
  CompanySeen,
  PeopleMerged,
  OrderPlaced,
  RefundMade,
  DealChanged,
  SurveyAnswered,
  AssetIssued,
  LinkVisited,
  InvitationSent,
  Enrolled,
  Identified,
  ProgramPublished,
  RewardCommitted,
  CommitmentWithdrawn,
  ReviewDecided,
])
export type Fact = typeof Fact.Type
export type FactTag = Fact["_tag"]
export type FactOf<Tag extends FactTag> = Extract<Fact, { readonly _tag: Tag }>

/** Facts as JSON values: bigints become strings. Decoding fails with the path of the member that is wrong. */
export const decode = Schema.decodeUnknownEffect(Fact)
export const decodeSync = Schema.decodeUnknownSync(Fact)
export const encode = Schema.encodeSync(Fact)
