/**
 * The fact log in memory, for tests, examples and backtests.
 *
 * Promises what `FactLog` promises within one process: a batch is checked whole before any of it is stored, and storing
 * cannot be interrupted. It keeps every statement, so memory grows with them; it is gone when the process ends. A later
 * personal value of a handle takes the place of the earlier one. With it comes `Erasure`, in which the other stores in memory take part.
 */
import { Context, Effect, Layer, Stream } from "effect"
import { tombstone, type Handle } from "../id/Handle.ts"
import * as PerTenant from "../tenant/PerTenant.ts"
import { CurrentTenant } from "../tenant/Tenant.ts"
import { Erasure } from "./Erasure.ts"
import type { Start } from "./ErasurePlan.ts"
import { type Appended, type FactBatch, FactLog, FactLogError, Unstorable } from "./FactLog.ts"
import * as FactIndex from "./FactIndex.ts"
import * as Shelf from "./FactShelf.ts"
import { type Forgot, Forgetting, type Part } from "./Forgetting.ts"
import { isUnstorable } from "./StorableText.ts"
import * as Tombstone from "./Tombstone.ts"

const remedy = "Remove NUL bytes and lone surrogates from the text before storing it"

/** The first member of the batch that no store can hold. */
const unstorableIn = (batch: FactBatch): Unstorable | undefined => {
  const fact = batch.facts.find(isUnstorable)
  if (fact !== undefined) return new Unstorable({ key: fact.key, remedy })
  const personal = batch.personal.find(isUnstorable)
  if (personal !== undefined) return new Unstorable({ key: personal.handle, remedy })
  return isUnstorable(batch.checkpoint)
    ? new Unstorable({ key: `checkpoint ${batch.checkpoint?.job}`, remedy })
    : undefined
}

/** Takes a batch in, and whoever turns out to belong to somebody erased is erased with them. */
const append = (shelf: Shelf.Shelf, parts: ReadonlyArray<Part>, batch: FactBatch) =>
  Effect.gen(function* () {
    const { handleKey } = yield* CurrentTenant
    const { late, ...appended } = Shelf.store(shelf, batch, handleKey)
    for (const { at, keys } of late) yield* forget(shelf, parts, { handles: [], keys, at })
    return appended satisfies Appended
  }).pipe(Effect.uninterruptible)

/** Erases from the shelf and from every store that takes part. */
const forget = Effect.fnUntraced(function* (shelf: Shelf.Shelf, parts: ReadonlyArray<Part>, start: Start) {
  const { handleKey } = yield* CurrentTenant
  const erased = yield* Shelf.erase(shelf, handleKey, start)
  const stones = new Map<string, Handle>(erased.handles.map((handle) => [handle, tombstone(handleKey, handle)]))
  const forgot = yield* Effect.forEach(parts, (part) =>
    part({ replace: (handle) => stones.get(handle), values: erased.values }),
  )
  const total = (read: (one: Forgot) => number | undefined): number =>
    forgot.reduce((sum, one) => sum + (read(one) ?? 0), 0)
  return {
    handles: erased.handles.length,
    statements: erased.statements,
    values: erased.values.length,
    revisions: total(({ revisions }) => revisions),
    effects: total(({ effects }) => effects),
    undone: total(({ undone }) => undone),
    messages: total(({ messages }) => messages),
  }
})

const logOf = (shelves: Effect.Effect<Shelf.Shelf, never, CurrentTenant>, parts: ReadonlyArray<Part>) =>
  FactLog.of({
    append: (batch) =>
      Effect.flatMap(shelves, (shelf) => {
        const unstorable = unstorableIn(batch)
        if (unstorable !== undefined) return Effect.fail(new FactLogError({ reason: unstorable }))
        return append(shelf, parts, batch)
      }),
    newest: ({ asOf, tags }) =>
      Stream.unwrap(
        Effect.map(shelves, (shelf) => {
          const wanted = tags === undefined ? null : new Set<string>(tags)
          return Stream.fromIterable(
            Shelf.orderedOf(shelf).filter(
              (fact) => fact.occurredAt <= asOf && (wanted === null || wanted.has(fact._tag)),
            ),
          )
        }),
      ),
    mark: Effect.map(shelves, ({ recorded }) => recorded),
    recorded: ({ asOf, by }) =>
      Stream.unwrap(
        Effect.map(shelves, (shelf) =>
          Stream.fromIterable(Shelf.recordedBy(shelf, by).filter(({ occurredAt }) => occurredAt <= asOf)),
        ),
      ),
    byKey: ({ asOf, keys }) => Effect.map(shelves, ({ index }) => FactIndex.byKey(index, keys, asOf)),
    mentioning: (wanted) => Effect.map(shelves, ({ index }) => FactIndex.mentioning(index, wanted)),
    joined: ({ asOf, handles }) => Effect.map(shelves, ({ index }) => FactIndex.joined(index, handles, asOf)),
    changes: ({ asOf, limit }) => Effect.map(shelves, ({ index }) => FactIndex.changes(index, asOf, limit)),
    settle: (settled) => Effect.map(shelves, ({ index }) => FactIndex.settle(index, settled)),
    recheck: (facts) => Effect.map(shelves, ({ index }) => FactIndex.recheck(index, facts)),
    changing: ({ asOf, keys }) => Effect.map(shelves, ({ index }) => FactIndex.changing(index, keys, asOf)),
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
    erasures: Effect.map(shelves, ({ turns }) => turns),
  })

const erasureOf = (shelves: Effect.Effect<Shelf.Shelf, never, CurrentTenant>, parts: ReadonlyArray<Part>) =>
  Erasure.of({
    erase: Effect.fnUntraced(function* (request) {
      const { handleKey: key } = yield* CurrentTenant
      const shelf = yield* shelves
      const fact = Tombstone.erasure({ ...request, key })
      const unstorable = unstorableIn({ facts: [fact], personal: [] })
      if (unstorable !== undefined) return yield* new FactLogError({ reason: unstorable })
      return yield* Effect.gen(function* () {
        const report = yield* forget(shelf, parts, { handles: request.handles, keys: [], at: request.at })
        Shelf.store(shelf, { facts: [fact], personal: [] }, key)
        return { tombstone: fact.person, ...report }
      }).pipe(Effect.uninterruptible)
    }),
  })

export const layerMemory: Layer.Layer<FactLog | Erasure | Forgetting> = Layer.effectContext(
  Effect.sync(() => {
    const shelves = PerTenant.make(Shelf.empty)
    const parts: Array<Part> = []
    return Context.empty().pipe(
      Context.add(FactLog, logOf(shelves, parts)),
      Context.add(Erasure, erasureOf(shelves, parts)),
      Context.add(Forgetting, { takePart: (part) => void parts.push(part) }),
    )
  }),
)
