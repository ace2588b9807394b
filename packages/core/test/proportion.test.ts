import { describe, expect, it } from "@effect/vitest"
import { exactPoisson } from "../src/statistics/EventRate.ts"
import { clopperPearson, newcombe, percentiles, ranks, wilson } from "../src/statistics/Proportion.ts"
import { uniform } from "./Draws.ts"

describe("Wilson's interval", () => {
  // Newcombe 1998, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("of %d in %d is as published", (successes, trials, low, high) => {
    const found = wilson(successes, trials)
    expect(found?.low).toBeCloseTo(low, 4)
    expect(found?.high).toBeCloseTo(high, 4)
  })

  it("is nothing without trials, closed at the ends, and turns round with the question", () => {
    expect(wilson(0, 0)).toBeNull()
    expect([wilson(0, 7)?.low, wilson(7, 7)?.high]).toEqual([0, 1])
    expect(wilson(7, 20)?.low).toBeCloseTo(1 - (wilson(13, 20)?.high ?? 0), 12)
  })
})

describe("the exact interval", () => {
  // Newcombe 1998, table I, method 5.
  it.each([
    [81, 263, 0.2527, 0.3676],
    [15, 148, 0.0578, 0.1617],
    [0, 20, 0, 0.1684],
    [1, 29, 0.0009, 0.1776],
  ])("of %d in %d is as published", (successes, trials, low, high) => {
    const found = clopperPearson(successes, trials)
    expect(found?.low).toBeCloseTo(low, 4)
    expect(found?.high).toBeCloseTo(high, 4)
  })

  it("has the known ends: the rule of three's root, and nothing without trials", () => {
    expect(clopperPearson(0, 30)?.high).toBeCloseTo(1 - 0.025 ** (1 / 30), 13)
    expect(clopperPearson(30, 30)?.low).toBeCloseTo(0.025 ** (1 / 30), 13)
    expect(clopperPearson(0, 0)).toBeNull()
  })

  it("misses at most 5 % of the time for every share, and Wilson's about that often", () => {
    const trials = 25
    let choose = 1
    const ways = Array.from({ length: trials + 1 }, (_, x) => {
      const now = choose
      choose = (choose * (trials - x)) / (x + 1)
      return now
    })
    let wilsons = 0
    for (let step = 1; step < 50; step++) {
      const share = step / 50
      let covered = 0
      for (const [x, way] of ways.entries()) {
        const weight = way * share ** x * (1 - share) ** (trials - x)
        const [exact, score] = [clopperPearson(x, trials), wilson(x, trials)]
        if (exact !== null && exact.low <= share && share <= exact.high) covered += weight
        if (score !== null && score.low <= share && share <= score.high) wilsons += weight / 49
      }
      expect(covered).toBeGreaterThanOrEqual(0.95)
    }
    expect(wilsons).toBeGreaterThan(0.945)
    expect(wilsons).toBeLessThan(0.965)
  })
})

describe("Newcombe's interval of a difference", () => {
  // Newcombe 1998, table II, method 10.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [10, 10, 0, 20, 0.6791, 1],
  ])("of %d in %d against %d in %d is as published", (x1, n1, x2, n2, low, high) => {
    const found = newcombe({ successes: x1, trials: n1 }, { successes: x2, trials: n2 })
    expect(found?.low).toBeCloseTo(low, 4)
    expect(found?.high).toBeCloseTo(high, 4)
  })

  it("turns round with the question, widens with confidence, and is nothing without trials", () => {
    const [a, b] = [
      { successes: 5, trials: 40 },
      { successes: 9, trials: 31 },
    ]
    expect(newcombe(a, b)?.low).toBeCloseTo(-(newcombe(b, a)?.high ?? 0), 14)
    expect(newcombe(a, b, 0.99)?.low).toBeLessThan(newcombe(a, b)?.low ?? -1)
    expect(newcombe(a, { successes: 0, trials: 0 })).toBeNull()
  })
})

it("a rate per time has the exact Poisson interval", () => {
  // Garwood 1936; for example the 10 events of Ulm 1990: 4.795 to 18.39.
  expect(exactPoisson(10, 1)?.low).toBeCloseTo(4.795, 3)
  expect(exactPoisson(10, 2)?.high).toBeCloseTo(18.39 / 2, 2)
  expect(exactPoisson(0, 4)).toEqual({ rate: 0, low: 0, high: expect.closeTo(-Math.log(0.025) / 4, 14) })
  expect(exactPoisson(3, 0)).toBeNull()
})

it("percentiles give equal values their average rank", () => {
  expect(percentiles([10, 30, 20, 20])).toEqual([0.25, 1, 0.625, 0.625])
  expect(percentiles([0, -0, 5, -Infinity])).toEqual([0.625, 0.625, 1, 0.25])
  expect(percentiles([])).toEqual([])
})

it("what is no number has no percentile and does not take those of others", () => {
  expect([...ranks(Float64Array.of(NaN, 2, 1, NaN))]).toEqual([NaN, 0.5, 0.25, NaN])
})

it("percentiles are the mean place among all, counted one by one", () => {
  const next = uniform(11)
  const values = Array.from({ length: 400 }, () => Math.floor(40 * next()) - 20)
  const counted = values.map((value) => {
    const below = values.filter((other) => other < value).length
    const equal = values.filter((other) => other === value).length
    return (below + (equal + 1) / 2) / values.length
  })
  expect(percentiles(values)).toEqual(counted)
})
