import { describe, expect, it } from "@effect/vitest"
import { render } from "../src/because/Because.ts"
import type { Credit } from "../src/ledger/Credit.ts"
import { Limits } from "../src/referral/Limit.ts"
import { committed, creditOf, customer, day, handle, order, person, program, refund, tell, visit } from "./Story.ts"

const lines = (credit: Credit | undefined): ReadonlyArray<string> => render(credit?.because ?? []).split("\n")

describe("reasons of a decision", () => {
  it("name every candidate with its owner and why it does not count", () => {
    const facts = [
      order(1),
      visit("BEN", customer(2), day(-2)),
      visit("BEN", customer(2), day(-40)),
      visit("NOBODY", customer(2), day(-1)),
      visit("BEN", customer(2), day(3)),
    ]
    expect(lines(creditOf(tell(facts))).filter((line) => line.includes("other touch"))).toEqual([
      `- other touch: kind link-click, code NOBODY, shownBy advocacy:visit/NOBODY/${day(-1)}, why nobody was issued this code`,
      `- other touch: kind link-click, code BEN, shownBy advocacy:visit/BEN/${day(-2)}, owner shopify:customer/3, why not the last`,
      `- other touch: kind link-click, code BEN, shownBy advocacy:visit/BEN/${day(-40)}, owner shopify:customer/3, why outside the window`,
    ])
  })

  it("name every sign of fraud that was looked at, those that did not fire too", () => {
    const soft = [handle("device:d")]
    const told = lines(creditOf(tell([order(1, { soft }), person(1, { soft, version: 2 })])))
    expect(told).toContain("+ code did not leak: code ADA, newBuyersBelow 10, within 24 hours")
    expect(told).toContain("x device is not the advocate's")
    expect(told).toContain("+ address is not the advocate's")
  })

  it("calculate from the gross to what is owed back", () => {
    const told = lines(creditOf(tell([order(1), refund(1, 1, 2_000n), refund(2, 1, 3_000n), committed(1)])))
    expect(told).toEqual(
      expect.arrayContaining([
        "- net: gross 100.00 EUR, less shopify:refund/1 20.00 EUR, less shopify:refund/2 30.00 EUR, net 50.00 EUR",
        "- amount: net 50.00 EUR, rate a discount of 10 % of the friend's order, worth 5.00 EUR",
        `- balance: amount 5.00 EUR, less ${committed(1).key} 10.00 EUR handed over, owedBack 5.00 EUR`,
      ]),
    )
  })

  it("say by which credit a debt was paid, on both sides", () => {
    const facts = [
      order(1),
      committed(1),
      refund(1, 1, 10_000n, { occurredAt: day(30) }),
      person(4),
      order(2, { customer: customer(4), occurredAt: day(40) }),
    ]
    const evaluation = tell(facts)
    expect(lines(creditOf(evaluation, 1))).toContain(
      "- debt paid by other credits: amount 10.00 EUR, by refer|referral|shopify:order/2|advocate| 10.00 EUR",
    )
    expect(lines(creditOf(evaluation, 2))).toContain(
      "- pays a debt of the same person: amount 10.00 EUR, of refer|referral|shopify:order/1|advocate| 10.00 EUR",
    )
  })

  it("say what stood before at every limit, also where there was no room", () => {
    const limited = program({
      limits: [Limits.perAdvocate({ count: 1, per: "year" }), Limits.perAdvocate({ count: 9, per: "ever" })],
    })
    const evaluation = tell([order(1), person(4), order(2, { customer: customer(4), occurredAt: day(1) })], {
      program: limited,
    })
    expect(lines(creditOf(evaluation, 2)).filter((line) => line.includes("limit"))).toEqual([
      "x limit: limit 1 per year (2026), before 1, asks 1",
      "+ limit: limit 9 per ever (ever), before 1, asks 1",
    ])
  })
})
