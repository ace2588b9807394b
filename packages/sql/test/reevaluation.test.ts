/**
 * Stored decisions are made again on a database too: a tenth of the histories that run in memory, on each engine.
 */
import { Runs, ReevaluationCheck } from "@advocacy-kit/testing"
import { Effect } from "effect"
import process from "node:process"
import { expect, it } from "vitest"
import { onEachEngine } from "./Engines.ts"

const { seeds, text } = Runs.asked(process.env, 8)

onEachEngine("stored decisions", ({ run }) => {
  for (const mode of ["whole", "changes"] as const)
    it(
      `are the same when they are made again, credited by ${mode} (${text})`,
      async () => {
        const checked = await run(Effect.forEach(seeds, (seed) => ReevaluationCheck.check(seed, mode)))
        expect(checked.reduce((total, { revisions }) => total + revisions, 0)).toBeGreaterThan(0)
      },
      60_000 + seeds.length * 5_000,
    )
})
