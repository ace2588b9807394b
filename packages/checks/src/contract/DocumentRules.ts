/**
 * What a document of the connector has to keep to, held against one version of Shopify's schema.
 *
 * Promises: it is valid; nothing in it is deprecated; it costs at most 1,000 points by Shopify's formula, with the longest
 * lists that it is ever given; a bulk document is one that the bulk API takes. Each fault names file, line and remedy. The
 * formula and the bulk rules are the sandbox's; what they rest on is said there.
 */
import * as BulkQuery from "@advocacy-kit/sandbox/shopify/BulkQuery"
import * as QueryCost from "@advocacy-kit/sandbox/shopify/QueryCost"
import { reading } from "@advocacy-kit/sandbox/shopify/Selection"
import {
  type GraphQLSchema,
  Kind,
  NoDeprecatedCustomRule,
  parse,
  specifiedRules,
  type TypeNode,
  validate,
  visit,
} from "graphql"
import { textOf, type Wire, type WireDocument } from "./WireDocuments.ts"

export const maximumPoints = 1_000

const isList = (type: TypeNode): boolean =>
  type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type))

/** Variables that the cost grows with: the ids of `nodes`, and sizes of pages. */
const sizingVariables = ({ document }: WireDocument): ReadonlySet<string> => {
  const names = new Set<string>()
  visit(document, {
    Argument: ({ name, value }) => {
      if (value.kind === Kind.VARIABLE && ["ids", "first", "last"].includes(name.value)) names.add(value.name.value)
    },
  })
  return names
}

/** Values of the sizes that the comment gives. */
const fullest = ({ atMost, operation }: WireDocument): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    (operation.variableDefinitions ?? []).flatMap(({ type, variable }) => {
      const size = atMost.get(variable.name.value)
      if (size === undefined) return []
      return [[variable.name.value, isList(type) ? Array.from({ length: size }, () => "") : size]]
    }),
  )

/** The most that a document costs. A bulk operation costs nothing but the mutation that starts it. */
export const pointsOf = (schema: GraphQLSchema, wire: WireDocument): number =>
  wire.isBulk ? 0 : QueryCost.requested(reading(schema, wire.document, fullest(wire)), wire.operation)

const costFaults = (schema: GraphQLSchema, wire: WireDocument): ReadonlyArray<string> => {
  const unsaid = [...sizingVariables(wire)].filter((name) => !wire.atMost.has(name))
  if (unsaid.length > 0)
    return unsaid.map((name) => `say above it how much $${name} ever asks for: "# At most 10 ${name}."`)
  const points = pointsOf(schema, wire)
  return points > maximumPoints
    ? [`costs ${points} points; Shopify refuses more than ${maximumPoints}: ask for smaller pages or fewer ids`]
    : []
}

/** Judged as it is sent: with its variables written in. */
const bulkFaults = (schema: GraphQLSchema, wire: WireDocument): ReadonlyArray<string> => {
  const sent = parse(textOf(wire).replaceAll(/\$\w+/g, '""'))
  const errors = validate(schema, sent)
  if (errors.length > 0) return errors.map(({ message }) => `as a bulk query: ${message}`)
  const plan = BulkQuery.plan(schema, sent)
  return "problems" in plan ? plan.problems.map((problem) => `as a bulk query: ${problem}`) : []
}

const strictRules = [...specifiedRules, NoDeprecatedCustomRule]

export const faultsOf = (schema: GraphQLSchema, wire: WireDocument): ReadonlyArray<string> => {
  const errors = validate(schema, wire.document, strictRules)
  const faults =
    errors.length > 0
      ? errors.map(({ locations, message }) => `${message} (line ${locations?.[0]?.line ?? "?"})`)
      : [...(wire.isBulk ? bulkFaults(schema, wire) : costFaults(schema, wire))]
  return faults.map((fault) => `${wire.place} ${wire.name}: ${fault}`)
}

export const judge = (schema: GraphQLSchema, wire: Wire): ReadonlyArray<string> => [
  ...wire.faults,
  ...wire.documents.flatMap((one) => faultsOf(schema, one)),
]
