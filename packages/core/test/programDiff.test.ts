import { describe, expect, it } from "vitest"
import { differences, pathText } from "../src/program/DefinitionDifference.ts"
import type * as Program from "../src/program/Program.ts"
import { diff } from "../src/program/ProgramDiff.ts"
import { sentence } from "../src/program/ProgramWords.ts"
import * as Referral from "../src/program/Referral.ts"
import * as Points from "../src/points/Points.ts"
import * as Reward from "../src/reward/Reward.ts"
import * as Tiers from "../src/tier/Tiers.ts"
import { program } from "./Story.ts"

type Mechanic = Partial<Referral.ReferralOptions>

const said = (before: Mechanic, after: Mechanic, options: Partial<Program.ProgramOptions> = {}) =>
  diff(program(before), program(after, options)).map(({ text }) => text)

const { Attribution, Evidence, Limits, Qualify } = Referral
const limit = (count: number, per: Referral.Limit["period"] = "year") => Limits.perAdvocate({ count, per })

describe("what changes, in words", () => {
  it("says nothing of a version and itself", () => {
    expect(diff(program(), program())).toEqual([])
  })

  it.each<[string, Mechanic, Mechanic, ReadonlyArray<string>]>([
    [
      "a reward's size",
      { advocate: Reward.discount({ amount: "20.00" }) },
      { advocate: Reward.discount({ amount: "25.00" }) },
      ["the advocate's reward rises from 20.00 EUR to 25.00 EUR"],
    ],
    [
      "a reward's kind",
      { advocate: Reward.discount({ amount: "20.00" }) },
      { advocate: Reward.discount({ percentOfOrder: 10 }) },
      ["the advocate's reward changes from 20.00 EUR to 10 % of the order"],
    ],
    [
      "a reward that comes",
      { friend: null },
      { friend: Reward.discount({ percent: 10, timing: "atCheckout" }) },
      ["the friend gets 10 % off at the checkout, and got nothing before"],
    ],
    [
      "a reward that goes",
      { friend: Reward.discount({ amount: "5.00" }) },
      { friend: null },
      ["the friend no longer gets 5.00 EUR"],
    ],
    ["the hold", { hold: "14 days" }, { hold: "7 days" }, ["the hold falls from 14 to 7 days"]],
    ["the hold to one day", { hold: "14 days" }, { hold: "1 day" }, ["the hold falls from 14 to 1 day"]],
    ["a limit that goes", { limits: [limit(10)] }, { limits: [] }, ["the limit of 10 per year is removed"]],
    ["a limit that comes", {}, { limits: [limit(3, "ever")] }, ["a limit of 3 in all is added"]],
    ["a limit's size", { limits: [limit(10)] }, { limits: [limit(20)] }, ["the limit per year rises from 10 to 20"]],
    [
      "a limit's period",
      { limits: [limit(10)] },
      { limits: [limit(10, "month")] },
      ["the limit of 10 per year is removed", "a limit of 10 per month is added"],
    ],
    [
      "the window",
      {},
      { attribution: Attribution.lastTouch({ window: "60 days" }) },
      ["the attribution window rises from 30 to 60 days"],
    ],
    [
      "the model and the window",
      {},
      { attribution: Attribution.firstTouch({ window: "7 days" }) },
      ["attribution changes from last-touch to first-touch, and its window falls from 30 to 7 days"],
    ],
    [
      "the least amount",
      { qualifies: [Qualify.newCustomer, Qualify.minimum("40.00")] },
      { qualifies: [Qualify.minimum("50.00"), Qualify.newCustomer] },
      [
        "the least that an order must be worth rises from 40.00 EUR to 50.00 EUR",
        "the order of the conditions is now minimum, new-customer",
      ],
    ],
    [
      "a condition that comes",
      {},
      { qualifies: [Qualify.newCustomer, Qualify.minimum("40.00")] },
      ["a condition is added: the order must be worth at least 40.00 EUR"],
    ],
    [
      "a condition that goes",
      {},
      { qualifies: [Qualify.channels("web")] },
      ["a condition is dropped: the friend must be a new customer", "a condition is added: the order must come by web"],
    ],
    [
      "whom a condition asks",
      {},
      { qualifies: [Qualify.newCompany] },
      ["whether a customer is new is now asked per company, not only of the person"],
    ],
    [
      "evidence",
      {},
      { evidence: [Evidence.code, Evidence.cartAttribute] },
      ["link-click, invitation are removed from the evidence that counts"],
    ],
    [
      "the rank of evidence",
      { evidence: [Evidence.code, Evidence.click] },
      { evidence: [Evidence.click, Evidence.code] },
      ["the order of the evidence that counts is now link-click, code"],
    ],
    [
      "signs that hold",
      {},
      { review: { shared: ["device", "address", "phone"], leakedPer24Hours: null } },
      [
        "phone is added to the signs that hold a credit for a human",
        "many new buyers of one code within 24 hours no longer hold its credits",
      ],
    ],
  ])("%s", (_, before, after, expected) => {
    expect(said(before, after)).toEqual(expected)
  })

  it("tells of the program itself", () => {
    expect(
      said(
        {},
        {},
        { currency: "USD", timeZone: "America/New_York", advocates: [{ rule: "score-at-least", score: 70 }] },
      ),
    ).toEqual([
      "the currency changes from EUR to USD",
      "the time zone changes from Europe/Berlin to America/New_York",
      "a condition is added: advocates need a score of 70 or more",
    ])
  })

  it("names the mechanic where there are several", () => {
    const second = Referral.make({
      rule: "second-order",
      evidence: [Evidence.code],
      attribution: Attribution.lastTouch({ window: "30 days" }),
      qualifies: [],
      hold: "14 days",
      advocate: Reward.discount({ amount: "5.00" }),
      friend: null,
    })
    const of = (hold: number, mechanics: ReadonlyArray<Referral.ReferralMechanic>) =>
      program({}, { mechanics: mechanics.map((one) => ({ ...one, holdDays: hold })) })
    const [first] = program().definition.mechanics
    if (first === undefined || first.kind !== "referral") throw new Error("the story has a referral mechanic")
    expect(diff(of(14, [first]), of(14, [first, second])).map(({ text }) => text)).toEqual([
      'the referral mechanic "second-order" is added',
    ])
    expect(diff(of(14, [first, second]), of(7, [first, second])).map(({ text }) => text)).toEqual([
      'in "referral", the hold falls from 14 to 7 days',
      'in "second-order", the hold falls from 14 to 7 days',
    ])
  })

  it("gives the place and both values", () => {
    expect(diff(program(), program({ hold: "7 days" }))).toEqual([
      {
        path: "mechanics[referral].holdDays",
        kind: "changed",
        before: 14,
        after: 7,
        text: "the hold falls from 14 to 7 days",
      },
    ])
  })
})

const referral = program().definition.mechanics[0]

describe("points, tiers and the rest", () => {
  const points = Points.make({ perUnit: 1, expiresAfterDays: 365, tierPercent: { gold: 150 } })
  const tiers = (gold: string, keeps = 1) =>
    Tiers.make({
      counts: "referrals",
      period: "year",
      keeps,
      tiers: [
        { name: "silver", atLeast: "3", perks: ["early access"] },
        { name: "gold", atLeast: gold },
      ],
    })
  const told = (before: Program.Mechanic, after: Program.Mechanic) =>
    diff(program({}, { mechanics: [before] }), program({}, { mechanics: [after] })).map(({ text }) => text)
  const withReferral = (member: Partial<Referral.ReferralMechanic>): Program.Mechanic => {
    if (referral?.kind !== "referral") throw new Error("the story has a referral mechanic")
    return { ...referral, ...member }
  }
  const recurring = { withinDays: 365, count: 3, reward: Reward.discount({ percentOfOrder: 5 }) }

  it.each<[string, Program.Mechanic, Program.Mechanic, ReadonlyArray<string>]>([
    [
      "points",
      points,
      { ...points, perUnit: 2, members: "enrolled", expiresAfterDays: null, tierPercent: { gold: 200, silver: 120 } },
      [
        "only enrolled people collect points",
        "the number of points for each whole unit of the currency rises from 1 to 2",
        "points no longer expire; they did 365 days after maturing",
        "the rate of points of gold members rises from 150 % to 200 %",
        "the rate of points of silver members rises from 100 % to 120 %",
      ],
    ],
    [
      "tiers",
      tiers("10"),
      tiers("8", 0),
      [
        "the number of further periods that a tier is kept for falls from 1 to 0",
        "what the tier gold needs falls from 10 to 8",
      ],
    ],
    [
      "a tier that comes",
      tiers("10"),
      { ...tiers("10"), tiers: [...tiers("10").tiers, { name: "platinum", atLeast: "20", perks: [] }] },
      ["the tier platinum, from 20 on, is added"],
    ],
    [
      "perks",
      tiers("10"),
      { ...tiers("10"), tiers: tiers("10").tiers.map((tier) => ({ ...tier, perks: ["early access", "gift"] })) },
      ["gift is added to the perks of silver", "early access, gift are added to the perks of gold"],
    ],
    [
      "later purchases",
      withReferral({}),
      withReferral({ recurring }),
      ["the advocate also gets 5 % of the order for later purchases of the friend within 365 days, at most 3"],
    ],
    [
      "more later purchases",
      withReferral({ recurring }),
      withReferral({ recurring: { ...recurring, count: null, reward: Reward.discount({ percentOfOrder: 7 }) } }),
      [
        "any number of later purchases of a friend earns, not 3 at most",
        "the reward for later purchases rises from 5 % to 7 %",
      ],
    ],
    [
      "whose terms count",
      withReferral({}),
      withReferral({ terms: "asShared" }),
      ["a purchase is judged by the terms in force when the code was shared, not when the friend bought"],
    ],
    [
      "budgets",
      withReferral({ limits: [Limits.budget({ amount: "500.00", per: "month" })] }),
      withReferral({
        limits: [Limits.budget({ amount: "750.00", per: "month" }), Limits.perCompany({ count: 5, per: "quarter" })],
      }),
      [
        "the budget per month for the whole program rises from 500.00 EUR to 750.00 EUR",
        "a limit of 5 per company and quarter is added",
      ],
    ],
    [
      "a count that becomes an amount",
      withReferral({ limits: [limit(10)] }),
      withReferral({ limits: [Limits.perAdvocate({ amount: "100.00", per: "year" })] }),
      ["the limit of 10 per year becomes a limit of 100.00 EUR per year"],
    ],
    [
      "points for the advocate",
      withReferral({ advocate: Reward.points(500) }),
      withReferral({ advocate: Reward.points(750), qualifies: [Qualify.newCustomer, Qualify.enrolled] }),
      [
        "a condition is added: the advocate must have been enrolled when the friend bought",
        "the advocate's reward rises from 500 to 750 points",
      ],
    ],
  ])("%s", (_, before, after, expected) => {
    expect(told(before, after)).toEqual(expected)
  })
})

describe("members that have no phrase", () => {
  const told = (before: unknown, after: unknown) =>
    differences(before, after).map((one) => [pathText(one.path), sentence(one, { currency: "EUR", mechanics: 1 })])

  it("are told by name and value", () => {
    const mechanic = (member: object) => ({ mechanics: [{ kind: "contest", rule: "contest", ...member }] })
    const rounds = (spring: number, more: ReadonlyArray<object> = []) =>
      mechanic({ rounds: [{ name: "spring", winners: spring, prizes: ["bag"] }, ...more] })
    expect(told(rounds(5), rounds(10))).toEqual([
      ["mechanics[contest].rounds[spring].winners", 'rounds "spring": the winners rises from 5 to 10'],
    ])
    expect(told(rounds(5), rounds(5, [{ name: "autumn", winners: 20, prizes: [] }]))).toEqual([
      ["mechanics[contest].rounds[autumn]", 'the rounds "autumn" is added (autumn: winners 20, prizes none)'],
    ])
    expect(told(mechanic({ drawDays: 90 }), mechanic({ drawDays: null }))).toEqual([
      ["mechanics[contest].drawDays", "the draw is removed: it was 90 days"],
    ])
    expect(told(mechanic({}), mechanic({ spendAmount: "100.00" }))).toEqual([
      ["mechanics[contest].spendAmount", "the spend amount is added: 100.00 EUR"],
    ])
  })
})
