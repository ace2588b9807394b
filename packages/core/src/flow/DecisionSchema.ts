/**
 * What `advocacy explain CREDIT --json` prints, as a schema: for programs that read decisions.
 *
 * Promises: every member of a decision is in it and none else. Amounts are strings of minor units or whole points, times are milliseconds since
 * 1970; `because` holds every rule tried with what it saw, as text.
 */
import { Schema } from "effect"
import { Because } from "../because/Because.ts"
import { ReviewDecided } from "../fact/Fact.ts"
import { Handle } from "../id/Handle.ts"
import { Instant } from "../id/Instant.ts"
import { Credit, CreditKey, Leg, Unit } from "../ledger/Credit.ts"
import { OutboundEffect, State } from "../ledger/OutboundEffect.ts"
import { AmountMinor } from "../money/Money.ts"
import { Share } from "../money/Share.ts"

const Identity = Schema.Struct({
  /** The smallest handle of the person; changes with merges. */
  person: Handle,
  handles: Schema.Array(Handle),
  joinedBy: Schema.Array(Schema.Struct({ fact: Schema.String, at: Instant, joins: Schema.Array(Handle) })),
})

const Commitment = Schema.Struct({
  credit: Schema.String,
  shownBy: Schema.String,
  kind: Schema.Literals(["settled", "transferred"]),
  ordinal: Schema.NullOr(Schema.Int),
  occurredAt: Instant,
  beneficiary: Handle,
  unit: Schema.String,
  amountMinor: AmountMinor,
  terms: Schema.String,
  /** The share that it keeps; null where nothing is shared, or it was recorded before shares were. */
  share: Schema.NullOr(Share),
})

const Posting = Schema.Struct({
  key: CreditKey,
  revision: Schema.Int,
  unit: Unit,
  effectiveAt: Instant,
  legs: Schema.Array(Leg),
  credit: Credit,
  asOf: Instant,
  /** SHA-256 of what it was decided by; empty where an earlier release posted it. */
  inputs: Schema.String,
  mark: Schema.Number,
})

const Effect = Schema.Struct({
  effect: OutboundEffect,
  state: State,
  attempts: Schema.Int,
  note: Schema.NullOr(Schema.String),
  dueAt: Schema.NullOr(Instant),
  unanswered: Schema.Int,
  goneAt: Schema.NullOr(Instant),
})

export const Decision = Schema.Struct({
  kind: Schema.Literal("credit"),
  key: CreditKey,
  rule: Schema.String,
  cause: Schema.String,
  part: Schema.String,
  role: Credit.fields.role,
  says: Schema.String,
  at: Instant,
  effectiveAt: Instant,
  expiresAt: Schema.NullOr(Instant),
  nextDueAt: Schema.NullOr(Instant),
  outcome: Credit.fields.outcome,
  reason: Schema.NullOr(Schema.String),
  review: Credit.fields.review,
  beneficiary: Identity,
  beneficiaryHandle: Handle,
  unit: Schema.String,
  amountMinor: AmountMinor,
  terms: Schema.Struct({ hash: Schema.String, inForceSince: Schema.NullOr(Instant) }),
  legs: Schema.Array(Leg),
  timeZone: Schema.String,
  because: Because,
  commitments: Schema.Array(Commitment),
  humanDecision: Schema.NullOr(ReviewDecided),
  postings: Schema.Array(Posting),
  effects: Schema.Array(Effect),
  /** Whether the ledger says the same already. */
  isPosted: Schema.Boolean,
  /** Only with --show-personal. */
  personal: Schema.optional(Schema.Record(Schema.String, Schema.String)),
})
export type Decision = typeof Decision.Type
