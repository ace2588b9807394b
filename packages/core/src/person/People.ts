/**
 * Who is whom: the alias graph over handles, folded from facts.
 *
 * Promises: only a platform's own word (its record's aliases, its merges) joins handles; the result depends on the facts
 * alone, not on their order; a cluster is named by its smallest handle. Soft evidence is kept apart and joins nobody.
 * Nothing is stored: a merge that is withdrawn by its source is gone at the next fold.
 */
import type { Fact, FactKey, PersonSeen } from "../fact/Fact.ts"
import { kindOf, type Handle } from "../id/Handle.ts"
import * as Joining from "./Joining.ts"

/** The smallest handle of a cluster, in byte order. */
export type PersonId = Handle

export interface People {
  /** The person behind a handle; an unknown handle is a person of its own. */
  readonly personOf: (handle: Handle) => PersonId
  /** All handles of a person, in byte order. */
  readonly handlesOf: (person: PersonId) => ReadonlyArray<Handle>
  /** The platform records of a person. */
  readonly recordsOf: (person: PersonId) => ReadonlyArray<PersonSeen>
  /** Every person with at least one record, in order of id. */
  readonly all: ReadonlyArray<PersonId>
}

/** The merges, of people or companies, that were taken back. */
export const undoneMerges = (facts: Iterable<Fact>): ReadonlySet<FactKey> => {
  const undone = new Set<FactKey>()
  for (const fact of facts) if (fact._tag === "MergeUndone") undone.add(fact.merge)
  return undone
}

/** Folds the newest facts into people. */
export const resolve = (facts: Iterable<Fact>): People => {
  const { find, join, names } = Joining.make<Handle>()
  const seen: Array<PersonSeen> = []
  const told = [...facts]
  const undone = undoneMerges(told)
  for (const fact of told) {
    if (fact._tag === "PersonSeen") {
      seen.push(fact)
      join(fact.person, fact.person)
      for (const other of fact.aliases) join(fact.person, other)
      for (const other of fact.mergedFrom) join(fact.person, other)
    } else if (fact._tag === "PeopleMerged" && !undone.has(fact.key)) {
      for (const other of fact.from) join(fact.into, other)
    }
  }
  const handles = Map.groupBy(names(), find)
  const records = Map.groupBy(seen, ({ person }) => find(person))
  return {
    personOf: find,
    handlesOf: (person) => handles.get(person) ?? [person],
    recordsOf: (person) => records.get(person) ?? [],
    all: [...records.keys()].sort(),
  }
}

/** The company that a company's handle stands for, by the merges that were not taken back. */
export const resolveCompanies = (facts: Iterable<Fact>): ((company: Handle) => Handle) => {
  const { find, join } = Joining.make<Handle>()
  const told = [...facts]
  const undone = undoneMerges(told)
  for (const fact of told) {
    if (fact._tag !== "CompaniesMerged" || undone.has(fact.key)) continue
    for (const other of fact.from) join(fact.into, other)
  }
  return find
}

/** The smallest handle of a person on a platform record such as `shopify:customer/`, or null. */
export const recordHandle = (people: People, person: PersonId, prefix: string): Handle | null =>
  people.handlesOf(person).find((handle) => handle.startsWith(prefix)) ?? null

/** The record of a person that others should know them by: a shop's customer, else a contact, else any handle. */
export const principalHandle = (people: People, person: PersonId): Handle =>
  recordHandle(people, person, "shopify:customer/") ??
  recordHandle(people, person, "hubspot:contact/") ??
  people.handlesOf(person).find((handle) => kindOf(handle) !== "email") ??
  person
