/**
 * The promise that everything else rests on: the same facts end in the same state, however they arrive.
 *
 * Promises: from one seed a history full of trouble; one tenant is told it at once and credited once, another is told it
 * shuffled, repeated and in batches, with crediting at pauses between them. Facts, people, decisions and balances must
 * agree at the same `asOf`, and both ledgers must pass the audit. A failure names the seed that repeats it and the first
 * lines that differ. It needs nothing but a fact log and a ledger.
 */
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { creditChanges } from "@advocacy-kit/core/flow/CreditingChanges"
import type { Credit } from "@advocacy-kit/core/ledger/Credit"
import { credit, type Credited, type CreditingError, type CreditingNeeds } from "@advocacy-kit/core/flow/Crediting"
import { canonical } from "@advocacy-kit/core/id/Digest"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import type { Tallies } from "@advocacy-kit/core/ledger/Tallies"
import * as StateDigest from "@advocacy-kit/core/ledger/StateDigest"
import { evaluate } from "@advocacy-kit/core/program/Evaluation"
import { Effect, Schema } from "effect"
import * as Chance from "./convergence/Chance.ts"
import * as Delivery from "./convergence/Delivery.ts"
import * as LedgerAudit from "./convergence/LedgerAudit.ts"
import * as RichHistory from "./convergence/RichHistory.ts"
import * as TroubledHistory from "./convergence/TroubledHistory.ts"
import * as TroubledPrograms from "./convergence/TroubledPrograms.ts"
import * as Law from "./Law.ts"

/** Two tellings of one history ended differently, or a ledger does not hold. */
export class Diverged extends Schema.TaggedError<Diverged>()("Diverged", {
  seed: Schema.Int,
  findings: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `seed ${this.seed} (repeat it with ADVOCACY_SEED=${this.seed}):\n  ${this.findings.slice(0, 12).join("\n  ")}`
  }
}

/** What a run went through, so that a test can show that it was not about nothing. */
export interface Converged {
  readonly facts: number
  readonly pauses: number
  /** How many credits ended with each outcome. */
  readonly outcomes: Readonly<Record<string, number>>
}

/** A crediting stage; the kit's own unless a test of the test brings a worse one. */
export type CreditingStage = (program: string, asOf: Instant) => Effect.Effect<Credited, CreditingError, CreditingNeeds>

interface Told {
  readonly lines: ReadonlyArray<string>
  readonly findings: ReadonlyArray<string>
  readonly credited: Credited
}

const tell = (
  history: TroubledHistory.TroubledHistory,
  batches: ReadonlyArray<Delivery.Batch>,
  stage: CreditingStage,
) =>
  Effect.gen(function* () {
    const log = yield* FactLog
    const ledger = yield* Ledger
    for (const { facts, pauseAt } of batches) {
      yield* log.append({ facts, personal: [] })
      if (pauseAt !== null) yield* stage(TroubledPrograms.name, pauseAt)
    }
    const credited = yield* stage(TroubledPrograms.name, history.asOf)
    const again = yield* stage(TroubledPrograms.name, history.asOf)
    const posted = yield* ledger.posted(TroubledPrograms.name)
    const balances = yield* ledger.balances
    const credits = [...posted.values()].map((one) => one.credit)
    return {
      credited,
      lines: [
        ...StateDigest.lines({ facts: credited.facts, people: credited.evaluation.history.people, credits, balances }),
      ].sort(),
      findings: [
        ...(again.revisions === 0 ? [] : [`a second crediting posted ${again.revisions} revisions`]),
        ...(yield* LedgerAudit.postings(posted, credited.evaluation)),
        ...LedgerAudit.decisions(credited.evaluation, credited.facts, history.versions),
      ],
    } satisfies Told
  }).pipe(Law.asFreshTenant)

/** Told in disorder, with only what has changed looked at each time; then everything is looked at, and must be as it was left. */
const tellChanges = (history: TroubledHistory.TroubledHistory, batches: ReadonlyArray<Delivery.Batch>, batch: number) =>
  Effect.gen(function* () {
    const log = yield* FactLog
    const ledger = yield* Ledger
    for (const { facts, pauseAt } of batches) {
      yield* log.append({ facts, personal: [] })
      if (pauseAt !== null) yield* creditChanges(pauseAt, { batch })
    }
    yield* creditChanges(history.asOf, { batch })
    const again = yield* creditChanges(history.asOf, { batch })
    const before = yield* ledger.posted(TroubledPrograms.name)
    const whole = yield* credit(TroubledPrograms.name, history.asOf)
    const after = yield* ledger.posted(TroubledPrograms.name)
    const moved = [...after].filter(([key, { revision }]) => before.get(key)?.revision !== revision)
    return [
      ...(again.changes + again.revisions === 0 ? [] : [`changes are looked at again: ${JSON.stringify(again)}`]),
      ...(whole.revisions === moved.length ? [] : [`${whole.revisions} revisions moved ${moved.length} credits`]),
      ...moved.map(
        ([key, { credit: now }]) =>
          `after changes alone ${key} was ${said(before.get(key)?.credit, now)}; after everything it is ${said(now, before.get(key)?.credit)}`,
      ),
    ]
  }).pipe(Law.asFreshTenant)

/** A decision in one line, with the reasons that the other does not have. */
const said = (one: Credit | undefined, other: Credit | undefined): string => {
  if (one === undefined) return "nothing"
  const known = new Set((other?.because ?? []).map(canonical))
  const own = one.because.map(canonical).filter((trial) => !known.has(trial))
  return [one.outcome, one.reason, one.review, one.amountMinor, one.beneficiary, one.terms.slice(0, 8), ...own].join(
    " ",
  )
}

const difference = (left: ReadonlyArray<string>, right: ReadonlyArray<string>): ReadonlyArray<string> => {
  const [mine, yours] = [new Set(left), new Set(right)]
  return [
    ...left.filter((line) => !yours.has(line)).map((line) => `told at once: ${line}`),
    ...right.filter((line) => !mine.has(line)).map((line) => `told in disorder: ${line}`),
  ]
}

/** The decision is a function of the set of facts: shuffled, it says the same word for word. */
const shuffledEvaluation = (
  chance: Chance.Chance,
  facts: ReadonlyArray<Fact>,
  { evaluation }: Credited,
): ReadonlyArray<string> => {
  const say = (credits: Credited["evaluation"]["credits"]): ReadonlyArray<string> =>
    [...credits.values()].map(canonical).sort()
  const again = evaluate(chance.shuffled(facts), evaluation.program, evaluation.asOf)
  return difference(say(evaluation.credits), say(again.credits)).map((line) => `evaluated in another order, ${line}`)
}

/** Draws the history of a seed, tells it twice, and compares. */
export const check = (
  seed: number,
  stage: CreditingStage = credit,
): Effect.Effect<Converged, Diverged | CreditingError, FactLog | Ledger | Tallies> =>
  Effect.gen(function* () {
    const chance = Chance.make(seed)
    // Half of them are plain, half have every mechanic.
    const history = chance.percent(50) ? RichHistory.draw(chance) : TroubledHistory.draw(chance)
    const batches = Delivery.disorderly(chance, history.facts, history.asOf)
    const atOnce = yield* tell(history, Delivery.atOnce(history.facts), stage)
    const inDisorder = yield* tell(history, batches, stage)
    const inChanges = yield* tellChanges(history, batches, chance.pick(10, 1_000))
    const findings = [
      ...inChanges,
      ...difference(atOnce.lines, inDisorder.lines),
      ...atOnce.findings,
      ...inDisorder.findings.map((finding) => `told in disorder: ${finding}`),
      ...shuffledEvaluation(chance, atOnce.credited.facts, atOnce.credited),
    ]
    if (findings.length > 0) return yield* new Diverged({ seed, findings })
    const outcomes = Map.groupBy(
      atOnce.credited.evaluation.credits.values(),
      ({ outcome, review }) => `${outcome} ${review}`,
    )
    return {
      facts: history.facts.length,
      pauses: batches.filter(({ pauseAt }) => pauseAt !== null).length,
      outcomes: Object.fromEntries([...outcomes].map(([name, list]) => [name, list.length])),
    }
  })

/** Checks every seed and adds up what the runs went through; stops at the first that diverges. */
export const checkAll = (
  seeds: ReadonlyArray<number>,
): Effect.Effect<Converged, Diverged | CreditingError, FactLog | Ledger | Tallies> =>
  Effect.gen(function* () {
    const outcomes: Record<string, number> = {}
    let [facts, pauses] = [0, 0]
    for (const seed of seeds) {
      const run = yield* check(seed)
      facts += run.facts
      pauses += run.pauses
      for (const [name, count] of Object.entries(run.outcomes)) outcomes[name] = (outcomes[name] ?? 0) + count
    }
    return { facts, pauses, outcomes }
  })
