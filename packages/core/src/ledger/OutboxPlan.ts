/**
 * How much may be sent to a platform now, when more, and what the end of an attempt means. Pure decisions.
 *
 * Promises: never more than the platform's limit within any minute; a platform that could not be reached is left alone for
 * a while, the longer the more often; an effect without an answer waits longer each time and is a dead letter after
 * `attemptsMax`, still in doubt. Nothing here decides that an effect failed but the platform's own word.
 */
import type { Instant } from "../id/Instant.ts"
import type { EffectRow, State } from "./OutboundEffect.ts"
import type { Change } from "./Outbox.ts"

/** What a platform may be sent of one tenant. */
export interface SendLimit {
  readonly perMinute: number
  /** At most so many in one request. */
  readonly perSend: number
}

/** The outbox of one platform at one time, as a store sees it. */
export interface Standing {
  /** How many attempts began within the last minute, and when the first of them. */
  readonly recent: { readonly count: number; readonly firstAt: Instant | null }
  readonly pausedUntil: Instant | null
  /** How many may be taken by their own dates; counted no further than one beyond `perSend`. */
  readonly free: number
  /** When the next one becomes free; null when none will by itself. */
  readonly nextFreeAt: Instant | null
}

/** `more`: at once; `limit`: when the minute is over; `pause`: when the outage may be over; `later`: a lease or a wait. */
export type Waiting =
  | { readonly for: "more" | "limit" | "pause" | "later"; readonly until: Instant }
  | { readonly for: "nothing"; readonly until: null }

export const minute = 60_000

/** How many to take now, and what the rest waits for. */
export const plan = (
  { free, nextFreeAt, pausedUntil, recent }: Standing,
  limit: SendLimit,
  at: Instant,
): { readonly take: number; readonly waiting: Waiting } => {
  if (free === 0 && nextFreeAt === null) return { take: 0, waiting: { for: "nothing", until: null } }
  if (pausedUntil !== null && pausedUntil > at) return { take: 0, waiting: { for: "pause", until: pausedUntil } }
  const room = Math.max(0, limit.perMinute - recent.count)
  const take = Math.min(free, limit.perSend, room)
  if (free > take)
    return {
      take,
      waiting: room > take ? { for: "more", until: at } : { for: "limit", until: (recent.firstAt ?? at) + minute },
    }
  return {
    take,
    waiting: nextFreeAt === null ? { for: "nothing", until: null } : { for: "later", until: nextFreeAt },
  }
}

/** How long the lease of an attempt is; it is renewed three times as often while its worker lives. */
export const leaseMillis = minute

/** After so many attempts without an answer an effect waits for a human. */
export const attemptsMax = 8

const doubling = (times: number, longest: number): number => Math.min(longest, minute * 2 ** Math.max(0, times - 1))

/** 1, 2, 4… minutes up to an hour, after the `unanswered`-th attempt without an answer. */
export const waitMillis = (unanswered: number): number => doubling(unanswered, 60 * minute)

/** 1, 2, 4… minutes up to a quarter of an hour, for a platform that was away `times` in a row. */
export const pauseMillis = (times: number): number => doubling(times, 15 * minute)

/** What an attempt came to. */
export type Ending =
  | { readonly state: "confirmed"; readonly reference: string }
  | { readonly state: "failed"; readonly reason: string }
  /** Sent, or perhaps sent, and nobody knows what became of it; `isForHuman`: and no look-up will ever tell. */
  | { readonly state: "unknown"; readonly reason?: string; readonly isForHuman?: true }

type Attempted = Pick<EffectRow, "effect" | "attempts" | "unanswered">

/** The change that the end of an attempt makes. */
export const ended = ({ attempts, effect, unanswered }: Attempted, ending: Ending, at: Instant): Change => {
  const head = { key: effect.key, attempt: attempts, to: ending.state as State }
  if (ending.state === "confirmed") return { ...head, dueAt: null, note: ending.reference, unanswered: 0 }
  if (ending.state === "failed") return { ...head, dueAt: null, note: ending.reason }
  const times = unanswered + 1
  const reason = ending.reason ?? "no answer came"
  if (ending.isForHuman === true)
    return { ...head, dueAt: null, note: `a human has to look: ${reason}`, unanswered: times }
  return times < attemptsMax
    ? { ...head, dueAt: at + waitMillis(times), note: reason, unanswered: times }
    : { ...head, dueAt: null, note: `given up after ${times} attempts without an answer: ${reason}`, unanswered: times }
}

/** The platform was away: nothing was learnt about the effect, and no attempt is counted against it. */
export const released = ({ attempts, effect }: Attempted, until: Instant, reason: string): Change => ({
  key: effect.key,
  attempt: attempts,
  to: "unknown",
  dueAt: until,
  note: reason,
})
