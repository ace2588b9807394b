/**
 * What one tenant's fact log in memory holds, and how it takes facts in and forgets people.
 *
 * Promises: changing it is one step that nothing can interrupt. It keeps every statement, so memory grows with them: an erasure can make
 * another version the newest.
 */
import { Effect } from "effect"
import * as ByteOrder from "../id/ByteOrder.ts"
import { isTombstone, tombstone, tombstonesUnder, type Handle, type HandleKey } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import * as ErasurePlan from "./ErasurePlan.ts"
import type { Fact, FactKey } from "./Fact.ts"
import type { Appended, FactBatch } from "./FactLog.ts"
import { compare, versioned, type Versioned } from "./FactVersion.ts"
import * as FactIndex from "./FactIndex.ts"
import * as Tombstone from "./Tombstone.ts"

export interface Shelf {
  /** Every statement by what makes it one. */
  readonly statements: Map<string, Versioned>
  readonly newest: Map<FactKey, Versioned>
  /** By what makes it one: how many statements were recorded before it. One that an erasure rewrote keeps its place. */
  readonly places: Map<string, number>
  /** How many statements were ever recorded. */
  recorded: number
  readonly index: FactIndex.FactIndex
  readonly personal: Map<Handle, string>
  /** Cursors as JSON text, so that nobody can change what was stored. */
  readonly checkpoints: Map<string, string>
  /** Until when what a tombstone stands for is erased. */
  readonly tombstones: Map<Handle, Instant>
  /** Erasures, those by late facts too. */
  turns: number
  /** The newest facts in key order, until the next change. */
  ordered: ReadonlyArray<Fact> | null
}

export const empty = (): Shelf => ({
  statements: new Map(),
  newest: new Map(),
  places: new Map(),
  recorded: 0,
  index: FactIndex.make(),
  personal: new Map(),
  checkpoints: new Map(),
  tombstones: new Map(),
  turns: 0,
  ordered: null,
})

export const orderedOf = (shelf: Shelf): ReadonlyArray<Fact> => {
  shelf.ordered ??= [...shelf.newest.values()]
    .map(({ fact }) => fact)
    .sort((left, right) => ByteOrder.compare(left.key, right.key))
  return shelf.ordered
}

/** Takes what is the newest of these facts now into the index. A batch is one step: what it overtakes itself was never the newest. */
const enter = (shelf: Shelf, facts: Iterable<Fact>): void => {
  for (const { key } of facts) {
    const newest = shelf.newest.get(key)?.fact
    if (newest !== undefined && newest !== shelf.index.newest.get(key)) FactIndex.enter(shelf.index, newest)
  }
}

/** Whether the statement is new. */
const add = (shelf: Shelf, fact: Fact): boolean => {
  const candidate = versioned(fact)
  const identity = ErasurePlan.identityOf(candidate)
  if (shelf.statements.has(identity)) return false
  shelf.statements.set(identity, candidate)
  if (!shelf.places.has(identity)) shelf.places.set(identity, ++shelf.recorded)
  const known = shelf.newest.get(fact.key)
  if (known === undefined || compare(known, candidate) < 0) {
    shelf.newest.set(fact.key, candidate)
    shelf.ordered = null
  }
  return true
}

/** The newest version of every key among the statements recorded by a place, in key order. */
export const recordedBy = (shelf: Shelf, by: number): ReadonlyArray<Fact> => {
  const newest = new Map<FactKey, Versioned>()
  for (const [identity, one] of shelf.statements) {
    if ((shelf.places.get(identity) ?? 0) > by) continue
    const known = newest.get(one.fact.key)
    if (known === undefined || compare(known, one) < 0) newest.set(one.fact.key, one)
  }
  return [...newest.values()].map(({ fact }) => fact).sort((left, right) => ByteOrder.compare(left.key, right.key))
}

/** Erased handles of one tenant; each is hashed once. */
export const lookupIn = (shelf: Shelf, key: HandleKey): Tombstone.Lookup => {
  const known = new Map<string, Tombstone.Erased | undefined>()
  const stoneOf = tombstonesUnder(key)
  return (text) => {
    if (shelf.tombstones.size === 0 || isTombstone(text)) return undefined
    if (known.has(text)) return known.get(text)
    const stone = stoneOf(text as Handle)
    const at = shelf.tombstones.get(stone)
    const erased = at === undefined ? undefined : { tombstone: stone, at }
    known.set(text, erased)
    return erased
  }
}

export interface Stored extends Appended {
  /** Facts that name erased people beside handles that are not known to be theirs yet. */
  readonly late: ReadonlyArray<Tombstone.Late>
}

export const store = (shelf: Shelf, batch: FactBatch, key: HandleKey): Stored => {
  const admitted = Tombstone.admit(batch, lookupIn(shelf, key), (handle) =>
    shelf.newest.has(Tombstone.comebackKey(handle)),
  )
  let recorded = 0
  for (const fact of admitted.facts) if (add(shelf, fact)) recorded++
  for (const fact of admitted.comebacks) add(shelf, fact)
  enter(shelf, [...admitted.facts, ...admitted.comebacks])
  for (const { handle, value } of admitted.personal) shelf.personal.set(handle, value)
  if (batch.checkpoint !== undefined) {
    shelf.checkpoints.set(batch.checkpoint.job, JSON.stringify(batch.checkpoint.cursor ?? null))
  }
  return { recorded, duplicates: batch.facts.length - recorded, late: admitted.late }
}

const readingOf = (shelf: Shelf): ErasurePlan.Reading<never, never> => ({
  statements: (handles, keys, at) =>
    Effect.sync(() => {
      const [named, asked] = [new Set<string>(handles), new Set(keys)]
      const newest = new Map<FactKey, Versioned>()
      for (const one of shelf.statements.values()) {
        const known = newest.get(one.fact.key)
        if (one.fact.occurredAt <= at && (known === undefined || compare(known, one) < 0)) newest.set(one.fact.key, one)
      }
      return [...shelf.statements.values()]
        .filter(({ fact }) => asked.has(fact.key) || Tombstone.namesAny(fact, named))
        .map((one) => ({ ...one, isNewest: newest.get(one.fact.key) === one }))
    }),
  undone: Effect.sync(
    () => new Set(orderedOf(shelf).flatMap((fact) => (fact._tag === "MergeUndone" ? [fact.merge] : []))),
  ),
})

export interface Erased {
  readonly handles: ReadonlyArray<Handle>
  readonly statements: number
  readonly values: ReadonlyArray<string>
}

/** Replaces whom `start` leads to, everywhere on this shelf. */
export const erase = (shelf: Shelf, key: HandleKey, start: ErasurePlan.Start): Effect.Effect<Erased> =>
  Effect.map(ErasurePlan.make(start, readingOf(shelf)), (plan) => {
    const stones = new Map(plan.handles.map((handle) => [handle as string, tombstone(key, handle)]))
    for (const stone of stones.values())
      shelf.tombstones.set(stone, Math.max(start.at, shelf.tombstones.get(stone) ?? start.at))
    const rewritten = Tombstone.rewrite(plan.statements, stones, start.at, plan.tombstones)
    for (const { after, before } of rewritten.changes) {
      const identity = ErasurePlan.identityOf(before)
      shelf.statements.delete(identity)
      const place = shelf.places.get(identity)
      if (after !== null && place !== undefined) shelf.places.set(ErasurePlan.identityOf(versioned(after)), place)
    }
    const kept = [...shelf.statements.values()].map(({ fact }) => fact)
    shelf.statements.clear()
    shelf.newest.clear()
    // Everything is entered anew, and so is looked at again: names of what is gone are nowhere.
    FactIndex.clear(shelf.index)
    for (const fact of kept) add(shelf, fact)
    for (const { after } of rewritten.changes) if (after !== null) add(shelf, after)
    for (const fact of rewritten.comebacks) add(shelf, fact)
    shelf.ordered = null
    enter(shelf, orderedOf(shelf))
    const values: Array<string> = []
    const stillNamed = (handle: Handle): boolean =>
      [...shelf.statements.values()].some(({ fact }) => Tombstone.namesAny(fact, new Set([handle])))
    for (const handle of [...plan.handles, ...rewritten.dropped.filter((one) => !stillNamed(one))]) {
      const value = shelf.personal.get(handle)
      if (value !== undefined) values.push(value)
      shelf.personal.delete(handle)
    }
    for (const [job, cursor] of shelf.checkpoints)
      shelf.checkpoints.set(job, JSON.stringify(Tombstone.inValue(JSON.parse(cursor), (text) => stones.get(text))))
    shelf.turns++
    return { handles: plan.handles, statements: rewritten.changes.length, values }
  })
