/**
 * The full Admin API schema of each supported version, and the field resolver that answers from the shop. The schema is
 * the vendor's own, so a wrong field or argument fails as in production; what the sandbox does not hold fails loudly.
 * Parsed and validated documents are remembered.
 */

import * as fs from "node:fs"
import { gunzipSync } from "node:zlib"
import { buildSchema, GraphQLError, parse, specifiedRules, validate } from "graphql"
import type { DocumentNode, GraphQLFieldResolver, GraphQLSchema } from "graphql"
import { appTables } from "./AppResolvers.ts"
import { bulkTables } from "./BulkResolvers.ts"
import { customerTables } from "./CustomerResolvers.ts"
import { discountMutationTables } from "./DiscountMutations.ts"
import { discountTables } from "./DiscountResolvers.ts"
import { resolver } from "./Execution.ts"
import type { Execution } from "./Execution.ts"
import { flowTables } from "./FlowResolvers.ts"
import { giftCardTables } from "./GiftCardResolvers.ts"
import { metafieldTables } from "./MetafieldResolvers.ts"
import { orderTables } from "./OrderResolvers.ts"
import { refundTables } from "./RefundResolvers.ts"
import { shopTables } from "./ShopResolvers.ts"
import { storeCreditTables } from "./StoreCreditResolvers.ts"
import type { TypeFields } from "./Execution.ts"
import { webhookTables } from "./WebhookResolvers.ts"

export const versions = ["2026-10", "2026-07"] as const
export type Version = (typeof versions)[number]

const schemas = new Map<Version, GraphQLSchema>()

export const load = (version: Version): GraphQLSchema => {
  const known = schemas.get(version)
  if (known !== undefined) return known
  const file = new URL(`../../data/admin-${version}.graphql.gz`, import.meta.url)
  const schema = buildSchema(gunzipSync(fs.readFileSync(file)).toString("utf8"), {
    assumeValid: true,
    assumeValidSDL: true,
    noLocation: true,
  })
  schemas.set(version, schema)
  return schema
}

/** Tables of one type may come from several files; each file's fields are added. */
const merged = (tables: ReadonlyArray<TypeFields>): ReadonlyArray<TypeFields> => {
  const byType = new Map<string, TypeFields>()
  for (const { resolvers, typeName } of tables) {
    byType.set(typeName, { typeName, resolvers: { ...byType.get(typeName)?.resolvers, ...resolvers } })
  }
  return [...byType.values()]
}

const tables = merged(
  [
    orderTables,
    refundTables,
    customerTables,
    discountTables,
    discountMutationTables,
    metafieldTables,
    storeCreditTables,
    giftCardTables,
    flowTables,
    shopTables,
    appTables,
    webhookTables,
    bulkTables,
  ].flat(),
)

export const fieldResolver: GraphQLFieldResolver<unknown, Execution> = resolver(tables)

/** Names of the fields of a root type that are resolved. */
export const rootFields = (typeName: "QueryRoot" | "Mutation"): ReadonlyArray<string> =>
  tables.filter((table) => table.typeName === typeName).flatMap(({ resolvers }) => Object.keys(resolvers))

export type Document = { readonly document: DocumentNode } | { readonly errors: ReadonlyArray<GraphQLError> }

const documents = new Map<string, Document>()
const rememberedDocuments = 500

const code = (error: GraphQLError): GraphQLError => {
  const undefinedField = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(error.message)
  const extensions =
    undefinedField === null
      ? { code: "GRAPHQL_VALIDATION_FAILED" }
      : { code: "undefinedField", fieldName: undefinedField[1], typeName: undefinedField[2] }
  return new GraphQLError(error.message, { ...(error.nodes === undefined ? {} : { nodes: error.nodes }), extensions })
}

/** Parses and validates; syntax errors come back as errors too. */
export const readDocument = (version: Version, text: string): Document => {
  const key = `${version} ${text}`
  const known = documents.get(key)
  if (known !== undefined) return known
  const read = (): Document => {
    try {
      const document = parse(text)
      const errors = validate(load(version), document, specifiedRules)
      return errors.length === 0 ? { document } : { errors: errors.map(code) }
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [error] }
      throw error
    }
  }
  if (documents.size >= rememberedDocuments) documents.clear()
  const fresh = read()
  documents.set(key, fresh)
  return fresh
}
