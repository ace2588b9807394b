/**
 * The filters of a search, checked and turned into one predicate over records.
 *
 * Groups are alternatives, filters within a group hold together. Text compares without case, except that the
 * values of IN and NOT_IN must be given in lower case; options compare exactly; numbers and instants compare by
 * value. A record without the property satisfies NOT_HAS_PROPERTY only.
 */
import { invalid } from "./ApiError.ts"
import { instantMillis } from "./PropertyValue.ts"
import * as Body from "./RequestBody.ts"
import { valueOf } from "./StoredRecord.ts"
import type { HubSpotState } from "./HubSpotState.ts"
import type { ObjectType } from "./ObjectTypes.ts"
import type { PropertyDefinition } from "./PropertyDefinition.ts"
import type { Json } from "./RequestBody.ts"
import type { StoredRecord } from "./StoredRecord.ts"

export type RecordPredicate = (record: StoredRecord) => boolean
type ValuePredicate = (value: string | null) => boolean

const maximumGroups = 5
const maximumFiltersPerGroup = 6
const maximumFilters = 18

export const compile = (state: HubSpotState, type: ObjectType, body: Json): RecordPredicate => {
  const groups = Body.objects(body, "filterGroups").map((group) => Body.objects(group, "filters"))
  if (groups.length > maximumGroups) throw tooMany("filterGroups", groups.length, maximumGroups)
  for (const filters of groups) {
    if (filters.length > maximumFiltersPerGroup)
      throw tooMany("filters in a group", filters.length, maximumFiltersPerGroup)
  }
  const all = groups.flat().length
  if (all > maximumFilters) throw tooMany("filters", all, maximumFilters)
  const alternatives = groups.map((filters) => filters.map((filter) => compileFilter(state, type, filter)))
  if (alternatives.length === 0) return () => true
  return (record) => alternatives.some((filters) => filters.every((holds) => holds(record)))
}

const tooMany = (what: string, count: number, maximum: number) =>
  invalid(`The request has ${count} ${what}; at most ${maximum} are allowed`)

const compileFilter = (state: HubSpotState, type: ObjectType, filter: Json): RecordPredicate => {
  const property = Body.text(filter, "propertyName")
  const definition = state.definition(type.name, property)
  if (definition === undefined) {
    throw invalid("There was a problem with the request.", [
      {
        message: `Property "${property}" does not exist`,
        code: "PROPERTY_DOESNT_EXIST",
        context: { propertyName: [property] },
      },
    ])
  }
  const holds = compileOperator(definition, filter)
  return (record) => holds(valueOf(type, record, property))
}

const compileOperator = (definition: PropertyDefinition, filter: Json): ValuePredicate => {
  const operator = Body.text(filter, "operator")
  const { compare, normalise } = comparisonOf(definition)
  const operand = (field: string) => normalise(Body.text(filter, field))
  const against = (accept: (order: number) => boolean): ValuePredicate => {
    const wanted = operand("value")
    return (value) => value !== null && accept(compare(normalise(value), wanted))
  }
  switch (operator) {
    case "EQ":
      return against((order) => order === 0)
    case "NEQ":
      return against((order) => order !== 0)
    case "LT":
      return against((order) => order < 0)
    case "LTE":
      return against((order) => order <= 0)
    case "GT":
      return against((order) => order > 0)
    case "GTE":
      return against((order) => order >= 0)
    case "BETWEEN": {
      const [low, high] = [operand("value"), operand("highValue")]
      return (value) => value !== null && compare(normalise(value), low) >= 0 && compare(normalise(value), high) <= 0
    }
    case "IN":
    case "NOT_IN": {
      const values = Body.names(filter, "values")
      if (values.length === 0) throw invalid(`${operator} needs "values"`)
      // Text values are taken as they are: one with capitals matches nothing, as in the real index.
      const wanted = new Set(isText(definition) ? values : values.map((value) => String(normalise(value))))
      return (value) => value !== null && wanted.has(String(normalise(value))) === (operator === "IN")
    }
    case "HAS_PROPERTY":
      return (value) => value !== null
    case "NOT_HAS_PROPERTY":
      return (value) => value === null
    case "CONTAINS_TOKEN":
      return containsToken(Body.text(filter, "value"))
    case "NOT_CONTAINS_TOKEN": {
      const contains = containsToken(Body.text(filter, "value"))
      return (value) => value !== null && !contains(value)
    }
    default:
      throw invalid(`${operator} is not a search operator`)
  }
}

const isText = (definition: PropertyDefinition): boolean =>
  definition.type === "string" || definition.type === "phone_number"

interface Comparison {
  readonly normalise: (value: string) => string | number | bigint
  readonly compare: (one: string | number | bigint, other: string | number | bigint) => number
}

const compare: Comparison["compare"] = (one, other) => (one < other ? -1 : one > other ? 1 : 0)

const comparisonOf = (definition: PropertyDefinition): Comparison => {
  switch (definition.type) {
    case "number":
      return { compare, normalise: (value) => numeric(definition, value) }
    case "date":
    case "datetime":
      return {
        compare,
        normalise: (value) => {
          const millis = instantMillis(value)
          if (millis === null) throw invalid(`${value} is not an instant, as ${definition.name} needs`)
          return millis
        },
      }
    case "enumeration":
    case "bool":
      return { compare, normalise: (value) => value }
    case "string":
    case "phone_number":
      return { compare, normalise: (value) => value.toLowerCase() }
  }
}

/** Whole numbers beyond the safe range (ids) stay exact; number and bigint compare by value. */
const numeric = (definition: PropertyDefinition, value: string): number | bigint => {
  if (/^-?\d{16,}$/.test(value)) return BigInt(value)
  const number = Number(value)
  if (value.trim() === "" || Number.isNaN(number))
    throw invalid(`${value} is not a number, as ${definition.name} needs`)
  return number
}

const tokens = (text: string): ReadonlyArray<string> => text.toLowerCase().match(/[\p{L}\p{N}_*]+/gu) ?? []

const containsToken = (wanted: string): ValuePredicate => {
  const patterns = tokens(wanted).map((token) => new RegExp(`^${token.replaceAll("*", ".*")}$`, "u"))
  if (patterns.length === 0) throw invalid(`"${wanted}" holds no token to search for`)
  return (value) => value !== null && patterns.every((pattern) => tokens(value).some((token) => pattern.test(token)))
}
