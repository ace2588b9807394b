/**
 * Chance that can be repeated: the same seed gives the same choices on every machine.
 *
 * Promises: whole numbers spread evenly enough for tests (mulberry32). It is no source of secrets.
 */

export interface Chance {
  /** From 0 to `below`, exclusive. */
  readonly below: (below: number) => number
  /** From `low` to `high`, both inclusive. */
  readonly between: (low: number, high: number) => number
  /** True in `percent` of 100 cases. */
  readonly percent: (percent: number) => boolean
  readonly pick: <A>(first: A, ...others: ReadonlyArray<A>) => A
  readonly shuffled: <A>(values: ReadonlyArray<A>) => ReadonlyArray<A>
}

export const make = (seed: number): Chance => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number): number => next() % limit
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    percent: (percent) => below(100) < percent,
    pick: (first, ...others) => others[below(others.length + 1) - 1] ?? first,
    shuffled: (values) =>
      values
        .map((value) => ({ value, place: next() }))
        .sort((left, right) => left.place - right.place)
        .map(({ value }) => value),
  }
}
