/**
 * The GraphQL documents of the Shopify connector, read from its `.graphql` files.
 *
 * Promises: every operation with the fragments that it needs, however the files split them, and the sizes that the comment
 * above it sets: `# At most 10 ids.` says how long the list in `$ids` ever is. An operation whose name ends with `Bulk` is
 * one for a bulk operation. Does not judge; a syntax error names the file and the line.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  Source,
  stripIgnoredCharacters,
  TokenKind,
  visit,
} from "graphql"
import { filesIn } from "../Workspace.ts"

export const folder = "packages/shopify/src/wire"

export interface WireDocument {
  /** `Orders.graphql:12` */
  readonly place: string
  readonly name: string
  readonly isBulk: boolean
  readonly operation: OperationDefinitionNode
  /** The operation and every fragment that it needs. */
  readonly document: DocumentNode
  /** By the variable's name: how many items its list has at most. */
  readonly atMost: ReadonlyMap<string, number>
}

export interface Wire {
  readonly documents: ReadonlyArray<WireDocument>
  readonly files: ReadonlyArray<{ readonly location: string; readonly document: DocumentNode }>
  /** What is wrong with the files as a whole. */
  readonly faults: ReadonlyArray<string>
}

export interface File {
  readonly name: string
  readonly text: string
}

export const files = (root: string): ReadonlyArray<File> =>
  filesIn(join(root, folder), (path) => path.endsWith(".graphql")).map((name) => ({
    name,
    text: readFileSync(join(root, folder, name), "utf8"),
  }))

type Definition = OperationDefinitionNode | FragmentDefinitionNode

const isDefinition = (node: { readonly kind: string }): node is Definition =>
  node.kind === Kind.OPERATION_DEFINITION || node.kind === Kind.FRAGMENT_DEFINITION

const placeOf = ({ loc }: Definition): string => `${loc?.source.name ?? "?"}:${loc?.startToken.line ?? 0}`

/** The comment lines right above a definition. */
const commentAbove = (node: Definition): ReadonlyArray<string> => {
  const lines: Array<string> = []
  for (let token = node.loc?.startToken.prev; token?.kind === TokenKind.COMMENT; token = token.prev)
    lines.unshift(token.value.trim())
  return lines
}

const sizesIn = (lines: ReadonlyArray<string>): ReadonlyMap<string, number> =>
  new Map([...lines.join(" ").matchAll(/\bAt most (\d+) (\w+)\./g)].map(([, size, name = ""]) => [name, Number(size)]))

/** The names of fragments below a node. */
const spreadsIn = (node: Definition): ReadonlyArray<string> => {
  const names: Array<string> = []
  visit(node, { FragmentSpread: ({ name }) => void names.push(name.value) })
  return names
}

const neededBy = (
  node: Definition,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  found = new Map<string, FragmentDefinitionNode>(),
): ReadonlyMap<string, FragmentDefinitionNode> => {
  for (const name of spreadsIn(node)) {
    const fragment = fragments.get(name)
    if (fragment === undefined || found.has(name)) continue
    found.set(name, fragment)
    neededBy(fragment, fragments, found)
  }
  return found
}

const twice = (definitions: ReadonlyArray<Definition>): ReadonlyArray<string> => {
  const seen = new Set<string>()
  return definitions.flatMap((definition) => {
    const name = definition.name?.value
    if (name === undefined) return [`${placeOf(definition)}: an operation needs a name`]
    if (seen.has(name)) return [`${placeOf(definition)}: there is another ${name}`]
    seen.add(name)
    return []
  })
}

export const read = (from: ReadonlyArray<File>): Wire => {
  const parsed = from.map(({ name, text }) => ({ location: name, document: parse(new Source(text, name)) }))
  const definitions = parsed.flatMap(({ document }) => document.definitions.filter(isDefinition))
  const fragments = new Map(
    definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [])),
  )
  const used = new Set(definitions.flatMap(spreadsIn))
  const documents = definitions.flatMap((operation): ReadonlyArray<WireDocument> => {
    if (operation.kind !== Kind.OPERATION_DEFINITION) return []
    const name = operation.name?.value ?? ""
    return [
      {
        place: placeOf(operation),
        name,
        isBulk: name.endsWith("Bulk"),
        operation,
        document: { kind: Kind.DOCUMENT, definitions: [operation, ...neededBy(operation, fragments).values()] },
        atMost: sizesIn(commentAbove(operation)),
      },
    ]
  })
  return {
    documents,
    files: parsed,
    faults: [
      ...twice(definitions),
      ...[...fragments.values()]
        .filter(({ name }) => !used.has(name.value))
        .map((one) => `${placeOf(one)}: nothing uses the fragment ${one.name.value}`),
    ],
  }
}

/** The text as it is sent: without comments and needless space. A bulk query has no head, its variables stay in place. */
export const textOf = ({ document, isBulk }: WireDocument): string =>
  document.definitions
    .map((definition) =>
      stripIgnoredCharacters(
        print(
          isBulk && definition.kind === Kind.OPERATION_DEFINITION
            ? { kind: definition.kind, operation: definition.operation, selectionSet: definition.selectionSet }
            : definition,
        ),
      ),
    )
    .join(" ")
