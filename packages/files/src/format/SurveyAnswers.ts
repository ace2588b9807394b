/**
 * Answers to surveys: a file of one's own (e-mail, score, when), Delighted's and Typeform's, told apart by nothing but their titles.
 *
 * Promises: an answer is known by its product's number, else by person and time, so that a file may be read twice; a score off its
 * scale is refused. Comments, names and other questions are not read.
 */
import type * as Fact from "@advocacy-kit/core/fact/Fact"
import * as Digest from "@advocacy-kit/core/id/Digest"
import * as Handle from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { fieldsOf } from "../Columns.ts"
import * as Format from "../Format.ts"
import type { Row } from "../Row.ts"
import * as SurveyScore from "./SurveyScore.ts"

const fields = fieldsOf({
  id: { titles: ["Response ID", "Response Token", "#"], what: "the product's own number of the answer" },
  email: { titles: ["Email", "Email address", "Customer Email"], what: "the e-mail of who answered", personal: true },
  hubspot: { titles: ["HubSpot contact ID"], what: "HubSpot's number of who answered" },
  shopify: { titles: ["Shopify customer ID"], what: "Shopify's number of who answered" },
  score: {
    titles: ["Score", "NPS Score", "NPS", "Rating"],
    beginnings: [
      "How likely are you to recommend",
      "How likely is it that you would recommend",
      "On a scale of 0 to 10, how likely",
      "On a scale from 0 to 10, how likely",
      "Wie wahrscheinlich ist es, dass Sie",
    ],
    what: "the score",
    needed: true,
  },
  answeredAt: {
    titles: ["Answered at", "Responded at", "Submit Date (UTC)", "Submitted at", "Created at", "Response date", "Date"],
    what: "when it was answered",
    needed: true,
  },
  survey: { titles: ["Survey type", "Survey kind", "Survey"], what: "nps, csat or ces; without it NPS" },
  occasion: {
    titles: ["Occasion", "Survey occasion"],
    what: "relational (the whole base is asked on a schedule) or transactional (asked after an event)",
  },
})
type Name = keyof typeof fields

const personOf = (row: Row<Name>, address: string | null, lens: Format.Lens): Handle.Handle => {
  const contact = row.id("hubspot")
  if (contact !== null) return Handle.platform("hubspot", "contact", contact)
  const customer = row.id("shopify")
  if (customer !== null) return Handle.platform("shopify", "customer", customer)
  return address === null
    ? row.refuse("email", "is empty: nobody knows whose answer it is")
    : Handle.email(lens.handleKey, address)
}

/** Short numbers count the rows of a file: another file has them again. */
const isRowNumber = (id: string): boolean => /^\d{1,5}$/.test(id)

const keyOf = (row: Row<Name>): string | null => {
  const id = row.text("id")
  if (id === null || isRowNumber(id)) return null
  return /^[A-Za-z0-9][\w.:-]{0,99}$/.test(id)
    ? `survey:response/${id}`
    : row.refuse("id", "is no id of an answer, which has letters and digits: a spreadsheet may have changed it")
}

const surveyOf = (row: Row<Name>): SurveyScore.Survey => {
  const text = row.text("survey")?.toLowerCase() ?? "nps"
  return text === "nps" || text === "csat" || text === "ces"
    ? text
    : row.refuse("survey", "is none of nps, csat and ces")
}

const occasionOf = (row: Row<Name>): Fact.SurveyAnswered["occasion"] | null => {
  const text = row.text("occasion")?.toLowerCase() ?? null
  return text === null || text === "relational" || text === "transactional"
    ? text
    : row.refuse("occasion", "is neither relational nor transactional")
}

const digestOf = (person: Handle.Handle, survey: SurveyScore.Survey, at: Instant): string =>
  `survey:answer/${Digest.ofValue({ person, survey, at }).slice(0, 40)}`

export const surveyAnswers = Format.make<Name>({
  name: "nps",
  what: "Answers to surveys: Delighted, Typeform, or e-mail, score and time",
  fields,
  placeOf: keyOf,
  read: ([row], lens) => {
    const address = row.email("email")
    const person = personOf(row, address, lens)
    const survey = surveyOf(row)
    const occasion = occasionOf(row)
    const at = row.instant("answeredAt") ?? row.refuse("answeredAt", "is empty: the survey was not finished")
    const answered: Fact.SurveyAnswered = {
      _tag: "SurveyAnswered",
      ...Format.head(keyOf(row) ?? digestOf(person, survey, at), at, lens, occasion === null ? ["occasion"] : []),
      person,
      survey,
      occasion: occasion ?? SurveyScore.usualOccasion(survey),
      score: SurveyScore.of(row, "score", survey),
    }
    return {
      facts: [answered],
      personal: address === null ? [] : [{ handle: Handle.email(lens.handleKey, address), value: address }],
    }
  },
  cannotKnow: [
    "who was asked and did not answer",
    "whether a survey was relational or transactional, where no column says so: effort counts as transactional, the others as relational",
    "whether an answer is one that another file or the portal tells as well, where it has no number of its own or another one there",
  ],
})
