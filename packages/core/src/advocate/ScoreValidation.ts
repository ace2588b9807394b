/**
 * Whether the advocate score finds those who then refer, in this shop.
 *
 * Scores must be from what was known at one moment, outcomes from the 180 days after it: who is scored with hindsight
 * fools themselves. The score is held against every single signal, and gives way to a logistic model only where there
 * are enough outcomes and the model is better on people whom it has not seen.
 */
import { days, type Instant } from "../id/Instant.ts"
import { brier, type Reliability, reliability } from "../statistics/Calibration.ts"
import { type Auc, auc, type AucDifference, capture, compare, lift } from "../statistics/Roc.ts"

/** Days after the moment of the score in which an outcome counts. */
export const outcomeDays = 180

/** Customers with an outcome below which no model is fitted. */
export const enoughPositives = 200

/**
 * Customers with an outcome, and customers without, below which nothing is said: of 30 the interval of an AUC of 0.7 is some 0.1 wide
 * on either side, of fewer it says little more than that there is one.
 */
export const enoughToTell = 30

/**
 * Friends whom each person brought in the window after the score was made at `asOf`, from the times of all their
 * conversions; null while the window is not over at `now`, since those who were scored last would look idle.
 */
export const broughtAfter = (
  conversions: ReadonlyArray<ReadonlyArray<Instant>>,
  asOf: Instant,
  now: Instant,
  windowDays = outcomeDays,
): ReadonlyArray<number> | null => {
  const end = asOf + days(windowDays)
  return end > now ? null : conversions.map((times) => times.filter((at) => at > asOf && at <= end).length)
}

export interface Validated extends Auc {
  /** Among the best-scored tenth, how many times as often as among all. */
  readonly lift10: number | null
  /** What the best-scored tenth brought of everything that was brought. */
  readonly capture10: number | null
}

/** One score; null where nobody or everybody had the outcome. `amounts` are friends brought, or revenue of theirs. */
export const validate = (
  scores: ReadonlyArray<number>,
  outcomes: ReadonlyArray<boolean>,
  amounts: ReadonlyArray<number> = outcomes.map(Number),
): Validated | null => {
  const found = auc(scores, outcomes)
  return found === null ? null : { ...found, lift10: lift(scores, outcomes), capture10: capture(scores, amounts) }
}

export interface Calibrated {
  readonly brier: number
  readonly reliability: ReadonlyArray<Reliability>
}

/** Whether predicted chances come true; null without people. A score from 0 to 100 is no chance: give a model's chances. */
export const calibrate = (chances: ReadonlyArray<number>, outcomes: ReadonlyArray<boolean>): Calibrated | null => {
  const found = brier(chances, outcomes)
  return found === null ? null : { brier: found, reliability: reliability(chances, outcomes) }
}

/** A single signal beside the score. */
export interface Baseline extends Validated {
  /** Its AUC less the score's; null where both rank everybody alike. */
  readonly difference: AucDifference | null
}

export interface Report {
  readonly people: number
  /** People with the outcome. */
  readonly positives: number
  /** Share of people with the outcome. */
  readonly base: number
  readonly score: Validated
  readonly baselines: ReadonlyMap<string, Baseline>
  /** Baselines that are not worse than the score: a reason not to trust it here. */
  readonly unbeaten: ReadonlyArray<string>
}

/** The score against single signals such as NPS alone; null where nobody or everybody had the outcome. */
export const report = (
  scores: ReadonlyArray<number>,
  outcomes: ReadonlyArray<boolean>,
  baselines: ReadonlyMap<string, ReadonlyArray<number>>,
  amounts?: ReadonlyArray<number>,
): Report | null => {
  const score = validate(scores, outcomes, amounts)
  if (score === null) return null
  const others = [...baselines].flatMap(([name, values]) => {
    const found = validate(values, outcomes, amounts)
    return found === null ? [] : [[name, { ...found, difference: compare(values, scores, outcomes) }] as const]
  })
  const positives = outcomes.filter(Boolean).length
  return {
    people: outcomes.length,
    positives,
    base: positives / outcomes.length,
    score,
    baselines: new Map(others),
    unbeaten: others.flatMap(([name, found]) => (found.auc >= score.auc ? [name] : [])),
  }
}

export type Choice =
  | { readonly use: "default"; readonly because: "too few outcomes" | "no model" | "not better on people not seen" }
  | { readonly use: "logistic"; readonly difference: AucDifference }

/**
 * Which to rank by: the model when at least 200 customers had the outcome and the interval of its AUC on people not seen
 * lies above the default's AUC. `heldOut` are chances from models that had not seen the person; null where there is no
 * model.
 */
export const choose = (
  defaultScores: ReadonlyArray<number>,
  heldOut: ReadonlyArray<number> | null,
  outcomes: ReadonlyArray<boolean>,
): Choice => {
  if (outcomes.filter(Boolean).length < enoughPositives) return { use: "default", because: "too few outcomes" }
  if (heldOut === null) return { use: "default", because: "no model" }
  const [model, standard] = [auc(heldOut, outcomes), auc(defaultScores, outcomes)]
  const difference = compare(heldOut, defaultScores, outcomes)
  return model !== null && standard !== null && difference !== null && model.interval.low > standard.auc
    ? { use: "logistic", difference }
    : { use: "default", because: "not better on people not seen" }
}
