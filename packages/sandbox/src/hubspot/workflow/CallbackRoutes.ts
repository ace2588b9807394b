/**
 * Completing blocked actions, one or many. A batch is completed wholly or not at all (unverified). `typedOutputs`,
 * `failureReasonType` and `requestContext` are accepted and not used.
 */
import { invalid } from "../ApiError.ts"
import * as Body from "../RequestBody.ts"
import { param } from "../Route.ts"
import { complete } from "./CallbackCompletion.ts"
import type { HubSpotState } from "../HubSpotState.ts"
import type { Json } from "../RequestBody.ts"
import type { ApiRequest, ApiResponse, Route } from "../Route.ts"

const known = ["outputFields", "typedOutputs", "failureReasonType", "requestContext"]

const outputsOf = (body: Json, more: ReadonlyArray<string> = []): Json => {
  const unknown = Object.keys(body).find((name) => !known.includes(name) && !more.includes(name))
  if (unknown !== undefined) throw invalid(`Invalid input JSON: unknown field "${unknown}"`)
  return Body.object(body, "outputFields")
}

const completeOne = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  state.commit([{ op: "run", run: complete(state, param(request, "callbackId"), outputsOf(request.body)) }])
  return { status: 204 }
}

const maximumInputs = 100

const completeMany = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const inputs = Body.inputs(request.body, maximumInputs)
  const ids = inputs.map((input) => Body.text(input, "callbackId"))
  if (new Set(ids).size < ids.length) throw invalid("A callback can be completed once only")
  const runs = inputs.map((input, index) => complete(state, ids[index] ?? "", outputsOf(input, ["callbackId"])))
  state.commit(runs.map((run) => ({ op: "run", run })))
  return { status: 204 }
}

export const routes: ReadonlyArray<Route> = [
  { method: "POST", pattern: "callbacks/complete", handle: completeMany },
  { method: "POST", pattern: "callbacks/:callbackId/complete", handle: completeOne },
]
