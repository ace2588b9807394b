/**
 * What people were asked and did: asks, answers, codes, shares, visits, invitations, standing in a program.
 */
import { Schema } from "effect"
import { Handle } from "../id/Handle.ts"
import { head } from "./FactHead.ts"

/** A person was asked for something, by whatever system; whether they did it is told by other facts. */
export const AskSent = Schema.TaggedStruct("AskSent", {
  ...head,
  person: Handle,
  ask: Schema.Literals(["nps", "csat", "ces", "review", "testimonial", "content", "referral", "reference"]),
  /** Such as `email`, `sms`, `in-app`. */
  channel: Schema.String,
})
export type AskSent = typeof AskSent.Type

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

/** Whoever has the code shared it: pressed the button, sent the message. */
export const AssetShared = Schema.TaggedStruct("AssetShared", { ...head, code: Schema.String, channel: Schema.String })
export type AssetShared = typeof AssetShared.Type

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

/** A person was drawn into an arm of an experiment; they stay in it. */
export const Assigned = Schema.TaggedStruct("Assigned", {
  ...head,
  experiment: Schema.String,
  person: Handle,
  arm: Schema.String,
})
export type Assigned = typeof Assigned.Type
