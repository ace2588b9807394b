/**
 * A workflow as its author describes it, and as the runner walks it: a map of steps, each knowing the next.
 *
 * The description is the sandbox's own; HubSpot's editor and its flows API are not emulated. What the steps do is.
 */
import { z } from "zod"
import * as ValueSource from "./ValueSource.ts"

const stepId = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, { error: "must be letters, digits and _" })
const amount = z.number().min(0).optional()

const appAction = z.strictObject({
  id: stepId,
  type: z.literal("APP_ACTION"),
  /** The uid of a project's action, or the id of a definition. */
  action: z.string().min(1),
  inputs: z.record(z.string(), ValueSource.shape).default({}),
})

const delay = z.strictObject({
  id: stepId,
  type: z.literal("DELAY"),
  days: amount,
  hours: amount,
  minutes: amount,
  seconds: amount,
})

const setProperty = z.strictObject({
  id: stepId,
  type: z.literal("SET_PROPERTY"),
  property: z.string().min(1),
  value: ValueSource.shape,
})

const sendEmail = z.strictObject({
  id: stepId,
  type: z.literal("SEND_EMAIL"),
  subject: z.string().min(1),
  body: z.string().min(1),
})

const condition = z.discriminatedUnion("operator", [
  z.strictObject({ value: ValueSource.shape, operator: z.enum(["IS_KNOWN", "IS_UNKNOWN"]) }),
  z.strictObject({ value: ValueSource.shape, operator: z.enum(["EQUALS", "NOT_EQUALS"]), to: z.string() }),
  z.strictObject({ value: ValueSource.shape, operator: z.literal("IN"), to: z.array(z.string()).min(1) }),
  z.strictObject({ value: ValueSource.shape, operator: z.literal("AT_LEAST"), to: z.number() }),
])

const branch = z.strictObject({
  id: stepId,
  type: z.literal("BRANCH"),
  when: condition,
  get met(): z.ZodArray<typeof step> {
    return z.array(step)
  },
  get otherwise(): z.ZodOptional<z.ZodArray<typeof step>> {
    return z.array(step).optional()
  },
})

const step = z.discriminatedUnion("type", [appAction, delay, setProperty, sendEmail, branch])

const trigger = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("MANUAL") }),
  /** The property had no value and has one. */
  z.strictObject({ type: z.literal("PROPERTY_SET"), property: z.string().min(1) }),
  /** The property has another value than before; with `to`, this one. */
  z.strictObject({ type: z.literal("PROPERTY_CHANGED"), property: z.string().min(1), to: z.string().optional() }),
  /** The number was below and is not any more. */
  z.strictObject({ type: z.literal("PROPERTY_AT_LEAST"), property: z.string().min(1), value: z.number() }),
])

export const shape = z.strictObject({
  name: z.string().min(1),
  objectType: z.enum(["CONTACT", "DEAL"]),
  trigger,
  /** Whether a record may be enrolled again by the trigger; off as in HubSpot. */
  reEnrol: z.boolean().default(false),
  steps: z.array(step).min(1),
})

export type Description = z.input<typeof shape>
export type Step = z.output<typeof step>
export type Trigger = z.output<typeof trigger>
export type Condition = z.output<typeof condition>

export interface PlacedStep {
  readonly step: Step
  /** 1, 2, ... in the order of the description; part of callback ids. */
  readonly number: number
  readonly next: string | null
  /** Where a branch goes. */
  readonly met: string | null
  readonly otherwise: string | null
}

export interface Workflow {
  readonly id: string
  readonly name: string
  readonly objectType: "CONTACT" | "DEAL"
  readonly trigger: Trigger
  readonly reEnrol: boolean
  readonly enabled: boolean
  readonly createdAt: string
  readonly first: string
  readonly steps: Readonly<Record<string, PlacedStep>>
}

/** The steps in the order of the description, branches laid open. */
export const place = (steps: ReadonlyArray<Step>): Pick<Workflow, "first" | "steps"> => {
  const placed: Record<string, PlacedStep> = {}
  let number = 0
  const lay = (list: ReadonlyArray<Step>, after: string | null): string | null => {
    for (const [index, one] of list.entries()) {
      number += 1
      const own = number
      const next = list[index + 1]?.id ?? after
      // The place is taken before the branches are laid, so that the order of the keys is that of the description.
      placed[one.id] = { step: one, number: own, next, met: null, otherwise: null }
      if (one.type !== "BRANCH") continue
      const [met, otherwise] = [lay(one.met, next), lay(one.otherwise ?? [], next)]
      placed[one.id] = { step: one, number: own, next, met, otherwise }
    }
    return list[0]?.id ?? after
  }
  return { first: lay(steps, null) ?? "", steps: placed }
}

const units = { days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1_000 } as const

export const delayMillis = (one: Extract<Step, { readonly type: "DELAY" }>): number =>
  Object.entries(units).reduce((sum, [unit, millis]) => sum + (one[unit as keyof typeof units] ?? 0) * millis, 0)
