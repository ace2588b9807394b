/**
 * What changes between two versions of a program, in words and as data.
 *
 * Promises: two definitions that say the same have no change, others at least one; every change names its place and both values. It says what the rules say, not what they would do: a backtest does.
 */
import { differences, pathText } from "./DefinitionDifference.ts"
import type { Program } from "./Program.ts"
import { sentence } from "./ProgramWords.ts"

export interface Change {
  /** `mechanics[referral].holdDays` */
  readonly path: string
  readonly kind: "added" | "removed" | "changed"
  /** null when it was added. */
  readonly before: unknown
  /** null when it was removed. */
  readonly after: unknown
  /** One sentence without a full stop. */
  readonly text: string
}

/** Every change from `before` to `after`, in the order of the definition. */
export const diff = (before: Program, after: Program): ReadonlyArray<Change> => {
  const mechanics = Math.max(before.definition.mechanics.length, after.definition.mechanics.length)
  return differences(before.definition, after.definition).map((difference) => ({
    path: pathText(difference.path),
    kind: difference.kind,
    before: difference.before,
    after: difference.after,
    text: sentence(difference, { currency: after.currency, mechanics }),
  }))
}
