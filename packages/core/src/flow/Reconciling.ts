/**
 * The stage that compares the platforms' truth with ours, both ways, and makes the difference good.
 *
 * Promises: after one pass a second finds nothing, as long as the platforms stay as they are; a dry run changes nothing and
 * reports the same. What cannot be made good is reported each time: facts and effects that a platform shows no longer, and
 * effects that wait for a human. Facts that were stored are credited by the next crediting, not here.
 */
import { Effect } from "effect"
import { FactSources } from "../connector/FactSource.ts"
import * as Drift from "./Drift.ts"
import {
  reconcileEffects,
  type EffectsReconciled,
  type ReconcilingEffectsError,
  type ReconcilingEffectsNeeds,
} from "./ReconcilingEffects.ts"
import {
  reconcileFacts,
  type FactsReconciled,
  type ReconcilingFactsError,
  type ReconcilingFactsNeeds,
} from "./ReconcilingFacts.ts"

export interface Reconciled {
  readonly facts: ReadonlyArray<FactsReconciled>
  readonly effects: EffectsReconciled
  /** How much differed: what this pass made good, or would have. */
  readonly drift: number
}

export type ReconcilingError = ReconcilingFactsError | ReconcilingEffectsError
export type ReconcilingNeeds = FactSources | ReconcilingFactsNeeds | ReconcilingEffectsNeeds

const driftOf = (facts: ReadonlyArray<FactsReconciled>, effects: EffectsReconciled): number =>
  facts.reduce((sum, { missing, outdated }) => sum + Drift.total(missing) + Drift.total(outdated), 0) +
  Drift.total(effects.recorded) +
  effects.missing.count +
  effects.gone.count +
  effects.back.count

/** One pass over every connected source, and then over the outbox. */
export const reconcile = Effect.fn("Reconciling.reconcile")(function* (
  options: { readonly dryRun?: boolean } = {},
): Effect.fn.Return<Reconciled, ReconcilingError, ReconcilingNeeds> {
  const dryRun = options.dryRun ?? false
  const facts = yield* Effect.forEach(yield* FactSources, (source) => reconcileFacts(source, dryRun), {
    concurrency: "unbounded",
  })
  const effects = yield* reconcileEffects(dryRun)
  return { facts, effects, drift: driftOf(facts, effects) }
})
