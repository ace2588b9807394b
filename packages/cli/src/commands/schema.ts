/**
 * `advocacy schema`: the JSON Schema of a program, for editors, of a fact, for whoever reads or writes facts, or of a decision as
 * `advocacy explain CREDIT --json` prints it.
 */
import { Decision } from "@advocacy-kit/core/flow/DecisionSchema"
import { Fact } from "@advocacy-kit/core/fact/Fact"
import { jsonSchema } from "@advocacy-kit/core/program/Program"
import { Effect, Schema } from "effect"
import { Argument, Command } from "effect/cli"
import * as Output from "../Output.ts"

const what = Argument.Literals("what", ["program", "fact", "decision"]).pipe(
  Argument.withDescription("program, fact or decision"),
)

const schemaOf = (name: "program" | "fact" | "decision"): unknown => {
  if (name === "program") return jsonSchema()
  const [title, of] = name === "fact" ? (["Fact", Fact] as const) : (["Decision", Decision] as const)
  const { definitions, dialect: _dialect, schema } = Schema.toJsonSchemaDocument(of)
  return { $schema: "https://json-schema.org/draft/2020-12/schema", title, ...schema, $defs: definitions }
}

export const command = Command.make("schema", { what, json: Output.json }, ({ what: name }) =>
  Effect.suspend(() => {
    const schema = schemaOf(name)
    return Output.print(true, schema, () => "")
  }),
).pipe(
  Command.withDescription("Print the JSON Schema of a program, of a fact or of a decision"),
  Command.withExamples([
    {
      command: "advocacy schema program > program.schema.json",
      description: "For an editor that checks definitions while you write",
    },
    { command: "advocacy schema fact", description: "What every fact looks like as JSON" },
    { command: "advocacy schema decision", description: "What explain prints of a credit as JSON" },
  ]),
)
