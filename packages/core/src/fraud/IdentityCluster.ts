/**
 * People who may be one person: those who share a mailbox, a telephone, a device or a card.
 *
 * Works on whatever keys the caller can make; the two functions below make the same key of what reaches the same mailbox
 * or telephone. Address and network are shared by households and are no such keys. A cluster holds a reward for a human
 * to look at; it refuses nothing.
 */
import { components, fromEdges } from "../statistics/DirectedGraph.ts"

const dotless = new Set(["gmail.com", "googlemail.com"])

/**
 * One key for all spellings of a mailbox: lower case, without a `+tag`; for Gmail, under either name, without dots too.
 * Null for what is no address.
 */
export const mailboxKey = (address: string): string | null => {
  const whole = address.trim().toLowerCase()
  const at = whole.lastIndexOf("@")
  if (at <= 0 || at === whole.length - 1) return null
  const domain = whole.slice(at + 1)
  const name = whole.slice(0, at).replace(/\+.*$/s, "")
  const plain = dotless.has(domain) ? name.replaceAll(".", "") : name
  return plain === "" ? null : `${plain}@${dotless.has(domain) ? "gmail.com" : domain}`
}

/** One key for all spellings of an international number: digits only, without a leading 00. Null without digits. */
export const telephoneKey = (number: string): string | null => {
  const digits = number.replaceAll(/\D/g, "").replace(/^00/, "")
  return digits === "" ? null : digits
}

/** A person with the keys that they alone should have, such as `mailbox:jane@example.com`. */
export interface Identity {
  readonly id: string
  readonly keys: ReadonlyArray<string>
}

/** All people, those together who share a key, directly or through others; in the order of `identities`. */
export const identityClusters = (identities: ReadonlyArray<Identity>): ReadonlyArray<ReadonlyArray<string>> => {
  // Keys are nodes too; the sign before a name keeps a person and a key of the same name apart.
  const edges = identities.flatMap(({ id, keys }) => keys.map((key) => [`p${id}`, `k${key}`] as const))
  const parts = components(
    fromEdges(
      edges,
      identities.map(({ id }) => `p${id}`),
    ),
  )
  return parts.map((part) => part.flatMap((node) => (node.startsWith("p") ? [node.slice(1)] : [])))
}

/** Those of `referrals` whose friend is, by a cluster, the referrer; told by friend. */
export const selfReferrals = (
  clusters: ReadonlyArray<ReadonlyArray<string>>,
  referrals: ReadonlyArray<{ readonly customer: string; readonly referrer: string | null }>,
): ReadonlyArray<string> => {
  const clusterOf = new Map(clusters.flatMap((cluster, at) => cluster.map((id) => [id, at] as const)))
  return referrals.flatMap(({ customer, referrer }) =>
    referrer !== null && (customer === referrer || sameCluster(clusterOf, customer, referrer)) ? [customer] : [],
  )
}

const sameCluster = (clusterOf: ReadonlyMap<string, number>, one: string, two: string): boolean =>
  clusterOf.get(one) !== undefined && clusterOf.get(one) === clusterOf.get(two)
