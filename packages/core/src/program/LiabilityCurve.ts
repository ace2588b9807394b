/**
 * What a program owes over time: pending, available, settled and debt at the end of each month.
 *
 * Promises: months are the calendar months of the program's time zone; each point is what the rules say of the facts that had
 * occurred by then, so a refund shows from its own month on. The last point is the time asked for.
 */
import type { Fact } from "../fact/Fact.ts"
import { periodOf, periodSpan, type Instant } from "../id/Instant.ts"
import type { Unit } from "../ledger/Credit.ts"
import * as UnitSum from "../ledger/UnitSum.ts"
import { evaluate, type Evaluation } from "./Evaluation.ts"

export interface LiabilityPoint {
  /** `2026-10` */
  readonly month: string
  /** The last moment of the month, or the time asked for. */
  readonly at: Instant
  readonly unit: Unit
  /** By what ledger accounts are called: `pending`, `available`, `settled`, `debt`, `expired` and so on. */
  readonly sums: Readonly<Record<string, bigint>>
}

/** The last moments of up to `count` months, oldest first, the last one `asOf` itself; none before `from`. */
export const monthEnds = (options: {
  readonly from: Instant
  readonly asOf: Instant
  readonly zone: string
  readonly count: number
}): ReadonlyArray<Instant> => {
  const ends: Array<Instant> = [options.asOf]
  while (ends.length < options.count) {
    const month = periodSpan(ends[0] ?? options.asOf, "month", options.zone)
    if (month === null || month.from - 1 < options.from) break
    ends.unshift(month.from - 1)
  }
  return ends
}

/** What handles' ledger accounts hold, by what they are called after the last `#`; the program's own account is left out. */
export const maturitiesOf = (
  evaluation: Evaluation,
): ReadonlyArray<{ readonly unit: Unit; readonly sums: Readonly<Record<string, bigint>> }> => {
  const legs = [...evaluation.credits.values()].flatMap(({ legs: of, unit }) =>
    of.map(({ account, amountMinor }) => ({
      unit,
      maturity: account.slice(account.lastIndexOf("#") + 1),
      amountMinor,
    })),
  )
  const byUnit = Map.groupBy(
    legs.filter(({ maturity }) => maturity !== "granted"),
    ({ unit }) => unit,
  )
  return [...byUnit]
    .map(([unit, of]) => ({
      unit,
      sums: Object.fromEntries(
        [...Map.groupBy(of, ({ maturity }) => maturity)].map(([maturity, these]) => [
          maturity,
          UnitSum.of(UnitSum.sum(these), unit),
        ]),
      ),
    }))
    .sort((a, b) => (a.unit < b.unit ? -1 : 1))
}

/** The curve of one program over `facts`, at the moments `ends`. `last` spares evaluating the last one again. */
export const liabilityCurve = (
  facts: ReadonlyArray<Fact>,
  last: Evaluation,
  ends: ReadonlyArray<Instant>,
  zone: string,
): ReadonlyArray<LiabilityPoint> =>
  ends.flatMap((at) => {
    const evaluation = at === last.asOf ? last : evaluate(facts, last.program, at)
    return maturitiesOf(evaluation).map((sums) => ({ month: periodOf(at, "month", zone), at, ...sums }))
  })
