/**
 * Fact logs that each break one law of the queue of changes.
 *
 * They are for tests of laws, never for use.
 */
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import type { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { namesOf } from "@advocacy-kit/core/fact/Mention"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import type * as Broken from "../Broken.ts"
import { breaking, over } from "./FaultyFactLog.ts"

const latest = Number.MAX_SAFE_INTEGER

/** Puts facts of a batch among the changes that do not belong there. */
const queueing = (whether: (fact: Fact) => boolean) =>
  over((inner) => ({
    append: (batch) =>
      Effect.tap(inner.append(batch), () =>
        inner.recheck(batch.facts.filter(whether).map(({ key, occurredAt }) => ({ key, at: occurredAt }))),
      ),
  }))

const isDueTooEarly = over((inner) => ({
  changes: ({ asOf, limit }) => inner.changes({ asOf: asOf + 1, limit }),
}))

const namesTheNewestAlone = over((inner) => ({
  changes: (wanted) =>
    Effect.gen(function* () {
      const found = yield* inner.changes(wanted)
      const now = yield* inner.byKey({ keys: found.map(({ key }) => key), asOf: latest })
      const names = new Map(now.map((fact) => [fact.key, namesOf(fact)]))
      return found.map((change) => ({ ...change, names: names.get(change.key) ?? [] }))
    }),
}))

/** Whatever comes is a change, the newest or not. */
const queuesDuplicates = queueing(({ _tag }) => _tag === "OrderPlaced")

const queuesAnswers = queueing(({ _tag }) => _tag === "SurveyAnswered")

const inKeyOrder = over((inner) => ({
  changes: ({ asOf, limit }) =>
    Effect.map(inner.changes({ asOf, limit: latest }), (found) =>
      [...found].sort((left, right) => (left.key < right.key ? -1 : 1)).slice(0, limit),
    ),
}))

/** Takes everything of these facts, whatever came meanwhile. */
const settlesByKey = over((inner) => ({
  settle: (settled) =>
    Effect.gen(function* () {
      const keys = new Set(settled.map(({ key }) => key))
      const now = yield* inner.changes({ asOf: latest, limit: latest })
      yield* inner.settle(now.filter(({ key }) => keys.has(key)))
    }),
}))

const leavesWhatIsQueued = over((inner) => ({
  recheck: (facts) =>
    Effect.gen(function* () {
      const queued = yield* inner.changing({ keys: facts.map(({ key }) => key), asOf: latest })
      yield* inner.recheck(facts.filter(({ key }) => !queued.has(key)))
    }),
}))

const knowsAllThatIsQueued = over((inner) => ({
  changing: ({ keys }) => inner.changing({ keys, asOf: latest }),
}))

const everybody = { id: TenantIdOf("everybody"), handleKey: new Uint8Array(16) }

/** Finds by name whatever anybody told. */
const findsForEverybody = over((inner) => ({
  append: (batch) =>
    Effect.tap(inner.append(batch), () => Effect.provideService(inner.append(batch), CurrentTenant, everybody)),
  mentioning: (wanted) => Effect.provideService(inner.mentioning(wanted), CurrentTenant, everybody),
}))

export const stores: ReadonlyArray<Broken.Store<FactLog>> = [
  breaking(isDueTooEarly, "a new fact is a change, by its names, due when it occurred"),
  breaking(
    namesTheNewestAlone,
    "changes of one fact are one, by the names of everything that it was meanwhile, due at the earliest time",
  ),
  breaking(queuesDuplicates, "what says the same again, or was overtaken before it came, is no change"),
  breaking(queuesAnswers, "what no decision about credits reads is no change"),
  breaking(inKeyOrder, "changes come by time and then by key, no more than were asked for"),
  breaking(settlesByKey, "settling takes what was read, and leaves what came meanwhile"),
  breaking(
    leavesWhatIsQueued,
    "facts are put among the changes again, due at the earlier time; those that nobody told of are not",
  ),
  breaking(knowsAllThatIsQueued, "of some keys those among the changes that are due are known"),
  breaking(findsForEverybody, "no tenant finds another's facts by name, is joined by them, or sees their changes"),
]
