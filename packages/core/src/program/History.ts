/**
 * What the rules of a program read, folded once from the newest facts as at a time.
 *
 * It holds people, conversions, evidence, soft handles, earlier purchases, commitments and human decisions, each ready to
 * be looked up. It decides nothing.
 */
import type { Fact, ReviewDecided, RewardCommitted } from "../fact/Fact.ts"
import * as Signal from "../fraud/Signal.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import * as People from "../person/People.ts"
import { conversions, inOrder, type Conversion } from "../referral/Conversion.ts"
import * as Touch from "../referral/Touch.ts"

export interface History {
  readonly asOf: Instant
  readonly people: People.People
  readonly conversions: ReadonlyArray<Conversion>
  readonly touches: Touch.TouchIndex
  readonly soft: ReadonlyMap<People.PersonId, ReadonlySet<Handle>>
  /** Conversions of each buyer, oldest first, tests left out. */
  readonly purchases: ReadonlyMap<People.PersonId, ReadonlyArray<Conversion>>
  readonly companies: Companies
  /** Commitments in force by credit key, by ordinal. */
  readonly commitments: ReadonlyMap<string, ReadonlyArray<RewardCommitted>>
  /** The newest human decision by credit key. */
  readonly reviews: ReadonlyMap<string, ReviewDecided>
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
    commitments: commitmentsOf(past),
    reviews: reviewsOf(past),
  }
}

const companiesOf = (facts: ReadonlyArray<Fact>, people: People.People): Companies => {
  const byPerson = new Map<People.PersonId, Set<Handle>>()
  const byCompany = new Map<Handle, Set<People.PersonId>>()
  for (const fact of facts) {
    if (fact._tag !== "PersonSeen") continue
    const person = people.personOf(fact.person)
    for (const company of fact.companies) {
      byPerson.set(person, (byPerson.get(person) ?? new Set()).add(company))
      byCompany.set(company, (byCompany.get(company) ?? new Set()).add(person))
    }
  }
  const none: ReadonlySet<never> = new Set()
  return { of: (person) => byPerson.get(person) ?? none, people: (company) => byCompany.get(company) ?? none }
}

const commitmentsOf = (facts: ReadonlyArray<Fact>): ReadonlyMap<string, ReadonlyArray<RewardCommitted>> => {
  const withdrawn = new Set(
    facts.flatMap((fact) => (fact._tag === "CommitmentWithdrawn" ? [`${fact.credit}|${fact.ordinal}`] : [])),
  )
  const inForce = new Map<string, RewardCommitted>()
  for (const fact of facts) {
    if (fact._tag !== "RewardCommitted") continue
    const name = `${fact.credit}|${fact.ordinal}`
    const known = inForce.get(name)
    // Two tellings of one handing-over are one commitment: the first, by time and key.
    const isFirst =
      known === undefined ||
      fact.occurredAt < known.occurredAt ||
      (fact.occurredAt === known.occurredAt && fact.key < known.key)
    if (!withdrawn.has(name) && isFirst) inForce.set(name, fact)
  }
  return Map.groupBy(
    [...inForce.values()].sort((a, b) => a.ordinal - b.ordinal),
    ({ credit }) => credit,
  )
}

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
