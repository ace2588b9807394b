import { describe, expect, it } from "vitest"
import { countScores, difference, netPromoter, postStratify, weighted } from "../src/statistics/NetPromoter.ts"

describe("the Net Promoter Score", () => {
  it("of 462 promoters, 176 passives and 362 detractors: R package NPS 1.1, and Rocks's adjustment", () => {
    const found = netPromoter({ promoters: 462, passives: 176, detractors: 362 })
    expect(found).toMatchObject({ score: 10, answers: 1_000 })
    expect(found?.variance).toBeCloseTo(0.814, 12)
    expect(found?.standardError).toBeCloseTo(2.8530685, 7)
    expect(found?.wald.low).toBeCloseTo(4.4081, 4)
    expect(found?.wald.high).toBeCloseTo(15.5919, 4)
    expect(found?.adjusted.point).toBeCloseTo((100 * 100) / 1003, 10)
    expect(found?.low).toBeCloseTo(4.3897, 4)
    expect(found?.high).toBeCloseTo(15.5505, 4)
  })

  it("is nothing without answers, and never beyond 100 either way", () => {
    expect(netPromoter({ promoters: 0, passives: 0, detractors: 0 })).toBeNull()
    const all = netPromoter({ promoters: 10, passives: 0, detractors: 0 })
    expect(all).toMatchObject({ score: 100, high: 100, wald: { low: 100, high: 100 } })
    // Where Wald's interval collapses, the adjusted one does not; as published it reaches beyond the scale.
    expect(all?.low).toBeCloseTo(47.5036, 4)
    expect(all?.adjusted.high).toBeCloseTo(106.3426, 4)
    expect(netPromoter({ promoters: 0, passives: 0, detractors: 10 })).toMatchObject({ score: -100, low: -100 })
  })

  it("takes whole scores from 0 to 10, and says how many were not", () => {
    expect(countScores([0, 6, 7, 8, 9, 10, 11, -1, 8.5, Number.NaN])).toEqual({
      promoters: 2,
      passives: 2,
      detractors: 2,
      rejected: 4,
    })
  })
})

describe("two scores", () => {
  it("differ by z with both variances", () => {
    const found = difference(
      { promoters: 120, passives: 60, detractors: 20 },
      { promoters: 90, passives: 70, detractors: 40 },
    )
    expect(found).toMatchObject({ first: 50, second: 25, difference: 25 })
    expect(found?.standardError).toBeCloseTo(7.2024, 4)
    expect(found?.z).toBeCloseTo(3.4711, 4)
    expect(found?.p).toBeCloseTo(0.000518426, 9)
    expect(found?.low).toBeCloseTo(10.8835, 4)
  })

  it("have no z where nobody differs, and no difference where nobody answered", () => {
    const all = { promoters: 5, passives: 0, detractors: 0 }
    expect(difference(all, all)).toMatchObject({ difference: 0, z: null, p: null })
    expect(difference(all, { promoters: 0, passives: 0, detractors: 0 })).toBeNull()
  })
})

describe("weighted answers", () => {
  const scores = [10, 9, 8, 3, 6, 7]

  it("of equal weight are the plain score, whatever the weight", () => {
    const plain = netPromoter(countScores(scores))
    const found = weighted(scores.map((score) => ({ score, weight: 0.3 })))
    expect(found?.score).toBeCloseTo(plain?.score ?? 1, 12)
    expect(found?.effectiveAnswers).toBeCloseTo(6, 12)
    expect(found?.standardError).toBeCloseTo(plain?.standardError ?? 0, 12)
  })

  it("count as many as their weights are worth", () => {
    expect(
      weighted([
        { score: 10, weight: 3 },
        { score: 2, weight: 1 },
      ]),
    ).toMatchObject({ score: 50, effectiveAnswers: 1.6, answers: 2 })
    expect(weighted([{ score: 10, weight: 0 }])).toBeNull()
    expect(weighted([])).toBeNull()
  })

  it("bring strata back to their share of the base, and tell the part that is silent", () => {
    const answers = [
      { score: 10, stratum: "new" },
      { score: 10, stratum: "new" },
      { score: 9, stratum: "new" },
      { score: 0, stratum: "old" },
    ]
    const base = new Map([
      ["new", 50],
      ["old", 50],
    ])
    expect(weighted(postStratify(answers, base).weighted)?.score).toBeCloseTo(0, 12)
    expect(postStratify(answers, base).missing).toBe(0)
    expect(postStratify(answers, new Map([...base, ["never asked", 100]])).missing).toBe(0.5)
  })
})
