/**
 * Two records and what associates them: found from a request, printed for an answer, turned into changes.
 *
 * Direction matters: a kind that is not one from this type to that is refused. Ids that were merged away are
 * accepted and answered with the present record. Object ids in answers are numbers, a missing label is `null`.
 */
import { invalid, notFound } from "./ApiError.ts"
import { defaultType } from "./AssociationType.ts"
import { infer } from "./ObjectTypes.ts"
import * as Body from "./RequestBody.ts"
import { param } from "./Route.ts"
import { compareIds } from "./StoredRecord.ts"
import type { RecordRef } from "./AssociationGraph.ts"
import type { AssociationType, Category } from "./AssociationType.ts"
import type { Change } from "./Change.ts"
import type { HubSpotState } from "./HubSpotState.ts"
import type { ObjectName, ObjectType } from "./ObjectTypes.ts"
import type { Json } from "./RequestBody.ts"
import type { ApiRequest } from "./Route.ts"

/** How many records on the other side one answer lists. */
export const maximumPage = 500

export const endsOf = (request: ApiRequest): readonly [ObjectType, ObjectType] => [
  infer(param(request, "from")),
  infer(param(request, "to")),
]

export const refOf = (state: HubSpotState, type: ObjectType, id: string): RecordRef => {
  const record = state.resolve(type.name, id)
  if (record === undefined || record.archived) throw notFound(`${type.singular} ${id} does not exist`)
  return { name: type.name, id: record.id }
}

export const kindsOf = (
  state: HubSpotState,
  from: ObjectName,
  to: ObjectName,
  types: ReadonlyArray<Json>,
): ReadonlyArray<AssociationType> =>
  types.map((type) => {
    const category = Body.text(type, "associationCategory")
    const typeId = Body.integer(type, "associationTypeId", -1)
    const kind = state.associations.kind(from, to, category as Category, typeId)
    if (kind === undefined)
      throw invalid(`One or more association types do not exist: ${category} ${typeId} from ${from} to ${to}`)
    return kind
  })

export const plainKind = (from: ObjectName, to: ObjectName): AssociationType => {
  const kind = defaultType(from, to)
  if (kind === undefined) throw invalid(`${from} cannot be associated with ${to}`)
  return kind
}

export const wireKind = ({ category, typeId, label }: AssociationType) => ({ category, typeId, label })

export const pairToWire = (state: HubSpotState, from: RecordRef, to: RecordRef) => ({
  fromObjectTypeId: infer(from.name).typeId,
  fromObjectId: Number(from.id),
  toObjectTypeId: infer(to.name).typeId,
  toObjectId: Number(to.id),
  labels: state.associations.between(from, to).flatMap(({ label }) => label ?? []),
})

const defaultToWire = (from: RecordRef, to: RecordRef, kind: AssociationType) => ({
  from: { id: from.id },
  to: { id: to.id },
  associationSpec: { associationCategory: kind.category, associationTypeId: kind.typeId },
})

/** Both directions, as the API answers an association of the default kind. */
export const defaultsToWire = (from: RecordRef, to: RecordRef) => [
  defaultToWire(from, to, plainKind(from.name, to.name)),
  defaultToWire(to, from, plainKind(to.name, from.name)),
]

export const page = (
  state: HubSpotState,
  from: RecordRef,
  to: ObjectName,
  after: string | undefined,
  limit: number,
): Json => {
  const ids = state.associations
    .neighbours(from, to)
    .filter((id) => state.get(to, id)?.archived === false && (after === undefined || compareIds(id, after) > 0))
  const shown = ids.slice(0, limit)
  const rows = shown.map((id) => ({
    toObjectId: Number(id),
    associationTypes: state.associations.between(from, { name: to, id }).map(wireKind),
  }))
  const last = shown.at(-1)
  return ids.length > limit ? { rows, paging: { next: { after: last, link: `?after=${last}` } } } : { rows }
}

export interface Linked {
  readonly from: RecordRef
  readonly to: RecordRef
  readonly kinds: ReadonlyArray<AssociationType>
}

export const linkChanges = ({ from, to, kinds }: Linked): ReadonlyArray<Change> =>
  kinds.map((kind) => ({ op: "link", from, to, kind }))

export const unlinkChanges = (
  state: HubSpotState,
  [from, to]: readonly [ObjectType, ObjectType],
  fromId: string,
  toIds: ReadonlyArray<string>,
  kinds: ReadonlyArray<AssociationType | null>,
): ReadonlyArray<Change> => {
  const source = state.resolve(from.name, fromId)
  return toIds.flatMap((toId) => {
    const target = state.resolve(to.name, toId)
    if (source === undefined || target === undefined) return []
    const ends = { from: { name: from.name, id: source.id }, to: { name: to.name, id: target.id } }
    if (state.associations.between(ends.from, ends.to).length === 0) return []
    return kinds.map((kind): Change => ({ op: "unlink", ...ends, kind }))
  })
}
