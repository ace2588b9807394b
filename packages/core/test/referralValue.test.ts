import { describe, expect, it } from "@effect/vitest"
import { type Acquired, customerReferralValue } from "../src/metric/ReferralValue.ts"

const friend = (told: Partial<Acquired> = {}): Acquired => ({
  type: "one",
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
    const found = customerReferralValue([friend({ type: "two", reward: 33 })], 0.1)
    expect([found.typeOne, found.typeTwo]).toEqual([0, expect.closeTo(-10, 9)])
  })

  it("adds up, and is nothing without referrals", () => {
    const all = customerReferralValue([friend(), friend({ type: "two" }), friend({ yearAcquired: 3 })], 0.1)
    expect(all.total).toBeCloseTo(all.typeOne + all.typeTwo, 12)
    expect(customerReferralValue([], 0.1).total).toBe(0)
  })
})
