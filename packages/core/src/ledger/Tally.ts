/**
 * What conversions take of limits and add to tiers, by name, in (at, cause) order.
 *
 * Two columns are kept apart. What is *granted* takes its place in order. What is *reserved* (commitments) takes its place first,
 * wherever it stands: whoever asks for room sees all of it. Reading and adding at the end cost the same however much was taken
 * before.
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

/** What was taken before a place, and what is taken in all as seen from there: that, and every reservation after it. */
export interface Seen {
  readonly before: bigint
  readonly taken: bigint
}

export interface Tally {
  /** Takes a place in order. */
  readonly grant: (place: Place, take: Take) => void
  /** Takes a place before everything that is not reserved. */
  readonly reserve: (place: Place, take: Take) => void
  readonly seenFrom: (place: Place, name: string) => Seen
}

/** What one conversion took, and of what else it asked how much there was. */
export interface Taking extends Place {
  readonly granted: ReadonlyArray<Take>
  readonly reserved: ReadonlyArray<Take>
  readonly asked: ReadonlyArray<string>
}

/** What a taking comes to under each name that it took of or asked for: what is granted, and what is reserved. */
export const sumsOf = (
  taking: Taking,
): ReadonlyMap<string, { readonly granted: bigint; readonly reserved: bigint }> => {
  const sums = new Map<string, { granted: bigint; reserved: bigint }>()
  const of = (name: string) => {
    const known = sums.get(name)
    if (known !== undefined) return known
    const made = { granted: 0n, reserved: 0n }
    sums.set(name, made)
    return made
  }
  for (const name of taking.asked) of(name)
  for (const { amount, name } of taking.granted) of(name).granted += amount
  for (const { amount, name } of taking.reserved) of(name).reserved += amount
  return sums
}

export const sameTaking = (left: Taking, right: Taking): boolean => {
  const [mine, yours] = [sumsOf(left), sumsOf(right)]
  return (
    left.at === right.at &&
    mine.size === yours.size &&
    [...mine].every(([name, { granted, reserved }]) => {
      const other = yours.get(name)
      return other?.granted === granted && other.reserved === reserved
    })
  )
}

/** Places in order, each with the sum up to and including it. */
interface Column {
  readonly places: Array<Place>
  readonly sums: Array<bigint>
}

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

const columns = () => {
  const byName = new Map<string, Column>()
  return {
    of: (name: string): Column => {
      const known = byName.get(name)
      if (known !== undefined) return known
      const made: Column = { places: [], sums: [] }
      byName.set(name, made)
      return made
    },
    before: (name: string, place: Place): bigint => {
      const column = byName.get(name)
      return column === undefined ? 0n : (column.sums[countBefore(column, place) - 1] ?? 0n)
    },
    all: (name: string): bigint => byName.get(name)?.sums.at(-1) ?? 0n,
  }
}

export const make = (): Tally => {
  const [granted, reserved] = [columns(), columns()]
  return {
    grant: (place, { amount, name }) => add(granted.of(name), place, amount),
    reserve: (place, { amount, name }) => add(reserved.of(name), place, amount),
    seenFrom: (place, name) => {
      const earlier = granted.before(name, place)
      return { before: earlier + reserved.before(name, place), taken: earlier + reserved.all(name) }
    },
  }
}

/** Adds what conversions took to a tally. */
export const enter = (tally: Tally, takings: Iterable<Taking>): void => {
  for (const taking of takings) {
    for (const take of taking.granted) tally.grant(taking, take)
    for (const take of taking.reserved) tally.reserve(taking, take)
  }
}

/** A tally that remembers what each place took and asked. */
export const recording = (tally: Tally): Tally & { readonly takings: () => ReadonlyMap<string, Taking> } => {
  const takings = new Map<
    string,
    {
      readonly place: Place
      readonly granted: Array<Take>
      readonly reserved: Array<Take>
      readonly asked: Set<string>
    }
  >()
  const of = (place: Place) => {
    const known = takings.get(place.cause)
    if (known !== undefined) return known
    const made = { place, granted: [], reserved: [], asked: new Set<string>() }
    takings.set(place.cause, made)
    return made
  }
  return {
    grant: (place, take) => {
      of(place).granted.push(take)
      tally.grant(place, take)
    },
    reserve: (place, take) => {
      of(place).reserved.push(take)
      tally.reserve(place, take)
    },
    seenFrom: (place, name) => {
      of(place).asked.add(name)
      return tally.seenFrom(place, name)
    },
    takings: () =>
      new Map(
        [...takings].map(([cause, { asked, granted, place, reserved }]) => [
          cause,
          { at: place.at, cause, granted, reserved, asked: [...asked].sort() },
        ]),
      ),
  }
}

export const questionOf = (place: Place, name: string): string => JSON.stringify([name, place.at, place.cause])

/**
 * A tally of a few conversions on top of what a store holds of all. `before` is what these conversions took when the store was
 * last written; `answers` are the store's, by `questionOf`. What is asked and not answered is in `unanswered`: ask the store and
 * fold again.
 */
export const over = (
  before: Iterable<Taking>,
  answers: ReadonlyMap<string, Seen>,
): Tally & { readonly unanswered: ReadonlyArray<{ readonly place: Place; readonly name: string }> } => {
  const [old, fresh] = [make(), make()]
  enter(old, before)
  const unanswered = new Map<string, { readonly place: Place; readonly name: string }>()
  return {
    grant: fresh.grant,
    reserve: fresh.reserve,
    seenFrom: (place, name) => {
      const question = questionOf(place, name)
      const stored = answers.get(question)
      if (stored === undefined) unanswered.set(question, { place: { at: place.at, cause: place.cause }, name })
      const [gone, come] = [old.seenFrom(place, name), fresh.seenFrom(place, name)]
      return {
        before: (stored?.before ?? 0n) - gone.before + come.before,
        taken: (stored?.taken ?? 0n) - gone.taken + come.taken,
      }
    },
    get unanswered() {
      return [...unanswered.values()]
    },
  }
}
