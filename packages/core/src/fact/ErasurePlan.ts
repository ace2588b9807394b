/**
 * Whom an erasure is about: every handle that the facts join to those named, and what else they alone are known by.
 *
 * Promises: records' newest versions and merges that stand join, as everywhere; only facts that occurred by the time of the erasure
 * count. It reads through `Reading` no more than what names the person, so memory does not grow with the log. It changes nothing.
 */
import { Effect } from "effect"
import { isTombstone, type Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { FactKey } from "./Fact.ts"
import type { Versioned } from "./FactVersion.ts"
import { joinedBy, ownersOf, softOf } from "./Tombstone.ts"

/** A stored version of a fact. */
export interface Statement extends Versioned {
  /** Among the versions that occurred by the time of the erasure; later ones tell of a new person. */
  readonly isNewest: boolean
}

export interface Reading<E, R> {
  /** Every stored version that names one of `handles` (it may give more), and every version of the facts `keys`. */
  readonly statements: (
    handles: ReadonlyArray<Handle>,
    keys: ReadonlyArray<FactKey>,
    at: Instant,
  ) => Effect.Effect<ReadonlyArray<Statement>, E, R>
  /** Merges that were taken back. */
  readonly undone: Effect.Effect<ReadonlySet<FactKey>, E, R>
}

export interface Start {
  readonly handles: ReadonlyArray<Handle>
  /** Facts that came in late and name the erased person beside handles that are not known to be theirs. */
  readonly keys: ReadonlyArray<FactKey>
  readonly at: Instant
}

export interface ErasurePlan {
  /** Handles to be replaced, soft ones too; in byte order. */
  readonly handles: ReadonlyArray<Handle>
  /** What stands for the person already. */
  readonly tombstones: ReadonlySet<Handle>
  /** Every stored version that may name one of them. */
  readonly statements: ReadonlyArray<Statement>
}

export const identityOf = ({ digest, fact }: Versioned): string =>
  `${fact.key}\0${fact.version}\0${fact.rank}\0${digest}`

/** Follows what joins, from the handles and facts of `start`, until nobody new is found. */
export const make = <E, R>(start: Start, reading: Reading<E, R>): Effect.Effect<ErasurePlan, E, R> =>
  Effect.gen(function* () {
    const undone = yield* reading.undone
    // With tombstones of theirs: one in another fact, which only a soft handle leads to, may be somebody else's.
    const theirs = new Set<Handle>(start.handles)
    const isTheirs = (handle: Handle): boolean => theirs.has(handle)
    const read = new Map<string, Statement>()
    let frontier: Pick<Start, "handles" | "keys"> = start
    while (frontier.handles.length + frontier.keys.length > 0) {
      for (const found of yield* reading.statements(frontier.handles, frontier.keys, start.at))
        read.set(identityOf(found), found)
      const past = [...read.values()].filter(({ fact }) => fact.occurredAt <= start.at)
      const joining = past
        .filter(({ fact, isNewest }) => isNewest && !undone.has(fact.key))
        .map(({ fact }) => joinedBy(fact))
      const before = new Set(theirs)
      const add = (handle: Handle): void => void theirs.add(handle)
      for (const { fact } of past) if (start.keys.includes(fact.key)) ownersOf(fact).filter(isTombstone).forEach(add)
      for (let known = -1; known !== theirs.size;) {
        known = theirs.size
        for (const joined of joining) if (joined.some(isTheirs)) joined.forEach(add)
      }
      for (const { fact } of past) softOf(fact, isTheirs).forEach(add)
      frontier = { handles: [...theirs].filter((handle) => !before.has(handle) && !isTombstone(handle)), keys: [] }
    }
    return {
      handles: [...theirs].filter((handle) => !isTombstone(handle)).sort(),
      tombstones: new Set([...theirs].filter(isTombstone)),
      statements: [...read.values()],
    }
  })
