/**
 * What every ledger's outbox must keep, as laws.
 *
 * Effects are planned with the postings that ask for them, begun once, and never lost. How they are taken under a lease is
 * in `OutboxLeaseLaws.ts`. Each law has a store in `broken/OutboxBroken.ts` that breaks it and no other.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import * as ByteOrder from "@advocacy-kit/core/id/ByteOrder"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { type EffectKey, plannedRow, State } from "@advocacy-kit/core/ledger/OutboundEffect"
import type { Change, Move } from "@advocacy-kit/core/ledger/Outbox"
import { Effect, Stream } from "effect"
import * as Law from "../Law.ts"
import { commit, keyOf, revision, reward } from "../PostingScenario.ts"
import * as Scenario from "../Scenario.ts"
import * as OutboxLeaseLaws from "./OutboxLeaseLaws.ts"

const move = (options: Move) =>
  Effect.flatMap(Ledger, (ledger) => Effect.map(ledger.move(options), (moved) => [...moved].sort()))
const effects = (options: Parameters<Ledger["Service"]["effects"]>[0]) =>
  Effect.flatMap(Ledger, (ledger) => ledger.effects(options))
const keysIn = (state: State) =>
  Effect.map(effects({ states: [state] }), (rows) => rows.map(({ effect }) => effect.key).sort())

const facts = Effect.flatMap(FactLog, (log) => Stream.runCollect(log.newest({ asOf: Scenario.at({ day: 1_000 }) })))

/** What is recorded when the fulfilment of an order's reward begins. */
const committed = (order: number | string): Fact.RewardCommitted => ({
  _tag: "RewardCommitted",
  key: Fact.key(`advocacy:commitment/${order}`),
  version: 0,
  rank: Fact.rank.own,
  occurredAt: Scenario.at({ day: 15 }),
  credit: keyOf(order),
  ordinal: 1,
  beneficiary: Scenario.customerOf(1),
  unit: "EUR",
  amountMinor: 2_000n,
  terms: "0".repeat(64),
})

const orders = [1, 2, 3] as const
const [first, second, third] = [reward({ order: 1 }), reward({ order: 2 }), reward({ order: 3 })]

/** A change that is due where its state must be. */
const change = (key: EffectKey, to: State, told: Partial<Change> = {}): Change => ({
  key,
  attempt: 0,
  to,
  dueAt: to === "planned" || to === "sending" ? Scenario.at({ day: 20 }) : null,
  ...told,
})
const begin = (...keys: ReadonlyArray<EffectKey>) =>
  move({ changes: keys.map((key) => change(key, "sending")), from: ["planned"] })

type Stores = Ledger | FactLog

const planningLaws: ReadonlyArray<Law.Law<Stores>> = [
  Law.make(
    "a planned effect comes back exactly as it was planned",
    Effect.gen(function* () {
      yield* commit({ revisions: [revision({ order: 1 })], effects: [first] })
      yield* Law.same(yield* effects({ states: ["planned"] }), [plannedRow(first)], "the planned effects")
    }),
  ),
  Law.make(
    "effects of every state that is asked for are given, and of no other",
    Effect.gen(function* () {
      yield* commit({ effects: [first, second, third] })
      yield* begin(second.key, third.key)
      yield* move({ changes: [change(third.key, "confirmed")], from: ["sending"] })
      const rows = yield* effects({ states: ["planned", "sending"] })
      yield* Law.same(
        rows.map(({ effect }) => effect.key).sort(),
        [first.key, second.key].sort(),
        "the planned and the sending",
      )
    }),
  ),
  Law.make(
    "effects come in the byte order of their keys",
    Effect.gen(function* () {
      const rewards = ["😀", "！", "é", "a", "Z", "9", "10"].map((order) => reward({ order }))
      yield* commit({ effects: rewards })
      const expected = rewards.map(({ key }) => key).sort(ByteOrder.compare)
      yield* Law.same(
        (yield* effects({ states: ["planned"] })).map(({ effect }) => effect.key),
        expected,
        "the keys",
      )
    }),
  ),
  Law.make(
    "no more effects than the limit are given",
    Effect.gen(function* () {
      yield* commit({ effects: [first, second, third] })
      yield* Law.same((yield* effects({ states: ["planned"], limit: 2 })).length, 2, "the number of effects")
    }),
  ),
  Law.make(
    "effects go on behind the key that is named",
    Effect.gen(function* () {
      const rewards = ["a", "Z", "😀"].map((order) => reward({ order }))
      yield* commit({ effects: rewards })
      const [, ...rest] = rewards.map(({ key }) => key).sort(ByteOrder.compare)
      const [after] = rewards.map(({ key }) => key).sort(ByteOrder.compare)
      yield* Law.same(
        (yield* effects({ states: ["planned"], ...(after === undefined ? {} : { after }) })).map(
          ({ effect }) => effect.key,
        ),
        rest,
        "the keys behind the first",
      )
    }),
  ),
  Law.make(
    "planning again replaces what has not begun",
    Effect.gen(function* () {
      const lower = reward({ order: 1, amountMinor: 1_500n })
      yield* commit({ effects: [first, second] })
      yield* commit({ effects: [lower], undo: [second.key] })
      yield* commit({ effects: [second] })
      const rows = yield* effects({ states: ["planned"] })
      const amounts = Object.fromEntries(
        rows.map(({ effect }) => [effect.key, "amountMinor" in effect ? effect.amountMinor : null]),
      )
      yield* Law.same(amounts, { [lower.key]: 1_500n, [second.key]: 2_000n }, "the planned amounts")
    }),
  ),
  Law.make(
    "planning again leaves what has begun as it is",
    Effect.gen(function* () {
      yield* commit({ effects: [first] })
      yield* begin(first.key)
      yield* commit({ effects: [first] })
      yield* Law.same(yield* keysIn("sending"), [first.key], "the sending effects")
      yield* Law.same(yield* keysIn("planned"), [], "the planned effects")
    }),
  ),
  Law.make(
    "undo takes back what is planned",
    Effect.gen(function* () {
      yield* commit({ effects: [first, second] })
      yield* commit({ undo: [first.key] })
      yield* Law.same(yield* keysIn("planned"), [second.key], "the planned effects")
    }),
  ),
  Law.make(
    "a commit that undoes what has begun is refused whole",
    Effect.gen(function* () {
      yield* commit({ effects: [first, second] })
      yield* begin(second.key)
      yield* Law.refused(commit({ undo: [first.key, second.key] }), "an undo of what is being sent")
      yield* Law.same(yield* keysIn("planned"), [first.key], "the planned effects")
      yield* Law.same(yield* keysIn("sending"), [second.key], "the sending effects")
    }),
  ),
  Law.make(
    "every effect that was created is in exactly one state",
    Effect.gen(function* () {
      const rewards = State.literals.map((_, index) => reward({ order: index }))
      yield* commit({ effects: rewards })
      for (const [index, { key }] of rewards.entries()) {
        const to = State.literals[index] ?? "planned"
        if (to === "undone") yield* commit({ undo: [key] })
        else if (to !== "planned") yield* move({ changes: [change(key, to)], from: ["planned"] })
      }
      const found = yield* Effect.forEach(State.literals, keysIn)
      yield* Law.same(found.flat().sort(), rewards.map(({ key }) => key).sort(), "the effects of all states together")
    }),
  ),
]

const movingLaws: ReadonlyArray<Law.Law<Stores>> = [
  Law.make(
    "move answers the keys that were where it looked, and the others stay as they are",
    Effect.gen(function* () {
      yield* commit({ effects: [first, second] })
      yield* begin(second.key)
      yield* move({ changes: [change(second.key, "confirmed")], from: ["sending"] })
      const never = reward({ order: "never" }).key
      yield* Law.same(yield* begin(first.key, second.key, never), [first.key], "the keys that were moved")
      yield* Law.same(yield* keysIn("confirmed"), [second.key], "the confirmed effects")
    }),
  ),
  Law.make(
    "of two that move one effect at the same time exactly one is told so",
    Effect.gen(function* () {
      yield* commit({ effects: [first] })
      const told = yield* Effect.all([begin(first.key), begin(first.key)], { concurrency: "unbounded" })
      yield* Law.same(told.flat(), [first.key], "the keys that both moved")
    }),
  ),
  Law.make(
    "a move changes what it names, and everything else stays",
    Effect.gen(function* () {
      const [soon, late] = [Scenario.at({ day: 21 }), Scenario.at({ day: 22 })]
      yield* commit({ effects: [first, second] })
      yield* begin(first.key, second.key)
      yield* move({
        changes: [
          change(first.key, "unknown", { dueAt: soon, note: "timed out", unanswered: 3, goneAt: late }),
          change(second.key, "unknown", { note: "lost é" }),
        ],
        from: ["sending"],
      })
      yield* move({
        changes: [change(first.key, "unknown", { dueAt: late }), change(second.key, "planned", { note: null })],
        from: ["unknown"],
      })
      yield* Law.same(
        (yield* effects({ states: ["unknown", "planned"] })).map(({ effect, ...row }) => [effect.key, row]),
        [
          [first.key, { state: "unknown", attempts: 0, dueAt: late, note: "timed out", unanswered: 3, goneAt: late }],
          [
            second.key,
            {
              state: "planned",
              attempts: 0,
              dueAt: Scenario.at({ day: 20 }),
              note: null,
              unanswered: 0,
              goneAt: null,
            },
          ],
        ],
        "the effects",
      )
    }),
  ),
  Law.make(
    "move stores facts for the keys that it moved and for no other",
    Effect.gen(function* () {
      yield* commit({ effects: [first, second] })
      yield* begin(second.key)
      yield* move({
        changes: [change(first.key, "sending"), change(second.key, "sending")],
        from: ["planned"],
        facts: (moved) => ({
          facts: orders.filter((order) => moved.has(reward({ order }).key)).map(committed),
          personal: [],
        }),
      })
      yield* Law.same(yield* facts, [committed(1)], "the facts")
    }),
  ),
  Law.make(
    "when its facts cannot be stored nothing moves",
    Effect.gen(function* () {
      yield* commit({ effects: [first] })
      const unstorable = { facts: [committed(1), { ...committed(2), terms: "before\0after" }], personal: [] }
      const exit = yield* Effect.exit(
        move({ changes: [change(first.key, "sending")], from: ["planned"], facts: () => unstorable }),
      )
      yield* Law.same(exit._tag, "Failure", "the outcome")
      yield* Law.same(yield* keysIn("planned"), [first.key], "the planned effects")
      yield* Law.same(yield* facts, [], "the facts")
    }),
  ),
]

export const laws: ReadonlyArray<Law.Law<Stores>> = [...planningLaws, ...movingLaws, ...OutboxLeaseLaws.laws]
