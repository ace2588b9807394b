/**
 * Reads the JSON bodies that clients send: every accessor either gives the shape asked for or throws a 400
 * that names the field. It knows no endpoint, and it does not judge property values.
 */
import { invalid } from "./ApiError.ts"

export type Json = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const parse = (text: string): Json => {
  if (text.trim() === "") return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw invalid(`Invalid input JSON: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
  // One endpoint (the single association) takes a bare array; it is handed on under `items`.
  if (Array.isArray(value)) return { items: value }
  if (!isObject(value)) throw invalid("Invalid input JSON: the body must be an object")
  return value
}

export const list = (body: Json, field: string): ReadonlyArray<unknown> => {
  const value = body[field]
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw invalid(`Invalid input JSON: '${field}' must be an array`)
  return value
}

export const objects = (body: Json, field: string): ReadonlyArray<Json> =>
  list(body, field).map((value, index) => {
    if (!isObject(value)) throw invalid(`Invalid input JSON: '${field}[${index}]' must be an object`)
    return value
  })

/** The inputs of a batch, between 1 and `limit` of them. */
export const inputs = (body: Json, limit: number): ReadonlyArray<Json> => {
  const values = objects(body, "inputs")
  if (values.length < 1 || values.length > limit) {
    throw invalid(`The number of inputs must be between 1 and ${limit}, not ${values.length}`)
  }
  return values
}

/** Identifiers may come as strings or as numbers. */
export const optionalText = (body: Json, field: string): string | undefined => {
  const value = body[field]
  if (value === undefined || value === null) return undefined
  if (typeof value === "string") return value
  if (typeof value === "number" && Number.isFinite(value)) return String(value)
  throw invalid(`Invalid input JSON: '${field}' must be a string`)
}

export const text = (body: Json, field: string): string => {
  const value = optionalText(body, field)
  if (value === undefined || value === "") {
    throw invalid(`Invalid input JSON: some required fields were not set: [${field}]`)
  }
  return value
}

export const object = (body: Json, field: string): Json => {
  const value = body[field]
  if (value === undefined || value === null) return {}
  if (!isObject(value)) throw invalid(`Invalid input JSON: '${field}' must be an object`)
  return value
}

export const integer = (body: Json, field: string, fallback: number): number => {
  const value = body[field]
  if (value === undefined || value === null) return fallback
  const number = typeof value === "string" && value !== "" ? Number(value) : value
  if (typeof number !== "number" || !Number.isInteger(number)) {
    throw invalid(`Invalid input JSON: '${field}' must be a whole number`)
  }
  return number
}

/** Lists of names: an array of strings in a body. */
export const names = (body: Json, field: string): ReadonlyArray<string> =>
  list(body, field).map((value) => {
    if (typeof value !== "string") throw invalid(`Invalid input JSON: '${field}' must hold strings`)
    return value
  })

/** Lists of names in a query: repeated keys and comma lists are both accepted. */
export const queryNames = (query: URLSearchParams, field: string): ReadonlyArray<string> =>
  query
    .getAll(field)
    .flatMap((value) => value.split(","))
    .map((value) => value.trim())
    .filter((value) => value !== "")
