import { describe, expect, it } from "vitest"
import type { Fact } from "../src/fact/Fact.ts"
import { backtest, type Backtest } from "../src/flow/Backtesting.ts"
import { fromIso } from "../src/id/Instant.ts"
import { make as currencyOf } from "../src/money/Currency.ts"
import { withoutLateRefunds } from "../src/program/EarlyHandingOver.ts"
import { evaluate } from "../src/program/Evaluation.ts"
import { monthEnds } from "../src/program/LiabilityCurve.ts"
import type { Program } from "../src/program/Program.ts"
import * as Referral from "../src/program/Referral.ts"
import { vary } from "../src/program/Variation.ts"
import * as Points from "../src/points/Points.ts"
import * as Reward from "../src/reward/Reward.ts"
import * as Tiers from "../src/tier/Tiers.ts"
import { asset, cast, committed, customer, day, order, person, program, refund, review } from "./Story.ts"

const fixed = (amount: string, mechanic: Partial<Referral.ReferralOptions> = {}): Program =>
  program({ advocate: Reward.discount({ amount }), ...mechanic })

const run = (
  facts: ReadonlyArray<Fact>,
  candidate: Program,
  told: { against?: Program | null; asOf?: number; since?: number | null; months?: number } = {},
): Backtest => backtest({ facts, candidate, against: null, asOf: day(100), since: null, months: 3, ...told })

/** Buyers 10, 11, … each buy once with Ada's code, ten days apart. */
const buyers = (count: number): ReadonlyArray<Fact> =>
  Array.from({ length: count }, (_, index) => [
    person(10 + index),
    order(10 + index, { customer: customer(10 + index), occurredAt: day(index * 10) }),
  ]).flat()

const eur = (amountMinor: bigint) => [{ unit: "EUR", amountMinor }]

describe("a candidate on stored history", () => {
  it("is judged as if it had been in force from the beginning, and compared like for like", () => {
    const result = run([...cast(fixed("20.00")), ...buyers(3)], fixed("25.00"), { against: fixed("20.00") })
    expect(result.basis).toBe("replay")
    expect(result.candidate.outcomes.granted).toEqual(eur(7_500n))
    expect(result.against?.outcomes.granted).toEqual(eur(6_000n))
    expect(result.changes.map(({ text }) => text)).toEqual(["the advocate's reward rises from 20.00 EUR to 25.00 EUR"])
    expect(result.comparison?.difference).toEqual(eur(1_500n))
    expect(result.comparison?.classes.find((one) => one.class === "more")).toMatchObject({
      conversions: 3,
      before: eur(6_000n),
      after: eur(7_500n),
    })
    expect(result.comparison?.winners).toMatchObject([{ beneficiary: customer(1), difference: eur(1_500n) }])
    expect(result.comparison?.losers).toEqual([])
  })

  it("judges what was bought before the first publication too", () => {
    const [, ...people] = cast()
    expect(run([...people, ...buyers(2)], fixed("20.00")).candidate.outcomes.granted).toEqual(eur(4_000n))
  })

  it("leaves out what was committed or decided under other rules, and says so", () => {
    const facts = [...cast(), ...buyers(2), committed(10), review(11, "reject")]
    const result = run(facts, fixed("20.00"))
    expect(result.candidate.outcomes.granted).toEqual(eur(4_000n))
    expect(result.leftOut).toEqual({ ProgramPublished: 1, RewardCommitted: 1, ReviewDecided: 1 })
    expect(result.caveats.join("\n")).toContain("1 RewardCommitted, 1 ReviewDecided")
  })

  it("counts conversions from a time on, with limits from the beginning", () => {
    const limits = [Referral.Limits.perAdvocate({ count: 3, per: "ever" })]
    const result = run([...cast(), ...buyers(5)], fixed("20.00", { limits }), { since: day(20) })
    expect(result.candidate.outcomes).toMatchObject({
      conversions: 3,
      granted: eur(2_000n),
      refusals: [{ reason: "limit-reached", count: 2 }],
      limitsHit: [{ limit: "3 per ever (ever)", refused: 2, advocates: 1 }],
    })
  })

  it("tells who earns in both, only before, and only after", () => {
    const facts = [
      ...cast(),
      ...buyers(2),
      order(30, { customer: customer(30), currency: currencyOf("USD"), occurredAt: day(40) }),
      order(31, { customer: customer(31), codes: [{ code: "BEN", discountMinor: 0n }], occurredAt: day(41) }),
    ]
    const before = fixed("20.00", { limits: [Referral.Limits.perAdvocate({ count: 1, per: "ever" })] })
    const after = fixed("20.00", { qualifies: [Referral.Qualify.minimum("100.00"), Referral.Qualify.newCustomer] })
    const { comparison } = run(facts, after, { against: before })
    const counts = Object.fromEntries(comparison?.classes.map((one) => [one.class, one.conversions]) ?? [])
    expect(counts).toEqual({ same: 2, more: 0, less: 0, mixed: 0, "only-before": 0, "only-after": 1, neither: 1 })
    expect(comparison?.transitions).toEqual([
      { role: "advocate", before: "refused (limit-reached)", after: "credited", count: 1, difference: eur(2_000n) },
    ])
  })

  it("shows pending and available at each month's end, in the program's time zone", () => {
    const { candidate } = run([...cast(), ...buyers(3)], fixed("20.00"), { asOf: day(25), months: 12 })
    expect(candidate.curve.map(({ month, sums }) => [month, sums])).toEqual([
      ["2026-10", { pending: 2_000n, available: 4_000n }],
    ])
    const later = run([...cast(), ...buyers(3)], fixed("20.00"), { asOf: day(40), months: 2 })
    expect(later.candidate.curve.map(({ month, sums }) => [month, sums])).toEqual([
      ["2026-10", { pending: 2_000n, available: 4_000n }],
      ["2026-11", { available: 6_000n }],
    ])
  })

  it("says how earning is spread", () => {
    const facts = [
      ...cast(),
      ...buyers(5),
      person(40),
      order(40, { customer: customer(40), codes: [{ code: "BEN", discountMinor: 0n }] }),
    ]
    const { distribution, earners } = run(facts, fixed("20.00")).candidate.outcomes
    expect(earners.map(({ beneficiary, credits }) => [beneficiary, credits])).toEqual([
      [customer(1), 5],
      [customer(3), 1],
    ])
    expect(distribution.byCredits.map(({ people }) => people)).toEqual([1, 0, 1, 0])
    expect(distribution.amounts).toEqual([
      { unit: "EUR", medianMinor: 2_000n, mostMinor: 10_000n, topTenthShare: 10_000 / 12_000 },
    ])
  })
})

describe("points and tiers", () => {
  const levels = Tiers.make({ counts: "referrals", period: "ever", tiers: [{ name: "gold", atLeast: "3" }] })
  const withTiers = (atLeast: string, perUnit: number): Program => {
    const [referral] = fixed("20.00").definition.mechanics
    if (referral === undefined) throw new Error("the story has a referral mechanic")
    const tiers = { ...levels, tiers: levels.tiers.map((tier) => ({ ...tier, atLeast })) }
    return program({}, { mechanics: [referral, Points.make({ perUnit }), tiers] })
  }

  it("are summed apart, and a tier has no value", () => {
    const result = run([...cast(), ...buyers(3)], withTiers("2", 2), { against: withTiers("4", 1) })
    expect(result.candidate.outcomes.granted).toEqual([
      { unit: "EUR", amountMinor: 6_000n },
      { unit: "points:refer", amountMinor: 600n },
    ])
    expect(result.candidate.outcomes.tiers).toEqual([{ tier: "gold", people: 1 }])
    expect(result.comparison?.difference).toEqual([
      { unit: "EUR", amountMinor: 0n },
      { unit: "points:refer", amountMinor: 300n },
    ])
    expect(result.comparison?.tiers).toMatchObject([{ before: null, after: "gold", isHigher: true }])
  })

  it("without evidence points alone are a replay, not a scenario", () => {
    const points = program({}, { mechanics: [Points.make({ perUnit: 1 })] })
    expect(run([person(2), order(1, { codes: [] })], points)).toMatchObject({
      basis: "replay",
      candidate: { outcomes: { granted: [{ unit: "points:refer", amountMinor: 100n }] } },
    })
  })
})

describe("without referral evidence", () => {
  const trade = [
    person(2),
    person(3),
    order(1, { codes: [] }),
    order(2, { customer: customer(3), codes: [], lines: [] }),
  ]

  it("it is a scenario, says why, and what would qualify", () => {
    const result = run(trade, fixed("20.00"))
    expect([result.basis, result.candidate.outcomes.granted]).toEqual(["scenario", []])
    expect(result.scenario?.why).toContain("nobody was ever issued a code")
    expect(result.scenario).toMatchObject({ qualifying: 1, shares: [{ percent: 1 }, { percent: 5 }, { percent: 10 }] })
    expect(result.scenario?.shares.at(-1)?.cost).toEqual(eur(200n))
  })

  it("codes that nobody used are said", () => {
    const result = run([...trade, asset("ADA", 1)], fixed("20.00"))
    expect(result.scenario?.why).toContain("1 codes were issued")
  })

  it.each(Object.values(Referral.Evidence).filter((kind) => kind !== "invitation"))(
    "a program that reads %s alone can be tried",
    (kind) => {
      expect(run(trade, fixed("20.00", { evidence: [kind] })).scenario?.qualifying).toBe(1)
    },
  )

  it("one purchase with a code makes it a replay", () => {
    expect(run([...cast(), ...trade, order(5)], fixed("20.00")).basis).toBe("replay")
  })
})

describe("sensitivity", () => {
  it("to the hold: what would have been handed over before the refund came", () => {
    const facts = [
      ...cast(),
      ...buyers(2),
      refund(10, 10, 10_000n, { occurredAt: day(10) }),
      order(40, { customer: customer(40), occurredAt: day(50), cancelledAt: day(58) }),
    ]
    const { hold } = run(facts, fixed("20.00")).sensitivity
    expect(hold.map(({ credits, holdDays, lost }) => [holdDays, credits, lost[0]?.amountMinor ?? 0n])).toEqual([
      [0, 2, 4_000n],
      [7, 2, 4_000n],
      [14, 0, 0n],
      [30, 0, 0n],
    ])
  })

  it("to the hold: a partial refund counts for its part", () => {
    const facts = [...cast(), order(1), refund(1, 1, 4_000n, { occurredAt: day(20) })]
    const { hold } = run(facts, program()).sensitivity
    expect(hold.map(({ lost }) => lost[0]?.amountMinor ?? 0n)).toEqual([400n, 400n, 400n, 0n])
  })

  it("to the window and to limits", () => {
    const limits = [Referral.Limits.perAdvocate({ count: 2, per: "ever" })]
    const clicked = buyers(4).map((fact) =>
      fact._tag === "OrderPlaced"
        ? { ...fact, codes: [], visits: [{ at: fact.occurredAt - 86_400_000 * 20, code: "ADA", source: null }] }
        : fact,
    )
    const result = run([...cast(), ...clicked], fixed("20.00", { limits })).sensitivity
    expect(result.window.map(({ conversions, isOwn }) => [conversions, isOwn])).toEqual([
      [0, false],
      [0, false],
      [2, true],
      [2, false],
    ])
    expect(result.limits.map(({ conversions }) => conversions)).toEqual([4, 1, 4])
  })

  it("leaves out what the program does not have", () => {
    expect(run([...cast(), ...buyers(1)], fixed("20.00")).sensitivity.limits).toEqual([])
    expect(vary(program(), { what: "limits", factor: "half" })).toBeNull()
  })

  it("a refund that is left out is not taken for an edit", () => {
    const facts = [
      ...cast(),
      order(1, { lines: [{ ...orderLine, currentQuantity: 0 }] }),
      refund(1, 1, 0n, { occurredAt: day(20), lines: [{ line: "1", quantity: 1, amountMinor: 10_000n }] }),
    ]
    const [conversion] = evaluate(withoutLateRefunds(facts, 7), "refer", day(100)).history.conversions
    expect(conversion?.netMinor).toBe(10_000n)
  })
})

const orderLine = {
  line: "1",
  product: "product/1",
  quantity: 1,
  currentQuantity: 1,
  amountMinor: 10_000n,
  isGiftCard: false,
}

describe("months", () => {
  it.each([
    ["Europe/Berlin", "2026-04-15T12:00:00Z", "2026-03-31T21:59:59.999Z"],
    ["Australia/Lord_Howe", "2026-04-15T00:00:00Z", "2026-03-31T12:59:59.999Z"],
    ["Asia/Kathmandu", "2028-03-01T23:00:00Z", "2028-02-29T18:14:59.999Z"],
    ["Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-01T09:59:59.999Z"],
  ])("in %s the month before %s ends at %s", (zone, at, expected) => {
    expect(monthEnds({ from: 0, asOf: fromIso(at), zone, count: 2 })).toEqual([fromIso(expected), fromIso(at)])
  })

  it("end at the time asked for, and none lies before the first fact", () => {
    const ends = monthEnds({
      from: fromIso("2026-01-10T00:00:00Z"),
      asOf: fromIso("2026-03-05T00:00:00Z"),
      zone: "UTC",
      count: 12,
    })
    expect(ends.map((at) => new Date(at).toISOString())).toEqual([
      "2026-01-31T23:59:59.999Z",
      "2026-02-28T23:59:59.999Z",
      "2026-03-05T00:00:00.000Z",
    ])
  })
})
