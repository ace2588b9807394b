/**
 * What lists of reviews and of mentions have in common: who wrote it, where, whether it stands, may be used and was rewarded.
 *
 * Promises: texts, names and links stay where they are; an account is kept as a keyed hash, its name goes to the vault.
 */
import { codeFor } from "@advocacy-kit/core/advocate/Enrolment"
import type { ContentPublished } from "@advocacy-kit/core/fact/Fact"
import type { PersonalValue } from "@advocacy-kit/core/fact/FactLog"
import * as Handle from "@advocacy-kit/core/id/Handle"
import { fieldsOf, listed } from "../Columns.ts"
import type { Lens } from "../Format.ts"
import type { Row } from "../Row.ts"
import { plain } from "./RewardWords.ts"

/** An empty cell or no column: nobody knows. */
export const shared = fieldsOf({
  rights: { titles: ["Rights", "Usage rights", "UGC rights", "Rights status"], what: "whether the brand may use it" },
  incentivised: {
    titles: listed("Incentivised, Incentivized, Is Incentivized, Rewarded, Sponsored, Gifted, Paid partnership"),
    what: "whether something was given for it",
  },
  removed: { titles: ["Removed", "Deleted", "Hidden"], what: "whether it is gone" },
})
export type Shared = keyof typeof shared

const granted = new Set(listed("granted, approved, accepted, yes, true, y, ja, oui"))
const refused = new Set(listed("refused, denied, declined, rejected, no, false, n, nein, non"))
const open = new Set(listed("unknown, requested, pending, none, not requested"))

const rightsOf = (row: Row<Shared>): ContentPublished["rights"] => {
  const text = row.text("rights")
  if (text === null) return "unknown"
  const word = plain(text)
  if (granted.has(word)) return "granted"
  if (refused.has(word)) return "refused"
  return open.has(word) ? "unknown" : row.refuse("rights", "is no answer such as granted, refused or requested")
}

export const sharedOf = (row: Row<Shared>): Pick<ContentPublished, "rights" | "incentivised" | "removed"> => ({
  rights: rightsOf(row),
  incentivised: row.truth("incentivised"),
  removed: row.truth("removed") ?? false,
})

export const byEmail = (row: Row<"email">, lens: Lens): PersonalValue | null => {
  const address = row.email("email")
  return address === null ? null : { handle: Handle.email(lens.handleKey, address), value: address }
}

const ours = /^(?:shopify|hubspot):[a-z]+\/\d{1,30}$/

/** `@ada` on a channel; a handle of ours (`shopify:customer/7`) stands as it is. */
export const byAccount = (row: Row<"account">, channel: string, lens: Lens): PersonalValue | null => {
  const text = row.text("account")
  if (text === null) return null
  if (ours.test(text)) return { handle: text as Handle.Handle, value: text }
  const name = text.replace(/^@/, "").toLowerCase()
  if (!/^\S{1,200}$/.test(name)) return row.refuse("account", "is no account: at most 200 characters, without spaces")
  return { handle: `social:${hashed(lens, `${channel}\0${name}`)}` as Handle.Handle, value: text }
}

/** The same text under the same key has the same one, and nobody without the key can tell the text. */
export const hashed = ({ handleKey }: Lens, text: string): string => codeFor(handleKey, `content\0${text}`, 26)

export const channelOf = (text: string): string => text.toLowerCase().slice(0, 100)
