/**
 * HMAC-SHA-256 under one key, for many texts.
 *
 * Promises: the key is taken in once, which is half of the work of a keyed hash; nothing is shared between keys.
 */
import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"

/** The first 40 hexadecimal digits. */
export type KeyedHash = (text: string) => string

const digits = 40

const make = (key: Uint8Array): KeyedHash => {
  const begun = hmac.create(sha256, key)
  // One copy that is begun anew for each text: making a copy each time costs as much as hashing.
  const working = begun.clone()
  const bytes = new Uint8Array(begun.outputLen)
  return (text) => {
    begun._cloneInto(working).update(utf8ToBytes(text)).digestInto(bytes)
    return bytesToHex(bytes).slice(0, digits)
  }
}

const known = new WeakMap<Uint8Array, KeyedHash>()

/** The bytes of a key never change, so it is kept by the array that holds it. */
export const under = (key: Uint8Array): KeyedHash => {
  const kept = known.get(key) ?? make(key)
  known.set(key, kept)
  return kept
}
