/**
 * A feedback submission as a fact: one person's answer to a survey.
 *
 * Pure. Answers of nobody in particular and surveys of other types are rejected with the reason. Comments are personal and
 * are not read. When several contacts are associated, the one with the lowest id answered.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { createdOf, handleOf, instant, type Mapping, placeOf, text, Unusable, versionOf } from "./RecordFacts.ts"
import type { CrmRecord } from "./wire/Record.ts"

/** What has to be asked for. */
export const properties: ReadonlyArray<string> = [
  "hs_survey_type",
  "hs_survey_channel",
  "hs_value",
  "hs_submission_timestamp",
  "hs_createdate",
  "hs_lastmodifieddate",
]

const surveys: Readonly<Record<string, Fact.SurveyAnswered["survey"]>> = { NPS: "nps", CSAT: "csat", CES: "ces" }

const surveyOf = (record: CrmRecord): Fact.SurveyAnswered["survey"] => {
  const type = text(record, "hs_survey_type")?.toUpperCase() ?? ""
  const survey = surveys[type]
  if (survey === undefined) throw new Unusable("hs_survey_type", "is none of NPS, CSAT and CES")
  return survey
}

/** Effort is asked after an interaction, and a chat survey after a chat; every other survey asks on a schedule. */
const occasionOf = (survey: Fact.SurveyAnswered["survey"], channel: string | null): Fact.SurveyAnswered["occasion"] =>
  survey === "ces" || channel?.toUpperCase() === "CHAT" ? "transactional" : "relational"

const scoreOf = (record: CrmRecord, survey: Fact.SurveyAnswered["survey"]): number => {
  const value = text(record, "hs_value")
  if (value === null) throw new Unusable("hs_value", "is not set: the survey was not answered")
  const match = /^(\d{1,3})(?:\.0+)?$/.exec(value)
  const score = Number(match?.[1] ?? Number.NaN)
  if (Number.isInteger(score) && (survey !== "nps" || score <= 10)) return score
  throw new Unusable(
    "hs_value",
    survey === "nps" ? "is not a whole number from 0 to 10" : "is not a whole number from 0 to 999",
  )
}

export const map: Mapping = (record, neighbours) => {
  const survey = surveyOf(record)
  const [contact] = neighbours.contacts ?? []
  if (contact === undefined) throw new Unusable("contacts", "no contact is associated: an anonymous answer")
  const answered: Fact.SurveyAnswered = {
    _tag: "SurveyAnswered",
    key: Fact.key(placeOf("feedback_submissions", record.id)),
    version: versionOf(record),
    rank: Fact.rank.api,
    occurredAt: instant(record, "hs_submission_timestamp") ?? createdOf(record),
    person: handleOf("contacts", contact),
    survey,
    occasion: occasionOf(survey, text(record, "hs_survey_channel")),
    score: scoreOf(record, survey),
  }
  return { facts: [answered], personal: [], rejected: [] }
}
