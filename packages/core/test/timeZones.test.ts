/**
 * Calendar periods in every time zone there is, and what is decided at their edges.
 *
 * Promises tried: every instant lies in its own span; spans follow one another without gap or overlap; holds and lives of points are
 * exact days, whatever the clocks do.
 */
import { assert, describe, expect, it } from "@effect/vitest"
import type { Fact } from "../src/fact/Fact.ts"
import * as Instant from "../src/id/Instant.ts"
import * as Points from "../src/points/Points.ts"
import type { Evaluation } from "../src/program/Evaluation.ts"
import * as Program from "../src/program/Program.ts"
import { evaluate } from "../src/program/Evaluation.ts"
import * as Referral from "../src/program/Referral.ts"
import * as Tiers from "../src/tier/Tiers.ts"
import { integer, oneOf, runs } from "./Runs.ts"
import { asset, customer, line, order, person, program } from "./Story.ts"

const hour = 3_600_000
const at = Instant.fromIso
const zones = Intl.supportedValuesOf("timeZone")
const zone = oneOf(zones[0] ?? "UTC", ...zones.slice(1))
const instant = integer(at("1990-01-01T00:00:00Z"), at("2040-01-01T00:00:00Z"))
const kinds = ["day", "week", "month", "quarter", "year"] as const
const kind = oneOf<(typeof kinds)[number]>("day", ...kinds)

/** The span, of a kind that has one. */
const spanOf = (moment: number, period: Instant.Period, timeZone: string) => {
  const span = Instant.periodSpan(moment, period, timeZone)
  if (span === null) throw new Error(`${period} has no span`)
  return span
}
const isoSpan = (moment: string, period: Instant.Period, timeZone: string): ReadonlyArray<string> => {
  const { from, until } = spanOf(at(moment), period, timeZone)
  return [from, until].map((one) => Instant.toIso(one).replace(".000Z", "Z"))
}

describe("periodSpan", () => {
  it.prop(
    "holds its own instant, and only instants of its period, in every zone",
    [instant, kind, zone],
    ([moment, period, timeZone]) => {
      const { from, until } = spanOf(moment, period, timeZone)
      const name = Instant.periodOf(moment, period, timeZone)
      assert.isTrue(from <= moment && moment < until, `${timeZone} ${period} ${Instant.toIso(moment)}`)
      assert.deepStrictEqual(
        [from, until - 1].map((one) => Instant.periodOf(one, period, timeZone)),
        [name, name],
      )
      assert.notStrictEqual(Instant.periodOf(from - 1, period, timeZone), name)
      assert.notStrictEqual(Instant.periodOf(until, period, timeZone), name)
    },
    runs(400),
  )

  it.prop(
    "spans follow one another without gap or overlap, in every zone",
    [instant, kind, zone],
    ([moment, period, timeZone]) => {
      const { from, until } = spanOf(moment, period, timeZone)
      assert.strictEqual(spanOf(until, period, timeZone).from, until)
      assert.strictEqual(spanOf(from - 1, period, timeZone).until, from)
      assert.deepStrictEqual(spanOf(from, period, timeZone), spanOf(until - 1, period, timeZone))
    },
    runs(400),
  )

  it("knows half an hour at Lord Howe, both ways", () => {
    assert.deepStrictEqual(isoSpan("2026-10-03T20:00:00Z", "day", "Australia/Lord_Howe"), [
      "2026-10-03T13:30:00Z",
      "2026-10-04T13:00:00Z",
    ])
    assert.deepStrictEqual(isoSpan("2026-04-05T00:00:00Z", "day", "Australia/Lord_Howe"), [
      "2026-04-04T13:00:00Z",
      "2026-04-05T13:30:00Z",
    ])
  })

  it("leaves out the day that Apia never had", () => {
    const before = isoSpan("2011-12-30T09:59:59Z", "day", "Pacific/Apia")
    const after = isoSpan("2011-12-30T10:00:00Z", "day", "Pacific/Apia")
    assert.deepStrictEqual(before, ["2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"])
    assert.deepStrictEqual(after, ["2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"])
    // The month lacks a day: its zone begins it 10 hours behind, in summer's time, and ends it 14 ahead.
    assert.deepStrictEqual(isoSpan("2011-12-30T10:00:00Z", "month", "Pacific/Apia"), [
      "2011-12-01T10:00:00Z",
      "2011-12-31T10:00:00Z",
    ])
  })

  it("a day has one beginning, also where a date comes twice", () => {
    // At 0:01 of 7 November 2010 clocks went back to 23:01 of the 6th.
    const moments = ["2010-11-07T02:30:30Z", "2010-11-07T02:31:30Z", "2010-11-07T03:29:59Z", "2010-11-07T03:30:00Z"]
    for (const moment of moments.map(at)) {
      const { from, until } = spanOf(moment, "day", "America/St_Johns")
      assert.isTrue(from <= moment && moment < until, Instant.toIso(moment))
      assert.strictEqual(
        Instant.periodOf(from, "day", "America/St_Johns"),
        Instant.periodOf(moment, "day", "America/St_Johns"),
      )
      assert.strictEqual(spanOf(until, "day", "America/St_Johns").from, until)
      assert.strictEqual(spanOf(from - 1, "day", "America/St_Johns").until, from)
    }
  })

  it("knows Kathmandu's three quarters of an hour, and the leap day", () => {
    assert.deepStrictEqual(isoSpan("2028-02-29T00:00:00Z", "day", "Asia/Kathmandu"), [
      "2028-02-28T18:15:00Z",
      "2028-02-29T18:15:00Z",
    ])
    assert.deepStrictEqual(isoSpan("2028-02-29T00:00:00Z", "month", "Asia/Kathmandu"), [
      "2028-01-31T18:15:00Z",
      "2028-02-29T18:15:00Z",
    ])
    assert.strictEqual(Instant.periodOf(at("2028-02-29T12:00:00Z"), "week", "UTC"), "2028-W09")
  })
})

/** One referral credit a day; points for each purchase; a tier a year for 100 points. */
const daily = (timeZone: string): Program.Program =>
  Program.make("refer", {
    currency: "EUR",
    timeZone,
    mechanics: [
      ...program({ limits: [Referral.Limits.perAdvocate({ count: 1, per: "day" })] }).definition.mechanics,
      Points.make({ perUnit: 1, holdDays: 1, expiresAfterDays: 30 }),
      Tiers.make({ counts: "points", period: "year", keeps: 0, tiers: [{ name: "silver", atLeast: "100" }] }),
    ],
  })

/** Purchases of 100.00 with Ada's code at these times, each by somebody new. */
const bought = (timeZone: string, times: ReadonlyArray<string>, asOf: string): Evaluation => {
  const facts: ReadonlyArray<Fact> = [
    Program.publication(daily(timeZone), at("2000-01-01T00:00:00Z")),
    { ...person(1), occurredAt: at("2000-01-01T00:00:00Z") },
    { ...asset("ADA", 1), occurredAt: at("2000-01-01T00:00:00Z") },
    ...times.map((time, index) =>
      order(index + 1, { occurredAt: at(time), customer: customer(100 + index), lines: [line(10_000n)] }),
    ),
  ]
  return evaluate(facts, "refer", at(asOf))
}
const outcomes = ({ credits }: Evaluation): ReadonlyArray<string> =>
  [...credits.values()]
    .filter(({ rule }) => rule === "referral")
    .sort((left, right) => left.at - right.at)
    .map(({ outcome }) => outcome)

describe("evaluation at the edges of periods", () => {
  const yes = "credited"
  const no = "refused"

  it.each([
    // 4 October 2026 has 23.5 hours there: from 13:30 to 13:00.
    [
      "Australia/Lord_Howe",
      ["2026-10-03T13:29:59Z", "2026-10-03T13:30:00Z", "2026-10-04T12:59:59Z", "2026-10-04T13:00:00Z"],
      [yes, yes, no, yes],
    ],
    // 5 April 2026 has 24.5.
    ["Australia/Lord_Howe", ["2026-04-04T13:00:00Z", "2026-04-05T13:29:59Z", "2026-04-05T13:30:00Z"], [yes, no, yes]],
    [
      "Pacific/Apia",
      ["2011-12-30T09:59:59Z", "2011-12-30T10:00:00Z", "2011-12-31T09:59:59Z", "2011-12-31T10:00:00Z"],
      [yes, yes, no, yes],
    ],
    [
      "Asia/Kathmandu",
      ["2028-02-28T18:14:59Z", "2028-02-28T18:15:00Z", "2028-02-29T18:14:59Z", "2028-02-29T18:15:00Z"],
      [yes, yes, no, yes],
    ],
    ["Europe/Berlin", ["2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z"], [yes, no, yes]],
    ["Europe/Berlin", ["2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z", "2026-10-25T23:00:00Z"], [yes, no, yes]],
    ["America/New_York", ["2026-11-01T04:00:00Z", "2026-11-02T04:59:59Z", "2026-11-02T05:00:00Z"], [yes, no, yes]],
  ] as const)("%s, one a day: %j", (timeZone, times, expected) => {
    expect(outcomes(bought(timeZone, times, "2040-01-01T00:00:00Z"))).toEqual(expected)
  })

  it.each([
    ["Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-31T10:00:00Z"],
    ["Asia/Kathmandu", "2028-02-29T12:00:00Z", "2028-12-31T18:15:00Z"],
    ["Australia/Lord_Howe", "2026-06-01T00:00:00Z", "2026-12-31T13:00:00Z"],
    ["Europe/Berlin", "2026-12-31T22:59:59Z", "2026-12-31T23:00:00Z"],
  ])("a tier of a year ends with the year of %s, bought at %s", (timeZone, time, end) => {
    const tierAt = (asOf: number) =>
      [...bought(timeZone, [time], Instant.toIso(asOf)).credits.values()].find(({ rule }) => rule === "tiers")?.outcome
    expect([at(end) - 1, at(end)].map(tierAt)).toEqual(["credited", "lapsed"])
  })

  it.each(["Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia"])(
    "holds and lives of points are exact days in %s, over any change of clocks",
    (timeZone) => {
      const time = timeZone === "Pacific/Apia" ? "2011-12-29T12:00:00Z" : "2026-10-03T12:00:00Z"
      const placed = at(time)
      const maturityAt = (asOf: number) =>
        [...bought(timeZone, [time], Instant.toIso(asOf)).credits.values()]
          .find(({ rule }) => rule === "points")
          ?.legs.at(-1)
          ?.account.split("#")
          .at(-1)
      const [due, over] = [placed + 24 * hour, placed + 31 * 24 * hour]
      expect([due - 1, due, over - 1, over].map(maturityAt)).toEqual(["pending", "available", "available", "expired"])
    },
  )
})
