/**
 * `advocacy migrate`: bring the database's tables up to date, or say what is missing.
 *
 * Every other command does the same when it opens the database. This one is for whoever wants to see it, and to do it once,
 * before several processes of a new version start.
 */
import { Migrations } from "@advocacy-kit/sql"
import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import * as Failure from "../Failure.ts"
import * as Output from "../Output.ts"
import * as Session from "../Session.ts"
import * as Terminal from "../Terminal.ts"

const dryRun = Flag.Boolean("dry-run").pipe(
  Flag.withDescription("Say what is missing and change nothing"),
  Flag.withDefault(false),
)

interface Migrated {
  readonly version: number
  readonly newest: number
  readonly taken: ReadonlyArray<string>
  readonly missing: ReadonlyArray<string>
  readonly there: ReadonlyArray<string>
}

const text = (terminal: Terminal.Terminal, { missing, newest, taken, there, version }: Migrated): string =>
  [
    Terminal.heading(terminal, `Tables at version ${version} of ${newest}`),
    ...there.map((name) => `  ${terminal.style("dim", "there    ")} ${name}`),
    ...taken.map((name) => `  ${terminal.style("green", "taken    ")} ${name}`),
    ...missing.map((name) => `  ${terminal.style("yellow", "missing  ")} ${name}`),
    ...(version > newest
      ? ["  a newer version of this command wrote the database; use that one"]
      : missing.length > 0
        ? ["  run `advocacy migrate` to take what is missing"]
        : []),
  ].join("\n")

export const command = Command.make(
  "migrate",
  { store: Session.store, dryRun, json: Output.json },
  ({ dryRun: only, json, ...options }) =>
    Effect.gen(function* () {
      const before = yield* Migrations.status
      const taken = only ? [] : yield* Migrations.run
      const after = yield* Migrations.status
      const migrated: Migrated = {
        version: after.done.at(-1)?.id ?? 0,
        newest: Migrations.newest,
        taken: taken.map(Migrations.label),
        missing: after.missing.map(Migrations.label),
        there: before.done.map(Migrations.label),
      }
      yield* Output.print(json, migrated, (terminal) => text(terminal, migrated))
    }).pipe(Effect.provide(Session.layerBare(options)), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Bring the database's tables up to date, and say which steps that took"),
  Command.withExamples([
    { command: "advocacy migrate --dry-run", description: "What an upgrade would do to the tables" },
    {
      command: "advocacy migrate --store /srv/advocacy",
      description: "Once, before the processes of a new version start",
    },
  ]),
)
