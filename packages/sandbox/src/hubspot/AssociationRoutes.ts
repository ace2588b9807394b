/**
 * The associations API: batches and single pairs.
 *
 * Direction matters: a kind that is not one from this type to that is refused. A PUT on one pair replaces its labels. Ids that were merged away are accepted and answered with the
 * present record. Object ids in answers are numbers, a missing label is `null`.
 */
import { ApiError, invalid, notFound } from "./ApiError.ts"
import { answer, attempt } from "./BatchAnswer.ts"
import { defaultType } from "./AssociationType.ts"
import { infer } from "./ObjectTypes.ts"
import { limitOf } from "./ObjectRoutes.ts"
import * as Body from "./RequestBody.ts"
import { param } from "./Route.ts"
import { compareIds } from "./StoredRecord.ts"
import type { RecordRef } from "./AssociationGraph.ts"
import type { AssociationType, Category } from "./AssociationType.ts"
import type { BatchError } from "./BatchAnswer.ts"
import type { Change } from "./Change.ts"
import type { HubSpotState } from "./HubSpotState.ts"
import type { ObjectName, ObjectType } from "./ObjectTypes.ts"
import type { Json } from "./RequestBody.ts"
import type { ApiRequest, ApiResponse, Route } from "./Route.ts"

const maximumCreate = 2_000
const maximumRead = 1_000
const maximumArchive = 100
const maximumPage = 500

export const endsOf = (request: ApiRequest): readonly [ObjectType, ObjectType] => [
  infer(param(request, "from")),
  infer(param(request, "to")),
]

const refOf = (state: HubSpotState, type: ObjectType, id: string): RecordRef => {
  const record = state.resolve(type.name, id)
  if (record === undefined || record.archived) throw notFound(`${type.singular} ${id} does not exist`)
  return { name: type.name, id: record.id }
}

const kindsOf = (
  state: HubSpotState,
  from: ObjectName,
  to: ObjectName,
  types: ReadonlyArray<Json>,
): ReadonlyArray<AssociationType> =>
  types.map((type) => {
    const category = Body.text(type, "associationCategory")
    const typeId = Body.integer(type, "associationTypeId", -1)
    const kind = state.associations.kind(from, to, category as Category, typeId)
    if (kind === undefined) throw invalid(`One or more association types do not exist: ${category} ${typeId} from ${from} to ${to}`)
    return kind
  })

export const plainKind = (from: ObjectName, to: ObjectName): AssociationType => {
  const kind = defaultType(from, to)
  if (kind === undefined) throw invalid(`${from} cannot be associated with ${to}`)
  return kind
}

export const wireKind = ({ category, typeId, label }: AssociationType) => ({ category, typeId, label })

const pairToWire = (state: HubSpotState, from: RecordRef, to: RecordRef) => ({
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
const defaultsToWire = (from: RecordRef, to: RecordRef) => [
  defaultToWire(from, to, plainKind(from.name, to.name)),
  defaultToWire(to, from, plainKind(to.name, from.name)),
]

// ----------------------------------------------------------------------------------------------- Batches

const endIds = (input: Json): readonly [string, string] => [
  Body.text(Body.object(input, "from"), "id"),
  Body.text(Body.object(input, "to"), "id"),
]

interface Linked {
  readonly from: RecordRef
  readonly to: RecordRef
  readonly kinds: ReadonlyArray<AssociationType>
}

const linkChanges = ({ from, to, kinds }: Linked): ReadonlyArray<Change> =>
  kinds.map((kind) => ({ op: "link", from, to, kind }))

/** `partial`: pairs whose records are missing are reported; otherwise they refuse the whole batch. */
const link = (
  request: ApiRequest,
  state: HubSpotState,
  partial: boolean,
  kindsFor: (input: Json, from: ObjectName, to: ObjectName) => ReadonlyArray<AssociationType>,
): { readonly linked: ReadonlyArray<Linked>; readonly errors: ReadonlyArray<BatchError> } => {
  const [from, to] = endsOf(request)
  const linked: Array<Linked> = []
  const errors: Array<BatchError> = []
  for (const input of Body.inputs(request.body, maximumCreate)) {
    const [fromId, toId] = endIds(input)
    const kinds = kindsFor(input, from.name, to.name)
    const one = attempt(() => ({ from: refOf(state, from, fromId), to: refOf(state, to, toId), kinds }))
    if (!(one instanceof ApiError)) linked.push(one)
    else if (partial) errors.push({ error: one, context: { fromObjectId: [fromId], toObjectId: [toId] } })
    else throw one
  }
  if (linked.length > 0) state.tick()
  state.commit(linked.flatMap(linkChanges))
  return { linked, errors }
}

const createPairs = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const { linked, errors } = link(request, state, true, (input, from, to) => {
    const types = Body.objects(input, "types")
    if (types.length === 0) throw invalid("An association needs types")
    return kindsOf(state, from, to, types)
  })
  return answer(state, 201, linked.map((one) => pairToWire(state, one.from, one.to)), errors)
}

const createDefaults = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const { linked } = link(request, state, false, (_input, from, to) => [plainKind(from, to)])
  return answer(state, 200, linked.flatMap((one) => defaultsToWire(one.from, one.to)))
}

const page = (state: HubSpotState, from: RecordRef, to: ObjectName, after: string | undefined, limit: number): Json => {
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

const readPairs = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const [from, to] = endsOf(request)
  const results: Array<Json> = []
  const errors: Array<BatchError> = []
  for (const input of Body.inputs(request.body, maximumRead)) {
    const id = Body.text(input, "id")
    const record = state.resolve(from.name, id)
    const after = Body.optionalText(input, "after")
    const { rows, ...paging } =
      record === undefined ? { rows: [] } : page(state, { name: from.name, id: record.id }, to.name, after, maximumPage)
    if ((rows as ReadonlyArray<unknown>).length > 0) results.push({ from: { id }, to: rows, ...paging })
    else {
      const message = `No ${to.singular} is associated with ${from.singular} ${id}.`
      const context = { fromObjectId: [id], fromObjectType: [from.singular], toObjectType: [to.singular] }
      errors.push({ error: new ApiError(404, "OBJECT_NOT_FOUND", message), context })
    }
  }
  return answer(state, 200, results, errors)
}

const unlinkChanges = (
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

const archivePairs = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const ends = endsOf(request)
  const changes = Body.inputs(request.body, maximumArchive).flatMap((input) => {
    const toIds = Body.objects(input, "to").map((to) => Body.text(to, "id"))
    return unlinkChanges(state, ends, Body.text(Body.object(input, "from"), "id"), toIds, [null])
  })
  if (changes.length > 0) state.tick()
  state.commit(changes)
  return { status: 204 }
}

const archiveLabels = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const ends = endsOf(request)
  const changes = Body.inputs(request.body, maximumArchive).flatMap((input) => {
    const [fromId, toId] = endIds(input)
    const kinds = kindsOf(state, ends[0].name, ends[1].name, Body.objects(input, "types"))
    return unlinkChanges(state, ends, fromId, [toId], kinds)
  })
  if (changes.length > 0) state.tick()
  state.commit(changes)
  return { status: 204 }
}

// ------------------------------------------------------------------------------------------ Single pairs

const listPairs = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const [from, to] = endsOf(request)
  const limit = limitOf(request.query.get("limit"), maximumPage, maximumPage)
  const after = request.query.get("after") ?? undefined
  const { rows, ...paging } = page(state, refOf(state, from, param(request, "id")), to.name, after, limit)
  return { status: 200, body: { results: rows, ...paging } }
}

const pairOf = (request: ApiRequest, state: HubSpotState): { readonly from: RecordRef; readonly to: RecordRef } => {
  const [from, to] = endsOf(request)
  return { from: refOf(state, from, param(request, "id")), to: refOf(state, to, param(request, "toId")) }
}

const putPair = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const { from, to } = pairOf(request, state)
  const kinds = kindsOf(state, from.name, to.name, Body.objects(request.body, "items"))
  if (kinds.length === 0) throw invalid("An association needs types")
  const before = state.associations.between(from, to).filter(({ category }) => category === "USER_DEFINED")
  const dropped = before.filter((kind) => !kinds.includes(kind))
  state.tick()
  state.commit([
    ...dropped.map((kind): Change => ({ op: "unlink", from, to, kind })),
    ...linkChanges({ from, to, kinds }),
  ])
  return { status: 201, body: pairToWire(state, from, to) }
}

const putDefault = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const { from, to } = pairOf(request, state)
  state.tick()
  state.commit(linkChanges({ from, to, kinds: [plainKind(from.name, to.name)] }))
  return answer(state, 200, defaultsToWire(from, to))
}

const deletePair = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const ends = endsOf(request)
  const changes = unlinkChanges(state, ends, param(request, "id"), [param(request, "toId")], [null])
  if (changes.length > 0) state.tick()
  state.commit(changes)
  return { status: 204 }
}

export const routes: ReadonlyArray<Route> = [
  { method: "POST", pattern: "associations/:from/:to/batch/create", handle: createPairs },
  { method: "POST", pattern: "associations/:from/:to/batch/associate/default", handle: createDefaults },
  { method: "POST", pattern: "associations/:from/:to/batch/read", handle: readPairs },
  { method: "POST", pattern: "associations/:from/:to/batch/archive", handle: archivePairs },
  { method: "POST", pattern: "associations/:from/:to/batch/labels/archive", handle: archiveLabels },
  { method: "PUT", pattern: "objects/:from/:id/associations/default/:to/:toId", handle: putDefault },
  { method: "GET", pattern: "objects/:from/:id/associations/:to", handle: listPairs },
  { method: "PUT", pattern: "objects/:from/:id/associations/:to/:toId", handle: putPair },
  { method: "DELETE", pattern: "objects/:from/:id/associations/:to/:toId", handle: deletePair },
]
