/**
 * What every fact log must keep, as laws.
 *
 * Each promise of `FactLog`'s header and members has at least one law here, and each law a store in
 * `broken/FactLogBroken.ts` that breaks it and no other. They look through the port alone.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { type FactBatch, FactLog } from "@advocacy-kit/core/fact/FactLog"
import * as FactVersion from "@advocacy-kit/core/fact/FactVersion"
import * as ByteOrder from "@advocacy-kit/core/id/ByteOrder"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import * as Instant from "@advocacy-kit/core/id/Instant"
import { Arbitrary, Effect, Stream } from "effect"
import * as FactArbitrary from "../arbitrary/FactArbitrary.ts"
import * as Law from "../Law.ts"
import * as Scenario from "../Scenario.ts"
import * as FactChangeLaws from "./FactChangeLaws.ts"
import * as FactNameLaws from "./FactNameLaws.ts"

/** Later than every fact of these laws. */
const forever = Instant.fromIso("9000-01-01T00:00:00Z")

const append = (batch: Partial<FactBatch>) =>
  Effect.flatMap(FactLog, (log) => log.append({ facts: [], personal: [], ...batch }))
const tell = (...facts: ReadonlyArray<Fact.Fact>) => append({ facts })

const newest = (options?: { readonly asOf?: number; readonly tags?: ReadonlyArray<Fact.FactTag> }) =>
  Effect.flatMap(FactLog, (log) => Stream.runCollect(log.newest({ asOf: forever, ...options })))

const checkpoint = (job: string) => Effect.flatMap(FactLog, (log) => log.checkpoint(job))
const personal = (...handles: ReadonlyArray<Handle>) =>
  Effect.flatMap(FactLog, (log) => Effect.map(log.personal(handles), (values) => Object.fromEntries(values)))

const byKey = (facts: ReadonlyArray<Fact.Fact>): ReadonlyArray<Fact.Fact> =>
  [...facts].sort((left, right) => ByteOrder.compare(left.key, right.key))

/** All orders in which three things can arrive. */
const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const

/** That one of three statements about an order is the newest, in whichever order they come. */
const wins = (winner: 0 | 1 | 2, statements: (id: string) => readonly [Fact.Fact, Fact.Fact, Fact.Fact]) =>
  Effect.forEach(
    orders,
    (order) =>
      Effect.gen(function* () {
        const told = statements(order.join(""))
        for (const place of order) yield* tell(told[place])
        const known = (yield* newest()).filter(({ key }) => key === told[0].key)
        yield* Law.same(known, [told[winner]], `the newest after arrival in the order ${order.join(", ")}`)
      }),
    { discard: true },
  )

const withNul: Fact.Fact = Scenario.order({ order: 2, attributes: { note: "before\0after" } })

const statementLaws: ReadonlyArray<Law.Law<FactLog>> = [
  Law.make(
    "a statement that is told again counts as a duplicate, in one batch or in two",
    Effect.gen(function* () {
      const order = Scenario.order({ order: 1 })
      yield* Law.same(
        yield* tell(order, order),
        { recorded: 1, duplicates: 1 },
        "the count of a batch that tells one statement twice",
      )
      yield* Law.same(yield* tell(order), { recorded: 0, duplicates: 1 }, "the count of a batch told before")
    }),
  ),
  Law.make(
    "of two that tell one statement at the same time one records it",
    Effect.gen(function* () {
      const order = Scenario.order({ order: 1 })
      const counts = yield* Effect.all([tell(order), tell(order)], { concurrency: "unbounded" })
      yield* Law.same(
        counts.reduce((sum, { recorded }) => sum + recorded, 0),
        1,
        "the statements that both recorded",
      )
    }),
  ),
  Law.make(
    "the highest version wins in every order of arrival, whatever its rank",
    wins(2, (order) => [
      Scenario.order({ order, version: 1, total: "40" }),
      Scenario.order({ order, version: 2, total: "30" }),
      { ...Scenario.order({ order, version: 3, total: "20" }), rank: Fact.rank.file },
    ]),
  ),
  Law.make(
    "of equal versions the highest rank wins in every order of arrival",
    wins(1, (id) => {
      const order = Scenario.order({ order: id })
      return [{ ...order, rank: Fact.rank.file }, { ...order, rank: Fact.rank.own }, order]
    }),
  ),
  Law.make(
    "of equal versions and ranks the same content wins in every order of arrival",
    wins(2, (order) => {
      const [first, second, third] = ["10", "20", "30"]
        .map((total) => FactVersion.versioned(Scenario.order({ order, total })))
        .sort(FactVersion.compare)
        .map(({ fact }) => fact)
      return [first ?? withNul, second ?? withNul, third ?? withNul]
    }),
  ),
  Law.make(
    "facts of every kind come back exactly as they were told",
    Effect.gen(function* () {
      const samples = yield* Effect.forEach(FactArbitrary.ofEachKind, (kind) =>
        Arbitrary.sampleEffect(kind, { count: 8, seed: 4217, size: 12 }),
      )
      const told = samples.flat().map((fact, index) => ({ ...fact, key: Fact.key(`law:fact/${index}`) }))
      const spelled = Scenario.order({
        order: 1,
        attributes: { composed: "caf\u00e9", decomposed: "cafe\u0301", empty: "", "📦": "🎁 \\ \"'\n\t" },
      })
      yield* append({ facts: [...told, spelled] })
      yield* Law.same(byKey(yield* newest()), byKey([...told, spelled]), "what came back")
    }),
  ),
  Law.make(
    "ids above 2^53 stay apart",
    Effect.gen(function* () {
      const told = [Scenario.order({ order: "9007199254740992" }), Scenario.order({ order: "9007199254740993" })]
      yield* append({ facts: told })
      yield* Law.same(byKey(yield* newest()), told, "two orders whose ids differ by one")
    }),
  ),
  Law.make(
    "amounts beyond 64 bits are exact",
    Effect.gen(function* () {
      const order = Scenario.order({ order: 1, currency: "CLF", total: "12345678901234567890123456.7891" })
      yield* tell(order)
      yield* Law.same(yield* newest(), [order], "the order")
    }),
  ),
  Law.make(
    "a batch of 10,001 facts is stored whole",
    Effect.gen(function* () {
      const visits = Array.from({ length: 10_001 }, (_, index): Fact.Fact => ({
        ...visit,
        key: Fact.key(`law:visit/${index}`),
      }))
      yield* append({ facts: visits })
      yield* Law.same((yield* newest()).length, 10_001, "the number of facts")
    }),
  ),
]

const visit = Scenario.visit({ code: "FRIEND", email: "friend@example.com" })

const readingLaws: ReadonlyArray<Law.Law<FactLog>> = [
  Law.make(
    "a fact counts from the very moment it occurred",
    Effect.gen(function* () {
      const order = Scenario.order({ order: 1, day: 1 })
      yield* tell(order)
      yield* Law.same(yield* newest({ asOf: order.occurredAt }), [order], "what is known as of the moment itself")
      yield* Law.same(yield* newest({ asOf: order.occurredAt - 1 }), [], "what is known a millisecond before")
    }),
  ),
  Law.make(
    "the newest version is chosen first and asked for its time then",
    Effect.gen(function* () {
      const [before, after] = [Scenario.order({ order: 1, day: 1 }), Scenario.order({ order: 1, version: 2, day: 5 })]
      yield* tell(before)
      yield* tell(after)
      yield* Law.same(
        yield* newest({ asOf: Scenario.at({ day: 3 }) }),
        [],
        "what is known when only the older version had occurred",
      )
    }),
  ),
  Law.make(
    "asking for some kinds gives those alone",
    Effect.gen(function* () {
      const [order, person, asset] = [
        Scenario.order({ order: 1 }),
        Scenario.person({ customer: 1 }),
        Scenario.asset({ code: "A", owner: 1 }),
      ]
      yield* tell(order, person, asset)
      yield* Law.same(
        byKey(yield* newest({ tags: ["PersonSeen", "AssetIssued"] })),
        byKey([person, asset]),
        "people and codes",
      )
    }),
  ),
  Law.make(
    "facts come in the byte order of their keys",
    Effect.gen(function* () {
      const ids = ["9", "10", "Z", "a", "b_", "b-", "é", "！", "😀"]
      yield* append({ facts: ids.map((order) => Scenario.order({ order })) })
      const expected = ["10", "9", "Z", "a", "b-", "b_", "é", "！", "😀"].map((id) => Scenario.orderOf(id))
      yield* Law.same(
        (yield* newest()).map(({ key }) => key),
        expected,
        "the keys",
      )
    }),
  ),
  Law.make(
    "facts are found by their keys as they stand at that time, each once and in byte order",
    Effect.gen(function* () {
      const [first, third] = [Scenario.order({ order: "😀", day: 3 }), Scenario.order({ order: "！", day: 5 })]
      const changed = Scenario.order({ order: "😀", version: 2, kept: false, day: 3 })
      yield* tell(first, Scenario.order({ order: 2 }), changed, third)
      const find = (day: number) =>
        Effect.flatMap(FactLog, (log) =>
          log.byKey({
            keys: [first.key, third.key, first.key, Fact.key("shopify:order/never")],
            asOf: Scenario.at({ day }),
          }),
        )
      yield* Law.same(yield* find(9), byKey([changed, third]), "the facts found")
      yield* Law.same(yield* find(4), [changed], "the facts found as at an earlier time")
    }),
  ),
  Law.make(
    "a job's last checkpoint is read back, and no other job's",
    Effect.gen(function* () {
      const cursor = { after: "9007199254740993", page: 3, done: [true, null, "é"] }
      yield* append({ checkpoint: { job: "orders", cursor: { page: 1 } } })
      yield* append({ facts: [visit], checkpoint: { job: "orders", cursor } })
      yield* Law.same(yield* checkpoint("orders"), cursor, "the checkpoint")
      yield* Law.same((yield* checkpoint("customers")) ?? null, null, "the checkpoint of a job that never ran")
    }),
  ),
  Law.make(
    "a personal value is read back by its handle, and a handle without one is absent",
    Effect.gen(function* () {
      const [ada, zoe] = [Scenario.emailOf("ada@example.com"), Scenario.emailOf("zoe@example.com")]
      yield* append({ personal: [{ handle: ada, value: "Ada Müller 🎈" }] })
      yield* Law.same(yield* personal(ada, zoe), { [ada]: "Ada Müller 🎈" }, "the values")
    }),
  ),
]

const refusalLaws: ReadonlyArray<Law.Law<FactLog>> = [
  Law.make(
    "a NUL byte is refused by the name of the fact that holds it",
    Effect.gen(function* () {
      const { reason } = yield* Law.refused(tell(Scenario.order({ order: 1 }), withNul), "a NUL byte in an attribute")
      yield* Law.same(
        reason._tag === "Unstorable" ? reason.key : reason._tag,
        withNul.key,
        "the fact that the error names",
      )
    }),
  ),
  Law.make(
    "half of a surrogate pair is refused by the name of the fact that holds it",
    Effect.gen(function* () {
      const broken = Scenario.order({ order: 2, attributes: { note: "cut\ud83d" } })
      const { reason } = yield* Law.refused(
        tell(Scenario.order({ order: 1 }), broken),
        "half of a surrogate pair in an attribute",
      )
      yield* Law.same(
        reason._tag === "Unstorable" ? reason.key : reason._tag,
        broken.key,
        "the fact that the error names",
      )
    }),
  ),
  Law.make(
    "of a batch that is refused nothing is stored",
    Effect.gen(function* () {
      const handle = Scenario.emailOf("ada@example.com")
      yield* append({ checkpoint: { job: "orders", cursor: { page: 1 } } })
      yield* Law.refused(
        append({
          facts: [Scenario.order({ order: 1 }), withNul, Scenario.order({ order: 3 })],
          personal: [{ handle, value: "Ada" }],
          checkpoint: { job: "orders", cursor: { page: 2 } },
        }),
        "a batch with a NUL byte",
      )
      yield* Law.same(yield* newest(), [], "the facts")
      yield* Law.same(yield* personal(handle), {}, "the personal values")
      yield* Law.same(yield* checkpoint("orders"), { page: 1 }, "the checkpoint")
      const log = yield* FactLog
      yield* Law.same(yield* log.changes({ asOf: forever, limit: 10 }), [], "the changes")
    }),
  ),
  Law.make(
    "no tenant sees another's facts, personal values or checkpoints",
    Effect.gen(function* () {
      const handle = Scenario.emailOf("ada@example.com")
      yield* append({
        facts: [visit],
        personal: [{ handle, value: "Ada" }],
        checkpoint: { job: "orders", cursor: { page: 1 } },
      })
      yield* Law.asFreshTenant(
        Effect.gen(function* () {
          yield* Law.same(yield* newest(), [], "the facts of another tenant")
          yield* Law.same(yield* personal(handle), {}, "the personal values of another tenant")
          yield* Law.same((yield* checkpoint("orders")) ?? null, null, "the checkpoint of another tenant")
          yield* Law.same(yield* tell(visit), { recorded: 1, duplicates: 0 }, "another tenant telling the same")
        }),
      )
    }),
  ),
]

export const laws: ReadonlyArray<Law.Law<FactLog>> = [
  ...statementLaws,
  ...readingLaws,
  ...refusalLaws,
  ...FactNameLaws.laws,
  ...FactChangeLaws.laws,
]
