/**
 * Commitments that no judged conversion carries: the order was never received, the deal is no longer won, or the terms that
 * they were made under are unknown or in another currency.
 *
 * Promises: what was handed over stays in the ledger. A cause that fell (cancelled, refunded, lost, refused by a human) turns
 * it into a debt; where the cause is simply not known, a human is asked. It grants nothing beyond what was committed.
 */
import { failed, noted, type Trial } from "../because/Because.ts"
import type { Fact } from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import { toIso, type Instant } from "../id/Instant.ts"
import { partsOf, type Credit, type CreditKey, type Unit } from "../ledger/Credit.ts"
import type { Conversion } from "../referral/Conversion.ts"
import * as Arithmetic from "./Arithmetic.ts"
import { restOf } from "./ConversionCredits.ts"
import { inOtherUnits, inUnit, type Commitment } from "./Commitment.ts"
import { standing, type Reason } from "./ConversionCheck.ts"
import { saidBy } from "./Deciding.ts"
import type { Draft } from "./Draft.ts"
import type { History } from "./History.ts"

const termsKnown = "terms of the commitment are known"

/** Whether a credit for a purchase that is known is for a commitment that no judged conversion carries. */
export const standsAlone = ({ because }: Pick<Credit, "because">): boolean =>
  because.some(({ rule }) => rule === termsKnown)

/** Credits for the commitments of `program` whose key is not in `known`. */
export const loneCommitments = (
  history: History,
  facts: ReadonlyArray<Fact>,
  program: string,
  known: ReadonlyMap<CreditKey, Draft>,
): ReadonlyArray<Draft> => {
  const lone = [...history.commitments.all].filter(([key]) => !known.has(key as CreditKey))
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
    const parts = partsOf(key)
    if (parts === null) return []
    const { cause, role } = parts
    if (role !== "advocate" && role !== "friend" && role !== "member") return []
    const conversion = conversions.get(cause)
    const isOwn = role === "advocate" && committed.some(({ beneficiary }) => isBuyer(history, conversion, beneficiary))
    return [
      creditOf(
        history,
        program,
        {
          key: key as CreditKey,
          rule: parts.rule,
          cause,
          role,
          part: parts.part,
          committed,
          isOwn,
          at: conversion?.at,
        },
        fateOf(conversion, fallen.get(cause)),
      ),
    ]
  })
}

const isBuyer = ({ people }: History, conversion: Conversion | undefined, handle: Handle): boolean =>
  conversion?.friends.some((friend) => people.personOf(friend) === people.personOf(handle)) ?? false

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
    trials: [...trials, failed(termsKnown)],
  }
}

interface Lone {
  readonly key: CreditKey
  readonly rule: string
  readonly cause: string
  readonly role: Credit["role"]
  readonly part: string
  readonly committed: ReadonlyArray<Commitment>
  /** When the cause happened, where it is known. */
  readonly at: Instant | undefined
  /** The beneficiary is the buyer. */
  readonly isOwn: boolean
}

const creditOf = (
  history: History,
  program: string,
  { at, cause, committed: all, isOwn, key, part, role, rule }: Lone,
  fate: Fate,
): Draft => {
  const [first] = all
  if (first === undefined) throw new TypeError(`no commitment to ${key}`)
  // A credit has one unit, and units never add: those in another are named, not counted.
  const committed = inUnit(all, first.unit)
  const { beneficiary } = first
  const committedAt = Math.max(...committed.map(({ occurredAt }) => occurredAt))
  const human = history.reviews.get(key)
  const rejected = human?.verdict === "reject"
  const released = !isOwn && human !== undefined && human.verdict === "release" && human.occurredAt >= committedAt
  const { outcome, reason } = rejected ? { outcome: "reversed" as const, reason: "rejected" as const } : fate
  const amountMinor = outcome === "credited" ? committed.reduce((total, one) => total + one.amountMinor, 0n) : 0n
  const held = outcome === "credited" && !released
  const changedAt = Math.max(fate.at, human?.occurredAt ?? 0)
  return {
    credit: {
      key,
      program,
      rule,
      cause,
      role,
      part,
      beneficiary,
      code: null,
      unit: first.unit as Unit,
      at: at ?? first.occurredAt,
      amountMinor,
      outcome,
      reason: outcome === "credited" && released ? null : reason,
      review: rejected ? "rejected" : held ? "held" : "clear",
      effectiveAt: Math.max(changedAt, committedAt),
      expiresAt: null,
      nextDueAt: null,
      terms: first.terms,
      because: [
        noted("commitment", { since: toIso(first.occurredAt) }),
        ...inOtherUnits(all, first.unit),
        ...fate.trials,
        ...saidBy(human),
        ...Arithmetic.balance(first.unit, amountMinor, committed),
      ],
    },
    sheet: {
      program,
      beneficiary,
      amountMinor,
      committed,
      rest: restOf(history.asOf, { paid: false, maturesAt: committedAt, expiresAt: null }),
    },
    maturesAt: committedAt,
    fellAt: Math.max(changedAt, committedAt),
  }
}
