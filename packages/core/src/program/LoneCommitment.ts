/**
 * Commitments that no judged conversion carries: the order was never received, the deal is no longer won, or the terms that
 * they were made under are unknown or in another currency.
 *
 * Promises: what was handed over stays in the ledger. A cause that fell (cancelled, refunded, lost, refused by a human) turns
 * it into a debt; where the cause is simply not known, a human is asked. It grants nothing beyond what was committed.
 */
import { failed, noted, type Trial } from "../because/Because.ts"
import type { Fact, RewardCommitted, ReviewDecided } from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import { toIso, type Instant } from "../id/Instant.ts"
import type { Credit, CreditKey, Unit } from "../ledger/Credit.ts"
import type { Conversion } from "../referral/Conversion.ts"
import { legsOf } from "./BalanceSheet.ts"
import type { History } from "./History.ts"
import { standing, type Reason } from "./ReferralVerdict.ts"

/** Credits for the commitments of `program` whose key is not in `known`. */
export const loneCommitments = (
  history: History,
  facts: ReadonlyArray<Fact>,
  program: string,
  known: ReadonlyMap<CreditKey, Credit>,
): ReadonlyArray<Credit> => {
  const lone = [...history.commitments].filter(([key]) => key.startsWith(`${program}|`) && !known.has(key as CreditKey))
  if (lone.length === 0) return []
  const conversions = new Map(history.conversions.map((conversion) => [conversion.cause as string, conversion]))
  const fallen = new Map(
    facts.flatMap((fact) =>
      fact._tag === "DealChanged" && fact.outcome !== "won" && fact.occurredAt <= history.asOf
        ? [[fact.key as string, fact.occurredAt]]
        : [],
    ),
  )
  return lone.flatMap(([key, committed]) => {
    const [, , cause, role] = partsOf(key)
    if (cause === undefined || (role !== "advocate" && role !== "friend")) return []
    const conversion = conversions.get(cause)
    const isOwn = role === "advocate" && committed.some(({ beneficiary }) => isBuyer(history, conversion, beneficiary))
    return [
      creditOf(
        history,
        program,
        { key: key as CreditKey, cause, role, committed, isOwn },
        fateOf(conversion, fallen.get(cause)),
      ),
    ]
  })
}

const isBuyer = ({ people }: History, conversion: Conversion | undefined, handle: Handle): boolean =>
  conversion?.friends.some((friend) => people.personOf(friend) === people.personOf(handle)) ?? false

/** A cause may hold the separator; program, rule, role and part never do. */
const partsOf = (key: string): ReadonlyArray<string> => {
  const parts = key.split("|")
  return parts.length < 5
    ? []
    : [parts[0] ?? "", parts[1] ?? "", parts.slice(2, -2).join("|"), parts.at(-2) ?? "", parts.at(-1) ?? ""]
}

interface Fate {
  readonly outcome: "credited" | "reversed"
  readonly reason: Reason
  readonly at: Instant
  readonly trials: ReadonlyArray<Trial>
}

const fateOf = (conversion: Conversion | undefined, dealFellAt: Instant | undefined): Fate => {
  if (conversion === undefined) {
    return dealFellAt === undefined
      ? { outcome: "credited", reason: "no-conversion", at: 0, trials: [failed("conversion is known")] }
      : { outcome: "reversed", reason: "cancelled", at: dealFellAt, trials: [failed("deal is won")] }
  }
  const { reason, trials } = standing(conversion)
  if (reason !== null) return { outcome: "reversed", reason, at: conversion.changedAt, trials }
  if (conversion.netMinor <= 0n)
    return {
      outcome: "reversed",
      reason: "refunded",
      at: conversion.changedAt,
      trials: [...trials, failed("not refunded")],
    }
  return {
    outcome: "credited",
    reason: "no-terms",
    at: conversion.changedAt,
    trials: [...trials, failed("terms of the commitment are known")],
  }
}

interface Lone {
  readonly key: CreditKey
  readonly cause: string
  readonly role: Credit["role"]
  readonly committed: ReadonlyArray<RewardCommitted>
  /** The beneficiary is the buyer. */
  readonly isOwn: boolean
}

const creditOf = (
  history: History,
  program: string,
  { cause, committed: all, isOwn, key, role }: Lone,
  fate: Fate,
): Credit => {
  const [first] = all
  if (first === undefined) throw new TypeError(`no commitment to ${key}`)
  // A credit has one unit, and units never add: those in another are named, not counted.
  const committed = all.filter(({ unit }) => unit === first.unit)
  const others = all.filter(({ unit }) => unit !== first.unit)
  const { beneficiary } = first
  const committedAt = Math.max(...committed.map(({ occurredAt }) => occurredAt))
  const human = history.reviews.get(key)
  const rejected = human?.verdict === "reject"
  const released = !isOwn && human !== undefined && human.verdict === "release" && human.occurredAt >= committedAt
  const { outcome, reason } = rejected ? { outcome: "reversed" as const, reason: "rejected" as const } : fate
  const amountMinor = outcome === "credited" ? committed.reduce((total, one) => total + one.amountMinor, 0n) : 0n
  const held = outcome === "credited" && !released
  return {
    key,
    program,
    cause,
    role,
    beneficiary,
    code: null,
    unit: first.unit as Unit,
    amountMinor,
    outcome,
    reason: outcome === "credited" && released ? null : reason,
    review: rejected ? "rejected" : held ? "held" : "clear",
    legs: legsOf({ program, beneficiary, amountMinor, committed, rest: "pending" }),
    effectiveAt: Math.max(fate.at, committedAt, human?.occurredAt ?? 0),
    nextDueAt: null,
    terms: first.terms,
    because: [
      noted("commitment", { since: toIso(first.occurredAt) }),
      ...others.map(({ amountMinor: minor, ordinal, unit }) =>
        failed("one unit", { ordinal: String(ordinal), unit, amountMinor: String(minor) }),
      ),
      ...fate.trials,
      ...saidBy(human),
    ],
  }
}

export const saidBy = (human: ReviewDecided | undefined): ReadonlyArray<Trial> =>
  human === undefined ? [] : [noted("human decision", { verdict: human.verdict, by: human.by, reason: human.reason })]
