/**
 * Something to be done in another system, at most once per key.
 *
 * Rows are written in the transaction of the posting that asks for them. The key is deterministic and so is what the
 * platform sees of it (a code, a property), so that an effect whose answer was lost is looked up, never repeated blindly.
 * Conservation: created = planned + sending + confirmed + unknown + failed + undone.
 */
import { Schema } from "effect"
import { Handle } from "../id/Handle.ts"
import { Instant } from "../id/Instant.ts"
import { AmountMinor } from "../money/Money.ts"
import { CreditKey, Unit } from "./Credit.ts"

export const EffectKey = Schema.String.pipe(Schema.brand("EffectKey"))
export type EffectKey = typeof EffectKey.Type

/** The `ordinal`-th handing-over of a credit; a raise after fulfilment is a further effect with the next ordinal. */
export const rewardKey = (credit: CreditKey, ordinal: number): EffectKey => `reward|${credit}|${ordinal}` as EffectKey
export const shareCodeKey = (code: string): EffectKey => `share-code|${code}` as EffectKey

export const State = Schema.Literals(["planned", "sending", "confirmed", "unknown", "failed", "undone"])
export type State = typeof State.Type

const head = { key: EffectKey, beneficiary: Handle, terms: Schema.String, plannedAt: Instant }

/** A reward to hand over: a code, good once, that takes `amountMinor` of `unit` off an order of the recipient. */
export const IssueReward = Schema.TaggedStruct("IssueReward", {
  ...head,
  credit: CreditKey,
  ordinal: Schema.Int,
  /** The platform's customer who shall receive it. */
  recipient: Handle,
  unit: Unit,
  amountMinor: AmountMinor,
})
export type IssueReward = typeof IssueReward.Type

/** An advocate's own code to exist in the shop: `percent` off for every friend who uses it. */
export const OpenShareCode = Schema.TaggedStruct("OpenShareCode", { ...head, code: Schema.String, percent: Schema.Int })
export type OpenShareCode = typeof OpenShareCode.Type

export const OutboundEffect = Schema.Union([IssueReward, OpenShareCode])
export type OutboundEffect = typeof OutboundEffect.Type

export const encode = Schema.encodeSync(OutboundEffect)
export const decodeSync = Schema.decodeUnknownSync(OutboundEffect)

export interface EffectRow {
  readonly effect: OutboundEffect
  readonly state: State
  readonly attempts: number
  /** The platform's own reference once confirmed (a code, an id), or why it failed. */
  readonly note: string | null
}
