/**
 * Whether a GraphQL answer is one that the schema allows for its document.
 *
 * Promises: the answer is executed again as if it were the source: every non-null field is there, every built-in scalar and
 * enum has its kind, and the answer holds nothing that was not asked for. Where an answer does not name the concrete type
 * of an abstract field, the type is the one whose selected fields are those in the answer. Formats of the platform's own
 * scalars are checked where a rule is known. Pure.
 */
import { isDeepStrictEqual } from "node:util"
import {
  defaultTypeResolver,
  type DocumentNode,
  executeSync,
  type GraphQLAbstractType,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type GraphQLTypeResolver,
  getNamedType,
  isAbstractType,
  isObjectType,
  type SelectionSetNode,
} from "graphql"

export interface Answered {
  readonly document: DocumentNode
  readonly variables: Readonly<Record<string, unknown>>
  readonly data: unknown
}

/** What the platform's own scalars look like, by name. Others are taken as they come. */
const formats: Readonly<Record<string, (value: unknown) => boolean>> = {
  DateTime: (value) =>
    typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value),
  Decimal: (value) => typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value),
  UnsignedInt64: (value) => typeof value === "string" && /^\d+$/.test(value),
  URL: (value) => typeof value === "string" && URL.canParse(value),
  Money: (value) => typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value),
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Reads the field under the name that the document gives it. */
const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, _args, _context, info) => {
  const value = isRecord(source) ? source[String(info.path.key)] : undefined
  const named = getNamedType(info.returnType)
  const format = formats[named.name]
  for (const one of Array.isArray(value) ? value : [value]) {
    if (format !== undefined && one !== null && one !== undefined && !format(one)) {
      throw new Error(`${JSON.stringify(one)} is not a ${named.name}`)
    }
  }
  return value
}

/** The names under which a selection answers for an object of type `type`. */
const namesFor = (info: GraphQLResolveInfo, type: GraphQLObjectType, set: SelectionSetNode): ReadonlyArray<string> =>
  set.selections.flatMap((selection) => {
    if (selection.kind === "Field") {
      return [selection.alias?.value ?? selection.name.value]
    }
    const fragment = selection.kind === "InlineFragment" ? selection : info.fragments[selection.name.value]
    const condition = fragment?.typeCondition?.name.value
    const named = condition === undefined ? type : info.schema.getType(condition)
    const applies = named === type || (isAbstractType(named) && info.schema.isSubType(named, type))
    return fragment !== undefined && applies ? namesFor(info, type, fragment.selectionSet) : []
  })

const byShape = (value: unknown, info: GraphQLResolveInfo, type: GraphQLAbstractType): string | undefined => {
  const sets = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? [])
  const given = isRecord(value) ? Object.keys(value).toSorted() : []
  const id = isRecord(value) ? /^gid:\/\/shopify\/(\w+)\//.exec(String(value["id"]))?.[1] : undefined
  const possible = info.schema.getPossibleTypes(type)
  const named = possible.find(({ name }) => name === id)
  return (
    named ??
    possible.find((one) =>
      isDeepStrictEqual([...new Set(sets.flatMap((set) => namesFor(info, one, set)))].toSorted(), given),
    )
  )?.name
}

const typeResolver: GraphQLTypeResolver<unknown, unknown> = (value, context, info, type) => {
  const said = isRecord(value) ? value["__typename"] : undefined
  return typeof said === "string" && isObjectType(info.schema.getType(said))
    ? said
    : (byShape(value, info, type) ?? defaultTypeResolver(value, context, info, type))
}

/** Where `given` has something that `understood` has not, or has it otherwise. */
const difference = (given: unknown, understood: unknown, path: string): string | undefined => {
  if (isRecord(given) && isRecord(understood)) {
    const name = Object.keys(given).find((key) => !Object.hasOwn(understood, key))
    if (name !== undefined) {
      return `${path}.${name} was not asked for`
    }
    for (const key of Object.keys(understood)) {
      const found = difference(given[key], understood[key], `${path}.${key}`)
      if (found !== undefined) {
        return found
      }
    }
    return undefined
  }
  if (Array.isArray(given) && Array.isArray(understood)) {
    return given
      .map((item, at) => difference(item, understood[at], `${path}[${at}]`))
      .find((found) => found !== undefined)
  }
  return isDeepStrictEqual(given, understood)
    ? undefined
    : `${path} is ${JSON.stringify(given)}, which the schema reads as ${JSON.stringify(understood)}`
}

/** What is wrong with an answer; nothing when it fits. The document must be valid. */
export const faults = (schema: GraphQLSchema, { data, document, variables }: Answered): ReadonlyArray<string> => {
  const result = executeSync({
    schema,
    document,
    rootValue: data,
    variableValues: variables,
    fieldResolver,
    typeResolver,
  })
  if (result.errors !== undefined) {
    return result.errors.map(({ message, path }) => `${path?.join(".") ?? "variables"}: ${message}`)
  }
  const found = difference(data, result.data, "data")
  return found === undefined ? [] : [found]
}
