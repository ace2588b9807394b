/**
 * Judges and normalises one property value that a client sends.
 *
 * Everything is kept as a string. An empty value or `null` clears the property. Instants are accepted as ISO
 * 8601 or as epoch milliseconds and kept as ISO 8601; dates must fall on midnight UTC.
 */
import type { PropertyProblem } from "./ApiError.ts"
import type { PropertyDefinition } from "./PropertyDefinition.ts"

export type Judged = { readonly value: string | null } | { readonly problem: PropertyProblem }

const maximumLength = 65_536

export const judge = (definition: PropertyDefinition, raw: unknown): Judged => {
  const { name } = definition
  const refuse = (code: string, message: string): Judged => ({ problem: { name, code, message } })
  if (definition.readOnlyValue) {
    return refuse("READ_ONLY_VALUE", `"${name}" is a read only property; its value cannot be set.`)
  }
  if (raw === null) return { value: null }
  if (typeof raw !== "string" && typeof raw !== "number" && typeof raw !== "boolean") {
    return refuse("INVALID_VALUE", `The value of "${name}" must be a string.`)
  }
  const value = String(raw)
  if (value === "") return { value: null }
  if (value.length > maximumLength) {
    return refuse(
      "PROPERTY_VALUE_TOO_LONG",
      `"${name}" holds ${value.length} characters; ${maximumLength} are allowed.`,
    )
  }
  if (value.includes("\0")) return refuse("INVALID_VALUE", `The value of "${name}" contains a NUL character.`)
  switch (definition.type) {
    case "number":
      return isNumber(value) ? { value } : refuse("INVALID_NUMBER", `${value} was not a valid number.`)
    case "bool":
      return value === "true" || value === "false"
        ? { value }
        : refuse("INVALID_OPTION", `${value} was not one of the allowed options: [true, false]`)
    case "enumeration":
      return enumeration(definition, value, refuse)
    case "datetime":
    case "date":
      return instant(definition, value, refuse)
    case "string":
    case "phone_number":
      return name === "email" ? email(value, refuse) : { value }
  }
}

/** Milliseconds of an instant in either notation, or `null`. */
export const instantMillis = (value: string): number | null => {
  const millis = /^-?\d{5,}$/.test(value) ? Number(value) : /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : NaN
  return Number.isFinite(millis) && Math.abs(millis) <= 8.64e15 ? millis : null
}

const isNumber = (value: string): boolean => /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)

type Refuse = (code: string, message: string) => Judged

const enumeration = (definition: PropertyDefinition, value: string, refuse: Refuse): Judged => {
  const chosen = definition.fieldType === "checkbox" ? value.split(";").filter((one) => one !== "") : [value]
  const allowed = definition.options.map((option) => option.value)
  const wrong = chosen.find((one) => !allowed.includes(one))
  return wrong === undefined
    ? { value }
    : refuse("INVALID_OPTION", `${wrong} was not one of the allowed options: [${allowed.join(", ")}]`)
}

const instant = (definition: PropertyDefinition, value: string, refuse: Refuse): Judged => {
  const millis = instantMillis(value)
  if (millis === null) return refuse("INVALID_DATE", `${value} was not a valid long.`)
  if (definition.type === "datetime") return { value: new Date(millis).toISOString() }
  return millis % 86_400_000 === 0
    ? { value: new Date(millis).toISOString().slice(0, 10) }
    : refuse("INVALID_DATE", `${value} is at ${new Date(millis).toISOString()}, which is not midnight.`)
}

const email = (value: string, refuse: Refuse): Judged => {
  const trimmed = value.trim().toLowerCase()
  return /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(trimmed)
    ? { value: trimmed }
    : refuse("INVALID_EMAIL", `Email address ${value} is invalid`)
}
