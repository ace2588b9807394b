/**
 * Facts by name, joins and changes on a database: a tenth of the histories that run in memory, on each engine.
 */
import { Runs, NamesAudit } from "@advocacy-kit/testing"
import process from "node:process"
import { expect, it } from "vitest"
import { onEachEngine } from "./Engines.ts"

const { seeds, text } = Runs.asked(process.env, 30)

onEachEngine("names", ({ run }) => {
  it(
    `are what all facts say (${text})`,
    async () => {
      const total = await run(NamesAudit.checkAll(seeds))
      // One history alone may find nobody; a hundred that do not were about nothing.
      for (const compared of Object.values(total))
        expect(compared).toBeGreaterThanOrEqual(seeds.length >= 100 ? 100 : 0)
    },
    60_000 + seeds.length * 2_000,
  )
})
