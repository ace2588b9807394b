/**
 * Times the stages of a job and shows whoever watches how far each has come.
 */
import { Progress } from "@advocacy-kit/core/flow/Progress"
import { Effect } from "effect"
import * as Watching from "./Watching.ts"

export interface Timing {
  readonly stage: string
  readonly millis: number
}

export interface Stopwatch {
  /** Runs one stage; what it took is in `timings` once it has succeeded. */
  readonly stage: <A, E, R>(name: string, work: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  readonly timings: ReadonlyArray<Timing>
}

export const make: Effect.Effect<Stopwatch> = Effect.gen(function* () {
  const { line } = yield* Watching.Watching
  const timings: Array<Timing> = []
  const stage = <A, E, R>(name: string, work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => {
      const start = performance.now()
      line.begin(name)
      return work.pipe(
        Effect.provideService(Progress, Watching.steps(line, name)),
        Effect.tap(() =>
          Effect.sync(() => {
            timings.push({ stage: name, millis: performance.now() - start })
            line.clear()
          }),
        ),
      )
    })
  return { stage, timings }
})
