/**
 * Why somebody's attempt to install the app, or to speak for a shop, was refused.
 *
 * Promises: no message holds a code, a token or a signature; every reason says what the person can do. Nothing was stored.
 */
import { Schema } from "effect"

/** A parameter comes twice, is missing, or is not what it has to be. */
export class ParameterInvalid extends Schema.TaggedError<ParameterInvalid>()("ParameterInvalid", {
  parameter: Schema.String,
  problem: Schema.String,
}) {
  readonly isRetryable = false
}

/** For a shop that is not connected here. */
export class OtherShop extends Schema.TaggedError<OtherShop>()("OtherShop", { expected: Schema.String }) {
  readonly isRetryable = false
}

/** The browser does not bring the state back that it was given, or brings it too late. */
export class StateMissing extends Schema.TaggedError<StateMissing>()("StateMissing", {}) {
  readonly isRetryable = false
}

/** The signature does not fit, is too old, or the state is another one. */
export class NotSigned extends Schema.TaggedError<NotSigned>()("NotSigned", {}) {
  readonly isRetryable = false
}

/** The session token is not one of Shopify's for this app and now. */
export class SessionInvalid extends Schema.TaggedError<SessionInvalid>()("SessionInvalid", { problem: Schema.String }) {
  readonly isRetryable = false
}

/** The request says of itself that no person makes it. */
export class BotRefused extends Schema.TaggedError<BotRefused>()("BotRefused", {}) {
  readonly isRetryable = false
}

export class InstallRefused extends Schema.TaggedError<InstallRefused>()("InstallRefused", {
  reason: Schema.Union([ParameterInvalid, OtherShop, StateMissing, NotSigned, SessionInvalid, BotRefused]),
}) {
  readonly isRetryable = false
  override get message(): string {
    const { reason } = this
    switch (reason._tag) {
      case "ParameterInvalid":
        return `the parameter ${reason.parameter} ${reason.problem}: start again at /shopify/install`
      case "OtherShop":
        return `this address serves the shop ${reason.expected} alone: check for which shop the app is configured`
      case "StateMissing":
        return "the browser brought no state back, or later than a minute: start again at /shopify/install, with cookies allowed"
      case "NotSigned":
        return "the signature does not fit, is older than 90 seconds, or the state is another one: start again at /shopify/install"
      case "SessionInvalid":
        return `the session token ${reason.problem}: load the page again in the shop's admin`
      case "BotRefused":
        return "a program that says so of itself does not install apps: use a browser"
    }
  }
}

export const parameterInvalid = (parameter: string, problem: string): InstallRefused =>
  new InstallRefused({ reason: new ParameterInvalid({ parameter, problem }) })
