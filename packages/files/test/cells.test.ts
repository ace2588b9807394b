import { describe, expect, it } from "vitest"
import { toIso } from "@advocacy-kit/core/id/Instant"
import * as Decimal from "../src/Decimal.ts"
import * as Moment from "../src/Moment.ts"

const number = (text: string, mark: Decimal.DecimalMark | null = null): string => {
  const read = Decimal.read(text, mark)
  return "decimal" in read ? read.decimal : read.problem
}

describe("a number", () => {
  it.each([
    ["1234.50", "1234.50"],
    ["1,234.50", "1234.50"],
    ["1.234,50", "1234.50"],
    ["1234,5", "1234.5"],
    ["1'234.50", "1234.50"],
    ["1 234,50", "1234.50"],
    ["€ 12", "12"],
    ["-$1,234,567.8", "-1234567.8"],
    ["12,50 €", "12.50"],
    ["EUR 3.00", "3.00"],
    ["0", "0"],
    ["1.234", "1.234"],
  ])("%s is %s", (text, expected) => expect(number(text)).toBe(expected))

  it("that could be two is refused until the mark is given", () => {
    expect(number("1,234")).toMatch(/^may be 1234 or 1\.234/)
    expect(number("1,234", ".")).toBe("1234")
    expect(number("1,234", ",")).toBe("1.234")
    expect(number("1.234", ",")).toBe("1234")
    expect(number("1.234,50", ",")).toBe("1234.50")
  })

  it.each(["", "abc", "1.2.3", "1,2,3", "--1", "1e3", "=1+1", "12 34 a", "Infinity"])("is not %j", (text) =>
    expect(number(text)).toBe("is no number"),
  )
})

const berlin: Moment.Calendar = { timeZone: "Europe/Berlin", dateOrder: null }
const moment = (text: string, calendar = berlin): string => {
  const read = Moment.read(text, calendar)
  return "at" in read ? toIso(read.at) : read.problem
}

describe("a time", () => {
  it.each([
    ["2026-03-29 14:05:11 +0200", "2026-03-29T12:05:11.000Z"],
    ["2026-03-29T14:05:11.25Z", "2026-03-29T14:05:11.250Z"],
    ["2026-03-29 14:05:11 UTC", "2026-03-29T14:05:11.000Z"],
    ["2026-03-29T14:05:11-03:30", "2026-03-29T17:35:11.000Z"],
    ["2026-07-01 12:00", "2026-07-01T10:00:00.000Z"],
    ["2026-01-01", "2025-12-31T23:00:00.000Z"],
    ["31.10.2026 09:30", "2026-10-31T08:30:00.000Z"],
    ["10/31/2026 2:05 PM", "2026-10-31T13:05:00.000Z"],
    ["31/10/2026, 00:05", "2026-10-30T23:05:00.000Z"],
    ["12/25/2026 12:00 AM", "2026-12-24T23:00:00.000Z"],
  ])("%s is %s", (text, expected) => expect(moment(text)).toBe(expected))

  it("whose day and month could be exchanged is refused until their order is given", () => {
    expect(moment("03/04/2026")).toMatch(/^may be in either month/)
    expect(moment("03/04/2026", { ...berlin, dateOrder: "day-first" })).toBe("2026-04-02T22:00:00.000Z")
    expect(moment("03/04/2026", { ...berlin, dateOrder: "month-first" })).toBe("2026-03-03T23:00:00.000Z")
    expect(moment("04/04/2026")).toBe("2026-04-03T22:00:00.000Z")
  })

  it.each(["2026-02-30", "2026-13-01 00:00:00 Z", "2026-01-01 25:00", "31/31/2026", "yesterday", "45678", ""])(
    "is not %j",
    (text) => expect(moment(text)).toMatch(/^is no time/),
  )

  it("that clocks skip or bring twice is one moment all the same", () => {
    expect(moment("2026-03-29 02:30")).toMatch(/^2026-03-29T0[01]:30/)
    expect(moment("2026-10-25 02:30")).toMatch(/^2026-10-25T0[01]:30/)
  })
})
