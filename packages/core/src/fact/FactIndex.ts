/**
 * The facts of one tenant in memory, found by name, and what of them has changed since it was last settled.
 *
 * Promises what `FactLog` promises of reading by key and name and of changes; every change of the newest facts has to be told
 * here. It searches by name and joins by breadth; it decides nothing.
 */
import * as ByteOrder from "../id/ByteOrder.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { Fact, FactKey, FactTag } from "./Fact.ts"
import type { Change, Recheck } from "./FactLog.ts"
import { isDecisive, joinsOf, namesOf } from "./Mention.ts"

export interface FactIndex {
  readonly newest: Map<FactKey, Fact>
  readonly byName: Map<string, Set<FactKey>>
  readonly changes: Map<FactKey, Change>
  position: bigint
}

export const make = (): FactIndex => ({ newest: new Map(), byName: new Map(), changes: new Map(), position: 0n })

const queue = (index: FactIndex, fact: Fact, names: Iterable<string>, at: Instant): void => {
  const known = index.changes.get(fact.key)
  index.position += 1n
  index.changes.set(fact.key, {
    key: fact.key,
    tag: fact._tag,
    names: [...new Set([...(known?.names ?? []), ...names])],
    at: Math.min(known?.at ?? at, at),
    position: index.position,
  })
}

/** Another version of a fact is the newest now. */
export const enter = (index: FactIndex, fact: Fact): void => {
  const before = index.newest.get(fact.key) ?? null
  const [old, fresh] = [before === null ? [] : namesOf(before), namesOf(fact)]
  for (const name of old) index.byName.get(name)?.delete(fact.key)
  for (const name of fresh) {
    const keys = index.byName.get(name)
    if (keys === undefined) index.byName.set(name, new Set([fact.key]))
    else keys.add(fact.key)
  }
  index.newest.set(fact.key, fact)
  if (isDecisive(before, fact))
    queue(index, fact, [...old, ...fresh], Math.min(before?.occurredAt ?? fact.occurredAt, fact.occurredAt))
}

/** Forgets everything; positions go on. */
export const clear = (index: FactIndex): void => {
  index.newest.clear()
  index.byName.clear()
  index.changes.clear()
}

const inKeyOrder = (facts: ReadonlyArray<Fact>): ReadonlyArray<Fact> =>
  [...facts].sort((left, right) => ByteOrder.compare(left.key, right.key))

const found = (index: FactIndex, keys: Iterable<FactKey>): ReadonlyArray<Fact> =>
  [...new Set(keys)].flatMap((key) => index.newest.get(key) ?? [])

export const byKey = (index: FactIndex, keys: ReadonlyArray<FactKey>, asOf: Instant): ReadonlyArray<Fact> =>
  inKeyOrder(found(index, keys).filter(({ occurredAt }) => occurredAt <= asOf))

export interface Wanted {
  readonly names: ReadonlyArray<string>
  readonly asOf: Instant
  readonly from?: Instant
  readonly tags?: ReadonlyArray<FactTag>
}

export const mentioning = (index: FactIndex, { asOf, from, names, tags }: Wanted): ReadonlyArray<Fact> =>
  inKeyOrder(
    found(
      index,
      names.flatMap((name) => [...(index.byName.get(name) ?? [])]),
    ).filter(
      ({ _tag, occurredAt }) =>
        occurredAt <= asOf && (from === undefined || occurredAt >= from) && (tags === undefined || tags.includes(_tag)),
    ),
  )

/** Everybody one with a handle, itself included. */
const oneWith = (index: FactIndex, handle: Handle, asOf: Instant): ReadonlyArray<Handle> => {
  const reached = new Set([handle])
  const isUndone = (key: FactKey): boolean =>
    mentioning(index, { names: [key], asOf, tags: ["MergeUndone"] }).length > 0
  // A set that grows while it is walked through ends with everything that can be reached.
  for (const one of reached) {
    for (const fact of mentioning(index, { names: [one], asOf, tags: ["PersonSeen", "PeopleMerged"] })) {
      if (!joinsOf(fact).includes(one) || (fact._tag === "PeopleMerged" && isUndone(fact.key))) continue
      for (const other of joinsOf(fact)) reached.add(other)
    }
  }
  return [...reached].sort(ByteOrder.compare)
}

export const joined = (
  index: FactIndex,
  handles: ReadonlyArray<Handle>,
  asOf: Instant,
): ReadonlyArray<ReadonlyArray<Handle>> => {
  const known = new Set<Handle>()
  const people: Array<ReadonlyArray<Handle>> = []
  for (const handle of handles) {
    if (known.has(handle)) continue
    const person = oneWith(index, handle, asOf)
    for (const one of person) known.add(one)
    people.push(person)
  }
  return people.sort(([left = ""], [right = ""]) => ByteOrder.compare(left, right))
}

export const changes = (index: FactIndex, asOf: Instant, limit: number): ReadonlyArray<Change> =>
  [...index.changes.values()]
    .filter(({ at }) => at <= asOf)
    .sort((left, right) => left.at - right.at || ByteOrder.compare(left.key, right.key))
    .slice(0, limit)

export const settle = (index: FactIndex, settled: ReadonlyArray<Change>): void => {
  for (const { key, position } of settled) if (index.changes.get(key)?.position === position) index.changes.delete(key)
}

export const recheck = (index: FactIndex, facts: ReadonlyArray<Recheck>): void => {
  for (const { at, key } of facts) {
    const fact = index.newest.get(key)
    if (fact !== undefined) queue(index, fact, namesOf(fact), at)
  }
}

export const changing = (index: FactIndex, keys: ReadonlyArray<FactKey>, asOf: Instant): ReadonlySet<FactKey> =>
  new Set(keys.filter((key) => (index.changes.get(key)?.at ?? Number.POSITIVE_INFINITY) <= asOf))
