/** What a program costs and brings; what attention would cost; how invitations add up. */
import { describe, expect, it } from "vitest"
import { earnedMedia, engagementRate } from "../src/metric/EarnedMedia.ts"
import { economics, type ProgramFigures, rewardDependence, rewardReturn } from "../src/metric/Economics.ts"
import { amplification, coefficient, customersAfter, type Member, observed } from "../src/metric/ViralGrowth.ts"
import { bootstrapMean, draws, sampleQuantile } from "../src/statistics/Bootstrap.ts"

const figures: ProgramFigures = {
  rewards: 8_000,
  otherCost: 2_000,
  referredCustomers: 400,
  referredRevenue: 60_000,
  grossMargin: 0.45,
  incrementality: 0.7,
  monthlyMarginPerCustomer: 6.5,
  lifetimeValue: 95,
}

describe("program economics", () => {
  it("adds up", () => {
    const found = economics(figures)
    expect(found).toMatchObject({ acquisitionCost: 25, incrementalCustomers: 280, grossReturn: 1.7, valueToCost: 3.8 })
    expect(found.incrementalAcquisitionCost).toBeCloseTo(10_000 / 280, 12)
    expect(found.rewardCostRatio).toBeCloseTo(8 / 60, 12)
    expect(found.incrementalReturn).toBeCloseTo(0.89, 12)
    expect(found.paybackMonths).toBeCloseTo(25 / 6.5, 12)
    expect(found.breakEvenReward).toBeCloseTo(61.5, 12)
  })

  it("neither gains nor loses at the reward it calls break-even", () => {
    const reward = economics(figures).breakEvenReward ?? 0
    const value = 400 * 0.7 * 95
    expect(value - 400 * reward - figures.otherCost).toBeCloseTo(0, 9)
  })

  it("says nothing about what it does not know: no silent zero, no assumed incrementality", () => {
    expect(economics({ ...figures, incrementality: null })).toMatchObject({
      incrementalCustomers: null,
      incrementalReturn: null,
      breakEvenReward: null,
      grossReturn: 1.7,
    })
    expect(economics({ ...figures, referredCustomers: 0, referredRevenue: 0 })).toMatchObject({
      acquisitionCost: null,
      incrementalAcquisitionCost: null,
      rewardCostRatio: null,
      paybackMonths: null,
      grossReturn: -1,
    })
    expect(economics({ ...figures, rewards: 0, otherCost: 0 })).toMatchObject({ grossReturn: null, valueToCost: null })
  })

  it("a reward of 25 that brings 40 more returns 60 % (Schmitt, Skiera, Van den Bulte 2011)", () => {
    expect(rewardReturn(40, 25)).toBeCloseTo(0.6, 12)
    expect(rewardReturn(40, 0)).toBeNull()
  })

  it("dependence on rewards compares rates, and needs something before", () => {
    expect(rewardDependence({ referrals: 60, days: 30 }, { referrals: 10, days: 10 })).toBe(0.5)
    expect(rewardDependence({ referrals: 0, days: 30 }, { referrals: 10, days: 10 })).toBeNull()
  })
})

describe("earned media", () => {
  const posts = [
    { channel: "instagram", impressions: 12_000, engagements: { like: 300, comment: 25, share: 10 } },
    { channel: "youtube", impressions: 4_000, engagements: { comment: 5 } },
  ]
  const prices = {
    perThousand: { instagram: 8.5, youtube: 12 },
    perEngagement: { like: 0.1, comment: 0.6, share: 1.2 },
  }

  it("is priced by impressions and engagements", () => {
    expect(earnedMedia(posts, prices)).toEqual({ costEquivalent: 210, posts: 2, unpriced: [] })
    expect(engagementRate(posts)).toBeCloseTo(340 / 16_000, 12)
  })

  it("names what has no price, and gives nothing for nothing", () => {
    const found = earnedMedia(posts, { perThousand: { instagram: 8.5 }, perEngagement: { like: 0.1 } })
    expect(found).toEqual({ costEquivalent: 132, posts: 2, unpriced: ["comment", "share", "youtube"] })
    expect(earnedMedia(posts, { perThousand: {}, perEngagement: {} }).costEquivalent).toBeNull()
    expect(earnedMedia([], prices).costEquivalent).toBeNull()
    expect(engagementRate([])).toBeNull()
    expect(earnedMedia([{ channel: "constructor", impressions: 9, engagements: {} }], prices).unpriced).toEqual([
      "constructor",
    ])
  })
})

describe("growth by invitation", () => {
  it("follows the closed form below, at and above one", () => {
    expect(coefficient(5, 0.1)).toBe(0.5)
    expect(customersAfter(0.5, 1_000, 7, 28)).toBeCloseTo(1_937.5, 9)
    expect(customersAfter(2, 10, 2, 20)).toBeCloseTo(20_470, 7)
    expect(customersAfter(1, 100, 5, 25)).toBe(600)
    // Next to one, where the quotient of the formula is 0 / 0.
    expect(customersAfter(1 + 1e-12, 100, 5, 25)).toBeCloseTo(600, 6)
    expect(customersAfter(0, 100, 5, 25)).toBe(100)
    expect(customersAfter(0.5, 100, 0, 25)).toBeNull()
    expect([amplification(0.5), amplification(0), amplification(1), amplification(2)]).toEqual([2, 1, null, null])
  })

  it("is the sum of its generations", () => {
    let [generation, sum] = [1_000, 0]
    for (let turn = 0; turn <= 6; turn++, generation *= 0.3) sum += generation
    expect(customersAfter(0.3, 1_000, 1, 6)).toBeCloseTo(sum, 9)
  })

  const joined = (id: string, joinedAt: number, referrer: string | null = null): Member => ({ id, joinedAt, referrer })

  it("is measured on those who had the whole window", () => {
    const members = [
      joined("a", 0),
      joined("b", 5, "a"),
      joined("c", 12, "a"),
      joined("d", 40, "a"),
      joined("e", 95, "b"),
      joined("f", 96, "nobody we know"),
      joined("g", 3, "g"),
      joined("h", 2, "f"),
      joined("late", 120, "a"),
    ]
    const found = observed(members, { asOf: 100, window: 30, seed: 1 })
    // Mature: a, b, c, d, g, h. Within 30 of joining only a brought anybody: b and c.
    expect(found.matured).toBe(6)
    expect(found.coefficient).toBeCloseTo(2 / 6, 12)
    expect(found.medianCycle).toBe((12 + 40) / 2)
    expect(observed(members, { asOf: 100, window: 30, seed: 1 })).toEqual(found)
    expect(observed([], { asOf: 100, window: 30, seed: 1 })).toEqual({
      coefficient: null,
      interval: null,
      matured: 0,
      medianCycle: null,
    })
  })

  it("has a wider interval where few bring most", () => {
    const width = (counts: ReadonlyArray<number>) => {
      const found = bootstrapMean(counts, 7)
      return found === null ? NaN : found.high - found.low
    }
    const spread = Array.from({ length: 200 }, (_, index) => index % 2)
    const few = Array.from({ length: 200 }, (_, index) => (index < 5 ? 20 : 0))
    expect(width(few)).toBeGreaterThan(3 * width(spread))
  })
})

describe("resampling", () => {
  it("draws evenly, the same from the same seed", () => {
    const next = draws(42)
    const drawn = Array.from({ length: 10_000 }, next)
    const again = draws(42)
    expect(drawn.every((value) => value === again() && value >= 0 && value < 1)).toBe(true)
    expect(drawn.reduce((sum, value) => sum + value, 0) / 10_000).toBeCloseTo(0.5, 1)
    expect(new Set(drawn).size).toBeGreaterThan(9_990)
    expect(draws(43)()).not.toBe(draws(42)())
  })

  it("has the interval of the mean that theory gives", () => {
    const values = Array.from({ length: 400 }, (_, index) => (index % 4 === 0 ? 1 : 0))
    const half = 1.96 * Math.sqrt((0.25 * 0.75) / 400)
    const found = bootstrapMean(values, 3)
    expect(found?.low).toBeCloseTo(0.25 - half, 1.9)
    expect(found?.high).toBeCloseTo(0.25 + half, 1.9)
    expect(bootstrapMean([3], 1)).toBeNull()
  })

  it("quantiles lie between neighbours", () => {
    expect(sampleQuantile([1, 2, 4], 0.75)).toBe(3)
    expect(sampleQuantile([], 0.5)).toBeNull()
  })
})
