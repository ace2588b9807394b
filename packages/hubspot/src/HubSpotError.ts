/**
 * What can go wrong in a call to HubSpot: one error with a tagged reason, each of which knows whether trying again may help.
 *
 * Promises: carries HubSpot's `correlationId` where there is one. Messages hold categories, codes and property names,
 * never the vendor's own sentences: those quote e-mail addresses and values.
 */
import { Schema } from "effect"
import { SourceError } from "@advocacy-kit/core/connector/FactSource"
import * as Instant from "@advocacy-kit/core/id/Instant"

const answered = { status: Schema.Int, category: Schema.String, details: Schema.Array(Schema.String) }

/** No answer came, and the call was one that may be repeated. */
export class Unreachable extends Schema.TaggedError<Unreachable>()("Unreachable", { cause: Schema.Defect() }) {
  readonly isRetryable = true
}

/** A write was sent and its answer was lost: it may have happened. Look before doing it again. */
export class OutcomeUnknown extends Schema.TaggedError<OutcomeUnknown>()("OutcomeUnknown", { because: Schema.String }) {
  readonly isRetryable = false
}

export class TimedOut extends Schema.TaggedError<TimedOut>()("TimedOut", { afterMillis: Schema.Int }) {
  readonly isRetryable = true
}

/** 429 within the short windows, or 477: nothing was done. */
export class Throttled extends Schema.TaggedError<Throttled>()("Throttled", {
  policy: Schema.String,
  waitMillis: Schema.Int,
}) {
  readonly isRetryable = true
}

/** The day's calls are used up. Trying before `resumeAt` is pointless. */
export class DailyLimit extends Schema.TaggedError<DailyLimit>()("DailyLimit", { resumeAt: Instant.Instant }) {
  readonly isRetryable = true
}

/** 423: another process of HubSpot's holds the records. */
export class Locked extends Schema.TaggedError<Locked>()("Locked", answered) {
  readonly isRetryable = true
}

/** 5xx from HubSpot or the network before it. */
export class Unavailable extends Schema.TaggedError<Unavailable>()("Unavailable", answered) {
  readonly isRetryable = true
}

export class Unauthorised extends Schema.TaggedError<Unauthorised>()("Unauthorised", answered) {
  readonly isRetryable = false
}

/** A scope is missing, or the plan does not have this. */
export class Forbidden extends Schema.TaggedError<Forbidden>()("Forbidden", answered) {
  readonly isRetryable = false
}

export class Missing extends Schema.TaggedError<Missing>()("Missing", answered) {
  readonly isRetryable = false
}

export class Conflict extends Schema.TaggedError<Conflict>()("Conflict", answered) {
  readonly isRetryable = false
}

export class Invalid extends Schema.TaggedError<Invalid>()("Invalid", answered) {
  readonly isRetryable = false
}

/** A success whose body is not what the API documents. */
export class Unreadable extends Schema.TaggedError<Unreadable>()("Unreadable", { problem: Schema.String }) {
  readonly isRetryable = false
}

export const Reason = Schema.Union([
  Unreachable,
  OutcomeUnknown,
  TimedOut,
  Throttled,
  DailyLimit,
  Locked,
  Unavailable,
  Unauthorised,
  Forbidden,
  Missing,
  Conflict,
  Invalid,
  Unreadable,
])
export type Reason = typeof Reason.Type

export class HubSpotError extends Schema.TaggedError<HubSpotError>()("HubSpotError", {
  operation: Schema.String,
  reason: Reason,
  correlationId: Schema.NullOr(Schema.String),
}) {
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }

  override get message(): string {
    const trace = this.correlationId === null ? "" : ` (correlation id ${this.correlationId})`
    return `HubSpot, ${this.operation}: ${sentence(this.reason)}${trace}`
  }
}

const said = (reason: {
  readonly status: number
  readonly category: string
  readonly details: ReadonlyArray<string>
}): string =>
  `${reason.status} ${reason.category}${reason.details.length === 0 ? "" : `: ${reason.details.join(", ")}`}`

const sentence = (reason: Reason): string => {
  switch (reason._tag) {
    case "Unreachable":
      return "no answer"
    case "OutcomeUnknown":
      return `a write was sent and ${reason.because}; it may have happened`
    case "TimedOut":
      return `no answer within ${reason.afterMillis / 1000} s`
    case "Throttled":
      return `too many calls (${reason.policy})`
    case "DailyLimit":
      return `the calls of the day are used up until ${Instant.toIso(reason.resumeAt)}`
    case "Unreadable":
      return `the answer cannot be read: ${reason.problem}`
    default:
      return said(reason)
  }
}

/** What a person can do about it. */
export const remedyOf = (reason: Reason): string => {
  switch (reason._tag) {
    case "Unreachable":
    case "TimedOut":
      return "Check the network and status.hubspot.com; the job goes on where it stopped when it is run again."
    case "OutcomeUnknown":
      return "Run the job again: it looks before it writes."
    case "Throttled":
      return "Lower `callShare`, or pause other apps that use this portal."
    case "DailyLimit":
      return `Run the job again after ${Instant.toIso(reason.resumeAt)}, or add calls to the account.`
    case "Locked":
    case "Unavailable":
      return "Run the job again in a few minutes."
    case "Unauthorised":
      return "Check HUBSPOT_ACCESS_TOKEN: it may have been rotated, or the app was uninstalled."
    case "Forbidden":
      return `Give the app the missing scope${reason.details.length === 0 ? "" : ` (${reason.details.join(", ")})`}, or check the account's plan.`
    case "Missing":
      return "The record or address does not exist; check the portal id and the API version."
    case "Conflict":
      return "It exists already with other content; compare it in HubSpot's settings."
    case "Invalid":
      return "Check the names and types of the properties that are mentioned."
    case "Unreadable":
      return "HubSpot's answer has changed: update the connector, or set `apiVersion` to 2026-03."
  }
}

/** Jobs look before they write, so that one whose write is unknown may be run again, though the call may not be repeated. */
export const toSourceError = (error: HubSpotError): SourceError =>
  new SourceError({
    source: "hubspot",
    operation: error.operation,
    message: error.message,
    remedy: remedyOf(error.reason),
    isRetryable: error.isRetryable || error.reason._tag === "OutcomeUnknown",
    cause: error,
  })
