import { describe, expect, it } from "@effect/vitest"
import type { ValueTransferred } from "../src/fact/Fact.ts"
import * as Facts from "../src/fact/Fact.ts"
import * as Points from "../src/points/Points.ts"
import * as Referral from "../src/program/Referral.ts"
import * as Reward from "../src/reward/Reward.ts"
import { committed, customer, day, handle, order, person, program, refund, tell, verdict } from "./Story.ts"

const recurring = { withinDays: 60, count: null, reward: Reward.points(7) }
const twice = Referral.Limits.perAdvocate({ count: 2, per: "year" })
const bare = { codes: [] }
const again = order(2, { ...bare, occurredAt: day(10) })

describe("buying again", () => {
  it("earns the same advocate again", () => {
    expect(verdict(tell([order(1), again], { program: program({ recurring }) }), 2)).toBe("credited - clear 7")
  })

  it("earns nobody while the first credit is only held", () => {
    const device = handle("device:d")
    const of = program({ recurring, friend: Reward.discount({ percentOfOrder: 5 }) })
    const held = [person(1, { soft: [device] }), order(1, { soft: [device] }), again]
    expect(verdict(tell(held, { program: of }), 2)).toBe("none")
    // What was handed over to the friend lets the purchase stand, and holds the advocate still.
    const given = committed(1, { credit: "refer|referral|shopify:order/1|friend|", terms: of.hash, amountMinor: 1n })
    const evaluation = tell([...held, given], { program: of })
    expect([verdict(evaluation), verdict(evaluation, 2)]).toEqual(["held shared-device held 0", "none"])
  })

  it("takes its place in the limit where only the friend was given something for it", () => {
    const of = program({ recurring, friend: Reward.discount({ percentOfOrder: 5 }), limits: [twice] })
    const given = committed(2, { credit: "refer|referral|shopify:order/2|friend|", terms: of.hash, amountMinor: 1n })
    const later = order(3, { customer: customer(4), occurredAt: day(20) })
    const facts = [person(4), order(1), again, later]
    expect(verdict(tell([...facts, given], { program: of }), 2)).toBe("credited - clear 7")
    expect(verdict(tell([...facts, given], { program: of }), 3)).toBe("refused limit-reached clear 0")
  })

  it("earns nobody where the first purchase gives the advocate nothing", () => {
    const of = program({ recurring, advocate: null })
    expect(verdict(tell([order(1), again], { program: of }), 2)).toBe("none")
  })
})

it("what was transferred expires with its lot, also when the purchase of that was sent back", () => {
  const of = program(
    {},
    { mechanics: [Points.make({ perUnit: 1, expiresAfterDays: 30 }), ...program().definition.mechanics] },
  )
  const lot = { credit: "refer|points|shopify:order/1|member|", beneficiary: customer(2), amountMinor: 40n }
  const given: ValueTransferred = {
    _tag: "ValueTransferred",
    key: Facts.key("advocacy:transfer/1"),
    version: 0,
    rank: 200,
    occurredAt: day(20),
    program: "refer",
    from: customer(2),
    to: customer(3),
    unit: "points:refer",
    lots: [{ ...lot, terms: of.hash }],
    by: "sam",
    reason: "asked for it",
  }
  for (const more of [[], [refund(1, 1, 10_000n)]]) {
    const transfer = [...tell([order(1), given, ...more], { program: of }).credits.values()].find(
      ({ rule }) => rule === "transfer",
    )
    expect(transfer?.expiresAt).toBe(day(44))
  }
})

it("a purchase that nobody's code is on needs one who was credited", () => {
  const of = program({ recurring, qualifies: [Referral.Qualify.newCustomer] })
  expect(verdict(tell([order(1, bare), again], { program: of }), 2)).toBe("none")
})
