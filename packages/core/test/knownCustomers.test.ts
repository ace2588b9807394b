import { describe, expect, it } from "@effect/vitest"
import { componentWords, sentence } from "../src/advocate/CandidateWords.ts"
import type { Customer } from "../src/advocate/Identification.ts"
import type { Fact } from "../src/fact/Fact.ts"
import { candidatesOf } from "../src/flow/Identifying.ts"
import { knownCustomers } from "../src/flow/KnownCustomers.ts"
import type { Instant } from "../src/id/Instant.ts"
import { evaluate } from "../src/program/Evaluation.ts"
import type { Program } from "../src/program/Program.ts"
import * as Referral from "../src/program/Referral.ts"
import * as Reward from "../src/reward/Reward.ts"
import {
  content,
  asset,
  cast,
  customer,
  day,
  handle,
  invitation,
  merge,
  order,
  person,
  program,
  refund,
  review,
  visit,
} from "./Story.ts"

const device = { soft: [handle("device:1")] }
const own = (id: number, by: number, told: Parameters<typeof order>[1] = {}): Fact =>
  order(id, { customer: customer(by), codes: [], occurredAt: day(-80), ...told })

/** What is known of customer `id` once Ada (1) and Ben (3) have bought and `facts` came. */
const known = (
  facts: ReadonlyArray<Fact>,
  id = 1,
  told: { readonly asOf?: Instant; readonly of?: Program } = {},
): Customer => {
  const asOf = told.asOf ?? day(100)
  const all = [...cast(told.of), own(101, 1), own(103, 3), ...facts].filter(({ occurredAt }) => occurredAt <= asOf)
  const evaluation = evaluate(all, "refer", asOf)
  const found = knownCustomers(all, evaluation).find(
    (one) => one.person === evaluation.history.people.personOf(customer(id)),
  )
  if (found === undefined) throw new Error(`nothing is known of customer ${id}`)
  return found
}

describe("reviews", () => {
  it("are unknown where no fact of the shop tells of any, and none of those who wrote none elsewhere", () => {
    expect(known([]).reviews).toBeNull()
    expect(known([content("a", { kind: "post" })]).reviews).toBeNull()
    expect(known([content("a", { author: customer(3) })]).reviews).toEqual({ count: 0, stars: null })
  })

  it("count while they stand, rated by those with stars, under any record of the person", () => {
    const told = [
      content("a", { stars: 5 }),
      content("b", { stars: 2, author: customer(9) }),
      content("c"),
      content("d", { stars: 1, removed: true }),
      content("e", { stars: 1, author: null }),
      content("f", { stars: 1, occurredAt: day(200) }),
      merge(customer(1), customer(9)),
    ]
    expect(known(told).reviews).toEqual({ count: 3, stars: 3.5 })
  })
})

describe("friends brought", () => {
  it("are those who were credited, each once and by their first purchase", () => {
    const of = program({ recurring: { withinDays: 60, count: null, reward: Reward.points(7) } })
    const told = [order(1), order(2, { codes: [], occurredAt: day(5) })]
    expect(known(told, 1, { of }).conversions).toEqual([day(0)])
  })

  it("are also those for whom only a limit was full", () => {
    const of = program({ limits: [Referral.Limits.perAdvocate({ count: 1, per: "year" })] })
    const told = [person(4), order(1), order(2, { customer: customer(4), occurredAt: day(1) })]
    expect(known(told, 1, { of }).conversions).toEqual([day(0), day(1)])
  })

  it("are nobody by their own orders, by refunded ones, or while a sign of fraud waits", () => {
    expect(known([order(1, { customer: customer(1) })]).conversions).toEqual([])
    expect(known([order(1), refund(1, 1, 10_000n)]).conversions).toEqual([])
    const shared = [own(102, 1, { ...device, occurredAt: day(-70) }), order(1, device)]
    expect(known(shared)).toMatchObject({ conversions: [], suspicion: "shared-device" })
    expect(known(shared, 2)).toMatchObject({ suspicion: "shared-device" })
    expect(known([...shared, review(1, "release")])).toMatchObject({ conversions: [day(0)], suspicion: null })
    expect(known([...shared, review(1, "reject")])).toMatchObject({ conversions: [], suspicion: null })
  })

  it("are nobody within a circle, and who is in it is under suspicion", () => {
    const of = program({ qualifies: [] })
    const circle = [
      order(1, { customer: customer(3) }),
      order(2, { customer: customer(1), codes: [{ code: "BEN", discountMinor: 0n }], occurredAt: day(1) }),
      order(3, { occurredAt: day(2) }),
    ]
    expect(known(circle, 1, { of })).toMatchObject({ conversions: [day(2)], suspicion: "referrals in a circle" })
    expect(known(circle, 3, { of })).toMatchObject({ conversions: [], suspicion: "referrals in a circle" })
  })
})

describe("sharing", () => {
  it("is unknown where no fact shows any, and nothing where others share", () => {
    expect(known([order(1)]).sharing).toBe(null)
    expect(known([visit("BEN", customer(2), day(0))]).sharing).toEqual({ reached: 0, reached90d: 0, referred: 0 })
  })

  it("counts people reached, not how often, and the last time of each", () => {
    const told = [
      visit("ada", handle("visitor:1"), day(-20)),
      visit("ADA", handle("visitor:1"), day(10)),
      invitation("ADA", customer(2), day(9)),
      visit("ADA", customer(1), day(50)),
      visit("NOBODYS", handle("visitor:2"), day(50)),
    ]
    expect(known(told, 1, { asOf: day(100) }).sharing).toEqual({ reached: 2, reached90d: 1, referred: 2 })
  })

  it("counts whom a visit before a purchase shows, but cannot tell of others who did not buy", () => {
    const visits = [{ at: day(-1), code: "ADA", source: null }]
    expect(known([order(1, { codes: [], visits })]).sharing).toEqual({ reached: 1, reached90d: 0, referred: null })
  })

  it("counts nothing of what is held or their own", () => {
    const visits = [{ at: day(-1), code: "ADA", source: null }]
    const shared = [own(102, 1, { ...device, occurredAt: day(-70) }), order(1, { ...device, visits })]
    expect(known(shared).sharing).toMatchObject({ reached: 0 })
    expect(known([order(1, { customer: customer(1), visits })]).sharing).toMatchObject({ reached: 0 })
  })
})

describe("purchases", () => {
  it("tell what was kept, by share and by amount", () => {
    const told = [own(104, 1, { occurredAt: day(-70), cancelledAt: day(-69) }), refund(1, 101, 2_500n)]
    expect(known(told)).toMatchObject({ orders: 1, fulfilled: 1, refundedShare: 0.25, spentMinor: 7_500n })
    expect(known([refund(1, 101, 10_000n)])).toMatchObject({ orders: 1, fulfilled: 0, refundedShare: 1 })
    expect(known([own(105, 4, { paid: false }), person(4)], 4)).toMatchObject({ orders: 1, fulfilled: 0 })
  })
})

describe("candidates", () => {
  const told = (of: Program) => [...cast(of), person(1, { marketing: "unknown", version: 2 }), own(101, 1)]
  const candidate = (of: Program) => {
    const facts = told(of).filter(
      (fact) => fact._tag !== "PersonSeen" || fact.version === 2 || fact.person !== customer(1),
    )
    return candidatesOf(facts, evaluate(facts, "refer", day(0)))[0]
  }

  it("need consent on record where the program asks for it, and only there", () => {
    expect(candidate(program())).toMatchObject({ eligible: true, barrier: null })
    expect(candidate(program({}, { advocates: [{ rule: "marketing-consent" }] }))).toMatchObject({
      eligible: false,
      barrier: "consent unknown",
    })
  })

  it("are explained by what is known, and what is not is unknown", () => {
    const found = candidate(program())
    if (found === undefined) throw new Error("there is no candidate")
    const words = componentWords(found, day(0))
    expect(words.sentiment).toContain("NPS unknown")
    expect(words.provenAdvocacy).toContain("shares in 90 days unknown; reviews unknown")
    expect(words.liveLoyalty).toContain("1 order, the last 80 days ago")
    expect(sentence(found)).toMatch(/^Loyal but silent|^May be asked/)
    expect(sentence({ ...found, list: "save" })).toContain("find out what went wrong")
    expect(sentence({ ...found, list: null, barrier: "no consent" })).toBe("May not be asked: no consent.")
  })
})

it("holds an asset of another program for no sharing", () => {
  const other = { ...asset("OTHER", 1), program: "another" }
  expect(known([other, visit("OTHER", customer(2), day(0))]).sharing).toMatchObject({ reached: 0 })
})
