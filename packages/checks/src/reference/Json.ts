/**
 * A value read from a reference case, and how one asks for what it holds.
 *
 * Promises: a field that is absent or of another type is an error that names it; the `…Or` forms take the value given
 * where the field is absent or null. Knows no kind of case.
 */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | JsonObject

export interface JsonObject {
  readonly [key: string]: Json | undefined
}

export const isList = (value: Json | undefined): value is ReadonlyArray<Json> => Array.isArray(value)

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const has = (value: Json | undefined, key: string): boolean =>
  isObject(value) && value[key] !== undefined && value[key] !== null

export const field = (value: Json | undefined, key: string): Json => {
  const found = isObject(value) ? value[key] : undefined
  if (found === undefined) throw new Error(`the case has no "${key}"`)
  return found
}

const wrong = (value: Json | undefined, wanted: string): never => {
  throw new Error(`${JSON.stringify(value)?.slice(0, 60) ?? "nothing"} stands where the case should hold ${wanted}`)
}

export const asNumber = (value: Json | undefined): number =>
  typeof value === "number" ? value : wrong(value, "a number")
export const asText = (value: Json | undefined): string => (typeof value === "string" ? value : wrong(value, "a text"))
export const asList = (value: Json | undefined): ReadonlyArray<Json> => (isList(value) ? value : wrong(value, "a list"))
export const asObject = (value: Json | undefined): JsonObject => (isObject(value) ? value : wrong(value, "an object"))

export const number = (value: Json | undefined, key: string): number => asNumber(field(value, key))
export const text = (value: Json | undefined, key: string): string => asText(field(value, key))
export const list = (value: Json | undefined, key: string): ReadonlyArray<Json> => asList(field(value, key))
export const numbers = (value: Json | undefined, key: string): ReadonlyArray<number> => list(value, key).map(asNumber)

export const numberOr = (value: Json | undefined, key: string, otherwise: number): number =>
  has(value, key) ? number(value, key) : otherwise
export const textOr = (value: Json | undefined, key: string, otherwise: string): string =>
  has(value, key) ? text(value, key) : otherwise
