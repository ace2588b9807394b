/**
 * What a human may do about an effect in the outbox: have it tried again, take it back before it is sent, or say what they saw on
 * the platform where no look-up can tell.
 *
 * Promises: a decision says why it cannot be; nothing that may exist on the platform is taken back; what is tried again is
 * looked up first, under the same key. A decision that another worker overtook changes nothing and says so. What a human says is
 * taken as true: whoever says that a reward is not there, and is wrong, has it given twice.
 */
import { Clock, Effect } from "effect"
import { toIso, type Instant } from "../id/Instant.ts"
import { Ledger, type LedgerError } from "../ledger/Ledger.ts"
import type { Change } from "../ledger/Outbox.ts"
import { isCancelled, isDeadLetter, State, type EffectKey, type EffectRow } from "../ledger/OutboundEffect.ts"
import * as TakingBack from "../reward/TakingBack.ts"
import type { CurrentTenant } from "../tenant/Tenant.ts"
import { takenBackIn } from "./Delivering.ts"

/** What is to change, or why nothing can. */
export type Decision = { readonly change: Change } | { readonly refused: string }

const head = ({ attempts, effect }: EffectRow) => ({ key: effect.key, attempt: attempts })

/** Whether and how an effect can be tried again at `at`. */
export const retryOf = (row: EffectRow, at: Instant): Decision => {
  const again: Change = { ...head(row), to: "unknown", dueAt: at, unanswered: 0 }
  switch (row.state) {
    case "unknown":
      return { change: again }
    case "sending":
      return { refused: `it is being sent; its worker has until ${toIso(row.dueAt ?? at)}` }
    case "planned":
      return { refused: "it was not sent yet: the next hand-over sends it" }
    case "confirmed":
      return row.goneAt === null
        ? { refused: "it is confirmed: the platform has it" }
        : { change: { ...again, goneAt: null } }
    case "failed":
      return row.effect._tag !== "IssueReward"
        ? { change: again }
        : { refused: `the platform refused it for good (${row.note ?? "no reason"}); its amount is available again` }
    case "undone":
      return isCancelled(row)
        ? { change: { ...head(row), to: "planned", dueAt: 0, note: null } }
        : { refused: "what it was for went away: crediting plans another when it comes back" }
  }
}

/** Whether an effect can be taken back. Only what was never sent can. */
export const cancelOf = (row: EffectRow, reason: string): Decision =>
  row.state === "planned"
    ? { change: { ...head(row), to: "undone", dueAt: null, note: `cancelled: ${reason}` } }
    : {
        refused: `it is ${row.state}: only what is planned can be cancelled, for anything else may exist on the platform`,
      }

/** Whether a human may say that it is on the platform, under this reference. */
export const confirmOf = (row: EffectRow, reference: string): Decision =>
  row.state === "unknown"
    ? { change: { ...head(row), to: "confirmed", dueAt: null, note: reference, unanswered: 0 } }
    : { refused: `it is ${row.state}: only what is in doubt can be confirmed` }

/** Whether a human may say that it is not on the platform, and have it sent once more. */
export const absentOf = (row: EffectRow): Decision =>
  row.effect._tag === "OpenShareCode"
    ? { refused: "only of a reward nobody else can tell: retry looks this up" }
    : isDeadLetter(row)
      ? { change: { ...head(row), to: "planned", dueAt: 0, note: null, unanswered: 0 } }
      : { refused: `it is ${row.state} and waits for nobody: only of a dead letter a human has to say it` }

export interface Intervention {
  readonly key: EffectKey
  /** null: done. */
  readonly refused: string | null
}

type Intervening = Effect.Effect<ReadonlyArray<Intervention>, LedgerError, Ledger | CurrentTenant>

const carryOut = (rows: ReadonlyArray<EffectRow>, decide: (row: EffectRow) => Decision): Intervening =>
  Effect.gen(function* () {
    const ledger = yield* Ledger
    const decided = rows.map((row) => ({ row, decision: decide(row) }))
    const changes = decided.flatMap(({ decision }) => ("change" in decision ? [decision.change] : []))
    const from = [...new Set(decided.flatMap(({ decision, row }) => ("change" in decision ? [row.state] : [])))]
    const takenBack = takenBackIn(rows, changes)
    const moved =
      changes.length === 0
        ? new Set()
        : yield* ledger.move({
            changes: [...changes, ...takenBack.map(TakingBack.undoing)],
            from: takenBack.length === 0 ? from : [...from, "confirmed"],
            facts: (recorded) => ({
              facts: takenBack.filter(({ key }) => recorded.has(key)).map(TakingBack.withdrawalOf),
              personal: [],
            }),
          })
    return decided.map(({ decision, row }) => ({
      key: row.effect.key,
      refused:
        "refused" in decision
          ? decision.refused
          : moved.has(row.effect.key)
            ? null
            : "another worker has just taken it: look again",
    }))
  })

/** The effect with this key, or none. */
const rowsOf = (key: string) =>
  Effect.gen(function* () {
    const ledger = yield* Ledger
    const rows = yield* ledger.effects({ states: State.literals })
    return rows.filter(({ effect }) => effect.key === key)
  })

/** Tries one effect again. Empty when there is no such effect. */
export const retry = Effect.fn("Intervening.retry")(function* (key: string) {
  const at = yield* Clock.currentTimeMillis
  return yield* carryOut(yield* rowsOf(key), (row) => retryOf(row, at))
})

/** Tries every dead letter again. */
export const retryDeadLetters: Intervening = Effect.gen(function* () {
  const ledger = yield* Ledger
  const at = yield* Clock.currentTimeMillis
  const letters = (yield* ledger.effects({ states: ["unknown"] })).filter(isDeadLetter)
  return yield* carryOut(letters, (row) => retryOf(row, at))
}).pipe(Effect.withSpan("Intervening.retryDeadLetters"))

const doubtful = (row: EffectRow, at: Instant): Change => ({
  ...head(row),
  to: "unknown",
  dueAt: at,
  note: "a human looked: it was not there",
})

/** A human saw one effect on the platform. Empty when there is no such effect. */
export const confirm = Effect.fn("Intervening.confirm")(function* (key: string, reference: string) {
  return yield* carryOut(yield* rowsOf(key), (row) => confirmOf(row, reference))
})

/**
 * A human saw that one effect is not on the platform: it is looked up once more, among what has come since, and sent. It stays in
 * doubt meanwhile, as its commitment stands. Empty when there is no such effect.
 */
export const absent = Effect.fn("Intervening.absent")(function* (key: string) {
  const ledger = yield* Ledger
  const absentAt = yield* Clock.currentTimeMillis
  const body = Effect.gen(function* () {
    const rows = yield* rowsOf(key)
    const done = yield* carryOut(rows, absentOf)
    const effects = rows.flatMap(({ effect }) =>
      effect._tag !== "OpenShareCode" && done.some((one) => one.refused === null) ? [{ ...effect, absentAt }] : [],
    )
    if (effects.length === 0) return done
    yield* ledger.commit({ revisions: [], effects, undo: [] })
    yield* ledger.move({ changes: rows.map((row) => doubtful(row, absentAt)), from: ["planned"] })
    return done
  })
  return yield* ledger.exclusively([`outbox ${key}`], body)
})

/** Takes one effect back that was not sent. Empty when there is no such effect. */
export const cancel = Effect.fn("Intervening.cancel")(function* (key: string, reason: string) {
  return yield* carryOut(yield* rowsOf(key), (row) => cancelOf(row, reason))
})
