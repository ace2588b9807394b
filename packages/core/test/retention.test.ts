/** Cohorts, repeat purchases and scores by recency, frequency and value. */
import { describe, expect, it } from "vitest"
import { dayNumber, monthName, monthNumber, type Purchase, purchaseDays } from "../src/metric/Purchase.ts"
import { cohortTable, repeatPurchases, secondPurchase } from "../src/metric/Retention.ts"
import { rfm, tiedScores } from "../src/metric/Rfm.ts"

const bought = (customer: string, date: string, amount = 10): Purchase => ({ customer, date, amount })

const shop = [
  bought("a", "2026-01-31"),
  bought("a", "2026-02-01"),
  bought("a", "2026-03-15"),
  bought("b", "2026-01-10"),
  bought("b", "2026-01-10", 5),
  bought("c", "2026-02-10"),
  bought("c", "2026-03-10"),
  bought("d", "2026-03-01"),
  bought("d", "2026-04-01"),
]

describe("days", () => {
  it("are civil dates, purchases of one day are one, in whatever order they come", () => {
    expect(dayNumber("1970-01-02")).toBe(1)
    expect(dayNumber("2026-1-2")).toBeNaN()
    expect(monthName(monthNumber(dayNumber("2025-12-31")))).toBe("2025-12")
    expect(purchaseDays(shop.toReversed()).get("b")).toEqual([{ day: dayNumber("2026-01-10"), amount: 15 }])
    expect(purchaseDays(shop, Infinity, false).get("b")).toHaveLength(2)
    expect(purchaseDays([bought("x", "soon"), bought("y", "2026-01-01", NaN)]).size).toBe(0)
  })
})

describe("cohorts", () => {
  it("count distinct customers by calendar month; months to come are unknown", () => {
    expect(cohortTable(shop, "2026-03-31")).toEqual({
      cohorts: [
        { cohort: "2026-01", size: 2, active: [2, 1, 1] },
        { cohort: "2026-02", size: 1, active: [1, 1, null] },
        { cohort: "2026-03", size: 1, active: [1, null, null] },
      ],
      unfinishedMonth: null,
    })
    expect(cohortTable(shop, "2026-03-14").cohorts[0]?.active).toEqual([2, 1, 0])
    expect(cohortTable(shop, "2026-03-14").unfinishedMonth).toBe("2026-03")
    expect(cohortTable([], "2026-03-31").cohorts).toEqual([])
    expect(() => cohortTable(shop, "31.3.2026")).toThrow(/YYYY-MM-DD/)
  })

  it("a month passed without a purchase is a zero and not unknown", () => {
    const found = cohortTable([bought("a", "2025-12-05"), bought("a", "2026-02-05")], "2026-02-28")
    expect(found.cohorts).toEqual([{ cohort: "2025-12", size: 1, active: [1, 0, 1] }])
  })
})

describe("repeat purchases", () => {
  it("are of distinct days", () => {
    expect(repeatPurchases(shop, "2026-03-31")).toMatchObject({
      customers: 4,
      repeaters: 2,
      rate: 0.5,
      ordersPerCustomer: 7 / 4,
    })
    expect(repeatPurchases([], "2026-03-31")).toEqual({
      customers: 0,
      repeaters: 0,
      rate: null,
      interval: null,
      ordersPerCustomer: null,
    })
  })

  it("within a time are estimated from those still watched", () => {
    // Second purchases after 1 (a) and 28 days (c); b is watched for 80 days, d for 30.
    const [day, month, quarter] = secondPurchase(shop, "2026-03-31", [1, 30, 90])
    expect(day).toMatchObject({ days: 1, share: 0.25 })
    expect(month?.share).toBeCloseTo(0.5, 12)
    expect(month?.interval?.low).toBeLessThan(0.5)
    expect(month?.interval?.high).toBeGreaterThan(0.5)
    expect(quarter).toEqual({ days: 90, share: null, interval: null })
  })
})

describe("recency, frequency and value", () => {
  it("scores ties alike and leaves empty what nobody reaches", () => {
    expect(tiedScores([1, 1, 1, 1, 1, 1, 2, 2, 2, 9])).toEqual([1, 1, 1, 1, 1, 1, 4, 4, 4, 5])
    expect(tiedScores([3, 1, 2, 5, 4])).toEqual([3, 1, 2, 5, 4])
    expect(tiedScores([7, 7])).toEqual([1, 1])
    expect(tiedScores([])).toEqual([])
  })

  it("reads what was bought up to a day, whatever the order", () => {
    const found = rfm(shop, "2026-03-31")
    expect(found.find(({ customer }) => customer === "b")).toEqual({
      customer: "b",
      recencyDays: 80,
      frequency: 1,
      monetary: 15,
      recencyScore: 1,
      frequencyScore: 1,
      monetaryScore: 2,
    })
    expect(found.find(({ customer }) => customer === "a")).toMatchObject({
      recencyDays: 16,
      frequency: 3,
      monetary: 30,
    })
    const other = rfm(shop.toReversed(), "2026-03-31")
    expect(new Map(other.map((one) => [one.customer, one]))).toEqual(new Map(found.map((one) => [one.customer, one])))
    expect(rfm([], "2026-03-31")).toEqual([])
  })
})
