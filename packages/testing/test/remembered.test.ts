import type * as Fact from "@advocacy-kit/core/fact/Fact"
import { FactLog, type FactLogError } from "@advocacy-kit/core/fact/FactLog"
import { remembering } from "@advocacy-kit/core/fact/FactLogRemembered"
import { joinsOf, namesOf } from "@advocacy-kit/core/fact/Mention"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import process from "node:process"
import * as Law from "../src/Law.ts"
import * as Scenario from "../src/Scenario.ts"
import * as Chance from "../src/convergence/Chance.ts"
import * as Runs from "../src/convergence/Runs.ts"
import * as TroubledHistory from "../src/convergence/TroubledHistory.ts"

type Log = FactLog["Service"]
type Question = (log: Log) => Effect.Effect<unknown, FactLogError, CurrentTenant>

const { seeds, text } = Runs.asked(process.env, 200)

const some = <A>(
  chance: Chance.Chance,
  [first, ...others]: readonly [A, ...Array<A>],
  most: number,
): ReadonlyArray<A> => Array.from({ length: chance.between(0, most) }, () => chance.pick(first, ...others))

/** Something that may be asked of a log about these facts; times come from a few, so that some are asked twice. */
const question = (chance: Chance.Chance, facts: ReadonlyArray<Fact.Fact>): Question => {
  const asOf = Scenario.at({ day: chance.pick(10, 60, 1_000) })
  const kind = chance.below(3)
  if (kind === 0) {
    const keys = some(chance, ["nobody:fact/1" as Fact.FactKey, ...facts.map(({ key }) => key)], 8)
    return (log) => log.byKey({ keys, asOf })
  }
  if (kind === 1) {
    const handles = some(chance, [Scenario.customerOf("nobody"), ...facts.flatMap(joinsOf)], 5)
    return (log) => log.joined({ handles, asOf })
  }
  const names = some(chance, ["code:NOBODY", ...facts.flatMap(namesOf)], 6)
  const tags = some<Fact.FactTag>(chance, ["OrderPlaced", "PersonSeen", "AssetIssued", "PeopleMerged"], 3)
  const from = chance.percent(30) ? { from: Scenario.at({ day: 5 }) } : {}
  return (log) => log.mentioning({ names, asOf, tags, ...from })
}

/** Counts what reaches the log. */
const counting = (log: Log): { readonly log: Log; readonly asked: () => number } => {
  let asked = 0
  const counted =
    <Options, A>(read: (options: Options) => A) =>
    (options: Options): A => {
      asked += 1
      return read(options)
    }
  return {
    log: { ...log, byKey: counted(log.byKey), mentioning: counted(log.mentioning), joined: counted(log.joined) },
    asked: () => asked,
  }
}

const check = (seed: number) =>
  Law.asFreshTenant(
    Effect.gen(function* () {
      const log = yield* FactLog
      const chance = Chance.make(seed)
      const { facts } = TroubledHistory.draw(chance)
      yield* log.append({ facts, personal: [] })
      const inner = counting(log)
      const remembered = remembering(inner.log)
      const questions = Array.from({ length: 30 }, () => question(chance, facts))
      for (const ask of questions) expect(yield* ask(remembered), `seed ${seed}`).toEqual(yield* ask(log))
      const asked = inner.asked()
      const answers = yield* Effect.forEach(questions, (ask) => ask(log))
      yield* log.append({
        facts: facts.map((fact) => ({ ...fact, version: fact.version + 1_000, occurredAt: 0 })),
        personal: [],
      })
      const again = yield* Effect.forEach(questions, (ask) => ask(remembered))
      expect(again, `seed ${seed}`).toEqual(answers)
      expect(inner.asked(), `seed ${seed}`).toBe(asked)
      return asked
    }),
  )

it.live(
  `a log that is read once answers as the log did, and asks nothing twice (${text})`,
  () =>
    Effect.gen(function* () {
      const asked = yield* Effect.provide(Effect.forEach(seeds, check), Layer.fresh(MemoryStores.layerMemory))
      for (const times of asked) expect(times).toBeGreaterThan(0)
      // Some of what is asked was read for other questions before.
      expect(asked.reduce((sum, times) => sum + times, 0)).toBeLessThan(30 * seeds.length)
    }),
  60_000,
)
