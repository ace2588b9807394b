/**
 * Fact logs that each break one law and no other: the proof that the laws can fail.
 *
 * Each is the memory layer with one plausible fault laid over it. They are for tests of laws, never for use.
 */
import type { Fact, FactTag } from "@advocacy-kit/core/fact/Fact"
import { type FactBatch, type FactLog, FactLogError, StoreUnavailable } from "@advocacy-kit/core/fact/FactLog"
import { compare, versioned, type Versioned } from "@advocacy-kit/core/fact/FactVersion"
import { canonical } from "@advocacy-kit/core/id/Digest"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, type Layer, Stream } from "effect"
import type * as Broken from "../Broken.ts"
import * as FactChangeBroken from "./FactChangeBroken.ts"
import * as FactNameBroken from "./FactNameBroken.ts"
import { breaking, over } from "./FaultyFactLog.ts"

/** Changes facts on their way in. */
const rewriting = (rewrite: (fact: Fact) => Fact): Layer.Layer<FactLog> =>
  over((inner) => ({ append: (batch) => inner.append({ ...batch, facts: batch.facts.map(rewrite) }) }))

/** A statement and when it came. */
interface Arrival extends Versioned {
  readonly arrival: number
}

/** Chooses the newest version by another order; `before` leaves out what does not take part in the choice. */
const choosing = (
  order: (left: Arrival, right: Arrival) => number,
  before: (fact: Fact, asOf: number) => boolean = () => true,
): Layer.Layer<FactLog> =>
  over((inner) => {
    const arrivals = new Map<string, Array<Arrival>>()
    let arrival = 0
    return {
      append: (batch) =>
        Effect.tap(inner.append(batch), () =>
          Effect.map(CurrentTenant, ({ id }) => {
            for (const fact of batch.facts) {
              const name = `${id} ${fact.key}`
              arrivals.set(name, [...(arrivals.get(name) ?? []), { ...versioned(fact), arrival: arrival++ }])
            }
          }),
        ),
      newest: (options) =>
        inner.newest({ ...options, asOf: Number.MAX_SAFE_INTEGER }).pipe(
          Stream.mapEffect((fact) =>
            Effect.map(CurrentTenant, ({ id }) => {
              const versions = arrivals.get(`${id} ${fact.key}`) ?? []
              return (
                versions
                  .filter(({ fact: told }) => before(told, options.asOf))
                  .sort(order)
                  .at(-1)?.fact ?? fact
              )
            }),
          ),
          Stream.filter((fact) => fact.occurredAt <= options.asOf),
        ),
    }
  })

const isTie = (left: Versioned, right: Versioned): boolean => left.fact.version === right.fact.version
const isFullTie = (left: Versioned, right: Versioned): boolean =>
  isTie(left, right) && left.fact.rank === right.fact.rank

const keepsTheLastToArrive = choosing((left, right) =>
  isTie(left, right) ? compare(left, right) : left.arrival - right.arrival,
)

const prefersLowRanks = choosing((left, right) =>
  isTie(left, right) && left.fact.rank !== right.fact.rank ? right.fact.rank - left.fact.rank : compare(left, right),
)

const prefersSmallDigests = choosing((left, right) =>
  isFullTie(left, right) ? compare(right, left) : compare(left, right),
)

const asksForTheTimeFirst = choosing(compare, (fact, asOf) => fact.occurredAt <= asOf)

const countsDuplicatesOfABatch = over((inner) => ({
  append: (batch) =>
    Effect.map(inner.append(batch), ({ recorded }) =>
      recorded === 0 ? { recorded, duplicates: batch.facts.length } : { recorded: batch.facts.length, duplicates: 0 },
    ),
}))

/** Looks what is there, and lets others in before it writes. */
const countsBeforeItWrites = over((inner) => {
  const written = new Set<string>()
  return {
    append: (batch) =>
      Effect.gen(function* () {
        const { id } = yield* CurrentTenant
        const fresh = new Set(
          batch.facts.map((fact) => `${id} ${fact.key} ${fact.version}`).filter((name) => !written.has(name)),
        )
        yield* Effect.yieldNow
        yield* inner.append(batch)
        for (const name of fresh) written.add(name)
        return { recorded: fresh.size, duplicates: batch.facts.length - fresh.size }
      }),
  }
})

const composesAccents = rewriting((fact) =>
  fact._tag === "OrderPlaced"
    ? { ...fact, attributes: fact.attributes.map(({ key, value }) => ({ key, value: value.normalize("NFC") })) }
    : fact,
)

const roundsIds = rewriting((fact) => ({
  ...fact,
  key: fact.key.replace(/\d{16,}/, (digits) => `${Number(digits)}`) as Fact["key"],
}))

const keeps64Bits = rewriting((fact) =>
  fact._tag === "OrderPlaced" && !fact.key.startsWith("law:")
    ? { ...fact, lines: fact.lines.map((line) => ({ ...line, amountMinor: BigInt.asIntN(64, line.amountMinor) })) }
    : fact,
)

const storesOneChunk = over((inner) => ({
  append: (batch) => inner.append({ ...batch, facts: batch.facts.slice(0, 10_000) }),
}))

const countsFromTheMomentAfter = over((inner) => ({
  newest: (options) => Stream.filter(inner.newest(options), ({ occurredAt }) => occurredAt < options.asOf),
}))

const ignoresKinds = over((inner) => ({ newest: ({ asOf }) => inner.newest({ asOf }) }))

const sortsAsJavaScript = over((inner) => ({
  newest: (options: { readonly asOf: number; readonly tags?: ReadonlyArray<FactTag> }) =>
    Stream.fromIterableEffect(
      Effect.map(Stream.runCollect(inner.newest(options)), (facts) =>
        facts.sort((left, right) => (left.key < right.key ? -1 : 1)),
      ),
    ),
}))

const oneCheckpointForAll = over((inner) => ({
  append: (batch) =>
    inner.append(
      batch.checkpoint === undefined ? batch : { ...batch, checkpoint: { ...batch.checkpoint, job: "job" } },
    ),
  checkpoint: () => inner.checkpoint("job"),
}))

const answersEmptyValues = over((inner) => ({
  personal: (handles) =>
    Effect.map(inner.personal(handles), (values) =>
      values.size === 0 ? values : new Map(handles.map((handle) => [handle, values.get(handle) ?? ""])),
    ),
}))

/** Takes a NUL byte for a fault of its own. */
const blamesTheStore = over((inner) => ({
  append: (batch) =>
    Effect.mapError(inner.append(batch), (error) =>
      canonical(batch.facts).includes("\\u0000")
        ? new FactLogError({ reason: new StoreUnavailable({ operation: "append", cause: error }) })
        : error,
    ),
}))

/** Writes one by one until it fails, without a transaction. */
const storesHalves = over((inner) => ({
  append: (batch: FactBatch) =>
    Effect.tapError(inner.append(batch), () =>
      Effect.forEach(batch.facts, (fact) => Effect.ignore(inner.append({ facts: [fact], personal: [] }))),
    ),
}))

const everybodysTenant = { id: TenantIdOf("everybody"), handleKey: new Uint8Array(16) }
const asEverybody = <A, E>(effect: Effect.Effect<A, E, CurrentTenant>) =>
  Effect.provideService(effect, CurrentTenant, everybodysTenant)

/** Where facts are found by name it knows the tenant, so that this breaks no other law. */
const forgetsTheTenant = over((inner) => ({
  append: (batch) => Effect.andThen(inner.append(batch), asEverybody(inner.append(batch))),
  newest: (options) => Stream.provideService(inner.newest(options), CurrentTenant, everybodysTenant),
  checkpoint: (job) => asEverybody(inner.checkpoint(job)),
  byKey: (options) => asEverybody(inner.byKey(options)),
  personal: (handles) => asEverybody(inner.personal(handles)),
}))

const mendsSurrogates = rewriting((fact) =>
  fact._tag === "OrderPlaced"
    ? {
        ...fact,
        attributes: fact.attributes.map(({ key, value }) => ({
          key,
          value: value.replace(/\p{Surrogate}/gu, "\ufffd"),
        })),
      }
    : fact,
)

/** Answers a key as often as it was asked for. */
const answersTwice = over((inner) => ({
  byKey: ({ asOf, keys }) =>
    Effect.map(
      Effect.forEach(keys, (key) => inner.byKey({ asOf, keys: [key] })),
      (found) => found.flat(),
    ),
}))

export const stores: ReadonlyArray<Broken.Store<FactLog>> = [
  breaking(countsDuplicatesOfABatch, "a statement that is told again counts as a duplicate, in one batch or in two"),
  breaking(countsBeforeItWrites, "of two that tell one statement at the same time one records it"),
  breaking(keepsTheLastToArrive, "the highest version wins in every order of arrival, whatever its rank"),
  breaking(prefersLowRanks, "of equal versions the highest rank wins in every order of arrival"),
  breaking(prefersSmallDigests, "of equal versions and ranks the same content wins in every order of arrival"),
  breaking(composesAccents, "facts of every kind come back exactly as they were told"),
  breaking(roundsIds, "ids above 2^53 stay apart"),
  breaking(keeps64Bits, "amounts beyond 64 bits are exact"),
  breaking(storesOneChunk, "a batch of 10,001 facts is stored whole"),
  breaking(countsFromTheMomentAfter, "a fact counts from the very moment it occurred"),
  breaking(asksForTheTimeFirst, "the newest version is chosen first and asked for its time then"),
  breaking(ignoresKinds, "asking for some kinds gives those alone"),
  breaking(sortsAsJavaScript, "facts come in the byte order of their keys"),
  breaking(answersTwice, "facts are found by their keys as they stand at that time, each once and in byte order"),
  breaking(oneCheckpointForAll, "a job's last checkpoint is read back, and no other job's"),
  breaking(answersEmptyValues, "a personal value is read back by its handle, and a handle without one is absent"),
  breaking(blamesTheStore, "a NUL byte is refused by the name of the fact that holds it"),
  breaking(mendsSurrogates, "half of a surrogate pair is refused by the name of the fact that holds it"),
  breaking(storesHalves, "of a batch that is refused nothing is stored"),
  breaking(forgetsTheTenant, "no tenant sees another's facts, personal values or checkpoints"),
  ...FactNameBroken.stores,
  ...FactChangeBroken.stores,
]
