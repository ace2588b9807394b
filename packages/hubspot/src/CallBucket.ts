/**
 * Permits to call, each of which comes back one interval after it was spent: a rolling window, as HubSpot counts.
 *
 * Promises: at most `capacity` calls begin within any interval; waiting is fair; `pause` holds everybody. It knows one
 * process only; other apps on the same limit are seen through the headers of the answers (`retune`).
 */
import { Clock, Effect } from "effect"

export interface CallBucket {
  /** Waits until one more call may begin. */
  readonly take: Effect.Effect<void>
  /** Nobody begins before this many milliseconds are over. */
  readonly pause: (millis: number) => Effect.Effect<void>
  /** Takes over what the portal says of itself. */
  readonly retune: (limit: Limit) => Effect.Effect<void>
}

export interface Limit {
  readonly max: number
  readonly remaining: number
  readonly intervalMillis: number
}

interface State {
  capacity: number
  intervalMillis: number
  pausedUntil: number
  /** When calls began or will begin, ascending; those older than an interval are dropped. */
  begun: Array<number>
}

/** Reserves the next place and says when it is. */
const reserve = (state: State, now: number): number => {
  state.begun = state.begun.filter((at) => at > now - state.intervalMillis)
  const holder = state.begun[state.begun.length - state.capacity]
  const last = state.begun.at(-1) ?? now
  const at = Math.max(now, last, state.pausedUntil, holder === undefined ? now : holder + state.intervalMillis)
  state.begun.push(at)
  return at
}

/** How many calls of an interval are ours, when others have already used some of it. */
export const capacityOf = (limit: Limit, share: number, ours: number): number => {
  const others = Math.max(0, limit.max - limit.remaining - ours)
  return Math.max(1, Math.floor(limit.max * share) - others)
}

export const make = (options: {
  readonly capacity: number
  readonly intervalMillis: number
  readonly share: number
}): CallBucket => {
  const state: State = {
    capacity: Math.max(1, Math.floor(options.capacity * options.share)),
    intervalMillis: options.intervalMillis,
    pausedUntil: 0,
    begun: [],
  }
  return {
    take: Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const at = reserve(state, now)
      return at > now ? Effect.sleep(at - now) : Effect.void
    }),
    pause: (millis) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        state.pausedUntil = Math.max(state.pausedUntil, now + millis)
      }),
    retune: (limit) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const ours = state.begun.filter((at) => at > now - limit.intervalMillis && at <= now).length
        state.intervalMillis = limit.intervalMillis
        state.capacity = capacityOf(limit, options.share, ours)
      }),
  }
}
