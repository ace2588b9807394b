/**
 * Who would advocate? A score from 0 to 100 within the shop, with the raw inputs behind it.
 *
 * A gate decides whether a person may be asked at all (consent, a fulfilled order, acquaintance, not a detractor, no open suspicion);
 * the score ranks by sentiment, proven advocacy, live loyalty and reach among this shop's customers (`AdvocateScore`). It is for
 * private asks only: who is asked for a public review never depends on it. What the facts do not tell is unknown, not zero.
 */
import type { Fact, Identified } from "../fact/Fact.ts"
import * as Facts from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import { days, type Instant } from "../id/Instant.ts"
import { principalHandle, type People, type PersonId } from "../person/People.ts"
import * as AdvocateScore from "./AdvocateScore.ts"

export const acquaintanceDays = 60

/** How often a person's codes reached somebody else: links that were followed, invitations. */
export interface Sharing {
  /** Distinct people reached, ever and in the last 90 days. */
  readonly reached: number
  readonly reached90d: number
  /**
   * Friends whom they referred, bought or not; null where the facts show visits of buyers alone, so that everybody who was reached
   * bought.
   */
  readonly referred: number | null
}

/** What somebody wrote that still stands. */
export interface Reviews {
  readonly count: number
  /** The mean of those with stars, 1 to 5. */
  readonly stars: number | null
}

/** What is known of one customer at `asOf`. */
export interface Customer {
  readonly person: PersonId
  /** Not cancelled, no tests. */
  readonly orders: number
  /** Of these: paid, and not wholly given back. Facts tell no deliveries, so that this stands for fulfilled. */
  readonly fulfilled: number
  readonly firstOrderAt: Instant
  readonly lastOrderAt: Instant
  /** What they kept of everything bought, in the program's currency. */
  readonly spentMinor: bigint
  /** Refunded share of everything bought, 0 to 1. */
  readonly refundedShare: number
  /** Newest answer, 0 to 10. */
  readonly nps: number | null
  readonly marketing: "granted" | "denied" | "unknown"
  /** When each friend that they brought bought; friends of whom a sign of fraud waits for a human are none. */
  readonly conversions: ReadonlyArray<Instant>
  /** Null where no fact of the shop shows sharing. */
  readonly sharing: Sharing | null
  /** Null where no fact of the shop tells of any review. */
  readonly reviews: Reviews | null
  /** The open sign of fraud that they are part of. */
  readonly suspicion: string | null
}

/** What the score cannot know yet is the same for everybody, and moves nobody. */
export interface Candidate {
  readonly person: PersonId
  /** A whole number, 0 to 100. */
  readonly score: number
  /** The same before it was rounded. */
  readonly exact: number
  /** Would they, by sentiment and proven advocacy; would it be heard, by loyalty and reach. Each 0 to 1. */
  readonly willing: number
  readonly influential: number
  /** Loyal but silent: ask. Influential but unhappy: save. */
  readonly list: AdvocateScore.Scored["list"]
  readonly eligible: boolean
  /** Why they may not be asked; null when they may. */
  readonly barrier: string | null
  /** Percentiles within the shop. */
  readonly components: AdvocateScore.Components
  readonly signals: AdvocateScore.Signals
  readonly customer: Customer
  /** The raw values behind the score, as they are recorded. */
  readonly inputs: Readonly<Record<string, string>>
}

export interface Gate {
  /** Whether silence about marketing is a refusal: the program asks for consent. */
  readonly needsConsent: boolean
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

/** What the score reads of a customer. No fact tells opened mail yet. */
export const signalsOf = (customer: Customer, asOf: Instant): AdvocateScore.Signals => ({
  nps: customer.nps,
  stars: customer.reviews?.stars ?? null,
  refundedShare: customer.refundedShare,
  recentReferrals: AdvocateScore.decayed(customer.conversions.map((at) => (asOf - at) / days(1))),
  referrals: customer.sharing?.referred ?? null,
  conversions: customer.conversions.length,
  shares90d: customer.sharing?.reached90d ?? null,
  reviews: customer.reviews?.count ?? null,
  recency: customer.lastOrderAt,
  orders: customer.orders,
  shares: customer.sharing?.reached ?? null,
  emailEngagement: null,
})

/** Scores all customers against each other; in order of score before rounding, then of person. */
export const identify = (
  customers: ReadonlyArray<Customer>,
  asOf: Instant,
  gate: Gate = { needsConsent: false },
): ReadonlyArray<Candidate> => {
  const signals = customers.map((customer) => signalsOf(customer, asOf))
  const scored = AdvocateScore.scoreAll(signals)
  return customers
    .flatMap((customer, at) => {
      const [found, read] = [scored[at], signals[at]]
      return found === undefined || read === undefined ? [] : [candidateOf(customer, read, found, asOf, gate)]
    })
    .sort((left, right) => right.exact - left.exact || (left.person < right.person ? -1 : 1))
}

const candidateOf = (
  customer: Customer,
  signals: AdvocateScore.Signals,
  scored: AdvocateScore.Scored,
  asOf: Instant,
  gate: Gate,
): Candidate => {
  const { influential, liveLoyalty, provenAdvocacy, reach, score, sentiment, willing } = scored
  const barrier = barrierOf(customer, asOf, gate)
  const components = { sentiment, provenAdvocacy, liveLoyalty, reach }
  return {
    person: customer.person,
    score: Math.round(score),
    exact: score,
    willing,
    influential,
    list: listOf(customer, signals, scored, barrier),
    eligible: barrier === null,
    barrier,
    components,
    signals,
    customer,
    inputs: inputsOf(customer, components, barrier, asOf),
  }
}

const listOf = (
  customer: Customer,
  signals: AdvocateScore.Signals,
  scored: AdvocateScore.Scored,
  barrier: string | null,
): Candidate["list"] => {
  if (scored.list === "save") return saysSomething(customer) ? "save" : null
  const isAsked = scored.list === "ask" || AdvocateScore.isLoyalButSilent(signals, scored)
  return isAsked && barrier === null ? "ask" : null
}

/** Silence is no unhappiness, and neither is one thing of many sent back: only who answered, or gave back a tenth, can be unhappy. */
const saysSomething = ({ nps, refundedShare }: Customer): boolean => nps !== null || refundedShare >= 0.1

const inputsOf = (
  customer: Customer,
  components: AdvocateScore.Components,
  barrier: string | null,
  asOf: Instant,
): Candidate["inputs"] => ({
  orders: String(customer.orders),
  daysSinceLastOrder: String(Math.floor((asOf - customer.lastOrderAt) / days(1))),
  friendsBrought: String(customer.conversions.length),
  sharedWith: customer.sharing === null ? "unknown" : String(customer.sharing.reached),
  sharedWithIn90Days: customer.sharing === null ? "unknown" : String(customer.sharing.reached90d),
  nps: customer.nps === null ? "unknown" : String(customer.nps),
  refundedShare: customer.refundedShare.toFixed(2),
  marketing: customer.marketing,
  sentiment: components.sentiment.toFixed(2),
  provenAdvocacy: components.provenAdvocacy.toFixed(2),
  liveLoyalty: components.liveLoyalty.toFixed(2),
  reach: components.reach.toFixed(2),
  ...(barrier === null ? {} : { barrier }),
})

/** Why a person may not be asked; null when they may. */
const barrierOf = (customer: Customer, asOf: Instant, { needsConsent }: Gate): string | null => {
  if (customer.marketing === "denied") return "no consent"
  if (needsConsent && customer.marketing === "unknown") return "consent unknown"
  if (customer.fulfilled === 0) return "no fulfilled order"
  if (asOf - customer.firstOrderAt < days(acquaintanceDays)) return `customer for less than ${acquaintanceDays} days`
  if (customer.nps !== null && customer.nps <= 6) return "detractor: ask what went wrong instead"
  if (customer.suspicion !== null) return `held for a human: ${customer.suspicion}`
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
