/**
 * What waits for a human: held credits with the reason, the age, what is at stake, the evidence and the signs.
 *
 * A held credit is worth nothing yet; what it would be worth is found by deciding as if everything in the queue were released. A
 * friend's credit is decided with the advocate's and is not listed by itself.
 */
import type { Trial } from "../because/Because.ts"
import * as Facts from "../fact/Fact.ts"
import type { Fact, ReviewDecided } from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { Credit, CreditKey, Unit } from "../ledger/Credit.ts"
import { touchesOf } from "../referral/Touch.ts"
import { evaluate, type Evaluation } from "./Evaluation.ts"

export interface Waiting {
  readonly credit: CreditKey
  readonly cause: string
  readonly rule: string
  readonly reason: string
  /** When its cause happened, and how long ago that is. */
  readonly at: Instant
  readonly ageMillis: number
  readonly unit: Unit
  /** What it would be worth if it were released. */
  readonly amountMinor: bigint
  /** How much of it was handed over already: a human is asked what to make of that. */
  readonly committedMinor: bigint
  /** Who would have it; null where the evidence names several. */
  readonly beneficiary: Handle | null
  /** Whom the evidence names, the beneficiary first. */
  readonly candidates: ReadonlyArray<Handle>
  readonly code: string | null
  /** What speaks against it. */
  readonly signals: ReadonlyArray<Trial>
  readonly because: ReadonlyArray<Trial>
}

/** Whom the evidence on a credit's cause names. */
export const candidatesFor = ({ history, terms }: Evaluation, credit: Credit): ReadonlyArray<Handle> => {
  const conversion = history.conversions.find(({ cause }) => cause === credit.cause)
  const mechanic = terms?.definition.mechanics.find(({ rule }) => rule === credit.rule)
  if (conversion === undefined || mechanic?.kind !== "referral") return [credit.beneficiary]
  const owners = touchesOf(conversion, history.touches, history.people, {
    kinds: mechanic.evidence,
    attributeKeys: mechanic.attributeKeys,
  }).flatMap(({ owner }) => (owner === null ? [] : [owner]))
  return [...new Set([credit.beneficiary, ...owners])]
}

/** A decision that is only supposed. */
const supposed = (credit: Credit, at: Instant): ReviewDecided => ({
  _tag: "ReviewDecided",
  key: Facts.key(`advocacy:supposed/${credit.key}`),
  version: 0,
  rank: Facts.rank.own,
  occurredAt: at,
  credit: credit.key,
  verdict: "release",
  beneficiary: credit.reason === "ambiguous" ? credit.beneficiary : null,
  by: "",
  reason: "",
})

/** Whether a credit is decided with another: a friend's with the advocate's of the same cause and rule. */
export const decidedWith = ({ credits }: Evaluation, credit: Credit): Credit | null =>
  credit.role !== "friend"
    ? null
    : ([...credits.values()].find(
        ({ cause, role, rule }) => role === "advocate" && cause === credit.cause && rule === credit.rule,
      ) ?? null)

/** The queue, the longest waiting first. */
export const waiting = (facts: ReadonlyArray<Fact>, evaluation: Evaluation): ReadonlyArray<Waiting> => {
  const { asOf, credits, history, program } = evaluation
  const held = [...credits.values()].filter(
    (credit) => credit.review === "held" && decidedWith(evaluation, credit) === null,
  )
  if (held.length === 0) return []
  const released = evaluate([...facts, ...held.map((credit) => supposed(credit, asOf))], program, asOf).credits
  return held
    .map((credit): Waiting => {
      const isOpen = credit.reason === "ambiguous"
      return {
        credit: credit.key,
        cause: credit.cause,
        rule: credit.rule,
        reason: credit.reason ?? "held",
        at: credit.at,
        ageMillis: asOf - credit.at,
        unit: credit.unit,
        amountMinor: released.get(credit.key)?.amountMinor ?? 0n,
        committedMinor: history.commitments.of(credit.key).reduce((total, one) => total + one.amountMinor, 0n),
        beneficiary: isOpen ? null : credit.beneficiary,
        candidates: isOpen ? candidatesFor(evaluation, credit) : [credit.beneficiary],
        code: credit.code,
        signals: credit.because.filter(({ outcome }) => outcome === "failed"),
        because: credit.because,
      }
    })
    .sort((left, right) => left.at - right.at || (left.credit < right.credit ? -1 : 1))
}
