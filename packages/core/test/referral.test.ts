import { describe, expect, it } from "@effect/vitest"
import * as Fact from "../src/fact/Fact.ts"
import { fromIso } from "../src/id/Instant.ts"
import { make as currencyOf } from "../src/money/Currency.ts"
import * as Referral from "../src/program/Referral.ts"
import { publication } from "../src/program/Program.ts"
import * as Reward from "../src/reward/Reward.ts"
import {
  committed,
  creditOf,
  customer,
  day,
  email,
  handle,
  line,
  merge,
  order,
  person,
  program,
  refund,
  sheet,
  tell,
  verdict,
} from "./Story.ts"

const { Limits, Qualify } = Referral
const limited = (count: number, per: Referral.Limit["period"]) =>
  program({ limits: [Limits.perAdvocate({ count, per })] })
const friends = [person(2), person(4), person(5), person(6)]

/** Customer 2 won over by sales, before the story begins. */
const deal: Fact.DealChanged = {
  _tag: "DealChanged",
  key: Fact.key("hubspot:deal/9"),
  version: 1,
  rank: Fact.rank.api,
  occurredAt: day(-30),
  deal: handle("hubspot:deal/9"),
  contacts: [customer(2)],
  companies: [],
  currency: currencyOf("EUR"),
  amountMinor: 100_000n,
  outcome: "won",
  closedAt: day(-20),
  code: null,
}

describe("qualification", () => {
  it("takes a deal for an earlier purchase only where deals count as conversions", () => {
    expect(verdict(tell([deal, order(1)]))).toBe("credited - clear 1000")
    const of = program({ conversions: ["order", "deal"] })
    expect(verdict(tell([deal, order(1)], { program: of }))).toBe("refused existing-customer clear 0")
  })

  it("refuses whoever bought before, under any alias, unless that order was cancelled by then or a test", () => {
    const earlier = order(9, { occurredAt: day(-9), codes: [] })
    expect(verdict(tell([earlier, order(1)]))).toBe("refused existing-customer clear 0")
    expect(verdict(tell([{ ...earlier, customer: null, email: email("customer-2") }, order(1)]))).toBe(
      "refused existing-customer clear 0",
    )
    expect(verdict(tell([{ ...earlier, cancelledAt: day(-8) }, order(1)]))).toBe("credited - clear 1000")
    expect(verdict(tell([{ ...earlier, cancelledAt: day(1) }, order(1)]))).toBe("refused existing-customer clear 0")
    expect(verdict(tell([{ ...earlier, test: true }, order(1)]))).toBe("credited - clear 1000")
    expect(verdict(tell([{ ...earlier, occurredAt: day(1) }, order(1)]))).toBe("credited - clear 1000")
  })

  it("per company refuses when a colleague bought before", () => {
    const colleagues = [2, 4].map((id) => person(id, { companies: [handle("hubspot:company/1")] }))
    const facts = [...colleagues, order(9, { customer: customer(4), occurredAt: day(-9), codes: [] }), order(1)]
    expect(verdict(tell(facts))).toBe("credited - clear 1000")
    expect(verdict(tell(facts, { program: program({ qualifies: [Qualify.newCompany] }) }))).toBe(
      "refused existing-customer clear 0",
    )
  })

  it("asks for the minimum of what is left now", () => {
    const of = program({ qualifies: [Qualify.minimum("60.00")] })
    expect(verdict(tell([order(1), refund(1, 1, 4_000n)], { program: of }))).toBe("credited - clear 600")
    expect(verdict(tell([order(1), refund(1, 1, 4_001n)], { program: of }))).toBe("refused below-minimum clear 0")
  })

  it("asks for a product that is kept, and for a channel", () => {
    const of = program({ qualifies: [Qualify.products("product/7")] })
    const lines = [line(5_000n), line(5_000n, { line: "2", product: "product/7" })]
    expect(verdict(tell([order(1, { lines })], { program: of }))).toBe("credited - clear 1000")
    expect(verdict(tell([order(1)], { program: of }))).toBe("refused other-products clear 0")
    expect(
      verdict(tell([order(1, { lines: [line(5_000n), { ...lines[1]!, currentQuantity: 0 }] })], { program: of })),
    ).toBe("refused other-products clear 0")
    expect(
      verdict(tell([order(1, { channel: "pos" })], { program: program({ qualifies: [Qualify.channels("web")] }) })),
    ).toBe("refused other-channel clear 0")
  })

  it("refuses tests, unknown buyers, and other currencies, which never add", () => {
    expect(verdict(tell([order(1, { test: true })]))).toBe("refused test-order clear 0")
    expect(verdict(tell([order(1, { customer: null })]))).toBe("refused unknown-buyer clear 0")
    const inDollars = tell([order(1, { currency: currencyOf("USD") })])
    expect(verdict(inDollars)).toBe("refused other-currency clear 0")
    expect(creditOf(inDollars)?.because.at(-1)).toEqual({
      rule: "currency",
      outcome: "failed",
      saw: { currency: "USD", program: "EUR" },
    })
  })

  it("refuses self-referral across e-mail, merged records and the other platform", () => {
    const ada = [
      person(1, { mergedFrom: [customer(11)], aliases: [email("ada")] }),
      person(8, {
        key: handle("hubspot:contact/1") as never,
        person: handle("hubspot:contact/1"),
        aliases: [email("ada"), email("ada-at-home")],
      }),
    ]
    for (const buyer of [
      { customer: customer(1) },
      { customer: customer(11) },
      { customer: null, email: email("ada-at-home") },
    ]) {
      expect(verdict(tell([...ada, order(1, buyer)]))).toBe("refused self-referral clear 0")
    }
    expect(verdict(tell([merge(customer(1), customer(2)), order(1)]))).toBe("refused self-referral clear 0")
  })

  it("holds for soft signs, never refuses for them", () => {
    const device = handle("device:d")
    expect(verdict(tell([person(1, { soft: [device] }), order(1, { soft: [device] })]))).toBe(
      "held shared-device held 0",
    )
    const leaky = program({ review: { shared: [], leakedPer24Hours: 3 } })
    const buyers = (count: number) =>
      [4, 5, 6].slice(0, count).map((id, index) => order(id, { customer: customer(id), occurredAt: day(0) + index }))
    expect(verdict(tell([...friends, ...buyers(2), order(1)], { program: leaky }))).toBe("held leaked-code held 0")
    expect(verdict(tell([...friends, ...buyers(1), order(1)], { program: leaky }))).toBe("credited - clear 1000")
  })
})

describe("the hold", () => {
  it("keeps a credit pending until the day, says when it is due, and dates the posting by the rule", () => {
    const before = tell([order(1)], { asOf: day(14) - 1 })
    expect(sheet(creditOf(before))).toEqual({ granted: -1_000n, pending: 1_000n })
    expect(before.nextDueAt).toBe(day(14))
    const after = tell([order(1)], { asOf: day(60) })
    expect(sheet(creditOf(after))).toEqual({ granted: -1_000n, available: 1_000n })
    expect([after.nextDueAt, creditOf(after)?.effectiveAt]).toEqual([null, day(14)])
    expect(sheet(creditOf(tell([order(1)], { asOf: day(14) })))).toHaveProperty("available")
  })

  it("does not end for what was never paid", () => {
    expect(sheet(creditOf(tell([order(1, { paid: false })])))).toEqual({ granted: -1_000n, pending: 1_000n })
  })
})

describe("limits", () => {
  it("grant in order of purchase, whatever the order of facts, and free a slot with a refund", () => {
    const of = limited(1, "ever")
    const orders = [order(1), order(4, { customer: customer(4), occurredAt: day(1) })]
    for (const facts of [orders, orders.toReversed()]) {
      const evaluation = tell([...friends, ...facts], { program: of })
      expect([verdict(evaluation, 1), verdict(evaluation, 4)]).toEqual([
        "credited - clear 1000",
        "refused limit-reached clear 0",
      ])
    }
    const freed = tell([...friends, ...orders, refund(1, 1, 10_000n)], { program: of })
    expect([verdict(freed, 1), verdict(freed, 4)]).toEqual(["refused refunded clear 0", "credited - clear 1000"])
  })

  it("settle purchases of the same moment by the source's key", () => {
    const evaluation = tell([...friends, order(5, { customer: customer(5) }), order(4, { customer: customer(4) })], {
      program: limited(1, "day"),
    })
    expect([verdict(evaluation, 4), verdict(evaluation, 5)]).toEqual([
      "credited - clear 1000",
      "refused limit-reached clear 0",
    ])
  })

  it("begin a new year at midnight in Berlin, not in UTC", () => {
    const at = (iso: string, id: number) => order(id, { customer: customer(id), occurredAt: fromIso(iso) })
    const evaluation = tell(
      [...friends, at("2026-12-31T22:59:59.999Z", 4), at("2026-12-31T23:00:00Z", 5), at("2026-12-31T22:00:00Z", 6)],
      { program: limited(1, "year"), asOf: day(300) },
    )
    expect([6, 4, 5].map((id) => verdict(evaluation, id))).toEqual([
      "credited - clear 1000",
      "refused limit-reached clear 0",
      "credited - clear 1000",
    ])
  })

  it("give commitments their slots first, even above the limit", () => {
    const of = limited(1, "ever")
    const [second, third] = [
      order(4, { customer: customer(4), occurredAt: day(1) }),
      order(5, { customer: customer(5), occurredAt: day(2) }),
    ]
    const terms = { terms: of.hash }
    const one = tell([...friends, order(1), second, committed(4, terms)], { program: of })
    expect([verdict(one, 1), verdict(one, 4)]).toEqual(["refused limit-reached clear 0", "credited - clear 1000"])
    const two = tell([...friends, order(1), second, third, committed(4, terms), committed(5, terms)], { program: of })
    expect([1, 4, 5].map((id) => verdict(two, id))).toEqual([
      "refused limit-reached clear 0",
      "credited - clear 1000",
      "credited - clear 1000",
    ])
  })
})

describe("the friend's discount at the checkout", () => {
  const of = program({ friend: Reward.discount({ percent: 10, timing: "atCheckout" }) })
  const codes = [
    { code: "ADA", discountMinor: 1_111n },
    { code: "SUMMER", discountMinor: 500n },
  ]

  it("is recorded, net of refunds, and takes only what the advocate's code took", () => {
    expect(verdict(tell([order(1, { codes })], { program: of }), 1, "friend")).toBe("recorded - clear 1111")
    const half = tell([order(1, { codes }), refund(1, 1, 5_000n)], { program: of })
    expect(verdict(half, 1, "friend")).toBe("recorded - clear 556")
    expect(sheet(creditOf(half, 1, "friend"))).toEqual({ granted: -556n, settled: 556n })
    expect(sheet(creditOf(tell([order(1, { codes, cancelledAt: day(1) })], { program: of }), 1, "friend"))).toEqual({})
  })

  it("is recorded where the referral is refused, in the currency of the order", () => {
    const evaluation = tell(
      [order(9, { occurredAt: day(-9), codes: [] }), order(1, { codes, currency: currencyOf("USD") })],
      { program: of },
    )
    expect([verdict(evaluation), verdict(evaluation, 1, "friend")]).toEqual([
      "refused existing-customer clear 0",
      "recorded - clear 1111",
    ])
    expect(creditOf(evaluation, 1, "friend")?.unit).toBe("USD")
  })

  it("is given back whole when a free order is cancelled", () => {
    const free = { codes, lines: [line(0n)] }
    expect(verdict(tell([order(1, free)], { program: of }), 1, "friend")).toBe("recorded - clear 1111")
    expect(verdict(tell([order(1, { ...free, cancelledAt: day(1) })], { program: of }), 1, "friend")).toBe(
      "recorded - clear 0",
    )
  })
})

describe("terms", () => {
  const better = program({ advocate: Reward.discount({ percentOfOrder: 20 }) })

  it("are those in force at the purchase; publishing never reaches back", () => {
    const evaluation = tell([
      ...friends,
      publication(better, day(1)),
      order(1),
      order(4, { customer: customer(4), occurredAt: day(1) }),
    ])
    expect([verdict(evaluation, 1), verdict(evaluation, 4)]).toEqual(["credited - clear 1000", "credited - clear 2000"])
  })

  it("do not exist before the first publication", () => {
    expect(verdict(tell([order(1, { occurredAt: day(-401) })]))).toBe("none")
  })
})
