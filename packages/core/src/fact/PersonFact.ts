/**
 * Who is whom, as the sources say it: records of people and companies, what was merged, and what was put apart again.
 *
 * Only a platform's own word joins people; soft handles suggest and join nobody.
 */
import { Schema } from "effect"
import { Handle } from "../id/Handle.ts"
import { FactKey, head } from "./FactHead.ts"

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

/** The platform says that several companies are one from now on. */
export const CompaniesMerged = Schema.TaggedStruct("CompaniesMerged", {
  ...head,
  into: Handle,
  from: Schema.Array(Handle),
})
export type CompaniesMerged = typeof CompaniesMerged.Type

/**
 * A person was erased: whatever occurred by then carries tombstones in place of their handles. It is keyed by when as well, for who
 * comes back can be erased again.
 */
export const PersonErased = Schema.TaggedStruct("PersonErased", {
  ...head,
  /** A tombstone; the others of the same person are joined to it by the facts that joined their handles. */
  person: Handle,
  by: Schema.String,
  reason: Schema.String,
})
export type PersonErased = typeof PersonErased.Type

/** A fact that occurred after an erasure names a handle of the one who was erased: a new person, and not a new customer. */
export const PersonReturned = Schema.TaggedStruct("PersonReturned", { ...head, person: Handle, tombstone: Handle })
export type PersonReturned = typeof PersonReturned.Type

/** A merge of people or companies was taken back: the fact `merge` joins nobody any more. */
export const MergeUndone = Schema.TaggedStruct("MergeUndone", { ...head, merge: FactKey })
export type MergeUndone = typeof MergeUndone.Type
