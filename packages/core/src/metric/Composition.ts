/**
 * Metrics of metrics: ratios, differences, targets, and the same metric over something else.
 *
 * Intervals of what is composed come from the intervals of the parts, which are taken as independent (Zou and Donner 2008, "MOVER"):
 * where the same people stand behind both, as in a ratio of two shares of one group, the interval is only a guide and is left out.
 */
import type { Interval } from "../statistics/Proportion.ts"
import { none, type Metric, type Question, type Reading, type Value } from "./Metric.ts"

/** One value over another; none where either has none, or the lower is zero. `sample` is the smaller of both. */
export const ratio = <Input>(question: Question, upper: Metric<Input>, lower: Metric<Input>): Metric<Input> => ({
  ...question,
  read: (input) => {
    const [above, below] = [upper.read(input), lower.read(input)]
    const sample = Math.min(above.sample, below.sample)
    if (above.estimate === null) return none(above.note ?? `no ${upper.name}`, sample)
    if (below.estimate === null) return none(below.note ?? `no ${lower.name}`, sample)
    if (below.estimate === 0) return none(`${lower.name} is zero`, sample)
    return { estimate: above.estimate / below.estimate, interval: null, sample, note: above.note ?? below.note }
  },
})

/** d − √((x₁ − l₁)² + (u₂ − x₂)²) to d + √((u₁ − x₁)² + (x₂ − l₂)²), for independent estimates with their own intervals. */
const apart = (first: Value, second: Value): Interval | null => {
  if (first.estimate === null || second.estimate === null) return null
  if (first.interval === null || second.interval === null) return null
  const [x, y] = [first.estimate, second.estimate]
  return {
    low: x - y - Math.hypot(x - first.interval.low, second.interval.high - y),
    high: x - y + Math.hypot(first.interval.high - x, y - second.interval.low),
  }
}

/** What one value has more than another of other people: two segments, or two periods. `sample` is the smaller of both. */
export const difference = (first: Value, second: Value): Value => {
  const sample = Math.min(first.sample, second.sample)
  if (first.estimate === null) return none(first.note ?? "nothing to compare", sample)
  if (second.estimate === null) return none(second.note ?? "nothing to compare with", sample)
  return {
    estimate: first.estimate - second.estimate,
    interval: apart(first, second),
    sample,
    note: first.note ?? second.note,
  }
}

/** The same metric of another input: a window, a segment, another kind of store. */
export const on = <Input, Other>(metric: Metric<Input>, from: (other: Other) => Input): Metric<Other> => ({
  ...metric,
  read: (other) => metric.read(from(other)),
})

/** Whether a reading has reached a target: `unclear` where the interval holds the target, or there is no estimate. */
export const reached = (
  { estimate, interval }: Reading,
  target: { readonly value: number; readonly better: "higher" | "lower" },
): "yes" | "no" | "unclear" => {
  if (estimate === null) return "unclear"
  const { high, low } = interval ?? { low: estimate, high: estimate }
  const isAbove = low >= target.value
  const isBelow = high <= target.value
  if (isAbove && isBelow) return "yes"
  if (!isAbove && !isBelow) return "unclear"
  return isAbove === (target.better === "higher") ? "yes" : "no"
}
