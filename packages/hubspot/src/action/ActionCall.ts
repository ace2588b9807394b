/**
 * One execution of an action, as HubSpot asks for it; and the question for a field's options.
 *
 * Tolerant: only what we use, input values as strings whatever they are sent as, unknown members allowed. What is kept of a call
 * that is worked on later holds ids and what the marketer filled in, never the contact's properties.
 */
import { z } from "zod"
import * as Json from "../wire/Json.ts"
import { Id } from "../wire/Record.ts"

const value = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .transform((one) => (one === null ? "" : `${one}`))

const Execution = z.object({
  callbackId: z.string().min(1).max(200),
  origin: z.object({ portalId: Id }),
  object: z.object({ objectId: Id, objectType: z.string().optional() }),
  inputFields: z.record(z.string(), value).default({}),
})

/** An empty input counts as not filled in. */
export interface ActionCall {
  readonly action: string
  readonly callbackId: string
  readonly portalId: string
  readonly contact: string
  readonly inputs: Readonly<Record<string, string>>
}

const Options = z.object({
  origin: z.object({ portalId: Id }),
  fetchOptions: z.object({ q: z.string().nullish(), after: z.string().nullish() }).nullish(),
})

export interface OptionsCall {
  readonly portalId: string
  readonly query: string
}

const parsed = <A>(schema: z.ZodType<A>, body: Uint8Array): A => {
  const read = schema.safeParse(Json.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)))
  if (read.success) return read.data
  throw new SyntaxError(`${read.error.issues[0]?.path.join(".") || "the body"} is missing or has the wrong type`)
}

/** Throws a `SyntaxError` that names the member and quotes nothing. */
export const read = (action: string, body: Uint8Array): ActionCall => {
  const { callbackId, inputFields, object, origin } = parsed(Execution, body)
  if (!/^\d{1,30}$/.test(object.objectId)) throw new SyntaxError("object.objectId is no record's number")
  if (object.objectType !== undefined && !["CONTACT", "0-1"].includes(object.objectType))
    throw new SyntaxError("object.objectType is none that this action is for")
  const inputs = Object.fromEntries(Object.entries(inputFields).filter(([, text]) => text.trim() !== ""))
  return { action, callbackId, portalId: origin.portalId, contact: object.objectId, inputs }
}

export const readOptions = (body: Uint8Array): OptionsCall => {
  const { fetchOptions, origin } = parsed(Options, body)
  return { portalId: origin.portalId, query: fetchOptions?.q ?? "" }
}

export const kept = (call: ActionCall): Uint8Array => new TextEncoder().encode(JSON.stringify(call))

const Kept: z.ZodType<ActionCall> = z.object({
  action: z.string(),
  callbackId: z.string(),
  portalId: z.string(),
  contact: z.string(),
  inputs: z.record(z.string(), z.string()),
})

/** Null for bytes that `kept` did not make. */
export const restored = (body: Uint8Array): ActionCall | null => {
  try {
    return Kept.safeParse(Json.parse(new TextDecoder().decode(body))).data ?? null
  } catch {
    return null
  }
}
