/**
 * A moment in whole milliseconds since 1970 in UTC, and the calendar periods it falls in.
 *
 * Periods are half-open, computed in an IANA time zone, and right over daylight-saving changes. Nothing here
 * reads the clock.
 */
import { DateTime, Option, Schema } from "effect"

export const Instant = Schema.Int
export type Instant = number

/** Days in milliseconds; a hold or a window counts exact days, not calendar days. */
export const days = (count: number): number => count * 86_400_000

/** Reads ISO 8601 with a zone; throws a `RangeError` that names the text otherwise. */
export const fromIso = (text: string): Instant => {
  const parsed = /(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(parsed)) throw new RangeError(`"${text}" is not a time such as 2026-10-01T12:00:00Z`)
  return parsed
}

export const toIso = (instant: Instant): string => DateTime.formatIso(DateTime.makeUnsafe(instant))

export const Period = Schema.Literals(["day", "week", "month", "quarter", "year", "ever"])
export type Period = typeof Period.Type

/** Whether `zone` names an IANA time zone. */
export const isTimeZone = (zone: string): boolean => Option.isSome(DateTime.zoneMakeNamed(zone))

const formatters = new Map<string, Intl.DateTimeFormat>()
const formatterOf = (zone: string): Intl.DateTimeFormat => {
  const known = formatters.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" })
  formatters.set(zone, made)
  return made
}

/** The calendar date in `zone`, as `2026-10-01`. */
export const dateIn = (instant: Instant, zone: string): string => formatterOf(zone).format(instant)

/** Names the period of `kind` that `instant` falls in: `2026-10-01`, `2026-W40`, `2026-10`, `2026-Q4`, `2026`, `ever`. */
export const periodOf = (instant: Instant, kind: Period, zone: string): string => {
  if (kind === "ever") return "ever"
  const date = dayOf(instant, zone)
  if (kind === "day") return date
  if (kind === "month") return date.slice(0, 7)
  if (kind === "year") return date.slice(0, 4)
  if (kind === "quarter") return `${date.slice(0, 4)}-Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`
  return isoWeekOf(date)
}

/** ISO 8601: a week belongs to the year that holds its Thursday. */
const isoWeekOf = (date: string): string => {
  const midnight = Date.parse(`${date}T00:00:00Z`)
  const weekday = (new Date(midnight).getUTCDay() + 6) % 7
  const thursday = midnight + days(3 - weekday)
  const year = new Date(thursday).getUTCFullYear()
  const week = 1 + Math.floor((thursday - Date.UTC(year, 0, 1)) / days(7))
  return `${year}-W${String(week).padStart(2, "0")}`
}

/** The first moment at which the calendar date in `zone` is `date` or later. */
const startOfDate = (date: string, zone: string): Instant => {
  const known = starts.get(`${zone} ${date}`)
  if (known !== undefined) return known
  const midnight = Date.parse(`${date}T00:00:00Z`)
  // No zone is further than 15 hours from UTC; where a date was skipped altogether the next one begins it.
  let [early, late] = [midnight - days(1), midnight + days(2)]
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2)
    if (dateIn(middle, zone) >= date) late = middle
    else early = middle
  }
  starts.set(`${zone} ${date}`, late)
  return late
}
const starts = new Map<string, Instant>()

const isoDate = (year: number, month: number, day: number): string =>
  new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10)

const neighbour = (date: string, count: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days(count)).toISOString().slice(0, 10)

/**
 * The day that an instant counts to. It is the calendar date, but where clocks that are put back over midnight bring a date
 * twice (Newfoundland did so until 2011): then a day has one beginning all the same.
 */
const dayOf = (instant: Instant, zone: string): string => {
  const date = dateIn(instant, zone)
  if (instant < startOfDate(date, zone)) return neighbour(date, -1)
  const next = neighbour(date, 1)
  // A date that was skipped begins where the one after it does, which this instant has not reached.
  return instant >= startOfDate(next, zone) ? next : date
}

/** The half-open span of the period of `kind` that `instant` falls in; null for `ever`, which has no end. */
export const periodSpan = (
  instant: Instant,
  kind: Period,
  zone: string,
): { readonly from: Instant; readonly until: Instant } | null => {
  if (kind === "ever") return null
  const date = dayOf(instant, zone)
  const [year, month, day] = [Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))]
  const weekday = (new Date(Date.UTC(year, month, day)).getUTCDay() + 6) % 7
  const quarter = month - (month % 3)
  const [first, next] = {
    day: [isoDate(year, month, day), isoDate(year, month, day + 1)],
    week: [isoDate(year, month, day - weekday), isoDate(year, month, day - weekday + 7)],
    month: [isoDate(year, month, 1), isoDate(year, month + 1, 1)],
    quarter: [isoDate(year, quarter, 1), isoDate(year, quarter + 3, 1)],
    year: [isoDate(year, 0, 1), isoDate(year + 1, 0, 1)],
  }[kind] as [string, string]
  return { from: startOfDate(first, zone), until: startOfDate(next, zone) }
}
