/**
 * What a platform tells of people who were erased here, as it is held here: with their tombstones.
 *
 * Promises: pure; without it every reconciliation would find the erased again. It replaces only handles whose tombstones
 * stand in the fact that is held, so it erases nobody by itself.
 */
import type { Fact, FactKey } from "../fact/Fact.ts"
import { inText, inValue, stripped } from "../fact/Tombstone.ts"
import { isTombstone, tombstone, type Handle, type HandleKey } from "../id/Handle.ts"

/** The key under which a fact is held if its subject was erased. */
export const heldKey = (fact: Fact, key: HandleKey): FactKey =>
  inText(fact.key, (text) => tombstone(key, text as Handle)) as FactKey

/** The fact with a tombstone for every handle that has one in `held`. */
export const likeHeld = (fact: Fact, held: Fact, key: HandleKey): Fact => {
  const stones = new Set<string>()
  inValue(held, (text) => {
    if (isTombstone(text)) stones.add(text)
    return undefined
  })
  if (stones.size === 0) return fact
  return stripped(
    inValue(fact, (text) => {
      const stone = tombstone(key, text as Handle)
      return stones.has(stone) ? stone : undefined
    }),
  )
}
