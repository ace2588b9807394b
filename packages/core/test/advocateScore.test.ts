import { describe, expect, it } from "@effect/vitest"
import { combine, components, decayed, scoreAll, type Signals, weights } from "../src/advocate/AdvocateScore.ts"
import { broughtAfter, calibrate, choose, report, validate } from "../src/advocate/ScoreValidation.ts"
import { day } from "./Story.ts"
import { normal, uniform } from "./Draws.ts"

const customer = (told: Partial<Signals> = {}): Signals => ({
  nps: null,
  stars: null,
  refundedShare: 0,
  recentReferrals: 0,
  referrals: 0,
  conversions: 0,
  shares90d: 0,
  reviews: 0,
  recency: -30,
  orders: 2,
  shares: 0,
  emailEngagement: null,
  ...told,
})
const crowd = [
  customer({ nps: 9, stars: 5, reviews: 2 }),
  customer({ orders: 5, recency: -3, emailEngagement: 0.4 }),
  customer({ nps: 3, refundedShare: 0.5, recency: -300 }),
  customer({ recentReferrals: 2.5, referrals: 4, conversions: 2, shares: 6, shares90d: 2 }),
  customer({ nps: 8, recentReferrals: 1, referrals: 1, conversions: 1, shares: 1 }),
]

describe("the advocate score", () => {
  it("is the weighted sum of percentiles, from 0 to 100, with weights that sum to 1", () => {
    expect(Object.values(weights).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    const [only] = scoreAll([customer()])
    expect(only).toMatchObject({ score: expect.closeTo(100, 9), willing: expect.closeTo(1, 9) })
    const found = combine({ sentiment: 0.2, provenAdvocacy: 0.4, liveLoyalty: 0.6, reach: 0.8 })
    expect(found.score).toBeCloseTo(100 * (0.15 * 0.2 + 0.25 * 0.4 + 0.4 * 0.6 + 0.2 * 0.8), 9)
    expect([found.willing, found.influential]).toEqual([expect.closeTo(0.13 / 0.4, 9), expect.closeTo(0.4 / 0.6, 9)])
  })

  it("ranks nobody lower for doing better, in any component", () => {
    const better: ReadonlyArray<[Partial<Signals>, "sentiment" | "provenAdvocacy" | "liveLoyalty" | "reach"]> = [
      [{ nps: 10 }, "sentiment"],
      [{ stars: 5 }, "sentiment"],
      [{ recentReferrals: 9 }, "provenAdvocacy"],
      [{ shares90d: 9 }, "provenAdvocacy"],
      [{ reviews: 9 }, "provenAdvocacy"],
      [{ recency: 0 }, "liveLoyalty"],
      [{ orders: 9 }, "liveLoyalty"],
      [{ shares: 9 }, "reach"],
      [{ emailEngagement: 1 }, "reach"],
    ]
    for (const [told, component] of better) {
      crowd.forEach((one, at) => {
        const improved = components(crowd.with(at, { ...one, ...told }))
        expect(improved[at]?.[component]).toBeGreaterThanOrEqual(components(crowd)[at]?.[component] ?? 2)
      })
    }
  })

  it("ranks who sent things back below who did not, all else equal", () => {
    const [kept, returned] = components([customer({ nps: 8 }), customer({ nps: 8, refundedShare: 0.1 })])
    expect(kept?.sentiment).toBeGreaterThan(returned?.sentiment ?? 2)
  })

  it("takes silence for the shop's mean, neither for praise nor for blame", () => {
    const [good, silent, bad] = components([customer({ nps: 10 }), customer(), customer({ nps: 0 })])
    expect(good?.sentiment).toBeGreaterThan(silent?.sentiment ?? 2)
    expect(silent?.sentiment).toBeGreaterThan(bad?.sentiment ?? 2)
  })

  it("believes one lucky referral less than many good ones", () => {
    const many = Array.from({ length: 30 }, (_, at) =>
      customer({ referrals: 10, conversions: at % 5, recentReferrals: 3 }),
    )
    const lucky = customer({ referrals: 1, conversions: 1, recentReferrals: 3 })
    const proven = customer({ referrals: 20, conversions: 14, recentReferrals: 3 })
    const found = components([lucky, proven, ...many])
    expect(found[1]?.provenAdvocacy).toBeGreaterThan(found[0]?.provenAdvocacy ?? 2)
  })

  it("asks who is loyal but silent, saves who has reach but is unhappy", () => {
    const of = { sentiment: 0.5, provenAdvocacy: 0.5, liveLoyalty: 0.9, reach: 0.5 }
    expect([
      combine(of).list,
      combine({ ...of, provenAdvocacy: 0.51 }).list,
      combine({ ...of, liveLoyalty: 0.89 }).list,
      combine({ ...of, reach: 0.9, sentiment: 0.3 }).list,
      combine({ ...of, reach: 0.9, sentiment: 0.31, liveLoyalty: 0.5 }).list,
    ]).toEqual(["ask", null, null, "save", null])
  })

  it("counts what is half a year old a quarter", () => {
    expect(decayed([0, 90, 180])).toBeCloseTo(1.75, 12)
    expect(decayed([])).toBe(0)
    expect(scoreAll([])).toEqual([])
  })
})

describe("validation of a score", () => {
  const next = uniform(31)
  const outcomes = Array.from({ length: 2000 }, () => next() < 0.15)
  const score = (strength: number) => outcomes.map((outcome) => (outcome ? strength : 0) + normal(next))
  const [strong, weak] = [score(1.5), score(0.3)]

  it("counts what came after the score, and nothing while the window is open", () => {
    const times = [[day(-1), day(0), day(0) + 1, day(180)], [day(181)], []]
    expect(broughtAfter(times, day(0), day(180))).toEqual([2, 0, 0])
    expect(broughtAfter(times, day(0), day(180) - 1)).toBe(null)
    expect(broughtAfter(times, day(0), day(200), 181)).toEqual([2, 1, 0])
  })

  it("holds it against every single signal, and names those that it does not beat", () => {
    const found = report(
      weak,
      outcomes,
      new Map([
        ["strong", strong],
        ["none", outcomes.map(() => 1)],
      ]),
    )
    expect(found).toMatchObject({ people: 2000, unbeaten: ["strong"] })
    expect(found?.baselines.get("none")?.auc).toBe(0.5)
    expect(found?.score.lift10).toBeGreaterThan(1)
    expect(
      report(
        weak,
        outcomes.map(() => false),
        new Map(),
      ),
    ).toBe(null)
  })

  it("measures what the best tenth brought", () => {
    const brought = outcomes.map((outcome, at) => (outcome ? 1 + (at % 3) : 0))
    expect(validate(strong, outcomes, brought)?.capture10).not.toBe(validate(strong, outcomes)?.capture10)
  })

  it("gives way to a model only where outcomes suffice and the model is better", () => {
    expect(choose(weak, strong, outcomes)).toMatchObject({ use: "logistic" })
    expect(choose(strong, weak, outcomes)).toEqual({ use: "default", because: "not better on people not seen" })
    expect(choose(weak, weak, outcomes)).toMatchObject({ use: "default" })
    expect(choose(weak, null, outcomes)).toEqual({ use: "default", because: "no model" })
    expect(choose(weak.slice(0, 900), strong.slice(0, 900), outcomes.slice(0, 900))).toEqual({
      use: "default",
      because: "too few outcomes",
    })
  })

  it("tells whether chances come true", () => {
    const found = calibrate(
      outcomes.map(() => 0.15),
      outcomes,
    )
    const share = outcomes.filter(Boolean).length / outcomes.length
    expect(found?.brier).toBeCloseTo(share * 0.85 ** 2 + (1 - share) * 0.15 ** 2, 12)
    expect(found?.reliability).toHaveLength(10)
    expect(calibrate([], [])).toBe(null)
  })
})
