/**
 * What was answered to one kind of the recommendation question: the score, how often each number, and the score month by month.
 *
 * Of one person the newest answer of the span counts. Months without answers are no zero: they are left out.
 */
import * as Experience from "@advocacy-kit/core/metric/ExperienceMetrics"
import { read, type Reading } from "@advocacy-kit/core/metric/Metric"
import type { Answer, Study } from "@advocacy-kit/core/metric/Study"
import { windows } from "@advocacy-kit/core/metric/Windows"
import { countScores, type Counts } from "@advocacy-kit/core/statistics/NetPromoter"

export interface Month {
  /** `2026-10` */
  readonly month: string
  readonly reading: Reading
  readonly isWhole: boolean
}

export interface Answers {
  readonly occasion: Answer["occasion"]
  readonly reading: Reading
  readonly counts: Counts
  /** How often 0, 1, … 10. */
  readonly histogram: ReadonlyArray<number>
  /** Oldest first; at most two years. */
  readonly months: ReadonlyArray<Month>
}

export const make = (study: Study, occasion: Answer["occasion"]): Answers => {
  const metric = occasion === "relational" ? Experience.relational : Experience.transactional
  const scores = Experience.scoresOf(study, "nps", occasion)
  return {
    occasion,
    reading: read(metric, study),
    counts: countScores(scores),
    histogram: Array.from({ length: 11 }, (_, score) => scores.filter((one) => one === score).length),
    months: windows(study, "month")
      .map(({ isWhole, name, study: part }) => ({ month: name, reading: read(metric, part), isWhole }))
      .filter(({ reading }) => reading.estimate !== null)
      .slice(-24),
  }
}
