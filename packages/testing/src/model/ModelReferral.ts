/**
 * The reference model, part 6: what a rule says of one purchase for each who may earn by it. See docs/crediting.md, "Who brought the
 * buyer", "What holds" and "Terms".
 */
import { code as codeHandle, type Handle } from "@advocacy-kit/core/id/Handle"
import { days } from "@advocacy-kit/core/id/Instant"
import type { PointsMechanic } from "@advocacy-kit/core/points/Points"
import type { Program } from "@advocacy-kit/core/program/Program"
import type { ReferralMechanic } from "@advocacy-kit/core/program/Referral"
import type { Reward } from "@advocacy-kit/core/reward/Reward"
import { keyOf, partsOf } from "./ModelCommitment.ts"
import { attribute, type Attributed, type Touch } from "./ModelEvidence.ts"
import { all, corrected, inForce, judging, named, personOf, type ModelHistory } from "./ModelHistory.ts"
import { isBuyer, type ModelPurchase } from "./ModelPurchase.ts"
import { aboutThePeople, aboutThePurchase, isEnrolled, isKnown, standing } from "./ModelVerdict.ts"

export type Crediting = ReferralMechanic | PointsMechanic

export interface Terms {
  readonly program: Program
  readonly mechanic: Crediting
}

/** What the rules say for one who may earn. */
export interface Claim extends Terms {
  readonly purchase: ModelPurchase
  readonly role: "advocate" | "member"
  readonly part: string
  /** Which of how many equal shares. */
  readonly share: { readonly place: number; readonly of: number }
  readonly beneficiary: Handle
  readonly touch: Touch | null
  readonly found: "eligible" | "refused" | "held"
  readonly reason: string | null
  /** The reward for buying again, where that is what counts. */
  readonly again: Reward | null
}

const ruleIn = (program: Program | null, rule: string): Crediting | null => {
  const found = program?.definition.mechanics.find((mechanic) => mechanic.rule === rule)
  return found === undefined || found.kind === "tiers" ? null : found
}

/** A commitment keeps its terms; else the version of the purchase's time counts, or, as shared, that of the touch's. */
export const termsOf = (history: ModelHistory, purchase: ModelPurchase, rule: string): Terms | null => {
  const of = (program: Program | null): Terms | null => {
    const mechanic = ruleIn(program, rule)
    return program === null || mechanic === null ? null : { program, mechanic }
  }
  const commitment = history.committed.find(({ credit }) => {
    const parts = partsOf(credit)
    return parts?.rule === rule && parts.cause === purchase.key
  })
  const kept = commitment === undefined ? null : of(named(history, commitment.terms))
  if (kept !== null) return kept
  const now = of(judging(history, purchase.at))
  if (now?.mechanic.kind !== "referral" || now.mechanic.terms === "atConversion") return now
  if (corrected(history, purchase.at) !== null) return now
  const attributed = attribute(history, now.mechanic, purchase)
  const then = attributed === null ? null : of(inForce(history, attributed.touch.at))
  return then?.mechanic.kind === "referral" ? then : now
}

/** The account of a code that nobody owns: what was typed, as far as a handle can hold it. */
const nobody = (code: string): Handle => `code:${encodeURIComponent(code).slice(0, 200)}` as Handle

const claimBy = (
  history: ModelHistory,
  bought: ReadonlyArray<ModelPurchase>,
  purchase: ModelPurchase,
  terms: { readonly program: Program; readonly mechanic: ReferralMechanic },
  attributed: Attributed,
  touch: Touch,
): Claim => {
  const { mechanic, program } = terms
  const isAmbiguous = !attributed.isShared && attributed.touches.length > 1
  const reason =
    standing(purchase) ??
    attributed.refused ??
    aboutThePeople(history, purchase, mechanic, isAmbiguous ? null : touch.owner) ??
    (mechanic.qualifies.some(({ rule }) => rule === "new-customer") && isKnown(history, bought, purchase, mechanic)
      ? "existing-customer"
      : null) ??
    aboutThePurchase(purchase, program, mechanic.qualifies)
  return {
    ...terms,
    purchase,
    role: "advocate",
    part: attributed.isShared && attributed.refused === null ? codeHandle(touch.code) : "",
    share: {
      place: Math.max(
        0,
        attributed.touches.findIndex(({ code }) => code === touch.code),
      ),
      of: 1,
    },
    beneficiary: touch.owner ?? nobody(touch.code),
    touch,
    found: reason !== null ? "refused" : isAmbiguous ? "held" : "eligible",
    reason: reason ?? (isAmbiguous ? "ambiguous" : null),
    again: null,
  }
}

const ofPoints = (
  history: ModelHistory,
  purchase: ModelPurchase,
  program: Program,
  mechanic: PointsMechanic,
): ReadonlyArray<Claim> => {
  const [beneficiary] = purchase.buyers
  if (beneficiary === undefined) return []
  const reason =
    standing(purchase) ??
    (mechanic.members === "enrolled" && !isEnrolled(history, beneficiary, purchase) ? "not-enrolled" : null) ??
    aboutThePurchase(purchase, program, mechanic.qualifies)
  return [
    {
      program,
      mechanic,
      purchase,
      role: "member",
      part: "",
      share: { place: 0, of: 1 },
      beneficiary,
      touch: null,
      found: reason === null ? "eligible" : "refused",
      reason,
      again: null,
    },
  ]
}

/** Before anything is held: one for each advocate that the evidence names, or for the buyer. */
export const claims = (
  history: ModelHistory,
  bought: ReadonlyArray<ModelPurchase>,
  purchase: ModelPurchase,
  { mechanic, program }: Terms,
): ReadonlyArray<Claim> => {
  if (mechanic.kind === "points") return ofPoints(history, purchase, program, mechanic)
  const attributed = attribute(history, mechanic, purchase)
  if (attributed === null) return []
  const by = (touch: Touch): Claim => claimBy(history, bought, purchase, { program, mechanic }, attributed, touch)
  if (!attributed.isShared || attributed.refused !== null)
    return [{ ...by(attributed.touch), share: { place: 0, of: 1 } }]
  const of = attributed.touches.length
  return attributed.touches.map((touch, place) => ({ ...by(touch), share: { place, of } }))
}

/** Something was handed over for a purchase that no evidence speaks for any more. */
export const withoutEvidence = (purchase: ModelPurchase, terms: Terms, beneficiary: Handle, part: string): Claim => ({
  ...terms,
  purchase,
  role: "advocate",
  part,
  share: { place: 0, of: 1 },
  beneficiary,
  touch: null,
  found: "refused",
  reason: "no-evidence",
  again: null,
})

/** Soft handles of a person: on their records, and on orders that they made. */
const softOf = (history: ModelHistory, person: Handle): ReadonlyArray<Handle> => [
  ...all(history, "PersonSeen").flatMap((record) =>
    personOf(history, record.person) === personOf(history, person) ? record.soft : [],
  ),
  ...all(history, "OrderPlaced").flatMap(({ customer, email, soft, test }) => {
    const buyer = customer ?? email
    return !test && buyer !== null && personOf(history, buyer) === personOf(history, person) ? soft : []
  }),
]

/** Whether the use of a code lies in 24 hours with too many new buyers of it; `claimed` are all claims of the rule. */
const hasLeaked = (
  history: ModelHistory,
  bought: ReadonlyArray<ModelPurchase>,
  claimed: ReadonlyArray<Claim>,
  claim: Claim,
  most: number,
): boolean => {
  const buyerOf = ({ beneficiary, purchase }: Claim) => personOf(history, purchase.buyers[0] ?? beneficiary)
  const isNew = ({ mechanic, purchase }: Claim) =>
    mechanic.kind === "referral" && purchase.buyers.length > 0 && !isKnown(history, bought, purchase, mechanic)
  const uses = claimed.filter((one) => one.touch !== null && one.touch.code === claim.touch?.code && isNew(one))
  return (
    isNew(claim) &&
    uses.some(({ purchase: { at: from } }) => {
      const within = uses.filter(({ purchase: { at } }) => at >= from && at <= from + days(1))
      return within.some(({ purchase }) => purchase === claim.purchase) && new Set(within.map(buyerOf)).size >= most
    })
  )
}

/** Holds for a human what is eligible but shows a sign. */
export const screened = (
  history: ModelHistory,
  bought: ReadonlyArray<ModelPurchase>,
  claimed: ReadonlyArray<Claim>,
  claim: Claim,
): Claim => {
  const { beneficiary, found, mechanic, purchase } = claim
  if (found !== "eligible" || mechanic.kind !== "referral") return claim
  const { leakedPer24Hours, shared } = mechanic.review
  if (leakedPer24Hours !== null && hasLeaked(history, bought, claimed, claim, leakedPer24Hours))
    return { ...claim, found: "held", reason: "leaked-code" }
  const [buyer] = purchase.buyers
  const theirs = softOf(history, beneficiary)
  const buyers = [
    ...(purchase.fact._tag === "OrderPlaced" ? purchase.fact.soft : []),
    ...(buyer === undefined ? [] : softOf(history, buyer)),
  ]
  const sign = shared.find((kind) => buyers.some((soft) => soft.startsWith(`${kind}:`) && theirs.includes(soft)))
  return sign === undefined ? claim : { ...claim, found: "held", reason: `shared-${sign}` }
}

/** A friend's earlier purchase that somebody was credited for. */
export interface Brought {
  readonly purchase: ModelPurchase
  readonly beneficiary: Handle
}

/** What makes room for the advocate of the first purchase. */
const givesWay = ["existing-customer", "unknown-code", "outside-window"]

/** A later purchase of a friend: for whom the first credited purchase was credited to, if its own evidence does not count. */
export const buyingAgain = (
  history: ModelHistory,
  purchase: ModelPurchase,
  { mechanic, program }: Terms,
  own: ReadonlyArray<Claim>,
  credited: ReadonlyArray<Brought>,
): Claim | null => {
  if (mechanic.kind !== "referral" || mechanic.recurring === null) return null
  if (!own.every(({ reason }) => reason !== null && givesWay.includes(reason))) return null
  const before = credited.filter(({ purchase: earlier }) =>
    earlier.buyers.some((buyer) => isBuyer(history, purchase, buyer)),
  )
  const { count, reward, withinDays } = mechanic.recurring
  const [first] = before
  if (first === undefined || purchase.at > first.purchase.at + days(withinDays)) return null
  if (count !== null && before.length - 1 >= count) return null
  const reason =
    standing(purchase) ??
    aboutThePeople(history, purchase, mechanic, first.beneficiary) ??
    aboutThePurchase(purchase, program, mechanic.qualifies)
  return {
    program,
    mechanic,
    purchase,
    role: "advocate",
    part: "",
    share: { place: 0, of: 1 },
    beneficiary: first.beneficiary,
    touch: null,
    found: reason === null ? "eligible" : "refused",
    reason,
    again: reward,
  }
}

export const keyOfClaim = (history: ModelHistory, { mechanic, part, purchase, role }: Claim): string =>
  keyOf(history, mechanic.rule, purchase.key, role, part)
export const friendKeyOf = (history: ModelHistory, { mechanic, purchase }: Claim): string =>
  keyOf(history, mechanic.rule, purchase.key, "friend")
