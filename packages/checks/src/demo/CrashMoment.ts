/**
 * When to kill a job: moments spread evenly over the time that its stages took in a run that was not disturbed.
 *
 * Promises: a pure function of the seed and the timings. A moment counts from the beginning of its stage, so that a slow
 * start of the process does not move it into another one.
 */

export interface CrashMoment {
  readonly stage: string
  /** After that stage began. */
  readonly millis: number
}

export interface Timing {
  readonly stage: string
  readonly millis: number
}

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
const numbers = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const at = (timings: ReadonlyArray<Timing>, millis: number): CrashMoment => {
  let left = millis
  for (const { millis: length, stage } of timings) {
    if (left < length) {
      return { stage, millis: left }
    }
    left -= length
  }
  throw new Error("There is no stage to kill the job in.")
}

export const choose = (seed: number, count: number, timings: ReadonlyArray<Timing>): ReadonlyArray<CrashMoment> => {
  const next = numbers(seed)
  const total = timings.reduce((sum, { millis }) => sum + millis, 0)
  return Array.from({ length: count }, () => at(timings, next() * total))
}
