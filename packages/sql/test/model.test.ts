/**
 * Engine and reference model say the same on a database too: a tenth of the histories that run in memory, on each engine.
 */
import { Runs, ModelComparison } from "@advocacy-kit/testing"
import process from "node:process"
import { expect, it } from "vitest"
import { onEachEngine } from "./Engines.ts"

const { seeds, text } = Runs.asked(process.env, 100)

onEachEngine("the reference model", ({ run }) => {
  it(
    `says what the engine says of the same facts (${text})`,
    async () => {
      const { decisions } = await run(ModelComparison.checkAll(seeds))
      // One history alone may credit nobody; a hundred that do not were about nothing.
      expect(decisions["credited clear"] ?? 0).toBeGreaterThanOrEqual(seeds.length >= 100 ? 1 : 0)
    },
    60_000 + seeds.length * 2_000,
  )
})
