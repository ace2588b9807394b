/**
 * How people take being asked: what share does it, and whether those who are asked often do it less.
 *
 * An ask is judged when its people have had thirty days; each person counts once, by their newest such ask. Asks for references are
 * left out of answers: no fact tells whether somebody gave one.
 */
import { days, type Instant } from "../id/Instant.ts"
import type { PersonId } from "../person/People.ts"
import { difference } from "./Composition.ts"
import { none, type Metric } from "./Metric.ts"
import { shareOf } from "./Shares.ts"
import { askDays, type Ask, type Content, type Study } from "./Study.ts"

const answerDays = 30
/** Asks within `askDays` from which on somebody was asked often. */
const often = 3

const surveys: ReadonlyArray<Ask["ask"]> = ["nps", "csat", "ces"]

/** The content that does what an ask asks for. */
const contentFor: Readonly<Partial<Record<Ask["ask"], ReadonlyArray<Content["kind"]>>>> = {
  review: ["review"],
  testimonial: ["testimonial", "case-study"],
  content: ["mention", "post", "photo", "video"],
}

interface Done {
  readonly person: PersonId
  readonly at: Instant
}

/** When people did what an ask asks for. */
const doneFor = (study: Study, ask: Ask["ask"]): ReadonlyArray<Done> => {
  const kinds = contentFor[ask]
  if (kinds !== undefined)
    return study.content.flatMap(({ at, author, kind }) =>
      author !== null && kinds.includes(kind) ? [{ person: author, at }] : [],
    )
  if (ask === "referral")
    return [...study.sharings, ...study.shares].map(({ advocate, at }) => ({ person: advocate, at }))
  return study.answers.filter(({ survey }) => survey === ask)
}

/** Each person's newest ask of these kinds that is old enough to be judged, and whether they did it in time. */
const judged = (study: Study, kinds: ReadonlyArray<Ask["ask"]>) => {
  const newest = new Map<PersonId, Ask>()
  for (const one of study.asks)
    if (kinds.includes(one.ask) && one.at + days(answerDays) < study.until) newest.set(one.person, one)
  const done = new Map(kinds.map((ask) => [ask, Map.groupBy(doneFor(study, ask), ({ person }) => person)] as const))
  return [...newest.values()].map((one) => ({
    ...one,
    isDone: (done.get(one.ask)?.get(one.person) ?? []).some(
      ({ at }) => at >= one.at && at <= one.at + days(answerDays),
    ),
  }))
}

const doneShare = (asks: ReturnType<typeof judged>) =>
  shareOf(
    asks.filter(({ isDone }) => isDone).length,
    asks.length,
    `nobody is known to have been asked ${answerDays} days ago or earlier`,
  )

const response = (name: string, question: string, kinds: ReadonlyArray<Ask["ask"]>): Metric<Study> => ({
  name,
  question,
  unit: "share",
  grain: "customer",
  standing: "counted",
  read: (study) => doneShare(judged(study, kinds)),
})

export const surveyResponse = response(
  "survey-response-rate",
  `What share of people who were sent a survey answered it within ${answerDays} days?`,
  surveys,
)

export const reviewResponse = response(
  "review-response-rate",
  `What share of people who were asked for a review wrote one within ${answerDays} days?`,
  ["review"],
)

export const contentResponse = response(
  "content-response-rate",
  `What share of people who were asked for a testimonial or other content published it within ${answerDays} days?`,
  ["testimonial", "content"],
)

export const referralResponse = response(
  "referral-response-rate",
  `What share of advocates who were asked to refer shared within ${answerDays} days?`,
  ["referral"],
)

const answerable: ReadonlyArray<Ask["ask"]> = [...surveys, "review", "testimonial", "content", "referral"]

export const oftenAsked: Metric<Study> = {
  name: "often-asked-share",
  question: `What share of people who were asked anything was asked ${often} times or more within ${askDays} days?`,
  unit: "share",
  grain: "customer",
  standing: "counted",
  read: ({ asks }) => {
    const most = new Map<PersonId, number>()
    for (const { nth, person } of asks) most.set(person, Math.max(nth, most.get(person) ?? 0))
    return shareOf([...most.values()].filter((nth) => nth >= often).length, most.size, "no asks are known")
  },
}

/** Different people stand behind both shares, so that Newcombe's interval holds. */
export const fatigue: Metric<Study> = {
  name: "ask-fatigue",
  question: `How much less is done by people asked ${often} times or more within ${askDays} days than by those asked once?`,
  unit: "share",
  grain: "customer",
  standing: "counted",
  read: (study) => {
    const all = judged(study, answerable)
    const [once, many] = [all.filter(({ nth }) => nth === 1), all.filter(({ nth }) => nth >= often)]
    if (once.length === 0 || many.length === 0)
      return none(`${once.length} people asked once and ${many.length} asked often cannot be compared`, all.length)
    const found = difference(doneShare(once), doneShare(many))
    return { ...found, note: "who is asked often may be others than who is asked once" }
  },
}
