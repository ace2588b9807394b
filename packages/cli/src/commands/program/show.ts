/**
 * `advocacy program show [VERSION]`: the definition of a version, as it is stored and hashed.
 */
import { factsAt } from "@advocacy-kit/core/flow/Crediting"
import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import * as Failure from "../../Failure.ts"
import * as Output from "../../Output.ts"
import * as ProgramFile from "../../ProgramFile.ts"
import * as Session from "../../Session.ts"

const version = Argument.String("version").pipe(
  Argument.withDescription("`current` (the default), the hash of a stored version, or a file"),
  Argument.withDefault("current"),
)

export const command = Command.make(
  "show",
  { version, store: Session.store, json: Output.json },
  ({ json, store, version: name }) =>
    Effect.gen(function* () {
      const { asOf, program: own } = yield* Session.Session
      const facts = yield* factsAt(Number.MAX_SAFE_INTEGER)
      const program = yield* ProgramFile.load(name, facts, { asOf, name: own })
      yield* Output.print(json, { hash: program.hash, definition: program.definition }, () =>
        [`// ${program.name}, version ${program.hash}`, Output.toJson(program.definition)].join("\n"),
      )
    }).pipe(Effect.provide(Session.layer({ store })), Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Show the definition of a version"),
  Command.withExamples([
    { command: "advocacy program show", description: "What is in force" },
    { command: "advocacy program show 3f9a1c --json", description: "A stored version and its whole hash" },
  ]),
)
