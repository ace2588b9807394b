/**
 * When to kill a job: moments spread evenly over the time that its stages took in a run that was not disturbed.
 *
 * Promises: a pure function of the seed and the timings. The stage named is the one that ran at that time in the undisturbed
 * run; another run may be a little ahead or behind.
 */

export interface CrashMoment {
  /** After the start of the process. */
  readonly millis: number
  readonly stage: string
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

const stageAt = (timings: ReadonlyArray<Timing>, millis: number): string => {
  let left = millis
  for (const { millis: length, stage } of timings) {
    if (left < length) {
      return `during "${stage}"`
    }
    left -= length
  }
  return "at the end"
}

/** `totalMillis` is from the process's start to its end; what the stages do not account for is the start of Node. */
export const choose = (
  seed: number,
  count: number,
  totalMillis: number,
  timings: ReadonlyArray<Timing>,
): ReadonlyArray<CrashMoment> => {
  const next = numbers(seed)
  const inStages = timings.reduce((sum, { millis }) => sum + millis, 0)
  const before = Math.max(0, totalMillis - inStages)
  return Array.from({ length: count }, () => {
    const millis = next() * inStages
    return { millis: before + millis, stage: stageAt(timings, millis) }
  })
}
