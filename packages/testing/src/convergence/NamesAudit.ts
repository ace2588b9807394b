/**
 * Whether a fact log finds by name, joins and queues as a plain look through all its facts says.
 *
 * Promises: from one seed a history full of trouble, told in disorderly batches; after each batch names, joins and changes are reckoned
 * anew from everything that was told, and compared. Some changes are settled on the way. A failure names the seed that repeats it.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { newest } from "@advocacy-kit/core/fact/FactVersion"
import { isDecisive, namesOf } from "@advocacy-kit/core/fact/Mention"
import * as ByteOrder from "@advocacy-kit/core/id/ByteOrder"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import * as People from "@advocacy-kit/core/person/People"
import { Effect } from "effect"
import * as Law from "../Law.ts"
import * as Scenario from "../Scenario.ts"
import * as Chance from "./Chance.ts"
import * as Delivery from "./Delivery.ts"
import * as TroubledHistory from "./TroubledHistory.ts"

/** What an audit compared, so that a test can show that it was not about nothing. */
export interface Audited {
  readonly batches: number
  readonly found: number
  readonly joined: number
  readonly changes: number
  readonly settled: number
}

/** A change as it should be. */
interface Expected {
  readonly key: Fact.FactKey
  readonly tag: Fact.FactTag
  readonly names: ReadonlySet<string>
  readonly at: Instant
}

const later = Scenario.at({ day: 1_000 })
const inOrder = <A>(values: Iterable<A>, textOf: (value: A) => string): ReadonlyArray<A> =>
  [...values].sort((left, right) => ByteOrder.compare(textOf(left), textOf(right)))

/** Merges are taken back in every second history, some of them more than once and some by mistake. */
const undoings = (chance: Chance.Chance, facts: ReadonlyArray<Fact.Fact>): ReadonlyArray<Fact.Fact> => {
  const merges = facts.filter(({ _tag }) => _tag === "PeopleMerged" || _tag === "PersonSeen")
  const [first] = merges
  if (first === undefined || chance.percent(50)) return []
  return Array.from({ length: chance.between(1, 4) }, (): Fact.MergeUndone => ({
    _tag: "MergeUndone",
    key: Fact.key(`hubspot:undo/${chance.below(2)}`),
    version: chance.below(3),
    rank: Fact.rank.api,
    occurredAt: Scenario.at({ day: chance.below(100) }),
    merge: (chance.percent(80)
      ? (merges.findLast(({ _tag }) => _tag === "PeopleMerged") ?? first)
      : chance.pick(first, ...merges)
    ).key,
  }))
}

/** What the queue holds after a batch, given what it held before. */
const queued = (
  waiting: ReadonlyMap<string, Expected>,
  before: ReadonlyMap<string, Fact.Fact>,
  after: ReadonlyMap<string, Fact.Fact>,
): ReadonlyMap<string, Expected> => {
  const now = new Map(waiting)
  for (const [key, fact] of after) {
    const old = before.get(key)
    if (old === fact || !isDecisive(old ?? null, fact)) continue
    const known = waiting.get(key)
    const versions = old === undefined ? [fact] : [old, fact]
    now.set(key, {
      key: fact.key,
      tag: fact._tag,
      names: new Set([...(known?.names ?? []), ...versions.flatMap(namesOf)]),
      at: Math.min(...versions.map(({ occurredAt }) => occurredAt), known?.at ?? fact.occurredAt),
    })
  }
  return now
}

const checkNames = (chance: Chance.Chance, facts: ReadonlyMap<string, Fact.Fact>, asOf: Instant) =>
  Effect.gen(function* () {
    const log = yield* FactLog
    const known = inOrder(new Set([...facts.values()].flatMap(namesOf)), (name) => name)
    const names = Array.from({ length: chance.between(1, 4) }, () => chance.pick("code:NOBODY", ...known))
    const tags = chance.percent(50) ? undefined : ([chance.pick("OrderPlaced", "PersonSeen"), "AssetIssued"] as const)
    const from = chance.percent(50) ? undefined : asOf - chance.below(40) * 86_400_000
    const expected = [...facts.values()].filter(
      (fact) =>
        namesOf(fact).some((name) => names.includes(name)) &&
        fact.occurredAt <= asOf &&
        (from === undefined || fact.occurredAt >= from) &&
        (tags === undefined || tags.some((tag) => tag === fact._tag)),
    )
    const found = yield* log.mentioning({
      names,
      asOf,
      ...(tags === undefined ? {} : { tags }),
      ...(from === undefined ? {} : { from }),
    })
    yield* Law.same(
      found,
      inOrder(expected, ({ key }) => key),
      `what ${names.join(", ")} find`,
    )
    return found.length
  })

const checkJoined = (chance: Chance.Chance, facts: ReadonlyMap<string, Fact.Fact>, asOf: Instant) =>
  Effect.gen(function* () {
    const log = yield* FactLog
    const people = People.resolve([...facts.values()].filter(({ occurredAt }) => occurredAt <= asOf))
    const stranger = Scenario.customerOf("stranger")
    const handles = Array.from({ length: chance.between(1, 3) }, (): Handle => {
      const index = chance.below(5)
      return chance.pick(
        Scenario.customerOf(index),
        Scenario.contactOf(index),
        Scenario.customerOf(10 + index),
        stranger,
      )
    })
    const expected = inOrder(new Set(handles.map(people.personOf)), (handle) => handle).map(people.handlesOf)
    const joined = yield* log.joined({ handles, asOf })
    yield* Law.same(joined, expected, `who is joined with ${handles.join(", ")}`)
    return joined.length
  })

const shown = ({ at, key, names, tag }: Omit<Expected, "names"> & { readonly names: Iterable<string> }) => ({
  key,
  tag,
  at,
  names: inOrder(names, (name) => name),
})

const checkChanges = (waiting: ReadonlyMap<string, Expected>, asOf: Instant, limit: number) =>
  Effect.gen(function* () {
    const log = yield* FactLog
    const due = inOrder(waiting.values(), ({ key }) => key)
      .filter(({ at }) => at <= asOf)
      .sort((left, right) => left.at - right.at)
    const changes = yield* log.changes({ asOf, limit })
    yield* Law.same(changes.map(shown), due.slice(0, limit).map(shown), "the changes")
    return changes
  })

/** Tells one history and compares after each batch, as a fresh tenant. */
export const check = (seed: number) =>
  Law.asFreshTenant(
    Effect.gen(function* () {
      const log = yield* FactLog
      const chance = Chance.make(seed)
      const history = TroubledHistory.draw(chance)
      const all = [...history.facts, ...undoings(chance, history.facts)]
      const told: Array<Fact.Fact> = []
      let waiting: ReadonlyMap<string, Expected> = new Map()
      let known: ReadonlyMap<string, Fact.Fact> = new Map()
      const total = { batches: 0, found: 0, joined: 0, changes: 0, settled: 0 }
      for (const { facts } of Delivery.disorderly(chance, all, history.asOf)) {
        const read = chance.percent(40) ? yield* log.changes({ asOf: later, limit: chance.between(1, 20) }) : []
        yield* log.append({ facts, personal: [] })
        told.push(...facts)
        const now = newest(told)
        const before = waiting
        waiting = queued(before, known, now)
        known = now
        // What was read before the batch is settled after it; what the batch changed stays.
        yield* log.settle(read)
        const left = new Map(waiting)
        for (const { key } of read) if (left.get(key) === before.get(key)) left.delete(key)
        waiting = left
        const asOf = chance.percent(50) ? history.asOf : later
        total.changes += (yield* checkChanges(waiting, asOf, chance.percent(30) ? chance.between(1, 5) : 1_000)).length
        for (let round = 0; round < 4; round++) {
          total.found += yield* checkNames(chance, known, asOf)
          total.joined += yield* checkJoined(chance, known, asOf)
        }
        total.batches++
        total.settled += read.length
      }
      return total satisfies Audited
    }),
  ).pipe(Effect.mapError((error) => new Error(`seed ${seed} (repeat it with ADVOCACY_SEED=${seed}): ${error.message}`)))

/** All histories of these seeds, counted together. */
export const checkAll = (seeds: ReadonlyArray<number>) =>
  Effect.map(Effect.forEach(seeds, check), (all) =>
    all.reduce(
      (sum, one): Audited => ({
        batches: sum.batches + one.batches,
        found: sum.found + one.found,
        joined: sum.joined + one.joined,
        changes: sum.changes + one.changes,
        settled: sum.settled + one.settled,
      }),
      { batches: 0, found: 0, joined: 0, changes: 0, settled: 0 },
    ),
  )
