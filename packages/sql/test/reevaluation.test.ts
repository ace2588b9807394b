/**
 * Stored decisions are made again on a database too: a tenth of the histories that run in memory, on each engine.
 */
import { Chance, ReevaluationCheck } from "@advocacy-kit/testing"
import { Effect } from "effect"
import process from "node:process"
import { expect, it } from "vitest"
import { onEachEngine } from "./Engines.ts"

const only = process.env["ADVOCACY_SEED"]
const base = Math.floor(Math.random() * 2 ** 32)
const count = Math.max(1, Math.round(8 * Number(process.env["ADVOCACY_RUNS_FACTOR"] ?? 1)))

onEachEngine("stored decisions", ({ run }) => {
  for (const mode of ["whole", "changes"] as const)
    it(
      `are the same when they are made again, credited by ${mode} (${count} histories from seed ${only ?? base})`,
      async () => {
        const seeds = Chance.seeds(base, count, only === undefined ? undefined : Number(only))
        const checked = await run(Effect.forEach(seeds, (seed) => ReevaluationCheck.check(seed, mode)))
        expect(checked.reduce((total, { revisions }) => total + revisions, 0)).toBeGreaterThan(0)
      },
      60_000 + count * 5_000,
    )
})
