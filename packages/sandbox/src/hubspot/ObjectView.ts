/**
 * Prints a record as the objects API does: the properties asked for, plus id and instants; values are strings
 * or null; a property the portal does not define is left out. With `associations`, the ids on the other side
 * by type, a hundred of each at most.
 */
import { infer } from "./ObjectTypes.ts"
import { valueOf } from "./StoredRecord.ts"
import type { HubSpotState } from "./HubSpotState.ts"
import type { ObjectType } from "./ObjectTypes.ts"
import type { Json } from "./RequestBody.ts"
import type { StoredRecord } from "./StoredRecord.ts"

export interface View {
  /** Empty: the type's default properties. */
  readonly properties: ReadonlyArray<string>
  readonly associations?: ReadonlyArray<string>
}

export const print = (state: HubSpotState, type: ObjectType, record: StoredRecord, view: View): Json => {
  const asked = view.properties.length > 0 ? view.properties : type.defaultProperties
  const names = new Set([...asked, type.createdProperty, type.modifiedProperty, "hs_object_id"])
  const properties: Record<string, string | null> = {}
  for (const name of names) {
    if (state.definition(type.name, name) !== undefined) properties[name] = valueOf(type, record, name)
  }
  return {
    id: record.id,
    properties,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    archived: record.archived,
    ...(record.archivedAt === undefined ? {} : { archivedAt: record.archivedAt }),
    ...associations(state, type, record, view.associations ?? []),
  }
}

const perPage = 100

const associations = (
  state: HubSpotState,
  type: ObjectType,
  record: StoredRecord,
  asked: ReadonlyArray<string>,
): Json => {
  const from = { name: type.name, id: record.id }
  const found = asked.flatMap((name) => {
    const other = infer(name)
    const ids = state.associations
      .neighbours(from, other.name)
      .filter((id) => state.get(other.name, id)?.archived === false)
    const results = ids
      .slice(0, perPage)
      .flatMap((id) =>
        state.associations.between(from, { name: other.name, id }).map((kind) => ({ id, type: kind.name })),
      )
    const paging = ids.length > perPage ? { paging: { next: { after: ids[perPage - 1] } } } : {}
    return results.length === 0 ? [] : [[other.name, { results, ...paging }] as const]
  })
  return found.length === 0 ? {} : { associations: Object.fromEntries(found) }
}
