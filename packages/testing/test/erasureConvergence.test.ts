import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import process from "node:process"
import * as ErasureConvergence from "../src/ErasureConvergence.ts"
import * as Runs from "../src/convergence/Runs.ts"

const { seeds, text } = Runs.asked(process.env, 300)

describe("erasure in memory", () => {
  it.live(
    `ends in the same state whenever it comes, and touches nobody else (${text})`,
    () =>
      Effect.gen(function* () {
        const totals = { facts: 0, returned: 0, otherBalances: 0 }
        for (let start = 0; start < seeds.length; start += 50) {
          const run = yield* Effect.provide(
            ErasureConvergence.checkAll(seeds.slice(start, start + 50)),
            Layer.fresh(MemoryStores.layerMemory),
          )
          totals.facts += run.facts
          totals.returned += run.returned
          totals.otherBalances += run.otherBalances
        }
        yield* Effect.log(`erasure: ${text}, ${JSON.stringify(totals)}`)
        if (seeds.length >= 100) {
          expect(totals.returned).toBeGreaterThan(0)
          expect(totals.otherBalances).toBeGreaterThan(0)
        }
      }),
    60_000 + seeds.length * 200,
  )
})
