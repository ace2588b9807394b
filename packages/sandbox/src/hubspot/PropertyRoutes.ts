/**
 * Property definitions and their groups: list, read, create (one or many), change.
 *
 * A name that exists is refused with 409; names, types and uniqueness cannot be changed later. HubSpot's own
 * definitions cannot be changed at all. At most ten properties of an object type may be unique.
 */
import { ApiError, invalid, notFound } from "./ApiError.ts"
import { answer, attempt } from "./BatchAnswer.ts"
import { infer } from "./ObjectTypes.ts"
import { fieldTypes, groupToWire, propertyTypes, toWire } from "./PropertyDefinition.ts"
import * as Body from "./RequestBody.ts"
import { param } from "./Route.ts"
import type { BatchError } from "./BatchAnswer.ts"
import type { HubSpotState } from "./HubSpotState.ts"
import type { ObjectType } from "./ObjectTypes.ts"
import type { PropertyDefinition, PropertyOption, PropertyType } from "./PropertyDefinition.ts"
import type { Json } from "./RequestBody.ts"
import type { ApiRequest, ApiResponse, Route } from "./Route.ts"

const maximumInputs = 100
const maximumUnique = 10

const optionsOf = (body: Json): ReadonlyArray<PropertyOption> => {
  const options = Body.objects(body, "options").map((option, index): PropertyOption => ({
    label: Body.text(option, "label"),
    value: Body.text(option, "value"),
    description: Body.optionalText(option, "description") ?? "",
    displayOrder: Body.integer(option, "displayOrder", index),
    hidden: option["hidden"] === true,
  }))
  for (const [index, { value }] of options.entries()) {
    if (options.findIndex((other) => other.value === value) !== index) {
      throw invalid(`Property option values must be unique; "${value}" occurs twice`)
    }
  }
  return options
}

const groupOf = (state: HubSpotState, type: ObjectType, name: string): string => {
  if (state.group(type.name, name) === undefined) throw invalid(`Property group "${name}" does not exist`)
  return name
}

const shapeOf = (body: Json): { readonly type: PropertyType; readonly fieldType: string } => {
  const name = Body.text(body, "type")
  const type = propertyTypes.find((one) => one === name)
  if (type === undefined) throw invalid(`Invalid property type "${name}"; allowed: ${propertyTypes.join(", ")}`)
  const fieldType = Body.text(body, "fieldType")
  if (!fieldTypes[type].includes(fieldType)) {
    throw invalid(`Invalid fieldType "${fieldType}" for type ${type}; allowed: ${fieldTypes[type].join(", ")}`)
  }
  return { type, fieldType }
}

const prepare = (state: HubSpotState, type: ObjectType, body: Json, uniqueBefore: number): PropertyDefinition => {
  const name = Body.text(body, "name")
  if (!/^[a-z][a-z0-9_]{0,99}$/.test(name)) {
    throw invalid(`Invalid property name "${name}": lower-case letters, digits and underscores, a letter first`)
  }
  if (state.definition(type.name, name) !== undefined) {
    throw new ApiError(409, "OBJECT_ALREADY_EXISTS", `A property named '${name}' already exists.`)
  }
  const shape = shapeOf(body)
  const given = optionsOf(body)
  if (shape.type === "enumeration" && given.length === 0) throw invalid(`Property "${name}" needs options`)
  const hasUniqueValue = body["hasUniqueValue"] === true
  if (hasUniqueValue && shape.type !== "string" && shape.type !== "number") {
    throw invalid(`Property "${name}" cannot be unique: only text and numbers can`)
  }
  if (hasUniqueValue && uniqueBefore >= maximumUnique) {
    throw invalid(`${type.name} already have ${maximumUnique} unique properties, the most allowed`)
  }
  const at = state.tick()
  return {
    name,
    ...shape,
    label: Body.text(body, "label"),
    description: Body.optionalText(body, "description") ?? "",
    groupName: groupOf(state, type, Body.text(body, "groupName")),
    options: shape.type === "bool" && given.length === 0 ? yesAndNo : given,
    displayOrder: Body.integer(body, "displayOrder", -1),
    hasUniqueValue,
    hidden: body["hidden"] === true,
    formField: body["formField"] === true,
    readOnlyValue: false,
    hubspotDefined: false,
    createdAt: at,
    updatedAt: at,
  }
}

const yesAndNo: ReadonlyArray<PropertyOption> = ["true", "false"].map((value, displayOrder) => ({
  label: value === "true" ? "Yes" : "No",
  value,
  description: "",
  displayOrder,
  hidden: false,
}))

const customUnique = (state: HubSpotState, type: ObjectType): number =>
  state.definitions(type.name).filter((one) => one.hasUniqueValue && !one.hubspotDefined).length

const listDefinitions = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const type = infer(param(request, "type"))
  const results = request.query.get("archived") === "true" ? [] : state.definitions(type.name).map(toWire)
  return { status: 200, body: { results } }
}

const readDefinition = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const definition = state.definition(infer(param(request, "type")).name, param(request, "name"))
  if (definition === undefined) throw notFound(`Property ${param(request, "name")} does not exist`)
  return { status: 200, body: toWire(definition) }
}

const createDefinition = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const type = infer(param(request, "type"))
  const definition = prepare(state, type, request.body, customUnique(state, type))
  state.commit([{ op: "definition", name: type.name, definition }])
  return { status: 201, body: toWire(definition) }
}

const createDefinitions = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const type = infer(param(request, "type"))
  const created: Array<PropertyDefinition> = []
  const errors: Array<BatchError> = []
  for (const input of Body.inputs(request.body, maximumInputs)) {
    const name = Body.optionalText(input, "name") ?? ""
    const one = attempt(() => {
      if (created.some((earlier) => earlier.name === name)) throw invalid(`Property "${name}" occurs twice`)
      const unique = customUnique(state, type) + created.filter((earlier) => earlier.hasUniqueValue).length
      return prepare(state, type, input, unique)
    })
    if (one instanceof ApiError) errors.push({ error: one, context: { name: [name] } })
    else created.push(one)
  }
  state.commit(created.map((definition) => ({ op: "definition", name: type.name, definition })))
  return answer(state, 201, created.map(toWire), errors)
}

const readDefinitions = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const type = infer(param(request, "type"))
  const names = Body.inputs(request.body, maximumInputs).map((input) => Body.text(input, "name"))
  const found = names.flatMap((name) => state.definition(type.name, name) ?? [])
  const missing = names.filter((name) => state.definition(type.name, name) === undefined)
  const errors = missing.map((name) => ({
    error: notFound(`Property ${name} does not exist`),
    context: { name: [name] },
  }))
  return answer(state, 200, found.map(toWire), errors)
}

const changeDefinition = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const type = infer(param(request, "type"))
  const { body } = request
  const before = state.definition(type.name, param(request, "name"))
  if (before === undefined) throw notFound(`Property ${param(request, "name")} does not exist`)
  if (before.hubspotDefined) throw invalid(`${before.name} is defined by HubSpot and cannot be changed`)
  const fixed = { name: before.name, type: before.type, hasUniqueValue: before.hasUniqueValue }
  for (const [field, value] of Object.entries(fixed)) {
    if (body[field] !== undefined && body[field] !== value) throw invalid(`${field} cannot be changed`)
  }
  const group = Body.optionalText(body, "groupName")
  const definition: PropertyDefinition = {
    ...before,
    label: Body.optionalText(body, "label") ?? before.label,
    description: Body.optionalText(body, "description") ?? before.description,
    groupName: group === undefined ? before.groupName : groupOf(state, type, group),
    options: body["options"] === undefined ? before.options : optionsOf(body),
    displayOrder: Body.integer(body, "displayOrder", before.displayOrder),
    hidden: typeof body["hidden"] === "boolean" ? body["hidden"] : before.hidden,
    formField: typeof body["formField"] === "boolean" ? body["formField"] : before.formField,
    updatedAt: state.tick(),
  }
  state.commit([{ op: "definition", name: type.name, definition }])
  return { status: 200, body: toWire(definition) }
}

const listGroups = (request: ApiRequest, state: HubSpotState): ApiResponse => ({
  status: 200,
  body: { results: state.groups(infer(param(request, "type")).name).map(groupToWire) },
})

const readGroup = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const group = state.group(infer(param(request, "type")).name, param(request, "name"))
  if (group === undefined) throw notFound(`Property group ${param(request, "name")} does not exist`)
  return { status: 200, body: groupToWire(group) }
}

const createGroup = (request: ApiRequest, state: HubSpotState): ApiResponse => {
  const { name: objectName } = infer(param(request, "type"))
  const name = Body.text(request.body, "name")
  if (state.group(objectName, name) !== undefined) {
    throw new ApiError(409, "OBJECT_ALREADY_EXISTS", `A property group named '${name}' already exists.`)
  }
  const displayOrder = Body.integer(request.body, "displayOrder", -1)
  const group = { name, label: Body.text(request.body, "label"), displayOrder }
  state.tick()
  state.commit([{ op: "group", name: objectName, group }])
  return { status: 201, body: groupToWire(group) }
}

export const routes: ReadonlyArray<Route> = [
  { method: "GET", pattern: "properties/:type", handle: listDefinitions },
  { method: "POST", pattern: "properties/:type", handle: createDefinition },
  { method: "POST", pattern: "properties/:type/batch/create", handle: createDefinitions },
  { method: "POST", pattern: "properties/:type/batch/read", handle: readDefinitions },
  { method: "GET", pattern: "properties/:type/groups", handle: listGroups },
  { method: "POST", pattern: "properties/:type/groups", handle: createGroup },
  { method: "GET", pattern: "properties/:type/groups/:name", handle: readGroup },
  { method: "GET", pattern: "properties/:type/:name", handle: readDefinition },
  { method: "PATCH", pattern: "properties/:type/:name", handle: changeDefinition },
]
