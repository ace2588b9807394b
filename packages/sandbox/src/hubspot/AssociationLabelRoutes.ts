/**
 * The labels of associations between two object types: list and create.
 *
 * A label gets one number per direction; between records of one type and without an inverse text the two are
 * the same. The first result is the direction of the path. Listing shows texts, never the internal names.
 */
import { ApiError, invalid } from "./ApiError.ts"
import { endsOf, plainKind, wireKind } from "./AssociationPair.ts"
import * as Body from "./RequestBody.ts"
import type { AssociationType } from "./AssociationType.ts"
import type { HubSpotState } from "./HubSpotState.ts"
import type { ApiRequest, ApiResponse, Route } from "./Route.ts"

const listLabels = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const [from, to] = endsOf(request)
  return { status: 200, body: { results: state.associations.kinds(from.name, to.name).map(wireKind) } }
}

const createLabel = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const [from, to] = endsOf(request)
  plainKind(from.name, to.name)
  const name = Body.text(request.body, "name")
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw invalid(`Invalid label name "${name}": letters, digits and underscores, no digit first`)
  }
  const label = Body.text(request.body, "label")
  const inverseLabel = Body.optionalText(request.body, "inverseLabel")
  const existing = state.associations.kinds(from.name, to.name)
  if (existing.some((kind) => kind.name === name || kind.label === label)) {
    throw new ApiError(
      409,
      "CONFLICT",
      `An association label "${name}" (${label}) already exists from ${from.name} to ${to.name}`,
    )
  }
  const typeId = 1 + state.clientLabels.length
  const twoSided = from !== to || inverseLabel !== undefined
  const inverseTypeId = twoSided ? typeId + 1 : typeId
  const there = { category: "USER_DEFINED", typeId, inverseTypeId, from: from.name, to: to.name, name, label } as const
  const back = {
    ...there,
    typeId: inverseTypeId,
    inverseTypeId: typeId,
    from: to.name,
    to: from.name,
    label: inverseLabel ?? label,
  }
  const kinds: ReadonlyArray<AssociationType> = twoSided ? [there, back] : [there]
  state.tick()
  state.commit(kinds.map((kind) => ({ op: "label", kind })))
  return { status: 200, body: { results: kinds.map(wireKind) } }
}

export const routes: ReadonlyArray<Route> = [
  { method: "GET", pattern: "associations/:from/:to/labels", handle: listLabels },
  { method: "POST", pattern: "associations/:from/:to/labels", handle: createLabel },
]
