/**
 * The simulated brand's time: milliseconds since 1970, whole seconds, printed as ISO 8601 in UTC.
 *
 * Knows the season (when people buy) and the calendar year in the brand's time zone (when limits renew).
 * It reads no clock.
 */
import type { RandomSource } from "./RandomSource.ts"
import { rules } from "./World.ts"

export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

/** Half-open except for `now`: the present is the last possible instant. */
export interface Period {
  readonly startsAt: number
  readonly liveFrom: number
  readonly now: number
}

export const iso = (at: number): string => new Date(at).toISOString()

export const parse = (text: string): number => {
  const at = Date.parse(text)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(text) || Number.isNaN(at)) {
    throw new RangeError(`now: "${text}" is not an instant in UTC such as "2026-11-01T00:00:00.000Z"`)
  }
  return Math.floor(at / second) * second
}

/** Eighteen months of history, of which the last ten days are live. */
export const period = (now: number): Period => {
  const start = new Date(now)
  start.setUTCDate(1)
  start.setUTCMonth(start.getUTCMonth() - 18)
  return { startsAt: start.getTime(), liveFrom: now - 10 * day, now }
}

const byMonth = [0.62, 0.58, 0.66, 0.68, 0.72, 0.68, 0.64, 0.6, 0.7, 0.76, 1, 0.98]
const byHour = [2, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 7, 6, 6, 6, 7, 8, 9, 10, 10, 9, 6, 4].map((weight) => weight / 10)

/** An instant from `from` up to, not including, `to`, more likely in busy months and hours. */
export const seasonal = (random: RandomSource, from: number, to: number): number => {
  if (to <= from) throw new RangeError(`no time between ${iso(from)} and ${iso(to)}`)
  for (let attempt = 0; attempt < 40; attempt++) {
    const at = Math.floor((from + random.next() * (to - from)) / second) * second
    const date = new Date(at)
    const weight = (byMonth[date.getUTCMonth()] ?? 1) * (byHour[date.getUTCHours()] ?? 1)
    if (at >= from && random.next() < weight) return at
  }
  return Math.ceil(from / second) * second
}

const zoned = new Intl.DateTimeFormat("en-GB", { timeZone: rules.timeZone, year: "numeric" })

/** Calendar year in the brand's time zone. */
export const yearOf = (at: number): number => {
  const year = new Date(at).getUTCFullYear()
  const nearNewYear = new Date(at - day).getUTCFullYear() !== year || new Date(at + day).getUTCFullYear() !== year
  return nearNewYear ? Number(zoned.format(at)) : year
}

/** First instant of a calendar year in the brand's time zone, to the minute. */
export const yearStart = (year: number): number => {
  let at = Date.UTC(year, 0, 1) - day
  while (yearOf(at) < year) at += 15 * minute
  return at
}
