/**
 * A connected platform as the promise API takes it: `connect(options)` of `server/shopify` or `server/hubspot`.
 *
 * It is built once per `Advocacy`, gives its source of facts and its webhook routes, and hands rewards over or writes back
 * where its platform can.
 */
import { SourceError, type Source } from "@advocacy-kit/core/connector/FactSource"
import type { Fulfiller } from "@advocacy-kit/core/connector/Fulfiller"
import type { Inbox, InboxError } from "@advocacy-kit/core/connector/Inbox"
import type { Installations } from "@advocacy-kit/core/connector/Installations"
import type { WriteBack } from "@advocacy-kit/core/connector/WriteBack"
import type { FactLog, FactLogError } from "@advocacy-kit/core/fact/FactLog"
import type { Ledger, LedgerError } from "@advocacy-kit/core/ledger/Ledger"
import type { Tallies } from "@advocacy-kit/core/ledger/Tallies"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Schema, type Layer, type Scope } from "effect"
import type { HttpRouter } from "effect/http"

/** What a connector's routes and its own work find in the installation. */
export type Installed = Inbox | Installations | FactLog | Ledger | Tallies | CurrentTenant
export type Routes = Layer.Layer<never, never, HttpRouter.HttpRouter | Installed>

export interface Connected {
  readonly source: Source
  readonly routes: Routes
  readonly fulfiller?: Fulfiller["Service"]
  readonly writeBack?: WriteBack["Service"]
  /** Works off what the platform waits for, beside facts; answers how much it was. */
  readonly workOff?: Effect.Effect<number, SourceError | FactLogError | LedgerError | InboxError, Installed>
}

/** The options of a connector do not hold; its own error is the cause. */
export class ConnectorInvalid extends Schema.TaggedError<ConnectorInvalid>()("ConnectorInvalid", {
  connector: Schema.String,
  problem: Schema.String,
}) {
  override get message(): string {
    return `${this.connector}: ${this.problem}`
  }
}

export interface Connector {
  readonly name: string
  readonly build: Effect.Effect<Connected, ConnectorInvalid, Scope.Scope | Installed>
}

const nobody = Effect.fail(
  new SourceError({
    source: "advocacy",
    operation: "hand over rewards",
    message: "no connected platform hands rewards over",
    remedy: "connect one that does, such as Shopify",
    isRetryable: false,
  }),
)

/** Stands in where no platform hands rewards over: asking it is an error with a remedy, never a silent success. */
export const noFulfiller: Fulfiller["Service"] = { platforms: new Map(), issue: () => nobody, find: () => nobody }

/** Stands in where no platform shows standings: there is nothing to write. */
export const noWriteBack: WriteBack["Service"] = {
  write: () => Effect.succeed({ unchanged: 0, written: 0, linked: 0, failed: [] }),
}
