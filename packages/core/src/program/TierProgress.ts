/**
 * How far a person has come in each tiers mechanic: what was counted in the present period, by which purchases, and how far the next is.
 *
 * It sums what an evaluation counted; nothing here decides. Purchases are named up to twenty, the newest; the others are a number.
 */
import { namedMax } from "../because/Because.ts"
import type { Handle } from "../id/Handle.ts"
import { periodOf } from "../id/Instant.ts"
import type { Evaluation } from "./Evaluation.ts"
import * as TierMove from "./TierMove.ts"

export interface TierProgress {
  readonly rule: string
  readonly counts: "referrals" | "points" | "spend"
  readonly period: string
  /** In words: a count, or money with its currency. */
  readonly total: string
  /** What was counted, the newest first. */
  readonly counted: ReadonlyArray<{ readonly cause: string; readonly adds: string }>
  readonly others: number
  /** What the total reaches by itself in this period; null for none. A tier of before may be held still. */
  readonly reaches: string | null
  /** null at the highest. */
  readonly next: { readonly tier: string; readonly atLeast: string; readonly missing: string } | null
}

/** The progress of the person behind a handle under the terms in force. */
export const progressOf = (
  { asOf, history, takings, terms }: Evaluation,
  handle: Handle,
): ReadonlyArray<TierProgress> => {
  if (terms === null) return []
  const person = history.people.personOf(handle)
  return TierMove.tiersIn(terms).map((mechanic) => {
    const period = periodOf(asOf, mechanic.period, terms.definition.timeZone)
    const name = TierMove.nameOf(mechanic, person, period, terms.currency)
    const show = (amount: bigint): string => TierMove.shown(mechanic, amount, terms.currency)
    const takes = [...takings.values()]
      .flatMap(({ at, cause, granted }) =>
        granted.filter((take) => take.name === name).map(({ amount }) => ({ at, cause, amount })),
      )
      .sort((left, right) => right.at - left.at || (left.cause < right.cause ? 1 : -1))
    const total = takes.reduce((sum, { amount }) => sum + amount, 0n)
    const level = TierMove.levelOf(mechanic, total, terms.currency)
    const next = mechanic.tiers[level]
    return {
      rule: mechanic.rule,
      counts: mechanic.counts,
      period,
      total: show(total),
      counted: takes.slice(0, namedMax).map(({ amount, cause }) => ({ cause, adds: show(amount) })),
      others: Math.max(0, takes.length - namedMax),
      reaches: mechanic.tiers[level - 1]?.name ?? null,
      next:
        next === undefined
          ? null
          : {
              tier: next.name,
              atLeast: show(TierMove.needed(mechanic, next.atLeast, terms.currency)),
              missing: show(TierMove.needed(mechanic, next.atLeast, terms.currency) - total),
            },
    }
  })
}
