/**
 * The histories that a test goes through: how many, and which.
 *
 * Promises: `ADVOCACY_SEED` repeats one of them; `ADVOCACY_FIRST_SEED` begins where an earlier run began, otherwise chance decides where;
 * `ADVOCACY_RUNS_FACTOR` multiplies their number. `text` says what repeats them.
 */

export interface Runs {
  /** The first seed; whatever else of a test is left to chance begins there too. */
  readonly first: number
  readonly seeds: ReadonlyArray<number>
  /** How many, and from which seed; for the name of a test. */
  readonly text: string
}

type Environment = Readonly<Record<string, string | undefined>>

const wholeIn = (env: Environment, name: string): number | undefined => {
  const text = env[name]
  if (text === undefined || text === "") return undefined
  if (!/^\d+$/.test(text)) throw new TypeError(`${name} is "${text}": set it to a whole number, or leave it out`)
  return Number(text) >>> 0
}

/** How often, times what the environment asks. */
export const times = (env: Environment, count: number): number => {
  const asked = env["ADVOCACY_RUNS_FACTOR"] ?? "1"
  if (!(Number(asked) > 0)) throw new TypeError(`ADVOCACY_RUNS_FACTOR is "${asked}": set it to a number above 0`)
  return Math.max(1, Math.round(count * Number(asked)))
}

/** `count` seeds that follow from one. */
export const from = (first: number, count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, index) => (first + Math.imul(index, 7919)) >>> 0)

/** `count` histories, or as the environment asks. */
export const asked = (env: Environment, count: number): Runs => {
  const only = wholeIn(env, "ADVOCACY_SEED")
  if (only !== undefined) return { first: only, seeds: [only], text: `one history, seed ${only}` }
  const first = wholeIn(env, "ADVOCACY_FIRST_SEED") ?? Math.floor(Math.random() * 2 ** 32)
  const seeds = from(first, times(env, count))
  return { first, seeds, text: `${seeds.length} histories from seed ${first}` }
}
