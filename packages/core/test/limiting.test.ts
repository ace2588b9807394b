import { describe, expect, it } from "@effect/vitest"
import { publication } from "../src/program/Program.ts"
import * as Referral from "../src/program/Referral.ts"
import * as Reward from "../src/reward/Reward.ts"
import { creditOf, customer, day, keyFor, order, person, program, tell, verdict } from "./Story.ts"

const { Attribution, Limits } = Referral
const friends = [4, 5, 6].map((id) => person(id))
const codes = (...of: ReadonlyArray<readonly [string, bigint]>) => ({
  codes: of.map(([code, discountMinor]) => ({ code, discountMinor })),
})
const bought = (id: number, at: number) => order(id, { customer: customer(id), occurredAt: day(at) })

describe("the credits of one purchase", () => {
  it("see each other: of two shares only one takes the last place", () => {
    const of = program({
      attribution: Attribution.shared({ window: "30 days" }),
      limits: [Limits.budget({ count: 1, per: "year" })],
    })
    const { credits } = tell([order(1, codes(["ADA", 0n], ["BEN", 0n]))], { program: of })
    expect([...credits.values()].map(({ key, outcome, reason }) => [key, outcome, reason])).toEqual([
      [`${keyFor(1)}code:ADA`, "credited", null],
      [`${keyFor(1)}code:BEN`, "refused", "limit-reached"],
    ])
  })

  it("see what its own code took at the checkout: both together fit into the budget, or neither is promised", () => {
    const of = program({
      friend: Reward.discount({ percent: 10, timing: "atCheckout" }),
      limits: [Limits.budget({ amount: "15.00", per: "year" })],
    })
    expect(verdict(tell([order(1, codes(["ADA", 500n]))], { program: of }))).toBe("credited - clear 1000")
    expect(verdict(tell([order(1, codes(["ADA", 501n]))], { program: of }))).toBe("refused limit-reached clear 0")
  })
})

describe("versions with different limits", () => {
  it("do not count places as cents where one limit stands where the other did", () => {
    const money = program({ limits: [Limits.perAdvocate({ amount: "100.00", per: "year" })] })
    const places = program({ limits: [Limits.perAdvocate({ count: 5, per: "year" })] })
    const evaluation = tell([...friends, publication(places, day(1)), bought(4, 0), bought(5, 2)], { program: money })
    expect([verdict(evaluation, 4), verdict(evaluation, 5)]).toEqual(["credited - clear 1000", "credited - clear 1000"])
  })

  it("count together what they limit alike, in whatever order they name it", () => {
    const [ofYear, ofAll] = [Limits.perAdvocate({ count: 1, per: "year" }), Limits.budget({ count: 9, per: "year" })]
    const [one, other] = [program({ limits: [ofYear, ofAll] }), program({ limits: [ofAll, ofYear] })]
    const evaluation = tell([...friends, publication(other, day(1)), bought(4, 0), bought(5, 2)], { program: one })
    expect(verdict(evaluation, 5)).toBe("refused limit-reached clear 0")
  })
})

it("what costs no money needs no room in a budget", () => {
  const of = program({
    advocate: Reward.points(50),
    friend: Reward.discount({ percent: 10, timing: "atCheckout" }),
    limits: [Limits.budget({ amount: "1.00", per: "year" })],
  })
  const earlier = order(4, { ...codes(["ADA", 500n]), customer: customer(4), occurredAt: day(-1) })
  const evaluation = tell([...friends, earlier, order(1)], { program: of })
  expect([verdict(evaluation), creditOf(evaluation)?.unit]).toEqual(["credited - clear 50", "points:refer"])
})
