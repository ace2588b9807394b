import { describe, expect, it } from "@effect/vitest"
import type { Fact } from "../src/fact/Fact.ts"
import { events, outcomes, reasons } from "../src/program/DecisionTexts.ts"
import * as Receipt from "../src/program/Receipt.ts"
import type { Instant } from "../src/id/Instant.ts"
import { committed, creditOf, day, handle, order, person, program, refund, review, tell } from "./Story.ts"

const berlin = "Europe/Berlin"

/** What Ada reads of her credit for order 1, without the reference. */
const receiptOf = (facts: ReadonlyArray<Fact>, asOf?: Instant, of = program()): ReadonlyArray<string> => {
  const credit = creditOf(tell(facts, { program: of, ...(asOf === undefined ? {} : { asOf }) }))
  if (credit === undefined) throw new Error("no credit")
  const receipt = Receipt.of({ ...credit, beneficiaryHandle: credit.beneficiary, timeZone: berlin })
  return Receipt.text(receipt).split("\n").slice(0, -1)
}

describe("receipt", () => {
  it("says what waits, and from which day on it is theirs", () => {
    expect(receiptOf([order(1)], day(3))).toEqual([
      "Your friend's order of 1 October 2026: 10.00 EUR",
      "  It counts.",
      "  10.00 EUR: It waits until the time for returns is over.",
      "  Next, on 15 October 2026: It becomes yours.",
    ])
    expect(receiptOf([order(1, { paid: false })], day(3)).at(-1)).toBe(
      "  Next: It becomes yours once the order is paid.",
    )
  })

  it("dates by the program's time zone", () => {
    const late = order(1, { occurredAt: Date.parse("2026-10-01T22:30:00Z") })
    expect(receiptOf([late], day(3))[0]).toContain("2 October 2026")
  })

  it("says kindly why nothing is given", () => {
    expect(receiptOf([order(1, { test: true })])).toEqual([
      "Your friend's order of 1 October 2026",
      "  It does not count.",
      "  It was a test order, which earns nothing.",
    ])
  })

  it("never says what is looked at, or why", () => {
    const soft = [handle("device:d")]
    const held = [order(1, { soft }), person(1, { soft, version: 2 })]
    expect(receiptOf(held)).toEqual([
      "Your friend's order of 1 October 2026",
      "  We are looking at this one before we decide.",
      "  Next: We decide and tell you.",
    ])
    expect(receiptOf([...held, review(1, "reject")]).at(-1)).toContain("We looked at it and decided against it.")
  })

  it("says what has to come back, and what it is taken from", () => {
    const facts = [order(1), committed(1), refund(1, 1, 10_000n, { occurredAt: day(30) })]
    expect(receiptOf(facts)).toEqual([
      "Your friend's order of 1 October 2026",
      "  It had counted, and does not count any more.",
      "  The order was returned.",
      "  10.00 EUR: You have it.",
      "  10.00 EUR: You had more than it is worth now. What you earn next pays that first.",
    ])
  })

  it("has texts for everything, and none for people names a sign of fraud", () => {
    for (const { operator, person: told } of [reasons, outcomes, events].flatMap((table) => Object.values(table))) {
      expect(operator).toMatch(/\.$/)
      expect(told).toMatch(/[.!]$/)
      expect(told).not.toMatch(/device|address|phone|payment|leak|fraud|self-referral/i)
    }
  })
})
