/**
 * How far a stage has come, for whoever watches. The default watches nothing.
 */
import { Context, Effect } from "effect"

export interface Step {
  readonly stage: string
  readonly done: number
  /** How many there will be, where that is known. */
  readonly total?: number
  /** What is counted: `orders`, `contacts`, `credits`. */
  readonly unit: string
}

export const Progress = Context.Reference<(step: Step) => void>("@advocacy-kit/core/flow/Progress", {
  defaultValue: () => () => {},
})

export const report = (step: Step): Effect.Effect<void> => Effect.map(Progress, (watch) => watch(step))
