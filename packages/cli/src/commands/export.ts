/**
 * `advocacy export …`: what is stored, written out for others to read.
 */
import { Command } from "effect/cli"
import * as facts from "./export/facts.ts"
import * as person from "./export/person.ts"

export const command = Command.make("export").pipe(
  Command.withDescription("What is stored, for others to read: everything about a person, or every fact"),
  Command.withSubcommands([person.command, facts.command]),
)
