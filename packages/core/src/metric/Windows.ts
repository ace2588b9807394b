/**
 * A study cut into calendar periods of the program's time zone.
 *
 * The last period may be cut short by the end of the study; `isWhole` says so, since it counts too little.
 */
import { periodOf, periodSpan, type Instant, type Period } from "../id/Instant.ts"
import { within, type Study } from "./Study.ts"

export interface Window {
  /** `2026-10`, `2026-W40`, `2026-Q4`. */
  readonly name: string
  readonly study: Study
  readonly isWhole: boolean
}

/** More periods than anybody reads. */
export const mostWindows = 1_000

const earliest = ({ answers, credits, purchases, shares }: Study): Instant | null =>
  [...answers, ...credits, ...purchases, ...shares].reduce<Instant | null>(
    (first, { at }) => (first === null || at < first ? at : first),
    null,
  )

/** The periods from the beginning of the study, or the first that happened in it, to its end; at most `mostWindows`, the last ones. */
export const windows = (study: Study, period: Exclude<Period, "ever">): ReadonlyArray<Window> => {
  const first = study.from ?? earliest(study)
  if (first === null) return []
  const found: Array<Window> = []
  for (let at = study.until - 1; at >= first && found.length < mostWindows;) {
    const span = periodSpan(at, period, study.timeZone)
    if (span === null) break
    found.push({
      name: periodOf(at, period, study.timeZone),
      study: within(study, span),
      isWhole: span.until <= study.until && span.from >= (study.from ?? span.from),
    })
    at = span.from - 1
  }
  return found.reverse()
}
