/**
 * What all commands of people share: one at a time for each tenant, decided on what is true then, recorded once, posted at once.
 *
 * Promises: a command sees every command of the same people before it, also where clocks disagree and where people are merged
 * meanwhile; its fact and what it posts are one transaction; the same key and the same input again answer the first result and
 * record nothing, another input under a known key is refused. A refusal records and posts nothing.
 */
import type { Tallies } from "../ledger/Tallies.ts"
import { Effect, Result, Schedule } from "effect"
import type { Fact, FactOf } from "../fact/Fact.ts"
import type * as Facts from "../fact/Fact.ts"
import { FactLog, type FactLogError } from "../fact/FactLog.ts"
import { isTombstone, type Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import { Ledger, LedgerError, Overtaken } from "../ledger/Ledger.ts"
import * as People from "../person/People.ts"
import { evaluate, type Evaluation } from "../program/Evaluation.ts"
import type { Program } from "../program/Program.ts"
import { commitment } from "../reward/Fulfilment.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import { type CommandError, type CommandReason, refuse, UnknownPerson, UnknownProgram } from "./CommandError.ts"
import * as Crediting from "./Crediting.ts"
import { isKnown } from "./Subject.ts"

/** What a command decides on: everything due is credited, and nobody else changes anybody's value. */
export interface Situation {
  readonly facts: ReadonlyArray<Fact>
  readonly evaluation: Evaluation
  /** The terms in force. */
  readonly terms: Program
  /** When the command happens: the time it was given, or that of the last command it must come after. */
  readonly at: Instant
}

export interface Command<Recorded extends Fact> {
  readonly program: string
  readonly asOf: Instant
  /** The people whose value it moves; they must be known. */
  readonly people: ReadonlyArray<Handle>
  /** The key that its fact will have. */
  readonly key: Facts.FactKey
  /** A command that was recorded already, where this is the same again; a refusal where it is not. */
  readonly recorded: (situation: Situation) => Result.Result<Recorded | null, CommandReason>
  readonly decide: (situation: Situation) => Result.Result<Recorded, CommandReason>
}

export interface Done<Recorded extends Fact> {
  readonly fact: Recorded
  /** It was recorded before, by the same command. */
  readonly isRepeated: boolean
  /** What everybody has after it. */
  readonly evaluation: Evaluation
}

export type CommandingError = CommandError | FactLogError | LedgerError
export type CommandingNeeds = FactLog | Ledger | CurrentTenant | Tallies

/** Facts by which what people have is moved. */
const moving = ["ValueRedeemed", "ValueTransferred", "ValueAdjusted", "RewardCommitted", "ReviewDecided"] as const

type Moving = FactOf<(typeof moving)[number]>

/** Whether what a fact moved is of one of these people, or of the program where it does not say. */
const concerns = (fact: Moving, program: string, mine: ReadonlySet<Handle>): boolean => {
  switch (fact._tag) {
    case "ValueTransferred":
      return fact.program === program && (mine.has(fact.from) || mine.has(fact.to))
    case "ValueRedeemed":
    case "ValueAdjusted":
      return fact.program === program && mine.has(fact.person)
    case "RewardCommitted":
      return fact.credit.startsWith(`${program}|`) && mine.has(fact.beneficiary)
    case "ReviewDecided":
      return fact.credit.startsWith(`${program}|`)
  }
}

/** The time after everything that was done with these people's value, or under the same key; else the time given. */
const timeAfter = (
  { asOf, key, people: involved, program }: Pick<Command<Fact>, "asOf" | "key" | "people" | "program">,
  facts: ReadonlyArray<Fact>,
): Instant => {
  const people = People.resolve(facts)
  const mine = new Set(involved.flatMap((handle) => [handle, ...people.handlesOf(people.personOf(handle))]))
  return facts
    .filter((fact): fact is Moving => moving.some((tag) => tag === fact._tag))
    .filter((fact) => fact.key === key || concerns(fact, program, mine))
    .reduce((latest, { occurredAt }) => Math.max(latest, occurredAt), asOf)
}

/** Nobody that facts or credits know, or nobody any more. */
const isStranger = (evaluation: Evaluation, person: Handle): boolean =>
  isTombstone(person) ||
  (!isKnown(evaluation, person) && [...evaluation.credits.values()].every(({ beneficiary }) => beneficiary !== person))

const inTurn = Effect.fn("Commanding.inTurn")(function* <Recorded extends Fact>(
  command: Command<Recorded>,
): Effect.fn.Return<Result.Result<Done<Recorded>, CommandReason>, FactLogError | LedgerError, CommandingNeeds> {
  const log = yield* FactLog
  const erasures = yield* log.erasures
  const all = yield* Crediting.factsAt(Number.MAX_SAFE_INTEGER)
  const at = timeAfter(command, all)
  const facts = all.filter(({ occurredAt }) => occurredAt <= at)
  const evaluation = evaluate(facts, command.program, at)
  const { terms } = evaluation
  if (terms === null) return Result.fail(new UnknownProgram({ program: command.program, at }))
  const stranger = command.people.find((person) => isStranger(evaluation, person))
  if (stranger !== undefined) return Result.fail(new UnknownPerson({ person: stranger }))
  const situation: Situation = { facts, evaluation, terms, at }
  const recorded = command.recorded(situation)
  if (Result.isFailure(recorded)) return Result.fail(recorded.failure)
  if (recorded.success !== null) {
    const { evaluation: now } = yield* Crediting.post({ facts, erasures, evaluation })
    return Result.succeed({ fact: recorded.success, isRepeated: true, evaluation: now })
  }
  const decided = command.decide(situation)
  if (Result.isFailure(decided)) return Result.fail(decided.failure)
  const fact = decided.success
  yield* claimPlanned(facts, fact)
  yield* log.append({ facts: [fact], personal: [] })
  const after = [...facts, fact]
  const { evaluation: now } = yield* Crediting.post({
    facts: after,
    erasures,
    evaluation: evaluate(after, command.program, Math.max(at, fact.occurredAt)),
  })
  return Result.succeed({ fact, isRepeated: false, evaluation: now })
})

/**
 * Rewards that are planned of credits that a command takes from are taken back first, so that nobody sends them meanwhile. Where
 * one is on its way that these facts do not know of, the command was overtaken.
 */
const claimPlanned = Effect.fn("Commanding.claimPlanned")(function* (
  facts: ReadonlyArray<Fact>,
  fact: Fact,
): Effect.fn.Return<void, LedgerError, Ledger | CurrentTenant> {
  const credits = new Set("lots" in fact ? fact.lots.map(({ credit }) => credit) : [])
  if (credits.size === 0 || !("unit" in fact) || fact.unit.startsWith("points:")) return
  const ledger = yield* Ledger
  const known = new Set<string>(facts.map(({ key }) => key))
  const rows = (yield* ledger.effects({ states: ["planned", "sending", "unknown", "confirmed"] })).flatMap((row) =>
    row.effect._tag === "IssueReward" && credits.has(row.effect.credit) ? [{ ...row, effect: row.effect }] : [],
  )
  const unseen = rows.find(({ effect, state }) => state !== "planned" && !known.has(commitment(effect).key))
  const changes = rows
    .filter(({ state }) => state === "planned")
    .map(({ attempts, effect }) => ({
      key: effect.key,
      attempt: attempts,
      to: "undone" as const,
      dueAt: null,
      note: null,
    }))
  const moved = changes.length === 0 ? new Set() : yield* ledger.move({ changes, from: ["planned"] })
  const taken =
    unseen?.effect ?? rows.find(({ effect, state }) => state === "planned" && !moved.has(effect.key))?.effect
  if (taken !== undefined)
    return yield* new LedgerError({ reason: new Overtaken({ credit: taken.credit, revision: 0 }) })
})

const isOvertaken = (error: FactLogError | LedgerError): boolean =>
  error._tag === "LedgerError" && error.reason._tag === "Overtaken"

/**
 * Carries a command out, in the turn of crediting: it posts whatever is due, so two at once would overtake each other.
 * Only the handing over of a reward can do that meanwhile.
 */
export const carryOut = Effect.fn("Commanding.carryOut")(function* <Recorded extends Fact>(
  command: Command<Recorded>,
): Effect.fn.Return<Done<Recorded>, CommandingError, CommandingNeeds> {
  const ledger = yield* Ledger
  const done = yield* ledger.exclusively(Crediting.turn, inTurn(command)).pipe(
    Effect.retry({
      schedule: Schedule.jittered(Schedule.exponential("10 millis", 1.5)),
      times: 16,
      while: isOvertaken,
    }),
  )
  return Result.isSuccess(done) ? done.success : yield* refuse(done.failure)
})
