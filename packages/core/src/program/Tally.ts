/**
 * What conversions take of limits and add to tiers, by name, in (at, cause) order.
 *
 * Two columns are kept apart. What is *granted* takes its place in order. What is *reserved* (commitments, and what the shop gave
 * at the checkout) takes its place first, wherever it stands: whoever asks for room sees all of it. Reading and adding at the end
 * cost the same however much was taken before.
 */
import type { Instant } from "../id/Instant.ts"

/** A place in the order in which limits are folded. */
export interface Place {
  readonly at: Instant
  readonly cause: string
}

export interface Take {
  readonly name: string
  /** A count, or minor units. */
  readonly amount: bigint
}

export const inPlace = (left: Place, right: Place): number =>
  left.at - right.at || (left.cause < right.cause ? -1 : left.cause > right.cause ? 1 : 0)

/** Places in order, each with the sum up to and including it. */
interface Column {
  readonly places: Array<Place>
  readonly sums: Array<bigint>
}

const emptyColumn = (): Column => ({ places: [], sums: [] })

/** How many places come before `place`. */
const countBefore = (column: Column, place: Place): number => {
  let [low, high] = [0, column.places.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const known = column.places[middle]
    if (known !== undefined && inPlace(known, place) < 0) low = middle + 1
    else high = middle
  }
  return low
}

const add = (column: Column, place: Place, amount: bigint): void => {
  const index = countBefore(column, place)
  column.places.splice(index, 0, place)
  column.sums.splice(index, 0, (column.sums[index - 1] ?? 0n) + amount)
  for (let later = index + 1; later < column.sums.length; later++)
    column.sums[later] = (column.sums[later] ?? 0n) + amount
}

export interface Tally {
  /** Takes a place in order. */
  readonly grant: (place: Place, take: Take) => void
  /** Takes a place before everything that is not reserved. */
  readonly reserve: (place: Place, take: Take) => void
  /** What was taken before `place`, and what is taken in all as seen from there: that, and every reservation after it. */
  readonly seenFrom: (place: Place, name: string) => { readonly before: bigint; readonly taken: bigint }
}

export const make = (): Tally => {
  const granted = new Map<string, Column>()
  const reserved = new Map<string, Column>()
  const columnOf = (columns: Map<string, Column>, name: string): Column => {
    const known = columns.get(name)
    if (known !== undefined) return known
    const made = emptyColumn()
    columns.set(name, made)
    return made
  }
  const before = (column: Column | undefined, place: Place): bigint =>
    column === undefined ? 0n : (column.sums[countBefore(column, place) - 1] ?? 0n)
  return {
    grant: (place, { amount, name }) => add(columnOf(granted, name), place, amount),
    reserve: (place, { amount, name }) => add(columnOf(reserved, name), place, amount),
    seenFrom: (place, name) => {
      const column = reserved.get(name)
      const earlier = before(granted.get(name), place)
      return { before: earlier + before(column, place), taken: earlier + (column?.sums.at(-1) ?? 0n) }
    },
  }
}
