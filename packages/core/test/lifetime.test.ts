/**
 * Models of repeat buying, spending and renewal: against published figures and against customers drawn from the models.
 *
 * Published: Fader, Hardie and Lee 2005 and their note on BG/NBD in a spreadsheet; the BTYD package's walk through CDNOW
 * for Pareto/NBD; Fader and Hardie's note on Gamma-Gamma (2013); Fader and Hardie 2007 for sBG.
 */
import { describe, expect, it } from "vitest"
import * as BgNbd from "../src/metric/BgNbd.ts"
import { type BuyingHistory, histories, purchasesAfter } from "../src/metric/BuyingHistory.ts"
import * as GammaGamma from "../src/metric/GammaGamma.ts"
import { lifetimeValue } from "../src/metric/LifetimeValue.ts"
import * as ParetoNbd from "../src/metric/ParetoNbd.ts"
import * as ShiftedBetaGeometric from "../src/metric/ShiftedBetaGeometric.ts"
import * as Beta from "../src/statistics/Beta.ts"
import { draws } from "../src/statistics/Bootstrap.ts"
import * as Gamma from "../src/statistics/Gamma.ts"
import * as Hypergeometric from "../src/statistics/Hypergeometric.ts"

const cdnow: BgNbd.BgNbd = { r: 0.2425965, alpha: 4.413685, a: 0.792989, b: 2.426166 }
const second: BuyingHistory = { repeats: 2, lastAt: 30.43, observed: 38.86 }
const never: BuyingHistory = { repeats: 0, lastAt: 0, observed: 38.86 }

describe("buying histories", () => {
  const bought = [
    { customer: "a", date: "2026-01-01", amount: 100 },
    { customer: "a", date: "2026-01-15", amount: 10 },
    { customer: "a", date: "2026-01-15", amount: 10 },
    { customer: "a", date: "2026-01-29", amount: 40 },
    { customer: "a", date: "2026-02-10", amount: 1 },
    { customer: "b", date: "2026-01-29", amount: 5 },
    { customer: "late", date: "2026-02-06", amount: 5 },
  ]

  it("count repeat days in weeks and leave the first purchase out of the mean", () => {
    expect(histories(bought, { end: "2026-02-05" })).toEqual([
      { customer: "a", repeats: 2, lastAt: 4, observed: 5, meanSpend: 30 },
      { customer: "b", repeats: 0, lastAt: 0, observed: 1, meanSpend: 0 },
    ])
    expect(histories(bought, { end: "2026-02-05", unitDays: 1, mergeSameDay: false })[0]).toEqual({
      customer: "a",
      repeats: 3,
      lastAt: 28,
      observed: 35,
      meanSpend: 20,
    })
  })

  it("are met by what known customers bought afterwards", () => {
    expect([...purchasesAfter(bought, { end: "2026-02-05" }, 1)]).toEqual([
      ["a", 1],
      ["b", 0],
    ])
  })
})

describe("BG/NBD", () => {
  it("has the published expectations of CDNOW", () => {
    for (const [weeks, purchases] of [
      [0.1429, 0.0078],
      [1, 0.0532],
      [3, 0.1506],
      [31.8571, 1.0405],
      [32, 1.0437],
      [78, 1.8576],
    ] as const) {
      expect(Math.abs(BgNbd.expectedOfNew(cdnow, weeks) - purchases)).toBeLessThan(4e-4)
    }
    expect(BgNbd.expectedPurchases(cdnow, second, 39)).toBeCloseTo(1.226, 3)
    expect(BgNbd.probabilityAlive(cdnow, second)).toBeCloseTo(0.7266, 3)
  })

  it("who never bought again is alive; who has been silent for long is not; time brings more", () => {
    expect(BgNbd.probabilityAlive(cdnow, never)).toBe(1)
    const silent = [31, 40, 60, 200].map((observed) => BgNbd.probabilityAlive(cdnow, { ...second, observed }))
    expect(silent).toEqual(silent.toSorted((a, b) => b - a))
    expect(BgNbd.expectedPurchases(cdnow, second, 0)).toBe(0)
    expect(BgNbd.expectedPurchases(cdnow, second, 40)).toBeGreaterThan(BgNbd.expectedPurchases(cdnow, second, 39))
  })

  it("starts at the rate of who is alive, and stays finite where powers would not", () => {
    const rate = ((cdnow.r + 2) / (cdnow.alpha + 38.86)) * BgNbd.probabilityAlive(cdnow, second)
    expect(BgNbd.expectedPurchases(cdnow, second, 1e-6) / 1e-6).toBeCloseTo(rate, 6)
    const many = BgNbd.expectedPurchases(cdnow, { repeats: 900, lastAt: 99, observed: 100 }, 50)
    expect(many).toBeGreaterThan(0)
    expect(many).toBeLessThan(450)
  })

  it("has no gap at a = 1, where its formula is nothing over nothing", () => {
    const at = (a: number) => BgNbd.expectedPurchases({ ...cdnow, a }, second, 39)
    expect(at(1)).toBeCloseTo((at(1 - 1e-6) + at(1 + 1e-6)) / 2, 9)
  })

  it("gives a reason instead of a fit where nothing was seen", () => {
    expect(BgNbd.fit([])).toEqual({ parameters: null, reason: "no customers yet" })
    expect(BgNbd.fit([never, never])).toEqual({ parameters: null, reason: "nobody has bought again yet" })
    expect(ParetoNbd.fit([never])).toEqual({ parameters: null, reason: "nobody has bought again yet" })
  })
})

/** Customers as the models think of them; `leaving` gives the purchase or the time after which nothing comes. */
const drawn = (count: number, seed: number, next: (uniform: () => number) => BuyingHistory) => {
  const uniform = draws(seed)
  const open = () => Math.max(uniform(), 1e-9)
  return Array.from({ length: count }, () => next(open))
}

const exponential = (uniform: number, rate: number) => -Math.log(uniform) / rate

describe("fits to drawn customers (seed 11)", () => {
  /** How many standard errors each parameter is from the truth; none without a fit. */
  const off = (
    found: BgNbd.BgNbdFit | ParetoNbd.ParetoNbdFit | GammaGamma.GammaGammaFit,
    truth: ReadonlyArray<number>,
  ): ReadonlyArray<number> =>
    found.parameters === null
      ? []
      : truth.map((value, index) => {
          const error = found.standardErrors[index] ?? 0
          return Math.abs((found.parameters[index] ?? 0) - value) / error
        })

  it("BG/NBD finds what it was drawn from", () => {
    const [r, alpha, a, b] = [0.8, 6, 1.2, 3]
    const customers = drawn(3_000, 11, (uniform) => {
      const rate = Gamma.quantile(uniform(), r) / alpha
      const leaves = Beta.quantile(uniform(), a, b)
      const observed = 20 + 20 * uniform()
      let [repeats, lastAt] = [0, 0]
      for (let at = exponential(uniform(), rate); at < observed; at += exponential(uniform(), rate)) {
        repeats++
        lastAt = at
        if (uniform() < leaves) break
      }
      return { repeats, lastAt, observed }
    })
    const found = off(BgNbd.fit(customers), [r, alpha, a, b])
    expect(found).toHaveLength(4)
    expect(Math.max(...found)).toBeLessThan(3.5)
  })

  it("Pareto/NBD finds what it was drawn from", () => {
    const [r, alpha, s, beta] = [0.9, 8, 0.7, 10]
    const customers = drawn(1_500, 11, (uniform) => {
      const rate = Gamma.quantile(uniform(), r) / alpha
      const gone = exponential(uniform(), Math.max(1e-9, Gamma.quantile(uniform(), s) / beta))
      const observed = 30 + 20 * uniform()
      let [repeats, lastAt] = [0, 0]
      for (let at = exponential(uniform(), rate); at < Math.min(observed, gone); at += exponential(uniform(), rate)) {
        repeats++
        lastAt = at
      }
      return { repeats, lastAt, observed }
    })
    const found = off(ParetoNbd.fit(customers), [r, alpha, s, beta])
    expect(found).toHaveLength(4)
    expect(Math.max(...found)).toBeLessThan(3.5)
  })

  it("Gamma-Gamma finds what it was drawn from", () => {
    const [p, q, v] = [5, 4, 20]
    const uniform = draws(11)
    const customers = Array.from({ length: 3_000 }, () => {
      const repeats = 1 + Math.floor(4 * uniform())
      const scale = Gamma.quantile(Math.max(uniform(), 1e-9), q) / v
      const total = Gamma.quantile(Math.max(uniform(), 1e-9), p * repeats) / scale
      return { repeats, meanSpend: total / repeats }
    })
    const found = off(GammaGamma.fit(customers), [p, q, v])
    expect(found).toHaveLength(3)
    expect(Math.max(...found)).toBeLessThan(3.5)
  })
})

describe("Pareto/NBD", () => {
  const published: ParetoNbd.ParetoNbd = { r: 0.5533971, alpha: 10.580198, s: 0.6060625, beta: 11.656224 }

  it("has BTYD's figures for CDNOW", () => {
    expect(ParetoNbd.expectedOfNew(published, 52)).toBeCloseTo(1.4734, 3)
    const regular = { repeats: 26, lastAt: 30.857143, observed: 31 }
    expect(ParetoNbd.expectedPurchases(published, regular, 52)).toBeCloseTo(25.456, 2)
    expect(ParetoNbd.probabilityAlive(published, regular)).toBeCloseTo(0.99787, 4)
  })

  it("has the likelihood of the note, a difference of two hypergeometric functions, whichever scale is larger", () => {
    const byTheNote = ({ alpha, beta, r, s }: ParetoNbd.ParetoNbd, one: BuyingHistory): number => {
      const { lastAt, observed, repeats: x } = one
      const all = r + s + x
      const [larger, b] = alpha >= beta ? [alpha, s + 1] : [beta, r + x]
      const part = (time: number) =>
        Hypergeometric.gauss(all, b, all + 1, Math.abs(alpha - beta) / (larger + time)) / (larger + time) ** all
      const alive = 1 / ((alpha + observed) ** (r + x) * (beta + observed) ** s)
      const before = Gamma.logGamma(r + x) - Gamma.logGamma(r) + r * Math.log(alpha) + s * Math.log(beta)
      return before + Math.log(alive + (s / all) * (part(lastAt) - part(observed)))
    }
    for (const model of [published, { r: 1.4, alpha: 20, s: 2, beta: 3 }, { r: 0.2, alpha: 0.5, s: 0.9, beta: 30 }]) {
      for (const one of [second, never, { repeats: 21, lastAt: 4.7, observed: 29.3 }]) {
        expect(ParetoNbd.logLikelihood(model, [one])).toBeCloseTo(byTheNote(model, one), 9)
      }
    }
  })

  it("stays finite where scales are far apart, and nears constant leaving as s and β grow together", () => {
    const far = { r: 0.5, alpha: 1e-9, s: 0.6, beta: 1e9 }
    expect(Number.isFinite(ParetoNbd.logLikelihood(far, [second, never]))).toBe(true)
    const at = (size: number) =>
      ParetoNbd.logLikelihood({ r: 0.5, alpha: 8, s: 0.05 * size, beta: size }, [second, never])
    expect(at(1e7)).toBeCloseTo(at(1e8), 5)
  })

  it("who never bought again may have left", () => {
    expect(ParetoNbd.probabilityAlive(published, never)).toBeLessThan(0.6)
    expect(ParetoNbd.probabilityAlive(published, { ...never, observed: 0 })).toBeCloseTo(1, 12)
  })

  it("has no gap where α and β meet, nor at s = 1", () => {
    const likelihood = (beta: number) => ParetoNbd.logLikelihood({ ...published, alpha: 9, beta }, [second, never])
    expect(likelihood(9)).toBeCloseTo((likelihood(9 - 1e-6) + likelihood(9 + 1e-6)) / 2, 10)
    const at = (s: number) => ParetoNbd.expectedPurchases({ ...published, s }, second, 39)
    expect(at(1)).toBeCloseTo((at(1 - 1e-6) + at(1 + 1e-6)) / 2, 9)
  })
})

describe("Gamma-Gamma", () => {
  const model: GammaGamma.GammaGamma = { p: 6.25, q: 3.74, v: 15.44 }

  it("has the published expectations", () => {
    expect(GammaGamma.expectedSpend(model, { repeats: 2, meanSpend: 22.35 })).toBeCloseTo(24.66, 2)
    expect(GammaGamma.expectedSpend(model, { repeats: 1, meanSpend: 11.77 })).toBeCloseTo(18.92, 2)
    expect(GammaGamma.expectedSpend(model, { repeats: 0, meanSpend: 0 })).toBeCloseTo(35.22, 2)
  })

  it("has no mean where it is infinite, and no fit or correlation without customers", () => {
    expect(GammaGamma.expectedSpend({ ...model, q: 0.9 }, { repeats: 0, meanSpend: 0 })).toBeNull()
    expect(GammaGamma.fit([{ repeats: 1, meanSpend: 3 }])).toMatchObject({ parameters: null })
    expect(GammaGamma.correlation([{ repeats: 1, meanSpend: 3 }])).toBeNull()
    expect(
      GammaGamma.correlation([
        { repeats: 1, meanSpend: 3 },
        { repeats: 2, meanSpend: 5 },
        { repeats: 0, meanSpend: 0 },
      ]),
    ).toBeCloseTo(1, 12)
  })
})

describe("the shifted-beta-geometric model", () => {
  it("has the published fit of the High End segment", () => {
    const found = ShiftedBetaGeometric.fit([1000, 869, 743, 653, 593, 551, 517, 491])
    expect(found).toMatchObject({ model: { alpha: expect.closeTo(0.668, 3), beta: expect.closeTo(3.806, 3) } })
    if (found.parameters === null) return
    expect(found.logLikelihood).toBeCloseTo(-1611.2, 1)
    expect(ShiftedBetaGeometric.survival(found.model, 1)).toBeCloseTo(0.8507, 4)
    expect(ShiftedBetaGeometric.retention(found.model, 2)).toBeGreaterThan(
      ShiftedBetaGeometric.retention(found.model, 1),
    )
  })

  it("gives a reason where the data do not tell", () => {
    expect(ShiftedBetaGeometric.fit([100, 80])).toMatchObject({ parameters: null })
    expect(ShiftedBetaGeometric.fit([100, 100, 100])).toMatchObject({ reason: "nobody has left yet" })
    expect(ShiftedBetaGeometric.fit([100, 80, 90])).toMatchObject({ parameters: null })
    // The same share leaves every time: customers do not differ, and both parameters run to infinity.
    expect(ShiftedBetaGeometric.fit([1000, 800, 640, 512, 409.6])).toMatchObject({ parameters: null })
  })
})

it("lifetime value discounts each period's purchases at its end", () => {
  const horizon = { periods: 3, periodLength: 2, discount: 0.1, margin: 0.5 }
  const value = lifetimeValue((time) => 3 * time, 10, horizon)
  expect(value).toBeCloseTo(0.5 * 10 * 6 * (1 / 1.1 + 1 / 1.21 + 1 / 1.331), 12)
  expect(lifetimeValue((time) => time, null, horizon)).toBeNull()
})
