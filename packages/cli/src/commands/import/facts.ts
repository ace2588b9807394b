/**
 * `advocacy import facts FILE`: what `advocacy export facts` wrote, into an installation with the same handle key.
 *
 * It posts nothing: `advocacy credit` does. What cannot be read is parked, and the rest is stored all the same.
 */
import { longestLine } from "@advocacy-kit/core/fact/FactFile"
import { importFacts, type ImportedFacts } from "@advocacy-kit/core/flow/ImportingFacts"
import { Progress } from "@advocacy-kit/core/flow/Progress"
import { toIso } from "@advocacy-kit/core/id/Instant"
import { Clock, Effect } from "effect"
import { Argument, Command } from "effect/cli"
import * as Failure from "../../Failure.ts"
import * as FileLines from "../../FileLines.ts"
import * as Output from "../../Output.ts"
import * as Session from "../../Session.ts"
import * as Terminal from "../../Terminal.ts"

const file = Argument.String("file").pipe(
  Argument.withDescription("A file that `advocacy export facts` wrote, or - for standard input"),
)

const rows = (imported: ImportedFacts): ReadonlyArray<readonly [string, number]> => [
  ["stored by a run that was interrupted", imported.earlier],
  ["new facts", imported.recorded],
  ["known facts", imported.duplicates],
  ["personal values", imported.personalValues],
  ["parked", imported.parked],
]

/** What a file of facts cannot bring along. */
const notes = ({ commitments, erasures, recorded }: ImportedFacts): ReadonlyArray<string> => [
  ...(erasures === 0 || recorded === 0
    ? []
    : [
        `  people erased where this comes from: ${Terminal.count(erasures)}. What platforms tell of them here is not recognised: erase them here too`,
      ]),
  ...(commitments === 0 || recorded === 0
    ? []
    : [
        `  rewards handed over where this comes from: ${Terminal.count(commitments)}. They are not handed over again; \`verify\` misses them in the outbox (promise 2)`,
      ]),
]

const text = (terminal: Terminal.Terminal, name: string, imported: ImportedFacts): string =>
  [
    Terminal.heading(terminal, `Facts of ${name}`),
    Terminal.table(
      terminal,
      [{ title: "what" }, { title: "rows", align: "right" }],
      [
        ...rows(imported).flatMap(([what, count]) => (count === 0 ? [] : [[what, Terminal.count(count)]])),
        ["in the file", Terminal.count(imported.rows)],
      ],
    ),
    ...(imported.unreadable.length === 0
      ? []
      : [
          Terminal.heading(terminal, "Parked"),
          ...imported.unreadable.map(
            ({ line, path, reason, value }) =>
              `  line ${Terminal.count(line)}${path === "" ? "" : `, ${path}`}${value === "" ? "" : ` (${value})`}: ${reason}`,
          ),
          ...(imported.parked > imported.unreadable.length
            ? [`  and ${Terminal.count(imported.parked - imported.unreadable.length)} more: \`advocacy report --json\``]
            : []),
        ]),
    ...imported.faults.map((fault) => terminal.style("red", `  ${fault}`)),
    ...notes(imported),
    ...(imported.recorded === 0 ? [] : ["  next: `advocacy credit`"]),
  ].join("\n")

/** What is not as it should be, though everything readable is stored. */
const complaint = (name: string, { faults, parked }: ImportedFacts): Failure.Failure | undefined => {
  if (faults.length > 0)
    return Failure.check(
      `${name} is not as it was exported: ${faults.join("; ")}. What could be read is stored`,
      "export it again and import that file: what is here already is known then",
    )
  return parked === 0
    ? undefined
    : Failure.check(
        `${Terminal.count(parked)} rows of ${name} could not be read and are parked`,
        "import it with the version that wrote it, or a newer one; what is here already is known then",
      )
}

const imported = (path: string) =>
  Effect.gen(function* () {
    const isFile = path !== FileLines.standardInput
    const known = isFile ? yield* FileLines.identify(path) : null
    const name = known?.sha256.slice(0, 16) ?? `standard input ${toIso(yield* Clock.currentTimeMillis)}`
    const watch = yield* Progress
    let bytes = 0
    const lines = FileLines.of(path, { longest: longestLine, onBytes: (count) => (bytes += count) })
    const job = known === null ? null : `import facts ${known.sha256}`
    return yield* importFacts({ lines, name, job }).pipe(
      Effect.provideService(Progress, (step) =>
        // How many there will be follows from the bytes that they took so far.
        watch(known === null ? step : { ...step, total: Math.round((step.done * known.bytes) / Math.max(bytes, 1)) }),
      ),
    )
  })

export const command = Command.make(
  "facts",
  { file, store: Session.store, json: Output.json },
  ({ file: path, json, store }) =>
    Effect.gen(function* () {
      const name = path === FileLines.standardInput ? "standard input" : path
      const result = yield* imported(path)
      yield* Output.print(json, { file: name, ...result }, (terminal) => text(terminal, name, result))
      const wrong = complaint(name, result)
      if (wrong !== undefined) return yield* wrong
    }).pipe(Effect.provide(Session.layer({ store })), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Store what `advocacy export facts` wrote; again after an interruption goes on where it was"),
  Command.withExamples([
    {
      command: "advocacy import facts facts.ndjson --store /srv/advocacy",
      description: "Into an installation with the same handleKey",
    },
    {
      command: "zcat facts.ndjson.gz | advocacy import facts - --store /srv/advocacy",
      description: "From standard input; an interruption begins anew, and finds what is there known",
    },
  ]),
)
