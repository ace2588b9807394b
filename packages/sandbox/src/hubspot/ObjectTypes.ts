/**
 * The object types this portal has, and how each may be named in a path (`contacts`, `contact`, `0-1`).
 *
 * Anything else is refused as HubSpot refuses it: the type cannot be inferred.
 */
import { invalid } from "./ApiError.ts"
import type { CrmObjectType } from "../world/World.ts"

export type ObjectName = CrmObjectType | "notes"

export interface ObjectType {
  readonly name: ObjectName
  readonly singular: string
  readonly typeId: string
  /** Properties that carry the two instants of a record. */
  readonly createdProperty: string
  readonly modifiedProperty: string
  /** Served when the client names none. */
  readonly defaultProperties: ReadonlyArray<string>
  readonly readOnly: boolean
}

export const objectTypes: Readonly<Record<ObjectName, ObjectType>> = {
  contacts: {
    name: "contacts",
    singular: "contact",
    typeId: "0-1",
    createdProperty: "createdate",
    modifiedProperty: "lastmodifieddate",
    defaultProperties: ["email", "firstname", "lastname"],
    readOnly: false,
  },
  companies: {
    name: "companies",
    singular: "company",
    typeId: "0-2",
    createdProperty: "createdate",
    modifiedProperty: "hs_lastmodifieddate",
    defaultProperties: ["domain", "name"],
    readOnly: false,
  },
  deals: {
    name: "deals",
    singular: "deal",
    typeId: "0-3",
    createdProperty: "createdate",
    modifiedProperty: "hs_lastmodifieddate",
    defaultProperties: ["amount", "closedate", "dealname", "dealstage", "pipeline"],
    readOnly: false,
  },
  feedback_submissions: {
    name: "feedback_submissions",
    singular: "feedback_submission",
    typeId: "0-19",
    createdProperty: "hs_createdate",
    modifiedProperty: "hs_lastmodifieddate",
    defaultProperties: [],
    readOnly: true,
  },
  notes: {
    name: "notes",
    singular: "note",
    typeId: "0-46",
    createdProperty: "hs_createdate",
    modifiedProperty: "hs_lastmodifieddate",
    defaultProperties: [],
    readOnly: false,
  },
}

export const objectNames = Object.keys(objectTypes) as ReadonlyArray<ObjectName>

const byAnyName: ReadonlyMap<string, ObjectType> = new Map(
  Object.values(objectTypes).flatMap((type) => [
    [type.name, type],
    [type.singular, type],
    [type.typeId, type],
  ]),
)

export const infer = (name: string): ObjectType => {
  const type = byAnyName.get(name.toLowerCase())
  if (type === undefined) throw invalid(`Unable to infer object type from: ${name}`)
  return type
}
