/**
 * Batches of at most 100 records.
 *
 * Read, update and upsert report inputs that fail one by one (207); create does so only when every input has
 * an `objectWriteTraceId` of its own, else the first failure refuses the whole batch, as does an upsert by
 * e-mail. Unknown properties always refuse the whole batch. Update refuses e-mail as id and does not know ids
 * that were merged away.
 */
import { ApiError, invalid } from "./ApiError.ts"
import { answer, attempt } from "./BatchAnswer.ts"
import { infer } from "./ObjectTypes.ts"
import { refuseHistory } from "./ObjectRoutes.ts"
import { print } from "./ObjectView.ts"
import { prepareArchive, prepareCreate, prepareUpdate, refuseReadOnlyType, refuseUnknown } from "./ObjectWrite.ts"
import * as Body from "./RequestBody.ts"
import { param } from "./Route.ts"
import type { BatchError, Context } from "./BatchAnswer.ts"
import type { Change } from "./Change.ts"
import type { HubSpotState } from "./HubSpotState.ts"
import type { ObjectType } from "./ObjectTypes.ts"
import type { Claims, Prepared } from "./ObjectWrite.ts"
import type { Json } from "./RequestBody.ts"
import type { ApiRequest, ApiResponse, Route } from "./Route.ts"
import type { StoredRecord } from "./StoredRecord.ts"

const maximumInputs = 100

const contextOf = (input: Json): Context => {
  const id = Body.optionalText(input, "id")
  const trace = Body.optionalText(input, "objectWriteTraceId")
  return {
    ...(id === undefined ? {} : { ids: [id] }),
    ...(trace === undefined ? {} : { objectWriteTraceId: [trace] }),
  }
}

const printPrepared = (state: HubSpotState, type: ObjectType, { record }: Prepared, extra: Json = {}): Json => {
  const properties = Object.keys(record.properties)
  return { ...print(state, type, record, { properties: [...type.defaultProperties, ...properties] }), ...extra }
}

const readBatch = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const type = infer(param(request, "type"))
  refuseHistory(Body.names(request.body, "propertiesWithHistory"))
  const properties = Body.names(request.body, "properties")
  const idProperty = Body.optionalText(request.body, "idProperty")
  if (idProperty !== undefined) uniqueProperty(state, type, idProperty)
  const archived = request.query.get("archived") === "true"
  const found = new Map<string, StoredRecord>()
  const missing: Array<string> = []
  for (const input of Body.inputs(request.body, maximumInputs)) {
    const id = Body.text(input, "id")
    const record = idProperty === undefined ? state.resolve(type.name, id) : state.byUnique(type.name, idProperty, id)
    if (record === undefined || record.archived !== archived) missing.push(id)
    else found.set(record.id, record)
  }
  const message = `Could not get some ${type.singular.toUpperCase()} objects, they may be deleted or not exist. Check that ids are valid.`
  const errors =
    missing.length === 0 ? [] : [{ error: new ApiError(404, "OBJECT_NOT_FOUND", message), context: { ids: missing } }]
  return answer(
    state,
    200,
    [...found.values()].map((record) => print(state, type, record, { properties })),
    errors,
  )
}

const createBatch = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const type = infer(param(request, "type"))
  refuseReadOnlyType(type)
  const inputs = Body.inputs(request.body, maximumInputs)
  refuseUnknown(state, type.name, inputs)
  const traces = new Set(inputs.map((input) => Body.optionalText(input, "objectWriteTraceId") ?? ""))
  const partial = traces.size === inputs.length && !traces.has("")
  const claims: Claims = new Map()
  const prepared: Array<Prepared & { readonly trace: Json }> = []
  const errors: Array<BatchError> = []
  for (const input of inputs) {
    const trace = Body.optionalText(input, "objectWriteTraceId")
    const echo: Json = trace === undefined ? {} : { objectWriteTraceId: trace }
    const one = attempt(() => ({ ...prepareCreate(state, type, input, claims), trace: echo }))
    if (!(one instanceof ApiError)) prepared.push(one)
    else if (partial) errors.push({ error: one, context: contextOf(input) })
    else throw one
  }
  state.commit(prepared.flatMap(({ changes }) => changes))
  return answer(
    state,
    201,
    prepared.map((one) => printPrepared(state, type, one, one.trace)),
    errors,
  )
}

const refuseDuplicates = (ids: ReadonlyArray<string>): void => {
  const duplicates = [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))]
  if (duplicates.length > 0)
    throw invalid(`Duplicate IDs found in batch input: [${duplicates.join(", ")}]. IDs must be unique`)
}

const uniqueProperty = (state: HubSpotState, type: ObjectType, property: string): void => {
  if (state.definition(type.name, property)?.hasUniqueValue !== true) {
    throw invalid(`${property} is not a unique property of ${type.typeId}`)
  }
}

/** The one `idProperty` of all inputs. */
const idPropertyOf = (inputs: ReadonlyArray<Json>): string | undefined => {
  const names = new Set(inputs.map((input) => Body.optionalText(input, "idProperty")))
  if (names.size > 1) throw invalid("All inputs must have the same idProperty")
  return [...names][0]
}

const updateBatch = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const type = infer(param(request, "type"))
  refuseReadOnlyType(type)
  const inputs = Body.inputs(request.body, maximumInputs)
  const idProperty = idPropertyOf(inputs)
  if (idProperty === "email") {
    throw invalid(`Unable to perform update/upsert by non-unique ${type.typeId} property: email`)
  }
  if (idProperty !== undefined) uniqueProperty(state, type, idProperty)
  refuseDuplicates(inputs.map((input) => Body.text(input, "id")))
  refuseUnknown(state, type.name, inputs)
  const claims: Claims = new Map()
  const prepared: Array<Prepared> = []
  const errors: Array<BatchError> = []
  for (const input of inputs) {
    const id = Body.text(input, "id")
    const one = attempt(() => {
      const before = idProperty === undefined ? state.get(type.name, id) : state.byUnique(type.name, idProperty, id)
      if (before === undefined || before.archived) {
        const message = `Could not get ${type.singular.toUpperCase()} object ${id}, it may be deleted or not exist.`
        throw new ApiError(404, "OBJECT_NOT_FOUND", message)
      }
      return prepareUpdate(state, type, before, input, claims)
    })
    if (one instanceof ApiError) errors.push({ error: one, context: contextOf(input) })
    else prepared.push(one)
  }
  state.commit(prepared.flatMap(({ changes }) => changes))
  return answer(
    state,
    200,
    prepared.map((one) => printPrepared(state, type, one)),
    errors,
  )
}

const upsertBatch = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const type = infer(param(request, "type"))
  refuseReadOnlyType(type)
  const inputs = Body.inputs(request.body, maximumInputs)
  const idProperty = idPropertyOf(inputs)
  if (idProperty === undefined) throw invalid("An upsert needs an idProperty")
  uniqueProperty(state, type, idProperty)
  refuseDuplicates(inputs.map((input) => Body.text(input, "id")))
  refuseUnknown(state, type.name, inputs)
  const claims: Claims = new Map()
  const prepared: Array<Prepared & { readonly created: boolean }> = []
  const errors: Array<BatchError> = []
  for (const input of inputs) {
    const id = Body.text(input, "id")
    const one = attempt(() => {
      const before = state.byUnique(type.name, idProperty, id)
      if (before !== undefined) return { ...prepareUpdate(state, type, before, input, claims), created: false }
      const properties = { ...Body.object(input, "properties"), [idProperty]: id }
      return { ...prepareCreate(state, type, { ...input, properties }, claims), created: true }
    })
    if (!(one instanceof ApiError)) prepared.push(one)
    else if (idProperty === "email") throw one
    else errors.push({ error: one, context: contextOf(input) })
  }
  state.commit(prepared.flatMap(({ changes }) => changes))
  return answer(
    state,
    200,
    prepared.map((one) => printPrepared(state, type, one, { new: one.created })),
    errors,
  )
}

const archiveBatch = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const type = infer(param(request, "type"))
  refuseReadOnlyType(type)
  const ids = new Set(Body.inputs(request.body, maximumInputs).map((input) => Body.text(input, "id")))
  const changes = [...ids].flatMap((id): ReadonlyArray<Change> => {
    const record = state.get(type.name, id)
    return record === undefined || record.archived ? [] : [prepareArchive(state, type, record)]
  })
  state.commit(changes)
  return { status: 204 }
}

export const routes: ReadonlyArray<Route> = [
  { method: "POST", pattern: "objects/:type/batch/read", handle: readBatch },
  { method: "POST", pattern: "objects/:type/batch/create", handle: createBatch },
  { method: "POST", pattern: "objects/:type/batch/update", handle: updateBatch },
  { method: "POST", pattern: "objects/:type/batch/upsert", handle: upsertBatch },
  { method: "POST", pattern: "objects/:type/batch/archive", handle: archiveBatch },
]
