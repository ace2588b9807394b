/**
 * Which queries the bulk API takes: one query with one to five connections, nested at most two levels below the root
 * one, rows that implement `Node`, no connection under a list, no top-level `node` or `nodes`, no variables, and an
 * unaliased `id` on rows that have a nested connection. Answers the problems in words, or the shape of a good query.
 */

import { isInterfaceType, isObjectType } from "graphql"
import type { DocumentNode, GraphQLCompositeType, GraphQLSchema } from "graphql"
import { isCompositeType } from "graphql"
import { connectionRows, operationOf, reading, selectedFields } from "./Selection.ts"
import type { Reading, SelectedField } from "./Selection.ts"

/** By answer key: which fields are connections, and what lies below. */
export type BulkShape = ReadonlyMap<string, { readonly isConnection: boolean; readonly below: BulkShape }>

export type BulkPlan = { readonly problems: ReadonlyArray<string> } | { readonly shape: BulkShape }

const maximumConnections = 5
const maximumNesting = 2

interface Findings {
  connections: number
  readonly problems: Set<string>
}

const implementsNode = (type: GraphQLCompositeType): boolean =>
  type.name === "Node" ||
  ((isObjectType(type) || isInterfaceType(type)) && type.getInterfaces().some((one) => one.name === "Node"))

const inspectConnection = (from: Reading, field: SelectedField, depth: number, found: Findings): BulkShape => {
  found.connections++
  if (depth > maximumNesting)
    found.problems.add(`Connections may be nested at most ${maximumNesting} levels deep; "${field.key}" is deeper.`)
  const rows = connectionRows(from, field)
  if (rows === undefined) {
    found.problems.add(`The connection "${field.key}" must select its rows through "edges { node }" or "nodes".`)
    return new Map()
  }
  if (!implementsNode(rows.type))
    found.problems.add(`Rows of the connection "${field.key}" must implement Node; ${rows.type.name} does not.`)
  const below = inspect(from, rows.fields, depth + 1, false, found)
  const nests = [...below.values()].some(function hasConnection(one): boolean {
    return one.isConnection || [...one.below.values()].some(hasConnection)
  })
  if (nests && !rows.fields.some((one) => one.name === "id" && one.key === "id")) {
    found.problems.add(
      `The rows of "${field.key}" have a nested connection, so they must select "id" without an alias.`,
    )
  }
  return below
}

const inspect = (
  from: Reading,
  fields: ReadonlyArray<SelectedField>,
  depth: number,
  underList: boolean,
  found: Findings,
): BulkShape => {
  const shape = new Map<string, { readonly isConnection: boolean; readonly below: BulkShape }>()
  for (const field of fields) {
    if (!isCompositeType(field.named)) continue
    if (field.isConnection && underList)
      found.problems.add(
        `Queries that contain a connection field within a list field are not supported: "${field.key}".`,
      )
    const below = field.isConnection
      ? inspectConnection(from, field, depth, found)
      : inspect(
          from,
          selectedFields(from, field.named, field.node.selectionSet),
          depth,
          underList || field.isList,
          found,
        )
    shape.set(field.key, {
      isConnection: field.isConnection,
      below: new Map([...(shape.get(field.key)?.below ?? []), ...below]),
    })
  }
  return shape
}

export const plan = (schema: GraphQLSchema, document: DocumentNode): BulkPlan => {
  const operation = operationOf(document)
  if (operation?.operation !== "query") return { problems: ["Bulk operations need a document with exactly one query."] }
  if ((operation.variableDefinitions ?? []).length > 0) return { problems: ["Bulk queries may not use variables."] }
  const root = schema.getQueryType()
  if (root === null || root === undefined) return { problems: ["The schema has no queries."] }
  const from = reading(schema, document, {})
  const found: Findings = { connections: 0, problems: new Set() }
  const top = selectedFields(from, root, operation.selectionSet)
  if (top.some((field) => field.name === "node" || field.name === "nodes"))
    found.problems.add("Bulk queries may not use the top-level fields node and nodes.")
  const shape = inspect(from, top, 0, false, found)
  if (found.connections === 0) found.problems.add("Bulk queries must contain at least one connection.")
  if (found.connections > maximumConnections)
    found.problems.add(`Queries that contain more than ${maximumConnections} connections are not supported.`)
  if (found.problems.size === 0 && top.some((field) => !field.isConnection)) {
    found.problems.add("The sandbox runs bulk queries whose top-level fields are all connections.")
  }
  return found.problems.size > 0 ? { problems: [...found.problems] } : { shape }
}
