/**
 * How numbers, amounts and times stand on the page: grouped, with a true minus sign, in the program's time zone.
 *
 * The digits are those of the terminal and of `--json`; nothing is rounded twice.
 */
import { toIso, type Instant } from "@advocacy-kit/core/id/Instant"
import type { Reading } from "@advocacy-kit/core/metric/Metric"
import type { Interval } from "@advocacy-kit/core/statistics/Proportion"
import * as Amount from "../Amount.ts"
import * as MetricText from "../MetricText.ts"
import * as Terminal from "../Terminal.ts"
import { html, type Html } from "./Html.ts"

export const { count } = Terminal

/** Digits in groups, and no break between a number and its unit. */
const grouped = (text: string): string =>
  text
    .replaceAll(" ", "\u00a0")
    .replace(/^(-?)(\d+)/, (_, sign: string, digits: string) => `${sign === "" ? "" : "−"}${count(BigInt(digits))}`)

/** `3,600.00 EUR` */
export const amount = (unit: string, amountMinor: bigint): string => grouped(Amount.format(unit, amountMinor))

export const percent = (share: number, digits = 1): string => grouped(Terminal.percent(share, digits))

/** A chance that nothing but chance is at work: `0.031`, `less than 0.001`. */
export const chance = (p: number): string => (p < 0.001 ? "less than 0.001" : p.toFixed(3))

export const plural = (number: number, noun: string, nouns = `${noun}s`): string =>
  `${count(number)} ${number === 1 ? noun : nouns}`

/** One value of a metric. */
export const value = (unit: Reading["unit"], number: number, currency: string | null): string =>
  grouped(MetricText.value(unit, number, currency))

export const range = (unit: Reading["unit"], { high, low }: Interval, currency: string | null): string =>
  `${value(unit, low, currency)} to ${value(unit, high, currency)}`

/** `net-promoter-score` as a title. */
export const title = (name: string): string => {
  const words = name.replaceAll("-", " ")
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** `1 November 2026, 01:00`; the machine reads it in UTC. */
export const time = (at: Instant, zone: string): Html => html`<time datetime="${toIso(at)}">${moment(at, zone)}</time>`

export const moment = (at: Instant, zone: string): string =>
  new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: zone })
    .format(at)
    .replace(" at ", ", ")

/** `1 November 2026` */
export const day = (at: Instant, zone: string): string =>
  new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: zone }).format(at)

/** `1 Nov 2026`, for tables: it does not break. */
export const shortDay = (at: Instant, zone: string): string =>
  new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: zone }).format(at).replaceAll(" ", "\u00a0")

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

/** `2026-10` as `Oct 2026`. */
export const month = (name: string): string =>
  `${months[Number(name.slice(5, 7)) - 1] ?? name}\u00a0${name.slice(0, 4)}`

/** A record's name. It is kept apart from the direction of what stands around it, and may break anywhere. */
export const record = (handle: string): Html => html`<bdi class="record">${handle}</bdi>`
