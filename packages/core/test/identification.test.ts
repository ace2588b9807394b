import { describe, expect, it } from "@effect/vitest"
import * as Identification from "../src/advocate/Identification.ts"
import { resolve } from "../src/person/People.ts"
import { customer, day, handle, person } from "./Story.ts"

const known = (id: number, told: Partial<Identification.Customer> = {}): Identification.Customer => ({
  person: customer(id),
  orders: 2,
  fulfilled: 2,
  firstOrderAt: day(-200),
  lastOrderAt: day(-10),
  spentMinor: 10_000n,
  refundedShare: 0,
  nps: null,
  marketing: "granted",
  conversions: [],
  sharing: null,
  reviews: null,
  suspicion: null,
  ...told,
})
const crowd = [
  known(1),
  known(2, { orders: 5, nps: 9 }),
  known(3, { orders: 1, lastOrderAt: day(-150) }),
  known(4, { conversions: [day(-5)], nps: 10 }),
  known(5, { refundedShare: 0.8, nps: 7 }),
]
const scoreOf = (customers: ReadonlyArray<Identification.Customer>, id: number): number =>
  Identification.identify(customers, day(0)).find(({ person: who }) => who === customer(id))?.score ?? -1

describe("identification", () => {
  it.each([
    ["whoever refused", { marketing: "denied" }, "no consent"],
    ["a customer of yesterday", { firstOrderAt: day(-60) + 1 }, "customer for less than 60 days"],
    ["a detractor", { nps: 6 }, "detractor: ask what went wrong instead"],
    ["whoever kept nothing of what they bought", { fulfilled: 0 }, "no fulfilled order"],
    ["whoever is under suspicion", { suspicion: "shared-device" }, "held for a human: shared-device"],
  ] as const)("does not let %s be asked, and says why", (_, told, barrier) => {
    const [candidate] = Identification.identify([known(1, told)], day(0))
    expect([candidate?.eligible, candidate?.inputs["barrier"]]).toEqual([false, barrier])
  })

  it("lets the others be asked: 60 days to the millisecond, a passive, no answer, no word on marketing", () => {
    for (const told of [{ firstOrderAt: day(-60) }, { nps: 7 }, { nps: null }, { marketing: "unknown" }] as const) {
      expect(Identification.identify([known(1, told)], day(0))[0]).toMatchObject({ eligible: true })
    }
  })

  it("is the same for the same customers in any order", () => {
    const all = Identification.identify(crowd, day(0))
    expect(Identification.identify(crowd.toReversed(), day(0))).toEqual(all)
    expect(all.map(({ score }) => score)).toEqual(all.map(({ score }) => score).toSorted((a, b) => b - a))
    for (const { score } of all)
      expect(score).toSatisfy((one: number) => Number.isInteger(one) && one >= 0 && one <= 100)
  })

  it.each<[string, Partial<Identification.Customer>]>([
    ["a friend brought", { conversions: [day(-1)] }],
    ["more friends brought", { conversions: [day(-1), day(-2), day(-3)] }],
    ["a better answer", { nps: 10 }],
    ["more orders", { orders: 9 }],
    ["a later order", { lastOrderAt: day(-1) }],
  ])("never ranks somebody lower for %s", (_, better) => {
    for (const { person: who } of crowd) {
      const id = Number(who.split("/")[1])
      const improved = crowd.map((one) => (one.person === who ? { ...one, ...better } : one))
      const worseBefore = crowd.find((one) => one.person === who)
      if (worseBefore !== undefined && worseBefore.conversions.length > (better.conversions?.length ?? Infinity))
        continue
      expect(scoreOf(improved, id)).toBeGreaterThanOrEqual(scoreOf(crowd, id))
    }
  })

  it("ranks sentiment lower for returned goods", () => {
    const returned = crowd.map((one) => (one.person === customer(2) ? { ...one, refundedShare: 1 } : one))
    expect(scoreOf(returned, 2)).toBeLessThan(scoreOf(crowd, 2))
  })

  it("puts nobody on the list of the unhappy who has said nothing, and asks nobody on it who may not be asked", () => {
    const content = Array.from({ length: 20 }, (_, at) => known(at + 10, { nps: 10 }))
    const listOf = (told: Partial<Identification.Customer>) =>
      Identification.identify([known(1, { conversions: [day(-5)], ...told }), ...content], day(0)).find(
        ({ person: who }) => who === customer(1),
      )?.list
    expect([listOf({ nps: 7 }), listOf({ refundedShare: 0.1 })]).toEqual(["save", "save"])
    expect([listOf({ refundedShare: 0.05 }), listOf({ nps: 10 })]).toEqual([null, null])
    const silent = (told: Partial<Identification.Customer>) =>
      Identification.identify([known(1, { orders: 9, lastOrderAt: day(-1), ...told }), ...content], day(0))[0]?.list
    expect([silent({ nps: 10 }), silent({ nps: 10, marketing: "denied" })]).toEqual(["ask", null])
  })

  it("takes each person's newest answer on any of their records", () => {
    const people = resolve([person(1, { mergedFrom: [customer(11)] })])
    const answer = (key: string, who: number, at: number, score: number) => ({
      _tag: "SurveyAnswered" as const,
      key: `hubspot:answer/${key}` as never,
      version: 0,
      rank: 100,
      occurredAt: day(at),
      person: customer(who),
      survey: "nps" as const,
      occasion: "relational" as const,
      score,
    })
    expect(
      Identification.newestAnswers([answer("b", 11, 5, 3), answer("a", 1, 1, 9)], people).get(
        people.personOf(customer(1)),
      ),
    ).toBe(3)
    expect(
      Identification.newestAnswers([answer("a", 1, 5, 9), answer("b", 11, 5, 3)], people).get(
        people.personOf(customer(1)),
      ),
    ).toBe(3)
    expect(Identification.newestAnswers([{ ...answer("c", 1, 1, 9), survey: "csat" as const }], people).size).toBe(0)
  })

  it("takes one refusal on any record for a refusal", () => {
    const contact = {
      ...person(9),
      key: "hubspot:contact/1" as never,
      person: handle("hubspot:contact/1"),
      marketing: "denied" as const,
      aliases: person(1).aliases,
    }
    const people = resolve([person(1), contact])
    expect(Identification.marketingOf(people, people.personOf(customer(1)))).toBe("denied")
  })
})
