/**
 * Where apps are installed, and the tokens that were granted to them.
 *
 * Promises: one installation per tenant, platform and account; `change` is alone: whoever else changes the same installation, in
 * whichever process, waits until this change is stored, and then sees it. So two workers never exchange one refresh token at
 * once, and none overwrites the newer pair. Tokens are stored encrypted where anything is stored.
 */
import { Context, type Effect, Schema } from "effect"
import { StoreUnavailable } from "../fact/FactLog.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import type { Installation, InstallationKey } from "./Installation.ts"

/** Stored tokens that cannot be decrypted: the row was moved or changed outside, or comes from another vault. */
export class TokensUnreadable extends Schema.TaggedError<TokensUnreadable>()("TokensUnreadable", {
  account: Schema.String,
  remedy: Schema.String,
}) {
  readonly isRetryable = false
}

export class InstallationsError extends Schema.TaggedError<InstallationsError>()("InstallationsError", {
  reason: Schema.Union([StoreUnavailable, TokensUnreadable]),
}) {
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
  override get message(): string {
    return this.reason._tag === "StoreUnavailable"
      ? `${this.reason.operation}: the store is not available`
      : `the tokens of ${this.reason.account} cannot be read: ${this.reason.remedy}`
  }
}

export class Installations extends Context.Service<
  Installations,
  {
    /** Every installation of the tenant, removed ones too, by platform and account. */
    readonly all: Effect.Effect<ReadonlyArray<Installation>, InstallationsError, CurrentTenant>
    /**
     * Stores what `next` makes of what is there, and answers it. `next` may take its time, for instance to ask the platform for
     * new tokens, and runs while the installation is held; it runs once for one state of the installation. To change nothing it
     * answers what it was given. When it fails nothing is stored.
     */
    readonly change: <E, R>(
      key: InstallationKey,
      next: (now: Installation | null) => Effect.Effect<Installation | null, E, R>,
    ) => Effect.Effect<Installation | null, E | InstallationsError, R | CurrentTenant>
  }
>()("@advocacy-kit/core/connector/Installations") {}
