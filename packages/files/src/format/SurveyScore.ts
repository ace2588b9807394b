/**
 * What an answer to a survey may be: a whole number on the scale of its kind.
 *
 * Promises: a number off the scale is refused, never clipped.
 */
import type { SurveyAnswered } from "@advocacy-kit/core/fact/Fact"
import type { Row } from "../Row.ts"

export type Survey = SurveyAnswered["survey"]

/** As surveys ask: how likely, how satisfied, how easy. */
const scales: Readonly<Record<Survey, readonly [lowest: number, highest: number]>> = {
  nps: [0, 10],
  csat: [1, 5],
  ces: [1, 7],
}

export const of = <Name extends string>(row: Row<Name>, name: Name, survey: Survey): number => {
  const score = row.number(name) ?? row.refuse(name, "is empty: the survey was not answered")
  const [lowest, highest] = scales[survey]
  return Number.isInteger(score) && score >= lowest && score <= highest
    ? score
    : row.refuse(name, `is not a whole number from ${lowest} to ${highest}, as ${survey.toUpperCase()} asks for`)
}

/** Effort is asked after an interaction; the other surveys ask on a schedule, where nothing else is said. */
export const usualOccasion = (survey: Survey): SurveyAnswered["occasion"] =>
  survey === "ces" ? "transactional" : "relational"
