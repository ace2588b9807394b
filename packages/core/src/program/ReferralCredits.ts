/**
 * From verdicts to credits: limits, commitments, human decisions, amounts, maturity.
 *
 * Limits are one fold over conversions in (occurredAt, source key) order. A commitment takes its slot first, even above the
 * limit, keeps its beneficiary and terms, and falls only by its own refund or cancellation or by a human decision.
 */
import { failed, noted, passed, type Trial } from "../because/Because.ts"
import type { ReviewDecided, RewardCommitted } from "../fact/Fact.ts"
import { normaliseCode, type Handle } from "../id/Handle.ts"
import { days, periodOf, toIso } from "../id/Instant.ts"
import { handleAccount, keyOf, programAccount, type Credit, type CreditKey, type Unit } from "../ledger/Credit.ts"
import { format, make as money, scale } from "../money/Money.ts"
import type { PersonId } from "../person/People.ts"
import { worth, type Reward } from "../reward/Reward.ts"
import { legsOf } from "./BalanceSheet.ts"
import type { History } from "./History.ts"
import { saidBy } from "./LoneCommitment.ts"
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

export const creditKey = (
  program: string,
  mechanic: ReferralMechanic,
  cause: string,
  role: "advocate" | "friend",
): CreditKey => keyOf({ program, rule: mechanic.rule, cause, role })

/** All credits of one mechanic's cases, in the order of their conversions. */
export const credits = (history: History, cases: ReadonlyArray<Case>): ReadonlyArray<Credit> =>
  limit(
    history,
    cases.map((one) => decide(history, one)),
  ).flatMap((settled) => [...roleCredits(history, settled), ...checkoutCredit(history, settled)])

/** Applies commitments and human decisions to one verdict. */
const decide = (history: History, one: Case): Settled => {
  const { program, verdict } = one
  const key = creditKey(program.name, one.mechanic, verdict.conversion.cause, "advocate")
  const advocateCommitted = history.commitments.get(key) ?? []
  const friendCommitted =
    history.commitments.get(creditKey(program.name, one.mechanic, verdict.conversion.cause, "friend")) ?? []
  const committed = [...advocateCommitted, ...friendCommitted]
  const review = history.reviews.get(key)
  const base = { ...one, committed, beneficiary: advocateCommitted[0]?.beneficiary ?? verdict.beneficiary }
  const trials = [...verdict.trials, ...saidBy(review)]
  if (review?.verdict === "reject") {
    return {
      ...base,
      outcome: committed.length > 0 ? "reversed" : "refused",
      reason: "rejected",
      review: "rejected",
      trials,
    }
  }
  return committed.length > 0
    ? decideCommitted(history, { ...base, trials }, review)
    : decideFresh(history, { ...base, trials }, review)
}

type Undecided = Omit<Settled, "outcome" | "reason" | "review">

const isBuyer = (history: History, handle: Handle, { verdict }: Case): boolean =>
  verdict.conversion.friends.some((friend) => history.people.personOf(friend) === history.people.personOf(handle))

/** Where the evidence has gone and only the friend was committed to, there is no advocate. */
const hasAdvocate = (history: History, { mechanic, program, verdict }: Case): boolean =>
  verdict.reason !== "no-evidence" ||
  history.commitments.has(creditKey(program.name, mechanic, verdict.conversion.cause, "advocate"))

/** What later evidence or a merge reveals is for a human, never for the machine to take back. */
const decideCommitted = (history: History, one: Undecided, review: ReviewDecided | undefined): Settled => {
  const { committed, mechanic, program, verdict } = one
  const committedAt = Math.max(...committed.map(({ occurredAt }) => occurredAt))
  const own = ownCause({ history, mechanic, currency: program.currency }, verdict.conversion)
  const trials = [
    ...one.trials,
    noted("commitment keeps terms and beneficiary", { since: toIso(committed[0]?.occurredAt ?? 0) }),
    ...(verdict.outcome === "eligible" ? [] : own.trials),
  ]
  if (own.reason !== null) return { ...one, outcome: "reversed", reason: own.reason, review: "clear", trials }
  if (hasAdvocate(history, one) && isBuyer(history, one.beneficiary, one))
    return { ...one, outcome: "credited", reason: "self-referral", review: "held", trials }
  // A release before the commitment was about what held it then; only one after it is about what refuses it now.
  const released = review?.verdict === "release" && (verdict.outcome === "held" || review.occurredAt >= committedAt)
  if (verdict.outcome === "eligible" || released)
    return { ...one, outcome: "credited", reason: null, review: "clear", trials }
  return { ...one, outcome: "credited", reason: verdict.reason, review: "held", trials }
}

const decideFresh = (history: History, one: Undecided, review: ReviewDecided | undefined): Settled => {
  const { trials, verdict } = one
  if (verdict.outcome === "refused") return { ...one, outcome: "refused", reason: verdict.reason, review: "clear" }
  const isReleased = review?.verdict === "release" && (verdict.reason !== "ambiguous" || review.beneficiary !== null)
  if (verdict.outcome === "held" && !isReleased)
    return { ...one, outcome: "held", reason: verdict.reason, review: "held" }
  const beneficiary = review?.beneficiary ?? one.beneficiary
  if (isBuyer(history, beneficiary, one)) {
    return {
      ...one,
      beneficiary,
      outcome: "refused",
      reason: "self-referral",
      review: "clear",
      trials: [...trials, failed("not a self-referral", { named: beneficiary })],
    }
  }
  return { ...one, beneficiary, outcome: "credited", reason: null, review: "clear" }
}

const limit = (history: History, all: ReadonlyArray<Settled>): ReadonlyArray<Settled> => {
  const used = new Map<string, number>()
  const slots = (
    one: Settled,
  ): ReadonlyArray<{ readonly slot: string; readonly room: number; readonly label: string }> => {
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
  for (const one of all)
    if (one.outcome === "credited" && one.committed.length > 0 && hasAdvocate(history, one)) take(one)
  return all.map((one) => {
    if (one.outcome !== "credited" || one.committed.length > 0) return one
    const full = slots(one).find(({ room }) => room <= 0)
    if (full !== undefined) {
      return {
        ...one,
        outcome: "refused",
        reason: "limit-reached",
        trials: [...one.trials, failed("limit", { limit: full.label })],
      }
    }
    const trials = [
      ...one.trials,
      ...slots(one).map(({ label, room }) => passed("limit", { limit: label, left: String(room - 1) })),
    ]
    take(one)
    return { ...one, trials }
  })
}

/** Credits of rewards that are handed over after qualification, for either side. */
const roleCredits = (history: History, one: Settled): ReadonlyArray<Credit> =>
  (["advocate", "friend"] as const).flatMap((role) => {
    const reward = one.mechanic[role]
    if (reward === null || reward.kind === "checkout-discount") return []
    // Where the evidence has gone, only what was committed to is left.
    const isCommitted = history.commitments.has(
      creditKey(one.program.name, one.mechanic, one.verdict.conversion.cause, role),
    )
    if (one.verdict.reason === "no-evidence" && !isCommitted) return []
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
  const decidedAt =
    history.reviews.get(creditKey(one.program.name, one.mechanic, conversion.cause, "advocate"))?.occurredAt ?? 0
  const committedAt = Math.max(0, ...committed.map(({ occurredAt }) => occurredAt))
  const arithmetic = granted
    ? [
        noted("amount", {
          net: format(money(conversion.currency, conversion.netMinor)),
          worth: format(money(one.program.currency, amountMinor)),
        }),
      ]
    : []
  const hold = granted ? [noted("hold", { until: toIso(maturesAt), paid: String(conversion.paid) })] : []
  return {
    key,
    program: one.program.name,
    cause: conversion.cause,
    role,
    beneficiary,
    code: codeOf(one.verdict),
    unit: one.program.currency as string as Unit,
    amountMinor,
    outcome: one.outcome,
    reason: one.reason,
    review: one.review,
    legs: legsOf({
      program: one.program.name,
      beneficiary,
      amountMinor,
      committed,
      rest: mature ? "available" : "pending",
    }),
    effectiveAt: Math.max(conversion.changedAt, decidedAt, committedAt, granted && mature ? maturesAt : 0),
    nextDueAt: granted && history.asOf < maturesAt ? maturesAt : null,
    terms: committed[0]?.terms ?? one.program.hash,
    because: [...one.trials, ...arithmetic, ...hold],
  }
}

const codeOf = ({ reason, touch }: Verdict): string | null =>
  reason === "ambiguous" || touch.code === "" ? null : touch.code

/** What the advocate's code took off at the checkout: recorded whatever became of the referral, net of refunds. */
const checkoutCredit = (history: History, one: Settled): ReadonlyArray<Credit> => {
  const { conversion } = one.verdict
  if (one.mechanic.friend?.kind !== "checkout-discount" || conversion.test) return []
  const owned = conversion.codes.filter(
    ({ code, discountMinor }) => discountMinor > 0n && history.touches.assets.has(normaliseCode(code)),
  )
  const givenMinor = owned.reduce((total, { discountMinor }) => total + discountMinor, 0n)
  const friend = conversion.friends[0]
  if (givenMinor === 0n || friend === undefined) return []
  const isWhole = conversion.grossMinor === 0n && conversion.cancelledAt === null
  const amountMinor = isWhole
    ? givenMinor
    : conversion.grossMinor === 0n
      ? 0n
      : scale(givenMinor, conversion.netMinor, conversion.grossMinor)
  return [
    {
      key: creditKey(one.program.name, one.mechanic, conversion.cause, "friend"),
      program: one.program.name,
      cause: conversion.cause,
      role: "friend",
      beneficiary: friend,
      code: codeOf(one.verdict),
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
          codes: owned.map(({ code }) => normaliseCode(code)).join(" "),
          discount: format(money(conversion.currency, givenMinor)),
          netOfRefunds: format(money(conversion.currency, amountMinor)),
        }),
      ],
    },
  ]
}
