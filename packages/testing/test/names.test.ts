import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import process from "node:process"
import * as Chance from "../src/convergence/Chance.ts"
import * as NamesAudit from "../src/convergence/NamesAudit.ts"

const only = process.env["ADVOCACY_SEED"]
const base = Math.floor(Math.random() * 2 ** 32)
const count = Math.max(1, Math.round(300 * Number(process.env["ADVOCACY_RUNS_FACTOR"] ?? 1)))

it.live(
  `names, joins and changes are what all facts say (${count} histories from seed ${only ?? base})`,
  () =>
    Effect.gen(function* () {
      const seeds = Chance.seeds(base, count, only === undefined ? undefined : Number(only))
      for (let start = 0; start < seeds.length; start += 100) {
        const total = yield* Effect.provide(
          NamesAudit.checkAll(seeds.slice(start, start + 100)),
          Layer.fresh(MemoryStores.layerMemory),
        )
        if (start + 100 <= seeds.length)
          for (const compared of Object.values(total)) expect(compared).toBeGreaterThan(100)
      }
    }),
  60_000 + count * 100,
)
