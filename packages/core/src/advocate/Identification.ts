/**
 * Who would advocate? A score from 0 to 100 within the shop, with the raw inputs behind it.
 *
 * A gate decides whether a person may be asked at all (consent, an order, acquaintance, not a detractor); the score
 * ranks by sentiment, proven advocacy, live loyalty and reach, each a percentile among this shop's customers. It is for
 * private asks only: who is asked for a public review never depends on it.
 */
import type { Fact, Identified } from "../fact/Fact.ts"
import * as Facts from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import { days, type Instant } from "../id/Instant.ts"
import { principalHandle, type People, type PersonId } from "../person/People.ts"
import { percentiles } from "../statistics/Proportion.ts"

/** Weights of the four components; they sum to 1. */
export const weights = { sentiment: 0.15, provenAdvocacy: 0.25, liveLoyalty: 0.4, reach: 0.2 } as const

const acquaintanceDays = 60
const halfLifeDays = 90

/** What is known of one customer at `asOf`. */
export interface Customer {
  readonly person: PersonId
  readonly orders: number
  readonly firstOrderAt: Instant
  readonly lastOrderAt: Instant
  /** Refunded share of everything bought, 0 to 1. */
  readonly refundedShare: number
  /** Newest answer, 0 to 10. */
  readonly nps: number | null
  readonly marketing: "granted" | "denied" | "unknown"
  /** When each friend that they brought bought. */
  readonly conversions: ReadonlyArray<Instant>
}

export interface Candidate {
  readonly person: PersonId
  readonly score: number
  readonly eligible: boolean
  readonly inputs: Readonly<Record<string, string>>
}

/** The newest NPS answer of each person. */
export const newestAnswers = (facts: Iterable<Fact>, people: People): ReadonlyMap<PersonId, number> => {
  const newest = new Map<PersonId, { readonly at: Instant; readonly key: string; readonly score: number }>()
  for (const fact of facts) {
    if (fact._tag !== "SurveyAnswered" || fact.survey !== "nps") continue
    const person = people.personOf(fact.person)
    const known = newest.get(person)
    if (known === undefined || known.at < fact.occurredAt || (known.at === fact.occurredAt && known.key < fact.key)) {
      newest.set(person, { at: fact.occurredAt, key: fact.key, score: fact.score })
    }
  }
  return new Map([...newest].map(([person, { score }]) => [person, score]))
}

/** What a person said about marketing on any of their records: one refusal is a refusal. */
export const marketingOf = (people: People, person: PersonId): Customer["marketing"] => {
  const said = people.recordsOf(person).map(({ marketing }) => marketing)
  return said.includes("denied") ? "denied" : said.includes("granted") ? "granted" : "unknown"
}

/** Scores all customers against each other; in order of score, then of person. */
export const identify = (customers: ReadonlyArray<Customer>, asOf: Instant): ReadonlyArray<Candidate> => {
  const answers = customers.flatMap(({ nps }) => (nps === null ? [] : [nps]))
  const meanNps = answers.length === 0 ? 0 : answers.reduce((a, b) => a + b, 0) / answers.length
  const proven = (customer: Customer): number =>
    customer.conversions.reduce((total, at) => total + 2 ** (-(asOf - at) / days(halfLifeDays)), 0)
  const rank = (value: (customer: Customer) => number): ReadonlyArray<number> => percentiles(customers.map(value))
  const sentiment = rank(({ nps, refundedShare }) => 0.6 * ((nps ?? meanNps) / 10) - 0.5 * refundedShare)
  const advocacy = rank(proven)
  const recency = rank(({ lastOrderAt }) => lastOrderAt)
  const frequency = rank(({ orders }) => orders)
  const loyalty = percentiles(customers.map((_, index) => 0.5 * (recency[index] ?? 0) + 0.5 * (frequency[index] ?? 0)))
  const reach = rank(({ conversions }) => Math.log1p(conversions.length))
  return customers
    .map((customer, index): Candidate => {
      const [s, a, l, r] = [sentiment[index] ?? 0, advocacy[index] ?? 0, loyalty[index] ?? 0, reach[index] ?? 0]
      const score = Math.round(
        100 * (weights.sentiment * s + weights.provenAdvocacy * a + weights.liveLoyalty * l + weights.reach * r),
      )
      const barrier = barrierOf(customer, asOf)
      return {
        person: customer.person,
        score,
        eligible: barrier === null,
        inputs: {
          orders: String(customer.orders),
          daysSinceLastOrder: String(Math.floor((asOf - customer.lastOrderAt) / days(1))),
          friendsBrought: String(customer.conversions.length),
          nps: customer.nps === null ? "unknown" : String(customer.nps),
          refundedShare: customer.refundedShare.toFixed(2),
          marketing: customer.marketing,
          sentiment: s.toFixed(2),
          provenAdvocacy: a.toFixed(2),
          liveLoyalty: l.toFixed(2),
          reach: r.toFixed(2),
          ...(barrier === null ? {} : { barrier }),
        },
      }
    })
    .sort((left, right) => right.score - left.score || (left.person < right.person ? -1 : 1))
}

/** Why a person may not be asked; null when they may. */
const barrierOf = (customer: Customer, asOf: Instant): string | null => {
  if (customer.marketing === "denied") return "no consent"
  if (customer.orders === 0) return "no order"
  if (asOf - customer.firstOrderAt < days(acquaintanceDays)) return `customer for less than ${acquaintanceDays} days`
  if (customer.nps !== null && customer.nps <= 6) return "detractor: ask what went wrong instead"
  return null
}

/** The result of one identification as a fact at `asOf`. */
export const toFact = (program: string, people: People, candidate: Candidate, asOf: Instant): Identified => {
  const person: Handle = principalHandle(people, candidate.person)
  return {
    _tag: "Identified",
    key: Facts.key(`advocacy:identified/${program}/${person}`),
    version: asOf,
    rank: Facts.rank.own,
    occurredAt: asOf,
    program,
    person,
    score: candidate.score,
    eligible: candidate.eligible,
    inputs: candidate.inputs,
  }
}
