/**
 * Erasure ends in the same state whenever it comes, on a database too: some of the histories that run in memory, on each engine.
 */
import { Runs, ErasureConvergence } from "@advocacy-kit/testing"
import process from "node:process"
import { expect, it } from "vitest"
import { onEachEngine } from "./Engines.ts"

const { seeds, text } = Runs.asked(process.env, 20)

onEachEngine("erasure", ({ run }) => {
  it(
    `ends in the same state whenever it comes (${text})`,
    async () => {
      const { facts } = await run(ErasureConvergence.checkAll(seeds))
      expect(facts).toBeGreaterThan(0)
    },
    60_000 + seeds.length * 4_000,
  )
})
