/**
 * Single records of the objects API: list, read, create, change, archive, merge, erase.
 *
 * Reading and changing one record accepts an id that was merged away and answers with the present record. A
 * merge makes a new record with a new id; both old ids keep resolving to it.
 */
import { ApiError, invalid, notFound } from "./ApiError.ts"
import { infer } from "./ObjectTypes.ts"
import { print } from "./ObjectView.ts"
import { prepareArchive, prepareCreate, prepareUpdate, refuseReadOnlyType } from "./ObjectWrite.ts"
import * as Body from "./RequestBody.ts"
import { param } from "./Route.ts"
import { compareIds, emailsOf } from "./StoredRecord.ts"
import type { HubSpotState } from "./HubSpotState.ts"
import type { ObjectType } from "./ObjectTypes.ts"
import type { View } from "./ObjectView.ts"
import type { ApiRequest, ApiResponse, Route } from "./Route.ts"
import type { StoredRecord } from "./StoredRecord.ts"

const maximumPage = 100
const maximumIdentities = 250

export const refuseHistory = (asked: ReadonlyArray<string>): void => {
  if (asked.length > 0) throw invalid("propertiesWithHistory: this portal keeps no history of property values")
}

const viewOf = (query: URLSearchParams): View => {
  refuseHistory(Body.queryNames(query, "propertiesWithHistory"))
  return { properties: Body.queryNames(query, "properties"), associations: Body.queryNames(query, "associations") }
}

/** A page size between 1 and `maximum`. */
export const limitOf = (value: string | null, fallback: number, maximum: number): number => {
  if (value === null) return fallback
  const limit = Number(value)
  if (!Number.isInteger(limit) || limit < 1 || limit > maximum) {
    throw invalid(`limit must be a whole number between 1 and ${maximum}, not ${value}`)
  }
  return limit
}

/** By id, or by `idProperty` where that is unique; archived records only when asked for. */
const find = (state: HubSpotState, type: ObjectType, request: ApiRequest): StoredRecord => {
  const id = param(request, "id")
  const idProperty = request.query.get("idProperty")
  if (idProperty !== null && state.definition(type.name, idProperty)?.hasUniqueValue !== true) {
    throw invalid(`${idProperty} is not a unique property of ${type.typeId}`)
  }
  const record = idProperty === null ? state.resolve(type.name, id) : state.byUnique(type.name, idProperty, id)
  const archived = request.query.get("archived") === "true"
  if (record === undefined || record.archived !== archived) throw notFound()
  return record
}

const listRecords = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const type = infer(param(request, "type"))
  const view = viewOf(request.query)
  const limit = limitOf(request.query.get("limit"), 10, maximumPage)
  const archived = request.query.get("archived") === "true"
  const after = request.query.get("after")
  if (after !== null && !/^\d+$/.test(after)) throw invalid(`after must be a cursor of this list, not ${after}`)
  const page: Array<StoredRecord> = []
  let more = false
  for (const id of state.ids(type.name)) {
    if (after !== null && compareIds(id, after) <= 0) continue
    const record = state.get(type.name, id) as StoredRecord
    if (record.archived !== archived) continue
    if (page.length === limit) {
      more = true
      break
    }
    page.push(record)
  }
  const last = page.at(-1)?.id ?? ""
  return {
    status: 200,
    body: {
      results: page.map((record) => print(state, type, record, view)),
      ...(more ? { paging: { next: { after: last, link: `?limit=${limit}&after=${last}` } } } : {}),
    },
  }
}

const readRecord = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const type = infer(param(request, "type"))
  const view = viewOf(request.query)
  return { status: 200, body: print(state, type, find(state, type, request), view) }
}

const createRecord = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const type = infer(param(request, "type"))
  refuseReadOnlyType(type)
  const { record, changes } = prepareCreate(state, type, request.body, new Map())
  state.commit(changes)
  const properties = [...type.defaultProperties, ...Object.keys(record.properties)]
  return { status: 201, body: print(state, type, record, { properties }) }
}

const changeRecord = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const type = infer(param(request, "type"))
  refuseReadOnlyType(type)
  const { record, changes } = prepareUpdate(state, type, find(state, type, request), request.body, new Map())
  state.commit(changes)
  const properties = [...type.defaultProperties, ...Object.keys(Body.object(request.body, "properties"))]
  return { status: 200, body: print(state, type, record, { properties }) }
}

const archiveRecord = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const type = infer(param(request, "type"))
  refuseReadOnlyType(type)
  const record = state.resolve(type.name, param(request, "id"))
  if (record !== undefined && !record.archived) state.commit([prepareArchive(state, type, record)])
  return { status: 204 }
}

/** The primary's values win; what it lacks comes from the other. */
const merged = (state: HubSpotState, type: ObjectType, primary: StoredRecord, other: StoredRecord): StoredRecord => {
  const properties: Record<string, string> = { ...other.properties, ...primary.properties }
  const old = [primary, other].flatMap((one) => [one.id, ...(one.properties["hs_merged_object_ids"] ?? "").split(";")])
  properties["hs_merged_object_ids"] = [...new Set(old.filter((id) => id !== ""))].join(";")
  if (type.name === "contacts") {
    const emails = [...new Set([...emailsOf(primary), ...emailsOf(other)])]
    if (emails.length > maximumIdentities) {
      throw new ApiError(414, "VALIDATION_ERROR", `A contact can have at most ${maximumIdentities} identities`)
    }
    const main = properties["email"]?.toLowerCase()
    const additional = emails.filter((email) => email !== main)
    if (additional.length > 0) properties["hs_additional_emails"] = additional.join(";")
  }
  const createdAt = primary.createdAt < other.createdAt ? primary.createdAt : other.createdAt
  return { id: state.newId(), createdAt, updatedAt: state.tick(), archived: false, properties }
}

const mergeRecords = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const type = infer(param(request, "type"))
  refuseReadOnlyType(type)
  const [primary, other] = ["primaryObjectId", "objectIdToMerge"].map((field) => {
    const record = state.resolve(type.name, Body.text(request.body, field))
    if (record === undefined || record.archived) throw notFound(`No ${type.singular} for ${field}`)
    return record
  }) as [StoredRecord, StoredRecord]
  if (primary.id === other.id) throw invalid(`${type.singular} ${primary.id} cannot be merged with itself`)
  const record = merged(state, type, primary, other)
  const forward = (from: string) => ({ op: "forward", name: type.name, from, to: record.id }) as const
  state.commit([forward(primary.id), forward(other.id), { op: "record", name: type.name, record }])
  return { status: 200, body: print(state, type, record, { properties: Object.keys(record.properties) }) }
}

const eraseRecord = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const type = infer(param(request, "type"))
  if (type.name !== "contacts") throw invalid("gdpr-delete is for contacts only")
  const id = Body.text(request.body, "objectId")
  const idProperty = Body.optionalText(request.body, "idProperty")
  const record = idProperty === undefined ? state.resolve(type.name, id) : state.byUnique(type.name, idProperty, id)
  if (record !== undefined) state.commit([{ op: "erase", name: type.name, id: record.id }])
  return { status: 204 }
}

export const routes: ReadonlyArray<Route> = [
  { method: "GET", pattern: "objects/:type", handle: listRecords },
  { method: "POST", pattern: "objects/:type", handle: createRecord },
  { method: "POST", pattern: "objects/:type/merge", handle: mergeRecords },
  { method: "POST", pattern: "objects/:type/gdpr-delete", handle: eraseRecord },
  { method: "GET", pattern: "objects/:type/:id", handle: readRecord },
  { method: "PATCH", pattern: "objects/:type/:id", handle: changeRecord },
  { method: "DELETE", pattern: "objects/:type/:id", handle: archiveRecord },
]
