/**
 * What the rules of a program read, folded once from the newest facts as at a time.
 *
 * It holds people, conversions, evidence, soft handles, earlier purchases, commitments and human decisions, each ready to
 * be looked up. It decides nothing.
 */
import type { Fact, ReviewDecided, TierAnnounced } from "../fact/Fact.ts"
import * as Signal from "../fraud/Signal.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import * as People from "../person/People.ts"
import { conversions, inOrder, type Conversion } from "../referral/Conversion.ts"
import * as Touch from "../referral/Touch.ts"
import * as Commitment from "./Commitment.ts"

export interface History {
  readonly asOf: Instant
  readonly people: People.People
  readonly conversions: ReadonlyArray<Conversion>
  readonly touches: Touch.TouchIndex
  readonly soft: ReadonlyMap<People.PersonId, ReadonlySet<Handle>>
  /** Conversions of each buyer, oldest first, tests left out. */
  readonly purchases: ReadonlyMap<People.PersonId, ReadonlyArray<Conversion>>
  readonly companies: Companies
  readonly commitments: Commitment.Commitments
  /** The newest human decision by credit key. */
  readonly reviews: ReadonlyMap<string, ReviewDecided>
  /** When each person was first enrolled in the program. */
  readonly enrolledAt: ReadonlyMap<People.PersonId, Instant>
  /** Tiers that people were told they have, in order. */
  readonly announced: ReadonlyMap<People.PersonId, ReadonlyArray<TierAnnounced>>
  /** When people were erased; what they have open is forfeited from then on. */
  readonly erasedAt: ReadonlyMap<People.PersonId, Instant>
  /** Since when people who were erased under another handle are back: they are not new. */
  readonly returnedAt: ReadonlyMap<People.PersonId, Instant>
}

interface Companies {
  readonly of: (person: People.PersonId) => ReadonlySet<Handle>
  readonly people: (company: Handle) => ReadonlySet<People.PersonId>
}

/** Folds the newest version of every fact that occurred at or before `asOf`, as `program` reads it. */
export const fold = (facts: ReadonlyArray<Fact>, program: string, asOf: Instant): History => {
  const past = facts.filter((fact) => fact.occurredAt <= asOf)
  const people = People.resolve(past)
  const all = conversions(past, asOf)
  const bought = all
    .filter(({ test }) => !test)
    .flatMap((conversion) =>
      [...new Set(conversion.friends.map(people.personOf))].map((person) => ({ person, conversion })),
    )
  return {
    asOf,
    people,
    conversions: all,
    touches: Touch.index(past, people, program),
    soft: Signal.softHandles(past, people),
    purchases: new Map(
      [...Map.groupBy(bought, ({ person }) => person)].map(([person, list]) => [
        person,
        list.map(({ conversion }) => conversion),
      ]),
    ),
    companies: companiesOf(past, people),
    commitments: Commitment.fold(past, program),
    reviews: reviewsOf(past),
    enrolledAt: enrolledAt(past, people, program),
    announced: announcedOf(past, people, program),
    erasedAt: lastOf(past, people, "PersonErased"),
    returnedAt: lastOf(past, people, "PersonReturned"),
  }
}

/** When each person was last told of by a kind of fact. */
const lastOf = (
  facts: ReadonlyArray<Fact>,
  people: People.People,
  tag: "PersonErased" | "PersonReturned",
): ReadonlyMap<People.PersonId, Instant> => {
  const last = new Map<People.PersonId, Instant>()
  for (const fact of facts) {
    if (fact._tag !== tag) continue
    const person = people.personOf(fact.person)
    last.set(person, Math.max(last.get(person) ?? fact.occurredAt, fact.occurredAt))
  }
  return last
}

const companiesOf = (facts: ReadonlyArray<Fact>, people: People.People): Companies => {
  const byPerson = new Map<People.PersonId, Set<Handle>>()
  const byCompany = new Map<Handle, Set<People.PersonId>>()
  const companyOf = People.resolveCompanies(facts)
  for (const fact of facts) {
    if (fact._tag !== "PersonSeen") continue
    const person = people.personOf(fact.person)
    for (const company of fact.companies.map(companyOf)) {
      byPerson.set(person, (byPerson.get(person) ?? new Set()).add(company))
      byCompany.set(company, (byCompany.get(company) ?? new Set()).add(person))
    }
  }
  const none: ReadonlySet<never> = new Set()
  return { of: (person) => byPerson.get(person) ?? none, people: (company) => byCompany.get(company) ?? none }
}

const enrolledAt = (
  facts: ReadonlyArray<Fact>,
  people: People.People,
  program: string,
): ReadonlyMap<People.PersonId, Instant> => {
  const first = new Map<People.PersonId, Instant>()
  for (const fact of facts) {
    if (fact._tag !== "Enrolled" || fact.program !== program) continue
    const person = people.personOf(fact.person)
    first.set(person, Math.min(first.get(person) ?? fact.occurredAt, fact.occurredAt))
  }
  return first
}

const announcedOf = (facts: ReadonlyArray<Fact>, people: People.People, program: string): History["announced"] =>
  Map.groupBy(
    facts
      .filter((fact) => fact._tag === "TierAnnounced")
      .filter((fact) => fact.program === program)
      .sort((a, b) => a.occurredAt - b.occurredAt || (a.key < b.key ? -1 : 1)),
    ({ person }) => people.personOf(person),
  )

const reviewsOf = (facts: ReadonlyArray<Fact>): ReadonlyMap<string, ReviewDecided> => {
  const newest = new Map<string, ReviewDecided>()
  for (const fact of facts) {
    if (fact._tag !== "ReviewDecided") continue
    const known = newest.get(fact.credit)
    if (
      known === undefined ||
      known.occurredAt < fact.occurredAt ||
      (known.occurredAt === fact.occurredAt && known.key < fact.key)
    ) {
      newest.set(fact.credit, fact)
    }
  }
  return newest
}

/**
 * The first purchase by any of `people` before a conversion that had not been cancelled by then; null when there is none.
 * Only the kinds that count as conversions make a customer known: a deal does where deals count.
 */
export const earlierPurchase = (
  history: History,
  people: Iterable<People.PersonId>,
  conversion: Conversion,
  kinds: ReadonlyArray<Conversion["source"]>,
): Conversion | null => {
  let first: Conversion | null = null
  for (const person of people) {
    for (const purchase of history.purchases.get(person) ?? []) {
      if (inOrder(purchase, conversion) >= 0) break
      if (!kinds.includes(purchase.source)) continue
      const cancelledBefore = purchase.cancelledAt !== null && purchase.cancelledAt < conversion.at
      if (!cancelledBefore && (first === null || inOrder(purchase, first) < 0)) {
        first = purchase
        break
      }
    }
  }
  return first
}
