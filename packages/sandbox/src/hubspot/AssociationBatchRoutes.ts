/**
 * Associations in batches: create, associate by the default kind, read, remove pairs or single labels.
 *
 * Create and read report what fails pair by pair (207); the default association is made for all or for none.
 */
import { ApiError, invalid } from "./ApiError.ts"
import * as Pair from "./AssociationPair.ts"
import { answer, attempt } from "./BatchAnswer.ts"
import * as Body from "./RequestBody.ts"
import type { AssociationType } from "./AssociationType.ts"
import type { BatchError } from "./BatchAnswer.ts"
import type { HubSpotState } from "./HubSpotState.ts"
import type { ObjectName } from "./ObjectTypes.ts"
import type { Json } from "./RequestBody.ts"
import type { ApiRequest, ApiResponse, Route } from "./Route.ts"

const maximumCreate = 2_000
const maximumRead = 1_000
const maximumArchive = 100

const endIds = (input: Json): readonly [string, string] => [
  Body.text(Body.object(input, "from"), "id"),
  Body.text(Body.object(input, "to"), "id"),
]

/** `partial`: pairs whose records are missing are reported; otherwise they refuse the whole batch. */
const link = (
  request: ApiRequest,
  state: HubSpotState,
  partial: boolean,
  kindsFor: (input: Json, from: ObjectName, to: ObjectName) => ReadonlyArray<AssociationType>,
): { readonly linked: ReadonlyArray<Pair.Linked>; readonly errors: ReadonlyArray<BatchError> } => {
  const [from, to] = Pair.endsOf(request)
  const linked: Array<Pair.Linked> = []
  const errors: Array<BatchError> = []
  for (const input of Body.inputs(request.body, maximumCreate)) {
    const [fromId, toId] = endIds(input)
    const kinds = kindsFor(input, from.name, to.name)
    const one = attempt(() => ({ from: Pair.refOf(state, from, fromId), to: Pair.refOf(state, to, toId), kinds }))
    if (!(one instanceof ApiError)) linked.push(one)
    else if (partial) errors.push({ error: one, context: { fromObjectId: [fromId], toObjectId: [toId] } })
    else throw one
  }
  if (linked.length > 0) state.tick()
  state.commit(linked.flatMap(Pair.linkChanges))
  return { linked, errors }
}

const createPairs = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const { linked, errors } = link(request, state, true, (input, from, to) => {
    const types = Body.objects(input, "types")
    if (types.length === 0) throw invalid("An association needs types")
    return Pair.kindsOf(state, from, to, types)
  })
  return answer(
    state,
    201,
    linked.map((one) => Pair.pairToWire(state, one.from, one.to)),
    errors,
  )
}

const createDefaults = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const { linked } = link(request, state, false, (_input, from, to) => [Pair.plainKind(from, to)])
  return answer(
    state,
    200,
    linked.flatMap((one) => Pair.defaultsToWire(one.from, one.to)),
  )
}

const readPairs = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const [from, to] = Pair.endsOf(request)
  const results: Array<Json> = []
  const errors: Array<BatchError> = []
  for (const input of Body.inputs(request.body, maximumRead)) {
    const id = Body.text(input, "id")
    const record = state.resolve(from.name, id)
    const after = Body.optionalText(input, "after")
    const { rows, ...paging } =
      record === undefined
        ? { rows: [] }
        : Pair.page(state, { name: from.name, id: record.id }, to.name, after, Pair.maximumPage)
    if ((rows as ReadonlyArray<unknown>).length > 0) results.push({ from: { id }, to: rows, ...paging })
    else {
      const message = `No ${to.singular} is associated with ${from.singular} ${id}.`
      const context = { fromObjectId: [id], fromObjectType: [from.singular], toObjectType: [to.singular] }
      errors.push({ error: new ApiError(404, "OBJECT_NOT_FOUND", message), context })
    }
  }
  return answer(state, 200, results, errors)
}

const archivePairs = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const ends = Pair.endsOf(request)
  const changes = Body.inputs(request.body, maximumArchive).flatMap((input) => {
    const toIds = Body.objects(input, "to").map((to) => Body.text(to, "id"))
    return Pair.unlinkChanges(state, ends, Body.text(Body.object(input, "from"), "id"), toIds, [null])
  })
  if (changes.length > 0) state.tick()
  state.commit(changes)
  return { status: 204 }
}

const archiveLabels = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const ends = Pair.endsOf(request)
  const changes = Body.inputs(request.body, maximumArchive).flatMap((input) => {
    const [fromId, toId] = endIds(input)
    const kinds = Pair.kindsOf(state, ends[0].name, ends[1].name, Body.objects(input, "types"))
    return Pair.unlinkChanges(state, ends, fromId, [toId], kinds)
  })
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
]
