/**
 * How much the outcome depends on the hold, the window and the limits of a program.
 *
 * One evaluation per variation, and none for a variation that is the program itself. A variation that a program cannot have is
 * left out.
 */
import type { Fact } from "../fact/Fact.ts"
import type { Instant } from "../id/Instant.ts"
import * as UnitSum from "../ledger/UnitSum.ts"
import { earlyHandingOver, type EarlyHandingOver } from "./EarlyHandingOver.ts"
import { evaluate, type Evaluation } from "./Evaluation.ts"
import { creditsSince, hasEarned } from "./Outcomes.ts"
import type { Program } from "./Program.ts"
import { underCandidate } from "./ReplayHistory.ts"
import { valuesOf, vary, type Turn } from "./Variation.ts"

/** What a variation of the window or the limits grants. */
export interface VariedOutcome {
  readonly turn: Exclude<Turn, { readonly what: "hold" }>
  /** It is the program as it stands. */
  readonly isOwn: boolean
  /** Conversions with a credit that was granted. */
  readonly conversions: number
  readonly granted: ReadonlyArray<UnitSum.UnitSum>
}

export interface Sensitivity {
  /** The shortest hold of the program; null when it has none. */
  readonly ownHoldDays: number | null
  readonly hold: ReadonlyArray<EarlyHandingOver>
  readonly window: ReadonlyArray<VariedOutcome>
  readonly limits: ReadonlyArray<VariedOutcome>
}

export const holds = [0, 7, 14, 30] as const
export const windows = [7, 14, 30, 60] as const
export const factors = ["none", "half", "double"] as const

const numbersOf = (program: Program, member: string): ReadonlyArray<number> =>
  valuesOf(program, member).filter((value) => typeof value === "number")

/** `facts` are a history without rules; `evaluation` is the program's own over it. */
export const sensitivityOf = (
  facts: ReadonlyArray<Fact>,
  program: Program,
  evaluation: Evaluation,
  since: Instant | null,
): Sensitivity => {
  const outcome = (of: Evaluation) => {
    const earned = creditsSince(of, since).filter(hasEarned)
    return { conversions: new Set(earned.map(({ cause }) => cause)).size, granted: UnitSum.sum(earned) }
  }
  const varied = (turn: VariedOutcome["turn"]): ReadonlyArray<VariedOutcome> => {
    const variant = vary(program, turn)
    if (variant === null) return []
    const isOwn = variant.hash === program.hash
    const of = isOwn ? evaluation : evaluate(underCandidate(facts, variant).facts, program.name, evaluation.asOf)
    return [{ turn, isOwn, ...outcome(of) }]
  }
  const own = numbersOf(program, "holdDays")
  const ownHoldDays = own.length === 0 ? null : Math.min(...own)
  const shown = ownHoldDays === null ? [] : [...new Set([...holds, ownHoldDays])].sort((a, b) => a - b)
  const candidate = underCandidate(facts, program).facts
  return {
    ownHoldDays,
    hold: shown.map((holdDays) => earlyHandingOver(candidate, evaluation, holdDays, since)),
    window: windows.flatMap((days) => varied({ what: "window", days })),
    limits: factors.flatMap((factor) => varied({ what: "limits", factor })),
  }
}
