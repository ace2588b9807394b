import { describe, expect, it } from "vitest"
import type * as Fact from "../src/fact/Fact.ts"
import * as Facts from "../src/fact/Fact.ts"
import { standings } from "../src/flow/Showing.ts"
import { platform } from "../src/id/Handle.ts"
import * as Points from "../src/points/Points.ts"
import { evaluate } from "../src/program/Evaluation.ts"
import * as Reward from "../src/reward/Reward.ts"
import * as Tiers from "../src/tier/Tiers.ts"
import { cast, customer, day, line, order, person, program } from "./Story.ts"

/** Ada earns points by her friends and by her own purchases; 100 of them make her silver. */
const collecting = program(
  { advocate: Reward.points(50) },
  {
    mechanics: [
      ...program({ advocate: Reward.points(50) }).definition.mechanics,
      Points.make({ perUnit: 1, holdDays: 14, redeem: [] }),
      Tiers.make({ counts: "points", period: "year", tiers: [{ name: "silver", atLeast: "100", perks: [] }] }),
    ],
  },
)
const contact = platform("hubspot", "contact", "9")

/** Ada's contact in the CRM, which is one with her shop's customer, and her enrolment. */
const ada: ReadonlyArray<Fact.Fact> = [
  person(1, { key: Facts.key("hubspot:contact/9"), person: contact, aliases: [customer(1)] }),
  {
    _tag: "Enrolled",
    key: Facts.key("advocacy:enrolment/refer/ada"),
    version: 0,
    rank: Facts.rank.own,
    occurredAt: day(-50),
    program: "refer",
    person: customer(1),
    via: "manual",
  },
]

const shown = (of: ReturnType<typeof program>, ...facts: ReadonlyArray<Fact.Fact>) => {
  const all = [...cast(of), ...ada, ...facts]
  return standings(all, evaluate(all, "refer", day(60)), {
    record: "hubspot:contact/",
    link: (code) => `https://shop.example/${code}`,
  })
}

describe("a standing", () => {
  it("tells points, tier and what was earned in money, each for itself", () => {
    const friend = order(1, { codes: [{ code: "ADA", discountMinor: 0n }] })
    const own = order(2, { customer: customer(1), codes: [], lines: [line(7_000n)] })
    expect(shown(collecting, friend, own)).toMatchObject([
      {
        record: contact,
        code: "ADA",
        link: "https://shop.example/ADA",
        tier: "silver",
        points: { available: 120n, ever: 120n },
        rewardsEarned: "0.00",
        referralsConverted: 1,
      },
    ])
  })

  it("has no points where the program gives none, and no tier where nobody reached one", () => {
    const friend = order(1, { codes: [{ code: "ADA", discountMinor: 0n }] })
    expect(shown(program(), friend)).toMatchObject([{ points: null, tier: null, rewardsEarned: "10.00" }])
  })
})
