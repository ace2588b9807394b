/**
 * The TypeScript of the connector's documents: their texts, and the types of their answers and variables.
 *
 * Promises: the same files and schema give the same text. The types come from GraphQL Code Generator; what is added is a
 * constant for each operation. Whatever Shopify's scalars mean, on the wire they are text.
 */
import { codegen } from "@graphql-codegen/core"
import * as operations from "@graphql-codegen/typescript-operations"
import { type GraphQLSchema, type OperationDefinitionNode, parse } from "graphql"
import { pointsOf } from "./DocumentRules.ts"
import { textOf, type Wire, type WireDocument } from "./WireDocuments.ts"

const scalars = Object.fromEntries(
  ["Date", "DateTime", "Decimal", "HTML", "Money", "StorefrontID", "UnsignedInt64", "URL", "UtcOffset"].map((name) => [
    name,
    "string",
  ]),
)

const config = {
  arrayInputCoercion: false,
  defaultScalarType: "unknown",
  immutableTypes: true,
  scalars: { ...scalars, ID: "string" },
  skipTypename: true,
}

const suffix = ({ operation }: OperationDefinitionNode): string => (operation === "mutation" ? "Mutation" : "Query")

const constantOf = (schema: GraphQLSchema, wire: WireDocument): string => {
  const type = `${wire.name}${suffix(wire.operation)}`
  const kind = `${wire.isBulk ? "BulkDocument" : "Document"}<${type}, ${type}Variables>`
  const sizes = [...wire.atMost].map(([name, size]) => `readonly ${name}: ${size}`)
  const members = [
    `name: ${JSON.stringify(wire.name)}`,
    `points: ${pointsOf(schema, wire)}`,
    ...(wire.isBulk ? ["isBulk: true"] : []),
    ...(sizes.length === 0
      ? []
      : [`atMost: { ${[...wire.atMost].map(([name, size]) => `${name}: ${size}`).join(", ")} }`]),
    `text: ${JSON.stringify(textOf(wire))}`,
  ]
  const intersection = sizes.length === 0 ? kind : `${kind} & { readonly atMost: { ${sizes.join("; ")} } }`
  return `export const ${wire.name}: ${intersection} = {\n${members.map((member) => `  ${member},\n`).join("")}}`
}

const heading = `// Written by \`node packages/checks/src/wireTypes.ts\` from the .graphql files of this folder and Shopify's Admin schema.
import type { BulkDocument, Document } from "./Document.ts"
`

export const written = async (sdl: string, schema: GraphQLSchema, wire: Wire): Promise<string> => {
  const types = await codegen({
    filename: "Documents.generated.ts",
    schema: parse(sdl, { noLocation: true }),
    schemaAst: schema,
    documents: [...wire.files],
    plugins: [{ operations: {} }],
    pluginMap: { operations },
    config,
    skipDocumentsValidation: true,
  })
  return [heading, types, ...wire.documents.map((one) => constantOf(schema, one)), ""].join("\n")
}
