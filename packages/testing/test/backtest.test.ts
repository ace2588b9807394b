/**
 * Backtest and replay held to what must be so of any history: troubled ones, drawn from a printed seed.
 */
import { newest } from "@advocacy-kit/core/fact/FactVersion"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { credit } from "@advocacy-kit/core/flow/Crediting"
import { engineCheck } from "@advocacy-kit/core/flow/EngineCheck"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { replay } from "@advocacy-kit/core/flow/Replaying"
import { shadow } from "@advocacy-kit/core/flow/Shadowing"
import { days } from "@advocacy-kit/core/id/Instant"
import { compare } from "@advocacy-kit/core/program/Comparison"
import { earningHistory } from "@advocacy-kit/core/program/EarningHistory"
import { evaluate } from "@advocacy-kit/core/program/Evaluation"
import { outcomesOf } from "@advocacy-kit/core/program/Outcomes"
import { underCandidate, withoutRules } from "@advocacy-kit/core/program/ReplayHistory"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { describe, expect, it, vi } from "@effect/vitest"
import { Effect, Layer } from "effect"
import process from "node:process"
import * as Chance from "../src/convergence/Chance.ts"
import * as Runs from "../src/convergence/Runs.ts"
import * as TroubledHistory from "../src/convergence/TroubledHistory.ts"
import * as TroubledPrograms from "../src/convergence/TroubledPrograms.ts"

describe("on troubled histories", () => {
  const { seeds, text } = Runs.asked(process.env, 100)
  // Enough for a machine that does much else; nothing here is judged by time.
  vi.setConfig({ testTimeout: 60_000 + seeds.length * 400 })
  const histories = seeds.map((seed) => {
    const drawn = TroubledHistory.draw(Chance.make(seed))
    return { ...drawn, seed, name: TroubledPrograms.name, facts: [...newest(drawn.facts).values()] }
  })

  it(`an evaluation compared with itself differs nowhere (${text})`, () => {
    for (const { asOf, facts, name } of histories) {
      const own = evaluate(facts, name, asOf)
      const { changes, classes, difference, losers, winners } = compare(own, own)
      expect([changes, losers, winners]).toEqual([[], [], []])
      expect(difference.every(({ amountMinor }) => amountMinor === 0n)).toBe(true)
      expect(
        classes.filter((one) => !["same", "neither"].includes(one.class)).every((one) => one.conversions === 0),
      ).toBe(true)
    }
  })

  it(`nothing of the program's own rules is left, and nothing else is missing (${text})`, () => {
    for (const { facts, name } of histories) {
      const { facts: kept, leftOut } = withoutRules(facts, name)
      const out = Object.values(leftOut).reduce((sum, times) => sum + times, 0)
      expect(kept.length + out).toBe(facts.length)
      expect(evaluate(kept, name, Number.MAX_SAFE_INTEGER).credits.size).toBe(0)
    }
  })

  it(`the part that can earn gives the same credits as the whole, at any earlier time too (${text})`, () => {
    let left = 0
    for (const { asOf, facts, name, programs, seed } of histories) {
      const { facts: kept } = withoutRules(facts, name)
      const whole = evaluate(kept, name, asOf)
      const part = earningHistory(kept, whole.history.conversions, [programs.first, programs.second])
      left += kept.length - part.length
      for (const program of [programs.first, programs.second]) {
        for (const at of [asOf, asOf - days(20), asOf - days(45)]) {
          const [all, some] = [kept, part].map((of) => evaluate(underCandidate(of, program).facts, name, at).credits)
          expect([seed, some]).toEqual([seed, all])
        }
      }
    }
    expect(left).toBeGreaterThan(0)
  })

  it(`what is granted is what earners have, and each conversion is in one class (${text})`, () => {
    for (const { asOf, facts, name, programs } of histories) {
      const candidate = programs.first
      const tried = evaluate(underCandidate(facts, candidate).facts, name, asOf)
      const live = evaluate(facts, name, asOf)
      const { earners, granted } = outcomesOf(tried, null)
      const ofPeople = earners.flatMap(({ earned }) => earned).reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
      expect(ofPeople).toBe(granted.reduce((sum, { amountMinor }) => sum + amountMinor, 0n))
      const causes = new Set([...live.credits.values(), ...tried.credits.values()].map(({ cause }) => cause))
      expect(compare(live, tried).classes.reduce((sum, { conversions }) => sum + conversions, 0)).toBe(causes.size)
    }
  })

  const tenant = Layer.succeed(CurrentTenant, { id: TenantIdOf("a"), handleKey: new Uint8Array(16) })

  it.live(`state rebuilt from facts alone is the live state, whatever was credited before (${text})`, () =>
    Effect.gen(function* () {
      let decisions = 0
      for (const { asOf, facts, name, seed } of histories) {
        const report = yield* Effect.gen(function* () {
          const log = yield* FactLog
          const half = Math.floor(facts.length / 2)
          yield* log.append({ facts: facts.slice(0, half), personal: [] })
          yield* credit(name, asOf - days(30))
          yield* log.append({ facts: facts.slice(half), personal: [] })
          yield* credit(name, asOf)
          return yield* replay(asOf)
        }).pipe(Effect.provide([Layer.fresh(MemoryStores.layerMemory), tenant]))
        expect([seed, report.differences, report.stands]).toEqual([seed, [], true])
        expect(report.digest.replay).toBe(report.digest.ledger)
        decisions += report.decisions
      }
      expect(decisions).toBeGreaterThan(0)
    }),
  )

  it.live(`the engine that backtests gives the live ledger's credits on the facts of the live ledger (${text})`, () =>
    Effect.gen(function* () {
      for (const { asOf, facts, name, seed } of histories) {
        const check = yield* Effect.gen(function* () {
          const log = yield* FactLog
          yield* log.append({ facts, personal: [] })
          yield* credit(name, asOf)
          return yield* engineCheck(facts, name, asOf)
        }).pipe(Effect.provide([Layer.fresh(MemoryStores.layerMemory), tenant]))
        expect([seed, check.isEqual, check.stands]).toEqual([seed, true, true])
        expect(check.digest.ledger).toBe(check.digest.replay)
      }
    }),
  )

  it(`the version in force, as a shadow of itself, differs nowhere (${text})`, () => {
    let conversions = 0
    for (const { asOf, facts, name, programs, seed } of histories) {
      const alone = facts.filter((fact) => fact._tag !== "ProgramPublished" || fact.hash === programs.first.hash)
      const since = asOf - days(30)
      const report = shadow(alone, programs.first, { asOf, since })
      const begun = alone.some(
        (fact) => fact._tag === "ProgramPublished" && fact.program === name && fact.occurredAt <= since,
      )
      if (!begun) continue
      expect([seed, report.comparison.changes]).toEqual([seed, []])
      conversions += report.conversions
    }
    expect(conversions).toBeGreaterThan(0)
  })
})
