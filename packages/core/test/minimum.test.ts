/** The minimiser, maximum likelihood by it, and Gauss's hypergeometric function. */
import { describe, expect, it } from "vitest"
import * as Hypergeometric from "../src/statistics/Hypergeometric.ts"
import { maximise } from "../src/statistics/Likelihood.ts"
import { covariance, hessian, minimum } from "../src/statistics/Minimum.ts"
import { logIntegral } from "../src/statistics/Quadrature.ts"

describe("the minimiser", () => {
  it("comes down Rosenbrock's valley and a badly scaled bowl", () => {
    const valley = minimum(([x = 0, y = 0]) => 100 * (y - x * x) ** 2 + (1 - x) ** 2, [-1.2, 1])
    expect(valley.converged).toBe(true)
    expect(valley.at[0]).toBeCloseTo(1, 6)
    expect(valley.at[1]).toBeCloseTo(1, 6)
    const bowl = minimum(([x = 0, y = 0, z = 0]) => 1e4 * (x - 3) ** 2 + (y + 2) ** 2 + 1e-3 * (z - 5) ** 2, [0, 0, 0])
    expect(bowl.at[0]).toBeCloseTo(3, 5)
    expect(bowl.at[1]).toBeCloseTo(-2, 5)
    expect(bowl.at[2]).toBeCloseTo(5, 2)
  })

  it("turns back from where the function has no value", () => {
    const found = minimum(([x = 0]) => (x <= 0 ? NaN : x - Math.log(x)), [30], { longest: 100 })
    expect(found.at[0]).toBeCloseTo(1, 6)
    expect(found.converged).toBe(true)
  })

  it("does not claim a minimum where there is none, and stays where it is if it is there", () => {
    expect(minimum(([x = 0]) => -x, [0], { iterations: 50 }).converged).toBe(false)
    expect(minimum(([x = 0]) => x * x, [0])).toMatchObject({ at: [0], value: 0, converged: true })
  })

  it("knows the curvature, and that a flat direction has no variance", () => {
    const [[a = 0, b = 0] = [], [, d = 0] = []] = hessian(([x = 0, y = 0]) => x * x + 3 * x * y + 5 * y * y, [1, 2])
    expect(a).toBeCloseTo(2, 6)
    expect(b).toBeCloseTo(3, 6)
    expect(d).toBeCloseTo(10, 6)
    expect(covariance(([x = 0]) => x * x, [0, 0], 10)).toBeNull()
    expect(covariance(([x = 0]) => x * x, [0], 10)?.[0]?.[0]).toBeCloseTo(1 / 20, 8)
  })
})

describe("maximum likelihood", () => {
  it("of exponential waiting times is their mean, with its known error", () => {
    const times = [0.3, 1.1, 2.7, 0.8, 4.2, 1.9]
    const total = times.reduce((sum, time) => sum + time, 0)
    const found = maximise(([mean = 1]) => -times.length * Math.log(mean) - total / mean, ["mean"], [[1]], times.length)
    expect(found.parameters?.[0]).toBeCloseTo(total / 6, 7)
    if (found.parameters === null) return
    expect(found.standardErrors[0]).toBeCloseTo(total / 6 / Math.sqrt(6), 5)
    expect(found.logLikelihood).toBeCloseTo(-6 * Math.log(total / 6) - 6, 10)
  })

  it("gives a reason where a parameter runs away", () => {
    const found = maximise(([rate = 1]) => -1 / rate, ["rate"], [[1]], 1)
    expect(found).toMatchObject({ parameters: null, reason: "the data do not determine rate" })
    // Levels off: there is a curvature, but two standard errors away the likelihood has not fallen.
    const level = maximise(([size = 1]) => 100 * Math.tanh(Math.log(size) - 12) - 0.1 / size, ["size"], [[1e4]], 1e4)
    expect(level).toMatchObject({ parameters: null })
  })
})

describe("Gauss's hypergeometric function", () => {
  const relative = (found: number, wanted: number) => Math.abs(found / wanted - 1)

  it("has its known special cases (Abramowitz and Stegun 15.1)", () => {
    for (const z of [0, 1e-9, 0.2, 0.5, 0.9, 0.99, 0.9999]) {
      expect(relative(Hypergeometric.gauss(2.3, 4.1, 4.1, z), (1 - z) ** -2.3)).toBeLessThan(1e-12)
      if (z > 1e-6) expect(relative(Hypergeometric.gauss(1, 1, 2, z), -Math.log1p(-z) / z)).toBeLessThan(2e-12)
    }
  })

  it("agrees with mpmath at 40 digits", () => {
    expect(relative(Hypergeometric.gauss(200.24, 202.4, 202.2, 0.9), 2.749397636465586e200)).toBeLessThan(1e-13)
    expect(relative(Hypergeometric.gauss(29.24, 31.43, 31.22, 0.47), 131008638.865711)).toBeLessThan(1e-13)
    expect(relative(Hypergeometric.gauss(0.24, 2.43, 2.22, 0.999), 10.9466719858866)).toBeLessThan(1e-12)
  })

  it("is not given outside 0 to 1", () => {
    expect(Hypergeometric.gauss(1, 1, 2, 1)).toBeNaN()
    expect(Hypergeometric.gauss(1, 1, 2, -0.1)).toBeNaN()
  })

  it("its excess is c (F − 1) / b, also where b is nothing", () => {
    const [a, c, z] = [1.98, 2.2, 0.6]
    for (const b of [0.7, -0.2, 0.01]) {
      const wanted = (c * (Hypergeometric.gauss(a, b, c, z) - 1)) / b
      expect(relative(Hypergeometric.excess(a, b, c, z), wanted)).toBeLessThan(1e-12)
    }
    const aside = (b: number) => Hypergeometric.excess(a, b, c, z)
    expect(relative(aside(0), (aside(1e-6) + aside(-1e-6)) / 2)).toBeLessThan(1e-11)
  })
})

describe("integrals by logarithms", () => {
  it("are exact for exponentials and the normal density, however far down", () => {
    const decay = logIntegral((u) => -40 * u - 800, 0, 100, 0.5)
    expect(decay).toBeCloseTo(-800 - Math.log(40), 12)
    const bell = logIntegral((u) => (-u * u) / 2, -12, 12, 4)
    expect(bell).toBeCloseTo(Math.log(2 * Math.PI) / 2, 12)
    expect(logIntegral((u) => Math.log1p(u), 0, 1, 4)).toBeCloseTo(Math.log(1.5), 14)
  })

  it("over nothing are nothing", () => {
    expect(logIntegral((u) => u, 3, 3, 1)).toBe(-Infinity)
    // Where little lies between, a difference of two primitives would have no digit left.
    expect(logIntegral((u) => -5 * u, 1, 1 + 1e-12, 1)).toBeCloseTo(-5 + Math.log(1 + 1e-12 - 1), 9)
  })
})
