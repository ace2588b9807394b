import { assert, describe, it } from "@effect/vitest"
import { Arbitrary } from "effect"
import * as Fact from "../src/fact/Fact.ts"
import * as FactVersion from "../src/fact/FactVersion.ts"
import * as Handle from "../src/id/Handle.ts"
import { integer, oneOf, permutation, runs } from "./Runs.ts"

/** Few keys, versions, ranks and contents, so that every kind of tie occurs. */
const fact: Arbitrary.Arbitrary<Fact.Fact> = Arbitrary.map(
  Arbitrary.all({
    record: integer(0, 2),
    version: integer(0, 3),
    rank: oneOf<number>(Fact.rank.api, Fact.rank.file, Fact.rank.own),
    person: integer(0, 3),
  }),
  ({ person, rank, record, version }): Fact.Fact => ({
    _tag: "Enrolled",
    key: Fact.key(`advocacy:enrolment/${record}`),
    version,
    rank,
    occurredAt: 0,
    program: "refer-a-friend",
    person: Handle.platform("shopify", "customer", `${person}`),
    via: "manual",
  }),
)
const facts = Arbitrary.array(fact, { maxLength: 10 })

const join = (...parts: ReadonlyArray<ReadonlyArray<Fact.Fact>>): ReadonlyArray<Fact.Fact> =>
  [...FactVersion.newest(parts.flat()).values()].sort((left, right) => (left.key < right.key ? -1 : 1))

const shuffled = Arbitrary.flatMap(facts, (all) =>
  Arbitrary.map(permutation(all.length), (order) => ({ all, other: order.flatMap((index) => all[index] ?? []) })),
)

describe("newest is a join of what is known", () => {
  it.prop(
    "commutative",
    [facts, facts],
    ([left, right]) => assert.deepStrictEqual(join(left, right), join(right, left)),
    runs(500),
  )

  it.prop(
    "associative",
    [facts, facts, facts],
    ([one, two, three]) => {
      assert.deepStrictEqual(join(join(one, two), three), join(one, join(two, three)))
    },
    runs(500),
  )

  it.prop(
    "idempotent",
    [facts],
    ([all]) => {
      assert.deepStrictEqual(join(all, all), join(all))
      assert.deepStrictEqual(join(join(all)), join(all))
    },
    runs(500),
  )

  it.prop(
    "the same in every order of arrival",
    [shuffled],
    ([{ all, other }]) => assert.deepStrictEqual(join(other), join(all)),
    runs(500),
  )

  it.prop(
    "one fact for each key, and no other wins over it",
    [facts],
    ([all]) => {
      const newest = FactVersion.newest(all)
      assert.strictEqual(newest.size, new Set(all.map(({ key }) => key)).size)
      for (const told of all) {
        const winner = newest.get(told.key)
        assert.isDefined(winner)
        if (winner !== undefined)
          assert.isAtMost(FactVersion.compare(FactVersion.versioned(told), FactVersion.versioned(winner)), 0)
      }
    },
    runs(500),
  )
})

describe("compare", () => {
  it.prop(
    "is a total order",
    [fact, fact, fact],
    ([one, two, three]) => {
      const [a, b, c] = [FactVersion.versioned(one), FactVersion.versioned(two), FactVersion.versioned(three)]
      assert.strictEqual(Math.sign(FactVersion.compare(a, b)), -Math.sign(FactVersion.compare(b, a)) + 0)
      if (FactVersion.compare(a, b) <= 0 && FactVersion.compare(b, c) <= 0)
        assert.isAtMost(FactVersion.compare(a, c), 0)
    },
    runs(500),
  )

  it.prop(
    "a higher version wins over any rank, a higher rank over any content",
    [fact, fact],
    ([one, two]) => {
      const difference = FactVersion.compare(FactVersion.versioned(one), FactVersion.versioned(two))
      if (one.version !== two.version) assert.strictEqual(Math.sign(difference), Math.sign(one.version - two.version))
      else if (one.rank !== two.rank) assert.strictEqual(Math.sign(difference), Math.sign(one.rank - two.rank))
    },
    runs(500),
  )
})

describe("contentDigest", () => {
  it.prop(
    "is shared by versions that say the same, whatever their version and rank",
    [fact, integer(0, 9), integer(0, 9)],
    ([told, version, rank]) => {
      assert.strictEqual(FactVersion.contentDigest({ ...told, version, rank }), FactVersion.contentDigest(told))
      assert.notStrictEqual(FactVersion.contentDigest({ ...told, occurredAt: 1 }), FactVersion.contentDigest(told))
    },
    runs(200),
  )
})
