/**
 * How far stages of work have come, how fast they are, and how long they will take, as one line for whoever watches.
 *
 * The rate is that of the whole stage, from the first step that was seen of it; stages may run beside each other.
 */
import type { Step } from "@advocacy-kit/core/flow/Progress"
import { count, duration } from "./Terminal.ts"

/** Before that, a rate says more about how work begins than about how it goes on. */
const soonestMillis = 1_000

interface Seen {
  readonly atMillis: number
  readonly done: number
  /** By the step before. */
  readonly latest: number
}

export interface Pace {
  /** `shopify orders: 12,000 of 50,000 facts, 3,200 a second, 12 s left`. */
  readonly line: (step: Step, atMillis: number) => string
}

export const make = (): Pace => {
  const seen = new Map<string, Seen>()
  return {
    line: (step, atMillis) => {
      const { done, stage, total, unit } = step
      const known = seen.get(stage)
      // Less than before: the same stage has begun anew.
      const start = known === undefined || known.latest > done ? { atMillis, done } : known
      seen.set(stage, { ...start, latest: done })
      const millis = atMillis - start.atMillis
      const perMilli = millis >= soonestMillis ? (done - start.done) / millis : 0
      return [
        `${stage}: ${count(done)}${total === undefined ? "" : ` of ${count(total)}`} ${unit}`,
        ...(perMilli > 0 ? [`${count(Math.round(perMilli * 1000))} a second`] : []),
        ...(perMilli > 0 && total !== undefined && total > done ? [`${duration((total - done) / perMilli)} left`] : []),
      ].join(", ")
    },
  }
}
