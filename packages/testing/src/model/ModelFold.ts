/**
 * The reference model, part 11: all purchases in order, through limits, points and tiers. See docs/crediting.md, "Limits" and "Points".
 */
import { days } from "@advocacy-kit/core/id/Instant"
import { exponentOf } from "@advocacy-kit/core/money/Currency"
import type { Program } from "@advocacy-kit/core/program/Program"
import { committedTo, partsOf, reviewOf, sum, takenBack } from "./ModelCommitment.ts"
import { laterReward, unitOf, worth, type ModelCredit } from "./ModelCredit.ts"
import { decide, hasAdvocate, type Decision } from "./ModelDecision.ts"
import { ownerOf } from "./ModelEvidence.ts"
import { judging, type ModelHistory } from "./ModelHistory.ts"
import { hasRoom, type Taking } from "./ModelLimits.ts"
import { rounded, type ModelPurchase } from "./ModelPurchase.ts"
import {
  buyingAgain,
  claims,
  friendKeyOf,
  keyOfClaim,
  screened,
  termsOf,
  withoutEvidence,
  type Brought,
  type Claim,
  type Terms,
} from "./ModelReferral.ts"
import { partOf, type Part } from "./ModelShares.ts"
import { count, percentHeld, type Counted } from "./ModelTiers.ts"
import { standing } from "./ModelVerdict.ts"

/** A purchase under the terms of one rule, with what the rule says of it. */
interface Judged extends Terms {
  readonly purchase: ModelPurchase
  readonly own: ReadonlyArray<Claim>
}

interface Folding {
  readonly history: ModelHistory
  readonly taken: Array<Taking>
  /** Credits that took their place before everything else. */
  readonly reserved: Set<string>
  readonly counted: Array<Counted>
  /** By rule: purchases that somebody was credited for. */
  readonly brought: Array<Brought & { readonly rule: string }>
}

type Settled = Decision & Amount

/** What the main role gets; the share is told where it is one. */
type Amount = Pick<Part, "amountMinor"> & Partial<Pick<Part, "share">>

const rulesOf = (history: ModelHistory): ReadonlyArray<string> => [
  ...new Set(
    history.facts.flatMap((fact) =>
      fact._tag === "ProgramPublished" || fact._tag === "ProgramCorrected"
        ? (fact.definition as Program["definition"]).mechanics.map(({ rule }) => rule)
        : [],
    ),
  ),
]

/** What is judged: the claims of the evidence, and what was handed over without any. */
const withCommitted = (history: ModelHistory, one: Judged, own: ReadonlyArray<Claim>): ReadonlyArray<Claim> => {
  const { mechanic, purchase } = one
  const commits = history.committed.flatMap((commitment) => {
    const parts = partsOf(commitment.credit)
    return parts !== null && parts.rule === mechanic.rule && parts.cause === purchase.key ? [{ commitment, parts }] : []
  })
  const alone = commits
    .filter(({ parts: { part, role } }) => role !== "friend" && !own.some((claim) => claim.part === part))
    .filter(({ parts }, place, list) => list.findIndex((other) => other.parts.part === parts.part) === place)
    .map(({ commitment, parts }) => withoutEvidence(purchase, one, commitment.beneficiary, parts.part))
  const judged = [...own, ...alone]
  const friend = commits.find(({ parts }) => parts.role === "friend")
  return judged.length > 0 || friend === undefined || mechanic.kind !== "referral"
    ? judged
    : [withoutEvidence(purchase, one, friend.commitment.beneficiary, "")]
}

/** What the one who brought, or bought, gets: a share of the reward, or points. */
const mainAmount = (history: ModelHistory, claim: Claim, among: ReadonlyArray<Claim>, percent: number): Amount => {
  const { mechanic, program, purchase } = claim
  const { netMinor } = purchase
  if (mechanic.kind === "points") {
    const units = 100n * 10n ** BigInt(exponentOf(program.currency))
    return { amountMinor: (netMinor * BigInt(mechanic.perUnit) * BigInt(percent)) / units }
  }
  const reward = claim.again ?? mechanic.advocate
  const wholeMinor = reward === null ? 0n : worth(reward, netMinor, program)
  const { amountMinor, share } = partOf(history, claim, among, wholeMinor)
  return claim.part === "" || wholeMinor === 0n ? { amountMinor } : { amountMinor, share }
}

const takingOf = (
  history: ModelHistory,
  claim: Claim,
  among: ReadonlyArray<Claim>,
  { beneficiary }: Decision,
): Taking => {
  const { mechanic, program, purchase, share } = claim
  const [advocate, friend] = [laterReward(claim, "advocate"), laterReward(claim, "friend")]
  const isMoney = (reward: typeof friend) => reward !== null && unitOf(reward, program) === program.currency
  return {
    program,
    mechanic,
    at: purchase.at,
    advocate: beneficiary,
    places: 1n,
    costMinor:
      (isMoney(advocate) ? mainAmount(history, claim, among, 100).amountMinor : 0n) +
      (friend !== null && isMoney(friend) && share.place === 0 ? worth(friend, purchase.netMinor, program) : 0n),
  }
}

/** What advocates' codes took off at the checkout, as far as the buyer keeps what it was taken off; null for nothing. */
const givenAtCheckout = (history: ModelHistory, { mechanic, purchase }: Judged): bigint | null => {
  const { cancelled, fact, grossMinor, netMinor } = purchase
  if (mechanic.kind !== "referral" || mechanic.friend?.kind !== "checkout-discount") return null
  if (fact._tag !== "OrderPlaced" || fact.test || purchase.buyers.length === 0) return null
  const given = fact.codes
    .filter(({ code }) => ownerOf(history, code) !== null)
    .reduce((total, { discountMinor }) => total + discountMinor, 0n)
  if (given === 0n) return null
  return cancelled ? 0n : grossMinor === 0n ? given : rounded(given, netMinor, grossMinor)
}

/** Commitments take their places before everything else. */
const reserve = (folding: Folding, one: Judged): void => {
  const among = withCommitted(folding.history, one, one.own)
  for (const claim of among) {
    const decision = decide(folding.history, claim)
    if (decision.committed.length === 0 || decision.outcome !== "credited" || !hasAdvocate(folding.history, claim))
      continue
    folding.taken.push(takingOf(folding.history, claim, among, decision))
    folding.reserved.add(keyOfClaim(folding.history, claim))
  }
}

const settle = (folding: Folding, one: Judged): ReadonlyArray<Settled> => {
  const { brought, counted, history, taken } = folding
  const { mechanic, program, purchase } = one
  const [first] = one.own
  const given = givenAtCheckout(history, one)
  if (first !== undefined && given !== null && purchase.currency === program.currency)
    taken.push({ program, mechanic, at: purchase.at, advocate: first.beneficiary, places: 0n, costMinor: given })
  const earlier = brought.filter(({ rule }) => rule === mechanic.rule)
  const again = buyingAgain(history, purchase, one, one.own, earlier)
  const among = withCommitted(history, one, again === null ? one.own : [again])
  const settled = among.map((claim): Settled => {
    const decision = decide(history, claim)
    if (decision.outcome !== "credited") return { ...decision, amountMinor: 0n }
    const percent =
      mechanic.kind === "points"
        ? percentHeld(history, counted, purchase, decision.beneficiary, program, mechanic.tierPercent)
        : 100
    const amount = mainAmount(history, claim, among, percent)
    const wanted = takingOf(history, claim, among, decision)
    if (decision.committed.length > 0) {
      // Only who was brought before tells whose a purchase is that nothing but the friend's handing-over speaks for.
      if (!folding.reserved.has(keyOfClaim(history, claim)) && hasAdvocate(history, claim)) taken.push(wanted)
      return { ...decision, ...amount }
    }
    if (!hasRoom(history, taken, wanted))
      return { ...decision, outcome: "refused", reason: "limit-reached", amountMinor: 0n }
    taken.push(wanted)
    return { ...decision, ...amount }
  })
  // Who is only held, or gets nothing for it, is no advocate of later purchases yet.
  const [credited] = settled
    .filter(({ claim, outcome }) => outcome === "credited" && claim.role === "advocate" && !purchase.test)
    .filter(({ claim }) => laterReward(claim, "advocate") !== null)
    .filter(({ claim, review }) => review !== "held" || committedTo(history, keyOfClaim(history, claim)).length > 0)
    .sort((a, b) => (a.claim.part < b.claim.part ? -1 : a.claim.part > b.claim.part ? 1 : 0))
  if (credited !== undefined) brought.push({ rule: mechanic.rule, purchase, beneficiary: credited.beneficiary })
  return settled
}

/** Points given as a reward expire as the program's points do. */
const expiryOf = ({ definition }: Program): number | null =>
  definition.mechanics.find((mechanic) => mechanic.kind === "points")?.expiresAfterDays ?? null

const creditOf = (
  history: ModelHistory,
  one: Settled,
  of: Pick<ModelCredit, "key" | "beneficiary" | "unit" | "amountMinor" | "share"> & {
    readonly expiresAfterDays: number | null
  },
): ReadonlyArray<ModelCredit> => {
  const { mechanic, program, purchase } = one.claim
  const committed = committedTo(history, of.key)
  const [first] = committed
  // What was handed over in another unit than the terms give stands alone.
  if (first !== undefined && first.unit !== of.unit) return []
  const taken = committed.filter(({ unit }) => unit === of.unit)
  const back = takenBack(history, of.key, of.unit)
  const givenMinor = sum(taken)
  // What is held and nobody was given is only held.
  const outcome = one.outcome === "credited" && one.review === "held" && taken.length === 0 ? "held" : one.outcome
  const isGranted = outcome === "credited"
  const maturesAt = purchase.at + days(mechanic.holdDays)
  const dueMinor = of.amountMinor > back.amountMinor ? of.amountMinor - back.amountMinor : 0n
  return [
    {
      key: of.key,
      at: purchase.at,
      beneficiary: of.beneficiary,
      unit: of.unit,
      // What is held is worth no more than what is out already.
      amountMinor: !isGranted ? 0n : one.review === "held" && givenMinor < dueMinor ? givenMinor : dueMinor,
      outcome,
      reason: one.reason,
      review: one.review,
      terms: first?.terms ?? program.hash,
      ...(of.share === undefined ? {} : { share: of.share }),
      maturesAt: purchase.paid ? maturesAt : null,
      expiresAt:
        (isGranted || outcome === "reversed") && of.expiresAfterDays !== null
          ? maturesAt + days(of.expiresAfterDays)
          : null,
      taken,
      from: [],
      fellAt: Math.max(purchase.changedAt, back.at, reviewOf(history, keyOfClaim(history, one.claim))?.occurredAt ?? 0),
      isTier: false,
    },
  ]
}

/** The credits of what was settled; the friend's goes with the first share. */
const creditsOf = (history: ModelHistory, settled: ReadonlyArray<Settled>): ReadonlyArray<ModelCredit> =>
  settled.flatMap((one, place) => {
    const { claim } = one
    const { mechanic, program, purchase, reason } = claim
    if (mechanic.kind === "points")
      return creditOf(history, one, {
        key: keyOfClaim(history, claim),
        beneficiary: one.beneficiary,
        unit: `points:${program.name}`,
        amountMinor: one.amountMinor,
        expiresAfterDays: mechanic.expiresAfterDays,
      })
    const roles = place === 0 ? (["advocate", "friend"] as const) : (["advocate"] as const)
    return roles.flatMap((role) => {
      const reward = laterReward(claim, role)
      const key = role === "advocate" ? keyOfClaim(history, claim) : friendKeyOf(history, claim)
      const [first] = committedTo(history, key)
      if (reward === null || (reason === "no-evidence" && first === undefined)) return []
      return creditOf(history, one, {
        key,
        beneficiary:
          role === "advocate" ? one.beneficiary : (first?.beneficiary ?? purchase.buyers[0] ?? one.beneficiary),
        unit: unitOf(reward, program),
        amountMinor: role === "advocate" ? one.amountMinor : worth(reward, purchase.netMinor, program),
        ...(role === "advocate" && one.share !== undefined ? { share: one.share } : {}),
        expiresAfterDays: reward.kind === "points" ? expiryOf(program) : null,
      })
    })
  })

/** What friends were given at the checkout, whatever became of the referral. */
const recorded = (history: ModelHistory, one: Judged): ReadonlyArray<ModelCredit> => {
  const { mechanic, own, program, purchase } = one
  const [first] = own
  const [friend] = purchase.buyers
  const amountMinor = givenAtCheckout(history, one)
  if (first === undefined || friend === undefined || amountMinor === null) return []
  return [
    {
      key: friendKeyOf(history, first),
      at: purchase.at,
      beneficiary: friend,
      unit: purchase.currency ?? "",
      amountMinor,
      outcome: "recorded",
      reason: null,
      review: "clear",
      terms: program.hash,
      maturesAt: purchase.at,
      expiresAt: null,
      taken: [{ into: "settled", amountMinor }],
      from: [],
      fellAt: purchase.changedAt,
      isTier: mechanic.kind === "points",
    },
  ]
}

const tiersOf = (
  folding: Folding,
  purchase: ModelPurchase,
  settled: ReadonlyArray<Settled>,
): ReadonlyArray<ModelCredit> => {
  const { counted, history } = folding
  const add = (what: "referrals" | "points" | "spend", of: Parameters<typeof count>[4]) =>
    count(history, counted, purchase, what, of)
  const moved = settled
    .filter(({ outcome, review }) => outcome === "credited" && review === "clear")
    .flatMap(({ amountMinor, beneficiary, claim }) => {
      const { part, program, role } = claim
      const reward = laterReward(claim, "advocate")
      const isPoints = role === "member" || (reward !== null && unitOf(reward, program) !== program.currency)
      return [
        ...(role === "advocate" ? add("referrals", { beneficiary, part, amount: 1n }) : []),
        ...(isPoints
          ? add("points", { beneficiary, part: role === "member" ? part : part || "advocate", amount: amountMinor })
          : []),
      ]
    })
  const [buyer] = purchase.buyers
  const isSpent = standing(purchase) === null && purchase.currency === judging(history, purchase.at)?.currency
  return buyer === undefined || !isSpent
    ? moved
    : [...moved, ...add("spend", { beneficiary: buyer, part: "", amount: purchase.netMinor })]
}

/** Every credit that purchases bring, by key; where two have one key the later stands. */
export const fold = (history: ModelHistory, bought: ReadonlyArray<ModelPurchase>): ReadonlyMap<string, ModelCredit> => {
  const folding: Folding = { history, taken: [], reserved: new Set(), counted: [], brought: [] }
  const claimed = rulesOf(history).flatMap((rule) => {
    const judged = bought.flatMap((purchase): ReadonlyArray<Judged> => {
      const terms = termsOf(history, purchase, rule)
      return terms === null || !terms.mechanic.conversions.includes(purchase.kind)
        ? []
        : [{ ...terms, purchase, own: claims(history, bought, purchase, terms) }]
    })
    const all = judged.flatMap(({ own }) => own)
    return judged.map((one) => ({ ...one, own: one.own.map((claim) => screened(history, bought, all, claim)) }))
  })
  for (const one of claimed) reserve(folding, one)
  const credits = new Map<string, ModelCredit>()
  const tiers: Array<ModelCredit> = []
  for (const purchase of bought) {
    const here = claimed.filter((one) => one.purchase === purchase)
    const settled = here.map((one) => settle(folding, one))
    for (const credit of settled.flatMap((of) => creditsOf(history, of))) credits.set(credit.key, credit)
    for (const credit of here.flatMap((one) => recorded(history, one))) credits.set(credit.key, credit)
    tiers.push(...tiersOf(folding, purchase, settled.flat()))
  }
  for (const credit of tiers) credits.set(credit.key, credit)
  return credits
}
