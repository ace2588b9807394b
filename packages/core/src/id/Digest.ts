/**
 * SHA-256 over a canonical text, for keys, hashes of programs and the digest of a state.
 *
 * Canonical JSON: keys sorted, bigints as decimal strings, absent and undefined members left out. The same value
 * gives the same text on every machine.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"

/** JSON with sorted keys; throws a `TypeError` for what JSON cannot hold (functions, NaN). */
export const canonical = (value: unknown): string => {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value)
  if (typeof value === "bigint") return `"${value}"`
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no canonical form`)
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (typeof value === "object") return canonicalObject(value as Readonly<Record<string, unknown>>)
  throw new TypeError(`a ${typeof value} has no canonical form`)
}

/** A plain loop: this runs for every fact and every credit. */
const canonicalObject = (value: Readonly<Record<string, unknown>>): string => {
  let members = ""
  for (const name of Object.keys(value).sort()) {
    const member = value[name]
    if (member !== undefined) members += `${members === "" ? "" : ","}${JSON.stringify(name)}:${canonical(member)}`
  }
  return `{${members}}`
}

/** Lower-case hexadecimal SHA-256 of `text` in UTF-8. */
export const sha256Hex = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)))

/** SHA-256 of a value's canonical JSON. */
export const ofValue = (value: unknown): string => sha256Hex(canonical(value))

/** SHA-256 over lines in ascending order, each ended by a newline, so that their order of arrival has no effect. */
export const ofLines = (lines: Iterable<string>): string => {
  const hash = sha256.create()
  for (const line of [...lines].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))) hash.update(utf8ToBytes(`${line}\n`))
  return bytesToHex(hash.digest())
}
