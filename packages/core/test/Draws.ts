/** Seeded randomness for tests of statistics: the same seed, the same draws, on every machine. */

/** Uniform on [0, 1): mulberry32. */
export const uniform = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Standard normal draws by the polar rule of Box and Muller. */
export const normal = (next: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())

/** How often of `times` something happened, as a share. */
export const share = (times: number, happened: (time: number) => boolean): number =>
  Array.from({ length: times }, (_, time) => happened(time)).filter(Boolean).length / times
