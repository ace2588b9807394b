/**
 * `advocacy backup`: everything that the database holds, of all tenants, in one file.
 *
 * The file can be restored into an embedded database or a server, whichever it came from. Keys and `advocacy.json` are not
 * in it.
 */
import { Backup } from "@advocacy-kit/sql"
import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { statSync } from "node:fs"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"

const file = Argument.String("file").pipe(Argument.withDescription("A new file; one that exists is never overwritten"))

/** The rows of each table, for people. */
export const rowsTable = (terminal: Terminal.Terminal, rows: Readonly<Record<string, number>>): string =>
  Terminal.table(
    terminal,
    [{ title: "table" }, { title: "rows", align: "right" }],
    Object.entries(rows).map(([name, count]) => [name, Terminal.count(count)]),
  )

const text = (terminal: Terminal.Terminal, taken: Backup.BackedUp & { readonly bytes: number }): string =>
  [
    Terminal.heading(terminal, `Backup in ${taken.file}`),
    rowsTable(terminal, taken.rows),
    `  ${Terminal.count(taken.bytes)} bytes, tables at version ${taken.schema}, tenants: ${taken.tenants.join(", ") || "none yet"}`,
    `  SHA-256 of its lines ${taken.sha256}`,
    "  the vault key and advocacy.json are not in it: keep them too, in another place",
  ].join("\n")

export const command = Command.make(
  "backup",
  { file, store: Session.store, json: Output.json },
  ({ json, ...options }) =>
    Effect.gen(function* () {
      const taken = yield* Backup.take(options.file)
      const bytes = statSync(options.file).size
      yield* Output.print(json, { ...taken, bytes }, (terminal) => text(terminal, { ...taken, bytes }))
    }).pipe(Effect.provide(Session.layerBare(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Write everything that the database holds to one file, personal values sealed"),
  Command.withExamples([
    { command: "advocacy backup demo.backup", description: "The demo's store" },
    {
      command: "advocacy backup /backup/advocacy-2026-10-01.backup --store /srv/advocacy",
      description: "An installation, while it runs on a server",
    },
  ]),
)
