/**
 * `advocacy program …`: versions of a program: what changes, what is in force, publishing, correcting the past.
 */
import { Command } from "effect/cli"
import * as correct from "./program/correct.ts"
import * as diff from "./program/diff.ts"
import * as list from "./program/list.ts"
import * as publish from "./program/publish.ts"
import * as show from "./program/show.ts"

export const command = Command.make("program").pipe(
  Command.withDescription("Versions of a program: compare, list, show, publish, correct the past"),
  Command.withSubcommands([diff.command, list.command, show.command, publish.command, correct.command]),
)
