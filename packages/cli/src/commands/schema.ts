/**
 * `advocacy schema`: the JSON Schema of a program, for editors, or of a fact, for whoever reads or writes facts.
 */
import { Fact } from "@advocacy-kit/core/fact/Fact"
import { jsonSchema } from "@advocacy-kit/core/program/Program"
import { Effect, Schema } from "effect"
import { Argument, Command } from "effect/cli"
import * as Output from "../Output.ts"

const what = Argument.Literals("what", ["program", "fact"]).pipe(Argument.withDescription("program or fact"))

const schemaOf = (name: "program" | "fact"): unknown => {
  if (name === "program") return jsonSchema()
  const { definitions, dialect: _dialect, schema } = Schema.toJsonSchemaDocument(Fact)
  return { $schema: "https://json-schema.org/draft/2020-12/schema", title: "Fact", ...schema, $defs: definitions }
}

export const command = Command.make("schema", { what, json: Output.json }, ({ what: name }) =>
  Effect.suspend(() => {
    const schema = schemaOf(name)
    return Output.print(true, schema, () => "")
  }),
).pipe(
  Command.withDescription("Print the JSON Schema of a program or of a fact"),
  Command.withExamples([
    {
      command: "advocacy schema program > program.schema.json",
      description: "For an editor that checks definitions while you write",
    },
    { command: "advocacy schema fact", description: "What every fact looks like as JSON" },
  ]),
)
