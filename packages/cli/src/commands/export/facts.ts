/**
 * `advocacy export facts`: every fact as a line of JSON, for another installation or for whoever reads JSON.
 */
import * as FactFile from "@advocacy-kit/core/fact/FactFile"
import { exportFacts } from "@advocacy-kit/core/flow/ExportingFacts"
import { Progress } from "@advocacy-kit/core/flow/Progress"
import { toIso } from "@advocacy-kit/core/id/Instant"
import { Console, Effect, Option, Stream } from "effect"
import { Command, Flag } from "effect/cli"
import * as Failure from "../../Failure.ts"
import * as NewFile from "../../NewFile.ts"
import * as Output from "../../Output.ts"
import * as Session from "../../Session.ts"
import * as Terminal from "../../Terminal.ts"

const out = Flag.String("out").pipe(
  Flag.withDescription("Write to this new file instead of standard output; only its owner may read it"),
  Flag.optional,
)
const personalValues = Flag.Boolean("personal-values").pipe(
  Flag.withDescription("Write names and addresses too, as they are; needs --out"),
  Flag.withDefault(false),
)
const asOf = Flag.withDescription(
  Session.asOf,
  "Only what occurred by this time, such as 2026-10-01T12:00:00Z; the default is everything",
)

interface Written extends FactFile.Trailer {
  readonly file: string
  readonly bytes: number
  readonly asOf: string | null
}

const text = (terminal: Terminal.Terminal, written: Written): string =>
  [
    Terminal.heading(terminal, `Facts in ${written.file}`),
    Terminal.table(
      terminal,
      [{ title: "what" }, { title: "rows", align: "right" }],
      [
        ["facts, the newest version of each", Terminal.count(written.facts)],
        ["personal values", Terminal.count(written.personalValues)],
      ],
    ),
    `  ${Terminal.count(written.bytes)} bytes; SHA-256 of its lines ${written.sha256}`,
    "  `advocacy import facts` reads it where handles are hashed with the same key",
    ...(written.personalValues === 0
      ? []
      : ["  it holds names and addresses as they are: keep it where only you can read it, and delete it"]),
  ].join("\n")

/** Gives every piece of the file to `write`; answers its trailer. */
const writeAll = <E, R>(
  wanted: Parameters<typeof exportFacts>[0],
  write: (lines: ReadonlyArray<string>) => Effect.Effect<void, E, R>,
) =>
  Effect.gen(function* () {
    const watch = yield* Progress
    let lines = 0
    let last = ""
    yield* Stream.runForEach(exportFacts(wanted), (some) => {
      lines += some.length
      last = some.at(-1) ?? last
      watch({ stage: "writing facts", done: lines, unit: "lines" })
      return write(some)
    })
    const line = FactFile.read(last)
    return line.kind === "trailer"
      ? line.trailer
      : yield* Effect.die(new Error("a file of facts ends with its trailer"))
  })

export const command = Command.make(
  "facts",
  { out, personalValues, store: Session.store, asOf, json: Output.json },
  ({ json, out: told, personalValues: withValues, ...options }) =>
    Effect.gen(function* () {
      const wanted = { asOf: Option.getOrNull(options.asOf), personalValues: withValues }
      if (Option.isNone(told)) {
        if (withValues || json)
          return yield* Failure.usage(
            withValues ? "names and addresses are not written to standard output" : "standard output holds the facts",
            "name a new file with --out",
          )
        return yield* Effect.asVoid(writeAll(wanted, (lines) => Console.log(lines.join("\n"))))
      }
      const file = yield* NewFile.make(told.value)
      const trailer = yield* writeAll(wanted, (lines) => file.write(lines.map((line) => `${line}\n`).join("")))
      const bytes = yield* file.end
      const iso = wanted.asOf === null ? null : toIso(wanted.asOf)
      const written: Written = { file: told.value, bytes, asOf: iso, ...trailer }
      yield* Output.print(json, written, (terminal) => text(terminal, written))
    }).pipe(Effect.provide(Session.layer(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Every fact as a line of JSON, as `advocacy schema fact` describes it"),
  Command.withExamples([
    {
      command: "advocacy export facts --out facts.ndjson",
      description: "The demo's facts, without names and addresses",
    },
    {
      command: "advocacy export facts --store /srv/advocacy | jq -r 'select(._tag == \"OrderPlaced\").key'",
      description: "The facts on standard output, for another program",
    },
    {
      command: "advocacy export facts --personal-values --out all.ndjson --store /srv/advocacy",
      description: "With names and addresses, for another installation",
    },
  ]),
)
