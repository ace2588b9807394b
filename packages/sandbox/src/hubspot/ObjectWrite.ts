/**
 * Prepares the writes of records: judges values, refuses collisions of unique values, works out associations.
 *
 * Nothing is changed here. A handler prepares every input first, then commits what it gathered, so that a batch
 * can be refused as a whole. `claims` are the unique values taken by earlier inputs of the same batch.
 */
import { ApiError, invalid, invalidProperties } from "./ApiError.ts"
import { uniqueKey } from "./HubSpotState.ts"
import { judge } from "./PropertyValue.ts"
import { infer } from "./ObjectTypes.ts"
import * as Body from "./RequestBody.ts"
import type { PropertyProblem } from "./ApiError.ts"
import type { Category } from "./AssociationType.ts"
import type { Change } from "./Change.ts"
import type { HubSpotState } from "./HubSpotState.ts"
import type { ObjectName, ObjectType } from "./ObjectTypes.ts"
import type { Json } from "./RequestBody.ts"
import type { StoredRecord } from "./StoredRecord.ts"

export type Claims = Map<string, string>
type Values = ReadonlyArray<readonly [string, string | null]>

const missing = (name: string): PropertyProblem => ({
  name,
  code: "PROPERTY_DOESNT_EXIST",
  message: `Property "${name}" does not exist`,
})

export const refuseReadOnlyType = (type: ObjectType): void => {
  if (type.readOnly) throw new ApiError(405, "VALIDATION_ERROR", `${type.name} can be read only, not written.`)
}

/** Refuses names that the portal does not define: these fail a batch as a whole. */
export const refuseUnknown = (state: HubSpotState, name: ObjectName, inputs: ReadonlyArray<Json>): void => {
  const names = new Set(inputs.flatMap((input) => Object.keys(Body.object(input, "properties"))))
  const problems = [...names].filter((property) => state.definition(name, property) === undefined).map(missing)
  if (problems.length > 0) throw invalidProperties(state.world.brand.portalId, problems)
}

const judgeAll = (state: HubSpotState, name: ObjectName, properties: Json): Values => {
  const problems: Array<PropertyProblem> = []
  const values: Array<readonly [string, string | null]> = []
  for (const [property, raw] of Object.entries(properties)) {
    const definition = state.definition(name, property)
    const judged = definition === undefined ? { problem: missing(property) } : judge(definition, raw)
    if ("problem" in judged) problems.push(judged.problem)
    else values.push([property, judged.value])
  }
  if (problems.length > 0) throw invalidProperties(state.world.brand.portalId, problems)
  return values
}

const claim = (state: HubSpotState, type: ObjectType, id: string, values: Values, claims: Claims): void => {
  const taken: Array<string> = []
  for (const [property, value] of values) {
    if (value === null || state.definition(type.name, property)?.hasUniqueValue !== true) continue
    const key = uniqueKey(property, value)
    const holder = claims.get(key) ?? state.byUnique(type.name, property, value)?.id
    if (holder !== undefined && holder !== id) {
      if (property === "email") {
        throw new ApiError(409, "CONFLICT", `Contact already exists. Existing ID: ${holder}`)
      }
      const message = `${id} conflicts: ${holder} already has the value "${value}" for the unique property "${property}".`
      throw invalidProperties(state.world.brand.portalId, [
        { name: property, code: "CONFLICTING_UNIQUE_VALUE", message },
      ])
    }
    taken.push(key)
  }
  for (const key of taken) claims.set(key, id)
}

const withValues = (before: Readonly<Record<string, string>>, values: Values): Record<string, string> => {
  const after = { ...before }
  for (const [property, value] of values) {
    if (value === null) delete after[property]
    else after[property] = value
  }
  return after
}

/** What HubSpot computes from the stage of a deal. */
const withComputed = (type: ObjectType, properties: Record<string, string>): Record<string, string> => {
  const stage = properties["dealstage"]
  if (type.name !== "deals" || stage === undefined) return properties
  const won = stage === "closedwon"
  return { ...properties, hs_is_closed_won: String(won), hs_is_closed: String(won || stage === "closedlost") }
}

export interface Prepared {
  readonly record: StoredRecord
  readonly changes: ReadonlyArray<Change>
}

export const prepareCreate = (state: HubSpotState, type: ObjectType, input: Json, claims: Claims): Prepared => {
  const values = judgeAll(state, type.name, Body.object(input, "properties"))
  if (type.name === "notes" && !values.some(([name, value]) => name === "hs_timestamp" && value !== null)) {
    throw invalid('Error creating NOTE. Some required properties were not set.: ["hs_timestamp"]')
  }
  const id = state.newId()
  claim(state, type, id, values, claims)
  const links = associationsOf(state, type.name, id, input)
  const at = state.tick()
  const properties = withComputed(type, withValues({}, values))
  const record: StoredRecord = { id, createdAt: at, updatedAt: at, archived: false, properties }
  return { record, changes: [{ op: "record", name: type.name, record }, ...links] }
}

export const prepareUpdate = (
  state: HubSpotState,
  type: ObjectType,
  before: StoredRecord,
  input: Json,
  claims: Claims,
): Prepared => {
  const values = judgeAll(state, type.name, Body.object(input, "properties"))
  claim(state, type, before.id, values, claims)
  const properties = withComputed(type, withValues(before.properties, values))
  const record: StoredRecord = { ...before, updatedAt: state.tick(), properties }
  return { record, changes: [{ op: "record", name: type.name, record }] }
}

export const prepareArchive = (state: HubSpotState, type: ObjectType, record: StoredRecord): Change => {
  const at = state.tick()
  return { op: "record", name: type.name, record: { ...record, archived: true, archivedAt: at, updatedAt: at } }
}

/** The `associations` of a create: `[{to: {id}, types: [{associationCategory, associationTypeId}]}]`. */
const associationsOf = (state: HubSpotState, from: ObjectName, id: string, input: Json): ReadonlyArray<Change> =>
  Body.objects(input, "associations").flatMap((association) => {
    const toId = Body.text(Body.object(association, "to"), "id")
    const types = Body.objects(association, "types")
    if (types.length === 0) throw invalid(`The association with ${toId} names no types`)
    return types.map((type): Change => {
      const category = Body.text(type, "associationCategory") as Category
      const typeId = Body.integer(type, "associationTypeId", -1)
      const to = targetOf(state, from, category, typeId)
      const record = state.resolve(to, toId)
      if (record === undefined) throw invalid(`Association target ${toId} does not exist`)
      const kind = state.associations.kind(from, to, category, typeId)
      if (kind === undefined) throw invalid(`${category} association type ${typeId} is not one of ${from}`)
      return { op: "link", from: { name: from, id }, to: { name: to, id: record.id }, kind }
    })
  })

const targetOf = (state: HubSpotState, from: ObjectName, category: Category, typeId: number): ObjectName => {
  for (const name of ["contacts", "companies", "deals", "feedback_submissions", "notes"] as const) {
    if (state.associations.kind(from, name, category, typeId) !== undefined) return name
  }
  throw invalid(`${category} association type ${typeId} is not valid from ${infer(from).singular}`)
}
