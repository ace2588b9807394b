/**
 * Which kinds of association exist between two object types, and which kind stands on the other side.
 *
 * HubSpot's own carry its published numbers. Labels that clients define take numbers of their own, which may
 * equal HubSpot's: only category and number together name a kind.
 */
import { infer } from "./ObjectTypes.ts"
import type { ObjectName } from "./ObjectTypes.ts"

export type Category = "HUBSPOT_DEFINED" | "USER_DEFINED"

export interface AssociationType {
  readonly category: Category
  readonly typeId: number
  readonly from: ObjectName
  readonly to: ObjectName
  readonly label: string | null
  /** Internal name, as `associations=` prints it. */
  readonly name: string
  /** The number under which the other side sees it, in the same category. */
  readonly inverseTypeId: number
}

const pairs: ReadonlyArray<readonly [ObjectName, ObjectName, number, number]> = [
  ["contacts", "contacts", 449, 449],
  ["companies", "companies", 450, 450],
  ["deals", "deals", 451, 451],
  ["contacts", "companies", 279, 280],
  ["contacts", "deals", 4, 3],
  ["deals", "companies", 341, 342],
  ["contacts", "feedback_submissions", 97, 98],
  ["contacts", "notes", 201, 202],
  ["companies", "notes", 189, 190],
  ["deals", "notes", 213, 214],
]

const primaries: ReadonlyArray<readonly [ObjectName, ObjectName, number, number]> = [
  ["contacts", "companies", 1, 2],
  ["deals", "companies", 5, 6],
]

const nameOf = (from: ObjectName, to: ObjectName): string => `${infer(from).singular}_to_${infer(to).singular}`

const bothWays = (
  [from, to, typeId, inverseTypeId]: readonly [ObjectName, ObjectName, number, number],
  label: string | null,
  suffix: string,
): ReadonlyArray<AssociationType> => {
  const there: AssociationType = {
    category: "HUBSPOT_DEFINED",
    typeId,
    from,
    to,
    label,
    name: nameOf(from, to) + suffix,
    inverseTypeId,
  }
  if (from === to) return [there]
  const back = { ...there, typeId: inverseTypeId, from: to, to: from, name: nameOf(to, from) + suffix }
  return [there, { ...back, inverseTypeId: typeId }]
}

const withPrimary = new Set(primaries.map(([from, to]) => `${from}/${to}`))

export const hubspotDefined: ReadonlyArray<AssociationType> = [
  ...pairs.flatMap((pair) => bothWays(pair, null, withPrimary.has(`${pair[0]}/${pair[1]}`) ? "_unlabeled" : "")),
  ...primaries.flatMap((pair) => bothWays(pair, "Primary", "")),
]

export const defaultType = (from: ObjectName, to: ObjectName): AssociationType | undefined =>
  hubspotDefined.find((type) => type.from === from && type.to === to && type.label === null)

export const primaryType = (from: ObjectName, to: ObjectName): AssociationType | undefined =>
  hubspotDefined.find((type) => type.from === from && type.to === to && type.label === "Primary")

export const keyOf = (type: { readonly category: Category; readonly typeId: number }): string =>
  `${type.category}:${type.typeId}`
