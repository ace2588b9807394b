/**
 * Shares with an honest interval.
 *
 * Wilson's score interval for a share (Wilson 1927; Newcombe 1998, method 3) and the adjusted Wald interval for the Net
 * Promoter Score (Rocks 2016; Lewis and Sauro 2021). No observations give no estimate, never zero.
 */

/** Two-sided 95 %. */
const z95 = 1.959963984540054

export interface Interval {
  readonly low: number
  readonly high: number
}

/** Wilson's 95 % interval of `successes / trials`; null without trials. */
export const wilson = (successes: number, trials: number): Interval | null => {
  if (trials === 0) return null
  const share = successes / trials
  const squared = z95 * z95
  const centre = (share + squared / (2 * trials)) / (1 + squared / trials)
  const half =
    (z95 * Math.sqrt((share * (1 - share)) / trials + squared / (4 * trials * trials))) / (1 + squared / trials)
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half),
  }
}

export interface NetPromoter extends Interval {
  /** −100 to 100. */
  readonly score: number
}

/** NPS with its adjusted-Wald 95 % interval, in points; null without answers. */
export const netPromoter = (promoters: number, detractors: number, answers: number): NetPromoter | null => {
  if (answers === 0) return null
  const adjusted = answers + 3
  const [p, d] = [(promoters + 0.75) / adjusted, (detractors + 0.75) / adjusted]
  const half = z95 * Math.sqrt((p + d - (p - d) ** 2) / adjusted)
  return {
    score: (100 * (promoters - detractors)) / answers,
    low: 100 * Math.max(-1, p - d - half),
    high: 100 * Math.min(1, p - d + half),
  }
}

/** Percentile of each value among all, by average rank, from 0 (exclusive) to 1. */
export const percentiles = (values: ReadonlyArray<number>): ReadonlyArray<number> => {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value)
  const result = Array.from(values, () => 0)
  for (let start = 0; start < order.length;) {
    let end = start
    while (end + 1 < order.length && order[end + 1]?.value === order[start]?.value) end++
    for (let at = start; at <= end; at++) result[order[at]?.index ?? 0] = ((start + end) / 2 + 1) / order.length
    start = end + 1
  }
  return result
}
