/**
 * Ways to divide people for metrics: every person of a study has one value in each.
 *
 * A segment is a value; an integrator adds more by adding values of the same type. What divides people is known from their
 * whole history, so that a window does not move anybody from one segment to another.
 */
import type { PersonId } from "../person/People.ts"
import { about, type Study } from "./Study.ts"

export interface Segment {
  /** Lower case with dashes. */
  readonly name: string
  readonly question: string
  /** The value of each person, made once for a study. */
  readonly of: (study: Study) => (person: PersonId) => string
}

export const origin: Segment = {
  name: "origin",
  question: "Did a credited referral bring the first purchase?",
  of:
    ({ firstPurchases }) =>
    (person) => {
      const purchase = firstPurchases.get(person)
      return purchase === undefined ? "no purchase" : purchase.advocate === null ? "other" : "referred"
    },
}

const standing: Segment = {
  name: "standing",
  question: "Is the person enrolled as an advocate?",
  of:
    ({ advocates }) =>
    (person) =>
      advocates.has(person) ? "advocate" : "other",
}

const cohort: Segment = {
  name: "cohort",
  question: "In which month did the person buy first?",
  of:
    ({ firstPurchases }) =>
    (person) =>
      firstPurchases.get(person)?.date.slice(0, 7) ?? "no purchase",
}

const channel: Segment = {
  name: "channel",
  question: "Through which channel did the person buy first?",
  of:
    ({ firstPurchases }) =>
    (person) => {
      const purchase = firstPurchases.get(person)
      return purchase === undefined ? "no purchase" : (purchase.channel ?? "unknown")
    },
}

export const segments: ReadonlyArray<Segment> = [origin, standing, cohort, channel]

const peopleIn = (study: Study): ReadonlySet<PersonId> => {
  const { advocates, answers, asks, content, credits, purchases, sharings, shares } = study
  return new Set([
    ...asks.map(({ person }) => person),
    ...content.flatMap(({ author }) => (author === null ? [] : [author])),
    ...sharings.map(({ advocate }) => advocate),
    ...answers.map(({ person }) => person),
    ...purchases.flatMap(({ person }) => (person === null ? [] : [person])),
    ...credits.map(({ person }) => person),
    ...shares.map(({ advocate }) => advocate),
    ...advocates.keys(),
  ])
}

/** The study of each value that somebody in it has, in order of value. */
export const divided = (study: Study, segment: Segment): ReadonlyArray<Study> => {
  const of = segment.of(study)
  const values = new Map([...peopleIn(study)].map((person) => [person, of(person)]))
  return [...new Set(values.values())]
    .sort()
    .map((value) => about(study, { by: segment.name, value }, (person) => values.get(person) === value))
}
