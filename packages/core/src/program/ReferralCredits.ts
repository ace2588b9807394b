/**
 * From verdicts to credits: limits, commitments, human decisions, amounts, maturity.
 *
 * Limits are one fold over conversions in (occurredAt, source key) order. A commitment takes its slot first, even above the
 * limit, keeps its beneficiary and terms, and falls only by its own refund or cancellation or by a human decision.
 */
import { failed, noted, passed, type Trial } from "../because/Because.ts"
import type { RewardCommitted } from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import { days, periodOf, toIso } from "../id/Instant.ts"
import { handleAccount, keyOf, programAccount, type Credit, type CreditKey, type Leg, type Unit } from "../ledger/Credit.ts"
import { format, make as money, scale } from "../money/Money.ts"
import type { PersonId } from "../person/People.ts"
import { worth, type Reward } from "../reward/Reward.ts"
import type { History } from "./History.ts"
import type { Program } from "./Program.ts"
import type { ReferralMechanic } from "./Referral.ts"
import { ownCause, type Reason, type Verdict } from "./ReferralVerdict.ts"

/** A verdict under the terms that its conversion was made under. */
export interface Case {
  readonly program: Program
  readonly mechanic: ReferralMechanic
  readonly verdict: Verdict
}

interface Settled extends Case {
  readonly outcome: Credit["outcome"]
  readonly reason: Reason | null
  readonly review: Credit["review"]
  readonly beneficiary: Handle
  readonly trials: ReadonlyArray<Trial>
  readonly committed: ReadonlyArray<RewardCommitted>
}

export const creditKey = (program: string, mechanic: ReferralMechanic, cause: string, role: "advocate" | "friend"): CreditKey =>
  keyOf({ program, rule: mechanic.rule, cause, role })

/** All credits of one mechanic's cases, in the order of their conversions. */
export const credits = (history: History, cases: ReadonlyArray<Case>): ReadonlyArray<Credit> =>
  limit(history, cases.map((one) => decide(history, one))).flatMap((settled) => [
    ...roleCredits(history, settled),
    ...checkoutCredit(history, settled),
  ])

/** Applies commitments and human decisions to one verdict. */
const decide = (history: History, one: Case): Settled => {
  const { program, verdict } = one
  const key = creditKey(program.name, one.mechanic, verdict.conversion.cause, "advocate")
  const advocateCommitted = history.commitments.get(key) ?? []
  const friendCommitted = history.commitments.get(creditKey(program.name, one.mechanic, verdict.conversion.cause, "friend")) ?? []
  const committed = [...advocateCommitted, ...friendCommitted]
  const review = history.reviews.get(key)
  const base = { ...one, committed, beneficiary: advocateCommitted[0]?.beneficiary ?? verdict.beneficiary }
  const said = review === undefined ? [] : [noted("human decision", { verdict: review.verdict, by: review.by, reason: review.reason })]
  const trials = [...verdict.trials, ...said]
  if (review?.verdict === "reject") {
    return { ...base, outcome: committed.length > 0 ? "reversed" : "refused", reason: "rejected", review: "rejected", trials }
  }
  if (committed.length > 0) {
    const own = ownCause({ history, mechanic: one.mechanic, currency: program.currency }, verdict.conversion)
    const pinned = [...trials, noted("commitment keeps terms and beneficiary", { since: toIso(committed[0]?.occurredAt ?? 0) }), ...own.trials]
    if (own.reason !== null) return { ...base, outcome: "reversed", reason: own.reason, review: "clear", trials: pinned }
    // What later evidence or a merge reveals is for a human, never for the machine to take back.
    return { ...base, outcome: "credited", reason: verdict.reason, review: verdict.outcome === "eligible" ? "clear" : "held", trials: pinned }
  }
  if (verdict.outcome === "refused") return { ...base, outcome: "refused", reason: verdict.reason, review: "clear", trials }
  if (verdict.outcome === "held" && review?.verdict !== "release") return { ...base, outcome: "held", reason: verdict.reason, review: "held", trials }
  if (verdict.reason === "ambiguous" && review?.beneficiary === null) return { ...base, outcome: "held", reason: "ambiguous", review: "held", trials }
  return { ...base, beneficiary: review?.beneficiary ?? base.beneficiary, outcome: "credited", reason: null, review: "clear", trials }
}

const limit = (history: History, all: ReadonlyArray<Settled>): ReadonlyArray<Settled> => {
  const used = new Map<string, number>()
  const slots = (one: Settled): ReadonlyArray<{ readonly slot: string; readonly room: number; readonly label: string }> => {
    const advocate: PersonId = history.people.personOf(one.beneficiary)
    return one.mechanic.limits.map(({ count, period }, index) => {
      const name = periodOf(one.verdict.conversion.at, period, one.program.definition.timeZone)
      const slot = [one.mechanic.rule, index, advocate, name].join("|")
      return { slot, room: count - (used.get(slot) ?? 0), label: `${count} per ${period} (${name})` }
    })
  }
  const take = (one: Settled): void => {
    for (const { slot } of slots(one)) used.set(slot, (used.get(slot) ?? 0) + 1)
  }
  for (const one of all) if (one.outcome === "credited" && one.committed.length > 0) take(one)
  return all.map((one) => {
    if (one.outcome !== "credited" || one.committed.length > 0) return one
    const full = slots(one).find(({ room }) => room <= 0)
    if (full !== undefined) {
      return { ...one, outcome: "refused", reason: "limit-reached", trials: [...one.trials, failed("limit", { limit: full.label })] }
    }
    const trials = [...one.trials, ...slots(one).map(({ label, room }) => passed("limit", { limit: label, left: String(room - 1) }))]
    take(one)
    return { ...one, trials }
  })
}

/** Credits of rewards that are handed over after qualification, for either side. */
const roleCredits = (history: History, one: Settled): ReadonlyArray<Credit> =>
  (["advocate", "friend"] as const).flatMap((role) => {
    const reward = one.mechanic[role]
    if (reward === null || reward.kind === "checkout-discount") return []
    return [roleCredit(history, one, role, reward)]
  })

type LaterReward = Exclude<Reward, { readonly kind: "checkout-discount" }>

const roleCredit = (history: History, one: Settled, role: "advocate" | "friend", reward: LaterReward): Credit => {
  const { conversion } = one.verdict
  const key = creditKey(one.program.name, one.mechanic, conversion.cause, role)
  const committed = history.commitments.get(key) ?? []
  const friend = conversion.friends[0]
  const beneficiary = role === "advocate" ? one.beneficiary : (committed[0]?.beneficiary ?? friend ?? one.beneficiary)
  const granted = one.outcome === "credited"
  const amountMinor = granted ? worth(reward, conversion.netMinor, one.program.currency) : 0n
  const maturesAt = conversion.at + days(one.mechanic.holdDays)
  const mature = history.asOf >= maturesAt && conversion.paid
  const decidedAt = history.reviews.get(key)?.occurredAt ?? 0
  const committedAt = Math.max(0, ...committed.map(({ occurredAt }) => occurredAt))
  const arithmetic = granted
    ? [noted("amount", { net: format(money(conversion.currency, conversion.netMinor)), worth: format(money(one.program.currency, amountMinor)) })]
    : []
  const hold = granted ? [noted("hold", { until: toIso(maturesAt), paid: String(conversion.paid) })] : []
  return {
    key,
    program: one.program.name,
    cause: conversion.cause,
    role,
    beneficiary,
    unit: one.program.currency as string as Unit,
    amountMinor,
    outcome: one.outcome,
    reason: one.reason,
    review: one.review,
    legs: balanceSheet(one.program.name, beneficiary, amountMinor, committed, mature ? "available" : "pending"),
    effectiveAt: Math.max(conversion.changedAt, decidedAt, committedAt, granted && mature ? maturesAt : 0),
    nextDueAt: granted && history.asOf < maturesAt ? maturesAt : null,
    terms: committed[0]?.terms ?? one.program.hash,
    because: [...one.trials, ...arithmetic, ...hold],
  }
}

/**
 * Where an amount lies, given what was handed over of it already: handed over stays settled; the rest is pending or
 * available; what was handed over beyond the amount is a debt.
 */
const balanceSheet = (
  program: string,
  beneficiary: Handle,
  amountMinor: bigint,
  committed: ReadonlyArray<RewardCommitted>,
  rest: "pending" | "available",
): ReadonlyArray<Leg> => {
  const settledMinor = committed.reduce((total, commitment) => total + commitment.amountMinor, 0n)
  const openMinor = amountMinor > settledMinor ? amountMinor - settledMinor : 0n
  const debtMinor = settledMinor > amountMinor ? settledMinor - amountMinor : 0n
  return [
    { account: programAccount(program), amountMinor: -amountMinor },
    { account: handleAccount(beneficiary, rest), amountMinor: openMinor },
    { account: handleAccount(beneficiary, "settled"), amountMinor: settledMinor },
    { account: handleAccount(beneficiary, "debt"), amountMinor: -debtMinor },
  ].filter((leg) => leg.amountMinor !== 0n)
}

/** What the advocate's code took off at the checkout: recorded whatever became of the referral, net of refunds. */
const checkoutCredit = (history: History, one: Settled): ReadonlyArray<Credit> => {
  const { conversion, touch } = one.verdict
  if (one.mechanic.friend?.kind !== "checkout-discount" || conversion.test) return []
  const owned = conversion.codes.filter(({ code, discountMinor }) => discountMinor > 0n && history.touches.assets.has(code.trim().toUpperCase()))
  const givenMinor = owned.reduce((total, { discountMinor }) => total + discountMinor, 0n)
  const friend = conversion.friends[0]
  if (givenMinor === 0n || friend === undefined) return []
  const amountMinor = conversion.grossMinor === 0n ? givenMinor : scale(givenMinor, conversion.netMinor, conversion.grossMinor)
  return [
    {
      key: creditKey(one.program.name, one.mechanic, conversion.cause, "friend"),
      program: one.program.name,
      cause: conversion.cause,
      role: "friend",
      beneficiary: friend,
      unit: conversion.currency as string as Unit,
      amountMinor,
      outcome: "recorded",
      reason: null,
      review: "clear",
      legs: [
        { account: programAccount(one.program.name), amountMinor: -amountMinor },
        { account: handleAccount(friend, "settled"), amountMinor },
      ].filter((leg) => leg.amountMinor !== 0n),
      effectiveAt: conversion.changedAt,
      nextDueAt: null,
      terms: one.program.hash,
      because: [
        noted("given at the checkout", {
          code: touch.code,
          discount: format(money(conversion.currency, givenMinor)),
          netOfRefunds: format(money(conversion.currency, amountMinor)),
        }),
      ],
    },
  ]
}
