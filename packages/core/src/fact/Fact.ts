/**
 * What happened, as the source told it: typed, immutable, versioned.
 *
 * A fact has the source's key (`shopify:order/7`), a version that grows with each change of that record, the rank of
 * its source, and `occurredAt`. Two kinds exist: *records* (order, person, company, deal), of which only the newest
 * version counts, and *dated facts* (a refund, an answer, an invitation, a commitment), which happen once.
 * Personal values are not in here: handles are keyed hashes, the values travel beside the facts to the vault.
 */
import { Schema } from "effect"
import { DealChanged, OrderPlaced, RefundMade } from "./CommerceFact.ts"
import {
  CommitmentWithdrawn,
  ReviewDecided,
  RewardCommitted,
  TierAnnounced,
  ValueAdjusted,
  ValueRedeemed,
  ValueTransferred,
} from "./CommitmentFact.ts"
import { ContentPublished } from "./ContentFact.ts"
import {
  AskSent,
  AssetIssued,
  AssetShared,
  Assigned,
  Enrolled,
  Identified,
  InvitationSent,
  LinkVisited,
  SurveyAnswered,
} from "./EngagementFact.ts"
import {
  CompaniesMerged,
  CompanySeen,
  MergeUndone,
  PeopleMerged,
  PersonErased,
  PersonReturned,
  PersonSeen,
} from "./PersonFact.ts"
import { ProgramCorrected, ProgramPublished } from "./ProgramFact.ts"
import { RewardPaid } from "./RewardFact.ts"

export * from "./CommerceFact.ts"
export * from "./CommitmentFact.ts"
export * from "./ContentFact.ts"
export * from "./EngagementFact.ts"
export { FactKey, fileVersion, key, rank } from "./FactHead.ts"
export * from "./PersonFact.ts"
export * from "./ProgramFact.ts"
export * from "./RewardFact.ts"

export const Fact = Schema.Union([
  PersonSeen,
  CompanySeen,
  PeopleMerged,
  CompaniesMerged,
  MergeUndone,
  PersonErased,
  PersonReturned,
  OrderPlaced,
  RefundMade,
  DealChanged,
  AskSent,
  SurveyAnswered,
  ContentPublished,
  AssetIssued,
  AssetShared,
  LinkVisited,
  InvitationSent,
  Enrolled,
  Identified,
  Assigned,
  ProgramPublished,
  ProgramCorrected,
  RewardCommitted,
  CommitmentWithdrawn,
  ReviewDecided,
  ValueRedeemed,
  ValueTransferred,
  ValueAdjusted,
  TierAnnounced,
  RewardPaid,
])
export type Fact = typeof Fact.Type
export type FactTag = Fact["_tag"]
export type FactOf<Tag extends FactTag> = Extract<Fact, { readonly _tag: Tag }>

/** Facts as JSON values: bigints become strings. Decoding fails with the path of the member that is wrong. */
export const decode = Schema.decodeUnknownEffect(Fact)
export const decodeSync = Schema.decodeUnknownSync(Fact)
export const encode = Schema.encodeSync(Fact)
