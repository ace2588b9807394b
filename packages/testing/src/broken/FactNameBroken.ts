/**
 * Fact logs that each break one law of finding facts by name, or of who is joined.
 *
 * They are for tests of laws, never for use.
 */
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import type { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { compare, newest, versioned } from "@advocacy-kit/core/fact/FactVersion"
import { joinsOf, namesOf } from "@advocacy-kit/core/fact/Mention"
import * as ByteOrder from "@advocacy-kit/core/id/ByteOrder"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import * as People from "@advocacy-kit/core/person/People"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, type Layer } from "effect"
import type * as Broken from "../Broken.ts"
import { breaking, type Log, over } from "./FaultyFactLog.ts"

type Wanted = Parameters<Log["mentioning"]>[0]
type Joining = Parameters<Log["joined"]>[0]

/** Remembers everything that was told, for stores that look at more than the newest. */
const remembering = (
  fault: (told: () => Effect.Effect<ReadonlyArray<Fact>, never, CurrentTenant>, inner: Log) => Partial<Log>,
): Layer.Layer<FactLog> =>
  over((inner) => {
    const told = new Map<string, Array<Fact>>()
    const mine = () => Effect.map(CurrentTenant, ({ id }) => told.get(id) ?? [])
    return {
      append: (batch) =>
        Effect.tap(inner.append(batch), () =>
          Effect.map(CurrentTenant, ({ id }) => told.set(id, [...(told.get(id) ?? []), ...batch.facts])),
        ),
      ...fault(mine, inner),
    }
  })

const findsByHandlesAlone = over((inner) => ({
  mentioning: (wanted) =>
    inner.mentioning({ ...wanted, names: wanted.names.filter((name) => !/^code:[A-Z-]{1,9}(?:\d+)?$/.test(name)) }),
}))

/** As where a name is a key of limited length. */
const refusesLongNames = over((inner) => ({
  append: (batch) =>
    batch.facts.some((fact) => fact._tag === "OrderPlaced" && fact.attributes.some(({ value }) => value.length > 255))
      ? Effect.die(new Error("value too long"))
      : inner.append(batch),
}))

const keepsOldNames = remembering((told, inner) => ({
  mentioning: (wanted) =>
    Effect.gen(function* () {
      const facts = yield* told()
      const keys = facts
        .filter((fact) => namesOf(fact).some((name) => wanted.names.includes(name)))
        .map(({ key }) => key)
      const { asOf, from, tags } = wanted
      const found = yield* inner.byKey({ keys, asOf })
      return found.filter(
        (fact) => (tags === undefined || tags.includes(fact._tag)) && (from === undefined || fact.occurredAt >= from),
      )
    }),
}))

const asksForTheTimeFirst = remembering((told, inner) => ({
  mentioning: (wanted) =>
    Effect.gen(function* () {
      const facts = yield* told()
      const past = [...newest(facts.filter(({ occurredAt }) => occurredAt <= wanted.asOf)).values()]
      const found = yield* inner.mentioning(wanted)
      const known = new Set(found.map(({ key }) => key))
      const all = yield* inner.byKey({ keys: facts.map(({ key }) => key), asOf: Number.MAX_SAFE_INTEGER })
      const later = new Set(all.filter(({ occurredAt }) => occurredAt > wanted.asOf).map(({ key }) => key))
      const older = past.filter(
        (fact) =>
          !known.has(fact.key) && later.has(fact.key) && namesOf(fact).some((name) => wanted.names.includes(name)),
      )
      return [...found, ...older]
    }),
}))

const ignoresKinds = over((inner) => ({
  mentioning: ({ asOf, from, names }: Wanted) =>
    inner.mentioning({ names, asOf, ...(from === undefined ? {} : { from }) }),
}))

const ignoresTheBeginning = over((inner) => ({
  mentioning: ({ asOf, names, tags }: Wanted) =>
    inner.mentioning({ names, asOf, ...(tags === undefined ? {} : { tags }) }),
}))

const findsOncePerName = over((inner) => ({
  mentioning: (wanted) =>
    Effect.map(
      Effect.forEach(wanted.names, (name) => inner.mentioning({ ...wanted, names: [name] })),
      (found) => found.flat().sort((left, right) => ByteOrder.compare(left.key, right.key)),
    ),
}))

/** Who is joined by `facts`, reckoned anew. */
const joinedBy = (facts: ReadonlyArray<Fact>, { handles }: Joining): ReadonlyArray<ReadonlyArray<Handle>> => {
  const people = People.resolve(facts)
  return [...new Set(handles.map(people.personOf))].sort(ByteOrder.compare).map(people.handlesOf)
}

/** Joins by other facts than the newest of the time asked for. */
const joiningBy = (choose: (told: ReadonlyArray<Fact>, asOf: number) => ReadonlyArray<Fact>): Layer.Layer<FactLog> =>
  remembering((told) => ({
    joined: (wanted) => Effect.map(told(), (facts) => joinedBy(choose(facts, wanted.asOf), wanted)),
  }))

const past = (facts: ReadonlyArray<Fact>, asOf: number): ReadonlyArray<Fact> =>
  [...newest(facts).values()].filter(({ occurredAt }) => occurredAt <= asOf)

/** One step from each handle, and no further. */
const joinsOneStep = remembering((told) => ({
  joined: ({ asOf, handles }) =>
    Effect.map(told(), (facts) => {
      const known = past(facts, asOf)
      const undone = People.undoneMerges(known)
      const joining = known.filter(
        (fact) => !undone.has(fact.key) && joinsOf(fact).some((handle) => handles.includes(handle)),
      )
      return joinedBy(joining, { handles, asOf })
    }),
}))

const keepsOldAliases = joiningBy((told, asOf) => [
  ...told.filter(({ _tag, occurredAt }) => _tag === "PersonSeen" && occurredAt <= asOf),
  ...past(told, asOf),
])

const joinsBeforeItsTime = joiningBy((told, asOf) => [
  ...past(told, asOf),
  ...[...newest(told).values()].filter(({ _tag }) => _tag === "PersonSeen"),
])

const forgetsWhatWasTakenBack = joiningBy((told, asOf) => past(told, asOf).filter(({ _tag }) => _tag !== "MergeUndone"))

/** Counts older versions of what takes back too. */
const takesBackForEver = joiningBy((told, asOf) => [
  ...told
    .filter(({ _tag, occurredAt }) => _tag === "MergeUndone" && occurredAt <= asOf)
    .sort((left, right) => compare(versioned(left), versioned(right))),
  ...past(told, asOf),
])

const joinsBySoftSigns = joiningBy((told, asOf) =>
  past(told, asOf).map((fact) =>
    fact._tag === "PersonSeen" ? { ...fact, aliases: [...fact.aliases, ...fact.soft] } : fact,
  ),
)

export const stores: ReadonlyArray<Broken.Store<FactLog>> = [
  breaking(findsByHandlesAlone, "a fact is found by each of its names"),
  breaking(refusesLongNames, "whatever a buyer types is stored and found"),
  breaking(keepsOldNames, "a name that only an older version has finds nothing, whichever comes first"),
  breaking(asksForTheTimeFirst, "what is found by name is the newest version, which is asked for its time then"),
  breaking(ignoresKinds, "of what a name finds only the wanted kinds come"),
  breaking(ignoresTheBeginning, "of what a name finds only what occurred from the moment asked for comes"),
  breaking(findsOncePerName, "facts that several names find come once, in the byte order of their keys"),
  breaking(
    joinsOneStep,
    "who is joined through others is one person, in byte order, and an unknown handle is one of its own",
  ),
  breaking(keepsOldAliases, "an alias that only an older version of a record has joins nobody"),
  breaking(joinsBeforeItsTime, "people are joined as at the time asked for"),
  breaking(forgetsWhatWasTakenBack, "a merge that was taken back joins nobody from that moment on"),
  breaking(takesBackForEver, "what was said to be taken back and is not after all joins again"),
  breaking(joinsBySoftSigns, "soft signs and companies join nobody"),
]
