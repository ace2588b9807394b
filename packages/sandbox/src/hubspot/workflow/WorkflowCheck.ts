/**
 * Whether a workflow can be switched on in this portal: its actions are there and may be used, their inputs are filled
 * as their definitions allow, the properties exist, and outputs are read only after the step that gives them. HubSpot's
 * editor does not let such mistakes happen; here each is refused with its path.
 */
import { latest, usable } from "./ActionDefinition.ts"
import { objectNameOf } from "./Enrolment.ts"
import type { HubSpotState } from "../HubSpotState.ts"
import type { ActionDefinition } from "./ActionDefinition.ts"
import type { InputField } from "./ActionShape.ts"
import type { ValueSource } from "./ValueSource.ts"
import type { Step, Workflow } from "./Workflow.ts"

export interface WorkflowProblem {
  readonly path: string
  readonly message: string
}

type Described = Pick<Workflow, "objectType" | "trigger"> & { readonly steps: ReadonlyArray<Step> }

/** Outputs that may be read at a place, by step. */
type Known = ReadonlyMap<string, ReadonlySet<string>>

class Check {
  readonly problems: Array<WorkflowProblem> = []
  readonly ids = new Set<string>()
  readonly #state: HubSpotState
  readonly #workflow: Described

  constructor(state: HubSpotState, workflow: Described) {
    this.#state = state
    this.#workflow = workflow
  }

  refuse(path: string, message: string): void {
    this.problems.push({ path, message })
  }

  property(path: string, name: string): void {
    if (this.#state.definition(objectNameOf(this.#workflow), name) === undefined)
      this.refuse(path, `the portal has no property "${name}" of a ${this.#workflow.objectType}`)
  }

  source(path: string, source: ValueSource, known: Known): void {
    if (source.type === "OBJECT_PROPERTY") this.property(`${path}.propertyName`, source.propertyName)
    if (source.type !== "STEP_OUTPUT") return
    const outputs = known.get(source.step)
    if (outputs === undefined) this.refuse(`${path}.step`, `no earlier step is called "${source.step}"`)
    else if (!outputs.has(source.output))
      this.refuse(`${path}.output`, `the step "${source.step}" gives no "${source.output}"`)
  }

  /** Gives what may be read after the list. */
  steps(path: string, steps: ReadonlyArray<Step>, before: Known): Known {
    let known = before
    for (const [index, step] of steps.entries()) known = this.step(`${path}[${index}]`, step, known)
    return known
  }

  step(path: string, step: Step, known: Known): Known {
    if (this.ids.has(step.id)) this.refuse(`${path}.id`, `"${step.id}" is used twice`)
    this.ids.add(step.id)
    switch (step.type) {
      case "APP_ACTION":
        return new Map(known).set(step.id, new Set(this.action(path, step, known)))
      case "SET_PROPERTY":
        this.property(`${path}.property`, step.property)
        this.source(`${path}.value`, step.value, known)
        return known
      case "SEND_EMAIL":
        return new Map(known).set(step.id, new Set(["messageId"]))
      case "BRANCH": {
        this.source(`${path}.when.value`, step.when.value, known)
        const met = this.steps(`${path}.met`, step.met, known)
        const otherwise = this.steps(`${path}.otherwise`, step.otherwise ?? [], known)
        return new Map([...met, ...otherwise])
      }
      case "DELAY":
        return known
    }
  }

  /** The names of its outputs. */
  action(path: string, step: Extract<Step, { readonly type: "APP_ACTION" }>, known: Known): ReadonlyArray<string> {
    const action = this.#state.automation.action(step.action)
    if (action === undefined) {
      this.refuse(`${path}.action`, `the app has no action "${step.action}"; load its project first`)
      return []
    }
    if (!usable(action)) this.refuse(`${path}.action`, `"${step.action}" is not published`)
    const { body } = latest(action)
    const { objectType } = this.#workflow
    if (!body.objectTypes.includes(objectType))
      this.refuse(`${path}.action`, `"${step.action}" is for ${body.objectTypes.join(", ")}, not for ${objectType}`)
    const fields = new Map(body.inputFields.map((field) => [field.typeDefinition.name, field]))
    for (const [name, source] of Object.entries(step.inputs)) {
      const field = fields.get(name)
      const at = `${path}.inputs.${name}`
      if (field === undefined) this.refuse(at, `the action has no such input; it has ${[...fields.keys()].join(", ")}`)
      else this.input(at, field, source, known)
    }
    for (const [name, { isRequired }] of fields)
      if (isRequired === true && step.inputs[name] === undefined)
        this.refuse(`${path}.inputs.${name}`, "is required and has no source")
    return outputsOf(action)
  }

  input(path: string, field: InputField, source: ValueSource, known: Known): void {
    const allowed = field.supportedValueTypes ?? ["STATIC_VALUE"]
    // Outputs of earlier steps may be picked wherever a property may be (documented).
    const kind = source.type === "STATIC_VALUE" ? "STATIC_VALUE" : "OBJECT_PROPERTY"
    if (!allowed.includes(kind)) this.refuse(path, `takes ${allowed.join(" or ")}, not ${source.type}`)
    this.source(path, source, known)
    if (source.type !== "STATIC_VALUE") return
    const { name, options, optionsUrl, type } = field.typeDefinition
    const value = String(source.value)
    if (type === "number" && !Number.isFinite(Number(value))) this.refuse(path, `${name} is a number, not "${value}"`)
    if (type === "bool" && value !== "true" && value !== "false") this.refuse(path, `${name} is true or false`)
    const isClosed = type === "enumeration" && optionsUrl === undefined && (options ?? []).length > 0
    if (isClosed && !(options ?? []).some((option) => option.value === value))
      this.refuse(path, `"${value}" is none of the options of ${name}`)
  }
}

const outputsOf = (action: ActionDefinition): ReadonlyArray<string> =>
  (latest(action).body.outputFields ?? []).map(({ typeDefinition }) => typeDefinition.name)

export const problemsOf = (state: HubSpotState, workflow: Described): ReadonlyArray<WorkflowProblem> => {
  const check = new Check(state, workflow)
  if (workflow.trigger.type !== "MANUAL") check.property("trigger.property", workflow.trigger.property)
  check.steps("steps", workflow.steps, new Map())
  return check.problems
}
