/**
 * Times as files write them: ISO 8601 with or without a zone, and the common forms of dates.
 *
 * Promises: a time without a zone is read in the zone that was given for the file; `03/04/2026` is refused unless the order of day and
 * month was given, and a time that was skipped or a date that never was is no time.
 */
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { DateTime, Option } from "effect"

export type DateOrder = "day-first" | "month-first"

export interface Calendar {
  /** IANA name, for times that name no zone. */
  readonly timeZone: string
  readonly dateOrder: DateOrder | null
}

export type Read = { readonly at: Instant } | { readonly problem: string }

const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/
const parted = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:,?\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s*(AM|PM)?)?$/i

const noTime = { problem: "is no time such as 2026-10-31 14:05:00 +0100" }

interface Parts {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
}

const isDate = ({ day, hour, minute, month, second, year }: Parts): boolean => {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
}

const inUtc = ({ day, hour, millisecond, minute, month, second, year }: Parts): number =>
  Date.UTC(year, month - 1, day, hour, minute, second, millisecond)

const inZone = (parts: Parts, timeZone: string): Read => {
  const { millisecond, ...rest } = parts
  const zoned = DateTime.makeZoned({ ...rest, millisecond }, { timeZone, adjustForTimeZone: true })
  return Option.isNone(zoned) ? noTime : { at: DateTime.toEpochMillis(zoned.value) }
}

const offsetMinutes = (zone: string): number => {
  if (zone === "Z" || zone === "UTC") return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return zone.startsWith("-") ? -minutes : minutes
}

const readIso = (match: RegExpExecArray, { timeZone }: Calendar): Read => {
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  const parts = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    millisecond: Number((fraction ?? "").padEnd(3, "0")),
  }
  if (!isDate(parts)) return noTime
  return zone === undefined ? inZone(parts, timeZone) : { at: inUtc(parts) - offsetMinutes(zone) * 60_000 }
}

const hourOf = (hour: number, half: string | undefined): number => {
  if (half === undefined) return hour
  return (hour % 12) + (half.toUpperCase() === "PM" ? 12 : 0)
}

const readParted = (match: RegExpExecArray, { dateOrder, timeZone }: Calendar): Read => {
  const [, first, separator, second, year, hour, minute, seconds, half] = match
  const [one, two] = [Number(first), Number(second)]
  const order =
    dateOrder ?? (separator === "." || one > 12 ? "day-first" : two > 12 || one === two ? "month-first" : null)
  if (order === null) return { problem: "may be in either month: say whether days or months come first" }
  const [day, month] = order === "day-first" ? [one, two] : [two, one]
  const parts = {
    year: Number(year),
    month,
    day,
    hour: hourOf(Number(hour ?? 0), half),
    minute: Number(minute ?? 0),
    second: Number(seconds ?? 0),
    millisecond: 0,
  }
  return isDate(parts) ? inZone(parts, timeZone) : noTime
}

export const read = (text: string, calendar: Calendar): Read => {
  const trimmed = text.trim()
  const match = iso.exec(trimmed)
  if (match !== null) return readIso(match, calendar)
  const other = parted.exec(trimmed)
  return other === null ? noTime : readParted(other, calendar)
}
