/**
 * What one TypeScript file imports, and which members of imported modules it names.
 *
 * Promises: every static import and re-export, dynamic import, `require`, and `import("x")` in a type position, found in
 * the syntax tree, so that text in comments and strings never counts. An import whose name is not a literal is reported
 * as `dynamic` because nobody can check it. Does not resolve paths.
 */
import { parseSync } from "oxc-parser"

export interface ImportReference {
  readonly specifier: string
  readonly line: number
  readonly typeOnly: boolean
  /** Names taken from the module: `Effect` of `import { Effect as E }`; `*` for the whole. */
  readonly names: ReadonlyArray<string>
}

export interface MemberUse {
  readonly specifier: string
  /** The exported name the member belongs to; `*` for a namespace import. */
  readonly module: string
  readonly member: string
  readonly line: number
}

export interface CallUse {
  readonly name: string
  readonly line: number
}

export interface SourceModule {
  readonly imports: ReadonlyArray<ImportReference>
  readonly members: ReadonlyArray<MemberUse>
  /** `new Date()` without an argument and `Date()`: readings of the wall clock. */
  readonly clockReadings: ReadonlyArray<CallUse>
  readonly anyCasts: ReadonlyArray<CallUse>
}

interface Node {
  readonly type: string
  readonly start: number
  readonly [key: string]: unknown
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"

const childrenOf = (node: Node): ReadonlyArray<Node> =>
  Object.values(node).flatMap((value): ReadonlyArray<Node> => {
    if (Array.isArray(value)) {
      return value.filter(isNode)
    }
    return isNode(value) ? [value] : []
  })

const nodeAt = (node: Node, key: string): Node | undefined => {
  const value = node[key]
  return isNode(value) ? value : undefined
}

const nodesAt = (node: Node, key: string): ReadonlyArray<Node> => {
  const value = node[key]
  return Array.isArray(value) ? value.filter(isNode) : []
}

const nameOf = (node: Node | undefined): string => {
  if (node === undefined) {
    return "*"
  }
  const name = node["type"] === "Literal" ? node["value"] : node["name"]
  return typeof name === "string" ? name : "*"
}

const literal = (node: Node | undefined): string =>
  node?.type === "Literal" && typeof node["value"] === "string" ? node["value"] : "dynamic"

const isTypeKind = (value: unknown): boolean => value === "type"

interface Found {
  readonly source: Node | undefined
  readonly typeOnly: boolean
  readonly names: ReadonlyArray<string>
}

const declared = (node: Node): Found | undefined => {
  const specifiers = nodesAt(node, "specifiers")
  switch (node.type) {
    case "ImportDeclaration":
      return {
        source: nodeAt(node, "source"),
        typeOnly:
          isTypeKind(node["importKind"]) ||
          (specifiers.length > 0 && specifiers.every((one) => isTypeKind(one["importKind"]))),
        names: specifiers.map((one) =>
          one.type === "ImportDefaultSpecifier" ? "default" : nameOf(nodeAt(one, "imported")),
        ),
      }
    case "ExportNamedDeclaration":
      return nodeAt(node, "source") === undefined
        ? undefined
        : {
            source: nodeAt(node, "source"),
            typeOnly:
              isTypeKind(node["exportKind"]) ||
              (specifiers.length > 0 && specifiers.every((one) => isTypeKind(one["exportKind"]))),
            names: specifiers.map((one) => nameOf(nodeAt(one, "local"))),
          }
    case "ExportAllDeclaration":
      return { source: nodeAt(node, "source"), typeOnly: isTypeKind(node["exportKind"]), names: ["*"] }
    case "ImportExpression":
      return { source: nodeAt(node, "source"), typeOnly: false, names: ["*"] }
    case "TSImportType":
      return { source: nodeAt(node, "source") ?? nodeAt(node, "argument"), typeOnly: true, names: ["*"] }
    case "TSExternalModuleReference":
      return { source: nodeAt(node, "expression"), typeOnly: false, names: ["*"] }
    case "CallExpression": {
      const callee = nodeAt(node, "callee")
      return callee?.type === "Identifier" && callee["name"] === "require"
        ? { source: nodesAt(node, "arguments")[0], typeOnly: false, names: ["*"] }
        : undefined
    }
    default:
      return undefined
  }
}

/** Local name -> where it comes from. */
const localNames = (program: Node): ReadonlyMap<string, { readonly specifier: string; readonly module: string }> =>
  new Map(
    nodesAt(program, "body")
      .filter((node) => node.type === "ImportDeclaration")
      .flatMap((node) =>
        nodesAt(node, "specifiers").map((one) => {
          const module = one.type === "ImportDefaultSpecifier" ? "default" : nameOf(nodeAt(one, "imported"))
          return [nameOf(nodeAt(one, "local")), { specifier: literal(nodeAt(node, "source")), module }] as const
        }),
      ),
  )

const memberOf = (node: Node): { readonly object: string; readonly member: string } | undefined => {
  const [objectKey, memberKey] = node.type === "TSQualifiedName" ? ["left", "right"] : ["object", "property"]
  const object = nodeAt(node, objectKey ?? "object")
  const member = nodeAt(node, memberKey ?? "property")
  const isMember = node.type === "TSQualifiedName" || (node.type === "MemberExpression" && node["computed"] !== true)
  return isMember && object?.type === "Identifier" && member?.type === "Identifier"
    ? { object: nameOf(object), member: nameOf(member) }
    : undefined
}

const readsClock = (node: Node): boolean =>
  (node.type === "NewExpression" || node.type === "CallExpression") &&
  nameOf(nodeAt(node, "callee")) === "Date" &&
  (node.type === "CallExpression" || nodesAt(node, "arguments").length === 0)

const castsToAny = (node: Node): boolean =>
  (node.type === "TSAsExpression" || node.type === "TSTypeAssertion" || node.type === "TSSatisfiesExpression") &&
  nodeAt(node, "typeAnnotation")?.type === "TSAnyKeyword"

export const parse = (path: string, text: string): SourceModule => {
  const { errors, program } = parseSync(path, text, { lang: "ts", sourceType: "module" })
  if (errors[0] !== undefined) {
    throw new Error(`${path} is not TypeScript we can read: ${errors[0].message}`)
  }
  const imports: Array<ImportReference> = []
  const members: Array<MemberUse> = []
  const clockReadings: Array<CallUse> = []
  const anyCasts: Array<CallUse> = []
  const lineOf = (node: Node): number => text.slice(0, node.start).split("\n").length
  const tree: unknown = program
  if (!isNode(tree)) {
    throw new Error(`${path}: the parser gave no syntax tree.`)
  }
  const locals = localNames(tree)
  const pending: Array<Node> = [tree]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    pending.push(...childrenOf(node))
    const found = declared(node)
    if (found !== undefined) {
      imports.push({
        specifier: literal(found.source),
        line: lineOf(node),
        typeOnly: found.typeOnly,
        names: found.names,
      })
    }
    const use = memberOf(node)
    const origin = use === undefined ? undefined : locals.get(use.object)
    if (use !== undefined && origin !== undefined) {
      members.push({ ...origin, member: use.member, line: lineOf(node) })
    }
    if (readsClock(node)) {
      clockReadings.push({ name: "Date", line: lineOf(node) })
    }
    if (castsToAny(node)) {
      anyCasts.push({ name: "as any", line: lineOf(node) })
    }
  }
  return { imports: imports.toSorted((left, right) => left.line - right.line), members, clockReadings, anyCasts }
}
