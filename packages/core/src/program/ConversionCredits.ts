/**
 * From what was settled to credits: amounts, maturity, expiry, and what was taken already.
 */
import { noted } from "../because/Because.ts"
import type { Handle } from "../id/Handle.ts"
import { days, toIso, type Instant } from "../id/Instant.ts"
import { pointsUnit, type Credit, type Unit } from "../ledger/Credit.ts"
import { handOverOf, worth, type Reward } from "../reward/Reward.ts"
import * as Arithmetic from "./Arithmetic.ts"
import type { Rest } from "./BalanceSheet.ts"
import { keyOfCase, laterReward, unitOf, type Settled } from "./Case.ts"
import { inOtherUnits, inUnit, type Commitment } from "./Commitment.ts"
import { amountIn, type Draft } from "./Draft.ts"
import type { History } from "./History.ts"
import type { Program } from "./Program.ts"

/** Credits of rewards that are handed over after qualification. The friend's is drawn up with the first of several shares. */
export const draftsOf = (history: History, one: Settled, isFirst: boolean): ReadonlyArray<Draft> => {
  const { mechanic, program, verdict } = one
  if (mechanic.kind === "points") {
    const unit = pointsUnit(program.name)
    return isIn(history, one, "member", unit)
      ? [draftOf(history, one, { role: "member", unit, reward: null }, one.amountMinor, mechanic.expiresAfterDays)]
      : []
  }
  return (isFirst ? (["advocate", "friend"] as const) : (["advocate"] as const)).flatMap((role) => {
    const reward = laterReward(mechanic, role, verdict.recurring)
    if (reward === null) return []
    // Where the evidence has gone, only what was committed to is left.
    if (verdict.reason === "no-evidence" && !history.commitments.all.has(keyOfCase(one, role))) return []
    const granted = one.outcome === "credited"
    const amountMinor =
      role === "advocate"
        ? one.amountMinor
        : granted
          ? worth(reward, verdict.conversion.netMinor, program.currency)
          : 0n
    const unit = unitOf(program, reward)
    if (!isIn(history, one, role, unit)) return []
    const expiresAfterDays = unit === pointsUnit(program.name) ? expiryOf(program) : null
    return [draftOf(history, one, { role, unit, reward }, amountMinor, expiresAfterDays)]
  })
}

/** What was handed over in another unit than the terms give stands alone. */
const isIn = (history: History, one: Settled, role: Credit["role"], unit: Unit): boolean =>
  (history.commitments.of(keyOfCase(one, role))[0]?.unit ?? unit) === unit

/**
 * What is held is worth no more than what has left the house already: nothing of it is promised, and what nobody was given is only
 * held. See docs/decisions/0009-held-posts-nothing.md.
 */
const heldBack = (
  one: Settled,
  dueMinor: bigint,
  given: ReadonlyArray<Commitment>,
): Pick<Credit, "outcome" | "amountMinor"> => {
  if (one.outcome !== "credited" || one.review !== "held") return { outcome: one.outcome, amountMinor: dueMinor }
  const givenMinor = given.reduce((total, { amountMinor }) => total + amountMinor, 0n)
  if (given.length === 0) return { outcome: "held", amountMinor: 0n }
  return { outcome: "credited", amountMinor: dueMinor < givenMinor ? dueMinor : givenMinor }
}

/** Points given as a reward expire as the program's points do. */
const expiryOf = ({ definition }: Program): number | null =>
  definition.mechanics.find((mechanic) => mechanic.kind === "points")?.expiresAfterDays ?? null

/** What a role gets; points for a purchase have no reward. */
interface Given {
  readonly role: Credit["role"]
  readonly unit: Unit
  readonly reward: Reward | null
}

const draftOf = (
  history: History,
  one: Settled,
  given: Given,
  dueMinor: bigint,
  expiresAfterDays: number | null,
): Draft => {
  const { mechanic, program, verdict } = one
  const { role, unit } = given
  const handOver = given.reward === null ? undefined : handOverOf(given.reward)
  const { conversion } = verdict
  const key = keyOfCase(one, role)
  const all = history.commitments.of(key)
  const committed = inUnit(all, unit)
  const back = history.commitments.takenBack(key, unit)
  const beneficiary = beneficiaryOf(one, role, all[0]?.beneficiary)
  const leftMinor = back === null ? dueMinor : dueMinor > back.amountMinor ? dueMinor - back.amountMinor : 0n
  const { amountMinor, outcome } = heldBack(one, leftMinor, committed)
  const granted = outcome === "credited"
  const maturesAt = conversion.at + days(mechanic.holdDays)
  // A claw-back does not make what was given to somebody else last longer.
  const hasTime = granted || outcome === "reversed"
  const expiresAt = hasTime && expiresAfterDays !== null ? maturesAt + days(expiresAfterDays) : null
  const rest = restOf(history.asOf, { paid: conversion.paid, maturesAt, expiresAt })
  const decidedAt = history.reviews.get(keyOfCase(one))?.occurredAt ?? 0
  const committedAt = Math.max(0, ...committed.map(({ occurredAt }) => occurredAt))
  const changedAt = Math.max(conversion.changedAt, decidedAt, back?.at ?? 0)
  const dueAt = granted ? dueSoFar(history.asOf, [rest === "pending" ? null : maturesAt, expiresAt]) : 0
  return {
    credit: {
      key,
      program: program.name,
      rule: mechanic.rule,
      cause: conversion.cause,
      role,
      part: role === "friend" ? "" : verdict.part,
      beneficiary,
      code: verdict.reason === "ambiguous" ? null : (verdict.touch?.code ?? null) || null,
      unit,
      at: conversion.at,
      amountMinor,
      outcome,
      reason: one.reason,
      review: one.review,
      effectiveAt: Math.max(changedAt, committedAt, dueAt),
      expiresAt,
      nextDueAt: granted ? nextOf(history.asOf, [maturesAt, expiresAt]) : null,
      terms: committed[0]?.terms ?? program.hash,
      ...(role === "advocate" && one.share !== null ? { share: one.share } : {}),
      ...(handOver === undefined ? {} : { handOver }),
      because: [
        ...one.trials,
        ...(conversion.test ? [] : Arithmetic.net(conversion)),
        ...(granted
          ? [
              Arithmetic.worth(one, given.reward, unit, dueMinor, role !== "friend"),
              ...(back === null ? [] : [noted("taken back by hand", { amount: amountIn(unit, back.amountMinor) })]),
              noted("hold", { until: toIso(maturesAt), paid: String(conversion.paid) }),
              ...(expiresAt === null ? [] : [noted("expires", { at: toIso(expiresAt) })]),
            ]
          : []),
        ...Arithmetic.balance(unit, amountMinor, committed),
        ...inOtherUnits(all, unit),
      ],
    },
    sheet: { program: program.name, beneficiary, amountMinor, committed, rest },
    // As long as it is not paid it is pending, however long ago.
    maturesAt: conversion.paid ? maturesAt : Number.MAX_SAFE_INTEGER,
    fellAt: changedAt,
  }
}

/** The friend's beneficiary is the platform customer of the cause's newest version, else the e-mail; a commitment keeps its own. */
const beneficiaryOf = (one: Settled, role: Credit["role"], committed: Handle | undefined): Handle =>
  role === "friend" ? (committed ?? one.verdict.conversion.friends[0] ?? one.beneficiary) : one.beneficiary

/** Where what nobody took lies by its time. What an erased person has is forfeited by `finish`. */
export const restOf = (
  asOf: Instant,
  told: {
    readonly paid: boolean
    readonly maturesAt: Instant
    readonly expiresAt: Instant | null
  },
): Rest => {
  if (told.expiresAt !== null && asOf >= told.expiresAt) return "expired"
  return asOf >= told.maturesAt && told.paid ? "available" : "pending"
}

const dueSoFar = (asOf: Instant, times: ReadonlyArray<Instant | null>): Instant =>
  Math.max(0, ...times.filter((time) => time !== null && time <= asOf).map(Number))

const nextOf = (asOf: Instant, times: ReadonlyArray<Instant | null>): Instant | null => {
  const ahead = times.filter((time) => time !== null && time > asOf).map(Number)
  return ahead.length === 0 ? null : Math.min(...ahead)
}
