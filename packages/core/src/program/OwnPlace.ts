/**
 * A tally in which a conversion sees what was granted for it already.
 *
 * A tally answers what was taken *before* a place. Shares of one purchase, its discount at the checkout and its reward have one
 * place: without this each would find the room that another of them has just taken.
 */
import type { Place, Tally } from "../ledger/Tally.ts"

const isSame = (left: Place | null, right: Place): boolean =>
  left !== null && left.at === right.at && left.cause === right.cause

/** Adds what is granted at a place to what is seen from it, as long as conversions are settled one after the other. */
export const seeingItsOwn = (tally: Tally): Tally => {
  let here: Place | null = null
  const own = new Map<string, bigint>()
  return {
    reserve: tally.reserve,
    grant: (place, take) => {
      if (!isSame(here, place)) own.clear()
      here = place
      own.set(take.name, (own.get(take.name) ?? 0n) + take.amount)
      tally.grant(place, take)
    },
    seenFrom: (place, name) => {
      const { before, taken } = tally.seenFrom(place, name)
      const mine = isSame(here, place) ? (own.get(name) ?? 0n) : 0n
      return { before: before + mine, taken: taken + mine }
    },
  }
}
