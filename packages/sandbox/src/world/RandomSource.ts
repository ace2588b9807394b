/**
 * Seeded randomness (sfc32), one independent stream per concern.
 *
 * Promises: the same seed and concern give the same numbers on every machine; drawing more from one concern
 * never shifts another. It is no source of secrets.
 */

export interface RandomSource {
  /** At least 0, below 1. */
  readonly next: () => number
  /** A whole number from `low` to `high`, both included. */
  readonly int: (low: number, high: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <A>(items: ReadonlyArray<A>) => A
  readonly shuffle: <A>(items: ReadonlyArray<A>) => Array<A>
  /** Standard normal. */
  readonly normal: () => number
  readonly text: (alphabet: string, length: number) => string
}

const hash = (text: string, start: number): number => {
  let state = start >>> 0
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193)
    state = (state ^ (state >>> 15)) >>> 0
  }
  return state
}

const sfc32 = (seed: number, concern: string): (() => number) => {
  let a = hash(concern, seed ^ 0x9e3779b9)
  let b = hash(concern, Math.floor(seed / 0x1_0000_0000) ^ 0x243f6a88)
  let c = hash(concern, ~seed)
  let counter = 1
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 0x1_0000_0000
  }
  for (let round = 0; round < 15; round++) next()
  return next
}

export const make = (seed: number, concern: string): RandomSource => {
  const next = sfc32(seed, concern)
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  const pick = <A>(items: ReadonlyArray<A>): A => {
    if (items.length === 0) throw new RangeError(`nothing to pick from (${concern})`)
    return items[int(0, items.length - 1)] as A
  }
  const shuffle = <A>(items: ReadonlyArray<A>): Array<A> => {
    const result = [...items]
    for (let last = result.length - 1; last > 0; last--) {
      const other = int(0, last)
      const kept = result[last] as A
      result[last] = result[other] as A
      result[other] = kept
    }
    return result
  }
  return {
    next,
    int,
    pick,
    shuffle,
    chance: (probability) => next() < probability,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    text: (alphabet, length) => Array.from({ length }, () => alphabet.charAt(int(0, alphabet.length - 1))).join(""),
  }
}
