import { describe, expect, it } from "@effect/vitest"
import { chance, fit, heldOut } from "../src/statistics/Logistic.ts"
import { normal, uniform } from "./Draws.ts"

/** Hours of study and who passed: the example of the method that is known best. */
const hours = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 1.75, 2, 2.25, 2.5, 2.75, 3, 3.25, 3.5, 4, 4.25, 4.5, 4.75, 5, 5.5]
const passed = [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1].map((one) => one === 1)
const studied = hours.map((one) => [one])

describe("logistic regression", () => {
  it("finds the published coefficients of hours of study", () => {
    const found = fit(studied, passed)
    expect(found?.coefficients).toEqual([expect.closeTo(-4.0777, 3), expect.closeTo(1.5046, 3)])
    expect(found?.standardErrors).toEqual([expect.closeTo(1.761, 3), expect.closeTo(0.6287, 3)])
    expect(found?.logLikelihood).toBeCloseTo(-8.02988, 4)
    if (found === null) return
    expect(chance(found, [2])).toBeCloseTo(0.2557, 3)
  })

  it("without features is the log odds of the share", () => {
    const found = fit([[], [], [], []], [true, false, false, false])
    expect(found).toMatchObject({
      coefficients: [expect.closeTo(Math.log(1 / 3), 9)],
      standardErrors: [expect.closeTo(Math.sqrt(1 / 0.75), 9)],
    })
  })

  it("does not depend on the units of features", () => {
    const plain = fit(studied, passed)
    for (const scale of [1e-12, 1e12]) {
      const found = fit(
        hours.map((one) => [one * scale]),
        passed,
      )
      expect((found?.coefficients[1] ?? 0) * scale).toBeCloseTo(plain?.coefficients[1] ?? NaN, 6)
      expect((found?.standardErrors[1] ?? 0) * scale).toBeCloseTo(plain?.standardErrors[1] ?? NaN, 6)
    }
  })

  it("has no answer where the likelihood has no single maximum", () => {
    const perfect = hours.map((one) => one > 2)
    const oneOnly = hours.map(() => true)
    const twice = hours.map((one) => [one, 2 * one + 1])
    expect([
      fit(studied, perfect),
      fit(studied, oneOnly),
      fit(twice, passed),
      fit([], []),
      fit(
        hours.map(() => [0]),
        passed,
      ),
    ]).toEqual([null, null, null, null, null])
  })

  it("is where every single change loses", () => {
    const next = uniform(17)
    const features = Array.from({ length: 300 }, () => [normal(next), 5 + normal(next), next() < 0.2 ? 1 : 0])
    const outcomes = features.map(([a = 0, , c = 0]) => next() < 1 / (1 + Math.exp(0.5 - a - 2 * c)))
    const found = fit(features, outcomes)
    const likelihood = (coefficients: ReadonlyArray<number>) =>
      features.reduce((sum, row, at) => {
        const logOdds = [1, ...row].reduce((total, value, place) => total + value * (coefficients[place] ?? 0), 0)
        return sum + (outcomes[at] === true ? logOdds : 0) - Math.log1p(Math.exp(logOdds))
      }, 0)
    const best = found?.coefficients ?? []
    expect(likelihood(best)).toBeCloseTo(found?.logLikelihood ?? NaN, 9)
    best.forEach((_, place) => {
      for (const by of [-0.01, 0.01]) {
        expect(likelihood(best.map((one, at) => (at === place ? one + by : one)))).toBeLessThan(likelihood(best))
      }
    })
  })

  it("predicts people from models that have not seen them", () => {
    const folds = hours.map((_, at) => at % 4)
    const found = heldOut(studied, passed, folds)
    const without = fit(
      studied.filter((_, at) => folds[at] !== 1),
      passed.filter((_, at) => folds[at] !== 1),
    )
    expect(found?.[5]).toBe(without === null ? NaN : chance(without, [1.75]))
    expect(
      heldOut(
        studied,
        hours.map((one) => one > 2),
        folds,
      ),
    ).toBe(null)
  })
})
