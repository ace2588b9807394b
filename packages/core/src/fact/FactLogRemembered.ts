/**
 * A fact log for the length of one batch: what was read by key, by name or of who is joined is not asked for again.
 *
 * Promises: it answers as the log did when it was asked first, so one batch decides on one state of each fact; what changes meanwhile is
 * among the next changes. It keeps what it has read in memory, so nobody shall hold it for longer than a batch. Writing, and
 * reading of everything else, goes to the log as it is.
 */
import { Effect } from "effect"
import * as ByteOrder from "../id/ByteOrder.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { Fact, FactKey, FactTag } from "./Fact.ts"
import type { FactLog } from "./FactLog.ts"
import { namesOf } from "./Mention.ts"

type Log = FactLog["Service"]
type Wanted = Parameters<Log["mentioning"]>[0]

/** What was found between two times: for each kind, by name. A name that is there was asked for. */
type Shelf = Map<FactTag, Map<string, ReadonlyArray<Fact>>>

const inKeyOrder = (facts: Iterable<Fact>): ReadonlyArray<Fact> =>
  [...facts].sort((left, right) => ByteOrder.compare(left.key, right.key))

/** Every value of the map at `name`, made when it is asked for first. */
const at = <Name, Value>(map: Map<Name, Value>, name: Name, make: () => Value): Value => {
  const known = map.get(name)
  if (known !== undefined) return known
  const made = make()
  map.set(name, made)
  return made
}

const byKeyOnce = (log: Log): Log["byKey"] => {
  // The newest version is chosen first and asked for its time then, so one answer serves all times.
  const newest = new Map<FactKey, Fact | null>()
  return Effect.fnUntraced(function* ({ asOf, keys }) {
    const missing = [...new Set(keys)].filter((key) => !newest.has(key))
    if (missing.length > 0) {
      for (const key of missing) newest.set(key, null)
      for (const fact of yield* log.byKey({ keys: missing, asOf: Number.MAX_SAFE_INTEGER })) newest.set(fact.key, fact)
    }
    const found = [...new Set(keys)].flatMap((key) => newest.get(key) ?? [])
    return inKeyOrder(found.filter(({ occurredAt }) => occurredAt <= asOf))
  })
}

/** Puts what was found under each name and kind that was asked for; what nothing was found for is empty from now on. */
const shelve = (
  shelf: Shelf,
  names: ReadonlyArray<string>,
  tags: ReadonlyArray<FactTag>,
  facts: ReadonlyArray<Fact>,
) => {
  const asked = new Set(names)
  const found = new Map<FactTag, Map<string, Array<Fact>>>()
  for (const fact of facts)
    for (const name of namesOf(fact))
      if (asked.has(name))
        at(
          at(found, fact._tag, () => new Map()),
          name,
          (): Array<Fact> => [],
        ).push(fact)
  for (const tag of tags) {
    const byName = at(shelf, tag, () => new Map())
    for (const name of asked) byName.set(name, found.get(tag)?.get(name) ?? [])
  }
}

const mentioningOnce = (log: Log): Log["mentioning"] => {
  const shelves = new Map<string, Shelf>()
  return Effect.fnUntraced(function* (wanted: Wanted) {
    const { asOf, from, names, tags } = wanted
    if (tags === undefined) return yield* log.mentioning(wanted)
    const shelf = at(shelves, `${from ?? ""} ${asOf}`, (): Shelf => new Map())
    const isMissing = (tag: FactTag, name: string): boolean => shelf.get(tag)?.has(name) !== true
    const missing = [...new Set(names)].filter((name) => tags.some((tag) => isMissing(tag, name)))
    if (missing.length > 0) {
      const kinds = tags.filter((tag) => missing.some((name) => isMissing(tag, name)))
      shelve(shelf, missing, kinds, yield* log.mentioning({ ...wanted, names: missing, tags: kinds }))
    }
    return inKeyOrder(new Set(tags.flatMap((tag) => names.flatMap((name) => shelf.get(tag)?.get(name) ?? []))))
  })
}

const joinedOnce = (log: Log): Log["joined"] => {
  const times = new Map<Instant, Map<Handle, ReadonlyArray<Handle>>>()
  return Effect.fnUntraced(function* ({ asOf, handles }) {
    const people = at(times, asOf, (): Map<Handle, ReadonlyArray<Handle>> => new Map())
    const missing = [...new Set(handles)].filter((handle) => !people.has(handle))
    if (missing.length > 0)
      for (const person of yield* log.joined({ asOf, handles: missing }))
        for (const handle of person) people.set(handle, person)
    return [...new Set(handles.flatMap((handle) => [people.get(handle) ?? [handle]]))].sort(
      ([left = ""], [right = ""]) => ByteOrder.compare(left, right),
    )
  })
}

/** The log, read once. */
export const remembering = (log: Log): Log => ({
  ...log,
  byKey: byKeyOnce(log),
  mentioning: mentioningOnce(log),
  joined: joinedOnce(log),
})
