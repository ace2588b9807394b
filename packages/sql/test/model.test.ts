/**
 * Engine and reference model say the same on a database too: a tenth of the histories that run in memory, on each engine.
 */
import { Chance, ModelComparison } from "@advocacy-kit/testing"
import process from "node:process"
import { expect, it } from "vitest"
import { onEachEngine } from "./Engines.ts"

const only = process.env["ADVOCACY_SEED"]
const base = Math.floor(Math.random() * 2 ** 32)
const count = Math.max(1, Math.round(100 * Number(process.env["ADVOCACY_RUNS_FACTOR"] ?? 1)))

onEachEngine("the reference model", ({ run }) => {
  it(
    `says what the engine says of the same facts (${count} histories from seed ${only ?? base})`,
    async () => {
      const seeds = Chance.seeds(base, count, only === undefined ? undefined : Number(only))
      const { decisions } = await run(ModelComparison.checkAll(seeds))
      // One history alone may credit nobody; a hundred that do not were about nothing.
      expect(decisions["credited clear"] ?? 0).toBeGreaterThanOrEqual(seeds.length >= 100 ? 1 : 0)
    },
    60_000 + count * 2_000,
  )
})
