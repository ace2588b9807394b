/**
 * The inbox: verified messages, kept once for ever before they are answered.
 *
 * Promises: (tenant, source, eventKey) is unique for ever; `accept` returns only after the commit; a message that
 * cannot be processed is parked with its reason and blocks nobody. Bodies are raw bytes, exactly as signed.
 */
import { Context, type Effect, Schema } from "effect"
import { StoreUnavailable } from "../fact/FactLog.ts"
import type { Instant } from "../id/Instant.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"

/** A message whose signature was checked on these very bytes. */
export interface Delivery {
  /** `shopify` or `hubspot`. */
  readonly source: string
  /** What the platform calls this event; the same event sent twice has the same key. */
  readonly eventKey: string
  readonly topic: string
  readonly receivedAt: Instant
  /** When it happened by the platform's own clock, where the delivery says so beside its body. */
  readonly triggeredAt?: Instant
  readonly body: Uint8Array
}

export interface InboxRow extends Delivery {
  readonly attempts: number
}

export interface Parked {
  readonly source: string
  readonly eventKey: string
  readonly topic: string
  readonly reason: string
}

export class InboxError extends Schema.TaggedError<InboxError>()("InboxError", { reason: StoreUnavailable }) {
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
}

export class Inbox extends Context.Service<
  Inbox,
  {
    /** For each delivery whether it was new. Safe to repeat. */
    readonly accept: (
      deliveries: ReadonlyArray<Delivery>,
    ) => Effect.Effect<ReadonlyArray<boolean>, InboxError, CurrentTenant>
    /** The messages of a source that are not settled, oldest `receivedAt` first, at most `limit`; each claim counts an attempt. */
    readonly claim: (source: string, limit: number) => Effect.Effect<ReadonlyArray<InboxRow>, InboxError, CurrentTenant>
    /** Marks messages as done and forgets their bodies; that the event was seen is remembered for ever. */
    readonly settle: (
      source: string,
      eventKeys: ReadonlyArray<string>,
    ) => Effect.Effect<void, InboxError, CurrentTenant>
    /** Takes messages out of the way and keeps why, by event key. Those that are not waiting stay as they are. */
    readonly park: (
      source: string,
      reasons: ReadonlyMap<string, string>,
    ) => Effect.Effect<void, InboxError, CurrentTenant>
    readonly parked: Effect.Effect<ReadonlyArray<Parked>, InboxError, CurrentTenant>
    /** How many messages are new, done and parked. */
    readonly counts: Effect.Effect<
      { readonly open: number; readonly done: number; readonly parked: number },
      InboxError,
      CurrentTenant
    >
  }
>()("@advocacy-kit/core/connector/Inbox") {}
