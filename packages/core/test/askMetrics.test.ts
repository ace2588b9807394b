import { describe, expect, it } from "@effect/vitest"
import type { AskSent, AssetShared, ContentPublished, Fact, SurveyAnswered } from "../src/fact/Fact.ts"
import * as Facts from "../src/fact/Fact.ts"
import { isDecisive, namesOf } from "../src/fact/Mention.ts"
import type { Instant } from "../src/id/Instant.ts"
import * as Ask from "../src/metric/AskMetrics.ts"
import * as Content from "../src/metric/ContentMetrics.ts"
import type { Metric } from "../src/metric/Metric.ts"
import { participationRate } from "../src/metric/ProgramMetrics.ts"
import { divided, segments } from "../src/metric/Segment.ts"
import * as Study from "../src/metric/Study.ts"
import { asset, content as published, customer, day, merge, order, program, tell } from "./Story.ts"

const study = (facts: ReadonlyArray<Fact>, asOf: Instant = day(200)): Study.Study =>
  Study.make({ facts, evaluation: tell([...facts], { asOf, program: program() }) })

const own = (name: string, occurredAt: Instant) => ({
  key: Facts.key(`brand:${name}`),
  version: 0,
  rank: Facts.rank.api,
  occurredAt,
})

const ask = (id: number, kind: AskSent["ask"], at: number): AskSent => ({
  _tag: "AskSent",
  ...own(`ask/${id}/${kind}/${at}`, day(at)),
  person: customer(id),
  ask: kind,
  channel: "email",
})

const answer = (id: number, at: number, survey: SurveyAnswered["survey"] = "nps"): SurveyAnswered => ({
  _tag: "SurveyAnswered",
  ...own(`answer/${id}/${survey}/${at}`, day(at)),
  person: customer(id),
  survey,
  occasion: "relational",
  score: 5,
})

/** A review of the customer with that number, on a day of the story. */
const content = (id: number, { at = 10, ...told }: Partial<ContentPublished> & { readonly at?: number } = {}) =>
  published(id, { author: customer(id), occurredAt: day(at), ...told })

const shared = (code: string, at: number): AssetShared => ({
  _tag: "AssetShared",
  ...own(`share/${code}/${at}`, day(at)),
  code,
  channel: "whatsapp",
})

const enrolled = (id: number): Fact => ({
  _tag: "Enrolled",
  ...own(`enrolment/${id}`, day(-50)),
  program: "refer",
  person: customer(id),
  via: "manual",
})

/** The estimate to four digits and the sample, or why there is none. */
const said = (metric: Metric<Study.Study>, facts: ReadonlyArray<Fact>, asOf?: Instant): string => {
  const { estimate, note, sample } = metric.read(study(facts, asOf))
  return estimate === null ? `none of ${sample}: ${note}` : `${Number(estimate.toFixed(4))} of ${sample}`
}

describe("asks", () => {
  it("count when what was asked for follows within thirty days, not before and not later", () => {
    const asks = [1, 2, 3, 4].map((id) => ask(id, "nps", 50))
    const answers = [answer(1, 80), answer(2, 81), answer(3, 49), answer(4, 60, "csat")]
    expect(said(Ask.surveyResponse, [...asks, ...answers])).toBe("0.25 of 4")
  })

  it("are not judged before their people have had the time, and one counts for each person, the newest", () => {
    const asks = [ask(1, "nps", 10), ask(1, "nps", 100), ask(2, "nps", 190)]
    expect(said(Ask.surveyResponse, [...asks, answer(1, 11)])).toBe("0 of 1")
    expect(said(Ask.surveyResponse, [ask(2, "nps", 190)])).toMatch(
      /^none of 0: nobody is known to have been asked 30 days/,
    )
  })

  it("of merged records are one person's, and an answer by either is theirs", () => {
    const facts = [ask(1, "nps", 50), ask(2, "nps", 51), answer(1, 52), merge(customer(1), customer(2))]
    expect(said(Ask.surveyResponse, facts)).toBe("1 of 1")
  })

  it("for reviews, other content and referrals are done by what was published and shared", () => {
    expect(said(Ask.reviewResponse, [ask(1, "review", 5), ask(2, "review", 5), content(1)])).toBe("0.5 of 2")
    expect(said(Ask.contentResponse, [ask(1, "testimonial", 5), content(1)])).toBe("0 of 1")
    expect(said(Ask.contentResponse, [ask(1, "content", 5), content(1, { kind: "photo" })])).toBe("1 of 1")
    expect(said(Ask.referralResponse, [asset("ADA", 1), ask(1, "referral", 5), shared("ada", 6)])).toBe("1 of 1")
  })

  it("that add up within ninety days show who is asked often, also across the window's beginning", () => {
    const asks = [ask(1, "nps", 1), ask(1, "review", 40), ask(1, "reference", 90), ask(2, "nps", 1), ask(2, "nps", 92)]
    expect(said(Ask.oftenAsked, asks)).toBe("0.5 of 2")
    const late = Study.within(study(asks), { from: day(89), until: day(200) })
    expect(late.asks.map(({ nth }) => nth)).toEqual([3, 1])
  })

  it("tire people: those asked three times are compared with those asked once, each person in one of both", () => {
    const tired = [1, 2].flatMap((id) => [ask(id, "nps", 1), ask(id, "review", 10), ask(id, "nps", 20)])
    const fresh = [3, 4].map((id) => ask(id, "nps", 20))
    const read = Ask.fatigue.read(study([...tired, ...fresh, answer(1, 21), answer(3, 21), answer(4, 21)]))
    expect([read.estimate, read.sample]).toEqual([0.5, 2])
    expect(read.interval).toMatchObject({ low: expect.any(Number), high: expect.any(Number) })
    expect(said(Ask.fatigue, fresh)).toBe("none of 2: 2 people asked once and 0 asked often cannot be compared")
  })
})

describe("content", () => {
  it("is counted as it now stands, without what was removed", () => {
    const facts = [content(1), content(2, { removed: true }), content(3, { author: null })]
    const read = Content.published.read(study(facts))
    expect([read.estimate, read.note]).toEqual([2, "by 1 people who are known"])
    expect(said(Content.published, [content(2, { removed: true })])).toBe("none of 0: no content is known")
  })

  it("is by a share of customers; what strangers publish is said and not counted", () => {
    const orders = [1, 2].map((id) => order(id, { customer: customer(id), codes: [] }))
    const read = Content.creators.read(study([...orders, content(1), content(9), content(8, { author: null })]))
    expect([read.estimate, read.sample, read.note]).toEqual([
      0.5,
      2,
      "1 pieces by people who are not known are left out",
    ])
  })

  it("is rated from one to five stars, by reviews alone", () => {
    const facts = [content(1, { stars: 5 }), content(2, { stars: 4 }), content(3, { stars: 1, kind: "post" })]
    expect(said(Content.rating, facts)).toBe("4.5 of 2")
    expect(Content.rating.read(study([...facts, content(4, { stars: 9 })])).note).toBe(
      "1 ratings off the scale are left out",
    )
    expect(said(Content.rating, [content(1)])).toBe("none of 0: no rated review is known")
  })

  it("engages by the ratio of sums, with an interval from two pieces on", () => {
    const posts = [
      content(1, { kind: "post", impressions: 100, engagements: { like: 4, comment: 1 } }),
      content(2, { kind: "post", impressions: 300, engagements: { like: 15 } }),
    ]
    const read = Content.engagement.read(study(posts))
    expect([read.estimate, read.sample]).toEqual([0.05, 2])
    // Both engage alike: the ratio has no spread.
    expect(read.interval).toEqual({ low: expect.closeTo(0.05, 12), high: expect.closeTo(0.05, 12) })
    expect(Content.engagement.read(study(posts.slice(1))).interval).toBeNull()
    expect(said(Content.engagement, [content(1)])).toBe("none of 1: nobody counts how often content is seen")
  })

  it("may be used, or was paid for, as far as that is known", () => {
    const facts = [
      content(1, { rights: "granted", incentivised: true }),
      content(2, { incentivised: false }),
      content(3),
    ]
    expect(said(Content.rights, facts)).toBe("0.3333 of 3")
    expect(said(Content.incentivised, facts)).toBe("0.5 of 2")
    expect(Content.incentivised.read(study(facts)).note).toBe("of 1 more pieces it is not known")
  })

  it("costs what its reach would cost as advertising, which is said to be no value", () => {
    const posts = [content(1, { channel: "instagram", impressions: 2_000, engagements: { like: 10, save: 1 } })]
    const value = Content.earnedMediaValue({ perThousand: { instagram: 10 }, perEngagement: { like: 0.5 } })
    expect(value.read(study(posts))).toMatchObject({ estimate: 25, note: "a cost-equivalent, without save" })
    expect(value.question).toContain("never add it")
  })
})

describe("sharing", () => {
  it("is counted for each enrolled advocate, and is taking part", () => {
    const facts = [enrolled(1), enrolled(2), asset("ADA", 1), shared("ADA", 1), shared("ada ", 2), shared("NOBODY", 1)]
    expect(said(Content.sharesEach, facts)).toBe("1 of 2")
    expect(said(participationRate, facts)).toBe("0.5 of 2")
    expect(said(Content.sharesEach, [enrolled(1)])).toBe("none of 1: no shares are known")
  })
})

describe("asks, content and shares", () => {
  it("divide by segment like everything else", () => {
    const standing = segments.find(({ name }) => name === "standing")
    if (standing === undefined) throw new Error("there is no such segment")
    const facts = [enrolled(1), asset("ADA", 1), shared("ADA", 1), ask(1, "nps", 1), ask(2, "nps", 1), content(2)]
    const parts = divided(study(facts), standing).map((part) => [
      part.segment?.value,
      part.asks.length,
      part.content.length,
      part.sharings.length,
    ])
    expect(parts).toEqual([
      ["advocate", 1, 0, 1],
      ["other", 1, 1, 0],
    ])
  })

  it("are found by whom they name, and change no decision", () => {
    for (const [fact, names] of [
      [ask(1, "nps", 1), [customer(1)]],
      [content(1), [customer(1)]],
      [content(1, { author: null }), []],
      [shared("ada", 1), ["code:ADA"]],
    ] as const) {
      expect(namesOf(fact)).toEqual(names)
      expect(isDecisive(null, fact)).toBe(false)
    }
  })
})
