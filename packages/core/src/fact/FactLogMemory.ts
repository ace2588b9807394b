/**
 * The fact log in memory, for tests, examples and backtests.
 *
 * Promises what `FactLog` promises within one process: a batch is checked whole before any of it is stored, and storing
 * cannot be interrupted. It remembers which statements it has seen and keeps the newest of each key, so memory grows
 * with them; it is gone when the process ends. A later personal value of a handle takes the place of the earlier one.
 */
import { Effect, Layer, Stream } from "effect"
import * as ByteOrder from "../id/ByteOrder.ts"
import type { Handle } from "../id/Handle.ts"
import * as PerTenant from "../tenant/PerTenant.ts"
import type { Fact, FactKey } from "./Fact.ts"
import { type Appended, type FactBatch, FactLog, FactLogError, Unstorable } from "./FactLog.ts"
import { compare, versioned, type Versioned } from "./FactVersion.ts"

interface Shelf {
  readonly seen: Set<string>
  readonly newest: Map<FactKey, Versioned>
  readonly personal: Map<Handle, string>
  /** Cursors as JSON text, so that nobody can change what was stored. */
  readonly checkpoints: Map<string, string>
  /** The newest facts in key order, until the next change. */
  ordered: ReadonlyArray<Fact> | null
}

const emptyShelf = (): Shelf => ({
  seen: new Set(),
  newest: new Map(),
  personal: new Map(),
  checkpoints: new Map(),
  ordered: null,
})

/** NUL, and halves of surrogate pairs: no UTF-8 store can hold either. */
const unstorableText = /[\0\p{Surrogate}]/u

const holdsUnstorable = (value: unknown): boolean => {
  if (typeof value === "string") return unstorableText.test(value)
  if (Array.isArray(value)) return value.some(holdsUnstorable)
  if (typeof value !== "object" || value === null) return false
  return Object.entries(value).some(([name, member]) => unstorableText.test(name) || holdsUnstorable(member))
}

const remedy = "Remove NUL bytes and lone surrogates from the text before storing it"

/** The first member of the batch that no store can hold. */
const unstorableIn = (batch: FactBatch): Unstorable | undefined => {
  const fact = batch.facts.find(holdsUnstorable)
  if (fact !== undefined) return new Unstorable({ key: fact.key, remedy })
  const personal = batch.personal.find(holdsUnstorable)
  if (personal !== undefined) return new Unstorable({ key: personal.handle, remedy })
  return holdsUnstorable(batch.checkpoint)
    ? new Unstorable({ key: `checkpoint ${batch.checkpoint?.job}`, remedy })
    : undefined
}

const identityOf = ({ digest, fact }: Versioned): string => `${fact.key}\0${fact.version}\0${fact.rank}\0${digest}`

const store = (shelf: Shelf, batch: FactBatch): Appended => {
  let recorded = 0
  for (const fact of batch.facts) {
    const candidate = versioned(fact)
    const identity = identityOf(candidate)
    if (shelf.seen.has(identity)) continue
    shelf.seen.add(identity)
    recorded++
    const known = shelf.newest.get(fact.key)
    if (known === undefined || compare(known, candidate) < 0) {
      shelf.newest.set(fact.key, candidate)
      shelf.ordered = null
    }
  }
  for (const { handle, value } of batch.personal) shelf.personal.set(handle, value)
  if (batch.checkpoint !== undefined) {
    shelf.checkpoints.set(batch.checkpoint.job, JSON.stringify(batch.checkpoint.cursor ?? null))
  }
  return { recorded, duplicates: batch.facts.length - recorded }
}

const orderedOf = (shelf: Shelf): ReadonlyArray<Fact> => {
  shelf.ordered ??= [...shelf.newest.values()]
    .map(({ fact }) => fact)
    .sort((left, right) => ByteOrder.compare(left.key, right.key))
  return shelf.ordered
}

export const layerMemory: Layer.Layer<FactLog> = Layer.sync(FactLog, () => {
  const shelves = PerTenant.make(emptyShelf)
  return FactLog.of({
    append: (batch) =>
      Effect.flatMap(shelves, (shelf) => {
        const unstorable = unstorableIn(batch)
        if (unstorable !== undefined) return Effect.fail(new FactLogError({ reason: unstorable }))
        return Effect.sync(() => store(shelf, batch))
      }),
    newest: ({ asOf, tags }) =>
      Stream.unwrap(
        Effect.map(shelves, (shelf) => {
          const wanted = tags === undefined ? null : new Set<string>(tags)
          return Stream.fromIterable(
            orderedOf(shelf).filter((fact) => fact.occurredAt <= asOf && (wanted === null || wanted.has(fact._tag))),
          )
        }),
      ),
    checkpoint: (job) =>
      Effect.map(shelves, (shelf): unknown => {
        const cursor = shelf.checkpoints.get(job)
        return cursor === undefined ? undefined : JSON.parse(cursor)
      }),
    personal: (handles) =>
      Effect.map(shelves, (shelf) => {
        const known = new Map<Handle, string>()
        for (const handle of handles) {
          const value = shelf.personal.get(handle)
          if (value !== undefined) known.set(handle, value)
        }
        return known
      }),
  })
})
