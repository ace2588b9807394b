/**
 * The part of a history that referral mechanics can decide about, so that one history can be judged many times.
 *
 * Promises: for the programs it was made for, every evaluation of this part, at this or an earlier time, gives the same credits as
 * one of the whole. Purchases and records are left out of people who never show evidence, own no code and share no company with
 * anybody who does. Where a program looks at other purchases too (points, tiers by points or spend), it is the whole history.
 */
import type { Fact, FactKey } from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import * as People from "../person/People.ts"
import type { Conversion } from "../referral/Conversion.ts"
import * as Touch from "../referral/Touch.ts"
import type { Program } from "./Program.ts"

const kinds: ReadonlyArray<Touch.EvidenceKind> = ["code", "cart-attribute", "link-click", "invitation"]

const readsEvidenceAlone = ({ definition }: Program): boolean =>
  definition.mechanics.every(
    (mechanic) => mechanic.kind === "referral" || (mechanic.kind === "tiers" && mechanic.counts === "referrals"),
  )

const attributeKeysOf = (programs: ReadonlyArray<Program>): ReadonlyArray<string> => [
  ...new Set(
    programs.flatMap(({ definition }) =>
      definition.mechanics.flatMap((mechanic) => (mechanic.kind === "referral" ? mechanic.attributeKeys : [])),
    ),
  ),
]

/** Everybody whose purchases may matter: who shows evidence, who owns a code, and their colleagues. */
const concerned = (
  facts: ReadonlyArray<Fact>,
  conversions: ReadonlyArray<Conversion>,
  people: People.People,
  programs: ReadonlyArray<Program>,
): ReadonlySet<People.PersonId> => {
  const attributeKeys = attributeKeysOf(programs)
  const found = new Set<People.PersonId>()
  const indexes = [...new Set(programs.map(({ name }) => name))].map((name) => Touch.index(facts, people, name))
  for (const index of indexes) {
    for (const { owner } of index.assets.values()) found.add(people.personOf(owner))
    for (const conversion of conversions) {
      if (Touch.touchesOf(conversion, index, people, { kinds, attributeKeys }).length === 0) continue
      for (const friend of conversion.friends) found.add(people.personOf(friend))
    }
  }
  const companyOf = People.resolveCompanies(facts)
  const companiesOf = new Map<People.PersonId, Set<Handle>>()
  for (const fact of facts) {
    if (fact._tag !== "PersonSeen") continue
    const person = people.personOf(fact.person)
    companiesOf.set(person, new Set([...(companiesOf.get(person) ?? []), ...fact.companies.map(companyOf)]))
  }
  const companies = new Set([...found].flatMap((person) => [...(companiesOf.get(person) ?? [])]))
  for (const [person, of] of companiesOf) if ([...of].some((company) => companies.has(company))) found.add(person)
  return found
}

/** `conversions` are those of the whole history at the latest time that will be asked for. */
export const earningHistory = (
  facts: ReadonlyArray<Fact>,
  conversions: ReadonlyArray<Conversion>,
  programs: ReadonlyArray<Program>,
): ReadonlyArray<Fact> => {
  if (!programs.every(readsEvidenceAlone)) return facts
  // A merge that was taken back joined people for a while: seen from then, they are one.
  const ever = facts.filter((fact) => fact._tag !== "MergeUndone")
  const people = People.resolve(ever)
  const persons = concerned(ever, conversions, people, programs)
  const kept = new Set<FactKey>()
  const attributeKeys = attributeKeysOf(programs)
  for (const { attributes, cause, codes, friends, visits } of conversions) {
    const isConcerned = friends.some((friend) => persons.has(people.personOf(friend)))
    // A sale to nobody in particular is kept where it could show evidence.
    const mayShow =
      friends.length === 0 &&
      (codes.length > 0 || visits.length > 0 || attributes.some(({ key }) => attributeKeys.includes(key)))
    if (isConcerned || mayShow) kept.add(cause)
  }
  const orders = new Set(
    facts.flatMap((fact) => (fact._tag === "OrderPlaced" && kept.has(fact.key) ? [fact.order] : [])),
  )
  return facts.filter((fact) => {
    switch (fact._tag) {
      case "OrderPlaced":
      case "DealChanged":
        return kept.has(fact.key)
      case "RefundMade":
        return orders.has(fact.order)
      case "PersonSeen":
      case "Identified":
      case "SurveyAnswered":
        return persons.has(people.personOf(fact.person))
      default:
        return true
    }
  })
}
