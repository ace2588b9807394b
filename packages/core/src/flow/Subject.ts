/**
 * What somebody means when they ask about an order, a credit or a person.
 *
 * It takes the names that people have at hand: a platform's id in any of its spellings, a code, an e-mail address, a credit
 * key. A text that fits nothing that is stored gets a hint, one that fits several things the list of them.
 */
import type { Fact } from "../fact/Fact.ts"
import { email, normaliseCode, type Handle, type HandleKey } from "../id/Handle.ts"
import type { CreditKey } from "../ledger/Credit.ts"
import type { Posted } from "../ledger/Ledger.ts"
import type { Evaluation } from "../program/Evaluation.ts"

export type Subject =
  | { readonly _tag: "Conversion"; readonly cause: string }
  | { readonly _tag: "Credit"; readonly key: CreditKey }
  | { readonly _tag: "Person"; readonly handle: Handle }

export interface NotFound {
  readonly _tag: "NotFound"
  /** What fits, when several things do; else empty. */
  readonly candidates: ReadonlyArray<string>
  readonly hint: string
}

/** Records by the word that people use for them, in the order in which a bare number is looked up. */
const records = [
  ["order", "shopify:order/"],
  ["deal", "hubspot:deal/"],
  ["customer", "shopify:customer/"],
  ["contact", "hubspot:contact/"],
] as const

/** `gid://shopify/Order/7`, `order/7`, `#7` and `7` as the keys that facts have. */
const spellings = (text: string): ReadonlyArray<string> => {
  const global = /^gid:\/\/([a-z]+)\/([A-Za-z]+)\/(\d+)/.exec(text)
  if (global !== null) return [`${global[1]}:${(global[2] ?? "").toLowerCase()}/${global[3]}`]
  const [, word, id] = /^(?:([a-z]+)[/ ])?#?(\d+)$/i.exec(text) ?? []
  if (id === undefined) return [text]
  return records.filter(([name]) => word === undefined || name === word.toLowerCase()).map(([, prefix]) => prefix + id)
}

/** The handle that a text spells of a person, known or not; null for a text that spells none for certain. */
export const handleIn = (text: string, key: HandleKey): Handle | null => {
  const wanted = text.trim()
  if (/^[^\s@:]+@[^\s@]+$/.test(wanted)) return email(key, wanted)
  const [name, ...others] = spellings(wanted)
  return name !== undefined &&
    others.length === 0 &&
    /^(?:shopify:customer|hubspot:contact)\/\d+$|^email:[0-9a-f]{40}$/.test(name)
    ? (name as Handle)
    : null
}

/** Whether facts say anything of the person behind a handle: a record, a purchase, a code, an enrolment. */
export const isKnown = (evaluation: Evaluation, handle: Handle): boolean => {
  const { enrolledAt, people, purchases, touches } = evaluation.history
  const person = people.personOf(handle)
  return (
    people.handlesOf(person).length > 1 ||
    people.recordsOf(person).length > 0 ||
    purchases.has(person) ||
    enrolledAt.has(person) ||
    [...touches.assets.values()].some(({ owner }) => owner === handle)
  )
}

const hint =
  "give an order (shopify:order/7, order/7 or 7), a deal, a credit key in quotes, or a person by e-mail address, referral code, customer/7 or contact/7"

/** What can be asked about. `posted` also holds credits whose evidence has gone. */
export interface Known {
  readonly facts: ReadonlyArray<Fact>
  readonly evaluation: Evaluation
  readonly posted: ReadonlyMap<CreditKey, Posted>
}

/** What `text` names; `key` hashes e-mail addresses. */
export const find = (text: string, { evaluation, facts, posted }: Known, key: HandleKey): Subject | NotFound => {
  const wanted = text.trim()
  if (evaluation.credits.has(wanted as CreditKey) || posted.has(wanted as CreditKey))
    return { _tag: "Credit", key: wanted as CreditKey }
  if (wanted.includes("|"))
    return {
      _tag: "NotFound",
      candidates: [],
      hint: "no credit has this key: `advocacy explain` of its order lists the keys",
    }
  if (/^[^\s@:]+@[^\s@]+$/.test(wanted)) {
    const handle = email(key, wanted)
    if (isKnown(evaluation, handle)) return { _tag: "Person", handle }
    return {
      _tag: "NotFound",
      candidates: [],
      hint: "nobody has this e-mail address: look for another address of theirs, or run `advocacy sync` first",
    }
  }
  const code = normaliseCode(wanted.startsWith("code:") ? wanted.slice(5) : wanted)
  const asset = evaluation.history.touches.assets.get(code)
  if (asset !== undefined) return { _tag: "Person", handle: asset.owner }
  const keys = new Set<string>(
    facts.flatMap((fact) => (fact._tag === "OrderPlaced" || fact._tag === "DealChanged" ? [fact.key] : [])),
  )
  const found = spellings(wanted).flatMap(
    (name): ReadonlyArray<{ readonly name: string; readonly subject: Subject }> => {
      if (keys.has(name)) return [{ name, subject: { _tag: "Conversion", cause: name } }]
      return isKnown(evaluation, name as Handle) ? [{ name, subject: { _tag: "Person", handle: name as Handle } }] : []
    },
  )
  const [only] = found
  if (only === undefined) return { _tag: "NotFound", candidates: [], hint }
  if (found.length > 1)
    return {
      _tag: "NotFound",
      candidates: found.map(({ name }) => name),
      hint: "several records have this number: name one of them",
    }
  return only.subject
}
