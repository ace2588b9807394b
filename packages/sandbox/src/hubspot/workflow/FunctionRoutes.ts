/**
 * The functions of an action's definition: kept and given back, but not run, which the log of each run says. Those of
 * an action that a project defines cannot be written (reported).
 */
import { ApiError, invalid, notFound } from "../ApiError.ts"
import { param } from "../Route.ts"
import { functionTypes } from "./ActionDefinition.ts"
import { definitionOf } from "./DefinitionRoutes.ts"
import type { HubSpotState } from "../HubSpotState.ts"
import type { ApiRequest, ApiResponse, Route } from "../Route.ts"
import type { ActionFunction } from "./ActionDefinition.ts"

const wanted = (request: ApiRequest): Pick<ActionFunction, "functionType" | "id"> => {
  const functionType = functionTypes.find((one) => one === param(request, "functionType"))
  if (functionType === undefined) throw invalid(`functionType must be one of ${functionTypes.join(", ")}`)
  const id = request.params["functionId"]
  return { functionType, ...(id === undefined ? {} : { id }) }
}

const isSame = (one: Pick<ActionFunction, "functionType" | "id">, other: typeof one): boolean =>
  one.functionType === other.functionType && one.id === other.id

const list = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const { functions } = definitionOf(request, state)
  const results = functions.map(({ functionType, id }) => ({ functionType, ...(id === undefined ? {} : { id }) }))
  return { status: 200, body: { results } }
}

const read = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const key = wanted(request)
  const found = definitionOf(request, state).functions.find((one) => isSame(one, key))
  if (found === undefined) throw notFound(`No function ${key.functionType}`)
  return { status: 200, body: { ...found } }
}

const write = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const key = wanted(request)
  const action = definitionOf(request, state)
  if (action.uid !== null) throw new ApiError(415, "VALIDATION_ERROR", "A project defines this action")
  if (request.text.trim() === "") throw invalid("The source of the function is empty")
  const functions = [...action.functions.filter((one) => !isSame(one, key)), { ...key, functionSource: request.text }]
  state.commit([{ op: "action", action: { ...action, functions } }])
  return { status: 200, body: { ...key } }
}

const remove = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const key = wanted(request)
  const action = definitionOf(request, state)
  const functions = action.functions.filter((one) => !isSame(one, key))
  state.commit([{ op: "action", action: { ...action, functions } }])
  return { status: 204 }
}

const base = "actions/:appId/:definitionId/functions"

export const routes: ReadonlyArray<Route> = [
  { method: "GET", pattern: base, handle: list },
  ...[`${base}/:functionType`, `${base}/:functionType/:functionId`].flatMap((pattern): ReadonlyArray<Route> => [
    { method: "GET", pattern, handle: read },
    { method: "PUT", pattern, handle: write, isText: true },
    { method: "DELETE", pattern, handle: remove },
  ]),
]
