import { describe, expect, it } from "@effect/vitest"
import type { Fact, SurveyAnswered } from "../src/fact/Fact.ts"
import * as Facts from "../src/fact/Fact.ts"
import { fromIso, type Instant } from "../src/id/Instant.ts"
import { make as currencyOf } from "../src/money/Currency.ts"
import * as Catalogue from "../src/metric/Catalogue.ts"
import { funnel } from "../src/metric/Funnel.ts"
import * as Metric from "../src/metric/Metric.ts"
import { divided, segments } from "../src/metric/Segment.ts"
import * as Study from "../src/metric/Study.ts"
import { windows } from "../src/metric/Windows.ts"
import * as Referral from "../src/program/Referral.ts"
import * as Reward from "../src/reward/Reward.ts"
import { customer, day, invitation, line, merge, order, person, program, refund, start, tell, visit } from "./Story.ts"

const study = (facts: ReadonlyArray<Fact>, asOf: Instant = day(100), of = program()): Study.Study => {
  const told = [...facts]
  return Study.make({ facts: told, evaluation: tell(told, { asOf, program: of }) })
}

const answer = (
  id: number,
  score: number,
  at: Instant,
  told: Partial<Pick<SurveyAnswered, "survey" | "occasion">> = {},
): SurveyAnswered => ({
  _tag: "SurveyAnswered",
  key: Facts.key(`hubspot:answer/${id}/${at}/${score}/${told.survey ?? ""}${told.occasion ?? ""}`),
  version: 0,
  rank: Facts.rank.api,
  occurredAt: at,
  person: customer(id),
  survey: "nps",
  occasion: "relational",
  score,
  ...told,
})

const enrolled = (id: number, at = day(-50)): Fact => ({
  _tag: "Enrolled",
  key: Facts.key(`advocacy:enrolment/refer/${id}`),
  version: 0,
  rank: Facts.rank.own,
  occurredAt: at,
  program: "refer",
  person: customer(id),
  via: "manual",
})

const readOf = (of: Study.Study, name: string): Metric.Reading => {
  const metric = Catalogue.catalogue.find((one) => one.name === name)
  if (metric === undefined) throw new Error(`there is no metric ${name}`)
  return Metric.read(metric, of)
}

/** The estimate to four digits and the sample, or why there is none. */
const said = (of: Study.Study, name: string): string => {
  const { estimate, note, sample } = readOf(of, name)
  return estimate === null ? `none of ${sample}: ${note}` : `${Number(estimate.toFixed(4))} of ${sample}`
}

const bought = (id: number, buyer: number, at: number, told: Parameters<typeof order>[1] = {}) =>
  order(id, { customer: customer(buyer), occurredAt: day(at), codes: [], ...told })

describe("a metric", () => {
  it("says why it has no estimate where nothing has happened, and never zero", () => {
    const empty = study([])
    for (const reading of Catalogue.readAll(empty)) {
      expect([reading.name, reading.estimate]).toEqual([reading.name, null])
      expect(reading.note).toMatch(/\w+/)
    }
  })

  it("has a name of its own", () => {
    const names = [...Catalogue.catalogue, ...segments].map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => !/^[a-z0-9-]+$/.test(name))).toEqual([])
  })

  it("has its estimate within its interval", () => {
    const some = study([order(1), bought(2, 2, 40), bought(3, 4, 1), answer(1, 9, day(1)), answer(4, 3, day(1))])
    for (const { estimate, interval, name } of Catalogue.readAll(some)) {
      if (estimate === null || interval === null) continue
      expect([name, interval.low <= estimate && estimate <= interval.high]).toEqual([name, true])
    }
  })
})

describe("answers", () => {
  it("count once for each person, the newest, and relational ones apart from the others", () => {
    const facts = [
      answer(1, 2, day(1)),
      answer(1, 10, day(2)),
      answer(2, 9, day(1)),
      answer(3, 0, day(3), { occasion: "transactional" }),
    ]
    expect(said(study(facts), "net-promoter-score")).toBe("100 of 2")
    expect(said(study(facts), "transactional-net-promoter-score")).toBe("-100 of 1")
    expect(said(Study.within(study(facts), { from: null, until: day(2) }), "net-promoter-score")).toBe("0 of 2")
  })

  it("of merged people are one person's, and those outside the scale are left out and said", () => {
    const facts = [answer(1, 2, day(1)), answer(2, 9, day(2)), merge(customer(1), customer(2))]
    expect(said(study(facts), "net-promoter-score")).toBe("100 of 1")
    const reading = readOf(study([answer(1, 11, day(1)), answer(2, 9, day(2))]), "net-promoter-score")
    expect([reading.sample, reading.note]).toEqual([1, "1 answers off the scale are left out"])
  })

  it("about satisfaction are a share of 4 and 5, about effort a mean", () => {
    const facts = [5, 4, 3, 1].map((score, id) => answer(id, score, day(1), { survey: "csat" }))
    const efforts = [7, 5].map((score, id) => answer(id, score, day(1), { survey: "ces" }))
    expect(said(study([...facts, ...efforts]), "customer-satisfaction")).toBe("0.5 of 4")
    expect(said(study([...facts, ...efforts]), "customer-effort-score")).toBe("6 of 2")
  })
})

describe("purchases", () => {
  it("leave out what was cancelled, a test, or sent back whole, and count a day once", () => {
    const facts = [
      bought(1, 4, 0),
      bought(2, 4, 0, { occurredAt: day(0) + 3_600_000 }),
      bought(3, 5, 0, { cancelledAt: day(1) }),
      bought(4, 6, 0, { test: true }),
      bought(5, 7, 0),
      refund(1, 5, 10_000n),
    ]
    expect(said(study(facts), "repeat-purchase-rate")).toBe("0 of 1")
    expect(said(study(facts), "average-order-value")).toBe("10000 of 2")
    expect(said(study([...facts, bought(6, 4, 1)]), "repeat-purchase-rate")).toBe("1 of 1")
  })

  it("in another currency are left out of amounts, and that is said", () => {
    const other = bought(2, 5, 0, { currency: currencyOf("USD"), lines: [line(1n)] })
    const reading = readOf(study([bought(1, 4, 0), other]), "average-order-value")
    expect([reading.estimate, reading.sample, reading.note]).toEqual([
      10_000,
      1,
      "1 purchases in other currencies are left out",
    ])
  })

  it("are a customer's first by all that came before, also before the window", () => {
    const all = study([bought(1, 4, 0), bought(2, 4, 40), bought(3, 5, 41)])
    const late = Study.within(all, { from: day(30), until: day(100) })
    expect(late.purchases.map(({ isFirst }) => isFirst)).toEqual([false, true])
    expect(said(late, "referral-rate")).toBe("0 of 1")
  })

  it("come back later for who was referred later: the comparison waits as long for both", () => {
    const asked = "referred-return-difference-within-90-days"
    expect(said(study([order(1), bought(2, 4, 0)], day(50)), asked)).toMatch(/none of 1/)
    // Zoe, who was referred, and one of two others came back.
    const back = [order(1), bought(2, 2, 10), bought(3, 4, 0), bought(4, 4, 10), bought(5, 5, 0)]
    expect(said(study(back), asked)).toBe("0.5 of 1")
  })
})

describe("a program", () => {
  const points = program({ friend: Reward.points(50) })

  it("costs what was granted in money, in full for new customers; points are left out, and that is said", () => {
    const reading = readOf(study([order(1)], day(100), points), "reward-cost-ratio")
    expect([reading.estimate, reading.note]).toEqual([0.1, "points are not money and are left out"])
    expect(said(study([order(1)], day(100), points), "referral-acquisition-cost")).toBe("1000 of 1")
  })

  it("owes what is pending or available", () => {
    expect(said(study([order(1)], day(1)), "reward-liability")).toBe("1000 of 1")
    expect(said(study([order(1), refund(1, 1, 10_000n)], day(10)), "reward-liability")).toBe("0 of 0")
  })

  it("is taken part in by those who are enrolled, and of them by those who share", () => {
    const facts = [enrolled(1), enrolled(3), order(1)]
    expect(said(study(facts), "participation-rate")).toBe("0.5 of 2")
    expect(said(study(facts), "advocate-rate")).toBe("0.5 of 2")
    expect(said(Study.within(study(facts), { from: null, until: day(-60) }), "advocate-rate")).toBe(
      "none of 0: nobody is enrolled yet",
    )
  })

  it("tells self-referrals and what waits for a human among all that has evidence", () => {
    const facts = [order(1), order(2, { customer: customer(1), occurredAt: day(3) })]
    expect(said(study(facts), "self-referral-rate")).toBe("0.5 of 2")
    expect(said(study(facts), "qualification-rate")).toBe("0.5 of 2")
  })
})

describe("a segment", () => {
  it("has everybody once, and a window moves nobody", () => {
    const all = study([order(1), bought(2, 4, 0), bought(3, 4, 60), enrolled(1)])
    const late = Study.within(all, { from: day(50), until: day(100) })
    for (const segment of segments) {
      const parts = divided(all, segment)
      expect(parts.flatMap(({ purchases }) => purchases).length).toBe(all.purchases.length)
      for (const part of divided(late, segment))
        expect(parts.map((one) => one.segment?.value)).toContain(part.segment?.value)
    }
    const origin = segments.filter(({ name }) => name === "origin").flatMap((one) => divided(all, one))
    expect(origin.map((part) => [part.segment?.value, part.purchases.length])).toEqual([
      ["no purchase", 0],
      ["other", 2],
      ["referred", 1],
    ])
  })
})

describe("windows", () => {
  it("are calendar periods of the program's time zone, and the last may be cut short", () => {
    const winter = fromIso("2026-10-24T22:30:00Z")
    const facts = [bought(1, 4, 0, { occurredAt: winter }), bought(2, 5, 0, { occurredAt: winter + 86_400_000 })]
    // Half past midnight in Berlin; the next day has 25 hours there.
    const days = windows(study(facts, fromIso("2026-10-27T00:00:00Z")), "day")
    expect(days.map(({ isWhole, name, study: one }) => [name, one.purchases.length, isWhole])).toEqual([
      ["2026-10-25", 2, true],
      ["2026-10-26", 0, true],
      ["2026-10-27", 0, false],
    ])
  })

  it("of nothing are none", () => {
    expect(windows(study([]), "month")).toEqual([])
  })
})

describe("the funnel", () => {
  const invited = program({ evidence: [Referral.Evidence.code, Referral.Evidence.click, Referral.Evidence.invitation] })

  it("follows people, leaves out friends who could not go all the way yet, and counts those it never saw", () => {
    const facts = [
      enrolled(1),
      enrolled(3),
      person(4),
      person(5),
      person(6),
      visit("ADA", customer(2), day(-1)),
      visit("ADA", customer(2), day(-2)),
      invitation("ADA", customer(4), day(0)),
      invitation("ADA", customer(5), day(95)),
      order(1, { codes: [] }),
      order(2, { customer: customer(6), occurredAt: day(2) }),
    ]
    const { advocates, friends, immature, unseen } = funnel(study(facts, day(100), invited))
    const counts = (steps: typeof friends) => steps.map(({ name, people }) => `${name} ${people}`)
    expect(counts(advocates)).toEqual(["enrolled 2", "shared 1", "brought 1"])
    expect(counts(friends)).toEqual(["reached 2", "bought 1", "qualified 1"])
    expect([immature, unseen]).toEqual([1, 1])
    expect(friends[1]).toMatchObject({ share: 0.5 })
  })

  it("has no shares of nobody", () => {
    const { advocates, friends } = funnel(study([], start))
    expect([...advocates, ...friends].map(({ people, share }) => [people, share])).toEqual(
      Array.from({ length: 6 }, () => [0, null]),
    )
  })
})
