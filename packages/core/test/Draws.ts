/** Seeded randomness for tests of statistics: the same seed, the same draws, on every machine. */

/** Uniform on [0, 1). */
export { draws as uniform } from "../src/statistics/Bootstrap.ts"

/** Standard normal draws by the polar rule of Box and Muller. */
export const normal = (next: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())

/** How often of `times` something happened, as a share. */
export const share = (times: number, happened: (time: number) => boolean): number =>
  Array.from({ length: times }, (_, time) => happened(time)).filter(Boolean).length / times
