/**
 * Time to an event of which not everybody's has been seen yet: survival curves.
 *
 * Kaplan and Meier (1958) with Greenwood's (1926) standard error and the log-log interval (Kalbfleisch and Prentice
 * 1980). Times are in any one unit, not negative. Leaving observation must not depend on the event to come.
 */
import * as Normal from "./Normal.ts"

export interface Observation {
  readonly time: number
  /** False where observation ended before the event. */
  readonly event: boolean
}

/** A step of the curve, at a time with at least one event. */
export interface SurvivalStep {
  readonly time: number
  /** Under observation just before. */
  readonly atRisk: number
  readonly events: number
  /** Share without the event from here on. */
  readonly survival: number
  /** Null once nobody is left: the formula has no value there; so has the interval. */
  readonly standardError: number | null
  readonly low: number | null
  readonly high: number | null
}

export interface Tally {
  readonly time: number
  readonly events: number
  readonly leaving: number
}

/** Events and leavings at each distinct time, in order. */
export const tally = (observations: ReadonlyArray<Observation>): ReadonlyArray<Tally> => {
  const byTime = new Map<number, { time: number; events: number; leaving: number }>()
  for (const { event, time } of observations) {
    const at = byTime.get(time) ?? { time, events: 0, leaving: 0 }
    at.leaving++
    if (event) at.events++
    byTime.set(time, at)
  }
  return [...byTime.values()].sort((a, b) => a.time - b.time)
}

/**
 * The Kaplan-Meier curve: S(t) = Π (1 − d/n) over event times up to t. Those who leave at an event's time are at risk
 * of it. No event gives no step: the curve stays at 1 as far as anybody was observed.
 *
 * Greenwood: S √(Σ d / (n(n − d))). Interval: exp(−exp(ln(−ln S) ± z σ / |ln S|)) with σ the square root of that sum.
 */
export const kaplanMeier = (
  observations: ReadonlyArray<Observation>,
  confidence = 0.95,
): ReadonlyArray<SurvivalStep> => {
  const z = Normal.twoSidedQuantile(confidence)
  const steps: Array<SurvivalStep> = []
  let [atRisk, survival, greenwood] = [observations.length, 1, 0]
  for (const { events, leaving, time } of tally(observations)) {
    if (events > 0) {
      survival *= 1 - events / atRisk
      greenwood += events / (atRisk * (atRisk - events))
      const deviation = Math.sqrt(greenwood)
      const spread = Math.exp((z * deviation) / Math.abs(Math.log(survival)))
      const left = survival > 0
      steps.push({
        time,
        atRisk,
        events,
        survival,
        standardError: left ? survival * deviation : null,
        low: left ? survival ** spread : null,
        high: left ? survival ** (1 / spread) : null,
      })
    }
    atRisk -= leaving
  }
  return steps
}

/** S(t): the share without the event up to and including `time`. Beyond the last observation it is an extrapolation. */
export const survivalAt = (curve: ReadonlyArray<SurvivalStep>, time: number): number =>
  curve.findLast((step) => step.time <= time)?.survival ?? 1

/**
 * The median time: the first with S ≤ ½, and the middle of the step where S is exactly ½ (Klein and Moeschberger 2003);
 * null where more than half were never seen to have the event.
 */
export const medianTime = (curve: ReadonlyArray<SurvivalStep>): number | null => {
  const tolerance = 1.5e-8
  const at = curve.findIndex(({ survival }) => survival < 0.5 + tolerance)
  const [step, next] = [curve[at], curve[at + 1]]
  if (step === undefined) return null
  return Math.abs(step.survival - 0.5) < tolerance && next !== undefined ? (step.time + next.time) / 2 : step.time
}
