/**
 * `advocacy state`: how much is stored, and with `--digest` one SHA-256 over all that follows from it.
 */
import { digestAt, type Digested } from "@advocacy-kit/core/flow/Digesting"
import { toIso } from "@advocacy-kit/core/id/Instant"
import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"

const digest = Flag.Boolean("digest").pipe(
  Flag.withDescription("Print the SHA-256 alone: facts, people, decisions and balances at that time"),
  Flag.withDefault(false),
)

const counts = (terminal: Terminal.Terminal, state: Digested): string =>
  [
    Terminal.heading(terminal, `State as of ${toIso(state.asOf)}`),
    Terminal.table(
      terminal,
      [{ title: "what" }, { title: "count", align: "right" }],
      [
        ["facts", Terminal.count(state.facts)],
        ["people", Terminal.count(state.people)],
        ["decisions", Terminal.count(state.decisions)],
        ["balances", Terminal.count(state.balances)],
      ],
    ),
    `  decisions and balances are read from the ${state.source}`,
    ...(state.behind === null || state.behind === 0
      ? []
      : [`  the ledger lacks ${Terminal.count(state.behind)} revisions: run \`advocacy credit\``]),
  ].join("\n")

export const command = Command.make(
  "state",
  { store: Session.store, asOf: Session.asOf, digest, json: Output.json },
  ({ digest: only, json, ...options }) =>
    Effect.gen(function* () {
      const { asOf } = yield* Session.Session
      const state = yield* digestAt(asOf)
      if (only && state.behind !== null && state.behind > 0) {
        yield* Output.note(`the ledger lacks ${state.behind} revisions that the facts ask for: run \`advocacy credit\``)
      }
      yield* Output.print(json, { ...state, asOf: toIso(state.asOf) }, (terminal) =>
        only ? state.digest : counts(terminal, state),
      )
    }).pipe(Effect.provide(Session.layer(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("How much is stored, and one SHA-256 by which two installations can be compared"),
  Command.withExamples([
    { command: "advocacy state --digest", description: "The digest of the installation's present" },
    {
      command: "advocacy state --digest --as-of 2026-10-01T00:00:00Z",
      description: "The digest of what the facts said then",
    },
  ]),
)
