/**
 * What every fact log must keep of the queue of changes, as laws.
 *
 * They belong to `FactLogLaws`; each has a store in `broken/FactChangeBroken.ts` that breaks it and no other.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { type Change, FactLog } from "@advocacy-kit/core/fact/FactLog"
import * as ByteOrder from "@advocacy-kit/core/id/ByteOrder"
import * as Instant from "@advocacy-kit/core/id/Instant"
import { Effect } from "effect"
import * as Law from "../Law.ts"
import * as Scenario from "../Scenario.ts"

/** Later than every fact of these laws. */
const forever = Instant.fromIso("9000-01-01T00:00:00Z")

const tell = (...facts: ReadonlyArray<Fact.Fact>) =>
  Effect.flatMap(FactLog, (log) => log.append({ facts, personal: [] }))
const changes = (options: { readonly asOf?: Instant.Instant; readonly limit?: number } = {}) =>
  Effect.flatMap(FactLog, (log) => log.changes({ asOf: forever, limit: 100, ...options }))
const settle = (settled: ReadonlyArray<Change>) => Effect.flatMap(FactLog, (log) => log.settle(settled))
const settleAll = Effect.flatMap(changes(), settle)

/** Positions are the store's own, and names are a set. */
const shown = (some: ReadonlyArray<Change>) =>
  some.map(({ at, key, names, tag }) => ({ key, tag, at, names: [...names].sort(ByteOrder.compare) }))

const { customerOf, orderOf } = Scenario
const dayOf = (day: number): Instant.Instant => Scenario.at({ day })

const queueLaws: ReadonlyArray<Law.Law<FactLog>> = [
  Law.make(
    "a new fact is a change, by its names, due when it occurred",
    Effect.gen(function* () {
      yield* tell(Scenario.order({ order: 1, customer: 1, code: "ada", day: 3 }))
      const expected = [
        { key: orderOf(1), tag: "OrderPlaced", at: dayOf(3), names: ["code:ADA", customerOf(1), orderOf(1)] },
      ]
      yield* Law.same(shown(yield* changes({ asOf: dayOf(3) })), expected, "the changes due at the moment itself")
      yield* Law.same(yield* changes({ asOf: dayOf(3) - 1 }), [], "the changes due a millisecond before")
    }),
  ),
  Law.make(
    "changes of one fact are one, by the names of everything that it was meanwhile, due at the earliest time",
    Effect.gen(function* () {
      yield* tell(Scenario.order({ order: 1, customer: 1, day: 5 }))
      yield* settleAll
      yield* tell(Scenario.order({ order: 1, customer: 2, version: 2, day: 3 }))
      yield* tell(Scenario.order({ order: 1, customer: 3, version: 3, day: 9 }))
      const names = [customerOf(1), customerOf(2), customerOf(3), orderOf(1)]
      yield* Law.same(
        shown(yield* changes()),
        [{ key: orderOf(1), tag: "OrderPlaced", at: dayOf(3), names }],
        "the changes",
      )
    }),
  ),
  Law.make(
    "what says the same again, or was overtaken before it came, is no change",
    Effect.gen(function* () {
      const order = Scenario.order({ order: 1, customer: 1, version: 2 })
      yield* tell(order)
      yield* settleAll
      yield* tell(order)
      yield* tell(Scenario.order({ order: 1, customer: 2, version: 1 }))
      yield* tell({ ...order, version: 3 }, { ...order, version: 3, rank: Fact.rank.own })
      yield* Law.same(yield* changes(), [], "the changes")
    }),
  ),
  Law.make(
    "what no decision about credits reads is no change",
    Effect.gen(function* () {
      yield* tell(Scenario.person({ customer: 1, version: 1, marketing: "granted" }))
      yield* settleAll
      yield* tell(Scenario.person({ customer: 1, version: 2, marketing: "denied" }))
      yield* tell(Scenario.answer({ customer: 1, score: 9 }))
      yield* Law.same(yield* changes(), [], "the changes")
    }),
  ),
  Law.make(
    "changes come by time and then by key, no more than were asked for",
    Effect.gen(function* () {
      yield* tell(
        ...[5, 1, 3].map((day) => Scenario.order({ order: `${9 - day}`, day })),
        ...["10", "9", "！", "😀"].map((order) => Scenario.order({ order, day: 2 })),
      )
      const expected = ["8", "10", "9", "！", "😀", "6", "4"].map(orderOf)
      yield* Law.same(
        (yield* changes()).map(({ key }) => key),
        expected,
        "the changes",
      )
      yield* Law.same(
        (yield* changes({ limit: 3 })).map(({ key }) => key),
        expected.slice(0, 3),
        "the first three changes",
      )
    }),
  ),
]

const settlingLaws: ReadonlyArray<Law.Law<FactLog>> = [
  Law.make(
    "settling takes what was read, and leaves what came meanwhile",
    Effect.gen(function* () {
      yield* tell(Scenario.order({ order: 1, customer: 1 }), Scenario.order({ order: 2, customer: 1 }))
      const read = yield* changes()
      yield* tell(Scenario.order({ order: 1, customer: 2, version: 2 }))
      yield* settle(read)
      const left = yield* changes()
      yield* Law.same(
        left.map(({ key }) => key),
        [orderOf(1)],
        "the changes that are left",
      )
      // Settled, changed again, and settled by one who read it before.
      yield* settle(left)
      yield* tell(Scenario.order({ order: 1, customer: 3, version: 3 }))
      yield* settle([...read, ...left])
      yield* Law.same(
        (yield* changes()).map(({ key }) => key),
        [orderOf(1)],
        "the changes after settling twice",
      )
    }),
  ),
  Law.make(
    "facts are put among the changes again, due at the earlier time; those that nobody told of are not",
    Effect.gen(function* () {
      const log = yield* FactLog
      yield* tell(Scenario.order({ order: 1, customer: 1, day: 5 }), Scenario.order({ order: 2, customer: 1, day: 7 }))
      yield* settle((yield* changes()).filter(({ key }) => key === Fact.key(orderOf(2))))
      yield* log.recheck([
        { key: Fact.key(orderOf(1)), at: dayOf(2) },
        { key: Fact.key(orderOf(2)), at: dayOf(8) },
        { key: Fact.key(orderOf(3)), at: dayOf(1) },
      ])
      yield* log.recheck([{ key: Fact.key(orderOf(1)), at: dayOf(9) }])
      const expected = [
        { key: orderOf(1), tag: "OrderPlaced", at: dayOf(2), names: [customerOf(1), orderOf(1)] },
        { key: orderOf(2), tag: "OrderPlaced", at: dayOf(8), names: [customerOf(1), orderOf(2)] },
      ]
      yield* Law.same(shown(yield* changes()), expected, "the changes")
    }),
  ),
  Law.make(
    "of some keys those among the changes that are due are known",
    Effect.gen(function* () {
      const log = yield* FactLog
      yield* tell(...[1, 2, 3].map((order) => Scenario.order({ order, day: order })))
      const changing = (asOf: Instant.Instant) =>
        Effect.map(log.changing({ keys: [1, 3, 4].map((id) => Fact.key(orderOf(id))), asOf }), (keys) =>
          [...keys].sort(),
        )
      yield* Law.same(yield* changing(dayOf(2)), [orderOf(1)], "those due on day 2")
      yield* settle((yield* changes()).slice(0, 1))
      yield* Law.same(yield* changing(dayOf(3)), [orderOf(3)], "those due on day 3, when the first was settled")
    }),
  ),
  Law.make(
    "no tenant finds another's facts by name, is joined by them, or sees their changes",
    Effect.gen(function* () {
      yield* tell(Scenario.person({ customer: 1, email: "ada@example.com" }), Scenario.order({ order: 1, customer: 1 }))
      const read = yield* changes()
      yield* Law.asFreshTenant(
        Effect.gen(function* () {
          const log = yield* FactLog
          const names = [customerOf(1)]
          yield* Law.same(yield* log.mentioning({ names, asOf: forever }), [], "what a name of another tenant finds")
          yield* Law.same(
            yield* log.joined({ handles: names, asOf: forever }),
            [names],
            "who is joined at another tenant",
          )
          yield* Law.same(yield* changes(), [], "the changes of another tenant")
          yield* settle(read)
        }),
      )
      yield* Law.same((yield* changes()).length, 2, "the number of changes after another tenant settled them")
    }),
  ),
]

export const laws: ReadonlyArray<Law.Law<FactLog>> = [...queueLaws, ...settlingLaws]
