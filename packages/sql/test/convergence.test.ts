/**
 * The same facts end in the same state on a database too: a tenth of the histories that run in memory, on each engine.
 */
import { Runs, Convergence } from "@advocacy-kit/testing"
import process from "node:process"
import { expect, it } from "vitest"
import { onEachEngine } from "./Engines.ts"

const { seeds, text } = Runs.asked(process.env, 100)

onEachEngine("convergence", ({ run }) => {
  it(
    `ends in the same state, however facts arrive (${text})`,
    async () => {
      const { outcomes } = await run(Convergence.checkAll(seeds))
      // One history alone may credit nobody; a hundred that do not were about nothing.
      expect(outcomes["credited clear"] ?? 0).toBeGreaterThanOrEqual(seeds.length >= 100 ? 1 : 0)
    },
    60_000 + seeds.length * 2_000,
  )
})
