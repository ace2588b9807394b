/**
 * Special functions and distributions, against printed tables and against each other.
 *
 * Values with many digits: Abramowitz and Stegun (1964), tables 6.1, 26.1, 26.2, 26.8 and 26.10, and mpmath at 40 digits.
 */
import { describe, expect, it } from "vitest"
import * as Beta from "../src/statistics/Beta.ts"
import * as ChiSquared from "../src/statistics/ChiSquared.ts"
import * as Gamma from "../src/statistics/Gamma.ts"
import * as Normal from "../src/statistics/Normal.ts"
import * as Root from "../src/statistics/Root.ts"
import * as StudentT from "../src/statistics/StudentT.ts"

const relative = (found: number, wanted: number) => Math.abs(found / wanted - 1)

describe("gamma and beta", () => {
  it("logarithms of known values", () => {
    expect(Gamma.logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 14)
    expect(relative(Gamma.logGamma(101), 363.7393755555635)).toBeLessThan(1e-14)
    expect([Gamma.logGamma(1), Gamma.logGamma(2), Gamma.logGamma(0)]).toEqual([0, 0, Infinity])
    expect(Gamma.logGamma(-1.5)).toBeNaN()
    expect(Beta.logBeta(3, 4)).toBeCloseTo(Math.log(1 / 60), 14)
    // Differences of logarithms of gamma functions would lose eight digits here.
    expect(relative(Beta.logBeta(0.5, 1e6), -6.3353902110574385)).toBeLessThan(1e-15)
  })

  it("logarithms keep the recurrences Γ(x + 1) = x Γ(x) and B(a + 1, b) = B(a, b) a / (a + b)", () => {
    for (const x of [1e-6, 0.3, 4.7, 9.5, 9.999, 10.2, 77.7, 12345.6]) {
      expect(Math.abs(Gamma.logGamma(x + 1) - Gamma.logGamma(x) - Math.log(x))).toBeLessThan(1e-15 * (10 + 12 * x))
      for (const b of [0.4, 9.9, 10.1, 3000]) {
        const step = Beta.logBeta(x + 1, b) - Beta.logBeta(x, b)
        expect(Math.abs(step - Math.log(x / (x + b)))).toBeLessThan(2e-12)
      }
    }
  })

  it("incomplete integrals: series, fraction and both tails agree", () => {
    expect(relative(Gamma.lower(1, 2), 1 - Math.exp(-2))).toBeLessThan(1e-15)
    expect(relative(Gamma.upper(50, 250), 1.720121005369537e-54)).toBeLessThan(1e-13)
    expect(Gamma.lower(3, 0)).toBe(0)
    expect(Gamma.upper(3, Infinity)).toBe(0)
    for (const shape of [0.2, 1, 9.9, 10, 400]) {
      for (const x of [shape * 0.3, shape, shape + 0.999, shape + 1.001, shape * 3]) {
        expect(Gamma.lower(shape, x) + Gamma.upper(shape, x)).toBeCloseTo(1, 13)
        // P(s + 1, x) = P(s, x) − xˢ e⁻ˣ / Γ(s + 1), across the border of series and fraction.
        const step = Math.exp(shape * Math.log(x) - x - Gamma.logGamma(shape + 1))
        expect(Gamma.lower(shape, x) - Gamma.lower(shape + 1, x)).toBeCloseTo(step, 12)
      }
    }
    expect(Beta.lower(2, 3, 0.4)).toBeCloseTo(0.5248, 14)
    expect(Beta.lower(0.5, 0.5, 0.25)).toBeCloseTo(1 / 3, 14)
    expect(Beta.upper(1, 20, 0.1)).toBeCloseTo(0.9 ** 20, 15)
    expect([Beta.lower(2, 2, 0), Beta.lower(2, 2, 1)]).toEqual([0, 1])
    expect(Beta.lower(0, 2, 0.5)).toBeNaN()
  })
})

describe("distributions", () => {
  it("normal: table values, far tail, quantile", () => {
    expect(Normal.cumulative(1)).toBeCloseTo(0.8413447460685429, 14)
    expect(relative(Normal.upperTail(12), 1.7764821120776914e-33)).toBeLessThan(1e-13)
    expect(Normal.twoSided(1.959963984540054)).toBeCloseTo(0.05, 15)
    expect(Normal.quantile(0.975)).toBeCloseTo(1.959963984540054, 14)
    expect(relative(Normal.quantile(1e-20), -9.262340089798409)).toBeLessThan(1e-14)
    expect([Normal.quantile(0), Normal.quantile(0.5), Normal.quantile(1)]).toEqual([-Infinity, 0, Infinity])
    expect(Normal.quantile(1.01)).toBeNaN()
  })

  it("Student's t: the printed 97.5 % points, heavy tails, many degrees", () => {
    for (const [degrees, point] of [
      [1, 12.706],
      [2, 4.303],
      [10, 2.228],
      [30, 2.042],
      [120, 1.98],
    ] as const) {
      expect(StudentT.quantile(0.975, degrees)).toBeCloseTo(point, 3)
    }
    expect(StudentT.cumulative(2, 10)).toBeCloseTo(0.9633059826146299, 14)
    // One degree is Cauchy's distribution.
    expect(relative(StudentT.upperTail(1e8, 1), 1 / (Math.PI * 1e8))).toBeLessThan(1e-14)
    expect(StudentT.twoSided(2, 1e7)).toBeCloseTo(0.04550029089184295, 10)
    expect(StudentT.quantile(0.975, Infinity)).toBe(Normal.quantile(0.975))
    expect(StudentT.quantile(0.5, 3)).toBe(0)
  })

  it("chi-squared: the printed 95 % points and a published p value", () => {
    expect(ChiSquared.quantile(0.95, 1)).toBeCloseTo(3.841458820694124, 12)
    expect(ChiSquared.quantile(0.95, 10)).toBeCloseTo(18.307, 3)
    expect(ChiSquared.cumulative(2, 2)).toBeCloseTo(1 - Math.exp(-1), 14)
    expect(relative(ChiSquared.upperTail(16.7929409892165, 1), 4.16880910933948e-5)).toBeLessThan(1e-11)
  })

  it("quantiles undo the shares", () => {
    for (const probability of [1e-9, 0.001, 0.2, 0.5, 0.8, 0.999]) {
      for (const [a, b] of [
        [0.4, 0.7],
        [3, 17],
        [900, 40],
      ] as const) {
        expect(relative(Beta.lower(a, b, Beta.quantile(probability, a, b)), probability)).toBeLessThan(1e-9)
        expect(relative(ChiSquared.cumulative(ChiSquared.quantile(probability, a), a), probability)).toBeLessThan(1e-12)
        expect(relative(StudentT.cumulative(StudentT.quantile(probability, b), b), probability)).toBeLessThan(1e-11)
      }
      expect(relative(Normal.cumulative(Normal.quantile(probability)), probability)).toBeLessThan(1e-12)
    }
  })
})

it("a root is found, or not claimed", () => {
  expect(Root.between((x) => x * x * x - 2, 0, 2)).toBeCloseTo(2 ** (1 / 3), 15)
  expect(Root.between((x) => x - 1e-12, 0, 1)).toBeCloseTo(1e-12, 26)
  expect(Root.between((x) => x * x + 1, -1, 1)).toBeNull()
  expect(Root.between((x) => x, 0, 1)).toBe(0)
})
