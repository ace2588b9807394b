/**
 * What an action gave, against what its definition says it gives. What is unknown or of the wrong type is not recorded,
 * and told: HubSpot is quiet about it (reported), which makes such mistakes hard to find.
 */
import { instantMillis } from "../PropertyValue.ts"
import { isObject } from "../RequestBody.ts"
import type { OutputField } from "./ActionShape.ts"

export interface CheckedOutputs {
  readonly outputs: Readonly<Record<string, string>>
  /** Members with a meaning to HubSpot, as they came. */
  readonly control: Readonly<Record<string, unknown>>
  readonly problems: ReadonlyArray<string>
}

const fits = ({ options, type }: OutputField["typeDefinition"], value: string): boolean => {
  switch (type) {
    case "number":
    case "currency_number":
      return value.trim() !== "" && Number.isFinite(Number(value))
    case "bool":
      return value === "true" || value === "false"
    case "date":
    case "datetime":
      return instantMillis(value) !== null
    case "enumeration":
      return (options ?? []).length === 0 || (options ?? []).some((option) => option.value === value)
    case "json":
    case "object_coordinates":
      try {
        return JSON.parse(value) !== undefined
      } catch {
        return false
      }
    case "string":
    case "phone_number":
      return true
  }
}

const longest = 65_000

export const check = (fields: ReadonlyArray<OutputField>, value: unknown): CheckedOutputs => {
  if (value === undefined || value === null) return { outputs: {}, control: {}, problems: [] }
  if (!isObject(value)) return { outputs: {}, control: {}, problems: ['"outputFields" must be an object'] }
  const known = new Map(fields.map(({ typeDefinition }) => [typeDefinition.name, typeDefinition]))
  const outputs: Record<string, string> = {}
  const control: Record<string, unknown> = {}
  const problems: Array<string> = []
  for (const [name, raw] of Object.entries(value)) {
    const definition = known.get(name)
    if (name.startsWith("hs_")) control[name] = raw
    else if (definition === undefined) problems.push(`The action has no output field "${name}"; it is not recorded`)
    else if (raw === null) continue
    else if (typeof raw === "object") problems.push(`The output "${name}" must be a string; it is not recorded`)
    else if (String(raw).length > longest) problems.push(`The output "${name}" is longer than ${longest} characters`)
    else if (!fits(definition, String(raw)))
      problems.push(`The output "${name}" is no ${definition.type}: it is not recorded`)
    else outputs[name] = String(raw)
  }
  return { outputs, control, problems }
}
