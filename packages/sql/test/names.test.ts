/**
 * Facts by name, joins and changes on a database: a tenth of the histories that run in memory, on each engine.
 */
import { Chance, NamesAudit } from "@advocacy-kit/testing"
import process from "node:process"
import { expect, it } from "vitest"
import { onEachEngine } from "./Engines.ts"

const only = process.env["ADVOCACY_SEED"]
const base = Math.floor(Math.random() * 2 ** 32)
const count = Math.max(1, Math.round(30 * Number(process.env["ADVOCACY_RUNS_FACTOR"] ?? 1)))

onEachEngine("names", ({ run }) => {
  it(
    `are what all facts say (${count} histories from seed ${only ?? base})`,
    async () => {
      const seeds = Chance.seeds(base, count, only === undefined ? undefined : Number(only))
      const total = await run(NamesAudit.checkAll(seeds))
      // One history alone may find nobody; a hundred that do not were about nothing.
      for (const compared of Object.values(total))
        expect(compared).toBeGreaterThanOrEqual(seeds.length >= 100 ? 100 : 0)
    },
    60_000 + count * 2_000,
  )
})
