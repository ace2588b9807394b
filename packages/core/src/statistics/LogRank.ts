/**
 * Whether the event comes sooner in one group than in another: the log-rank test (Mantel 1966).
 *
 * Most telling where hazards keep their proportion; curves that cross may cancel. A comparison of groups that chose
 * themselves shows association, not effect.
 */
import * as ChiSquared from "./ChiSquared.ts"
import { solve } from "./LinearSystem.ts"
import { type Observation, tally } from "./Survival.ts"

export interface LogRank {
  readonly chiSquared: number
  readonly degrees: number
  readonly p: number
  /** Events seen, and expected were all groups alike; in the order of the groups. */
  readonly observed: ReadonlyArray<number>
  readonly expected: ReadonlyArray<number>
}

/**
 * The log-rank test of two or more groups: (O − E)² against its hypergeometric variance, summed over event times; null
 * where nothing can be compared (fewer than two groups ever at risk together with an event).
 */
export const logRank = (groups: ReadonlyArray<ReadonlyArray<Observation>>): LogRank | null => {
  const tallies = groups.map((group) => new Map(tally(group).map((one) => [one.time, one])))
  const times = [...new Set(tallies.flatMap((one) => [...one.keys()]))].sort((a, b) => a - b)
  const atRisk = groups.map((group) => group.length)
  const [observed, expected] = [groups.map(() => 0), groups.map(() => 0)]
  const covariance = groups.map(() => groups.map(() => 0))
  for (const time of times) {
    const here = tallies.map((one) => one.get(time)?.events ?? 0)
    const all = atRisk.reduce((sum, size) => sum + size, 0)
    const events = here.reduce((sum, count) => sum + count, 0)
    const common = all > 1 ? (events * (all - events)) / (all - 1) : 0
    for (const [row, size] of atRisk.entries()) {
      observed[row] = (observed[row] ?? 0) + (here[row] ?? 0)
      expected[row] = (expected[row] ?? 0) + (events * size) / all
      const line = covariance[row] ?? []
      for (const [column, other] of atRisk.entries()) {
        line[column] = (line[column] ?? 0) + common * (size / all) * ((row === column ? 1 : 0) - other / all)
      }
    }
    for (const [row, one] of tallies.entries()) atRisk[row] = (atRisk[row] ?? 0) - (one.get(time)?.leaving ?? 0)
  }
  // One group follows from the others.
  const kept = groups.slice(1).map((_, index) => index)
  const excess = kept.map((row) => (observed[row] ?? 0) - (expected[row] ?? 0))
  const solved = solve(
    kept.map((row) => kept.map((column) => covariance[row]?.[column] ?? 0)),
    excess,
  )
  if (solved === null || kept.length === 0) return null
  const chiSquared = solved.reduce((sum, one, index) => sum + one * (excess[index] ?? 0), 0)
  return { chiSquared, degrees: kept.length, p: ChiSquared.upperTail(chiSquared, kept.length), observed, expected }
}
