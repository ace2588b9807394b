/**
 * How much of something differs, with a few examples: what a reconciliation reports. Its size does not grow with the drift.
 */

export interface Tally {
  readonly count: number
  /** The first few, by key. */
  readonly examples: ReadonlyArray<string>
}

export const none: Tally = { count: 0, examples: [] }

const examplesMax = 10

export const add = (tally: Tally, key: string): Tally => ({
  count: tally.count + 1,
  examples: tally.examples.length < examplesMax ? [...tally.examples, key] : tally.examples,
})

export const of = (keys: Iterable<string>): Tally => {
  let tally = none
  for (const key of keys) tally = add(tally, key)
  return tally
}

/** By kind of fact, or by state of an effect. */
export type Tallies = Readonly<Record<string, Tally>>

export const addTo = (tallies: Tallies, kind: string, key: string): Tallies => ({
  ...tallies,
  [kind]: add(tallies[kind] ?? none, key),
})

export const total = (tallies: Tallies): number => Object.values(tallies).reduce((sum, { count }) => sum + count, 0)
