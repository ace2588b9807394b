import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import process from "node:process"
import * as Runs from "../src/convergence/Runs.ts"
import * as ModelComparison from "../src/ModelComparison.ts"
import * as WorseRules from "./WorseRules.ts"

const { seeds, text } = Runs.asked(process.env, 1_000)

/** What a thousand histories have to go through, or the comparison was about less than it says. */
const mustHappen = {
  decisions: (
    "credited clear|credited held|held held|refused clear|refused rejected|reversed clear|reversed rejected|recorded clear|" +
    "lapsed clear|limit-reached|self-referral|same-company|not-enrolled|existing-customer|ambiguous|no-terms|" +
    "no-conversion|no-evidence|refunded"
  ).split("|"),
  accounts: ["pending", "available", "settled", "debt", "repaid", "expired", "transferred", "forfeited"],
  erasures: ["alone", "racing", "crediting", "returned"],
}

describe("the engine and the reference model in memory", () => {
  it.live(
    `say the same of the same facts (${text})`,
    () =>
      Effect.gen(function* () {
        const totals = {
          decisions: {} as Record<string, number>,
          accounts: {} as Record<string, number>,
          erasures: {} as Record<string, number>,
        }
        // Stores for each hundred, so that memory does not grow with the number of runs.
        for (let start = 0; start < seeds.length; start += 100) {
          const run = yield* Effect.provide(
            ModelComparison.checkAll(seeds.slice(start, start + 100)),
            Layer.fresh(MemoryStores.layerMemory),
          )
          for (const of of ["decisions", "accounts", "erasures"] as const)
            for (const [name, times] of Object.entries(run[of])) totals[of][name] = (totals[of][name] ?? 0) + times
        }
        yield* Effect.log(`model: ${text}, ${JSON.stringify(totals)}`)
        if (seeds.length >= 1_000)
          for (const of of ["decisions", "accounts", "erasures"] as const)
            for (const name of mustHappen[of]) expect(totals[of][name] ?? 0, name).toBeGreaterThan(0)
      }),
    60_000 + seeds.length * 300,
  )

  it.live("a failure names the seed, what differs, and the smallest history that still does", () =>
    Effect.gen(function* () {
      const [forgetsLimits] = WorseRules.faults
      if (forgetsLimits === undefined) throw new Error("there are no faults")
      const { seed } = yield* WorseRules.firstDisagreement(forgetsLimits)
      const failed = yield* Effect.flip(
        Effect.provide(ModelComparison.check(seed, forgetsLimits.stage), Layer.fresh(MemoryStores.layerMemory)),
      )
      if (failed._tag !== "Disagreed") throw failed
      expect(failed.message).toContain(`ADVOCACY_SEED=${seed}`)
      expect(failed.findings.join("\n")).toContain("limit-reached")
      // Publication, code, and two purchases, or a little more.
      expect(failed.facts.length).toBeLessThan(12)
    }),
  )
})

describe("the comparison fails, as it must, for crediting that", () => {
  for (const worse of WorseRules.faults) {
    it.live(
      worse.fault,
      () =>
        Effect.gen(function* () {
          expect((yield* WorseRules.firstDisagreement(worse)).findings).not.toEqual([])
        }),
      60_000,
    )
  }
})
