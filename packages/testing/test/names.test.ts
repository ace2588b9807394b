import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import process from "node:process"
import * as Runs from "../src/convergence/Runs.ts"
import * as NamesAudit from "../src/convergence/NamesAudit.ts"

const { seeds, text } = Runs.asked(process.env, 300)

it.live(
  `names, joins and changes are what all facts say (${text})`,
  () =>
    Effect.gen(function* () {
      for (let start = 0; start < seeds.length; start += 100) {
        const total = yield* Effect.provide(
          NamesAudit.checkAll(seeds.slice(start, start + 100)),
          Layer.fresh(MemoryStores.layerMemory),
        )
        if (start + 100 <= seeds.length)
          for (const compared of Object.values(total)) expect(compared).toBeGreaterThan(100)
      }
    }),
  60_000 + seeds.length * 100,
)
