/**
 * `advocacy restore`: what a backup holds, into a database that holds nothing yet.
 */
import { Restore } from "@advocacy-kit/sql"
import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"
import { rowsTable } from "./backup.ts"

const file = Argument.String("file").pipe(Argument.withDescription("A file that `advocacy backup` made"))

const text = (terminal: Terminal.Terminal, restored: Restore.Restored): string =>
  [
    Terminal.heading(terminal, `Restored from ${restored.file}`),
    rowsTable(terminal, restored.rows),
    `  taken at version ${restored.schema} of the tables${restored.migrated.length === 0 ? "" : `, brought up to date by ${restored.migrated.join(", ")}`}`,
    `  tenants: ${restored.tenants.join(", ") || "none"}`,
    "  run `advocacy verify` to hold it to the promises",
  ].join("\n")

export const command = Command.make(
  "restore",
  { file, store: Session.store, json: Output.json },
  ({ json, ...options }) =>
    Effect.gen(function* () {
      const { installation } = yield* Session.Session
      const restored = yield* Restore.from(options.file)
      const { tenant } = installation.settings
      if (restored.tenants.length > 0 && !restored.tenants.includes(tenant)) {
        yield* Output.note(
          `the backup holds nothing of the tenant ${tenant} that ${installation.directory} names, only of ${restored.tenants.join(", ")}: put the advocacy.json of the installation that it was taken from there`,
        )
      }
      yield* Output.print(json, restored, (terminal) => text(terminal, restored))
    }).pipe(Effect.provide(Session.layerBare(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Store what a backup holds in an empty database, all of it or nothing"),
  Command.withExamples([
    {
      command: "advocacy restore /backup/advocacy-2026-10-01.backup --store /srv/advocacy",
      description: "Into the server of DATABASE_URL, or the embedded database of the directory",
    },
  ]),
)
