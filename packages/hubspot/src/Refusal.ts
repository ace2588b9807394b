/**
 * Reads an answer that is not a success: which reason it is, and how long to wait before a further attempt.
 *
 * Pure. HubSpot never documents `Retry-After` on 429 of the CRM, only (in seconds) on 477; where it is there it is used.
 */
import { DateTime } from "effect"
import type * as Instant from "@advocacy-kit/core/id/Instant"
import * as HubSpotError from "./HubSpotError.ts"
import type { WireAnswer } from "./HubSpotTransport.ts"
import * as Json from "./wire/Json.ts"
import { Problem } from "./wire/Problem.ts"

export interface Refusal {
  readonly reason: HubSpotError.Reason
  readonly correlationId: string | null
}

export const isSuccess = (answer: WireAnswer): boolean => answer.status >= 200 && answer.status < 300

const problemOf = (body: string): Problem => {
  try {
    return Problem.catch({}).parse(Json.parse(body))
  } catch {
    return {}
  }
}

/** Codes, property names and scopes: what helps and holds no personal value. */
const detailsOf = (problem: Problem): ReadonlyArray<string> => {
  const contexts = [problem.context, ...(problem.errors ?? []).map((error) => error.context)]
  const named = contexts.flatMap((context) =>
    ["propertyName", "requiredScopes", "requiredGranularScopes", "missingScopes", "properties"].flatMap(
      (key) => context?.[key] ?? [],
    ),
  )
  const codes = (problem.errors ?? []).flatMap((error) => error.code ?? [])
  return [...new Set([...codes, ...named])].filter((detail) => /^[\w.:-]{1,100}$/.test(detail)).slice(0, 20)
}

/** The next midnight in the account's zone, when HubSpot counts the day anew. */
export const nextMidnight = (now: Instant.Instant, timeZone: string): Instant.Instant =>
  DateTime.makeZonedUnsafe(now, { timeZone }).pipe(
    DateTime.add({ days: 1 }),
    DateTime.startOf("day"),
    DateTime.toEpochMillis,
  )

const retryAfterMillis = (answer: WireAnswer): number | null => {
  const seconds = Number(answer.headers["retry-after"] ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 120) * 1000 : null
}

const throttled = (
  answer: WireAnswer,
  problem: Problem,
  now: Instant.Instant,
  timeZone: string,
): HubSpotError.Reason => {
  const policy = problem.policyName ?? "unnamed"
  if (policy === "DAILY") return new HubSpotError.DailyLimit({ resumeAt: nextMidnight(now, timeZone) })
  const interval = Number(answer.headers["x-hubspot-ratelimit-interval-milliseconds"] ?? "10000")
  const window =
    policy === "SECONDLY" ? 1_000 : Number.isFinite(interval) && interval > 0 ? Math.min(interval, 60_000) : 10_000
  return new HubSpotError.Throttled({
    policy,
    waitMillis: Math.round(Math.min(retryAfterMillis(answer) ?? window, window)),
  })
}

export const read = (answer: WireAnswer, now: Instant.Instant, timeZone: string): Refusal => {
  const problem = problemOf(answer.body)
  const { status } = answer
  const said = { status, category: problem.category ?? problem.errorType ?? "no category", details: detailsOf(problem) }
  const correlationId = problem.correlationId ?? answer.headers["x-hubspot-correlation-id"] ?? null
  return { reason: reasonOf(answer, problem, said, now, timeZone), correlationId }
}

const reasonOf = (
  answer: WireAnswer,
  problem: Problem,
  said: { readonly status: number; readonly category: string; readonly details: ReadonlyArray<string> },
  now: Instant.Instant,
  timeZone: string,
): HubSpotError.Reason => {
  if (said.status >= 500) return new HubSpotError.Unavailable(said)
  switch (said.status) {
    case 401:
      return new HubSpotError.Unauthorised(said)
    case 403:
      return new HubSpotError.Forbidden(said)
    case 404:
      return new HubSpotError.Missing(said)
    case 409:
      return new HubSpotError.Conflict(said)
    case 423:
      return new HubSpotError.Locked(said)
    case 429:
      return throttled(answer, problem, now, timeZone)
    case 477:
      return new HubSpotError.Throttled({ policy: "MIGRATION", waitMillis: retryAfterMillis(answer) ?? 10_000 })
    default:
      return new HubSpotError.Invalid(said)
  }
}

/**
 * Milliseconds to wait before attempt `attempt + 1`, or null when the call must not be repeated. `random` is in [0, 1).
 * A write is repeated only when HubSpot says that it did nothing (429, 477, 423).
 */
export const waitBefore = (
  reason: HubSpotError.Reason,
  attempt: number,
  isWrite: boolean,
  random: number,
): number | null => {
  if (attempt >= 6) return null
  switch (reason._tag) {
    case "Throttled":
      return reason.waitMillis + Math.round(random * 1_000)
    case "Locked":
      return 2_000 + Math.round(random * 1_000)
    case "Unavailable":
    case "Unreachable":
    case "TimedOut":
      return isWrite ? null : Math.round(Math.min(250 * 2 ** (attempt - 1), 10_000) * (0.5 + random))
    default:
      return null
  }
}
