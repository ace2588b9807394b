/**
 * Where a step of a workflow takes a value from: written down, a property of the enrolled record, or what an earlier
 * step gave. Every value is a string; `null` where there is none. Instants become epoch milliseconds, as HubSpot sends
 * them to actions (reported).
 */
import { z } from "zod"
import { instantMillis } from "../PropertyValue.ts"
import { objectTypes } from "../ObjectTypes.ts"
import { valueOf } from "../StoredRecord.ts"
import type { HubSpotState } from "../HubSpotState.ts"
import type { ObjectName } from "../ObjectTypes.ts"
import type { StoredRecord } from "../StoredRecord.ts"

export const shape = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("STATIC_VALUE"), value: z.union([z.string(), z.number(), z.boolean()]) }),
  z.strictObject({ type: z.literal("OBJECT_PROPERTY"), propertyName: z.string().min(1) }),
  z.strictObject({ type: z.literal("STEP_OUTPUT"), step: z.string().min(1), output: z.string().min(1) }),
])

export type ValueSource = z.infer<typeof shape>

export type StepOutputs = Readonly<Record<string, Readonly<Record<string, string>>>>

/** The value of a property as an action sees it. */
export const propertyValue = (
  state: HubSpotState,
  name: ObjectName,
  record: StoredRecord,
  property: string,
): string | null => {
  const value = valueOf(objectTypes[name], record, property)
  const type = state.definition(name, property)?.type
  if (value === null || (type !== "date" && type !== "datetime")) return value
  const millis = instantMillis(value)
  return millis === null ? value : String(millis)
}

export const resolve = (
  source: ValueSource,
  state: HubSpotState,
  name: ObjectName,
  record: StoredRecord,
  outputs: StepOutputs,
): string | null => {
  switch (source.type) {
    case "STATIC_VALUE":
      return String(source.value)
    case "OBJECT_PROPERTY":
      return propertyValue(state, name, record, source.propertyName)
    case "STEP_OUTPUT":
      return outputs[source.step]?.[source.output] ?? null
  }
}
