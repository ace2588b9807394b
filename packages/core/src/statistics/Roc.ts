/**
 * How well a score tells those with an outcome from those without.
 *
 * The area under the receiver's operating curve with DeLong's error (DeLong, DeLong and Clarke-Pearson 1988; ranks as in
 * Sun and Xu 2014), and what the best-scored few hold: lift and capture. A higher score should mean a likelier outcome.
 * Without both kinds of outcome there is nothing to tell apart: null.
 */
import * as Normal from "./Normal.ts"
import type { Interval } from "./Proportion.ts"

export interface Auc {
  /** Chance that somebody with the outcome scores higher than somebody without, equal scores counting half. */
  readonly auc: number
  readonly standardError: number
  /** Normal approximation, kept to [0, 1]. */
  readonly interval: Interval
}

/** Rank of each value among all, from 1; equal values share their average rank. */
export const averageRanks = (values: ReadonlyArray<number>): Float64Array => {
  const order = Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const ranks = new Float64Array(values.length)
  for (let start = 0; start < order.length;) {
    let end = start
    while (end + 1 < order.length && values[order[end + 1] ?? 0] === values[order[start] ?? 0]) end++
    for (let at = start; at <= end; at++) ranks[order[at] ?? 0] = (start + end) / 2 + 1
    start = end + 1
  }
  return ranks
}

/** For each score, the mean over the other kind of whether it is on the right side of it. */
interface Placements {
  readonly positives: ReadonlyArray<number>
  readonly negatives: ReadonlyArray<number>
}

const placementsOf = (scores: ReadonlyArray<number>, outcomes: ReadonlyArray<boolean>): Placements | null => {
  const indexes = [...outcomes.keys()]
  const [yes, no] = [indexes.filter((at) => outcomes[at] === true), indexes.filter((at) => outcomes[at] !== true)]
  if (yes.length === 0 || no.length === 0) return null
  const all = averageRanks(scores)
  const among = (chosen: ReadonlyArray<number>) => averageRanks(chosen.map((at) => scores[at] ?? 0))
  const [inYes, inNo] = [among(yes), among(no)]
  return {
    positives: yes.map((at, place) => ((all[at] ?? 0) - (inYes[place] ?? 0)) / no.length),
    negatives: no.map((at, place) => 1 - ((all[at] ?? 0) - (inNo[place] ?? 0)) / yes.length),
  }
}

const mean = (values: ReadonlyArray<number>): number => values.reduce((a, b) => a + b, 0) / values.length

/** Covariance of two lists of placements over their number; of one value nothing is known, which counts as 0. */
const spread = (left: ReadonlyArray<number>, right: ReadonlyArray<number>): number => {
  const [a, b] = [mean(left), mean(right)]
  const shared = left.reduce((sum, value, at) => sum + (value - a) * ((right[at] ?? 0) - b), 0)
  return left.length < 2 ? 0 : shared / (left.length - 1) / left.length
}

/**
 * AUC = mean of the placements V of those with the outcome; SE² = Var(V₁₀)/m + Var(V₀₁)/n. An AUC of 0 or 1 has an error
 * of 0, which says that the sample is too small or the score too good.
 */
export const auc = (scores: ReadonlyArray<number>, outcomes: ReadonlyArray<boolean>, confidence = 0.95): Auc | null => {
  const found = placementsOf(scores, outcomes)
  if (found === null) return null
  const { negatives, positives } = found
  const area = mean(positives)
  const standardError = Math.sqrt(spread(positives, positives) + spread(negatives, negatives))
  const half = Normal.twoSidedQuantile(confidence) * standardError
  return { auc: area, standardError, interval: { low: Math.max(0, area - half), high: Math.min(1, area + half) } }
}

export interface AucDifference {
  readonly difference: number
  readonly standardError: number
  /** Two-sided; null where both scores rank everybody alike. */
  readonly p: number | null
}

/** Two scores of the same people: AUC of the first less AUC of the second, with DeLong's covariance. */
export const compare = (
  first: ReadonlyArray<number>,
  second: ReadonlyArray<number>,
  outcomes: ReadonlyArray<boolean>,
): AucDifference | null => {
  const [one, two] = [placementsOf(first, outcomes), placementsOf(second, outcomes)]
  if (one === null || two === null) return null
  const apart = (kind: keyof Placements): number =>
    spread(one[kind], one[kind]) + spread(two[kind], two[kind]) - 2 * spread(one[kind], two[kind])
  const standardError = Math.sqrt(Math.max(0, apart("positives") + apart("negatives")))
  const difference = mean(one.positives) - mean(two.positives)
  return {
    difference,
    standardError,
    p: standardError === 0 ? null : Normal.twoSided(difference / standardError),
  }
}

/** Positions of the best-scored `share`, a fraction of a person counting as one; of equal scores the earlier first. */
const best = (scores: ReadonlyArray<number>, share: number): ReadonlyArray<number> =>
  Array.from(scores.keys())
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
    .slice(0, Math.ceil(scores.length * share - 1e-9))

/** How many times more often the outcome comes among the best-scored `share` than among all; null without outcomes. */
export const lift = (scores: ReadonlyArray<number>, outcomes: ReadonlyArray<boolean>, share = 0.1): number | null => {
  const base = outcomes.filter(Boolean).length / outcomes.length
  const top = best(scores, share)
  return base > 0 && top.length > 0 ? top.filter((at) => outcomes[at] === true).length / top.length / base : null
}

/** What the best-scored `share` holds of all `amounts` (friends brought, revenue); null where there is nothing to hold. */
export const capture = (scores: ReadonlyArray<number>, amounts: ReadonlyArray<number>, share = 0.1): number | null => {
  const all = amounts.reduce((a, b) => a + b, 0)
  return all > 0 ? best(scores, share).reduce((sum, at) => sum + (amounts[at] ?? 0), 0) / all : null
}
