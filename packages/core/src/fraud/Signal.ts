/**
 * Soft signs that a referral may not be honest: shared device, address or phone, and a code that leaked.
 *
 * A signal never refuses anything; it holds a credit for a human. It depends on facts alone, so the same history gives
 * the same holds in any order of arrival.
 */
import type { Fact } from "../fact/Fact.ts"
import { kindOf, normaliseCode, type Handle } from "../id/Handle.ts"
import { days, type Instant } from "../id/Instant.ts"
import type { People, PersonId } from "../person/People.ts"
import type { Conversion } from "../referral/Conversion.ts"

export type SoftKind = "device" | "address" | "phone" | "payment"

/** The soft handles each person has used on records and orders of their own. */
export const softHandles = (facts: Iterable<Fact>, people: People): ReadonlyMap<PersonId, ReadonlySet<Handle>> => {
  const used = new Map<PersonId, Set<Handle>>()
  const add = (owner: Handle, handles: ReadonlyArray<Handle>): void => {
    if (handles.length === 0) return
    const person = people.personOf(owner)
    const known = used.get(person) ?? new Set<Handle>()
    used.set(person, known)
    for (const handle of handles) known.add(handle)
  }
  for (const fact of facts) {
    if (fact._tag === "PersonSeen") add(fact.person, fact.soft)
    else if (fact._tag === "OrderPlaced" && !fact.test) {
      const buyer = fact.customer ?? fact.email
      if (buyer !== null) add(buyer, fact.soft)
    }
  }
  return used
}

/** The kinds of soft handle that a purchase shares with an advocate, in the order of `kinds`. */
export const shared = (
  conversion: Conversion,
  friend: ReadonlySet<Handle> | undefined,
  advocate: ReadonlySet<Handle> | undefined,
  kinds: ReadonlyArray<SoftKind>,
): ReadonlyArray<SoftKind> => {
  if (advocate === undefined) return []
  const seen = new Set([...conversion.soft, ...(friend ?? [])].filter((handle) => advocate.has(handle)).map(kindOf))
  return kinds.filter((kind) => seen.has(kind))
}

/** A purchase by a new buyer that names a code. */
export interface CodeUse {
  readonly code: string
  readonly buyer: PersonId
  readonly at: Instant
}

/**
 * The uses that lie in some window of 24 hours with at least `threshold` distinct buyers of the same code, as
 * `code@at@buyer` texts (see `useKey`).
 */
export const leaked = (uses: ReadonlyArray<CodeUse>, threshold: number): ReadonlySet<string> => {
  const byCode = Map.groupBy(uses, ({ code }) => normaliseCode(code))
  const suspects = new Set<string>()
  for (const list of byCode.values()) {
    if (list.length < threshold) continue
    list.sort((a, b) => a.at - b.at || (a.buyer < b.buyer ? -1 : 1))
    let start = 0
    for (let end = 0; end < list.length; end++) {
      while ((list[end]?.at ?? 0) - (list[start]?.at ?? 0) > days(1)) start++
      const window = list.slice(start, end + 1)
      if (new Set(window.map(({ buyer }) => buyer)).size >= threshold)
        for (const use of window) suspects.add(useKey(use))
    }
  }
  return suspects
}

export const useKey = ({ at, buyer, code }: CodeUse): string => `${normaliseCode(code)}@${at}@${buyer}`
