/**
 * Something to be done in another system, at most once per key.
 *
 * Rows are written in the transaction of the posting that asks for them. The key is deterministic and so is what the
 * platform sees of it (a code, a property), so that an effect whose answer was lost is looked up, never repeated blindly.
 * An effect whose fate nobody knows stays `unknown`, however long: it is never declared failed, for that would withdraw
 * its commitment. Conservation: created = planned + sending + confirmed + unknown + failed + undone.
 */
import { Schema } from "effect"
import { Handle, kindOf } from "../id/Handle.ts"
import { Instant } from "../id/Instant.ts"
import { AmountMinor } from "../money/Money.ts"
import { Share } from "../money/Share.ts"
import { CreditKey, Unit } from "./Credit.ts"
import { HandOver } from "./HandOver.ts"

export const EffectKey = Schema.String.pipe(Schema.brand("EffectKey"))
export type EffectKey = typeof EffectKey.Type

/** The `ordinal`-th handing-over of a credit; a raise after fulfilment is a further effect with the next ordinal. */
export const rewardKey = (credit: CreditKey, ordinal: number): EffectKey => `reward|${credit}|${ordinal}` as EffectKey
export const takeBackKey = (reward: EffectKey): EffectKey => `take-back|${reward}` as EffectKey
export const shareCodeKey = (code: string): EffectKey => `share-code|${code}` as EffectKey

export const State = Schema.Literals(["planned", "sending", "confirmed", "unknown", "failed", "undone"])
export type State = typeof State.Type

const head = { key: EffectKey, beneficiary: Handle, terms: Schema.String, plannedAt: Instant }

/** A reward to hand over: `amountMinor` of `unit`, as a code that is good once, as store credit, or as a gift card. */
export const IssueReward = Schema.TaggedStruct("IssueReward", {
  ...head,
  credit: CreditKey,
  ordinal: Schema.Int,
  /** The platform's customer who shall receive it. */
  recipient: Handle,
  unit: Unit,
  amountMinor: AmountMinor,
  /** Where several share: what the commitment keeps. */
  share: Schema.optionalKey(Share),
  /** Its form; absent: a discount code. */
  handOver: Schema.optionalKey(HandOver),
  /** A human looked: what the platform had by then is not this one. */
  absentAt: Schema.optionalKey(Instant),
})
export type IssueReward = typeof IssueReward.Type

/**
 * A reward that was handed over to be taken back whole, because what it was given for fell. Confirmed, it withdraws the commitment, and
 * the reward's own effect is undone; refused, the debt stays.
 */
export const TakeBack = Schema.TaggedStruct("TakeBack", {
  ...head,
  credit: CreditKey,
  ordinal: Schema.Int,
  recipient: Handle,
  /** What was handed over. */
  reward: IssueReward,
  /** What the platform has it under. */
  reference: Schema.String,
  /** The attempt that handed it over. */
  attempt: Schema.Int,
  /** As of `IssueReward`. */
  absentAt: Schema.optionalKey(Instant),
})
export type TakeBack = typeof TakeBack.Type

/** An advocate's own code to exist in the shop: `percent` off for every friend who uses it. */
export const OpenShareCode = Schema.TaggedStruct("OpenShareCode", { ...head, code: Schema.String, percent: Schema.Int })
export type OpenShareCode = typeof OpenShareCode.Type

export const OutboundEffect = Schema.Union([IssueReward, TakeBack, OpenShareCode])
export type OutboundEffect = typeof OutboundEffect.Type

export const encode = Schema.encodeSync(OutboundEffect)
export const decodeSync = Schema.decodeUnknownSync(OutboundEffect)

/** The platform that an effect is done on: the recipient's own; share codes are opened in the shop. */
export const platformOf = (effect: OutboundEffect): string =>
  effect._tag === "OpenShareCode" ? "shopify" : kindOf(effect.recipient)

export interface EffectRow {
  readonly effect: OutboundEffect
  readonly state: State
  /** How often it was taken to be sent. The number of an attempt is its fence: an older one can record nothing. */
  readonly attempts: number
  /** The platform's own reference once confirmed (a code, an id); else why it failed, is in doubt, or was cancelled. */
  readonly note: string | null
  /**
   * From when a worker may take it: for `sending`, when the lease of the attempt runs out; for `unknown`, when it is tried
   * again. null: not by itself. What is `unknown` and never due is a dead letter: a human decides.
   */
  readonly dueAt: Instant | null
  /** Attempts since it was planned, or retried by a human, that ended without an answer about it. */
  readonly unanswered: number
  /** When a reconciliation found that the platform shows a confirmed effect no longer. */
  readonly goneAt: Instant | null
}

/** States in which there is something left to do. */
export const openStates: ReadonlyArray<State> = ["planned", "sending", "unknown"]

export const isDeadLetter = ({ dueAt, state }: EffectRow): boolean => state === "unknown" && dueAt === null

/** Why an effect is undone that had been handed over. */
export const takenBackNote = "taken back on the platform"

export const isTakenBack = ({ note, state }: EffectRow): boolean => state === "undone" && note === takenBackNote

/** A human took it back before it was sent. What its credit lost is undone without a note. */
export const isCancelled = (row: EffectRow): boolean => row.state === "undone" && row.note !== null && !isTakenBack(row)

/** As it is when it was just planned. */
export const plannedRow = (effect: OutboundEffect): EffectRow => ({
  effect,
  state: "planned",
  attempts: 0,
  note: null,
  dueAt: 0,
  unanswered: 0,
  goneAt: null,
})
