import { assert, describe, it } from "@effect/vitest"
import * as Instant from "../src/id/Instant.ts"
import { integer, oneOf, runs } from "./Runs.ts"

const hour = 3_600_000
const zones = [
  "UTC",
  "Europe/Berlin",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "America/New_York",
  "Asia/Kathmandu",
] as const
const zone = oneOf("UTC", ...zones)
const instant = integer(Instant.fromIso("2011-01-01T00:00:00Z"), Instant.fromIso("2039-12-31T00:00:00Z"))
const kind = oneOf<Instant.Period>("day", "day", "week", "month", "quarter", "year", "ever")

/** Where a period begins: the first instant of it, found by halving, not by calendar arithmetic. */
const startOf = (within: number, period: Instant.Period, timeZone: string): number => {
  const name = Instant.periodOf(within, period, timeZone)
  let [before, inside] = [within - Instant.days(370), within]
  while (inside - before > 1) {
    const middle = Math.floor((before + inside) / 2)
    if (Instant.periodOf(middle, period, timeZone) === name) inside = middle
    else before = middle
  }
  return inside
}

const hoursOf = (date: string, timeZone: string): number => {
  const noon = Instant.fromIso(`${date}T12:00:00Z`)
  const within =
    [noon, noon - 12 * hour, noon + 11 * hour].find((moment) => Instant.dateIn(moment, timeZone) === date) ?? noon
  const start = startOf(within, "day", timeZone)
  let end = start
  while (Instant.dateIn(end, timeZone) === date) end += hour / 2
  return (end - start) / hour
}

describe("fromIso", () => {
  it.prop(
    "reads what toIso writes",
    [instant],
    ([moment]) => {
      assert.strictEqual(Instant.fromIso(Instant.toIso(moment)), moment)
    },
    runs(300),
  )

  it("needs a zone, and names what it cannot read", () => {
    assert.strictEqual(Instant.fromIso("2026-10-01T14:00:00+02:00"), Instant.fromIso("2026-10-01T12:00:00Z"))
    for (const text of ["2026-10-01T12:00:00", "2026-10-01", "yesterday", "", "2026-13-01T00:00:00Z"]) {
      assert.throws(() => Instant.fromIso(text), `"${text}" is not a time such as`)
    }
  })
})

describe("isTimeZone", () => {
  it("knows IANA zones and no others", () => {
    assert.strictEqual(zones.every(Instant.isTimeZone), true)
    assert.strictEqual(Instant.isTimeZone("Europe/Atlantis"), false)
  })
})

describe("periodOf", () => {
  it("days have 23 and 25 hours where clocks change, and 23.5 and 24.5 at Lord Howe", () => {
    assert.deepStrictEqual(
      ["2026-03-29", "2026-06-01", "2026-10-25"].map((date) => hoursOf(date, "Europe/Berlin")),
      [23, 24, 25],
    )
    assert.deepStrictEqual(
      ["2026-10-04", "2026-04-05"].map((date) => hoursOf(date, "Australia/Lord_Howe")),
      [23.5, 24.5],
    )
  })

  it("begins a day at midnight there: the instant belongs to it, the one before does not", () => {
    const midnight = Instant.fromIso("2026-03-28T23:00:00Z")
    assert.strictEqual(Instant.periodOf(midnight, "day", "Europe/Berlin"), "2026-03-29")
    assert.strictEqual(Instant.periodOf(midnight - 1, "day", "Europe/Berlin"), "2026-03-28")
    const next = Instant.fromIso("2026-03-29T22:00:00Z")
    assert.strictEqual(Instant.periodOf(next, "day", "Europe/Berlin"), "2026-03-30")
    assert.strictEqual(Instant.periodOf(next - 1, "day", "Europe/Berlin"), "2026-03-29")
  })

  it("Apia never had the 30th of December 2011", () => {
    const changed = Instant.fromIso("2011-12-30T10:00:00Z")
    assert.strictEqual(Instant.periodOf(changed - 1, "day", "Pacific/Apia"), "2011-12-29")
    assert.strictEqual(Instant.periodOf(changed, "day", "Pacific/Apia"), "2011-12-31")
  })

  it.each([
    ["2026-01-01", "2026-W01"],
    ["2027-01-01", "2026-W53"],
    ["2027-01-03", "2026-W53"],
    ["2027-01-04", "2027-W01"],
    ["2024-12-30", "2025-W01"],
    ["2021-01-03", "2020-W53"],
    ["2018-12-31", "2019-W01"],
    ["2026-10-01", "2026-W40"],
  ])("%s is in ISO week %s", (date, week) =>
    assert.strictEqual(Instant.periodOf(Instant.fromIso(`${date}T12:00:00Z`), "week", "UTC"), week),
  )

  it("names months, quarters and years in the zone", () => {
    const newYear = Instant.fromIso("2026-12-31T23:30:00Z")
    const names = (["month", "quarter", "year"] as const).map((period) =>
      Instant.periodOf(newYear, period, "Europe/Berlin"),
    )
    assert.deepStrictEqual(names, ["2027-01", "2027-Q1", "2027"])
    assert.strictEqual(Instant.periodOf(newYear, "quarter", "UTC"), "2026-Q4")
    assert.strictEqual(Instant.periodOf(newYear, "ever", "UTC"), "ever")
  })

  it.prop(
    "periods are half-open and without gaps: the last millisecond before one belongs to another",
    [instant, kind, zone],
    ([moment, period, timeZone]) => {
      if (period === "ever") return
      const start = startOf(moment, period, timeZone)
      assert.strictEqual(Instant.periodOf(start, period, timeZone), Instant.periodOf(moment, period, timeZone))
      assert.notStrictEqual(Instant.periodOf(start - 1, period, timeZone), Instant.periodOf(moment, period, timeZone))
      assert.notStrictEqual(Instant.periodOf(start, "day", timeZone), Instant.periodOf(start - 1, "day", timeZone))
    },
    runs(200),
  )

  it.prop(
    "later is never an earlier period",
    [instant, integer(0, 400 * 24 * hour), kind, zone],
    ([moment, later, period, timeZone]) => {
      assert.strictEqual(
        Instant.periodOf(moment + later, period, timeZone) >= Instant.periodOf(moment, period, timeZone),
        true,
      )
    },
    runs(500),
  )
})
