/**
 * What a hold is for: rewards that would have been handed over before the refund or cancellation came.
 *
 * It evaluates the history once more with every refund and cancellation left out that came after the hold, and takes what was
 * due then less what is due now. The answer is exact where a conversion has one hold; where mechanics differ, the shortest counts
 * for all. A purchase whose reward was never due is no loss.
 */
import type { Fact, OrderPlaced } from "../fact/Fact.ts"
import { days, type Instant } from "../id/Instant.ts"
import * as UnitSum from "../ledger/UnitSum.ts"
import { evaluate, type Evaluation } from "./Evaluation.ts"
import { creditsSince, hasEarned } from "./Outcomes.ts"

export interface EarlyHandingOver {
  readonly holdDays: number
  /** Credits that were handed over for more than they are worth now. */
  readonly credits: number
  readonly lost: ReadonlyArray<UnitSum.UnitSum>
  /** Granted, and still inside the hold at the time asked for. */
  readonly waiting: ReadonlyArray<UnitSum.UnitSum>
}

/** The history as it was when each order's hold was over. A refund keeps its quantities, or they would count as an edit. */
export const withoutLateRefunds = (facts: ReadonlyArray<Fact>, holdDays: number): ReadonlyArray<Fact> => {
  const orders = new Map<string, OrderPlaced>()
  for (const fact of facts) if (fact._tag === "OrderPlaced") orders.set(fact.order, fact)
  const isLate = (placedAt: Instant | undefined, at: Instant): boolean =>
    placedAt !== undefined && at > placedAt + days(holdDays)
  return facts.map((fact) => {
    if (fact._tag === "OrderPlaced") {
      const late = fact.cancelledAt !== null && isLate(fact.occurredAt, fact.cancelledAt)
      return late ? { ...fact, cancelledAt: null } : fact
    }
    if (fact._tag !== "RefundMade" || !isLate(orders.get(fact.order)?.occurredAt, fact.occurredAt)) return fact
    return { ...fact, otherMinor: 0n, lines: fact.lines.map((line) => ({ ...line, amountMinor: 0n })) }
  })
}

/** Compares `evaluation`, of `facts`, with what had been due when a hold of `holdDays` was over. */
export const earlyHandingOver = (
  facts: ReadonlyArray<Fact>,
  evaluation: Evaluation,
  holdDays: number,
  since: Instant | null,
): EarlyHandingOver => {
  const then = evaluate(withoutLateRefunds(facts, holdDays), evaluation.program, evaluation.asOf)
  const isOver = (at: Instant): boolean => at + days(holdDays) <= evaluation.asOf
  const losses = creditsSince(then, since)
    .filter((credit) => hasEarned(credit) && isOver(credit.at))
    .flatMap(({ amountMinor, key, unit }) => {
      const now = evaluation.credits.get(key)
      const lostMinor = amountMinor - (now !== undefined && hasEarned(now) ? now.amountMinor : 0n)
      return lostMinor > 0n ? [{ unit, amountMinor: lostMinor }] : []
    })
  const waiting = creditsSince(evaluation, since).filter((credit) => hasEarned(credit) && !isOver(credit.at))
  return { holdDays, credits: losses.length, lost: UnitSum.sum(losses), waiting: UnitSum.sum(waiting) }
}
