/**
 * Sums of amounts in several units, which never add to one another.
 *
 * Promises: one entry per unit that was named, in order of unit, zeros included, so that "nothing" keeps its unit.
 */
import type { Unit } from "./Credit.ts"

export interface UnitSum {
  readonly unit: Unit
  readonly amountMinor: bigint
}

export const sum = (amounts: Iterable<UnitSum>): ReadonlyArray<UnitSum> => {
  const sums = new Map<Unit, bigint>()
  for (const { amountMinor, unit } of amounts) sums.set(unit, (sums.get(unit) ?? 0n) + amountMinor)
  return [...sums].map(([unit, amountMinor]) => ({ unit, amountMinor })).sort((a, b) => (a.unit < b.unit ? -1 : 1))
}

/** `after - before` per unit. */
export const subtract = (after: Iterable<UnitSum>, before: Iterable<UnitSum>): ReadonlyArray<UnitSum> =>
  sum([...after, ...[...before].map(({ amountMinor, unit }) => ({ unit, amountMinor: -amountMinor }))])

/** What a unit has; 0 where it is not named. */
export const of = (sums: ReadonlyArray<UnitSum>, unit: Unit): bigint =>
  sums.find((one) => one.unit === unit)?.amountMinor ?? 0n
