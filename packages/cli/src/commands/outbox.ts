/**
 * `advocacy outbox`: what is to be done on the platforms, by state and with reasons; and a human's word about one of them.
 *
 * It sends nothing: the next `advocacy credit` does.
 */
import {
  absent,
  cancel as cancelEffect,
  confirm,
  retry,
  retryDeadLetters,
  type Intervention,
} from "@advocacy-kit/core/flow/Intervening"
import { toIso } from "@advocacy-kit/core/id/Instant"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import {
  type EffectRow,
  isCancelled,
  isDeadLetter,
  isTakenBack,
  platformOf,
  State,
} from "@advocacy-kit/core/ledger/OutboundEffect"
import { Effect, Option } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"

const action = Argument.Literals("action", ["list", "retry", "confirm", "cancel"]).pipe(
  Argument.withDescription("list (the default), retry, confirm or cancel"),
  Argument.withDefault("list" as const),
)
const key = Argument.String("key").pipe(
  Argument.withDescription("The effect's key, in quotes, for retry, confirm and cancel"),
  Argument.optional,
)
const state = Flag.Literals("state", State.literals).pipe(
  Flag.withDescription("List the effects of this state; by default those that need a look"),
  Flag.optional,
)
const deadLetters = Flag.Boolean("dead-letters").pipe(
  Flag.withDescription("With retry: every dead letter"),
  Flag.withDefault(false),
)
const notThere = Flag.Boolean("not-there").pipe(
  Flag.withDescription("With retry: you looked, and the platform does not have it: it is sent again"),
  Flag.withDefault(false),
)
const reference = Flag.String("reference").pipe(
  Flag.withDescription("With confirm: what the platform has it under, such as the id of a transaction"),
  Flag.optional,
)
const reason = Flag.String("reason").pipe(Flag.withDescription("With cancel: why"), Flag.optional)

/** What a row comes to, for a person. */
const standingOf = (row: EffectRow): string =>
  isDeadLetter(row)
    ? "dead letter"
    : isCancelled(row)
      ? "cancelled"
      : isTakenBack(row)
        ? "taken back"
        : row.state === "confirmed" && row.goneAt !== null
          ? "gone"
          : row.state

const entryOf = (row: EffectRow) => ({
  key: row.effect.key,
  platform: platformOf(row.effect),
  state: row.state,
  standing: standingOf(row),
  attempts: row.attempts,
  unanswered: row.unanswered,
  // A confirmed effect's note is the code itself, which is nobody's business here.
  reason: row.state === "confirmed" ? null : row.note,
  dueAt: row.dueAt === null || row.dueAt === 0 ? null : toIso(row.dueAt),
  goneAt: row.goneAt === null ? null : toIso(row.goneAt),
})

type Entry = ReturnType<typeof entryOf>

const needsALook = (row: EffectRow): boolean =>
  row.state === "sending" ||
  row.state === "unknown" ||
  row.state === "failed" ||
  isCancelled(row) ||
  row.goneAt !== null

const listed = (wanted: State | null) =>
  Effect.gen(function* () {
    const ledger = yield* Ledger
    const rows = yield* ledger.effects({ states: State.literals })
    const byState = Map.groupBy(rows, (row) => row.state)
    return {
      created: rows.length,
      states: Object.fromEntries(State.literals.map((name) => [name, byState.get(name)?.length ?? 0])),
      deadLetters: rows.filter(isDeadLetter).length,
      gone: rows.filter(({ goneAt }) => goneAt !== null).length,
      effects: rows.filter((row) => (wanted === null ? needsALook(row) : row.state === wanted)).map(entryOf),
    }
  })

type Listed = Effect.Success<ReturnType<typeof listed>>

const shown = 50

/** The key alone fills a line; the reason must never be cut. */
const linesOf = (terminal: Terminal.Terminal, entry: Entry): ReadonlyArray<string> => [
  `  ${terminal.style(entry.standing === "dead letter" || entry.standing === "gone" ? "red" : "yellow", entry.standing)}  ${entry.key}`,
  `      ${[
    entry.platform,
    `${Terminal.count(entry.attempts)} attempts`,
    ...(entry.dueAt === null ? [] : [`due ${entry.dueAt}`]),
    ...(entry.goneAt === null ? [] : [`gone since ${entry.goneAt}`]),
    ...(entry.reason === null ? [] : [entry.reason]),
  ].join(", ")}`,
]

const listText = (terminal: Terminal.Terminal, list: Listed): string =>
  [
    Terminal.heading(terminal, "Outbox"),
    Terminal.table(
      terminal,
      [{ title: "state" }, { title: "count", align: "right" }],
      State.literals.map((name) => [name, Terminal.count(list.states[name] ?? 0)]),
    ),
    `  ${Terminal.count(list.created)} created, ${Terminal.count(list.deadLetters)} of them dead letters, ${Terminal.count(list.gone)} gone from their platform`,
    ...(list.effects.length === 0
      ? []
      : [
          "",
          ...list.effects.slice(0, shown).flatMap((entry) => linesOf(terminal, entry)),
          ...(list.effects.length > shown ? [`  and ${list.effects.length - shown} more: use --json`] : []),
        ]),
  ].join("\n")

const told = (terminal: Terminal.Terminal, doing: string, interventions: ReadonlyArray<Intervention>): string =>
  interventions.length === 0
    ? "  there are no dead letters"
    : interventions
        .map(({ key: of, refused }) =>
          refused === null
            ? `  ${terminal.style("green", doing)} ${of}`
            : `  ${terminal.style("red", "not done")} ${of}: ${refused}`,
        )
        .join("\n")

interface Asked {
  readonly action: "retry" | "confirm" | "cancel"
  readonly key: string | null
  readonly deadLetters: boolean
  readonly notThere: boolean
  readonly reason: string | null
  readonly reference: string | null
}

const carryOut = (asked: Asked, named: string) => {
  switch (asked.action) {
    case "retry":
      return asked.notThere ? absent(named) : retry(named)
    case "confirm":
      return confirm(named, asked.reference ?? "")
    case "cancel":
      return cancelEffect(named, asked.reason ?? "")
  }
}

const intervene = (asked: Asked) =>
  Effect.gen(function* () {
    if (asked.action === "retry" && asked.deadLetters) return yield* retryDeadLetters
    if (asked.key === null)
      return yield* Failure.usage(
        `name the effect to ${asked.action}`,
        "`advocacy outbox` lists the keys; put them in quotes",
      )
    if (asked.action === "cancel" && asked.reason === null)
      return yield* Failure.usage("say why it is cancelled", "add --reason TEXT")
    if (asked.action === "confirm" && asked.reference === null)
      return yield* Failure.usage("say what the platform has it under", "add --reference TEXT")
    const done = yield* carryOut(asked, asked.key)
    if (done.length === 0)
      return yield* Failure.usage(`there is no effect ${asked.key}`, "`advocacy outbox` lists the keys")
    return done
  })

const doneWords = { retry: "to be tried again", confirm: "confirmed", cancel: "cancelled" } as const

export const command = Command.make(
  "outbox",
  { action, key, state, deadLetters, notThere, reference, reason, store: Session.store, json: Output.json },
  ({
    action: doing,
    deadLetters: all,
    json,
    key: named,
    notThere: isAbsent,
    reason: why,
    reference: found,
    state: wanted,
    store,
  }) =>
    Effect.gen(function* () {
      if (doing === "list") {
        const list = yield* listed(Option.getOrNull(wanted))
        return yield* Output.print(json, list, (terminal) => listText(terminal, list))
      }
      const effects = yield* intervene({
        action: doing,
        key: Option.getOrNull(named),
        deadLetters: all,
        notThere: isAbsent,
        reason: Option.getOrNull(why),
        reference: Option.getOrNull(found),
      })
      yield* Output.print(json, { action: doing, effects }, (terminal) => told(terminal, doneWords[doing], effects))
      const refused = effects.filter((one) => one.refused !== null)
      if (refused.length > 0)
        return yield* Failure.usage(
          refused.map((one) => `${one.key}: ${one.refused}`).join("\n"),
          "`advocacy outbox` shows how it stands",
        )
    }).pipe(Effect.provide(Session.layer({ store })), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription(
    "What is to be done on the platforms: by state, with reasons and dead letters; retry one, confirm one that you saw there, or cancel one that was not sent",
  ),
  Command.withExamples([
    { command: "advocacy outbox", description: "Counts by state, and every effect that needs a look" },
    {
      command: "advocacy outbox retry --dead-letters",
      description: "Try every dead letter again with the next credit",
    },
    {
      command: "advocacy outbox cancel 'reward|refer-a-friend|referral|shopify:order/7|advocate||1' --reason 'fraud'",
      description: "Take back a reward that was not sent yet",
    },
  ]),
)
