/**
 * Who would advocate? A score from 0 to 100 within the shop, with the raw inputs behind it.
 *
 * A gate decides whether a person may be asked at all (consent, an order, acquaintance, not a detractor); the score
 * ranks by sentiment, proven advocacy, live loyalty and reach among this shop's customers (`AdvocateScore`). It is for
 * private asks only: who is asked for a public review never depends on it.
 */
import type { Fact, Identified } from "../fact/Fact.ts"
import * as Facts from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import { days, type Instant } from "../id/Instant.ts"
import { principalHandle, type People, type PersonId } from "../person/People.ts"
import * as AdvocateScore from "./AdvocateScore.ts"

const acquaintanceDays = 60

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
  /** Would they, by sentiment and proven advocacy; would it be heard, by loyalty and reach. Each 0 to 1. */
  readonly willing: number
  readonly influential: number
  /** Loyal but silent: ask. Influential but unhappy: save. */
  readonly list: AdvocateScore.Scored["list"]
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

/** What the score reads of a customer; what a program's facts do not tell is unknown, not zero. */
const signalsOf = (customer: Customer, asOf: Instant): AdvocateScore.Signals => ({
  nps: customer.nps,
  stars: null,
  refundedShare: customer.refundedShare,
  recentReferrals: AdvocateScore.decayed(customer.conversions.map((at) => (asOf - at) / days(1))),
  // Credited purchases are all that is known of whom somebody referred.
  referrals: null,
  conversions: customer.conversions.length,
  shares90d: 0,
  reviews: 0,
  recency: customer.lastOrderAt,
  orders: customer.orders,
  shares: 0,
  emailEngagement: null,
})

/** Scores all customers against each other; in order of score, then of person. */
export const identify = (customers: ReadonlyArray<Customer>, asOf: Instant): ReadonlyArray<Candidate> => {
  const scored = AdvocateScore.scoreAll(customers.map((customer) => signalsOf(customer, asOf)))
  return customers
    .flatMap((customer, at) => {
      const found = scored[at]
      return found === undefined ? [] : [candidateOf(customer, found, asOf)]
    })
    .sort((left, right) => right.score - left.score || (left.person < right.person ? -1 : 1))
}

const candidateOf = (customer: Customer, scored: AdvocateScore.Scored, asOf: Instant): Candidate => {
  const barrier = barrierOf(customer, asOf)
  return {
    person: customer.person,
    score: Math.round(scored.score),
    willing: scored.willing,
    influential: scored.influential,
    list: scored.list === "ask" && barrier !== null ? null : scored.list,
    eligible: barrier === null,
    inputs: {
      orders: String(customer.orders),
      daysSinceLastOrder: String(Math.floor((asOf - customer.lastOrderAt) / days(1))),
      friendsBrought: String(customer.conversions.length),
      nps: customer.nps === null ? "unknown" : String(customer.nps),
      refundedShare: customer.refundedShare.toFixed(2),
      marketing: customer.marketing,
      sentiment: scored.sentiment.toFixed(2),
      provenAdvocacy: scored.provenAdvocacy.toFixed(2),
      liveLoyalty: scored.liveLoyalty.toFixed(2),
      reach: scored.reach.toFixed(2),
      ...(barrier === null ? {} : { barrier }),
    },
  }
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
