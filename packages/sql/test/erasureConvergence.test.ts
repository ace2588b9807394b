/**
 * Erasure ends in the same state whenever it comes, on a database too: some of the histories that run in memory, on each engine.
 */
import { Chance, ErasureConvergence } from "@advocacy-kit/testing"
import process from "node:process"
import { expect, it } from "vitest"
import { onEachEngine } from "./Engines.ts"

const only = process.env["ADVOCACY_SEED"]
const base = Math.floor(Math.random() * 2 ** 32)
const count = Math.max(1, Math.round(20 * Number(process.env["ADVOCACY_RUNS_FACTOR"] ?? 1)))

onEachEngine("erasure", ({ run }) => {
  it(
    `ends in the same state whenever it comes (${count} histories from seed ${only ?? base})`,
    async () => {
      const seeds = Chance.seeds(base, count, only === undefined ? undefined : Number(only))
      const { facts } = await run(ErasureConvergence.checkAll(seeds))
      expect(facts).toBeGreaterThan(0)
    },
    60_000 + count * 4_000,
  )
})
