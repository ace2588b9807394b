/**
 * A person's standing in a program: enrolled or not, and the code that is theirs to share.
 *
 * Promises: a person is enrolled once, however many records they have; a code depends on the tenant's key, the program
 * and the person's handle alone, so that enrolling again after a crash issues the same code.
 */
import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { utf8ToBytes } from "@noble/hashes/utils.js"
import type { AssetIssued, Enrolled, Fact } from "../fact/Fact.ts"
import * as Facts from "../fact/Fact.ts"
import type { Handle, HandleKey } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { People, PersonId } from "../person/People.ts"

/** Crockford's alphabet: no letter that reads like a digit. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/** `length` characters that nobody without the key can guess; `text` gives the same code every time. */
export const codeFor = (key: HandleKey, text: string, length: number): string =>
  Array.from(hmac(sha256, key, utf8ToBytes(text)).subarray(0, length), (byte) => alphabet[byte % 32]).join("")

export interface Enrolments {
  readonly enrolled: ReadonlySet<PersonId>
  /** Each person's codes in order of issue. */
  readonly codes: ReadonlyMap<PersonId, ReadonlyArray<AssetIssued>>
}

/** Who is enrolled in `program`, by the facts. */
export const fold = (facts: Iterable<Fact>, people: People, program: string): Enrolments => {
  const enrolled = new Set<PersonId>()
  const codes = new Map<PersonId, Array<AssetIssued>>()
  for (const fact of facts) {
    if (fact._tag === "Enrolled" && fact.program === program) enrolled.add(people.personOf(fact.person))
    if (fact._tag === "AssetIssued" && fact.program === program) {
      const owner = people.personOf(fact.owner)
      codes.set(owner, [...(codes.get(owner) ?? []), fact])
    }
  }
  for (const list of codes.values()) list.sort((a, b) => a.occurredAt - b.occurredAt || (a.key < b.key ? -1 : 1))
  return { enrolled, codes }
}

/** The facts that enrol `person` and issue their code. */
export const enrol = (options: {
  readonly program: string
  readonly person: Handle
  readonly at: Instant
  readonly via: Enrolled["via"]
  readonly key: HandleKey
  /** Since when they are back, if they were erased before: the code of before stays with the tombstone. */
  readonly returnedAt?: Instant | undefined
}): readonly [Enrolled, AssetIssued] => {
  const head = { version: 0, rank: Facts.rank.own, occurredAt: options.at, program: options.program }
  const again = options.returnedAt === undefined ? "" : `\0${options.returnedAt}`
  const code = codeFor(options.key, `share-code\0${options.program}\0${options.person}${again}`, 8)
  return [
    {
      _tag: "Enrolled",
      key: Facts.key(`advocacy:enrolment/${options.program}/${options.person}`),
      ...head,
      person: options.person,
      via: options.via,
    },
    { _tag: "AssetIssued", key: Facts.key(`advocacy:asset/${code}`), ...head, code, owner: options.person },
  ]
}
