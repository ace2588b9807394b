/**
 * When to kill a job: in a stage drawn at random, at a moment drawn from the time that it took in an undisturbed run.
 *
 * Promises: a pure function of the seed and the timings. No stage comes twice before every one has come once, so that the
 * short ones, which hand rewards over, are met as often as the long ones. A moment counts from the beginning of its stage,
 * so that a slow start of the process does not move it into another one.
 */

import { draws } from "@advocacy-kit/core/statistics/Bootstrap"

export interface CrashMoment {
  readonly stage: string
  /** After that stage began. */
  readonly millis: number
}

export interface Timing {
  readonly stage: string
  readonly millis: number
}

/** The items in an order that follows from `next`. */
const shuffled = <T>(items: ReadonlyArray<T>, next: () => number): ReadonlyArray<T> =>
  items
    .map((item) => ({ item, rank: next() }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ item }) => item)

export const choose = (seed: number, count: number, timings: ReadonlyArray<Timing>): ReadonlyArray<CrashMoment> => {
  const next = draws(seed)
  const rounds = Math.ceil(count / timings.length)
  const stages = Array.from({ length: rounds }, () => shuffled(timings, next)).flat()
  return stages.slice(0, count).map(({ millis, stage }) => ({ stage, millis: next() * millis }))
}
