/**
 * A platform that facts come from.
 *
 * A connector gives pages of facts with the checkpoint after each; the flow stores page and checkpoint together, so an
 * interrupted pull goes on where the last stored page ended. Mapping is pure and lives in the connector; nothing here
 * decides who is whom.
 */
import { Context, type Effect, Schema, type Stream } from "effect"
import type { FactBatch } from "../fact/FactLog.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import type { Capability } from "./Capability.ts"
import type { InboxRow } from "./Inbox.ts"

/** The platform could not be reached, or refused; says whether trying again may help and when. */
export class SourceError extends Schema.TaggedError<SourceError>()("SourceError", {
  source: Schema.String,
  operation: Schema.String,
  message: Schema.String,
  remedy: Schema.String,
  isRetryable: Schema.Boolean,
  cause: Schema.optionalKey(Schema.Defect()),
}) {}

/** A record that was received but cannot be understood; it is reported and the others go on. */
export interface Rejected {
  /** The platform's name for the record, such as `shopify:order/7`. */
  readonly place: string
  readonly reason: string
}

export interface Page extends FactBatch {
  readonly rejected: ReadonlyArray<Rejected>
  /** What the platform does not show at all, as far as this pull knows: said with every run, not kept aside. */
  readonly caveats?: ReadonlyArray<string>
}

/** One part of a pull that keeps its own checkpoint, such as `shopify:orders`. */
export interface Pull {
  readonly job: string
  /** What it brings, for a person: `orders`. */
  readonly label: string
  /** Pages from `cursor` on (null: from the beginning of history). Ends when the platform has nothing newer. */
  readonly pages: (cursor: unknown) => Stream.Stream<Page, SourceError, CurrentTenant>
}

/** A platform tells that a person has to be erased. */
export interface ErasureAsked {
  readonly eventKey: string
  readonly handles: ReadonlyArray<Handle>
  /** What occurred up to here is erased: when the message was received. */
  readonly at: Instant
  /** The topic; it names nobody. */
  readonly reason: string
}

export interface Source {
  /** What the platform allows; absent where the connector cannot tell. */
  readonly capabilities?: Effect.Effect<ReadonlyArray<Capability>, SourceError>
  /** `shopify` or `hubspot`. */
  readonly name: string
  readonly pulls: ReadonlyArray<Pull>
  /** Why nothing can be pulled for now, for a person: such as that the app was removed. Null: it can. */
  readonly stopped?: Effect.Effect<string | null, SourceError, CurrentTenant>
  /**
   * What a batch of inbox messages stands for, read afresh from the platform. Messages that can never be understood
   * come back as `parked`, by event key; all others count as done once the page is stored.
   */
  readonly read: (rows: ReadonlyArray<InboxRow>) => Effect.Effect<
    {
      readonly page: Page
      readonly parked: ReadonlyMap<string, string>
      /** To be carried out after the page is stored. */
      readonly erase?: ReadonlyArray<ErasureAsked>
    },
    SourceError,
    CurrentTenant
  >
}

/** The sources that are connected. */
export class FactSources extends Context.Service<FactSources, ReadonlyArray<Source>>()(
  "@advocacy-kit/core/connector/FactSources",
) {}
