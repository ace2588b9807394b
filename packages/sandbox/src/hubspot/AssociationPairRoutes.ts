/**
 * Associations of one record: list, put, remove.
 *
 * A PUT on a pair replaces its labels. Removing a pair removes everything between the two.
 */
import { invalid } from "./ApiError.ts"
import * as Pair from "./AssociationPair.ts"
import { answer } from "./BatchAnswer.ts"
import { limitOf } from "./ObjectRoutes.ts"
import * as Body from "./RequestBody.ts"
import { param } from "./Route.ts"
import type { RecordRef } from "./AssociationGraph.ts"
import type { Change } from "./Change.ts"
import type { HubSpotState } from "./HubSpotState.ts"
import type { ApiRequest, ApiResponse, Route } from "./Route.ts"

const listPairs = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const [from, to] = Pair.endsOf(request)
  const limit = limitOf(request.query.get("limit"), Pair.maximumPage, Pair.maximumPage)
  const after = request.query.get("after") ?? undefined
  const { rows, ...paging } = Pair.page(state, Pair.refOf(state, from, param(request, "id")), to.name, after, limit)
  return { status: 200, body: { results: rows, ...paging } }
}

const pairOf = (request: ApiRequest, state: HubSpotState): { readonly from: RecordRef; readonly to: RecordRef } => {
  const [from, to] = Pair.endsOf(request)
  return { from: Pair.refOf(state, from, param(request, "id")), to: Pair.refOf(state, to, param(request, "toId")) }
}

const putPair = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const { from, to } = pairOf(request, state)
  const kinds = Pair.kindsOf(state, from.name, to.name, Body.objects(request.body, "items"))
  if (kinds.length === 0) throw invalid("An association needs types")
  const before = state.associations.between(from, to).filter(({ category }) => category === "USER_DEFINED")
  const dropped = before.filter((kind) => !kinds.includes(kind))
  state.tick()
  state.commit([
    ...dropped.map((kind): Change => ({ op: "unlink", from, to, kind })),
    ...Pair.linkChanges({ from, to, kinds }),
  ])
  return { status: 201, body: Pair.pairToWire(state, from, to) }
}

const putDefault = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const { from, to } = pairOf(request, state)
  state.tick()
  state.commit(Pair.linkChanges({ from, to, kinds: [Pair.plainKind(from.name, to.name)] }))
  return answer(state, 200, Pair.defaultsToWire(from, to))
}

const deletePair = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const ends = Pair.endsOf(request)
  const changes = Pair.unlinkChanges(state, ends, param(request, "id"), [param(request, "toId")], [null])
  if (changes.length > 0) state.tick()
  state.commit(changes)
  return { status: 204 }
}

export const routes: ReadonlyArray<Route> = [
  { method: "PUT", pattern: "objects/:from/:id/associations/default/:to/:toId", handle: putDefault },
  { method: "GET", pattern: "objects/:from/:id/associations/:to", handle: listPairs },
  { method: "PUT", pattern: "objects/:from/:id/associations/:to/:toId", handle: putPair },
  { method: "DELETE", pattern: "objects/:from/:id/associations/:to/:toId", handle: deletePair },
]
