/**
 * Two evaluations of the same history side by side: which credits differ, which conversions earn in both or in one, who gets
 * more and who less.
 *
 * Promises: an evaluation compared with itself differs nowhere; every credit that differs is listed, with both sides whole. The
 * version's hash alone is no difference: what it decides is.
 */
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { Credit, CreditKey } from "../ledger/Credit.ts"
import * as UnitSum from "../ledger/UnitSum.ts"
import type { PersonId } from "../person/People.ts"
import type { Evaluation } from "./Evaluation.ts"
import { creditsSince, earnersOf, hasEarned, isGranted, tiersHeld, type Earner } from "./Outcomes.ts"

export interface CreditChange {
  readonly key: CreditKey
  readonly cause: string
  readonly at: Instant
  /** null where that side has no such credit. */
  readonly before: Credit | null
  readonly after: Credit | null
}

/** How many credits went from one outcome and reason to another. */
export interface Transition {
  readonly role: string
  readonly before: string
  readonly after: string
  readonly count: number
  readonly difference: ReadonlyArray<UnitSum.UnitSum>
}

export const classes = ["same", "more", "less", "mixed", "only-before", "only-after", "neither"] as const
/** Of conversions that have a decision on either side. `mixed`: more of one unit and less of another. */
export type ConversionClass = (typeof classes)[number]

export interface ClassCount {
  readonly class: ConversionClass
  readonly conversions: number
  readonly before: ReadonlyArray<UnitSum.UnitSum>
  readonly after: ReadonlyArray<UnitSum.UnitSum>
}

export interface PersonChange {
  readonly person: PersonId
  readonly beneficiary: Handle
  readonly before: ReadonlyArray<UnitSum.UnitSum>
  readonly after: ReadonlyArray<UnitSum.UnitSum>
  readonly difference: ReadonlyArray<UnitSum.UnitSum>
}

/** Somebody whose highest tier differs; null is none. */
export interface TierChange {
  readonly person: PersonId
  readonly before: string | null
  readonly after: string | null
  readonly isHigher: boolean
}

export interface Comparison {
  /** In (at, key) order. */
  readonly changes: ReadonlyArray<CreditChange>
  readonly transitions: ReadonlyArray<Transition>
  readonly classes: ReadonlyArray<ClassCount>
  /** Granted after less granted before. */
  readonly difference: ReadonlyArray<UnitSum.UnitSum>
  /** Who gets more, most first. */
  readonly winners: ReadonlyArray<PersonChange>
  /** Who gets less, most first. */
  readonly losers: ReadonlyArray<PersonChange>
  /** By person; of all time, whatever the span. */
  readonly tiers: ReadonlyArray<TierChange>
}

/** Whether two credits decide the same. */
const isSame = (left: Credit, right: Credit): boolean =>
  left.outcome === right.outcome &&
  left.reason === right.reason &&
  left.review === right.review &&
  left.beneficiary === right.beneficiary &&
  left.unit === right.unit &&
  left.amountMinor === right.amountMinor

/** `credited`, `refused (limit-reached)`, `credited, held (self-referral)`, `none`. */
export const outcomeText = (credit: Credit | null): string => {
  if (credit === null) return "none"
  const held = credit.review === "held" && credit.outcome !== "held" ? ", held" : ""
  return `${credit.outcome}${held}${credit.reason === null ? "" : ` (${credit.reason})`}`
}

const grantedOf = (credits: ReadonlyArray<Credit>): ReadonlyArray<UnitSum.UnitSum> =>
  UnitSum.sum(credits.filter(isGranted))

const classOf = (before: ReadonlyArray<Credit>, after: ReadonlyArray<Credit>): ConversionClass => {
  const [earnedBefore, earnedAfter] = [before.some(hasEarned), after.some(hasEarned)]
  if (!earnedBefore && !earnedAfter) return "neither"
  if (!earnedAfter) return "only-before"
  if (!earnedBefore) return "only-after"
  const moves = UnitSum.subtract(grantedOf(after), grantedOf(before)).filter(({ amountMinor }) => amountMinor !== 0n)
  if (moves.length === 0) return "same"
  if (moves.every(({ amountMinor }) => amountMinor > 0n)) return "more"
  return moves.every(({ amountMinor }) => amountMinor < 0n) ? "less" : "mixed"
}

const changesOf = (before: Evaluation, after: Evaluation, since: Instant | null): ReadonlyArray<CreditChange> => {
  const [old, now] = [before, after].map(
    (evaluation) => new Map(creditsSince(evaluation, since).map((credit) => [credit.key, credit])),
  )
  return [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])]
    .flatMap((key): ReadonlyArray<CreditChange> => {
      const [left, right] = [old?.get(key) ?? null, now?.get(key) ?? null]
      if (left !== null && right !== null && isSame(left, right)) return []
      const either = right ?? left
      return either === null ? [] : [{ key, cause: either.cause, at: either.at, before: left, after: right }]
    })
    .sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1))
}

const transitionsOf = (changes: ReadonlyArray<CreditChange>): ReadonlyArray<Transition> =>
  [
    ...Map.groupBy(changes, ({ after, before }) =>
      [(after ?? before)?.role ?? "", outcomeText(before), outcomeText(after)].join("|"),
    ),
  ]
    .map(([name, of]) => {
      const [role = "", before = "", after = ""] = name.split("|")
      const side = (which: "before" | "after") => grantedOf(of.flatMap((change) => change[which] ?? []))
      return { role, before, after, count: of.length, difference: UnitSum.subtract(side("after"), side("before")) }
    })
    .sort((a, b) => b.count - a.count || (a.before + a.after < b.before + b.after ? -1 : 1))

const peopleOf = (before: ReadonlyArray<Earner>, after: ReadonlyArray<Earner>): ReadonlyArray<PersonChange> => {
  const [old, now] = [before, after].map((earners) => new Map(earners.map((earner) => [earner.person, earner])))
  return [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].flatMap((person) => {
    const [left, right] = [old?.get(person), now?.get(person)]
    const beneficiary = (right ?? left)?.beneficiary
    const [earnedBefore, earnedAfter] = [left?.earned ?? [], right?.earned ?? []]
    const difference = UnitSum.subtract(earnedAfter, earnedBefore).filter(({ amountMinor }) => amountMinor !== 0n)
    if (beneficiary === undefined || difference.length === 0) return []
    return [{ person, beneficiary, before: earnedBefore, after: earnedAfter, difference }]
  })
}

/** Somebody who gets more of one unit and less of another counts by the first. */
const sizeOf = ({ difference }: PersonChange): bigint => difference[0]?.amountMinor ?? 0n

const bySize = (a: PersonChange, b: PersonChange): number => {
  const [left, right] = [a, b].map((one) => (sizeOf(one) < 0n ? -sizeOf(one) : sizeOf(one)))
  if (left !== right) return (left ?? 0n) > (right ?? 0n) ? -1 : 1
  return a.person < b.person ? -1 : 1
}

const tiersOf = (before: Evaluation, after: Evaluation): ReadonlyArray<TierChange> => {
  const [old, now] = [tiersHeld(before), tiersHeld(after)]
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((person) => {
    const [left, right] = [old.get(person), now.get(person)]
    if (left?.tier === right?.tier) return []
    return [
      {
        person,
        before: left?.tier ?? null,
        after: right?.tier ?? null,
        isHigher: (right?.number ?? 0) > (left?.number ?? 0),
      },
    ]
  })
}

/** Compares the decisions about conversions made at or after `since`; null is from the beginning. */
export const compare = (before: Evaluation, after: Evaluation, since: Instant | null = null): Comparison => {
  const [old, now] = [creditsSince(before, since), creditsSince(after, since)]
  const [oldBy, nowBy] = [old, now].map((credits) => Map.groupBy(credits, ({ cause }) => cause))
  const causes = [...new Set([...(oldBy?.keys() ?? []), ...(nowBy?.keys() ?? [])])].map((cause) => {
    const [left, right] = [oldBy?.get(cause) ?? [], nowBy?.get(cause) ?? []]
    return { left, right, class: classOf(left, right) }
  })
  const people = peopleOf(earnersOf(old, before), earnersOf(now, after)).toSorted(bySize)
  const changes = changesOf(before, after, since)
  return {
    changes,
    transitions: transitionsOf(changes),
    classes: classes.map((name) => {
      const of = causes.filter((one) => one.class === name)
      return {
        class: name,
        conversions: of.length,
        before: grantedOf(of.flatMap(({ left }) => left)),
        after: grantedOf(of.flatMap(({ right }) => right)),
      }
    }),
    difference: UnitSum.subtract(grantedOf(now), grantedOf(old)),
    winners: people.filter((one) => sizeOf(one) > 0n),
    losers: people.filter((one) => sizeOf(one) < 0n),
    tiers: tiersOf(before, after),
  }
}
