/**
 * Records of people that only gain aliases.
 *
 * Whom an alias belonged to that a record had lost by the time of an erasure depends on what was known then, and that is documented.
 * Histories in which an erasure must end in the same state at any moment are made of these.
 */
import type * as Fact from "@advocacy-kit/core/fact/Fact"
import type { Handle } from "@advocacy-kit/core/id/Handle"

/** Every version of a person's record has the aliases of the versions before it. */
export const growing = (facts: ReadonlyArray<Fact.Fact>): ReadonlyArray<Fact.Fact> => {
  const records = Map.groupBy(
    facts.filter((fact) => fact._tag === "PersonSeen"),
    ({ key }) => key,
  )
  return facts.map((fact) => {
    if (fact._tag !== "PersonSeen") return fact
    const upTo = (records.get(fact.key) ?? []).filter(({ version }) => version <= fact.version)
    const all = (read: (one: Fact.PersonSeen) => ReadonlyArray<Handle>) => [...new Set(upTo.flatMap(read))].sort()
    return { ...fact, aliases: all(({ aliases }) => aliases), mergedFrom: all(({ mergedFrom }) => mergedFrom) }
  })
}
