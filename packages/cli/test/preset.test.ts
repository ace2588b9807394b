/**
 * Rules from flags: what each preset states, and what is said where flags are wrong.
 */
import { Effect, Exit, Option } from "effect"
import { describe, expect, it } from "vitest"
import * as Preset from "../src/audit/Preset.ts"

const given = (told: Partial<Preset.Given> = {}): Preset.Given => ({
  preset: "give-get",
  amount: Option.some("20.00"),
  friendAmount: Option.none(),
  minimum: Option.none(),
  cap: Option.none(),
  hold: 14,
  window: 30,
  currency: "EUR",
  timeZone: "Europe/Berlin",
  attributes: ["ref"],
  ...told,
})

const mechanic = (told: Partial<Preset.Given>) => {
  const program = Effect.runSync(Preset.make(given(told)))
  const [only] = program.definition.mechanics
  if (only?.kind !== "referral") throw new Error("a preset is a referral")
  return only
}

const problem = (told: Partial<Preset.Given>): string => {
  const exit = Effect.runSyncExit(Preset.make(given(told)))
  return Exit.isSuccess(exit) ? "none" : String(exit.cause)
}

describe("a preset", () => {
  it("gives both sides the same unless the friend's reward is given", () => {
    const both = mechanic({})
    expect([both.advocate, both.friend]).toEqual([both.friend, both.advocate])
    expect(mechanic({ friendAmount: Option.some("10%") }).friend).toMatchObject({ kind: "discount-share", percent: 10 })
  })

  it("gives the friend something at the checkout, or nothing", () => {
    expect(mechanic({ preset: "give-at-checkout" }).friend).toMatchObject({ timing: "atCheckout" })
    expect(mechanic({ preset: "advocate-only" }).friend).toBeNull()
  })

  it("states what the flags say and no more: new customers, minimum, hold, limit; signs of fraud leave it open", () => {
    const one = mechanic({
      minimum: Option.some("40.00"),
      cap: Option.some("10/year"),
      amount: Option.some("500 points"),
    })
    expect(one.qualifies).toEqual([
      { rule: "new-customer", per: "person" },
      { rule: "minimum", amount: "40.00" },
    ])
    expect(one.limits).toEqual([{ per: "advocate", period: "year", count: 10 }])
    expect(one.advocate).toMatchObject({ kind: "points", points: 500 })
    expect([one.holdDays, one.attribution, one.review]).toEqual([
      14,
      { model: "last-touch", windowDays: 30 },
      { shared: ["device", "address"], leakedPer24Hours: 10 },
    ])
  })

  it.each<[string, Partial<Preset.Given>]>([
    ["says no amount", { amount: Option.none() }],
    ["is no reward", { amount: Option.some("a lot") }],
    ["is no limit", { cap: Option.some("10/fortnight") }],
    ["is no limit", { cap: Option.some("0/year") }],
    ["must be a decimal amount", { minimum: Option.some("-1") }],
    ["ISO 4217", { currency: "EURO" }],
  ])("that is wrong says so: %s", (text, told) => {
    expect(problem(told)).toContain(text)
  })
})
