import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { credit } from "@advocacy-kit/core/flow/Crediting"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import process from "node:process"
import * as Convergence from "../src/Convergence.ts"
import * as Runs from "../src/convergence/Runs.ts"
import * as WorseStages from "./WorseStages.ts"

const { seeds, text } = Runs.asked(process.env, 1_000)

describe("convergence in memory", () => {
  it.live(
    `the same facts end in the same state, however they arrive (${text})`,
    () =>
      Effect.gen(function* () {
        // Stores for each hundred, so that memory does not grow with the number of runs.
        const totals: Record<string, number> = {}
        for (let start = 0; start < seeds.length; start += 100) {
          const { outcomes } = yield* Effect.provide(
            Convergence.checkAll(seeds.slice(start, start + 100)),
            Layer.fresh(MemoryStores.layerMemory),
          )
          for (const [name, times] of Object.entries(outcomes)) totals[name] = (totals[name] ?? 0) + times
        }
        yield* Effect.log(`convergence: ${text}, ${JSON.stringify(totals)}`)
        if (seeds.length >= 100) {
          for (const outcome of [
            "credited clear",
            "credited held",
            "held held",
            "refused clear",
            "refused rejected",
            "reversed clear",
            "reversed rejected",
            "recorded clear",
          ]) {
            expect(totals[outcome], outcome).toBeGreaterThan(0)
          }
        }
      }),
    60_000 + seeds.length * 200,
  )

  it.live("a failure names the seed that repeats it, and repeating it fails alike", () =>
    Effect.gen(function* () {
      const first = yield* WorseStages.firstDivergence(MemoryStores.layerMemory, WorseStages.postsOnce)
      const again = yield* Effect.flip(
        Effect.provide(Convergence.check(first.seed, WorseStages.postsOnce), Layer.fresh(MemoryStores.layerMemory)),
      )
      expect(first.message).toContain(`ADVOCACY_SEED=${first.seed}`)
      expect(again).toEqual(first)
    }),
  )
})

describe("convergence fails, as it must, for", () => {
  for (const { fault, layer } of WorseStages.stores) {
    it.live(`a store that ${fault}`, () =>
      Effect.gen(function* () {
        expect((yield* WorseStages.firstDivergence(layer, credit)).findings).not.toEqual([])
      }),
    )
  }

  for (const { fault, stage } of WorseStages.stages) {
    it.live(`a crediting that ${fault}`, () =>
      Effect.gen(function* () {
        expect((yield* WorseStages.firstDivergence(MemoryStores.layerMemory, stage)).findings).not.toEqual([])
      }),
    )
  }

  it.live("an audit finds what equal digests hide: a second crediting that posts again", () =>
    Effect.gen(function* () {
      const found = yield* WorseStages.firstDivergence(MemoryStores.layerMemory, WorseStages.postsEveryTime)
      expect(found.findings.join("\n")).toContain("a second crediting posted")
    }),
  )
})
