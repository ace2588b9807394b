import { describe, expect, it } from "@effect/vitest"
import * as Points from "../src/points/Points.ts"
import { make, publication, type Program } from "../src/program/Program.ts"
import * as Reward from "../src/reward/Reward.ts"
import * as Tiers from "../src/tier/Tiers.ts"
import { customer, day, line, order, program, tell } from "./Story.ts"

const byPoints = Tiers.make({ counts: "points", period: "year", tiers: [{ name: "silver", atLeast: "100" }] })
const withTiers = (...mechanics: Program["definition"]["mechanics"]) =>
  program({}, { mechanics: [...program({ advocate: Reward.points(100) }).definition.mechanics, ...mechanics] })
const reached = (evaluation: ReturnType<typeof tell>) =>
  [...evaluation.credits.values()]
    .filter(({ rule }) => rule === "tiers")
    .map(({ amountMinor, beneficiary, part }) => [beneficiary, part, amountMinor])

describe("a tier that counts points", () => {
  it("is reached by advocate and buyer with one purchase: two decisions, two keys", () => {
    const evaluation = tell([order(1)], { program: withTiers(Points.make({ perUnit: 1 }), byPoints) })
    expect(reached(evaluation)).toEqual([
      [customer(1), "advocate", 1n],
      [customer(2), "", 1n],
    ])
  })

  it("is reached by what two rules give for one purchase together", () => {
    const both = withTiers(Points.make({ perUnit: 1 }), Points.make({ rule: "bonus", perUnit: 1 }), byPoints)
    expect(reached(tell([order(1, { codes: [], lines: [line(5_000n)] })], { program: both }))).toEqual([
      [customer(2), "", 1n],
    ])
  })
})

it("a tier that counts spend adds no two currencies when the program's changes", () => {
  const spend = Tiers.make({ counts: "spend", period: "year", tiers: [{ name: "silver", atLeast: "150" }] })
  const of = (currency: string) => make("refer", { currency, timeZone: "Europe/Berlin", mechanics: [spend] })
  const facts = [
    publication(of("USD"), day(1)),
    order(1),
    order(2, { occurredAt: day(2), currency: "USD" as never, lines: [line(10_000n)] }),
  ]
  expect(reached(tell(facts, { program: of("EUR") }))).toEqual([])
})
