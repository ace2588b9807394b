/**
 * The promise that a stored decision can be made again: every revision of a troubled history, from the facts as they were known.
 *
 * Promises: from one seed a history told in disorder, credited at pauses, whole or by what has changed; then every revision that was posted is
 * made again from the facts recorded by its mark, as of its time, and must say the same with the same inputs. A failure names the seed.
 */
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { credit, type CreditingError } from "@advocacy-kit/core/flow/Crediting"
import { canonical } from "@advocacy-kit/core/id/Digest"
import { creditChanges } from "@advocacy-kit/core/flow/CreditingChanges"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { Ledger, type Recorded } from "@advocacy-kit/core/ledger/Ledger"
import type { Tallies } from "@advocacy-kit/core/ledger/Tallies"
import { evaluate } from "@advocacy-kit/core/program/Evaluation"
import * as Inputs from "@advocacy-kit/core/program/Inputs"
import * as Reevaluation from "@advocacy-kit/core/program/Reevaluation"
import { Effect, Stream } from "effect"
import * as Chance from "./convergence/Chance.ts"
import * as Delivery from "./convergence/Delivery.ts"
import * as RichHistory from "./convergence/RichHistory.ts"
import * as RichPrograms from "./convergence/RichPrograms.ts"
import * as TroubledHistory from "./convergence/TroubledHistory.ts"
import * as TroubledPrograms from "./convergence/TroubledPrograms.ts"
import { Diverged } from "./Convergence.ts"
import * as Law from "./Law.ts"

/** How a run credits at its pauses. */
export type Mode = "whole" | "changes"

/** How many revisions were made again, and how many of them were steps on the way. */
export interface Checked {
  readonly revisions: number
  readonly steps: number
}

interface Drawn {
  readonly program: string
  readonly facts: ReadonlyArray<Fact>
  readonly asOf: Instant
}

/** Even seeds draw the history of one mechanic, odd ones that of all. */
const draw = (chance: Chance.Chance, seed: number): Drawn =>
  seed % 2 === 0
    ? { program: TroubledPrograms.name, ...TroubledHistory.draw(chance) }
    : { program: RichPrograms.name, ...RichHistory.draw(chance) }

const comparedAt = (program: string, revisions: ReadonlyArray<Recorded>, by: number) =>
  Effect.gen(function* () {
    const log = yield* FactLog
    const [first] = revisions
    if (first === undefined) return []
    const facts = yield* Stream.runCollect(log.recorded({ asOf: first.asOf, by }))
    const evaluation = evaluate(facts, program, first.asOf)
    const read = Inputs.factsRead(evaluation, facts)
    return revisions.map((revision) => Reevaluation.compare(revision, evaluation, facts, read))
  })

/** The reasons that one of two decisions has and the other does not. */
const reasons = (stored: string, again: string): string => {
  const [was, is] = [stored, again].map((text) => (JSON.parse(text) as ReadonlyArray<unknown>).map(canonical))
  const only = (mine: ReadonlyArray<string> = [], yours: ReadonlyArray<string> = []): string =>
    mine.filter((trial) => !yours.includes(trial)).join(" ")
  return `it said ${only(was, is)} and says ${only(is, was)}`
}

const said = ({ differences, inputs, key, revision }: Reevaluation.Reevaluation): string =>
  [
    `${key} revision ${revision}`,
    ...differences.map(({ again, member, stored }) =>
      member === "because" ? reasons(stored, again) : `${member} was ${stored} and is ${again}`,
    ),
    ...(inputs.stored === inputs.again ? [] : ["its inputs have another digest"]),
  ].join("; ")

/** Draws the history of a seed, tells and credits it, and makes every revision again. */
export const check = (
  seed: number,
  mode: Mode,
): Effect.Effect<Checked, Diverged | CreditingError, FactLog | Ledger | Tallies> =>
  Effect.gen(function* () {
    const chance = Chance.make(seed)
    const history = draw(chance, seed)
    const { program } = history
    const [log, ledger] = [yield* FactLog, yield* Ledger]
    const stage = (asOf: number) =>
      mode === "whole" ? Effect.asVoid(credit(program, asOf)) : Effect.asVoid(creditChanges(asOf, { batch: 1_000 }))
    for (const { facts, pauseAt } of Delivery.disorderly(chance, history.facts, history.asOf)) {
      yield* log.append({ facts, personal: [] })
      if (pauseAt !== null) yield* stage(pauseAt)
    }
    yield* stage(history.asOf)
    const keys = [...(yield* ledger.posted(program)).keys()]
    const histories = new Map<string, ReadonlyArray<Recorded>>()
    for (const key of keys) histories.set(key, yield* ledger.history(key))
    const revisions = [...histories.values()].flat()
    let steps = 0
    const findings: Array<string> = []
    for (const of of Map.groupBy(revisions, ({ asOf, mark }) => `${asOf} ${mark}`).values()) {
      const mark = of[0]?.mark ?? 0
      const compared = yield* comparedAt(program, of, mark)
      const open = compared.filter(({ isEqual }) => !isEqual)
      // What shares the moment of the posting was recorded after it.
      const before = yield* comparedAt(
        program,
        of.filter((_, index) => compared[index]?.isEqual === false),
        mark - 1,
      )
      for (const [index, one] of open.entries()) {
        if (before[index]?.isEqual === true) continue
        const isStep = mode === "changes" && Reevaluation.settledBy(one, histories.get(one.key) ?? []) !== null
        if (isStep) steps++
        else findings.push(said(one))
      }
    }
    if (findings.length > 0) return yield* new Diverged({ seed, findings })
    return { revisions: revisions.length, steps }
  }).pipe(Law.asFreshTenant)
