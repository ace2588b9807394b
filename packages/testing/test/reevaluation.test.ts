import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import process from "node:process"
import * as Chance from "../src/convergence/Chance.ts"
import * as ReevaluationCheck from "../src/ReevaluationCheck.ts"

const only = process.env["ADVOCACY_SEED"]
const base = Math.floor(Math.random() * 2 ** 32)
const count = Math.max(1, Math.round(200 * Number(process.env["ADVOCACY_RUNS_FACTOR"] ?? 1)))

describe("stored decisions in memory", () => {
  for (const mode of ["whole", "changes"] as const) {
    it.live(
      `are the same when they are made again, credited by ${mode} (${count} histories from seed ${only ?? base})`,
      () =>
        Effect.gen(function* () {
          let [revisions, steps] = [0, 0]
          for (const seed of Chance.seeds(base, count, only === undefined ? undefined : Number(only))) {
            const checked = yield* Effect.provide(
              ReevaluationCheck.check(seed, mode),
              Layer.fresh(MemoryStores.layerMemory),
            )
            revisions += checked.revisions
            steps += checked.steps
          }
          yield* Effect.log(
            `made again: ${revisions} revisions (${steps} of them steps on the way) of ${count} histories from seed ${only ?? base}`,
          )
          expect(revisions).toBeGreaterThan(steps * 10)
        }),
      60_000 + count * 500,
    )
  }

  it.live("are not where a store gives the facts of today for those of then", () =>
    Effect.gen(function* () {
      const inner = yield* FactLog
      const forgetful = FactLog.of({ ...inner, recorded: ({ asOf }) => inner.newest({ asOf }) })
      const seeds = Chance.seeds(4217, 20)
      const exits = yield* Effect.forEach(seeds, (seed) =>
        Effect.exit(Effect.provideService(ReevaluationCheck.check(seed, "whole"), FactLog, forgetful)),
      )
      expect(exits.filter(({ _tag }) => _tag === "Failure").length).toBeGreaterThan(0)
    }).pipe(Effect.provide(Layer.fresh(MemoryStores.layerMemory))),
  )
})
