import { Command } from "effect/cli"
import * as project from "./hubspot/project.ts"

export const command = Command.make("hubspot").pipe(
  Command.withDescription("What HubSpot needs to know of this installation"),
  Command.withSubcommands([project.command]),
)
