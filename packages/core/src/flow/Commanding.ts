/**
 * What all commands of people share: one at a time for each person, decided on what is true then, recorded once, posted at once.
 *
 * Promises: a command sees every command of the same people before it, also where clocks disagree and where people are merged
 * meanwhile; its fact and what it posts are one transaction; the same key and the same input again answer the first result and
 * record nothing, another input under a known key is refused. A refusal records and posts nothing.
 */
import type { Tallies } from "../ledger/Tallies.ts"
import { Effect, Result, Schedule, Stream } from "effect"
import type { Fact, FactOf } from "../fact/Fact.ts"
import type * as Facts from "../fact/Fact.ts"
import { FactLog, type FactLogError } from "../fact/FactLog.ts"
import * as ByteOrder from "../id/ByteOrder.ts"
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

/** What a command decides on: everything due is credited, and nobody else changes these people's value. */
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
  /** The key that its fact will have, which nobody else uses meanwhile. */
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

/** Facts by which people and what they have moved are known. */
const joining = ["PersonSeen", "PeopleMerged", "MergeUndone"] as const
const moving = ["ValueRedeemed", "ValueTransferred", "ValueAdjusted", "RewardCommitted", "ReviewDecided"] as const

const always = Number.MAX_SAFE_INTEGER

/** The name of a person's lock, one for each of their handles. */
const lockOf = (program: string, handle: Handle): string => `value ${program} ${handle}`

const handlesOf = (people: People.People, handles: ReadonlyArray<Handle>): ReadonlyArray<Handle> => [
  ...new Set(handles.flatMap((handle) => [handle, ...people.handlesOf(people.personOf(handle))])),
]

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
const timeAfter = Effect.fn("Commanding.timeAfter")(function* (
  { asOf, key, program }: Pick<Command<Fact>, "asOf" | "key" | "program">,
  mine: ReadonlySet<Handle>,
): Effect.fn.Return<Instant, FactLogError, FactLog | CurrentTenant> {
  const log = yield* FactLog
  const moved = yield* Stream.runCollect(log.newest({ asOf: always, tags: moving }))
  return moved
    .filter((fact): fact is Moving => moving.some((tag) => tag === fact._tag))
    .filter((fact) => fact.key === key || concerns(fact, program, mine))
    .reduce((latest, { occurredAt }) => Math.max(latest, occurredAt), asOf)
})

/** What happens under the locks: `grown` where somebody has handles that are not locked. */
type Turn<Recorded extends Fact> =
  | { readonly _tag: "grown"; readonly handles: ReadonlyArray<Handle> }
  | { readonly _tag: "refused"; readonly reason: CommandReason }
  | { readonly _tag: "done"; readonly done: Done<Recorded> }

/** Nobody that facts or credits know, or nobody any more. */
const isStranger = (evaluation: Evaluation, person: Handle): boolean =>
  isTombstone(person) ||
  (!isKnown(evaluation, person) && [...evaluation.credits.values()].every(({ beneficiary }) => beneficiary !== person))

const inTurn = Effect.fn("Commanding.inTurn")(function* <Recorded extends Fact>(
  command: Command<Recorded>,
  locked: ReadonlyArray<Handle>,
): Effect.fn.Return<Turn<Recorded>, FactLogError | LedgerError, CommandingNeeds> {
  const log = yield* FactLog
  const at = yield* timeAfter(command, new Set(locked))
  const erasures = yield* log.erasures
  const facts = yield* Crediting.factsAt(at)
  const evaluation = evaluate(facts, command.program, at)
  const handles = handlesOf(evaluation.history.people, command.people)
  const known = new Set(locked)
  if (handles.some((handle) => !known.has(handle))) return { _tag: "grown", handles }
  const { terms } = evaluation
  if (terms === null) return { _tag: "refused", reason: new UnknownProgram({ program: command.program, at }) }
  const stranger = command.people.find((person) => isStranger(evaluation, person))
  if (stranger !== undefined) return { _tag: "refused", reason: new UnknownPerson({ person: stranger }) }
  const situation: Situation = { facts, evaluation, terms, at }
  const recorded = command.recorded(situation)
  if (Result.isFailure(recorded)) return { _tag: "refused", reason: recorded.failure }
  if (recorded.success !== null) {
    const { evaluation: now } = yield* Crediting.post({ facts, erasures, evaluation })
    return { _tag: "done", done: { fact: recorded.success, isRepeated: true, evaluation: now } }
  }
  const decided = command.decide(situation)
  if (Result.isFailure(decided)) return { _tag: "refused", reason: decided.failure }
  const fact = decided.success
  yield* claimPlanned(facts, fact)
  yield* log.append({ facts: [fact], personal: [] })
  const after = [...facts, fact]
  const { evaluation: now } = yield* Crediting.post({
    facts: after,
    erasures,
    evaluation: evaluate(after, command.program, Math.max(at, fact.occurredAt)),
  })
  return { _tag: "done", done: { fact, isRepeated: false, evaluation: now } }
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

/** Carries a command out: under the locks of everybody's handles, and again with more of them where somebody has grown. */
export const carryOut = Effect.fn("Commanding.carryOut")(function* <Recorded extends Fact>(
  command: Command<Recorded>,
): Effect.fn.Return<Done<Recorded>, CommandingError, CommandingNeeds> {
  const [ledger, log] = [yield* Ledger, yield* FactLog]
  const people = People.resolve(yield* Stream.runCollect(log.newest({ asOf: always, tags: joining })))
  let handles = handlesOf(people, command.people)
  for (;;) {
    const names = [...handles.map((handle) => lockOf(command.program, handle)), `command ${command.key}`]
    const turn = yield* ledger.exclusively(names.sort(ByteOrder.compare), inTurn(command, handles)).pipe(
      Effect.retry({
        schedule: Schedule.jittered(Schedule.exponential("10 millis", 1.5)),
        times: 16,
        while: isOvertaken,
      }),
    )
    if (turn._tag === "done") return turn.done
    if (turn._tag === "refused") return yield* refuse(turn.reason)
    handles = [...new Set([...handles, ...turn.handles])]
  }
})
