/**
 * An action: its definition, what its fields may hold, and what it does.
 *
 * Promises of every action: done twice with the same key it has happened once; a refusal records nothing. The contact is a
 * handle; what is known of it is read from the facts.
 */
import type { SourceError } from "@advocacy-kit/core/connector/FactSource"
import type { Inbox, InboxError } from "@advocacy-kit/core/connector/Inbox"
import type { WriteBack } from "@advocacy-kit/core/connector/WriteBack"
import type { CommandingError, CommandingNeeds } from "@advocacy-kit/core/flow/Commanding"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { Effect } from "effect"
import { z } from "zod"
import type { ActionDefinition } from "./ActionDefinition.ts"
import { type ActionOutcome, failed } from "./ActionOutcome.ts"

/** What an action is about, beside its fields. */
export interface Occasion {
  readonly contact: Handle
  /** The same for every delivery of one execution. */
  readonly key: string
  readonly asOf: Instant
  readonly currency: string
  /** A code's share link. */
  readonly link: (code: string) => string
}

export type ActionError = CommandingError | SourceError | InboxError
export type ActionNeeds = CommandingNeeds | WriteBack | Inbox

/** `anew`: what HubSpot says of the contact is read before, because consent may just have changed; else only where it is unknown. */
export type Reading = "anew" | "once"

export interface Action {
  readonly definition: ActionDefinition
  readonly reading: Reading
  readonly perform: (
    inputs: Readonly<Record<string, string>>,
    occasion: Occasion,
  ) => Effect.Effect<ActionOutcome, ActionError, ActionNeeds>
}

/** An action whose fields are checked before it is done; a field that cannot be read is named. */
export const make = <Inputs>(told: {
  readonly definition: ActionDefinition
  readonly reading: Reading
  readonly inputs: z.ZodType<Inputs>
  readonly perform: (inputs: Inputs, occasion: Occasion) => Effect.Effect<ActionOutcome, ActionError, ActionNeeds>
}): Action => ({
  definition: told.definition,
  reading: told.reading,
  perform: (texts, occasion) => {
    const read = told.inputs.safeParse(texts)
    if (read.success) return told.perform(read.data, occasion)
    const [issue] = read.error.issues
    const field = told.definition.inputs.find(({ name }) => name === issue?.path[0])
    return Effect.succeed(
      failed("INVALID_INPUT", `${field?.label ?? "a field"}: ${issue?.message ?? "cannot be read"}`),
    )
  },
})

export const program = z.string({ error: "choose a program" }).trim().min(1, "choose a program").max(100)

/** A whole number as people and properties write it. */
export const whole = (name: string) =>
  z
    .string({ error: `give ${name}` })
    .trim()
    .regex(/^[+-]?\d{1,15}(?:\.0+)?$/, `give ${name} as a whole number`)
    .transform((text) => BigInt(text.replace(/\.0+$/, "").replace(/^\+/, "")))
