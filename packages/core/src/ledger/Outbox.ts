/**
 * What a worker asks of the outbox and is told: taking effects under a lease, and changing them under a fence.
 *
 * A lease is the time for which nobody else takes an effect; a fence is the number of its attempt. A worker that slept
 * through its lease finds that the number has moved on, and can change nothing any more.
 */
import type { FactBatch } from "../fact/FactLog.ts"
import type { Instant } from "../id/Instant.ts"
import type { EffectKey, EffectRow, OutboundEffect, State } from "./OutboundEffect.ts"
import type { SendLimit, Waiting } from "./OutboxPlan.ts"

export interface Taking {
  readonly platform: string
  readonly at: Instant
  readonly leasedUntil: Instant
  readonly limit: SendLimit
  /** Only what was sent before without an answer, nothing planned. */
  readonly doubtfulOnly?: boolean
  /** Facts to store for the effects that were taken. */
  readonly facts?: (taken: ReadonlyArray<OutboundEffect>) => FactBatch
}

export interface Taken {
  /** As they are now: `sending`, with the number of the attempt. */
  readonly rows: ReadonlyArray<EffectRow>
  readonly waiting: Waiting
  /** How often in a row the platform could not be reached. */
  readonly outages: number
}

/** What becomes of one effect. Members that are not named stay as they are. */
export interface Change {
  readonly key: EffectKey
  /** The attempt that knows this. */
  readonly attempt: number
  readonly to: State
  /** Due again, or the new end of the lease; null: never by itself. */
  readonly dueAt: Instant | null
  /** null takes a note away. */
  readonly note?: string | null
  readonly unanswered?: number
  readonly goneAt?: Instant | null
}

/** A platform that could not be reached: nothing is sent there until `until`. `times` 0 says that it is back. */
export interface Outage {
  readonly platform: string
  readonly until: Instant
  readonly times: number
}

export interface Move {
  readonly changes: ReadonlyArray<Change>
  readonly from: ReadonlyArray<State>
  /** Facts to store for the keys that were changed. */
  readonly facts?: (moved: ReadonlySet<EffectKey>) => FactBatch
  readonly outage?: Outage
}
