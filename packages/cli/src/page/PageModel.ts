/**
 * Everything that the page shows, as data: the report, and what charts need beside it.
 *
 * A pure function of what `Report.gather` has read. It holds record handles, never names or addresses, and is bounded where the
 * installation is not: lists are cut, and say how much was left out.
 */
import { candidatesOf } from "@advocacy-kit/core/flow/Identifying"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { boughtIn, lastDay } from "@advocacy-kit/core/metric/CustomerMetrics"
import { funnel, type Funnel } from "@advocacy-kit/core/metric/Funnel"
import { cohortTable, type CohortTable } from "@advocacy-kit/core/metric/Retention"
import { compareReturn, type ReturnComparison } from "@advocacy-kit/core/metric/ReturnComparison"
import { origin } from "@advocacy-kit/core/metric/Segment"
import { liabilityCurve, monthEnds, type LiabilityPoint } from "@advocacy-kit/core/program/LiabilityCurve"
import type { Gathered, Report } from "../report/Report.ts"
import * as AdvocateRows from "./model/AdvocateRows.ts"
import * as Answers from "./model/Answers.ts"
import * as Forest from "./model/Forest.ts"
import * as ScoreField from "./model/ScoreField.ts"

const liabilityMonths = 13

export interface PageModel {
  readonly report: Report
  readonly asOf: Instant
  readonly zone: string
  /** When the first purchase was made. */
  readonly since: Instant | null
  readonly purchases: number
  readonly funnel: Funnel
  readonly relational: Answers.Answers
  readonly transactional: Answers.Answers
  readonly cohorts: CohortTable
  readonly returns: ReturnComparison
  readonly scores: ScoreField.ScoreField
  readonly forest: Forest.Forest
  readonly advocates: AdvocateRows.AdvocateRows
  readonly liability: ReadonlyArray<LiabilityPoint>
}

const liabilityOf = ({ study, trail }: Gathered): ReadonlyArray<LiabilityPoint> => {
  const from = study.credits.reduce<Instant | null>(
    (first, { at }) => (first === null || at < first ? at : first),
    null,
  )
  if (from === null) return []
  const zone = study.timeZone
  const ends = monthEnds({ from, asOf: study.asOf, zone, count: liabilityMonths })
  return liabilityCurve(trail.facts, trail.evaluation, ends, zone)
}

export const make = (gathered: Gathered): PageModel => {
  const { report, study, trail } = gathered
  const { people } = trail.evaluation.history
  const forest = Forest.make(study, people)
  return {
    report,
    asOf: study.asOf,
    zone: study.timeZone,
    since: study.purchases[0]?.at ?? null,
    purchases: study.purchases.length,
    funnel: funnel(study),
    relational: Answers.make(study, "relational"),
    transactional: Answers.make(study, "transactional"),
    cohorts: cohortTable(boughtIn(study), lastDay(study)),
    returns: compareReturn(study, origin),
    scores: ScoreField.make(candidatesOf(trail.facts, trail.evaluation), people),
    forest,
    advocates: AdvocateRows.make(study, people, forest),
    liability: liabilityOf(gathered),
  }
}
