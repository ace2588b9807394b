/**
 * Puts tombstones where facts name people who were erased.
 *
 * Promises: pure; a handle is found wherever it stands, alone or inside a key, and never inside a longer one; facts that occurred up to
 * the erasure carry the tombstone, later ones keep the handle. Soft handles identify nobody, so theirs are replaced at any time.
 */
import { isSoft, isTombstone, tombstone, type Handle, type HandleKey } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import * as Facts from "./Fact.ts"
import type { Fact, FactKey } from "./Fact.ts"
import type { FactBatch, PersonalValue } from "./FactLog.ts"
import type { Versioned } from "./FactVersion.ts"

/** What is known of a handle whose person was erased. */
export interface Erased {
  readonly tombstone: Handle
  readonly at: Instant
}
export type Lookup = (handle: string) => Erased | undefined

/** What ends a handle inside a longer text. A slash is part of handles, and also of the keys around them. */
const segments = /[a-z]+:[^\s\0|#,;"'()[\]{}=]+/g

type Replace = (handle: string) => string | undefined

/** Handles inside a key such as `advocacy:visit/ADA/email:ab12/3`: the longest that is known counts. */
const inSegment = (segment: string, replace: Replace): string => {
  const whole = replace(segment)
  if (whole !== undefined) return whole
  const slash = /\/(?=[a-z]+:)/.exec(segment)
  if (slash === null) return segment
  const [head, tail] = [segment.slice(0, slash.index + 1), segment.slice(slash.index + 1)]
  for (let end = tail.length; end > 0; end = tail.lastIndexOf("/", end - 1)) {
    const found = replace(tail.slice(0, end))
    if (found !== undefined) return head + found + inSegment(tail.slice(end), replace)
  }
  return head + inSegment(tail, replace)
}

/** A text with every handle replaced that `replace` knows. */
export const inText = (text: string, replace: Replace): string => {
  if (!text.includes(":")) return text
  return replace(text) ?? text.replace(segments, (segment) => inSegment(segment, replace))
}

/** A value of JSON's kind with all its texts replaced, names of members too. What has nothing to replace stays the same object. */
export const inValue = <A>(value: A, replace: Replace): A => replaced(value, replace) as A

const replaced = (value: unknown, replace: Replace): unknown => {
  if (typeof value === "string") return inText(value, replace)
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) {
    const members = value.map((member: unknown) => replaced(member, replace))
    return members.some((member, index) => member !== value[index]) ? members : value
  }
  const before = Object.entries(value)
  const after = before.map(([name, member]) => [inText(name, replace), replaced(member, replace)] as const)
  const changed = after.some(([name, member], index) => name !== before[index]?.[0] || member !== before[index]?.[1])
  return changed ? Object.fromEntries(after) : value
}

/** Platforms' records that are nobody, of which facts are full. */
const nobody = /^(?:shopify:(?:order|refund)|hubspot:(?:deal|company))\//

/** Everything in a value that may be somebody's handle; to be looked up. */
export const candidatesIn = (value: unknown, found: Set<string>): void => {
  inValue(value, (text) => {
    if (!isTombstone(text) && !nobody.test(text)) found.add(text)
    return undefined
  })
}

/** Whether a value names one of some handles. */
export const namesAny = (value: unknown, handles: ReadonlySet<string>): boolean => {
  let found = false
  inValue(value, (text) => {
    if (handles.has(text)) found = true
    return undefined
  })
  return found
}

export interface Substituted {
  /** Null for a comeback that a later erasure has made part of what was erased. */
  readonly fact: Fact | null
  /** The latest erasure of whom it named; null when it named nobody. Soft handles are anybody's, and say nothing of when. */
  readonly erasedAt: Instant | null
  /** Handles of erased people that it keeps, because it occurred later. */
  readonly returned: ReadonlyMap<Handle, Erased>
}

/** A fact as it stands after the erasures that `lookup` knows. */
export const substitute = (fact: Fact, lookup: Lookup): Substituted => {
  if (fact._tag === "PersonReturned") {
    const again = lookup(fact.person)
    const isErased = again !== undefined && again.at > fact.occurredAt
    return { fact: isErased ? null : fact, erasedAt: isErased ? again.at : null, returned: new Map() }
  }
  let erasedAt: Instant | null = null
  const returned = new Map<Handle, Erased>()
  const changed = inValue(fact, (text) => {
    const erased = lookup(text)
    if (erased === undefined) return undefined
    if (!isSoft(text as Handle) && fact.occurredAt > erased.at) {
      returned.set(text as Handle, erased)
      return undefined
    }
    if (!isSoft(text as Handle)) erasedAt = Math.max(erasedAt ?? erased.at, erased.at)
    return erased.tombstone
  })
  return { fact: changed, erasedAt, returned }
}

/** A record of an erased person without what no longer belongs to anybody here: handles that older versions of it had. */
export const stripped = (fact: Fact): Fact => {
  if (fact._tag !== "PersonSeen" || !isTombstone(fact.person)) return fact
  const [aliases, mergedFrom] = [fact.aliases.filter(isTombstone), fact.mergedFrom.filter(isTombstone)]
  return aliases.length === fact.aliases.length && mergedFrom.length === fact.mergedFrom.length
    ? fact
    : { ...fact, aliases, mergedFrom }
}

/** The handles that a fact says are one person. */
export const joinedBy = (fact: Fact): ReadonlyArray<Handle> =>
  fact._tag === "PersonSeen"
    ? [fact.person, ...fact.aliases, ...fact.mergedFrom]
    : fact._tag === "PeopleMerged"
      ? [fact.into, ...fact.from]
      : []

const buyersOf = (fact: Fact): ReadonlyArray<Handle> =>
  fact._tag === "OrderPlaced" ? [fact.customer, fact.email].filter((buyer) => buyer !== null) : []

/** Whose a fact is: those whom it joins, or who bought. */
export const ownersOf = (fact: Fact): ReadonlyArray<Handle> => [...joinedBy(fact), ...buyersOf(fact)]

/** The soft handles that a fact says a person has, if the person is among `whose`. */
export const softOf = (fact: Fact, isTheirs: (handle: Handle) => boolean): ReadonlyArray<Handle> => {
  if (fact._tag === "PersonSeen") return isTheirs(fact.person) ? fact.soft : []
  return fact._tag === "OrderPlaced" && buyersOf(fact).some(isTheirs) ? fact.soft : []
}

/** Facts that came after an erasure and join or belong to the erased person, all of one erasure time. */
export interface Late {
  readonly at: Instant
  readonly keys: ReadonlyArray<FactKey>
}

export interface Admitted {
  readonly facts: ReadonlyArray<Fact>
  readonly comebacks: ReadonlyArray<Facts.PersonReturned>
  readonly personal: ReadonlyArray<PersonalValue>
  readonly late: ReadonlyArray<Late>
}

const isLoose = (fact: Fact): boolean => {
  const joined = joinedBy(fact)
  return (
    (joined.some(isTombstone) && !joined.every(isTombstone)) ||
    softOf(fact, isTombstone).some((handle) => !isTombstone(handle))
  )
}

/** A batch as it may be stored beside the erasures that `lookup` knows. `hasReturned`: the handle names a new person by now. */
export const admit = (
  batch: Pick<FactBatch, "facts" | "personal">,
  lookup: Lookup,
  hasReturned: (handle: Handle) => boolean,
): Admitted => {
  const all = batch.facts.map((fact) => substitute(fact, lookup))
  const returned = new Map(all.flatMap((one) => [...one.returned]))
  const loose = all.flatMap(({ erasedAt, fact }) =>
    fact !== null && erasedAt !== null && isLoose(fact) ? [{ at: erasedAt, key: fact.key }] : [],
  )
  return {
    facts: all.flatMap(({ fact }) => (fact === null ? [] : [fact])),
    comebacks: [...returned].map(([handle, erased]) => comeback(handle, erased)),
    personal: batch.personal.filter(
      ({ handle }) =>
        lookup(handle) === undefined || (!isSoft(handle) && (returned.has(handle) || hasReturned(handle))),
    ),
    late: [...Map.groupBy(loose, ({ at }) => at)].map(([at, some]) => ({ at, keys: some.map(({ key }) => key) })),
  }
}

export interface Change {
  readonly before: Versioned
  /** Null where nothing takes its place. */
  readonly after: Fact | null
}

export interface Rewritten {
  readonly changes: ReadonlyArray<Change>
  readonly comebacks: ReadonlyArray<Facts.PersonReturned>
  /** Handles that older versions of their records had, and that are named there no more. */
  readonly dropped: ReadonlyArray<Handle>
}

/** What stored statements become when the handles of `stones` are erased at a time; `known` stands for the same person already. */
export const rewrite = (
  statements: ReadonlyArray<Versioned>,
  stones: ReadonlyMap<string, Handle>,
  at: Instant,
  known: ReadonlySet<Handle> = new Set(),
): Rewritten => {
  const theirs = new Set([...known, ...stones.values()])
  const returned = new Map<Handle, Erased>()
  const dropped = new Set<Handle>()
  const lookup: Lookup = (text) => {
    const stone = stones.get(text)
    return stone === undefined ? undefined : { tombstone: stone, at }
  }
  const changes = statements.flatMap((before): ReadonlyArray<Change> => {
    const one = substitute(before.fact, lookup)
    for (const [handle, erased] of one.returned) returned.set(handle, erased)
    // A record of somebody else who was erased may wait for its own turn.
    const isTheirs = one.fact?._tag === "PersonSeen" && theirs.has(one.fact.person)
    const after = one.fact !== null && isTheirs ? stripped(one.fact) : one.fact
    if (after === before.fact) return []
    if (one.fact !== null && after !== one.fact)
      for (const handle of joinedBy(one.fact)) if (!isTombstone(handle)) dropped.add(handle)
    return [{ before, after }]
  })
  return {
    changes,
    comebacks: [...returned].map(([handle, erased]) => comeback(handle, erased)),
    dropped: [...dropped],
  }
}

/** The fact of an erasure. */
export const erasure = (told: {
  readonly key: HandleKey
  readonly handles: ReadonlyArray<Handle>
  readonly at: Instant
  readonly by: string
  readonly reason: string
}): Facts.PersonErased => {
  const [person] = told.handles.map((handle) => tombstone(told.key, handle)).sort()
  if (person === undefined) throw new TypeError("an erasure names at least one handle")
  return {
    _tag: "PersonErased",
    key: Facts.key(`advocacy:erasure/${person}/${told.at}`),
    version: 0,
    rank: Facts.rank.own,
    occurredAt: told.at,
    person,
    by: told.by,
    reason: told.reason,
  }
}

export const comebackKey = (handle: Handle): FactKey => Facts.key(`advocacy:returned/${handle}`)

/** That a handle of an erased person was named again. */
export const comeback = (handle: Handle, erased: Erased): Facts.PersonReturned => ({
  _tag: "PersonReturned",
  key: comebackKey(handle),
  version: erased.at,
  rank: Facts.rank.own,
  occurredAt: erased.at,
  person: handle,
  tombstone: erased.tombstone,
})
