/**
 * A metric: a named question, answered with an estimate, its interval and sample size, or with the reason why there is none.
 *
 * A metric is a value: a pure fold over what is studied as at a time; nothing is ever counted up. `catalogue` holds those that
 * come ready; an integrator adds more by adding values of the same type. `Composition` makes metrics of metrics.
 */
import type { Interval } from "../statistics/Proportion.ts"

export interface Value {
  /** null where there is none, never 0 in its place. */
  readonly estimate: number | null
  /** At 95 %, where the method has one. */
  readonly interval: Interval | null
  /** How many of the metric's grain the estimate rests on. */
  readonly sample: number
  /** Why there is no estimate, or how to read it. */
  readonly note: string | null
}

export interface Question {
  /** Lower case with dashes, unique in a registry. */
  readonly name: string
  readonly question: string
  /** `points` from -100 to 100; `share` from 0 to 1; `currency` in minor units of the program; `ratio` and `count` as they are. */
  readonly unit: "points" | "share" | "currency" | "count" | "days" | "ratio"
  /** What one observation is. */
  readonly grain: "answer" | "customer" | "purchase" | "referral" | "advocate" | "visitor" | "content"
  /** How far it may be read: counted, ascribed by a rule of attribution, or shown by an experiment to be caused. */
  readonly standing: "counted" | "credited" | "caused"
}

export interface Metric<Input> extends Question {
  readonly read: (input: Input) => Value
}

export interface Reading extends Question, Value {}

/** No estimate, and why. */
export const none = (note: string, sample = 0): Value => ({ estimate: null, interval: null, sample, note })

export const read = <Input>(metric: Metric<Input>, input: Input): Reading => {
  const { grain, name, question, read: value, standing, unit } = metric
  return { name, question, unit, grain, standing, ...value(input) }
}
