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

/** A file needs no store. */
const load = (name: string, store: string) =>
  ProgramFile.isStored(name)
    ? Effect.gen(function* () {
        const { asOf, program: own } = yield* Session.Session
        const facts = yield* factsAt(Number.MAX_SAFE_INTEGER)
        return yield* ProgramFile.fromStore(name, facts, { asOf, name: own })
      }).pipe(Effect.provide(Session.layer({ store })))
    : ProgramFile.fromFile(name)

export const command = Command.make(
  "show",
  { version, store: Session.store, json: Output.json },
  ({ json, store, version: name }) =>
    Effect.gen(function* () {
      const program = yield* load(name, store)
      yield* Output.print(json, { hash: program.hash, definition: program.definition }, () =>
        [`// ${program.name}, version ${program.hash}`, Output.toJson(program.definition)].join("\n"),
      )
    }).pipe(Effect.scoped, Failure.coded),
).pipe(
  Command.withDescription("Show the definition of a version"),
  Command.withExamples([
    { command: "advocacy program show", description: "What is in force" },
    { command: "advocacy program show 3f9a1c --json", description: "A stored version and its whole hash" },
    { command: "advocacy program show candidate.ts --json", description: "A TypeScript program as data" },
  ]),
)
