/**
 * What a request costs in points. Reported rule: a scalar 0, an object 1, a mutation 10, a connection
 * `2 + row * floor(2 ln max(2, first))`; `pageInfo` is free, a list counts once, `nodes(ids)` once for each id. The
 * requested cost is known before running, the actual cost counts what came back and is never higher.
 */

import { isCompositeType, isLeafType, isObjectType } from "graphql"
import type { GraphQLCompositeType, OperationDefinitionNode } from "graphql"
import { argument, connectionRows, selectedFields } from "./Selection.ts"
import type { Reading, SelectedField } from "./Selection.ts"

const mutationCost = 10
const connectionCost = 2

const pages = (size: number): number => Math.floor(2 * Math.log(Math.max(2, size)))

/** Fragments on different types of one interface exclude each other: the dearest counts. */
const combined = (costs: ReadonlyArray<readonly [condition: string, cost: number]>, parent: string): number => {
  const byCondition = new Map<string, number>()
  for (const [condition, cost] of costs) byCondition.set(condition, (byCondition.get(condition) ?? 0) + cost)
  const shared = byCondition.get(parent) ?? 0
  byCondition.delete(parent)
  return shared + Math.max(0, ...byCondition.values())
}

const sumOf = (
  parent: GraphQLCompositeType,
  fields: ReadonlyArray<SelectedField>,
  of: (field: SelectedField) => number,
): number => {
  const once = new Map(fields.map((field) => [`${field.condition} ${field.key}`, field]))
  const merged = [...once.values()].map((field) => {
    const same = fields.filter((one) => one.key === field.key && one.condition === field.condition)
    return [field.condition, Math.max(...same.map(of))] as const
  })
  return isObjectType(parent) ? merged.reduce((total, [, cost]) => total + cost, 0) : combined(merged, parent.name)
}

const requestedField = (from: Reading, field: SelectedField): number => {
  if (isLeafType(field.named) || field.named.name === "PageInfo") return 0
  if (field.isConnection) {
    const rows = connectionRows(from, field)
    const size = Number(argument(from, field, "first") ?? argument(from, field, "last") ?? 2)
    return (
      connectionCost +
      (rows === undefined ? 0 : (1 + sumOf(rows.type, rows.fields, (one) => requestedField(from, one))) * pages(size))
    )
  }
  if (!isCompositeType(field.named)) return 0
  const named = field.named
  const one =
    1 + sumOf(named, selectedFields(from, named, field.node.selectionSet), (inner) => requestedField(from, inner))
  const ids = field.name === "nodes" && field.condition === "QueryRoot" ? argument(from, field, "ids") : undefined
  return Array.isArray(ids) ? ids.length * one : one
}

const rootType = (from: Reading, operation: OperationDefinitionNode): GraphQLCompositeType | undefined =>
  from.schema.getRootType(operation.operation) ?? undefined

export const requested = (from: Reading, operation: OperationDefinitionNode): number => {
  const root = rootType(from, operation)
  if (root === undefined) return 0
  const fields = selectedFields(from, root, operation.selectionSet)
  return operation.operation === "mutation"
    ? mutationCost * fields.length
    : sumOf(root, fields, (field) => requestedField(from, field))
}

// -------------------------------------------------------------------------------------------------- actual

type Answer = Readonly<Record<string, unknown>>

const isAnswer = (value: unknown): value is Answer =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const rowsOf = (connection: Answer): ReadonlyArray<unknown> => {
  for (const value of Object.values(connection)) {
    if (Array.isArray(value))
      return value.map((one: unknown) => (isAnswer(one) && isAnswer(one["node"]) ? one["node"] : one))
  }
  return []
}

const actualField = (from: Reading, field: SelectedField, value: unknown): number => {
  if (value === null || value === undefined || isLeafType(field.named) || field.named.name === "PageInfo") return 0
  if (field.isConnection && isAnswer(value)) {
    const rows = connectionRows(from, field)
    const answers = rowsOf(value).filter(isAnswer)
    if (rows === undefined || answers.length === 0) return connectionCost
    const dearest = Math.max(
      ...answers.map((answer) => 1 + sumOf(rows.type, rows.fields, (one) => actualField(from, one, answer[one.key]))),
    )
    return connectionCost + dearest * pages(answers.length)
  }
  if (!isCompositeType(field.named)) return 0
  const named = field.named
  const inner = selectedFields(from, named, field.node.selectionSet)
  const costs = (Array.isArray(value) ? value : [value])
    .filter(isAnswer)
    .map((answer) => 1 + sumOf(named, inner, (one) => actualField(from, one, answer[one.key])))
  return field.name === "nodes" && field.condition === "QueryRoot"
    ? costs.reduce((total, cost) => total + cost, 0)
    : Math.max(0, ...costs)
}

export const actual = (from: Reading, operation: OperationDefinitionNode, data: unknown): number => {
  const root = rootType(from, operation)
  if (root === undefined || !isAnswer(data)) return 0
  const fields = selectedFields(from, root, operation.selectionSet)
  if (operation.operation === "mutation")
    return mutationCost * fields.filter((field) => data[field.key] !== null && data[field.key] !== undefined).length
  return sumOf(root, fields, (field) => actualField(from, field, data[field.key]))
}
