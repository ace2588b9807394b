/**
 * Where two definitions differ, as data: members that were added, removed or changed, each with its place.
 *
 * Promises: members of lists are found again by what names them (`rule`, `name`, `per` with `period`), not by position, so
 * that a new rule at the front is one difference; equal definitions have none. It knows no mechanic and says nothing in words.
 */
import { canonical } from "../id/Digest.ts"

/** One step into a definition: a member of an object, or the element of a list that `name` names. */
export interface Step {
  readonly member: string
  /** The element's own name where the step goes into a list. */
  readonly element: string | null
}

export interface Difference {
  readonly path: ReadonlyArray<Step>
  readonly kind: "added" | "removed" | "changed"
  /** null when it was added. */
  readonly before: unknown
  /** null when it was removed. */
  readonly after: unknown
}

export type Members = Readonly<Record<string, unknown>>

export const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const isSame = (left: unknown, right: unknown): boolean => canonical(left ?? null) === canonical(right ?? null)

/** `mechanics[referral].limits[advocate year].count` */
export const pathText = (path: ReadonlyArray<Step>): string =>
  path.map(({ element, member }) => (element === null ? member : `${member}[${element}]`)).join(".")

/** The same without names, by which words for a member are found: `mechanics[].limits[].count`. */
export const placeOf = (path: ReadonlyArray<Step>): string =>
  path.map(({ element, member }) => (element === null ? member : `${member}[]`)).join(".")

/** All differences of two values, in the order of the members. */
export const differences = (
  before: unknown,
  after: unknown,
  path: ReadonlyArray<Step> = [],
): ReadonlyArray<Difference> => {
  if (isSame(before, after)) return []
  if (isMembers(before) && isMembers(after) && isOneKind(before, after)) return inMembers(before, after, path)
  if (isListOfMembers(before) && isListOfMembers(after)) return inList(before, after, path)
  const kind = isNothing(before) ? "added" : isNothing(after) ? "removed" : "changed"
  return [{ path, kind, before: before ?? null, after: after ?? null }]
}

const isNothing = (value: unknown): boolean => value === undefined || value === null

/** What tells variants of one member apart; two variants are replaced as a whole. */
const isOneKind = (before: Members, after: Members): boolean =>
  ["kind", "rule", "model"].every((member) => before[member] === after[member]) &&
  ["count", "amount"].every((member) => member in before === member in after)

const inMembers = (before: Members, after: Members, path: ReadonlyArray<Step>): ReadonlyArray<Difference> =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((member) =>
    differences(before[member], after[member], [...path, { member, element: null }]),
  )

const isListOfMembers = (value: unknown): value is ReadonlyArray<Members> =>
  Array.isArray(value) && value.every(isMembers)

/** Members that name an element of a list, the first that it has. */
const naming = ["rule", "name", "id", "tier"] as const
/** Where none of them is there, all of these together. */
const telling = ["kind", "per", "of", "unit", "period"] as const

const nameOf = (element: Members): string => {
  const own = naming.map((member) => element[member]).find((value) => typeof value === "string")
  if (own !== undefined) return String(own)
  return telling.flatMap((member) => (typeof element[member] === "string" ? [element[member]] : [])).join(" ")
}

/** Elements by name; the second of one name is `name 2`. */
const named = (list: ReadonlyArray<Members>): ReadonlyMap<string, Members> => {
  const elements = new Map<string, Members>()
  for (const element of list) {
    const name = nameOf(element)
    let free = name
    for (let count = 2; elements.has(free); count++) free = `${name} ${count}`
    elements.set(free, element)
  }
  return elements
}

const inList = (
  before: ReadonlyArray<Members>,
  after: ReadonlyArray<Members>,
  path: ReadonlyArray<Step>,
): ReadonlyArray<Difference> => {
  const [old, now] = [named(before), named(after)]
  const into = (element: string): ReadonlyArray<Step> => {
    const last = path.at(-1)
    return last === undefined ? path : [...path.slice(0, -1), { member: last.member, element }]
  }
  const found = [...new Set([...old.keys(), ...now.keys()])].flatMap((name) =>
    differences(old.get(name), now.get(name), into(name)),
  )
  // The same elements in another order: what comes first may win, so it is a difference.
  const kept = (list: ReadonlyMap<string, Members>, other: ReadonlyMap<string, Members>): string =>
    [...list.keys()].filter((name) => other.has(name)).join("\n")
  return kept(old, now) === kept(now, old)
    ? found
    : [...found, { path, kind: "changed", before: [...old.keys()], after: [...now.keys()] }]
}
