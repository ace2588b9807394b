/**
 * How soon customers buy again, group beside group: Kaplan-Meier curves and the log-rank test between them.
 *
 * Who has not come back by the end of the study is censored, not lost. Groups of a segment chose themselves: what differs is
 * associated with the segment, not caused by it.
 */
import type { PersonId } from "../person/People.ts"
import { logRank, type LogRank } from "../statistics/LogRank.ts"
import { kaplanMeier, type Observation, type SurvivalStep } from "../statistics/Survival.ts"
import { boughtIn, lastDay } from "./CustomerMetrics.ts"
import { dayNumber, purchaseDays } from "./Purchase.ts"
import type { Segment } from "./Segment.ts"
import type { Study } from "./Study.ts"

export interface ReturnGroup {
  readonly value: string
  readonly customers: number
  readonly returned: number
  /** Of those who have not bought again: 1 less this has. */
  readonly curve: ReadonlyArray<SurvivalStep>
  /** Days from the first purchase to the second, or to the end of the study. */
  readonly observations: ReadonlyArray<Observation>
}

export interface ReturnComparison {
  /** In order of value; those in which somebody bought. */
  readonly groups: ReadonlyArray<ReturnGroup>
  /** Null where there are not two groups to compare. */
  readonly test: LogRank | null
}

/** Customers who have been watched for `days` and had not come back before. */
export const atRisk = ({ observations }: ReturnGroup, days: number): number =>
  observations.filter(({ time }) => time >= days).length

export const compareReturn = (study: Study, segment: Segment): ReturnComparison => {
  const end = dayNumber(lastDay(study))
  const of = segment.of(study)
  const observed = [...purchaseDays(boughtIn(study), end)].map(([customer, [first, second]]) => ({
    value: of(customer as PersonId),
    observation: { time: (second?.day ?? end) - (first?.day ?? end), event: second !== undefined },
  }))
  const groups = [...Map.groupBy(observed, ({ value }) => value)]
    .map(([value, members]): ReturnGroup => {
      const observations = members.map(({ observation }) => observation)
      return {
        value,
        customers: observations.length,
        returned: observations.filter(({ event }) => event).length,
        curve: kaplanMeier(observations),
        observations,
      }
    })
    .sort((a, b) => (a.value < b.value ? -1 : 1))
  return { groups, test: groups.length < 2 ? null : logRank(groups.map(({ observations }) => observations)) }
}
