/**
 * `advocacy import …`: files of other products, and our own, as facts; each kind of file by its name.
 */
import { Command } from "effect/cli"
import * as facts from "./import/facts.ts"
import * as file from "./import/file.ts"

export const command = Command.make("import").pipe(
  Command.withDescription("Store what files say: exports of shops, CRMs, surveys and referral products, and our own"),
  Command.withSubcommands([...file.commands, facts.command]),
)
