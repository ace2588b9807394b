/**
 * What HubSpot posts to an app's action: the callback's id, where it comes from, the record with the properties asked
 * for and no others, and the inputs as strings. The documented members always; those that portals were seen to send in
 * 2025 and 2026 (`fields`, `typedInputs`, execution indexes) by default.
 */
import { objectTypes } from "../ObjectTypes.ts"
import { latest } from "./ActionDefinition.ts"
import { objectNameOf } from "./Enrolment.ts"
import { outputsOf } from "./Run.ts"
import { propertyValue, resolve } from "./ValueSource.ts"
import type { HubSpotState } from "../HubSpotState.ts"
import type { Json } from "../RequestBody.ts"
import type { StoredRecord } from "../StoredRecord.ts"
import type { ActionDefinition } from "./ActionDefinition.ts"
import type { Run } from "./Run.ts"
import type { PlacedStep, Step, Workflow } from "./Workflow.ts"

export interface Inputs {
  readonly values: Readonly<Record<string, string>>
  readonly missing: ReadonlyArray<string>
}

/** Inputs without a value are left out (unverified). */
export const inputsOf = (
  state: HubSpotState,
  workflow: Workflow,
  run: Run,
  record: StoredRecord,
  step: Extract<Step, { readonly type: "APP_ACTION" }>,
  action: ActionDefinition,
): Inputs => {
  const values: Record<string, string> = {}
  const missing: Array<string> = []
  for (const { isRequired, typeDefinition } of latest(action).body.inputFields) {
    const source = step.inputs[typeDefinition.name]
    const value = source === undefined ? null : resolve(source, state, objectNameOf(workflow), record, outputsOf(run))
    if (value !== null && value !== "") values[typeDefinition.name] = value
    else if (isRequired === true) missing.push(typeDefinition.name)
  }
  return { values, missing }
}

/** `ap-{portal}-{enrolment}-{step}-{times}`: the same for every attempt, new for every enrolment. */
export const callbackIdOf = (state: HubSpotState, run: Run, placed: PlacedStep): string =>
  `ap-${state.world.brand.portalId}-${run.id}-${placed.number}-0`

export const originOf = (state: HubSpotState, action: ActionDefinition): Json => ({
  portalId: state.world.brand.portalId,
  actionDefinitionId: Number(action.id),
  actionDefinitionVersion: latest(action).number,
  extensionDefinitionId: Number(action.id),
  extensionDefinitionVersionId: latest(action).number,
})

export const bodyOf = (options: {
  readonly state: HubSpotState
  readonly workflow: Workflow
  readonly run: Run
  readonly record: StoredRecord
  readonly placed: PlacedStep
  readonly action: ActionDefinition
  readonly inputs: Readonly<Record<string, string>>
}): string => {
  const { action, inputs, placed, record, run, state, workflow } = options
  const name = objectNameOf(workflow)
  const wanted = latest(action).body.objectRequestOptions?.properties
  const properties = Object.fromEntries(
    (wanted ?? []).flatMap((property) => {
      const value = propertyValue(state, name, record, property)
      return value === null ? [] : [[property, value]]
    }),
  )
  const extended = state.automation.settings.extendedPayload
  const index = { actionExecutionIndexIdentifier: { enrollmentId: Number(run.id), actionExecutionIndex: 0 } }
  return JSON.stringify({
    callbackId: callbackIdOf(state, run, placed),
    origin: { ...originOf(state, action), ...(extended ? { userId: null, ...index } : {}) },
    context: {
      source: "WORKFLOWS",
      workflowId: Number(workflow.id),
      ...(extended ? { actionId: placed.number, ...index } : {}),
    },
    object: {
      objectId: Number(record.id),
      objectType: objectTypes[name].singular.toUpperCase(),
      ...(wanted === undefined ? {} : { properties }),
    },
    inputFields: inputs,
    ...(extended ? { fields: inputs, typedInputs: typed(action, inputs) } : {}),
  })
}

const typed = (action: ActionDefinition, inputs: Readonly<Record<string, string>>): Json => {
  const types = new Map(latest(action).body.inputFields.map(({ typeDefinition: { name, type } }) => [name, type]))
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, { value, type: (types.get(name) ?? "string").toUpperCase() }]),
  )
}
