/**
 * One CRM record as the portal keeps it, and how its values are read.
 *
 * The id and the two instants are served as properties too, under the names the object type gives them; they
 * are never stored twice.
 */
import type { ObjectType } from "./ObjectTypes.ts"

export interface StoredRecord {
  readonly id: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly archived: boolean
  readonly archivedAt?: string
  readonly properties: Readonly<Record<string, string>>
}

/** Ids are decimal numbers of any length without leading zeros. */
export const compareIds = (one: string, other: string): number =>
  one.length - other.length || (one < other ? -1 : one > other ? 1 : 0)

/** `null` where nothing is set. */
export const valueOf = (type: ObjectType, record: StoredRecord, property: string): string | null => {
  switch (property) {
    case "hs_object_id":
      return record.id
    case "hs_lastmodifieddate":
    case type.modifiedProperty:
      return record.updatedAt
    case "hs_createdate":
    case type.createdProperty:
      return record.createdAt
    default:
      return record.properties[property] ?? null
  }
}

/** Every e-mail a contact answers to, in lower case. */
export const emailsOf = (record: StoredRecord): ReadonlyArray<string> =>
  [record.properties["email"] ?? "", ...(record.properties["hs_additional_emails"] ?? "").split(";")]
    .map((email) => email.trim().toLowerCase())
    .filter((email) => email !== "")
