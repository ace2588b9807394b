/**
 * The Net Promoter Score: promoters (9, 10) less detractors (0 to 6), in points of 100 answers (Reichheld 2003).
 *
 * One answer is −1, 0 or 1, with variance p + d − (p − d)². Intervals: Wald, which collapses where all agree, and the
 * adjusted Wald, which does not (Rocks 2016; Lewis and Sauro 2021). Weighted scores count as many answers as their
 * weights are worth (Kish 1965). No answers give null, never zero; who stays silent is not made up for.
 */
import * as Normal from "./Normal.ts"
import type { Interval } from "./Proportion.ts"

export interface Counts {
  readonly promoters: number
  readonly passives: number
  readonly detractors: number
}

export interface NetPromoter extends Interval {
  /** −100 to 100. `low` and `high` are the adjusted interval, kept to the scale. */
  readonly score: number
  /** Of one answer on the scale −1, 0, 1. */
  readonly variance: number
  /** In points. */
  readonly standardError: number
  readonly wald: Interval
  /** Its own centre and ends as published, which may lie beyond the scale. */
  readonly adjusted: Interval & { readonly point: number }
  readonly answers: number
}

const around = (point: number, half: number): Interval => ({ low: point - half, high: point + half })

const varianceOf = (promoters: number, detractors: number): number =>
  Math.max(0, promoters + detractors - (promoters - detractors) ** 2)

/** Whole scores from 0 to 10 by kind. Others are no answers to this question: they are counted as `rejected`. */
export const countScores = (scores: Iterable<number>): Counts & { readonly rejected: number } => {
  let [promoters, passives, detractors, rejected] = [0, 0, 0, 0]
  for (const score of scores) {
    if (!Number.isInteger(score) || score < 0 || score > 10) rejected++
    else if (score >= 9) promoters++
    else if (score >= 7) passives++
    else detractors++
  }
  return { promoters, passives, detractors, rejected }
}

/**
 * The score with its intervals, in points; null without answers.
 *
 * Adjusted Wald: three answers more, three quarters of one a promoter and of one a detractor (Rocks 2016).
 */
export const netPromoter = (counts: Counts, confidence = 0.95): NetPromoter | null => {
  const { detractors, promoters } = counts
  const answers = promoters + counts.passives + detractors
  if (!(answers > 0)) return null
  const z = Normal.twoSidedQuantile(confidence)
  const score = (100 * (promoters - detractors)) / answers
  const variance = varianceOf(promoters / answers, detractors / answers)
  const standardError = 100 * Math.sqrt(variance / answers)
  const more = answers + 3
  const [p, d] = [(promoters + 0.75) / more, (detractors + 0.75) / more]
  const adjusted = around(100 * (p - d), 100 * z * Math.sqrt(varianceOf(p, d) / more))
  return {
    score,
    variance,
    standardError,
    wald: around(score, z * standardError),
    adjusted: { point: 100 * (p - d), ...adjusted },
    low: Math.max(-100, adjusted.low),
    high: Math.min(100, adjusted.high),
    answers,
  }
}

export interface NetPromoterDifference extends Interval {
  readonly first: number
  readonly second: number
  /** First less second, in points. */
  readonly difference: number
  readonly standardError: number
  /** Null where nobody in either group differs: there is no scale to measure the difference on. */
  readonly z: number | null
  /** Two-sided. */
  readonly p: number | null
}

/** Two independent scores compared: z with the sum of both variances; null where either has no answers. */
export const difference = (a: Counts, b: Counts, confidence = 0.95): NetPromoterDifference | null => {
  const [first, second] = [netPromoter(a, confidence), netPromoter(b, confidence)]
  if (first === null || second === null) return null
  const apart = first.score - second.score
  const standardError = Math.hypot(first.standardError, second.standardError)
  const z = standardError === 0 ? null : apart / standardError
  return {
    first: first.score,
    second: second.score,
    difference: apart,
    standardError,
    z,
    p: z === null ? null : Normal.twoSided(z),
    ...around(apart, Normal.twoSidedQuantile(confidence) * standardError),
  }
}

export interface WeightedNetPromoter extends Interval {
  readonly score: number
  /** Kish: (Σw)² / Σw². */
  readonly effectiveAnswers: number
  readonly standardError: number
  readonly answers: number
}

/**
 * The score of weighted answers; null where no answer has weight. A weight below zero or no score from 0 to 10 leaves an
 * answer out. The interval is Wald's, with Kish's effective number of answers.
 */
export const weighted = (
  responses: ReadonlyArray<{ readonly score: number; readonly weight: number }>,
  confidence = 0.95,
): WeightedNetPromoter | null => {
  const counted = responses.filter(
    ({ score, weight }) => Number.isInteger(score) && score >= 0 && score <= 10 && weight > 0,
  )
  const sum = (of: (one: (typeof counted)[number]) => number) => counted.reduce((total, one) => total + of(one), 0)
  const all = sum(({ weight }) => weight)
  if (!(all > 0)) return null
  const promoters = sum(({ score, weight }) => (score >= 9 ? weight : 0)) / all
  const detractors = sum(({ score, weight }) => (score <= 6 ? weight : 0)) / all
  const effectiveAnswers = all ** 2 / sum(({ weight }) => weight ** 2)
  const score = 100 * (promoters - detractors)
  const standardError = 100 * Math.sqrt(varianceOf(promoters, detractors) / effectiveAnswers)
  const { high, low } = around(score, Normal.twoSidedQuantile(confidence) * standardError)
  return {
    score,
    effectiveAnswers,
    standardError,
    answers: counted.length,
    low: Math.max(-100, low),
    high: Math.min(100, high),
  }
}

/**
 * Weights that bring answers back to the make-up of the base: share of the stratum in `base` over its share among the
 * answers (post-stratification). A stratum without answers cannot be weighted up: `missing` is the share of the base
 * in such strata, which the score then says nothing about. A stratum that the base lacks weighs nothing.
 */
export const postStratify = <Answer extends { readonly stratum: string }>(
  answers: ReadonlyArray<Answer>,
  base: ReadonlyMap<string, number>,
): { readonly weighted: ReadonlyArray<Answer & { readonly weight: number }>; readonly missing: number } => {
  const answered = new Map<string, number>()
  for (const { stratum } of answers) answered.set(stratum, (answered.get(stratum) ?? 0) + 1)
  const all = [...base.values()].reduce((total, size) => total + size, 0)
  let silent = 0
  for (const [stratum, size] of base) if (!answered.has(stratum)) silent += size
  return {
    weighted: answers.map((answer) => {
      const share = (base.get(answer.stratum) ?? 0) / all
      return { ...answer, weight: (share * answers.length) / (answered.get(answer.stratum) ?? 1) }
    }),
    missing: all > 0 ? silent / all : 0,
  }
}
