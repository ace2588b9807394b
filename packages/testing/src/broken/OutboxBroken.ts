/**
 * Outboxes that each break one law and no other: the proof that the laws can fail.
 *
 * Each is the memory ledger with one plausible fault laid over it. Those that take effects wrongly are in
 * `OutboxLeaseBroken.ts`. They are for tests of laws, never for use.
 */
import type { FactLog } from "@advocacy-kit/core/fact/FactLog"
import type { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import type { EffectKey, EffectRow, State } from "@advocacy-kit/core/ledger/OutboundEffect"
import { Effect, type Layer } from "effect"
import type * as Broken from "../Broken.ts"
import { over } from "./LedgerBroken.ts"
import * as OutboxLeaseBroken from "./OutboxLeaseBroken.ts"

type Stores = Ledger | FactLog
type Book = Ledger["Service"]

const begun: ReadonlyArray<State> = ["sending", "confirmed", "unknown", "failed"]
const every: ReadonlyArray<State> = ["planned", "undone", ...begun]

/** Changes rows on their way out. */
const showing = (change: (rows: ReadonlyArray<EffectRow>) => ReadonlyArray<EffectRow>): Layer.Layer<Stores> =>
  over((inner) => ({ effects: (options) => Effect.map(inner.effects(options), change) }))

/** Puts effects that have begun into another state, whatever their attempt. */
const force = (inner: Book, keys: ReadonlyArray<EffectKey>, to: "planned" | "undone") =>
  Effect.flatMap(inner.effects({ states: begun }), (rows) =>
    inner.move({
      changes: rows
        .filter(({ effect }) => keys.includes(effect.key))
        .map(({ attempts, effect }) => ({
          key: effect.key,
          attempt: attempts,
          to,
          dueAt: to === "planned" ? 0 : null,
        })),
      from: begun,
    }),
  )

const forgetsTheRecipient = showing((rows) =>
  rows.map((row) =>
    row.effect._tag === "IssueReward" ? { ...row, effect: { ...row.effect, recipient: row.effect.beneficiary } } : row,
  ),
)

const seesOneState = over((inner) => ({
  // The sending ones are lost where planned ones were asked for too.
  effects: (options) =>
    inner.effects(
      options.states.length === 2 && options.states.includes("sending")
        ? { ...options, states: options.states.slice(0, 1) }
        : options,
    ),
}))

const sortsAsJavaScript = showing((rows) =>
  [...rows].sort((left, right) => (left.effect.key < right.effect.key ? -1 : 1)),
)

const ignoresTheLimit = over((inner) => ({ effects: ({ limit: _limit, ...options }) => inner.effects(options) }))

const beginsAtTheStart = over((inner) => ({ effects: ({ after: _after, ...options }) => inner.effects(options) }))

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
      force(
        inner,
        commit.effects.map(({ key }) => key),
        "planned",
      ),
      inner.commit(commit),
    ),
}))

const undoesWhatHasBegun = over((inner) => ({
  commit: (commit) => Effect.andThen(force(inner, commit.undo, "undone"), inner.commit(commit)),
}))

/** Undoes all but the first that it was asked to undo. */
const forgetsToUndo = over((inner) => ({
  commit: (commit) => inner.commit({ ...commit, undo: commit.undo.slice(1) }),
}))

const losesWhatIsUndone = showing((rows) => rows.filter(({ state }) => state !== "undone"))

const answersUnknownKeys = over((inner) => ({
  move: (options) =>
    Effect.gen(function* () {
      const known = new Set((yield* inner.effects({ states: every })).map(({ effect }) => effect.key))
      const moved = yield* inner.move(options)
      return new Set([...moved, ...options.changes.flatMap(({ key }) => (known.has(key) ? [] : [key]))])
    }),
}))

/** Looks where the effects are, lets others in, and answers what it saw. */
const looksBeforeItMoves = over((inner) => ({
  move: (options) =>
    Effect.gen(function* () {
      const there = new Set(
        (yield* inner.effects({ states: options.from })).map(({ attempts, effect }) => `${attempts} ${effect.key}`),
      )
      yield* Effect.yieldNow
      yield* inner.move(options)
      return new Set(options.changes.flatMap(({ attempt, key }) => (there.has(`${attempt} ${key}`) ? [key] : [])))
    }),
}))

const wipesNotes = over((inner) => ({
  move: (options) =>
    inner.move({ ...options, changes: options.changes.map((change) => ({ ...change, note: change.note ?? null })) }),
}))

const recordsWhatWasAsked = over((inner) => ({
  move: ({ facts, ...options }) =>
    inner.move(
      facts === undefined
        ? options
        : { ...options, facts: () => facts(new Set(options.changes.map(({ key }) => key))) },
    ),
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
  breaking(beginsAtTheStart, "effects go on behind the key that is named"),
  breaking(keepsTheFirstPlan, "planning again replaces what has not begun"),
  breaking(beginsAgain, "planning again leaves what has begun as it is"),
  breaking(undoesWhatHasBegun, "a commit that undoes what has begun is refused whole"),
  breaking(forgetsToUndo, "undo takes back what is planned"),
  breaking(losesWhatIsUndone, "every effect that was created is in exactly one state"),
  breaking(answersUnknownKeys, "move answers the keys that were where it looked, and the others stay as they are"),
  breaking(looksBeforeItMoves, "of two that move one effect at the same time exactly one is told so"),
  breaking(wipesNotes, "a move changes what it names, and everything else stays"),
  breaking(recordsWhatWasAsked, "move stores facts for the keys that it moved and for no other"),
  breaking(recordsAfterwards, "when its facts cannot be stored nothing moves"),
  ...OutboxLeaseBroken.stores,
]
