/**
 * A metric: a named question about a program, with an estimate, its interval and sample size, or the reason why there is none.
 *
 * Metrics are folds over facts and credits as at a time; nothing is ever counted up. `catalogue` holds those that come
 * ready; an integrator adds more by adding values of the same type.
 */
import type { Interval } from "../statistics/Proportion.ts"

export interface Reading {
  readonly name: string
  readonly question: string
  readonly unit: "points" | "share" | "currency" | "count"
  readonly estimate: number | null
  readonly interval: Interval | null
  /** What the estimate rests on. */
  readonly sample: number
  /** Why there is no estimate, or how to read it. */
  readonly note: string | null
}

export interface Metric<Input> {
  readonly name: string
  readonly question: string
  readonly unit: Reading["unit"]
  readonly read: (input: Input) => Pick<Reading, "estimate" | "interval" | "sample" | "note">
}

export const read = <Input>(metric: Metric<Input>, input: Input): Reading => ({
  name: metric.name,
  question: metric.question,
  unit: metric.unit,
  ...metric.read(input),
})
