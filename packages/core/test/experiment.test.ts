import { describe, expect, it } from "@effect/vitest"
import { incrementality } from "../src/metric/Incrementality.ts"
import {
  alwaysValid,
  asymptotic,
  halfWidth,
  mixtureP,
  mixtureRho,
  normalMixture,
} from "../src/statistics/ConfidenceSequence.ts"
import { detectable, powerForShares, sizeForMeans, sizeForShares } from "../src/statistics/Power.ts"
import { sampleRatio } from "../src/statistics/SampleRatio.ts"
import { normal, share, uniform } from "./Draws.ts"

describe("the sample ratio", () => {
  it("of Fabijan et al. 2019 has p 1.8e-6", () => {
    expect(sampleRatio([821_588, 815_482])?.p).toBeCloseTo(1.8e-6, 7)
  })

  it("needs no ratio that sums to 1, and is not disturbed by a group that was to be empty", () => {
    const found = sampleRatio([30, 70], [1, 3])
    expect(found).toMatchObject({ statistic: expect.closeTo(4 / 3, 12), degrees: 1 })
    expect(sampleRatio([30, 70, 0], [1, 3, 0])).toEqual(found)
    expect(sampleRatio([30, 70, 1], [1, 3, 0])?.p).toBe(0)
    expect(sampleRatio([60, 30, 10], [6, 3, 1])).toMatchObject({ statistic: 0, degrees: 2, p: 1 })
  })

  it("is unknown without people or groups", () => {
    expect([
      sampleRatio([]),
      sampleRatio([5]),
      sampleRatio([0, 0]),
      sampleRatio([1, 2], [1]),
      sampleRatio([1, 2], [2, -1]),
    ]).toEqual([null, null, null, null, null])
  })
})

describe("the size of an experiment", () => {
  it("is that of R's power.prop.test", () => {
    expect(sizeForShares(0.5, 0.75, { power: 0.9 })).toBeCloseTo(76.7, 1)
    expect(sizeForShares(0.1, 0.12)).toBeCloseTo(3840.85, 2)
    expect(powerForShares(50, 0.5, 0.75)).toBeCloseTo(0.74, 3)
  })

  it("gives back the power that it was made for, and less for one side", () => {
    const size = sizeForShares(0.02, 0.03, { power: 0.7, alpha: 0.01 }) ?? 0
    expect(powerForShares(size, 0.02, 0.03, { alpha: 0.01 })).toBeCloseTo(0.7, 9)
    expect(sizeForShares(0.02, 0.03, { sides: 1 })).toBeLessThan(sizeForShares(0.02, 0.03) ?? 0)
  })

  it("for means is where the detectable difference is the one wanted", () => {
    const size = sizeForMeans(2, 10) ?? 0
    expect(size).toBeCloseTo(392.44, 2)
    expect(detectable(Math.sqrt((2 * 100) / size))).toBeCloseTo(2, 9)
  })

  it("does not exist for no difference", () => {
    expect([
      sizeForShares(0.1, 0.1),
      sizeForShares(-0.1, 0.1),
      sizeForMeans(0, 1),
      sizeForMeans(1, 0),
      powerForShares(0, 0.1, 0.2),
    ]).toEqual([null, null, null, null, null])
    expect([powerForShares(5, 0, 0), powerForShares(5, 0, 1)]).toEqual([0.025, 1])
  })
})

describe("intervals for who looks at any time", () => {
  it("have the boundary of Howard et al. 2021, tightest where asked", () => {
    const rho = mixtureRho(1000)
    expect(normalMixture(1000, rho)).toBeCloseTo(95.98174, 5)
    for (const other of [0.5, 2]) expect(normalMixture(1000, rho * other)).toBeGreaterThan(normalMixture(1000, rho))
  })

  it("have the asymptotic width computed for Hillstrom's e-mail test, tightest after 5,000 people", () => {
    const found = asymptotic(0.769827155895, 0.145246560249, 42_613)
    expect([found?.low, found?.high]).toEqual([expect.closeTo(0.302066, 6), expect.closeTo(1.237589, 6)])
    expect(asymptotic(0, 1, 5000, 5000)?.high).toBeLessThan(asymptotic(0, 1, 5000, 500)?.high ?? 0)
  })

  it("hold at every look in at least 95 of 100 experiments without effect, where looking with 1.96 does not", () => {
    const next = uniform(11)
    let [fooled, peeked, tested] = [0, 0, 0]
    const times = 400
    for (let time = 0; time < times; time++) {
      let [sum, squares] = [0, 0]
      let [out, outNaive] = [false, false]
      const looks = []
      for (let count = 1; count <= 2000; count++) {
        const value = normal(next)
        sum += value
        squares += value * value
        if (count < 100 || count % 50 > 0) continue
        const error = Math.sqrt((squares / count - (sum / count) ** 2) / count)
        const found = asymptotic(sum / count, error, count, 1000)
        if (found === null || found.low > 0 || found.high < 0) out = true
        if (Math.abs(sum / count) > 1.96 * error) outNaive = true
        looks.push({ difference: sum / count, variance: error ** 2, mixingVariance: 0.01 })
      }
      if (out) fooled++
      if (outNaive) peeked++
      if ((alwaysValid(looks).at(-1) ?? 1) < 0.05) tested++
    }
    expect(fooled / times).toBeLessThan(0.05)
    expect(tested / times).toBeLessThan(0.05)
    expect(peeked / times).toBeGreaterThan(0.15)
  })

  it("have p values that never rise, at most 1", () => {
    const look = (difference: number) => ({ difference, variance: 1e-4, mixingVariance: 1e-4 })
    expect(mixtureP(look(0.02))).toBeCloseTo(0.52026, 5)
    expect(alwaysValid([0, 0.04, 0.02, 0.05].map(look))).toEqual([
      1,
      mixtureP(look(0.04)),
      mixtureP(look(0.04)),
      mixtureP(look(0.05)),
    ])
    expect([mixtureP({ ...look(1), variance: 0 }), halfWidth(1, 0, 0.1)]).toEqual([null, null])
  })
})

describe("what was caused", () => {
  const next = uniform(3)
  const group = (size: number, mean: number) => ({ values: Array.from({ length: size }, () => mean + normal(next)) })
  const plan = { treatedShare: 0.5, smallestEffect: 0.3 }

  it("is told with its interval when the draw and the size allow it", () => {
    const found = incrementality(group(500, 1.5), group(500, 1), plan)
    expect(found._tag).toBe("Caused")
    if (found._tag !== "Caused") return
    expect(found.difference.interval.low).toBeGreaterThan(0)
    expect([found.adjusted, found.lift !== null]).toEqual([null, true])
    expect(found.alwaysValid?.low).toBeLessThan(found.difference.interval.low)
    const before = { ...group(500, 1), before: Array.from({ length: 500 }, () => normal(next)) }
    expect(incrementality(before, before, plan)).toMatchObject({ adjusted: { difference: 0 } })
  })

  it("is refused from a broken draw, whatever the figures say", () => {
    expect(incrementality(group(600, 2), group(400, 1), plan)).toMatchObject({ _tag: "SampleRatioMismatch" })
    expect(incrementality(group(600, 2), group(400, 1), { ...plan, treatedShare: 0.6 })._tag).toBe("Caused")
  })

  it("is refused below power, with the number of people that would do", () => {
    const found = incrementality(group(50, 1.5), group(50, 1), plan)
    expect(found._tag).toBe("BelowPower")
    if (found._tag !== "BelowPower") return
    const enough = Math.ceil(found.unitsNeeded / 2)
    expect(
      share(20, () => incrementality(group(enough * 1.3, 1.3), group(enough * 1.3, 1), plan)._tag === "Caused"),
    ).toBe(1)
  })

  it("is unknown without people", () => {
    expect(incrementality(group(0, 0), group(5, 1), plan)).toEqual({ _tag: "NotEnoughData" })
  })
})
