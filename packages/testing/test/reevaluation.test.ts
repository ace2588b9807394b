import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import process from "node:process"
import * as Runs from "../src/convergence/Runs.ts"
import * as ReevaluationCheck from "../src/ReevaluationCheck.ts"

const { seeds, text } = Runs.asked(process.env, 200)

describe("stored decisions in memory", () => {
  for (const mode of ["whole", "changes"] as const) {
    it.live(
      `are the same when they are made again, credited by ${mode} (${text})`,
      () =>
        Effect.gen(function* () {
          let [revisions, steps] = [0, 0]
          for (const seed of seeds) {
            const checked = yield* Effect.provide(
              ReevaluationCheck.check(seed, mode),
              Layer.fresh(MemoryStores.layerMemory),
            )
            revisions += checked.revisions
            steps += checked.steps
          }
          yield* Effect.log(`made again: ${revisions} revisions (${steps} of them steps on the way) of ${text}`)
          expect(revisions).toBeGreaterThan(steps * 10)
        }),
      60_000 + seeds.length * 500,
    )
  }

  it.live("are not where a store gives the facts of today for those of then", () =>
    Effect.gen(function* () {
      const inner = yield* FactLog
      const forgetful = FactLog.of({ ...inner, recorded: ({ asOf }) => inner.newest({ asOf }) })
      const some = Runs.from(4217, 20)
      const exits = yield* Effect.forEach(some, (seed) =>
        Effect.exit(Effect.provideService(ReevaluationCheck.check(seed, "whole"), FactLog, forgetful)),
      )
      expect(exits.filter(({ _tag }) => _tag === "Failure").length).toBeGreaterThan(0)
    }).pipe(Effect.provide(Layer.fresh(MemoryStores.layerMemory))),
  )
})
