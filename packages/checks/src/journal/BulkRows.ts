/**
 * The rows of a bulk operation's result against the document that made them.
 *
 * Promises: a row is an object of one of the types that the document's connections hold, told by its id; it has exactly the
 * fields selected there besides further connections, whose objects are rows of their own with the parent's id. Pure.
 */
import {
  type DocumentNode,
  getNamedType,
  type GraphQLSchema,
  isObjectType,
  Kind,
  parse,
  type SelectionNode,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql"
import * as GraphqlAnswer from "./GraphqlAnswer.ts"

/** For each type that rows may have, a document that asks for one such object. */
export type RowDocuments = ReadonlyMap<string, DocumentNode>

const emptyNode = (type: string): DocumentNode => parse(`query { node(id: "") { ... on ${type} { id } } }`)

/** A document that asks for one object of `type` with the fields of `set`. */
const askFor = (type: string, set: SelectionSetNode): DocumentNode =>
  // On leaving: what is put in holds fragments itself.
  visit(emptyNode(type), { InlineFragment: { leave: (fragment) => ({ ...fragment, selectionSet: set }) } })

/** The document with its fragments written where they are used. */
const inlined = (document: DocumentNode): DocumentNode => {
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  )
  return visit(document, {
    FragmentSpread: ({ name }) => {
      const fragment = fragments.get(name.value)
      if (fragment === undefined) return undefined
      const { selectionSet, typeCondition } = fragment
      return { kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet }
    },
  })
}

/** The selection without the connections in it. */
const withoutConnections = (schema: GraphQLSchema, type: string, set: SelectionSetNode): SelectionSetNode => {
  const parent = schema.getType(type)
  const fields = isObjectType(parent) ? parent.getFields() : {}
  return {
    ...set,
    selections: set.selections.flatMap((selection): ReadonlyArray<SelectionNode> => {
      if (selection.kind === Kind.INLINE_FRAGMENT)
        return [{ ...selection, selectionSet: withoutConnections(schema, type, selection.selectionSet) }]
      const field = selection.kind === Kind.FIELD ? fields[selection.name.value] : undefined
      return field === undefined || !getNamedType(field.type).name.endsWith("Connection") ? [selection] : []
    }),
  }
}

export const rowDocuments = (schema: GraphQLSchema, document: DocumentNode): RowDocuments => {
  const found = new Map<string, DocumentNode>()
  const types = new TypeInfo(schema)
  visit(
    inlined(document),
    visitWithTypeInfo(types, {
      Field: (field) => {
        const holder = types.getParentType()?.name ?? ""
        const type = types.getType()
        const isItem =
          (field.name.value === "node" && holder.endsWith("Edge")) ||
          (field.name.value === "nodes" && holder.endsWith("Connection"))
        if (isItem && type !== undefined && type !== null && field.selectionSet !== undefined) {
          const { name } = getNamedType(type)
          found.set(name, askFor(name, withoutConnections(schema, name, field.selectionSet)))
        }
      },
    }),
  )
  return found
}

interface Row {
  readonly id: string
  readonly parent: string | undefined
  readonly fields: Readonly<Record<string, unknown>>
}

const readRow = (line: string): Row => {
  const { __parentId: parent, ...fields } = JSON.parse(line) as Readonly<Record<string, unknown>>
  return { id: String(fields["id"]), parent: parent === undefined ? undefined : String(parent), fields }
}

const rowFault = (
  schema: GraphQLSchema,
  documents: RowDocuments,
  row: Row,
  ids: ReadonlySet<string>,
): string | undefined => {
  const document = documents.get(/^gid:\/\/shopify\/(\w+)\//.exec(row.id)?.[1] ?? "")
  if (document === undefined) {
    return `${row.id} is of no type that the document asks for`
  }
  return row.parent !== undefined && !ids.has(row.parent)
    ? `${row.id} names a parent that is not in the result, ${row.parent}`
    : GraphqlAnswer.faults(schema, { document, variables: {}, data: { node: row.fields } })[0]
}

/** Rows stand in any order, because we never ask for grouped ones. */
export const rowFaults = (schema: GraphQLSchema, documents: RowDocuments, text: string): ReadonlyArray<string> => {
  const rows = text
    .split("\n")
    .filter((line) => line !== "")
    .map(readRow)
  const ids = new Set(rows.map(({ id }) => id))
  return rows.flatMap((row, index) => {
    const fault = rowFault(schema, documents, row, ids)
    return fault === undefined ? [] : [`row ${index + 1}: ${fault}`]
  })
}
