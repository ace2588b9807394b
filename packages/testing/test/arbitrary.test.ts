import * as Fact from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import * as FactLogMemory from "@advocacy-kit/core/fact/FactLogMemory"
import * as Digest from "@advocacy-kit/core/id/Digest"
import { Handle } from "@advocacy-kit/core/id/Handle"
import { Money } from "@advocacy-kit/core/money/Money"
import { assert, describe, expect, it } from "@effect/vitest"
import { Arbitrary, Effect, Layer, Schema, Stream } from "effect"
import process from "node:process"
import * as FactArbitrary from "../src/arbitrary/FactArbitrary.ts"
import * as HandleArbitrary from "../src/arbitrary/HandleArbitrary.ts"
import * as HistoryArbitrary from "../src/arbitrary/HistoryArbitrary.ts"
import * as MoneyArbitrary from "../src/arbitrary/MoneyArbitrary.ts"
import * as Law from "../src/Law.ts"
import * as Scenario from "../src/Scenario.ts"

const runs = (base: number) => {
  const count = Math.max(1, Math.round(base * Number(process.env["ADVOCACY_RUNS_FACTOR"] ?? 1)))
  return { arbitrary: { runs: count }, timeout: 10_000 + count * 50 }
}

/** Through JSON, as a store keeps it. */
const stored = (fact: Fact.Fact): Fact.Fact => Fact.decodeSync(JSON.parse(JSON.stringify(Fact.encode(fact))))

/** The digest of what a fresh log knows after these batches. */
const digestOf = (batches: ReadonlyArray<ReadonlyArray<Fact.Fact>>) =>
  Law.asFreshTenant(
    Effect.gen(function* () {
      const log = yield* FactLog
      for (const facts of batches) yield* log.append({ facts, personal: [] })
      const known = yield* Stream.runCollect(log.newest({ asOf: Scenario.at({ day: 1_000 }) }))
      return Digest.ofLines(known.map((fact) => Digest.canonical(fact)))
    }),
  ).pipe(Effect.provide(Layer.fresh(FactLogMemory.layerMemory)))

const told = Arbitrary.flatMap(HistoryArbitrary.history(), (facts) =>
  Arbitrary.map(HistoryArbitrary.deliveries(facts), (batches) => ({ facts, batches })),
)

describe("arbitraries", () => {
  it.prop(
    "a fact of any kind survives JSON",
    [FactArbitrary.fact],
    ([fact]) => {
      assert.strictEqual(Digest.canonical(stored(fact)), Digest.canonical(fact))
      assert.strictEqual(stored(fact)._tag, fact._tag)
    },
    runs(500),
  )

  it("every kind of fact has an arbitrary", () => {
    const kinds = FactArbitrary.ofEachKind.flatMap((kind) =>
      Effect.runSync(Arbitrary.sampleEffect(kind, { count: 1, seed: 1 })).map(({ _tag }) => _tag),
    )
    assert.deepStrictEqual(kinds.sort(), Fact.Fact.members.map((member) => member.fields._tag.schema.literal).sort())
  })

  it.prop(
    "handles and money satisfy their schemas",
    [HandleArbitrary.handle(), MoneyArbitrary.money],
    ([handle, money]) => {
      assert.strictEqual(Schema.is(Handle)(handle), true)
      assert.strictEqual(Schema.is(Money)(money), true)
    },
    runs(200),
  )

  it.prop(
    "histories are facts, and deliveries hold each of them and nothing else",
    [told],
    ([{ batches, facts }]) => {
      const texts = (all: ReadonlyArray<Fact.Fact>) =>
        [...new Set(all.map((fact) => Digest.canonical(stored(fact))))].sort()
      assert.deepStrictEqual(texts(batches.flat()), texts(facts))
    },
    runs(200),
  )

  it.effect.prop(
    "the log knows the same after any delivery of the same facts",
    [told],
    ([{ batches, facts }]) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* digestOf(batches), yield* digestOf([facts]))
      }),
    runs(500),
  )
})

describe("Scenario", () => {
  it("tells facts that decode, the same each time", () => {
    const story = () => [
      Scenario.person({ customer: 1, email: "ada@example.com" }),
      Scenario.asset({ code: "ada-20", owner: 1, day: 1 }),
      Scenario.invitation({ code: "ADA-20", friend: "zoe@example.com", day: 2 }),
      Scenario.visit({ code: "ADA-20", email: "zoe@example.com", day: 3 }),
      Scenario.order({
        order: 7,
        customer: 2,
        email: "zoe@example.com",
        code: "ADA-20",
        total: "50.00",
        discount: "5.00",
        day: 4,
      }),
      Scenario.order({ order: 7, customer: 2, version: 2, kept: false, day: 4 }),
      Scenario.refund({ order: 7, refund: 1, amount: "50.00", returned: true, day: 9 }),
      Scenario.answer({ customer: 2, score: 9, day: 10 }),
    ]
    assert.deepStrictEqual(story().map(stored), story())
    expect(story()).toMatchObject([
      {},
      { code: "ADA-20", owner: "shopify:customer/1" },
      {},
      {},
      { codes: [{ discountMinor: 500n }] },
      {},
      { otherMinor: 0n },
      {},
    ])
  })

  it("refuses a currency or an amount that does not exist", () => {
    assert.throws(() => Scenario.order({ order: 1, currency: "EURO" }), "is not an ISO 4217 currency code")
    assert.throws(() => Scenario.order({ order: 1, total: "12,50" }), "is not a decimal amount")
  })
})
