/**
 * `advocacy verify`: hold the stored data to the project's promises, one by one.
 */
import type { PromiseCheck } from "@advocacy-kit/core/flow/PromiseCheck"
import { verify } from "@advocacy-kit/core/flow/Verifying"
import { toIso } from "@advocacy-kit/core/id/Instant"
import { Effect } from "effect"
import { Command } from "effect/cli"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"

const mark = (terminal: Terminal.Terminal, holds: boolean | null): string =>
  holds === null
    ? terminal.style("dim", "not seen here")
    : holds
      ? terminal.style("green", "holds")
      : terminal.style("red", "FAILS")

const text = (terminal: Terminal.Terminal, asOf: string, checks: ReadonlyArray<PromiseCheck>): string => {
  const lines = checks.flatMap(({ holds, name, parts, promise }) => [
    `  ${String(promise).padStart(2)}  ${mark(terminal, holds)}  ${terminal.style("bold", name)}`,
    ...parts.map(
      (part) => `        ${part.holds === null ? "-" : part.holds ? "+" : "x"} ${part.claim}: ${part.detail}`,
    ),
  ])
  const failing = checks.filter(({ holds }) => holds === false)
  const held = checks.filter(({ holds }) => holds === true)
  return [
    Terminal.heading(terminal, `Promises as of ${asOf}`),
    ...lines,
    "",
    `  ${held.length} hold, ${failing.length} fail, of ${checks.length}`,
  ].join("\n")
}

export const command = Command.make(
  "verify",
  { store: Session.store, asOf: Session.asOf, json: Output.json },
  ({ json, ...options }) =>
    Effect.gen(function* () {
      const { asOf } = yield* Session.Session
      const checks = yield* verify(asOf)
      const failing = checks.filter(({ holds }) => holds === false)
      yield* Output.print(json, { asOf: toIso(asOf), ok: failing.length === 0, promises: checks }, (terminal) =>
        text(terminal, toIso(asOf), checks),
      )
      if (failing.length > 0) {
        return yield* Failure.check(
          failing.map(({ detail, promise }) => `promise ${promise} does not hold: ${detail}`).join("\n"),
          "`advocacy explain` of the credit that is named shows its postings; if only the ledger is behind, run `advocacy credit`",
        )
      }
    }).pipe(Effect.provide(Session.layer(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Check the project's promises on your own data; exit code 1 when one does not hold"),
  Command.withExamples([
    { command: "advocacy verify", description: "Check the demo's store" },
    { command: "advocacy verify --store /srv/advocacy --json", description: "Check an installation, for a monitor" },
  ]),
)
