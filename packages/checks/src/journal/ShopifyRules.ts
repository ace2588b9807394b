/**
 * Shopify's own schema held against every exchange with Shopify in the journal.
 *
 * Promises: every document is valid and uses nothing deprecated, inner documents of bulk operations included; every
 * answer fits its document (`GraphqlAnswer`); every row of a bulk result fits the part of the document that made it. Any
 * address besides the Admin API and bulk results is a fault.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import {
  buildSchema,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoDeprecatedCustomRule,
  parse,
  specifiedRules,
  validate,
} from "graphql"
import { rowFaults, type RowDocuments, rowDocuments } from "./BulkRows.ts"
import * as GraphqlAnswer from "./GraphqlAnswer.ts"
import { type JournalEntry, place } from "./JournalEntry.ts"

export const version = "2026-10"

export const loadSchema = (root: string): GraphQLSchema =>
  buildSchema(
    gunzipSync(readFileSync(join(root, `packages/sandbox/data/admin-${version}.graphql.gz`))).toString("utf8"),
    { assumeValid: true, assumeValidSDL: true, noLocation: true },
  )

const strictRules = [...specifiedRules, NoDeprecatedCustomRule]

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const readJson = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

/** A valid document, or why it is none. */
const readDocument = (schema: GraphQLSchema, text: string): DocumentNode | ReadonlyArray<string> => {
  try {
    const document = parse(text)
    const errors = validate(schema, document, strictRules)
    return errors.length === 0 ? document : errors.map(({ message }) => message)
  } catch (error) {
    return [error instanceof GraphQLError ? error.message : String(error)]
  }
}

interface Reader {
  readonly schema: GraphQLSchema
  /** Valid documents by their text; a connector sends few different ones. */
  readonly documents: Map<string, DocumentNode | ReadonlyArray<string>>
  /** What the rows of a bulk operation may be, by the operation's id, then by the result's address. */
  readonly operations: Map<string, RowDocuments>
  readonly results: Map<string, RowDocuments>
}

const documentOf = (reader: Reader, text: string): DocumentNode | ReadonlyArray<string> => {
  const known = reader.documents.get(text)
  if (known !== undefined) {
    return known
  }
  const fresh = readDocument(reader.schema, text)
  reader.documents.set(text, fresh)
  return fresh
}

/** Remembers which document a bulk operation runs and where its result will be. */
const followBulk = (reader: Reader, given: Readonly<Record<string, unknown>>, data: unknown): ReadonlyArray<string> => {
  if (!isRecord(data)) {
    return []
  }
  const [begun, seen] = [data["bulkOperationRunQuery"], data["bulkOperation"]]
  if (isRecord(begun) && isRecord(begun["bulkOperation"])) {
    const document = documentOf(reader, String(given["query"]))
    if (!("kind" in document)) {
      return document.map((message) => `in the bulk document: ${message}`)
    }
    reader.operations.set(String(begun["bulkOperation"]["id"]), rowDocuments(reader.schema, document))
  }
  if (isRecord(seen) && typeof seen["url"] === "string") {
    const rows = reader.operations.get(String(given["id"]))
    if (rows !== undefined) {
      reader.results.set(seen["url"], rows)
    }
  }
  return []
}

const exchangeFaults = (reader: Reader, entry: JournalEntry): ReadonlyArray<string> => {
  const { query, variables } = readJson(entry.requestBody)
  if (typeof query !== "string") {
    return ["sends no GraphQL document"]
  }
  const document = documentOf(reader, query)
  if (!("kind" in document)) {
    return document
  }
  const answer = readJson(entry.responseBody)
  if (answer["errors"] !== undefined) {
    return [`was answered with errors: ${JSON.stringify(answer["errors"]).slice(0, 300)}`]
  }
  const given = isRecord(variables) ? variables : {}
  return [
    ...GraphqlAnswer.faults(reader.schema, { document, variables: given, data: answer["data"] }),
    ...followBulk(reader, given, answer["data"]),
  ]
}

const faultsOf = (reader: Reader, entry: JournalEntry): ReadonlyArray<string> => {
  if (entry.method === "POST" && new URL(entry.url).pathname === `/admin/api/${version}/graphql.json`) {
    return exchangeFaults(reader, entry)
  }
  const rows = reader.results.get(entry.url)
  return entry.method === "GET" && rows !== undefined
    ? rowFaults(reader.schema, rows, entry.responseBody)
    : ["is neither the Admin API nor the result of a bulk operation that was asked for"]
}

export interface ShopifyFindings {
  readonly faults: ReadonlyArray<string>
  /** Different documents and bulk results that were read. */
  readonly documents: number
  readonly results: number
}

export const judge = (schema: GraphQLSchema, entries: ReadonlyArray<JournalEntry>): ShopifyFindings => {
  const reader: Reader = { schema, documents: new Map(), operations: new Map(), results: new Map() }
  const faults = entries.flatMap((entry, index) =>
    entry.platform === "shopify" ? faultsOf(reader, entry).map((fault) => `${place(entry, index)} ${fault}`) : [],
  )
  return { faults, documents: reader.documents.size, results: reader.results.size }
}
