import { describe, expect, it } from "@effect/vitest"
import { band, isStable } from "../src/metric/AttributionBand.ts"
import { markov } from "../src/metric/MarkovAttribution.ts"
import { shapley, simplifiedShapley } from "../src/metric/ShapleyAttribution.ts"
import {
  credited,
  first,
  type Journey,
  last,
  lastNonDirect,
  linear,
  positionBased,
  timeDecay,
} from "../src/metric/TouchAttribution.ts"

const way = (path: string, conversions = 1, nulls = 0, value = 10 * conversions): Journey => ({
  touches: path === "" ? [] : path.split(" "),
  conversions,
  nulls,
  value,
})
const plain = (found: ReadonlyMap<string, number> | null | undefined) => Object.fromEntries(found ?? [])
const sum = (found: ReadonlyMap<string, number> | null | undefined) =>
  [...(found?.values() ?? [])].reduce((a, b) => a + b, 0)

const ways = [
  way("mail search mail direct", 3, 5),
  way("search", 2, 40),
  way("mail mail", 1, 9),
  way("direct direct", 4, 2),
  way("social search social mail direct", 6, 11),
  way("", 9, 9),
]

describe("rules by place", () => {
  it.each([
    ["first", first, [1, 0, 0, 0]],
    ["last", last, [0, 0, 0, 1]],
    ["last non-direct", lastNonDirect(), [0, 0, 1, 0]],
    ["linear", linear, [0.25, 0.25, 0.25, 0.25]],
    ["position-based", positionBased(), [0.4, 0.1, 0.1, 0.4]],
  ] as const)("%s", (_, rule, shares) => {
    expect(rule(["mail", "search", "mail", "direct"])).toEqual(shares.map((one) => expect.closeTo(one, 12)))
    expect(rule(["direct"])).toEqual([1])
    expect(rule([])).toEqual([])
  })

  it("position-based gives halves to two touches; last non-direct falls back to the last", () => {
    expect(positionBased()(["a", "b"])).toEqual([0.5, 0.5])
    expect(lastNonDirect()(["direct", "direct"])).toEqual([0, 1])
    expect(lastNonDirect("none")(["direct", "none"])).toEqual([1, 0])
  })

  it("time decay halves with every half-life, however long ago all of it was", () => {
    expect(timeDecay([14, 7, 0])).toEqual([1 / 7, 2 / 7, 4 / 7].map((one) => expect.closeTo(one, 12)))
    expect(timeDecay([80_014, 80_007, 80_000])).toEqual([1 / 7, 2 / 7, 4 / 7].map((one) => expect.closeTo(one, 12)))
    expect(timeDecay([30, 0], 30)).toEqual([1 / 3, 2 / 3].map((one) => expect.closeTo(one, 12)))
    expect(timeDecay([])).toEqual([])
  })

  it("every rule gives away exactly what converted after a touch", () => {
    const rules = { first, last, lastNonDirect: lastNonDirect(), linear, positionBased: positionBased() }
    for (const rule of Object.values(rules)) {
      expect(sum(credited(ways, rule))).toBeCloseTo(16, 9)
      expect(sum(credited(ways, rule, "value"))).toBeCloseTo(160, 9)
    }
    expect(plain(credited(ways, last))).toEqual({ mail: 1, search: 2, direct: 13, social: 0 })
  })
})

describe("Markov attribution", () => {
  it("is what one finds by hand", () => {
    // a leads to b in half of the journeys, b converts in half: without a nothing starts, without b nothing ends well.
    const found = markov([way("a b", 1, 0), way("a", 0, 1)])
    expect(found?.baseConversionRate).toBeCloseTo(0.5, 12)
    expect(plain(found?.removalEffects)).toEqual({ a: expect.closeTo(1, 12), b: expect.closeTo(1, 12) })
    // Half of the conversions pass a, a third c alone.
    const apart = markov([way("a", 2, 2), way("c", 1, 3)])
    expect(plain(apart?.removalEffects)).toEqual({ a: expect.closeTo(2 / 3, 12), c: expect.closeTo(1 / 3, 12) })
    expect(plain(apart?.attributed)).toEqual({ a: expect.closeTo(2, 12), c: expect.closeTo(1, 12) })
  })

  it("gives away all conversions and all value, in any order of the chain and of the journeys", () => {
    for (const order of [1, 2, 3, 5]) {
      const found = markov(ways, order)
      expect([sum(found?.attributed), sum(found?.attributedValue)]).toEqual([
        expect.closeTo(16, 9),
        expect.closeTo(160, 9),
      ])
      for (const [channel, effect] of markov(ways.toReversed(), order)?.removalEffects ?? []) {
        expect(effect).toBeCloseTo(found?.removalEffects.get(channel) ?? Number.NaN, 12)
        expect(effect).toBeGreaterThanOrEqual(0)
        expect(effect).toBeLessThanOrEqual(1 + 1e-12)
      }
    }
  })

  it("agrees with the journeys themselves once the order holds every journey whole", () => {
    // Each journey is then one state: an effect is the share of conversions whose journey has the channel.
    const found = markov(ways, 5)
    expect(found?.baseConversionRate).toBeCloseTo(16 / 83, 12)
    expect(found?.removalEffects.get("mail")).toBeCloseTo(10 / 16, 12)
    expect(found?.removalEffects.get("direct")).toBeCloseTo(13 / 16, 12)
  })

  it("knows nothing without conversions, and takes no broken order", () => {
    expect([markov([]), markov([way("a", 0, 5)]), markov([way("", 5)]), markov(ways, 0), markov(ways, 1.5)]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ])
  })

  it("keeps channels apart whatever they are called", () => {
    expect(markov([way("a,b", 1, 1), way("a b", 1, 3)], 2)?.removalEffects.get("a,b")).toBeCloseTo(0.5, 12)
  })
})

describe("Shapley attribution", () => {
  it("divides the fare of the taxi as published", () => {
    const fares = { A: 6, B: 12, C: 42 }
    const found = shapley(["A", "B", "C"], (riders) =>
      Math.max(0, ...riders.map((one) => fares[one as "A" | "B" | "C"])),
    )
    expect(plain(found)).toEqual({ A: expect.closeTo(2, 12), B: expect.closeTo(5, 12), C: expect.closeTo(35, 12) })
  })

  it("splits a journey over its distinct channels, as the exact one does where combinations are worth their journeys", () => {
    const channels = ["mail", "search", "direct", "social"]
    const exact = shapley(channels, (members) =>
      ways
        .filter(({ touches }) => touches.length > 0 && touches.every((touch) => members.includes(touch)))
        .reduce((total, { conversions }) => total + conversions, 0),
    )
    for (const [channel, share] of simplifiedShapley(ways)) expect(share).toBeCloseTo(exact?.get(channel) ?? -1, 9)
    expect(sum(simplifiedShapley(ways, "value"))).toBeCloseTo(160, 9)
  })

  it("gives nothing to who adds nothing, the same to equals, and refuses too many players", () => {
    const found = shapley(["a", "b", "idle"], (members) => (members.includes("a") && members.includes("b") ? 8 : 0))
    expect(plain(found)).toEqual({ a: expect.closeTo(4, 12), b: expect.closeTo(4, 12), idle: 0 })
    expect(plain(shapley([], () => 0))).toEqual({})
    expect(
      shapley(
        Array.from({ length: 21 }, (_, at) => String(at)),
        () => 0,
      ),
    ).toBe(null)
  })
})

describe("a band over rules", () => {
  it("runs from the least to the most that a rule credits", () => {
    const found = band([credited(ways, first), credited(ways, last), new Map([["radio", 2]])])
    expect(found.get("direct")).toEqual({ low: 0, high: 13 })
    expect(found.get("radio")).toEqual({ low: 0, high: 2 })
    expect([isStable(1200, 2), isStable(1199, 2), isStable(0, 0)]).toEqual([true, false, false])
  })
})
