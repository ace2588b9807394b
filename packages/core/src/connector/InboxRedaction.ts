/**
 * A waiting message without the person whom it names.
 *
 * Promises: what is left is enough to read the record afresh: the members of a JSON object that are ids, kinds or times by their names.
 * What is not a JSON object keeps nothing. A message that names nobody of them stays as it is.
 */
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import type { Delivery } from "./Inbox.ts"

/** `id`, `order_id`, `admin_graphql_api_id`, `objectId`, `subscriptionType`, `occurredAt`. */
const kept = /^id$|_id$|Id$|Type$|^occurredAt$/
/** Shorter values occur in texts that have nothing to do with anybody. */
const shortest = 4

const textsOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value.toLowerCase()]
  if (typeof value !== "object" || value === null) return []
  return Object.values(value).flatMap(textsOf)
}

/** An id that a JavaScript number cannot hold comes out as its text, which whoever reads messages takes too. */
const exact = (_name: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === "number" && !Number.isSafeInteger(value) && context?.source !== undefined ? context.source : value

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text, exact)
  } catch {
    return undefined
  }
}

/** UTF-8, or where the bytes are none, one character for each. */
const textOf = (bytes: Uint8Array): string => {
  try {
    return decodeURIComponent(bytesToHex(bytes).replace(/../g, "%$&"))
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")
  }
}

/** The body to keep; null when it names none of `values`. */
export const redacted = ({ body }: Pick<Delivery, "body">, values: ReadonlyArray<string>): Uint8Array | null => {
  const wanted = values.map((value) => value.toLowerCase()).filter(({ length }) => length >= shortest)
  if (wanted.length === 0 || body.length === 0) return null
  const text = textOf(body)
  const value = parsed(text)
  const texts = value === undefined ? [text.toLowerCase()] : textsOf(value)
  if (!wanted.some((one) => texts.some((other) => other.includes(one)))) return null
  if (typeof value !== "object" || value === null || Array.isArray(value)) return new Uint8Array()
  const ids = Object.entries(value).filter(
    ([name, member]) =>
      kept.test(name) &&
      (typeof member === "string" || typeof member === "number") &&
      !wanted.some((one) => String(member).toLowerCase().includes(one)),
  )
  return utf8ToBytes(JSON.stringify(Object.fromEntries(ids)))
}
