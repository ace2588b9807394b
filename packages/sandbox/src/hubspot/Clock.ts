/**
 * How far the portal's clock is to be moved: by an amount, or to an instant. It goes only forward.
 */
import { invalid } from "./ApiError.ts"
import type { Json } from "./RequestBody.ts"

export interface Span {
  readonly days?: number
  readonly hours?: number
  readonly minutes?: number
  readonly seconds?: number
}

const units: Readonly<Record<string, number>> = { days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1_000 }

/** Of `{"hours": 3}` or `{"set": "2026-11-02T00:00:00Z"}`, in milliseconds. */
export const target = (body: Json, now: string): number => {
  const { set, ...span } = body
  if (set !== undefined) {
    const millis = typeof set === "string" ? Date.parse(set) : NaN
    if (Number.isNaN(millis)) throw invalid('"set" must be an ISO 8601 instant')
    if (millis < Date.parse(now)) throw invalid(`The clock goes only forward; it is ${now}`)
    return millis
  }
  let millis = Date.parse(now)
  for (const [name, value] of Object.entries(span)) {
    const unit = units[name]
    if (unit === undefined) throw invalid(`"${name}" is no unit; use ${Object.keys(units).join(", ")}, or "set"`)
    if (typeof value !== "number" || !(value >= 0)) throw invalid(`"${name}" must be a number that is not negative`)
    millis += Math.round(value * unit)
  }
  return millis
}
