/**
 * `advocacy import KIND FILE`: the exports of other products as facts, one command for each kind.
 */
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { inForceAt } from "@advocacy-kit/core/flow/Publishing"
import { toIso } from "@advocacy-kit/core/id/Instant"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { FileImport, FileText, type Format, Formats } from "@advocacy-kit/files"
import { Effect, Stream } from "effect"
import { Argument, Command } from "effect/cli"
import * as Failure from "../../Failure.ts"
import * as FileLens from "../../FileLens.ts"
import * as Output from "../../Output.ts"
import * as Session from "../../Session.ts"
import * as Terminal from "../../Terminal.ts"

const path = Argument.String("file").pipe(Argument.withDescription("The file, as the product exported it"))

const number = { align: "right" } as const
const parkedShown = 10

type Example = FileImport.Imported["examples"][number]

/** The value is for whoever looks now; what is stored says the place alone. A place that is a line is in the reason already. */
const exampleText = (name: string, { place, reason, ...cell }: Example): string => {
  const value = "value" in cell && typeof cell.value === "string" ? `: ${cell.value}` : ""
  return `  ${place.startsWith(`${name} line`) ? "" : `${place}, `}${reason}${value}`
}

const parkedText = (
  terminal: Terminal.Terminal,
  name: string,
  { examples, parked, parkedRows }: FileImport.Imported,
) => {
  if (parked === 0) return []
  const shown = examples.slice(0, parkedShown)
  return [
    Terminal.heading(terminal, `Parked: ${Terminal.count(parked)}, of ${Terminal.count(parkedRows)} rows`),
    ...shown.map((one) => exampleText(name, one)),
    ...(parked > shown.length
      ? [`  and ${Terminal.count(parked - shown.length)} more; --json lists ${FileImport.examplesShown}`]
      : []),
  ]
}

const text = (terminal: Terminal.Terminal, name: string, imported: FileImport.Imported): string => {
  const { duplicates, facts, mended, parked, records, recorded, resumedAfter, rows } = imported
  return [
    Terminal.heading(terminal, name),
    Terminal.table(
      terminal,
      ["rows", "records", "facts", "new", "known", "parked"].map((title) => ({ title, ...number })),
      [[rows, records, facts, recorded, duplicates, parked].map(Terminal.count)],
    ),
    ...(resumedAfter > 0
      ? [`  ${Terminal.count(resumedAfter)} rows before these were stored by an earlier run that was interrupted`]
      : []),
    ...(mended > 0 ? [`  ${Terminal.count(mended)} that were parked before could be read this time`] : []),
    ...parkedText(terminal, name, imported),
  ].join("\n")
}

/** The version of the installation's program that is in force; null before the first. */
const termsInForce = Effect.gen(function* () {
  const { asOf, program } = yield* Session.Session
  const published = (yield* FactLog).newest({ asOf, tags: ["ProgramPublished"] })
  return inForceAt(yield* Stream.runCollect(published), program, asOf)?.program ?? null
})

const commandOf = (format: Format.Format) =>
  Command.make(
    format.name,
    { path, store: Session.store, ...FileLens.flags, json: Output.json },
    ({ column, json, path: file, store, ...given }) =>
      Effect.gen(function* () {
        const looked = yield* FileText.look(file)
        const { program } = yield* Session.Session
        const terms = yield* termsInForce
        const lens = FileLens.make(given, looked, { program, tenant: yield* CurrentTenant, terms })
        const imported = yield* FileImport.run({ file: looked, format, lens, mapping: column })
        const result = {
          file: looked.name,
          asOf: toIso(lens.asOf),
          encoding: looked.encoding,
          ...imported,
          cannotKnow: format.cannotKnow,
        }
        yield* Output.print(json, result, (terminal) => text(terminal, looked.name, imported))
        if (imported.parked > 0)
          return yield* Failure.check(
            `${Terminal.count(imported.parked)} records of ${looked.name} are parked; all others are stored`,
            "correct their rows and import the file again; what is known is not stored twice",
          )
      }).pipe(Effect.provide(Session.layer({ store })), Effect.scoped, Failure.coded),
  ).pipe(
    Command.withDescription(
      `${format.what}. Fields: ${Object.entries(format.fields)
        .map(([name, { what }]) => `${name} (${what})`)
        .join(", ")}. No such file says ${format.cannotKnow.join("; ")}.`,
    ),
    Command.withShortDescription(format.what),
    Command.withExamples([
      { command: `advocacy import ${format.name} ${format.name}.csv`, description: "Import a file into the store" },
    ]),
  )

export const commands = Formats.formats.map(commandOf)
