/**
 * Outboxes that each break one law and no other: the proof that the laws can fail.
 *
 * Each is the memory ledger with one plausible fault laid over it. They are for tests of laws, never for use.
 */
import type { FactLog } from "@advocacy-kit/core/fact/FactLog"
import type { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import type { EffectKey, EffectRow, State } from "@advocacy-kit/core/ledger/OutboundEffect"
import { Effect, type Layer } from "effect"
import type * as Broken from "../Broken.ts"
import { over } from "./LedgerBroken.ts"

type Stores = Ledger | FactLog

const begun: ReadonlyArray<State> = ["sending", "confirmed", "unknown", "failed"]

/** Changes rows on their way out. */
const showing = (change: (rows: ReadonlyArray<EffectRow>) => ReadonlyArray<EffectRow>): Layer.Layer<Stores> =>
  over((inner) => ({ effects: (options) => Effect.map(inner.effects(options), change) }))

const forgetsTheRecipient = showing((rows) =>
  rows.map((row) =>
    row.effect._tag === "IssueReward" ? { ...row, effect: { ...row.effect, recipient: row.effect.beneficiary } } : row,
  ),
)

const seesOneState = over((inner) => ({
  effects: (options) => inner.effects({ ...options, states: options.states.slice(0, 1) }),
}))

const sortsAsJavaScript = showing((rows) =>
  [...rows].sort((left, right) => (left.effect.key < right.effect.key ? -1 : 1)),
)

const ignoresTheLimit = over((inner) => ({ effects: ({ states }) => inner.effects({ states }) }))

const keepsTheFirstPlan = over((inner) => {
  const planned = new Set<EffectKey>()
  return {
    commit: (commit) => {
      const effects = commit.effects.filter(({ key }) => !planned.has(key))
      for (const { key } of effects) planned.add(key)
      return inner.commit({ ...commit, effects })
    },
  }
})

const beginsAgain = over((inner) => ({
  commit: (commit) =>
    Effect.andThen(
      inner.move({ keys: commit.effects.map(({ key }) => key), from: begun, to: "planned" }),
      inner.commit(commit),
    ),
}))

const undoesWhatHasBegun = over((inner) => ({
  commit: (commit) =>
    Effect.andThen(inner.move({ keys: commit.undo, from: begun, to: "undone" }), inner.commit(commit)),
}))

/** Undoes all but the first that it was asked to undo. */
const forgetsToUndo = over((inner) => ({
  commit: (commit) => inner.commit({ ...commit, undo: commit.undo.slice(1) }),
}))

const losesWhatIsUndone = showing((rows) => rows.filter(({ state }) => state !== "undone"))

const answersUnknownKeys = over((inner) => ({
  move: (options) =>
    Effect.gen(function* () {
      const states: ReadonlyArray<State> = ["planned", "undone", ...begun]
      const known = new Set((yield* inner.effects({ states })).map(({ effect }) => effect.key))
      const moved = yield* inner.move(options)
      return new Set([...moved, ...options.keys.filter((key) => !known.has(key))])
    }),
}))

/** Looks where the effects are, lets others in, and answers what it saw. */
const looksBeforeItMoves = over((inner) => ({
  move: (options) =>
    Effect.gen(function* () {
      const there = new Set((yield* inner.effects({ states: options.from })).map(({ effect }) => effect.key))
      yield* Effect.yieldNow
      yield* inner.move(options)
      return new Set(options.keys.filter((key) => there.has(key)))
    }),
}))

const countsOneAttempt = showing((rows) => rows.map((row) => ({ ...row, attempts: Math.min(row.attempts, 1) })))

const wipesNotes = over((inner) => ({
  move: (options) =>
    inner.move({ ...options, notes: new Map(options.keys.map((key) => [key, options.notes?.get(key) ?? ""])) }),
}))

const recordsWhatWasAsked = over((inner) => ({
  move: ({ facts, ...options }) =>
    inner.move(facts === undefined ? options : { ...options, facts: () => facts(new Set(options.keys)) }),
}))

/** Moves in one transaction and records in another. */
const recordsAfterwards = over((inner, log) => ({
  move: ({ facts, ...options }) =>
    Effect.tap(inner.move(options), (moved) =>
      facts === undefined ? Effect.void : Effect.orDie(log.append(facts(moved))),
    ),
}))

const breaking = (layer: Layer.Layer<Stores>, breaks: string): Broken.Store<Stores> => ({ breaks, layer })

export const stores: ReadonlyArray<Broken.Store<Stores>> = [
  breaking(forgetsTheRecipient, "a planned effect comes back exactly as it was planned"),
  breaking(seesOneState, "effects of every state that is asked for are given, and of no other"),
  breaking(sortsAsJavaScript, "effects come in the byte order of their keys"),
  breaking(ignoresTheLimit, "no more effects than the limit are given"),
  breaking(keepsTheFirstPlan, "planning again replaces what has not begun"),
  breaking(beginsAgain, "planning again leaves what has begun as it is"),
  breaking(undoesWhatHasBegun, "a commit that undoes what has begun is refused whole"),
  breaking(forgetsToUndo, "undo takes back what is planned"),
  breaking(losesWhatIsUndone, "every effect that was created is in exactly one state"),
  breaking(answersUnknownKeys, "move answers the keys that were where it looked, and the others stay as they are"),
  breaking(looksBeforeItMoves, "of two that move one effect at the same time exactly one is told so"),
  breaking(countsOneAttempt, "each move to sending counts an attempt"),
  breaking(wipesNotes, "a note stays until the next one"),
  breaking(recordsWhatWasAsked, "move stores facts for the keys that it moved and for no other"),
  breaking(recordsAfterwards, "when its facts cannot be stored nothing moves"),
]
