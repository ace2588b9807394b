import { describe, expect, it } from "@effect/vitest"
import type { ValueAdjusted } from "../src/fact/Fact.ts"
import * as Facts from "../src/fact/Fact.ts"
import { correction, publication } from "../src/program/Program.ts"
import * as Reward from "../src/reward/Reward.ts"
import { committed, creditOf, customer, day, order, program, tell, verdict, visit } from "./Story.ts"

const bare = { codes: [] }
const shared = (percentOfOrder: number) => program({ terms: "asShared", advocate: Reward.discount({ percentOfOrder }) })
const [ten, twenty, thirty] = [shared(10), shared(20), shared(30)]
/** Ada's link was followed under `ten`, a day before `twenty` came into force; the purchase is of day 0. */
const touched = [publication(twenty, day(-2)), visit("ADA", customer(2), day(-3)), order(1, bare)]

describe("terms as shared", () => {
  it("are those of the deciding touch", () => {
    expect(verdict(tell(touched, { program: ten }))).toBe("credited - clear 1000")
  })

  it("give way to a correction of purchases, and take no notice of one that covers only the touch", () => {
    const reviewed = { at: day(5), by: "sam", reason: "promised" }
    const ofPurchase = correction(thirty, { ...reviewed, from: day(0), until: day(1) })
    expect(verdict(tell([...touched, ofPurchase], { program: ten }))).toBe("credited - clear 3000")
    const ofTouch = correction(thirty, { ...reviewed, from: day(-4), until: day(-2) })
    expect(verdict(tell([...touched, ofTouch], { program: ten }))).toBe("credited - clear 1000")
  })

  it("stay those of a commitment when an earlier or later touch is told of after it", () => {
    const evaluation = tell([...touched, visit("ADA", customer(2), day(-1)), committed(1, { terms: ten.hash })], {
      program: ten,
    })
    expect([verdict(evaluation), creditOf(evaluation)?.terms]).toEqual(["credited - clear 1000", ten.hash])
  })
})

describe("a commitment", () => {
  it("keeps its terms also where the version in force was published twice, or a correction names it again", () => {
    const [old, now] = [program(), program({ advocate: Reward.discount({ percentOfOrder: 20 }) })]
    const again = correction(now, { from: day(5), until: day(6), at: day(7), by: "sam", reason: "promised" })
    const handedOver = [order(1), committed(1, { terms: old.hash, amountMinor: 1_000n })]
    for (const more of [[], [publication(now, day(9))], [again]]) {
      const evaluation = tell([publication(now, day(-1)), ...more, ...handedOver], { program: old })
      expect([verdict(evaluation), creditOf(evaluation)?.terms]).toEqual(["credited - clear 1000", old.hash])
    }
  })
})

it("terms as shared say which kinds of conversion count, too", () => {
  const deals = program({ terms: "asShared", conversions: ["deal"] })
  const facts = [publication(deals, day(-2)), visit("ADA", customer(2), day(-3)), order(1, bare)]
  expect(verdict(tell(facts, { program: ten }))).toBe("credited - clear 1000")
  expect(verdict(tell([publication(ten, day(-2)), ...facts.slice(1)], { program: deals }))).toBe("none")
})

it("what was given by hand keeps the terms of its time", () => {
  const gift: ValueAdjusted = {
    _tag: "ValueAdjusted",
    key: Facts.key("advocacy:adjust/1"),
    version: 0,
    rank: 200,
    occurredAt: day(1),
    program: "refer",
    person: customer(2),
    unit: "points:refer",
    amountMinor: 5n,
    lots: [],
    by: "sam",
    reason: "sorry",
  }
  const given = [...tell([gift, publication(twenty, day(50))], { program: ten }).credits.values()]
  expect(given.map(({ terms }) => terms)).toEqual([ten.hash])
})
