/**
 * Reads a document the way cost and bulk rules need it: the fields of a selection with their types, fragments resolved.
 * It expects a validated document. Fields under a type condition carry that condition.
 */

import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
} from "graphql"
import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLCompositeType,
  GraphQLNamedType,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from "graphql"
import type { DocumentNode } from "graphql"

export interface Reading {
  readonly schema: GraphQLSchema
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly variables: Readonly<Record<string, unknown>>
}

export interface SelectedField {
  readonly node: FieldNode
  readonly name: string
  /** The key in the answer: alias or name. */
  readonly key: string
  readonly type: GraphQLOutputType
  readonly named: GraphQLNamedType
  readonly isList: boolean
  readonly isConnection: boolean
  /** Concrete type of the narrowest fragment around it, or the type it was selected on. */
  readonly condition: string
}

export const reading = (
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): Reading => ({
  schema,
  variables,
  fragments: new Map(
    document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
  ),
})

export const operationOf = (document: DocumentNode, name?: string | null): OperationDefinitionNode | undefined => {
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION)
  return name === undefined || name === null
    ? operations.length === 1
      ? operations[0]
      : undefined
    : operations.find((one) => one.name?.value === name)
}

const typeNamed = (from: Reading, name: string): GraphQLCompositeType | undefined => {
  const type = from.schema.getType(name)
  return type !== undefined && isCompositeType(type) ? type : undefined
}

const fieldOf = (parent: GraphQLCompositeType, node: FieldNode): SelectedField | undefined => {
  const definition = "getFields" in parent ? parent.getFields()[node.name.value] : undefined
  if (definition === undefined) return undefined // `__typename` and the like: no cost, no rows.
  const named = getNamedType(definition.type)
  return {
    node,
    name: node.name.value,
    key: node.alias?.value ?? node.name.value,
    type: definition.type,
    named,
    isList: isListType(getNullableType(definition.type)),
    isConnection: isObjectType(named) && named.name.endsWith("Connection"),
    condition: parent.name,
  }
}

export const selectedFields = (
  from: Reading,
  parent: GraphQLCompositeType,
  set: SelectionSetNode | undefined,
): ReadonlyArray<SelectedField> =>
  (set?.selections ?? []).flatMap((selection): ReadonlyArray<SelectedField> => {
    if (selection.kind === Kind.FIELD) return [fieldOf(parent, selection) ?? []].flat()
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? from.fragments.get(selection.name.value) : selection
    const condition = fragment?.typeCondition?.name.value
    const type = condition === undefined ? parent : typeNamed(from, condition)
    return type === undefined ? [] : selectedFields(from, type, fragment?.selectionSet)
  })

export const argument = (from: Reading, field: SelectedField, name: string): unknown => {
  const node = field.node.arguments?.find((one) => one.name.value === name)
  return node === undefined ? undefined : valueFromASTUntyped(node.value, { ...from.variables })
}

/** The fields selected on the rows of a connection, through `nodes` and `edges { node }`. */
export const connectionRows = (
  from: Reading,
  connection: SelectedField,
): { readonly type: GraphQLCompositeType; readonly fields: ReadonlyArray<SelectedField> } | undefined => {
  const inner = selectedFields(from, connection.named as GraphQLCompositeType, connection.node.selectionSet)
  const nodes = inner.flatMap((field) =>
    field.name === "nodes"
      ? [field]
      : field.name === "edges"
        ? selectedFields(from, field.named as GraphQLCompositeType, field.node.selectionSet).filter(
            (one) => one.name === "node",
          )
        : [],
  )
  const type = nodes[0]?.named
  if (type === undefined || !isCompositeType(type)) return undefined
  return { type, fields: nodes.flatMap((node) => selectedFields(from, type, node.node.selectionSet)) }
}
