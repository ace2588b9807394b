/**
 * A handle: one way in which a platform or a program knows a person.
 *
 * Platform ids stand as they are (`shopify:customer/7`, `hubspot:contact/9`); personal values are replaced by a
 * keyed hash (`email:…`, `phone:…`), so that facts and ledger hold nothing personal. The same value under the
 * same key is the same handle. The value itself lives in the vault.
 */
import { Schema } from "effect"
import * as KeyedHash from "./KeyedHash.ts"

export const Handle = Schema.String.check(Schema.isPattern(/^[a-z]+:[^\s\0]{1,200}$/)).pipe(Schema.brand("Handle"))
export type Handle = typeof Handle.Type

/** The secret that personal values of one tenant are hashed with, at least 16 bytes. */
export type HandleKey = Uint8Array

/** A platform's own record, such as `platform("shopify", "customer", "7")`. */
export const platform = (name: string, record: string, id: string): Handle => `${name}:${record}/${id}` as Handle

/** Platforms number their records: digits, too many for a JavaScript number. */
export const isRecordNumber = (id: string): boolean => /^\d{1,30}$/.test(id)

/** Each record's number once, ascending, so that the order of a list changes nothing. */
export const recordNumbers = (ids: Iterable<string>): ReadonlyArray<string> =>
  [...new Set(ids)].sort((left, right) => left.length - right.length || (left < right ? -1 : left > right ? 1 : 0))

/** The handle under which a referral code's owner earns, whoever that turns out to be. Codes ignore case. */
export const code = (text: string): Handle => `code:${normaliseCode(text)}` as Handle

/** Codes are compared trimmed and in upper case. */
export const normaliseCode = (text: string): string => text.trim().toUpperCase()

/** A referral code as a handle can hold it: normalised, at most 100 characters, without spaces; null otherwise. */
export const usableCode = (text: string): string | null => {
  const normal = normaliseCode(text)
  return /^[^\s\0]{1,100}$/.test(normal) ? normal : null
}

/** What merges people by itself: trimmed and case-folded, nothing else. */
export const normaliseEmail = (address: string): string => address.trim().toLowerCase()

const keyed = (key: HandleKey, kind: string, value: string): string => KeyedHash.under(key)(`${kind}\0${value}`)

/** Tells one key from another, and nothing of either. */
export const fingerprint = (key: HandleKey): string => keyed(key, "fingerprint", "").slice(0, 16)

export const email = (key: HandleKey, address: string): Handle =>
  `email:${keyed(key, "email", normaliseEmail(address))}` as Handle

/** Digits, with a leading plus where there is one (`00` counts as one); shorter than seven says nothing about anybody. */
export const normalisePhone = (number: string): string | null => {
  const written = number
    .replace(/[^\d+]/g, "")
    .replace(/(?!^)\+/g, "")
    .replace(/^00/, "+")
  return written.replace("+", "").length < 7 ? null : written
}

/** The soft handle of a phone number, the same on every platform; null when the number says nothing. */
export const phone = (key: HandleKey, number: string): Handle | null => {
  const normal = normalisePhone(number)
  return normal === null ? null : soft(key, "phone", normal)
}

/**
 * Soft evidence that two people may be one (phone, postal address, device, payment card). It never merges people;
 * it suggests, and it counts as a fraud signal.
 */
export const soft = (key: HandleKey, kind: "phone" | "address" | "device" | "payment", value: string): Handle =>
  `${kind}:${keyed(key, kind, value)}` as Handle

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "")

/** The soft handle of a postal address, whatever its spelling; null without a street or a postcode. */
export const address = (key: HandleKey, street: string, postcode: string): Handle | null => {
  const [where, which] = [plain(street), plain(postcode)]
  return where === "" || which === "" ? null : soft(key, "address", `${where}|${which}`)
}

/** The soft handle of a device by the id that the shop's pages gave it; null without one. */
export const device = (key: HandleKey, id: string): Handle | null =>
  id.trim() === "" ? null : soft(key, "device", id.trim())

const softKinds: ReadonlySet<string> = new Set(["phone", "address", "device", "payment"])

/** Phone, postal address, device, payment card: never who somebody is, only what they have in common. */
export const isSoft = (handle: Handle): boolean => softKinds.has(kindOf(handle))

/**
 * What stands for a handle once its person was erased: the same on every installation with this key, and nobody without the key can
 * tell what it stood for. A soft handle keeps its kind, so that what two people have in common stays what it was.
 */
export const tombstonesUnder = (key: HandleKey): ((handle: Handle) => Handle) => {
  const hash = KeyedHash.under(key)
  return (handle) => {
    const text = hash(`erased\0${handle}`)
    return (isSoft(handle) ? `${kindOf(handle)}:erased-${text}` : `erased:${text}`) as Handle
  }
}

/** The tombstone of one handle. */
export const tombstone = (key: HandleKey, handle: Handle): Handle => tombstonesUnder(key)(handle)

export const isTombstone = (handle: string): boolean => /^(?:erased:|[a-z]+:erased-)/.test(handle)

/** The part before the colon: `email`, `shopify`, `code`… */
export const kindOf = (handle: Handle): string => handle.slice(0, handle.indexOf(":"))
