/**
 * Touches: the pieces of evidence that somebody brought a buyer, as the facts hold them.
 *
 * A touch names a code and a time; whose code it is, and whether it counts, is decided by attribution. A discount code that
 * was never issued to an advocate is an ordinary discount, not evidence; a referral attribute or link with such a code is
 * evidence of an unknown code.
 */
import type { AssetIssued, Fact, FactKey, InvitationSent, LinkVisited } from "../fact/Fact.ts"
import { normaliseCode, type Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { People, PersonId } from "../person/People.ts"
import type { Conversion } from "./Conversion.ts"

export type EvidenceKind = "code" | "cart-attribute" | "link-click" | "invitation"

export interface Touch {
  readonly kind: EvidenceKind
  readonly code: string
  readonly at: Instant
  /** The fact that shows it. */
  readonly shownBy: FactKey
  /** The code's owner; null when nobody was ever issued this code. */
  readonly owner: Handle | null
}

/** What attribution needs to look up, folded once per evaluation. */
export interface TouchIndex {
  readonly assets: ReadonlyMap<string, AssetIssued>
  readonly invitations: ReadonlyMap<PersonId, ReadonlyArray<InvitationSent>>
  readonly visits: ReadonlyMap<PersonId, ReadonlyArray<LinkVisited>>
}

/** Only codes that were issued for `program` earn in it. */
export const index = (facts: Iterable<Fact>, people: People, program: string): TouchIndex => {
  const assets = new Map<string, AssetIssued>()
  const invitations: Array<InvitationSent> = []
  const visits: Array<LinkVisited> = []
  for (const fact of facts) {
    if (fact._tag === "AssetIssued") {
      if (fact.program !== program) continue
      const code = normaliseCode(fact.code)
      const known = assets.get(code)
      // A code issued twice belongs to whom it was issued first; the key settles a tie.
      if (
        known === undefined ||
        fact.occurredAt < known.occurredAt ||
        (fact.occurredAt === known.occurredAt && fact.key < known.key)
      ) {
        assets.set(code, fact)
      }
    } else if (fact._tag === "InvitationSent") invitations.push(fact)
    else if (fact._tag === "LinkVisited") visits.push(fact)
  }
  return {
    assets,
    invitations: Map.groupBy(invitations, ({ friend }) => people.personOf(friend)),
    visits: Map.groupBy(visits, ({ visitor }) => people.personOf(visitor)),
  }
}

/** Every touch of a conversion, newest first, then by the order of `kinds`, then by code and by what shows it. */
export const touchesOf = (
  conversion: Conversion,
  found: TouchIndex,
  people: People,
  options: { readonly kinds: ReadonlyArray<EvidenceKind>; readonly attributeKeys: ReadonlyArray<string> },
): ReadonlyArray<Touch> => {
  const touch = (kind: EvidenceKind, text: string, at: Instant, shownBy: FactKey): Touch => {
    const code = normaliseCode(text)
    return { kind, code, at, shownBy, owner: found.assets.get(code)?.owner ?? null }
  }
  const friends = [...new Set(conversion.friends.map(people.personOf))]
  const all: Array<Touch> = [
    ...conversion.codes
      .map(({ code }) => touch("code", code, conversion.at, conversion.cause))
      .filter(({ owner }) => owner !== null),
    ...conversion.attributes
      .filter(({ key, value }) => options.attributeKeys.includes(key) && value.trim() !== "")
      .map(({ value }) => touch("cart-attribute", value, conversion.at, conversion.cause)),
    ...conversion.visits.flatMap(({ at, code }) =>
      code === null ? [] : [touch("link-click", code, at, conversion.cause)],
    ),
    ...friends
      .flatMap((friend) => found.visits.get(friend) ?? [])
      .map((visit) => touch("link-click", visit.code, visit.occurredAt, visit.key)),
    ...friends
      .flatMap((friend) => found.invitations.get(friend) ?? [])
      .map((invitation) => touch("invitation", invitation.code, invitation.occurredAt, invitation.key)),
  ]
  const place = (kind: EvidenceKind): number => options.kinds.indexOf(kind)
  return all
    .filter(({ kind }) => place(kind) >= 0)
    .sort(
      (a, b) => b.at - a.at || place(a.kind) - place(b.kind) || inText(a.code, b.code) || inText(a.shownBy, b.shownBy),
    )
}

const inText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)
