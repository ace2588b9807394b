import { describe, expect, it } from "vitest"
import type { AuditLine } from "../src/audit/AuditLine.ts"
import type { Fact, RewardPaid } from "../src/fact/Fact.ts"
import * as Facts from "../src/fact/Fact.ts"
import { audit, type Audit, type AuditOptions } from "../src/flow/Auditing.ts"
import { platform, type Handle } from "../src/id/Handle.ts"
import * as Referral from "../src/program/Referral.ts"
import * as Reward from "../src/reward/Reward.ts"
import {
  asset,
  cast,
  customer,
  day,
  email,
  handle,
  invitation,
  line,
  merge,
  order,
  person,
  program,
  refund,
  visit,
} from "./Story.ts"

/** 10.00 for the advocate after 14 days, for new customers. */
const rules = (mechanic: Partial<Referral.ReferralOptions> = {}) =>
  program({ advocate: Reward.discount({ amount: "10.00" }), ...mechanic })

const orderHandle = (id: number): Handle => platform("shopify", "order", `${id}`)

/** Ada got 10.00 for order 1 on day 15. */
const paid = (id: number, told: Partial<RewardPaid> = {}): RewardPaid => ({
  _tag: "RewardPaid",
  key: Facts.key(`smile:reward/${id}`),
  version: 0,
  rank: Facts.rank.file,
  occurredAt: day(15),
  source: "smile",
  beneficiary: customer(1),
  role: "advocate",
  unit: "EUR",
  amountMinor: 1_000n,
  status: "paid",
  order: orderHandle(1),
  orderName: null,
  friend: null,
  ...told,
})

/** A reward of long ago, so that the file does not begin with the story. */
const before = [
  person(90),
  order(90, { customer: customer(90), occurredAt: day(-60) }),
  paid(90, { order: orderHandle(90), occurredAt: day(-45) }),
]

const run = (facts: ReadonlyArray<Fact>, told: Partial<AuditOptions> = {}): Audit =>
  audit({
    facts: [...cast(), ...before, ...facts],
    program: rules(),
    asOf: day(100),
    pointsWorth: null,
    everyCode: false,
    ...told,
  })

const isOfStory = ({ orders }: AuditLine): boolean => orders.every(({ cause }) => cause !== "shopify:order/90")

/** The lines of the story, in few words: kind, doubt or reason, due and paid. */
const said = ({ lines }: Audit): ReadonlyArray<string> =>
  lines
    .filter(isOfStory)
    .map(({ doubt, dueMinor, kind, paidMinor, reason }) =>
      [kind, doubt ?? reason ?? "-", dueMinor, paidMinor].join(" "),
    )

const only = (result: Audit): AuditLine => {
  const lines = result.lines.filter(isOfStory)
  expect(lines).toHaveLength(1)
  return lines[0]!
}

describe("what was paid as it should have been", () => {
  it("is right: by the platform's order, by its name, by the friend", () => {
    const named = order(1, { name: "#1001" })
    const told = { role: "advocate", order: null } as const
    expect(said(run([order(1), paid(1)]))).toEqual(["right - 1000 1000"])
    const byName = only(run([named, paid(1, { ...told, orderName: " 1001" })]))
    expect([byName.kind, byName.matchedBy, byName.orders[0]?.name]).toEqual(["right", "order-name", "#1001"])
    const byFriend = only(run([order(1), paid(1, { ...told, friend: email("customer-2") })]))
    expect([byFriend.kind, byFriend.matchedBy]).toEqual(["right", "friend"])
  })

  it("is right in parts of one sum, and by a cent of rounding", () => {
    const parts = [paid(1, { amountMinor: 400n }), paid(2, { amountMinor: 600n })]
    expect(said(run([order(1), ...parts]))).toEqual(["right - 1000 1000"])
    expect(said(run([order(1), paid(1, { amountMinor: 1_001n })]))).toEqual(["right - 1000 1001"])
  })

  it("is right where nothing was due and what had been granted was taken back", () => {
    expect(said(run([order(1), refund(1, 1, 10_000n), paid(1, { status: "reversed" })]))).toEqual([
      "right refunded 0 0",
    ])
  })

  it("is right while the hold runs and the record is pending", () => {
    const pending = [order(1, { occurredAt: day(95) }), paid(1, { status: "pending", occurredAt: day(95) })]
    const result = run(pending)
    expect(said(result)).toEqual(["right - 0 0"])
    expect(result.notYetDue).toBe(1)
  })

  it("pays the friend as well where the rules do", () => {
    const both = rules({ friend: Reward.discount({ amount: "5.00" }) })
    const friend = paid(2, { role: "friend", beneficiary: email("customer-2"), amountMinor: 500n })
    expect(said(run([order(1), paid(1), friend], { program: both })).toSorted()).toEqual([
      "right - 1000 1000",
      "right - 500 500",
    ])
  })
})

describe("what went wrong", () => {
  it("twice: the second payment is too much, whichever way its purchase is named", () => {
    const again = paid(2, { order: null, friend: customer(2), occurredAt: day(20) })
    expect(said(run([order(1), paid(1), again]))).toEqual(["twice paid-again 0 1000", "right - 1000 1000"])
  })

  it("missing: the code was used, the hold is over, nothing was paid", () => {
    const missing = only(run([order(1)]))
    expect([missing.kind, missing.beneficiary, missing.differenceMinor]).toEqual(["missing", customer(1), -1_000n])
    expect(missing.because.map(({ rule }) => rule)).toContain("last-touch")
  })

  it("missing: it was due, and taken back", () => {
    expect(said(run([order(1), paid(1, { status: "reversed" })]))).toEqual(["missing - 1000 0"])
  })

  it("after a refund or a cancellation: kept although nothing, or less, is left to reward", () => {
    expect(said(run([order(1), refund(1, 1, 10_000n), paid(1)]))).toEqual(["after-refund refunded 0 1000"])
    expect(said(run([order(1, { cancelledAt: day(3) }), paid(1)]))).toEqual(["after-refund cancelled 0 1000"])
    const minimum = rules({ qualifies: [Referral.Qualify.newCustomer, Referral.Qualify.minimum("60.00")] })
    expect(said(run([order(1), refund(1, 1, 5_000n), paid(1)], { program: minimum }))).toEqual([
      "after-refund below-minimum 0 1000",
    ])
    const share = rules({ advocate: Reward.discount({ percentOfOrder: 10 }) })
    expect(said(run([order(1), refund(1, 1, 5_000n), paid(1)], { program: share }))).toEqual([
      "after-refund - 500 1000",
    ])
  })

  it("to the buyer: by one address, by a merge, by the record's own word", () => {
    const self = order(1, { customer: customer(1) })
    expect(said(run([self, paid(1)]))).toEqual(["self-referral self-referral 0 1000"])
    expect(said(run([order(1), merge(customer(1), customer(2)), paid(1)]))).toEqual([
      "self-referral self-referral 0 1000",
    ])
    const uncoded = order(1, { codes: [] })
    expect(said(run([uncoded, paid(1, { beneficiary: email("customer-2") })]))).toEqual([
      "self-referral self-referral 0 1000",
    ])
    expect(said(run([order(1), paid(1), paid(2, { beneficiary: customer(2) })]))).toEqual([
      "self-referral self-referral 0 1000",
      "right - 1000 1000",
    ])
  })

  it("to the buyer, whichever of their purchases it was for", () => {
    const bought = [order(1, { codes: [], occurredAt: day(-9) }), order(2, { codes: [] })]
    const told = { order: null, friend: email("customer-2"), beneficiary: customer(2) }
    expect(said(run([...bought, paid(1, told)]))).toEqual(["self-referral self-referral 0 1000"])
  })

  it("above the limit", () => {
    const limited = rules({ limits: [Referral.Limits.perAdvocate({ count: 1, per: "year" })] })
    const second = [person(4), order(2, { customer: customer(4), occurredAt: day(10) })]
    const facts = [order(1), ...second, paid(1), paid(2, { order: orderHandle(2), occurredAt: day(25) })]
    const one = run(facts.slice(0), { program: limited, facts: [...cast(), ...facts] })
    expect(said(one)).toEqual(["above-limit limit-reached 0 1000", "right - 1000 1000"])
  })

  it("of the wrong amount, either way", () => {
    expect(said(run([order(1), paid(1, { amountMinor: 1_500n })]))).toEqual(["wrong-amount - 1000 1500"])
    expect(said(run([order(1), paid(1, { amountMinor: 700n })]))).toEqual(["wrong-amount - 1000 700"])
  })

  it("not due: the customer was known, the purchase too small, a test", () => {
    const known = order(2, { occurredAt: day(-20), codes: [] })
    expect(said(run([known, order(1), paid(1)]))).toEqual(["not-due existing-customer 0 1000"])
    const minimum = rules({ qualifies: [Referral.Qualify.minimum("200.00")] })
    expect(said(run([order(1), paid(1)], { program: minimum })).slice(0, 1)).toEqual(["not-due below-minimum 0 1000"])
    expect(said(run([order(1, { test: true }), paid(1)]))).toEqual(["not-due test-order 0 1000"])
  })

  it("not due: another's code decides at the checkout, and its owner got nothing", () => {
    expect(said(run([order(1), paid(1, { beneficiary: customer(3) })]))).toEqual([
      "not-due other-advocate 0 1000",
      "missing - 1000 0",
    ])
  })

  it("too early: paid while the hold runs", () => {
    const facts = [order(1, { occurredAt: day(95) }), paid(1, { occurredAt: day(95) })]
    expect(said(run(facts))).toEqual(["too-early - 0 1000"])
  })
})

describe("what the other product claims", () => {
  const uncoded = order(1, { codes: [] })

  it("stands in for evidence: everything else is judged, and its amount", () => {
    const right = only(run([uncoded, paid(1)]))
    expect([right.kind, right.isClaimed]).toEqual(["right", true])
    expect(said(run([uncoded, paid(1, { amountMinor: 2_000n })]))).toEqual(["wrong-amount - 1000 2000"])
    expect(said(run([order(2, { occurredAt: day(-9), codes: [] }), uncoded, paid(1)]))).toEqual([
      "not-due existing-customer 0 1000",
    ])
    expect(said(run([uncoded, refund(1, 1, 10_000n), paid(1)]))).toEqual(["after-refund refunded 0 1000"])
  })

  it("makes nothing missing: neither what was taken back, nor the friend's side", () => {
    expect(said(run([uncoded, paid(1, { status: "reversed" })]))).toEqual(["cannot-tell only-claimed 1000 0"])
    const both = rules({ friend: Reward.discount({ amount: "5.00" }) })
    expect(said(run([uncoded, paid(1)], { program: both }))).toEqual(["right - 1000 1000"])
  })

  it("by two advocates for one purchase is one too many", () => {
    const second = paid(2, { beneficiary: customer(3), occurredAt: day(16) })
    expect(said(run([uncoded, paid(1), second]))).toEqual(["twice other-advocate 0 1000", "right - 1000 1000"])
  })

  it("does not outweigh evidence that is at hand, nor the other way round where clicks may be missing", () => {
    const visited = [uncoded, visit("BEN", customer(2), day(-3)), paid(1)]
    expect(said(run(visited)).toSorted()).toEqual(["cannot-tell contested 1000 0", "cannot-tell other-person 0 1000"])
  })

  it("reads recurring rewards on top of a claimed first one", () => {
    const recurring = rules({ recurring: { withinDays: 365, count: 1, reward: Reward.discount({ amount: "3.00" }) } })
    const again = order(2, { codes: [], occurredAt: day(30) })
    const second = paid(2, { order: orderHandle(2), occurredAt: day(50), amountMinor: 300n })
    expect(said(run([uncoded, again, paid(1), second], { program: recurring }))).toEqual([
      "right - 1000 1000",
      "right - 300 300",
    ])
  })
})

describe("what cannot be told is counted, with why", () => {
  it("of a record that no purchase is found for", () => {
    const nothing = { role: "advocate", order: null } as const
    expect(said(run([paid(1)]))).toEqual(["cannot-tell order-not-in-file 0 1000"])
    expect(said(run([paid(1, { ...nothing, orderName: "#7" })]))).toEqual(["cannot-tell order-not-in-file 0 1000"])
    expect(said(run([paid(1, nothing)]))).toEqual(["cannot-tell names-nothing 0 1000"])
    expect(said(run([paid(1, { ...nothing, friend: email("gone") })]))).toEqual(["cannot-tell no-purchase 0 1000"])
    const twins = [order(1, { name: "#1" }), person(4), order(2, { name: "1", customer: customer(4), codes: [] })]
    expect(said(run([...twins, paid(1, { ...nothing, orderName: "#1" })])).toSorted()).toEqual([
      "cannot-tell ambiguous-name 0 1000",
      "cannot-tell maybe-paid 1000 0",
    ])
  })

  it("of points without a worth, and judged with one", () => {
    const points = paid(1, { unit: "points", amountMinor: 1_000n })
    expect(said(run([order(1), points]))).toEqual(["cannot-tell other-unit 1000 0", "cannot-tell other-unit 0 1000"])
    const worth = { points: 100n, minor: 100n }
    expect(said(run([order(1), points], { pointsWorth: worth }))).toEqual(["right - 1000 1000"])
    const dollars = paid(1, { unit: "usd" })
    expect(run([order(1), dollars]).paid).toEqual([
      { unit: "EUR", amountMinor: 1_000n },
      { unit: "USD", amountMinor: 1_000n },
    ])
  })

  it("of what a human would have to look at, or the files do not hold", () => {
    const device = handle("device:1")
    const shared = [person(1, { soft: [device] }), order(1, { soft: [device] }), paid(1)]
    const first = cast().filter((fact) => fact.key !== person(1).key)
    expect(
      said(
        audit({
          facts: [...first, ...before, ...shared],
          program: rules(),
          asOf: day(100),
          pointsWorth: null,
          everyCode: false,
        }),
      ),
    ).toEqual(["cannot-tell needs-human 0 1000"])
    const enrolled = rules({ qualifies: [Referral.Qualify.enrolled] })
    expect(said(run([order(1), paid(1)], { program: enrolled }))).toContain("cannot-tell unknown-enrolment 0 1000")
    const old = [order(1, { codes: [] }), invitation("ADA", customer(2), day(-40)), paid(1)]
    expect(said(run(old))).toEqual(["cannot-tell outside-window 0 1000"])
    const anonymous = [order(1, { customer: null }), paid(1)]
    expect(said(run(anonymous))).toEqual(["cannot-tell unknown-buyer 0 1000"])
  })

  it("of what a file knows of a refund as one sum", () => {
    const share = rules({ advocate: Reward.discount({ percentOfOrder: 10 }) })
    const sum = refund(1, 1, 5_000n, { estimated: ["occurredAt", "otherMinor"] })
    expect(said(run([order(1), sum, paid(1)], { program: share }))).toEqual(["cannot-tell refund-estimated 500 1000"])
    const certain = { ...sum, atLeastMinor: 4_900n }
    expect(said(run([order(1), certain, paid(1)], { program: share }))).toEqual(["after-refund - 500 1000"])
    expect(said(run([order(1), certain, paid(1, { amountMinor: 505n })], { program: share }))).toEqual([
      "cannot-tell refund-estimated 500 505",
    ])
    const minimum = rules({ qualifies: [Referral.Qualify.minimum("60.00")] })
    expect(said(run([order(1), sum, paid(1)], { program: minimum }))).toContain("cannot-tell refund-estimated 0 1000")
    expect(said(run([order(1), certain, paid(1)], { program: minimum }))).toContain("after-refund below-minimum 0 1000")
    const time = refund(1, 1, 5_000n, { estimated: ["occurredAt"] })
    expect(said(run([order(1), time, paid(1)], { program: share }))).toEqual(["after-refund - 500 1000"])
  })

  it("of a credit without a record", () => {
    const asked = (facts: ReadonlyArray<Fact>, told: Partial<AuditOptions> = {}) => said(run(facts, told))
    // Somebody who was paid and nobody knows for what.
    expect(asked([order(1), paid(1, { order: null })]).toSorted()).toEqual([
      "cannot-tell maybe-paid 1000 0",
      "cannot-tell names-nothing 0 1000",
    ])
    // The records begin later than it was due.
    expect(
      asked([order(1), paid(1, { order: orderHandle(7), occurredAt: day(60) })], {
        facts: [...cast(), order(1), paid(1, { order: orderHandle(7), occurredAt: day(60), beneficiary: customer(3) })],
      }).toSorted(),
    ).toEqual(["cannot-tell before-records 1000 0", "cannot-tell order-not-in-file 0 1000"])
    // A list says who was brought, and not whether the product counted it.
    const listed = { ...invitation("ADA", customer(2), day(-1)), estimated: ["occurredAt", "code"] }
    expect(asked([order(1, { codes: [] }), listed])).toEqual(["cannot-tell unconfirmed 1000 0"])
    expect(asked([order(1, { codes: [] }), invitation("ADA", customer(2), day(-1))])).toEqual(["missing - 1000 0"])
    // The file holds no friend's rewards at all.
    const both = rules({ friend: Reward.discount({ amount: "5.00" }) })
    expect(asked([order(1), paid(1)], { program: both })).toContain("cannot-tell role-not-in-file 500 0")
    expect(asked([order(1), paid(1, { status: "pending" })])).toEqual(["cannot-tell still-pending 1000 0"])
  })

  it("of a place that became free by a refund, or that a purchase elsewhere may have taken", () => {
    const limited = rules({ limits: [Referral.Limits.perAdvocate({ count: 2, per: "ever" })] })
    const second = [person(4), order(2, { customer: customer(4), occurredAt: day(10) })]
    const freed = [order(1), refund(1, 1, 10_000n), ...second, paid(1, { status: "reversed" })]
    expect(said(run(freed, { program: limited }))).toContain("cannot-tell slot-freed 1000 0")
    const elsewhere = [...second, paid(1, { order: orderHandle(77) })]
    expect(said(run(elsewhere, { program: limited }))).toContain("cannot-tell limit-unknown 1000 0")
  })

  it("of two handles that may be one person", () => {
    const unknown = paid(1, { beneficiary: email("ada-elsewhere") })
    const codeOnly = [...before, asset("EVE", 8), order(1, { codes: [{ code: "EVE", discountMinor: 0n }] }), unknown]
    expect(said(run(codeOnly)).toSorted()).toEqual(["cannot-tell contested 1000 0", "cannot-tell other-person 0 1000"])
  })
})

describe("what is read", () => {
  it("codes of another program's name where an export knows one", () => {
    const facts = [...cast(), ...before, order(1), paid(1)].map((fact): Fact =>
      fact._tag === "AssetIssued" ? { ...fact, program: "smile" } : fact,
    )
    const told = { facts, program: rules(), asOf: day(100), pointsWorth: null }
    expect(said(audit({ ...told, everyCode: true }))).toEqual(["right - 1000 1000"])
    expect(audit({ ...told, everyCode: false }).lines.every(({ isClaimed }) => isClaimed)).toBe(true)
  })

  it("nothing that happened after the time of the audit", () => {
    expect(said(run([order(1), paid(1), refund(1, 1, 10_000n, { occurredAt: day(101) })]))).toEqual([
      "right - 1000 1000",
    ])
  })

  it("lines with products, so that a purchase says what was kept", () => {
    const products = rules({ qualifies: [Referral.Qualify.products("product/2")] })
    const kept = order(1, { lines: [line(4_000n, { product: "product/2" }), line(6_000n, { line: "2" })] })
    expect(said(run([kept, paid(1)], { program: products }))).toContain("right - 1000 1000")
  })
})
