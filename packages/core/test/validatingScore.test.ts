import { describe, expect, it } from "@effect/vitest"
import { scoreModel } from "../src/advocate/ScoreModel.ts"
import type { Signals } from "../src/advocate/AdvocateScore.ts"
import type { Fact } from "../src/fact/Fact.ts"
import { validateScore } from "../src/flow/ValidatingScore.ts"
import * as Program from "../src/program/Program.ts"
import { asset, customer, day, order, person, program } from "./Story.ts"
import { normal, uniform } from "./Draws.ts"

const now = day(180)

/** `holders` customers with codes bought long ago; each of `after` brought a friend after day 0, each of `before` one before. */
const brand = (holders: number, before: ReadonlyArray<number>, after: ReadonlyArray<number>): ReadonlyArray<Fact> => [
  Program.publication(program(), day(-400)),
  ...Array.from({ length: holders }, (_, at) => [
    person(at + 1),
    order(at + 1, { customer: customer(at + 1), codes: [], occurredAt: day(-90) }),
    asset(`CODE${at + 1}`, at + 1),
  ]).flat(),
  ...[...before.map((by) => [by, -20] as const), ...after.map((by) => [by, 20] as const)].map(([by, at], index) =>
    order(1_000 + index, {
      customer: customer(1_000 + index),
      codes: [{ code: `CODE${by}`, discountMinor: 0n }],
      occurredAt: day(at),
    }),
  ),
]
const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at)

describe("validating the score on a shop's own past", () => {
  it("says that there is not enough data, with the numbers", () => {
    const found = validateScore(brand(40, [], upTo(1, 30)), "refer", now)
    expect(found.holders).toMatchObject({ people: 40, positives: 29, friends: 29, report: null })
    expect(found).toMatchObject({
      calibration: null,
      model: null,
      choice: { use: "default", because: "too few outcomes" },
    })
    expect(validateScore([], "refer", now).holders).toMatchObject({ people: 0, positives: 0, report: null })
  })

  it("reads nothing that came after the score, and counts nothing that came before it", () => {
    const [past, future] = [upTo(1, 41), upTo(21, 61)]
    const found = validateScore(brand(80, past, future), "refer", now)
    expect(found.holders).toMatchObject({ people: 80, positives: 40, friends: 40 })
    // The same past with the other half of the future: had the score seen what came, both would be good.
    const other = validateScore(brand(80, past, upTo(41, 81)), "refer", now)
    expect(found.holders.report?.baselines.get("friends brought")?.auc).toBeCloseTo(0.5, 9)
    expect(other.holders.report?.baselines.get("friends brought")?.auc).toBe(0)
    expect(other.holders.report?.score.auc).toBeLessThan(0.5)
  })

  it("names what is not worse than the score", () => {
    const found = validateScore(brand(80, upTo(1, 41), upTo(1, 41)), "refer", now)
    expect(found.holders.report?.score.auc).toBe(1)
    expect(found.holders.report?.unbeaten).toContain("friends brought")
    expect(found.holders.report?.baselines.get("orders")).toMatchObject({ auc: 0.5 })
    expect(found.everybody.people).toBe(80 + 40)
  })

  it("takes a shorter window where it is told to", () => {
    const facts = brand(80, [], upTo(1, 41))
    expect(validateScore(facts, "refer", now, 60)).toMatchObject({ scoredAt: day(120), holders: { positives: 0 } })
    expect(validateScore(facts, "refer", day(60), 60)).toMatchObject({ scoredAt: day(0), holders: { positives: 40 } })
  })
})

describe("the model of a shop", () => {
  const next = uniform(12)
  const people = Array.from({ length: 600 }, (): Signals => ({
    nps: next() < 0.5 ? null : Math.floor(next() * 11),
    stars: null,
    refundedShare: 0,
    recentReferrals: next() < 0.3 ? next() * 3 : 0,
    referrals: null,
    conversions: 0,
    shares90d: null,
    reviews: null,
    recency: day(0) - next() * 1e10,
    orders: 1 + Math.floor(next() * 6),
    shares: null,
    emailEngagement: null,
  }))
  const outcomes = people.map(({ orders }) => orders + 2 * normal(next) > 4)

  it("finds what drives the outcome, leaves out what does not vary, and predicts people whom it has not seen", () => {
    const model = scoreModel(people, outcomes)
    expect(Object.keys(model?.coefficients ?? {})).not.toContain("refunded share")
    expect(model?.coefficients["ln(1 + orders)"]).toBeGreaterThan(1)
    expect(model?.chances.every((chance) => chance > 0 && chance < 1)).toBe(true)
  })

  it("is none where nothing varies", () => {
    expect(scoreModel(people.slice(0, 1), [true])).toBe(null)
  })
})
