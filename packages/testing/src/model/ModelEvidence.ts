/**
 * The reference model, part 3: touches, and who brought the buyer. See docs/crediting.md, "Evidence" and "Who brought the buyer".
 */
import type { Handle } from "@advocacy-kit/core/id/Handle"
import { normaliseCode } from "@advocacy-kit/core/id/Handle"
import { days, type Instant } from "@advocacy-kit/core/id/Instant"
import type { ReferralMechanic } from "@advocacy-kit/core/program/Referral"
import { all, personOf, type ModelHistory } from "./ModelHistory.ts"
import { isBuyer, type ModelPurchase } from "./ModelPurchase.ts"

export interface Touch {
  readonly kind: ReferralMechanic["evidence"][number]
  readonly code: string
  readonly at: Instant
  /** Whom the code was issued to; null where nobody was. */
  readonly owner: Handle | null
}

/** Whom a code was issued to first. */
export const ownerOf = (history: ModelHistory, code: string): Handle | null =>
  all(history, "AssetIssued").find(
    (asset) => asset.program === history.program && normaliseCode(asset.code) === normaliseCode(code),
  )?.owner ?? null

/** Every piece of evidence of the kinds that the program takes, up to the purchase. */
export const touches = (
  history: ModelHistory,
  mechanic: Pick<ReferralMechanic, "evidence" | "attributeKeys">,
  purchase: ModelPurchase,
): ReadonlyArray<Touch> => {
  const { at, fact } = purchase
  const touch = (kind: Touch["kind"], code: string, when: Instant): Touch => ({
    kind,
    code: normaliseCode(code),
    at: when,
    owner: ownerOf(history, code),
  })
  const typed =
    fact._tag === "OrderPlaced"
      ? fact.codes.map(({ code }) => touch("code", code, at))
      : fact.code === null
        ? []
        : [touch("code", fact.code, at)]
  return [
    ...typed.filter(({ owner }) => owner !== null),
    ...(fact._tag === "OrderPlaced"
      ? [
          ...fact.attributes
            .filter(({ key, value }) => mechanic.attributeKeys.includes(key) && normaliseCode(value) !== "")
            .map(({ value }) => touch("cart-attribute", value, at)),
          ...fact.visits.flatMap((visit) => (visit.code === null ? [] : [touch("link-click", visit.code, visit.at)])),
        ]
      : []),
    ...all(history, "LinkVisited")
      .filter(({ visitor }) => isBuyer(history, purchase, visitor))
      .map(({ code, occurredAt }) => touch("link-click", code, occurredAt)),
    ...all(history, "InvitationSent")
      .filter(({ friend }) => isBuyer(history, purchase, friend))
      .map(({ code, occurredAt }) => touch("invitation", code, occurredAt)),
  ].filter((one) => mechanic.evidence.includes(one.kind))
}

/** The touches that decide: of several people they are ambiguous, or share. `touch` is the first, or the one that was refused. */
export interface Attributed {
  readonly refused: "outside-window" | "unknown-code" | null
  readonly isShared: boolean
  readonly touch: Touch
  readonly touches: ReadonlyArray<Owned>
}
export type Owned = Touch & { readonly owner: Handle }

const byCode = (left: Touch, right: Touch): number => (left.code < right.code ? -1 : left.code > right.code ? 1 : 0)

/** Null where there is no evidence at all. */
export const attribute = (
  history: ModelHistory,
  mechanic: Pick<ReferralMechanic, "evidence" | "attributeKeys" | "attribution">,
  purchase: ModelPurchase,
): Attributed | null => {
  const { model, windowDays } = mechanic.attribution
  const rank = ({ kind }: Touch): number => mechanic.evidence.indexOf(kind)
  const found = [...touches(history, mechanic, purchase)].sort(
    (a, b) => b.at - a.at || rank(a) - rank(b) || byCode(a, b),
  )
  const [newest] = found
  if (newest === undefined) return null
  const isShared = model === "shared"
  const refused = (reason: "outside-window" | "unknown-code", touch: Touch) => ({
    refused: reason,
    isShared,
    touch,
    touches: [],
  })
  // Codes that nobody owns count only where there are no others.
  const owned = found.flatMap((one) => (one.owner === null ? [] : [{ ...one, owner: one.owner }]))
  const [newestOwned] = owned
  if (newestOwned === undefined) return refused("unknown-code", newest)
  const inside = owned.filter(({ at }) => at <= purchase.at && at >= purchase.at - days(windowDays))
  const moments = inside.map(({ at }) => at)
  const moment = model === "first-touch" ? Math.min(...moments) : Math.max(...moments)
  const then = inside.filter(({ at }) => at === moment)
  const deciding = isShared ? inside : then.filter((one) => rank(one) === Math.min(...then.map(rank)))
  const ofEach = deciding.filter(
    (one, place) =>
      deciding.findIndex((other) => personOf(history, other.owner) === personOf(history, one.owner)) === place,
  )
  const inTurn = ofEach.sort(byCode)
  const [first] = inTurn
  return first === undefined
    ? refused("outside-window", newestOwned)
    : { refused: null, isShared, touch: first, touches: inTurn }
}
