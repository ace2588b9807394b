/**
 * A metric's reading as a person reads it: the estimate in its unit, its interval, and what it rests on.
 */
import type { Interval } from "@advocacy-kit/core/statistics/Proportion"
import type { Reading } from "@advocacy-kit/core/metric/Metric"
import * as Amount from "./Amount.ts"
import * as Terminal from "./Terminal.ts"

const digits = { points: 1, count: 2, ratio: 3 } as const

const days = (number: number): string => `${Terminal.count(Math.round(number))} days`

/** One value in a metric's unit; `currency` is the program's. */
export const value = (unit: Reading["unit"], number: number, currency: string | null): string =>
  unit === "share"
    ? Terminal.percent(number)
    : unit === "currency"
      ? Amount.format(currency ?? "", BigInt(Math.round(number)))
      : unit === "days"
        ? days(number)
        : number.toFixed(digits[unit])

export const range = (unit: Reading["unit"], { high, low }: Interval, currency: string | null): string =>
  `${value(unit, low, currency)} to ${value(unit, high, currency)}`

/** `12.3 %  (95 %: 10.1 % to 14.9 %)`; `-` where there is none. */
export const estimate = ({ estimate: found, interval, unit }: Reading, currency: string | null): string =>
  found === null
    ? "-"
    : `${value(unit, found, currency)}${interval === null ? "" : `  (95 %: ${range(unit, interval, currency)})`}`

/** A share with its interval. */
export const share = (found: number, interval: Interval | null): string =>
  `${Terminal.percent(found)}${interval === null ? "" : `  (95 %: ${range("share", interval, null)})`}`

/** Readings as a table, with what is to be said of them below it: notes are sentences, and a terminal is narrow. */
export const table = (
  terminal: Terminal.Terminal,
  title: string,
  rows: ReadonlyArray<{ readonly label: string; readonly reading: Reading; readonly remark?: string }>,
  currency: string | null,
): string => {
  const right = { align: "right" } as const
  const notes = rows.flatMap(({ label, reading, remark }) => {
    const said = [reading.note, remark ?? null].filter((text) => text !== null)
    return said.length === 0 ? [] : [`  ${label}: ${said.join("; ")}`]
  })
  const isCredited = rows.some(({ reading }) => reading.standing === "credited")
  const titles = [{ title }, { title: "estimate" }, { title: "of", ...right }, { title: isCredited ? "standing" : "" }]
  return [
    Terminal.table(
      terminal,
      titles,
      rows.map(({ label, reading }) => [
        label,
        estimate(reading, currency),
        `${Terminal.count(reading.sample)} ${reading.grain}s`,
        isCredited ? reading.standing : "",
      ]),
    ),
    ...notes,
  ].join("\n")
}
