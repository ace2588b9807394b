/**
 * How content customers are (CSAT), and how easy it was for them (CES).
 *
 * CSAT: share of answers in the top boxes of a scale, two of five by default. CES 2.0 (Dixon, Freeman, Toman 2010): mean
 * agreement from 1 to 7 that it was easy, and the share of 5 or more. Shares carry Wilson's interval, means Student's.
 * Answers on different scales are not comparable and must not be pooled. No answers give null; an answer off the scale or
 * between its steps is none, and is counted as `rejected`.
 */
import { interval as meanInterval, moments } from "../statistics/Mean.ts"
import { type Interval, wilson } from "../statistics/Proportion.ts"

const split = (scores: Iterable<number>, scale: number) => {
  const [kept, off]: [Array<number>, Array<number>] = [[], []]
  for (const score of scores) (Number.isInteger(score) && score >= 1 && score <= scale ? kept : off).push(score)
  return { kept, rejected: off.length }
}

export interface Satisfaction {
  readonly share: number | null
  readonly interval: Interval | null
  readonly answers: number
  readonly rejected: number
}

/** Share of answers among the `top` highest of a scale from 1 to `scale`. */
export const satisfaction = (
  scores: Iterable<number>,
  { confidence = 0.95, scale = 5, top = 2 } = {},
): Satisfaction => {
  const { kept, rejected } = split(scores, scale)
  const satisfied = kept.filter((score) => score > scale - top).length
  return {
    share: kept.length === 0 ? null : satisfied / kept.length,
    interval: wilson(satisfied, kept.length, confidence),
    answers: kept.length,
    rejected,
  }
}

export interface Effort {
  /** From 1, hard, to 7, easy. */
  readonly mean: number | null
  /** Null below two answers. */
  readonly meanInterval: Interval | null
  /** Share of 5, 6 and 7. */
  readonly easy: number | null
  readonly easyInterval: Interval | null
  readonly answers: number
  readonly rejected: number
}

export const effort = (scores: Iterable<number>, confidence = 0.95): Effort => {
  const { kept, rejected } = split(scores, 7)
  const found = moments(kept)
  const easy = kept.filter((score) => score >= 5).length
  return {
    mean: kept.length === 0 ? null : found.mean,
    meanInterval: meanInterval(found, confidence),
    easy: kept.length === 0 ? null : easy / kept.length,
    easyInterval: wilson(easy, kept.length, confidence),
    answers: kept.length,
    rejected,
  }
}
