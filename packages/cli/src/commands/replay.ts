/**
 * `advocacy replay`: rebuilds state from facts alone and compares it with the ledger in use.
 */
import { replay, type Replay } from "@advocacy-kit/core/flow/Replaying"
import { toIso } from "@advocacy-kit/core/id/Instant"
import { Effect } from "effect"
import { Command } from "effect/cli"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"

const shown = 20

const text = (terminal: Terminal.Terminal, report: Replay): string =>
  [
    Terminal.heading(terminal, `Replay as of ${toIso(report.asOf)}`),
    `  ${Terminal.count(report.facts)} facts, ${report.programs.length} ${report.programs.length === 1 ? "program" : "programs"}, ${Terminal.count(report.decisions)} decisions`,
    `  ledger ${report.digest.ledger}`,
    `  replay ${report.digest.replay}`,
    report.isEqual
      ? `  ${terminal.style("green", "equal")}`
      : `  ${terminal.style("red", `${Terminal.count(report.differences.length)} lines differ`)}`,
    ...report.differences.slice(0, shown).map(({ line, only }) => `  ${only === "ledger" ? "-" : "+"} ${line}`),
    ...(report.differences.length > shown ? ["  …"] : []),
  ].join("\n")

export const command = Command.make(
  "replay",
  { store: Session.store, asOf: Session.asOf, json: Output.json },
  ({ json, ...options }) =>
    Effect.gen(function* () {
      const { asOf } = yield* Session.Session
      const report = yield* replay(asOf)
      yield* Output.print(json, { ...report, asOf: toIso(report.asOf) }, (terminal) => text(terminal, report))
      if (!report.isEqual) {
        return yield* Failure.check(
          "the ledger is not what the facts give",
          report.stands
            ? "if the ledger is behind, run `advocacy credit --no-fulfil`; else `advocacy verify` says which promise is broken"
            : "the ledger was not credited at that time: run `advocacy credit --no-fulfil`, or ask for the time of the last crediting",
        )
      }
    }).pipe(Effect.provide(Session.layer(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription(
    "Rebuild state from facts alone and compare it with the ledger; exit code 1 when they differ",
  ),
  Command.withExamples([
    { command: "advocacy replay", description: "Whether the demo's ledger follows from its facts" },
    { command: "advocacy replay --store /srv/advocacy --json", description: "The same for a monitor" },
  ]),
)
