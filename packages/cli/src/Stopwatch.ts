/**
 * Times the stages of a job and shows on standard error how far each has come.
 */
import { Progress } from "@advocacy-kit/core/flow/Progress"
import { Effect } from "effect"
import { progressLine } from "./Terminal.ts"

export interface Timing {
  readonly stage: string
  readonly millis: number
}

export interface Stopwatch {
  /** Runs one stage; what it took is in `timings` once it has succeeded. */
  readonly stage: <A, E, R>(name: string, work: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  readonly timings: ReadonlyArray<Timing>
}

export const make = (): Stopwatch => {
  const timings: Array<Timing> = []
  const line = progressLine(process.stderr)
  const stage = <A, E, R>(name: string, work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => {
      const start = performance.now()
      line.begin(name)
      line.update(name)
      return work.pipe(
        Effect.provideService(Progress, (step) =>
          line.update(`${name}: ${step.done.toLocaleString("en-US")} ${step.unit} (${step.stage})`),
        ),
        Effect.tap(() =>
          Effect.sync(() => {
            timings.push({ stage: name, millis: performance.now() - start })
            line.clear()
          }),
        ),
      )
    })
  return { stage, timings }
}
