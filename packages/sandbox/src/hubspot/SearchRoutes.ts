/**
 * The search endpoint: filters, one sort, at most 200 rows a page and 10,000 rows in all.
 *
 * Archived records are never found. Free text (`query`) is refused rather than half done. Unlike the real
 * index this one has no lag: what is written is found at once.
 */
import { invalid } from "./ApiError.ts"
import { infer } from "./ObjectTypes.ts"
import { print } from "./ObjectView.ts"
import { instantMillis } from "./PropertyValue.ts"
import * as Body from "./RequestBody.ts"
import { param } from "./Route.ts"
import { compile } from "./SearchFilter.ts"
import { compareIds, valueOf } from "./StoredRecord.ts"
import type { HubSpotState } from "./HubSpotState.ts"
import type { ObjectType } from "./ObjectTypes.ts"
import type { Json } from "./RequestBody.ts"
import type { ApiRequest, ApiResponse, Route } from "./Route.ts"
import type { StoredRecord } from "./StoredRecord.ts"

const maximumPage = 200
const maximumRows = 10_000
const maximumBody = 3_000

const search = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const type = infer(param(request, "type"))
  const { body } = request
  if (JSON.stringify(body).length > maximumBody) throw invalid(`A search may have at most ${maximumBody} characters`)
  if (Body.optionalText(body, "query")) throw invalid("query: this portal searches by filterGroups only")
  const limit = Body.integer(body, "limit", 10)
  if (limit < 1 || limit > maximumPage) throw invalid(`limit must be between 1 and ${maximumPage}, not ${limit}`)
  const after = Body.integer(body, "after", 0)
  if (after < 0) throw invalid(`after must not be negative, but is ${after}`)
  if (after >= maximumRows) throw invalid(`Paging through results cannot go beyond ${maximumRows}; after is ${after}`)
  const holds = compile(state, type, body)
  const order = orderOf(state, type, body)
  const found = state
    .ids(type.name)
    .map((id) => state.get(type.name, id) as StoredRecord)
    .filter((record) => !record.archived && holds(record))
    .sort(order)
  const end = Math.min(after + limit, maximumRows)
  const properties = Body.names(body, "properties")
  return {
    status: 200,
    body: {
      total: found.length,
      results: found.slice(after, end).map((record) => print(state, type, record, { properties })),
      ...(end < found.length ? { paging: { next: { after: String(end), link: `?after=${end}` } } } : {}),
    },
  }
}

type Order = (one: StoredRecord, other: StoredRecord) => number

/** By creation unless the client says otherwise; ties by id; records without the value come last. */
const orderOf = (state: HubSpotState, type: ObjectType, body: Json): Order => {
  const sorts = Body.list(body, "sorts")
  if (sorts.length > 1) throw invalid(`A search takes one sort, not ${sorts.length}`)
  const { property, descending } =
    sorts.length === 0 ? { property: type.createdProperty, descending: false } : sortOf(sorts[0])
  const definition = state.definition(type.name, property)
  if (definition === undefined) throw invalid(`Property "${property}" does not exist, so it cannot sort`)
  const sign = descending ? -1 : 1
  if (property === "hs_object_id") return (one, other) => sign * compareIds(one.id, other.id)
  const rank = (record: StoredRecord): string | number | null => {
    const value = valueOf(type, record, property)
    if (value === null) return null
    if (definition.type === "number") return Number(value)
    return definition.type === "datetime" || definition.type === "date" ? instantMillis(value) : value.toLowerCase()
  }
  return (one, other) => {
    const [left, right] = [rank(one), rank(other)]
    if (left === right) return compareIds(one.id, other.id)
    if (left === null) return 1
    if (right === null) return -1
    return sign * (left < right ? -1 : 1)
  }
}

/** `{propertyName, direction}`, or a name with a leading minus for descending. */
const sortOf = (sort: unknown): { readonly property: string; readonly descending: boolean } => {
  if (typeof sort === "string") return { property: sort.replace(/^-/, ""), descending: sort.startsWith("-") }
  if (!Body.isObject(sort)) throw invalid("A sort must be an object or a string")
  const direction = Body.optionalText(sort, "direction") ?? "ASCENDING"
  if (direction !== "ASCENDING" && direction !== "DESCENDING") throw invalid(`${direction} is not a sort direction`)
  return { property: Body.text(sort, "propertyName"), descending: direction === "DESCENDING" }
}

export const routes: ReadonlyArray<Route> = [{ method: "POST", pattern: "objects/:type/search", handle: search }]
