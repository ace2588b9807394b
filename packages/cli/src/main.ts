#!/usr/bin/env node
/**
 * The `advocacy` command.
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Effect } from "effect"
import { Command } from "effect/cli"
import * as demo from "./commands/demo.ts"

const advocacy = Command.make("advocacy").pipe(
  Command.withDescription("Customer advocacy programs on the CRM and shop you already run"),
  Command.withSubcommands([demo.command]),
)

advocacy.pipe(Command.run({ version: "0.1.0" }), Effect.provide(NodeServices.layer), NodeRuntime.runMain)
