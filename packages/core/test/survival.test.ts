/** Survival curves and the log-rank test: Freireich et al. 1963, as in Kleinbaum and Klein and in R's survival. */
import { describe, expect, it } from "vitest"
import { logRank } from "../src/statistics/LogRank.ts"
import { kaplanMeier, medianTime, type Observation, survivalAt } from "../src/statistics/Survival.ts"

const seen = (...times: ReadonlyArray<number>): ReadonlyArray<Observation> =>
  times.map((time) => ({ time: Math.abs(time), event: time > 0 }))

/** Weeks of remission; below zero where observation ended first. */
const treated = seen(6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35)
const placebo = seen(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)

describe("the Kaplan-Meier curve", () => {
  const curve = kaplanMeier(treated)

  it("has the published steps, errors and intervals", () => {
    expect(curve.map(({ atRisk, time }) => [time, atRisk])).toEqual([
      [6, 21],
      [7, 17],
      [10, 15],
      [13, 12],
      [16, 11],
      [22, 7],
      [23, 6],
    ])
    const published = [0.857143, 0.806723, 0.752941, 0.690196, 0.627451, 0.537815, 0.448179]
    for (const [index, survival] of published.entries()) expect(curve[index]?.survival).toBeCloseTo(survival, 6)
    expect(curve[0]?.standardError).toBeCloseTo(0.0763603548321213, 12)
    expect(curve[6]?.low).toBeCloseTo(0.188052005959232, 12)
    expect(curve[6]?.high).toBeCloseTo(0.680142628495241, 12)
    expect(medianTime(curve)).toBe(23)
    expect([survivalAt(curve, 5.9), survivalAt(curve, 6)]).toEqual([1, curve[0]?.survival])
  })

  it("is the plain share left where everybody's event was seen, and ends at zero without an interval", () => {
    const whole = kaplanMeier(placebo)
    for (const { survival, time } of whole) {
      expect(survival).toBeCloseTo(placebo.filter((one) => one.time > time).length / 21, 12)
    }
    expect(whole.at(-1)).toMatchObject({ survival: 0, standardError: null, low: null, high: null })
    expect(medianTime(whole)).toBe(8)
  })

  it("has no steps without events, and the middle of a step at exactly one half", () => {
    expect(kaplanMeier(seen(-3, -4))).toEqual([])
    expect(medianTime(kaplanMeier(seen(3, -4, -5)))).toBeNull()
    expect(medianTime(kaplanMeier(seen(1, 2, 5, 9)))).toBe(3.5)
    expect(medianTime(kaplanMeier(seen(1, 2, -5, -9)))).toBe(2)
  })
})

describe("the log-rank test", () => {
  it("has the published value", () => {
    const found = logRank([treated, placebo])
    expect(found?.chiSquared).toBeCloseTo(16.7929409892165, 10)
    expect(found?.p).toBeCloseTo(4.16880910933948e-5, 14)
    expect(found?.observed).toEqual([9, 21])
    expect(found?.expected[0]).toBeCloseTo(19.2505009480311, 10)
  })

  it("does not depend on the order of groups; more groups, more degrees", () => {
    const [a, b, c] = [treated.slice(0, 12), treated.slice(12), placebo]
    const found = logRank([a, b, c])
    expect(found?.degrees).toBe(2)
    expect(logRank([c, a, b])?.chiSquared).toBeCloseTo(found?.chiSquared ?? 0, 10)
    expect(logRank([b, c])?.chiSquared).toBeCloseTo(logRank([c, b])?.chiSquared ?? 0, 10)
    const both = (found?.observed ?? []).reduce((sum, one) => sum + one, 0)
    expect((found?.expected ?? []).reduce((sum, one) => sum + one, 0)).toBeCloseTo(both, 10)
  })

  it("says nothing where nothing can be compared", () => {
    expect(logRank([treated])).toBeNull()
    expect(logRank([treated, []])).toBeNull()
    expect(logRank([seen(-1, -2), seen(-3)])).toBeNull()
  })
})
