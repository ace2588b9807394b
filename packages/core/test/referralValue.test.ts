import { describe, expect, it } from "@effect/vitest"
import { action, segments } from "../src/metric/ReferralSegment.ts"
import { type Acquired, customerReferralValue } from "../src/metric/ReferralValue.ts"

const friend = (told: Partial<Acquired> = {}): Acquired => ({
  typeOneChance: 1,
  marginPerYear: [110],
  retentionCostPerYear: 0,
  acquisitionSaving: 22,
  reward: 11,
  yearAcquired: 1,
  ...told,
})

describe("customer referral value", () => {
  it("counts margin, saving and reward of who would not have come, by hand", () => {
    // (110 + 22 − 11) / 1.1
    expect(customerReferralValue([friend()], 0.1).total).toBeCloseTo(110, 9)
    expect(customerReferralValue([friend({ retentionCostPerYear: 55 })], 0.1).total).toBeCloseTo(60, 9)
    expect(
      customerReferralValue([friend({ marginPerYear: [0, 121], retentionCostPerYear: [11, 0] })], 0.1).total,
    ).toBeCloseTo(100, 9)
  })

  it("gives no margin for who would have come anyway, who can cost more than they save", () => {
    const found = customerReferralValue([friend({ typeOneChance: 0, reward: 33 })], 0.1)
    expect([found.typeOne, found.typeTwo]).toEqual([0, expect.closeTo(-10, 9)])
  })

  it("of uncertain type is the mean of both, by their chance", () => {
    const [one, two] = [1, 0].map((typeOneChance) => customerReferralValue([friend({ typeOneChance })], 0.1).total)
    expect(customerReferralValue([friend({ typeOneChance: 0.3 })], 0.1).total).toBeCloseTo(
      0.3 * (one ?? 0) + 0.7 * (two ?? 0),
      12,
    )
  })

  it("puts customers into four segments by the medians of both values", () => {
    const found = segments([
      { lifetimeValue: 900, referralValue: 0 },
      { lifetimeValue: 800, referralValue: 70 },
      { lifetimeValue: 10, referralValue: 90 },
      { lifetimeValue: 20, referralValue: -5 },
    ])
    expect(found).toEqual(["affluent", "champion", "advocate", "miser"])
    // Who equals the median is not above it.
    expect(segments([{ lifetimeValue: 1, referralValue: 1 }])).toEqual(["miser"])
    expect(segments([])).toEqual([])
    expect(Object.keys(action).toSorted()).toEqual(["advocate", "affluent", "champion", "miser"])
  })

  it("adds up, and is nothing without referrals", () => {
    const all = customerReferralValue([friend(), friend({ typeOneChance: 0 }), friend({ yearAcquired: 3 })], 0.1)
    expect(all.total).toBeCloseTo(all.typeOne + all.typeTwo, 12)
    expect(customerReferralValue([], 0.1).total).toBe(0)
  })
})
