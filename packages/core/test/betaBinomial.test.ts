import { describe, expect, it } from "@effect/vitest"
import * as Beta from "../src/statistics/Beta.ts"
import { type Counts, fit, posterior, type Prior } from "../src/statistics/BetaBinomial.ts"
import { uniform } from "./Draws.ts"

const groups = (told: ReadonlyArray<readonly [number, number]>): ReadonlyArray<Counts> =>
  told.map(([successes, trials]) => ({ successes, trials }))
const likelihood = (counts: ReadonlyArray<Counts>, { alpha, beta }: Prior): number =>
  counts.reduce(
    (sum, { successes, trials }) =>
      sum + Beta.logBeta(alpha + successes, beta + trials - successes) - Beta.logBeta(alpha, beta),
    0,
  )

describe("shares of many small groups", () => {
  it("are as published for ten advocates", () => {
    const counts = groups([
      [5, 10],
      [1, 1],
      [0, 3],
      [12, 60],
      [3, 20],
      [0, 8],
      [2, 2],
      [40, 150],
      [1, 9],
      [7, 12],
    ])
    const prior = fit(counts)
    expect(prior).toEqual({ alpha: expect.closeTo(2.48391, 4), beta: expect.closeTo(6.11117, 4) })
    if (prior === null) return
    const found = counts.map((group) => posterior(prior, group))
    // One success of one trial ranks below seven of twelve, which the raw share would not have it do.
    expect(found[9]?.lower).toBeGreaterThan(found[1]?.lower ?? 1)
    expect(found[1]?.mean).toBeLessThan(0.5)
  })

  it("have the prior of largest likelihood, whatever the groups", () => {
    const next = uniform(41)
    for (let round = 0; round < 30; round++) {
      const spread = 0.05 + 0.4 * next()
      const counts = Array.from({ length: 40 }, () => {
        const trials = 1 + Math.floor(40 * next() ** 2)
        const chance = 0.5 + (next() < 0.5 ? -spread : spread)
        return { trials, successes: Array.from({ length: trials }).filter(() => next() < chance).length }
      })
      const prior = fit(counts)
      if (prior === null) continue
      for (const [up, down] of [
        [1.02, 1],
        [0.98, 1],
        [1, 1.02],
        [1, 0.98],
        [1.05, 1.05],
        [0.95, 0.95],
      ] as const) {
        const moved = { alpha: prior.alpha * up, beta: prior.beta * down }
        expect(likelihood(counts, prior)).toBeGreaterThanOrEqual(likelihood(counts, moved))
      }
    }
  })

  it("have no prior where they do not tell how shares vary", () => {
    for (const told of [
      [],
      [[0, 0]],
      [
        [1, 1],
        [0, 1],
      ],
      [
        [0, 5],
        [0, 9],
      ],
      [
        [5, 5],
        [9, 9],
      ],
      // Exactly alike: less spread than chance would give.
      [
        [5, 10],
        [10, 20],
        [50, 100],
        [5, 10],
      ],
    ] as const) {
      expect(fit(groups(told as ReadonlyArray<readonly [number, number]>))).toBe(null)
    }
  })

  it("are the prior's own for who has no trials", () => {
    const found = posterior({ alpha: 2, beta: 6 }, { successes: 0, trials: 0 })
    expect(found).toEqual({ mean: 0.25, lower: expect.closeTo(Beta.quantile(0.05, 2, 6), 12) })
  })
})
