/**
 * What can go wrong between us and a shop, as one error with a tagged reason.
 *
 * Promises: every reason says whether trying again may help; `Ambiguous` means that a mutation was sent and no answer
 * came, so that nothing may be sent again before the effect was looked up. No token, code or personal value is in here.
 */
import { SourceError } from "@advocacy-kit/core/connector/FactSource"
import { Schema } from "effect"

/** No connection, or it broke before the answer to a query was there. */
export class Unreachable extends Schema.TaggedError<Unreachable>()("Unreachable", { cause: Schema.Defect() }) {
  readonly isRetryable = true
}

export class TimedOut extends Schema.TaggedError<TimedOut>()("TimedOut", { afterMillis: Schema.Int }) {
  readonly isRetryable = true
}

/** The shop's budget is used up (HTTP 429, or `THROTTLED` in a 200): nothing was executed. */
export class Throttled extends Schema.TaggedError<Throttled>()("Throttled", { waitMillis: Schema.Int }) {
  readonly isRetryable = true
}

/** A fault on Shopify's side while answering a query. */
export class ServerFault extends Schema.TaggedError<ServerFault>()("ServerFault", {
  status: Schema.Int,
  detail: Schema.String,
}) {
  readonly isRetryable = true
}

/** A mutation was sent, and whether it took place is not known. */
export class Ambiguous extends Schema.TaggedError<Ambiguous>()("Ambiguous", { detail: Schema.String }) {
  readonly isRetryable = false
}

/** The access token, the shop, or the plan does not allow this app any more. */
export class Unauthorised extends Schema.TaggedError<Unauthorised>()("Unauthorised", { status: Schema.Int }) {
  readonly isRetryable = false
}

/** The app is not installed in the shop: it never was, or it was removed and its tokens are gone. */
export class NotInstalled extends Schema.TaggedError<NotInstalled>()("NotInstalled", {
  shop: Schema.String,
  /** ISO 8601; null: nobody installed it yet. */
  removedAt: Schema.NullOr(Schema.String),
}) {
  readonly isRetryable = false
}

/** Shopify granted no token: the code, the session token, the refresh token or the app's own secret is not taken. */
export class GrantRefused extends Schema.TaggedError<GrantRefused>()("GrantRefused", {
  status: Schema.Int,
  /** Shopify's own word for it, such as `invalid_grant`. */
  code: Schema.String,
}) {
  readonly isRetryable = false
}

/** The answer with tokens lacks one, or says not until when; nothing of it was kept. */
export class GrantIncomplete extends Schema.TaggedError<GrantIncomplete>()("GrantIncomplete", {
  missing: Schema.String,
}) {
  readonly isRetryable = true
}

/** What is stored of the installation could not be read or changed. */
export class InstallationUnavailable extends Schema.TaggedError<InstallationUnavailable>()("InstallationUnavailable", {
  detail: Schema.String,
  isRetryable: Schema.Boolean,
}) {}

/** A scope or an approval is missing. */
export class AccessDenied extends Schema.TaggedError<AccessDenied>()("AccessDenied", { detail: Schema.String }) {
  readonly isRetryable = false
}

/** One request costs more than Shopify accepts at once. */
export class TooCostly extends Schema.TaggedError<TooCostly>()("TooCostly", { detail: Schema.String }) {
  readonly isRetryable = false
}

/** Shopify refused the request as such. */
export class Invalid extends Schema.TaggedError<Invalid>()("Invalid", { detail: Schema.String }) {
  readonly isRetryable = false
}

/** The answer to a query does not have the shape that the API version promises. */
export class Malformed extends Schema.TaggedError<Malformed>()("Malformed", { detail: Schema.String }) {
  readonly isRetryable = false
}

/** A bulk operation ended without a complete result. */
export class BulkFailed extends Schema.TaggedError<BulkFailed>()("BulkFailed", {
  code: Schema.String,
  isRetryable: Schema.Boolean,
}) {}

export const Reason = Schema.Union([
  Unreachable,
  TimedOut,
  Throttled,
  ServerFault,
  Ambiguous,
  Unauthorised,
  NotInstalled,
  GrantRefused,
  GrantIncomplete,
  InstallationUnavailable,
  AccessDenied,
  TooCostly,
  Invalid,
  Malformed,
  BulkFailed,
])
export type Reason = typeof Reason.Type

export class ShopifyError extends Schema.TaggedError<ShopifyError>()("ShopifyError", {
  operation: Schema.String,
  reason: Reason,
}) {
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
  override get message(): string {
    return `${this.operation}: ${describe(this.reason)}`
  }
}

const describe = (reason: Reason): string => {
  switch (reason._tag) {
    case "Unreachable":
      return "the shop could not be reached"
    case "TimedOut":
      return `no answer within ${reason.afterMillis} ms`
    case "Throttled":
      return "the shop's API budget is used up"
    case "ServerFault":
      return `Shopify answered with a fault (${reason.status}) ${reason.detail}`
    case "Ambiguous":
      return `sent, but not answered (${reason.detail})`
    case "Unauthorised":
      return `Shopify refused the access token or the shop (HTTP ${reason.status})`
    case "NotInstalled":
      return reason.removedAt === null
        ? `the app is not installed in ${reason.shop}`
        : `the app was removed from ${reason.shop} at ${reason.removedAt}`
    case "GrantRefused":
      return `Shopify granted no token (${reason.code}, HTTP ${reason.status})`
    case "GrantIncomplete":
      return `the answer with tokens lacks ${reason.missing}; the tokens before it are kept`
    case "InstallationUnavailable":
    case "AccessDenied":
    case "TooCostly":
    case "Invalid":
    case "Malformed":
      return reason.detail
    case "BulkFailed":
      return `the bulk operation ended with ${reason.code}`
  }
}

const remedies: Readonly<Record<Reason["_tag"], string>> = {
  Unreachable: "check the network and the shop's domain; the job goes on where it stopped",
  TimedOut: "try again later; the job goes on where it stopped",
  Throttled: "wait a moment, or leave this app a larger share of the shop's API budget",
  ServerFault: "try again in some minutes; see status.shopify.com",
  Ambiguous: "nothing was sent twice; the effect is looked up before anything is sent again",
  Unauthorised: "install the app again or replace the access token, and check that the shop is open",
  NotInstalled: "install the app in the shop; what was planned for it waits until then",
  GrantRefused: "open the app in the shop's admin again, or check the app's client id and secret",
  GrantIncomplete: "try again in some minutes; if it stays so, open the app in the shop's admin again",
  InstallationUnavailable: "check the database; the job goes on where it stopped",
  AccessDenied: "grant the scope named here, or ask Shopify for access to protected customer data",
  TooCostly: "ask for fewer records at once",
  Invalid: "use an API version that this release was built for",
  Malformed: "use an API version that this release was built for",
  BulkFailed: "run the job again; it starts a new bulk operation",
}

/** The core's view of it. */
export const toSourceError = (error: ShopifyError): SourceError =>
  new SourceError({
    source: "shopify",
    operation: error.operation,
    message: error.message,
    remedy: remedies[error.reason._tag],
    isRetryable: error.isRetryable,
    cause: error,
  })
