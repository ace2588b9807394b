/**
 * Stores and crediting stages with one plausible fault each: the proof that the convergence test can fail.
 *
 * Each is what somebody might really write: the last to arrive wins, the clock of arrival instead of the time of the event,
 * counters instead of differences. They are for tests of the test.
 */
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import * as FactLogMemory from "@advocacy-kit/core/fact/FactLogMemory"
import { credit } from "@advocacy-kit/core/flow/Crediting"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { difference } from "@advocacy-kit/core/ledger/Crediting"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import * as LedgerMemory from "@advocacy-kit/core/ledger/LedgerMemory"
import * as Inputs from "@advocacy-kit/core/program/Inputs"
import type { Tallies } from "@advocacy-kit/core/ledger/Tallies"
import * as TalliesMemory from "@advocacy-kit/core/ledger/TalliesMemory"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Layer } from "effect"
import * as LedgerBroken from "../src/broken/LedgerBroken.ts"
import * as Convergence from "../src/Convergence.ts"
import * as Runs from "../src/convergence/Runs.ts"
import * as Scenario from "../src/Scenario.ts"

type Stores = Layer.Layer<FactLog | Ledger | Tallies>

const tallies = TalliesMemory.layerMemory.pipe(Layer.provide(FactLogMemory.layerMemory))

/** A fact log that changes each fact by how many it had been given before, per tenant. */
const byArrival = (change: (fact: Fact, arrival: number) => Fact): Stores => {
  const log = Layer.effect(
    FactLog,
    Effect.map(FactLog, (inner) => {
      const arrivals = new Map<string, number>()
      return {
        ...inner,
        append: (batch) =>
          Effect.flatMap(CurrentTenant, ({ id }) => {
            const before = arrivals.get(id) ?? 0
            arrivals.set(id, before + batch.facts.length)
            return inner.append({ ...batch, facts: batch.facts.map((fact, index) => change(fact, before + index)) })
          }),
      }
    }),
  ).pipe(Layer.provide(FactLogMemory.layerMemory))
  return Layer.merge(LedgerMemory.layerMemory, tallies).pipe(Layer.provideMerge(log))
}

export const stores: ReadonlyArray<{ readonly fault: string; readonly layer: Stores }> = [
  {
    fault: "takes the last version to arrive for the newest",
    layer: byArrival((fact, arrival) => ({ ...fact, version: arrival })),
  },
  {
    fault: "dates orders by their arrival, so that limits and first purchases are folded in that order",
    layer: byArrival((fact, arrival) =>
      fact._tag === "OrderPlaced" ? { ...fact, occurredAt: Scenario.at({ day: 30, minute: arrival }) } : fact,
    ),
  },
  {
    fault: "stores what comes twice as two",
    layer: byArrival((fact, arrival) =>
      fact._tag === "RefundMade" ? { ...fact, key: `${fact.key}-${arrival}` as Fact["key"] } : fact,
    ),
  },
  {
    fault: "loses the postings of corrections",
    layer: Layer.merge(
      tallies,
      LedgerBroken.over((inner) => ({
        commit: (commit) =>
          inner.commit({
            ...commit,
            revisions: commit.revisions.map((revision) =>
              revision.revision > 1 ? { ...revision, legs: [] } : revision,
            ),
          }),
      })),
    ),
  },
]

const noRevisions = { effects: [], undo: [] } as const

/** Posts a credit when it first sees it and never looks again. */
export const postsOnce: Convergence.CreditingStage = (program, asOf) =>
  Effect.gen(function* () {
    const ledger = yield* Ledger
    const before = yield* ledger.posted(program)
    const result = yield* Effect.provide(credit(program, asOf), Layer.fresh(dryLedger(before)))
    const changes = difference(result.evaluation.credits, before).filter(({ revision }) => revision === 1)
    const revisions = Inputs.stamp(result.evaluation, result.facts, changes)
    if (revisions.length > 0) yield* ledger.commit({ revisions, ...noRevisions })
    return { ...result, revisions: revisions.length }
  })

/** Posts the whole credit again where only the difference was due. */
export const postsEveryTime: Convergence.CreditingStage = (program, asOf) =>
  Effect.gen(function* () {
    const ledger = yield* Ledger
    const result = yield* credit(program, asOf)
    const posted = yield* ledger.posted(program)
    const revisions = [...posted.values()]
      .filter(({ legs }) => legs.length > 0)
      .slice(0, 1)
      .map(({ credit: one, legs, revision }) => ({
        key: one.key,
        revision: revision + 1,
        unit: one.unit,
        effectiveAt: one.effectiveAt,
        legs,
        credit: one,
        asOf,
        inputs: "",
      }))
    if (revisions.length > 0) yield* ledger.commit({ revisions, ...noRevisions })
    return { ...result, revisions: result.revisions + revisions.length }
  })

/** Never takes back a credit whose evidence has gone. */
const forgetsToWithdraw: Convergence.CreditingStage = (program, asOf) =>
  Effect.gen(function* () {
    const ledger = yield* Ledger
    const before = yield* ledger.posted(program)
    const result = yield* Effect.provide(credit(program, asOf), Layer.fresh(dryLedger(before)))
    const changes = difference(result.evaluation.credits, before).filter(({ key }) =>
      result.evaluation.credits.has(key),
    )
    const revisions = Inputs.stamp(result.evaluation, result.facts, changes)
    if (revisions.length > 0) yield* ledger.commit({ revisions, ...noRevisions })
    return { ...result, revisions: revisions.length }
  })

export const stages: ReadonlyArray<{ readonly fault: string; readonly stage: Convergence.CreditingStage }> = [
  { fault: "never corrects what it posted", stage: postsOnce },
  { fault: "posts amounts in place of differences", stage: postsEveryTime },
  { fault: "forgets to withdraw what lost its evidence", stage: forgetsToWithdraw },
]

/** Shows what was posted and stores nothing. */
const dryLedger = (posted: Effect.Success<ReturnType<Ledger["Service"]["posted"]>>): Layer.Layer<Ledger> =>
  Layer.effect(
    Ledger,
    Effect.map(Ledger, (inner) => ({ ...inner, posted: () => Effect.succeed(posted), commit: () => Effect.void })),
  ).pipe(Layer.provide(MemoryStores.layerMemory))

/** The first divergence among 200 histories; fails when there is none, for then the test is blind to this fault. */
export const firstDivergence = (
  layer: Stores,
  stage: Convergence.CreditingStage,
): Effect.Effect<Convergence.Diverged> =>
  Effect.gen(function* () {
    for (const seed of Runs.from(1, 200)) {
      const exit = yield* Effect.result(Convergence.check(seed, stage))
      if (exit._tag === "Failure" && exit.failure._tag === "Diverged") return exit.failure
    }
    return yield* Effect.die(new Error("no history of 200 diverged: the test does not see this fault"))
  }).pipe(Effect.provide(Layer.fresh(layer)))
