import { describe, expect, it } from "@effect/vitest"
import { cuped } from "../src/statistics/CovariateAdjustment.ts"
import { localEffect } from "../src/statistics/InstrumentalVariable.ts"
import { interval, moments, relativeLift, welch } from "../src/statistics/Mean.ts"
import { normal, share, uniform } from "./Draws.ts"

/** Student 1908: hours of sleep gained with two drugs, as in R's `sleep`. */
const drugs = [
  [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2],
  [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
] as const

describe("two means", () => {
  it("are compared as R's t.test does with Student's sleep", () => {
    const found = welch(moments(drugs[0]), moments(drugs[1]))
    expect(found).toMatchObject({
      difference: expect.closeTo(-1.58, 9),
      t: expect.closeTo(-1.8608, 4),
      degrees: expect.closeTo(17.776, 3),
      p: expect.closeTo(0.07939, 5),
      interval: { low: expect.closeTo(-3.3654832, 6), high: expect.closeTo(0.2054832, 6) },
    })
    expect(found?.normalInterval.low).toBeGreaterThan(found?.interval.low ?? 0)
  })

  it("say nothing below two values, and have no t without spread", () => {
    const [one, few] = [moments([1]), moments([2, 3])]
    expect([welch(one, few), welch(few, one), relativeLift(one, few), interval(one)]).toEqual([null, null, null, null])
    expect(welch(moments([1, 1]), moments([2, 2]))).toMatchObject({
      difference: -1,
      standardError: 0,
      t: null,
      p: null,
    })
    expect(moments([]).mean).toBeNaN()
  })

  it("have a lift against the second, unless that is nothing", () => {
    const found = relativeLift(moments([3, 3, 3]), moments([1, 2, 3]))
    // x̄/ȳ² · s/√n = 3/4 · 1/√3
    expect(found).toEqual({ lift: 0.5, standardError: expect.closeTo(Math.sqrt(3) / 4, 12) })
    expect(relativeLift(moments([1, 2]), moments([0, 0]))).toBe(null)
  })

  it("have an interval that holds in 95 of 100 draws, of small groups with unequal spread too", () => {
    const next = uniform(20_261_125)
    const covered = share(1000, () => {
      const draw = (size: number, spread: number) => moments(Array.from({ length: size }, () => spread * normal(next)))
      const found = welch(draw(6, 1), draw(15, 4))
      return found !== null && found.interval.low <= 0 && found.interval.high >= 0
    })
    expect(covered).toBeGreaterThan(0.93)
    expect(covered).toBeLessThan(0.97)
  })
})

describe("adjustment by what was known before", () => {
  const next = uniform(7)
  const group = (effect: number, explained: number) =>
    Array.from({ length: 400 }, () => {
      const covariate = 50 + 10 * normal(next)
      return { covariate, value: explained * covariate + effect + normal(next) }
    })

  it("takes away what the covariate explains, and keeps the effect", () => {
    const [treated, control] = [group(1, 0.5), group(0, 0.5)]
    const found = cuped(treated, control)
    expect(found?.theta).toBeCloseTo(0.5, 1)
    // The noise has variance 1, the explained part 25.
    expect(found?.varianceReduction).toBeGreaterThan(0.94)
    expect(found?.varianceReduction).toBeLessThan(0.98)
    expect(found?.interval.low).toBeLessThan(1)
    expect(found?.interval.high).toBeGreaterThan(1)
  })

  it("says that a covariate which never varies saved nothing", () => {
    const flat = (shift: number) => [1, 2, 4].map((value) => ({ value: value + shift, covariate: 3 }))
    expect(cuped(flat(1), flat(0))).toMatchObject({ theta: 0, varianceReduction: 0, difference: expect.closeTo(1, 12) })
    expect(cuped([{ value: 1, covariate: 1 }], flat(0))).toBe(null)
  })
})

describe("the effect on those whom an encouragement moved", () => {
  const people = (encouraged: boolean, took: number, of: number, each: number) =>
    Array.from({ length: of }, (_, at) => ({ encouraged, taken: at < took ? 1 : 0, outcome: at < took ? each : 0 }))

  it("is the difference in outcomes for each additional one", () => {
    const found = localEffect([...people(true, 6, 10, 20), ...people(false, 1, 10, 20)])
    expect(found).toMatchObject({
      intentionToTreat: expect.closeTo(10, 12),
      firstStage: expect.closeTo(0.5, 12),
      effect: expect.closeTo(20, 12),
      // Everybody's outcome follows exactly from what they did.
      standardError: expect.closeTo(0, 12),
    })
  })

  it("has the robust error of two-stage least squares, by hand", () => {
    const found = localEffect([
      { encouraged: true, taken: 1, outcome: 3 },
      { encouraged: true, taken: 1, outcome: 1 },
      { encouraged: false, taken: 0, outcome: 0 },
      { encouraged: false, taken: 0, outcome: 0 },
    ])
    // Residuals ±1, 0, 0 with z − z̄ = ½: √(2 · ¼)/1.
    expect(found).toMatchObject({ effect: expect.closeTo(2, 12), standardError: expect.closeTo(Math.SQRT1_2, 12) })
  })

  it("is unknown where nobody was moved or nobody was drawn", () => {
    expect([
      localEffect([...people(true, 2, 4, 1), ...people(false, 1, 2, 1)]),
      localEffect(people(true, 1, 2, 1)),
    ]).toEqual([null, null])
  })
})
