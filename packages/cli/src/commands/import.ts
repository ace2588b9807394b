/**
 * `advocacy import …`: files as a source of facts, each kind of file by its name.
 */
import { Command } from "effect/cli"
import * as facts from "./import/facts.ts"

export const command = Command.make("import").pipe(
  Command.withDescription("Store what files say: our own export of facts"),
  Command.withSubcommands([facts.command]),
)
