/**
 * One GraphQL request from its body to its answer: parse and validate, price and reserve, execute, settle, and attach
 * `extensions.cost`. It knows nothing of HTTP beyond the status, and nothing of the fields. Unexpected exceptions in
 * resolvers become errors in the answer and are written to standard error.
 */

import { execute, GraphQLError, Kind, visit } from "graphql"
import type { DocumentNode, ExecutionResult, OperationDefinitionNode } from "graphql"
import * as AdminSchema from "./AdminSchema.ts"
import { maximumPage } from "./Connection.ts"
import type { Execution } from "./Execution.ts"
import * as QueryCost from "./QueryCost.ts"
import { operationOf, reading } from "./Selection.ts"
import type { ThrottleBucket } from "./ThrottleBucket.ts"

export const maximumQueryCost = 1_000

const rateLimits = "https://shopify.dev/api/usage/rate-limits"

export interface GraphqlRequest {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly operationName: string | null
}

export interface GraphqlAnswer {
  readonly body: unknown
  readonly isMutation: boolean
}

/** The request in a parsed JSON body, or the words of what is wrong with it. */
export const readRequest = (body: unknown): GraphqlRequest | string => {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    return "The body must be a JSON object with a query"
  const { operationName, query, variables } = body as Readonly<Record<string, unknown>>
  if (typeof query !== "string" || query.trim() === "") return "Required parameter missing or invalid: query"
  if (variables !== undefined && variables !== null && (typeof variables !== "object" || Array.isArray(variables)))
    return "Variables must be an object"
  return {
    query,
    variables: (variables ?? {}) as Readonly<Record<string, unknown>>,
    operationName: typeof operationName === "string" ? operationName : null,
  }
}

const withoutData = (...errors: ReadonlyArray<unknown>) => ({ errors })

const tooLongList = (
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): GraphQLError | undefined => {
  const refuse = (length: number) =>
    new GraphQLError(`The input array size of ${length} is greater than the maximum allowed of ${maximumPage}.`, {
      extensions: { code: "MAX_INPUT_SIZE_EXCEEDED" },
    })
  const inValue = (value: unknown): GraphQLError | undefined => {
    if (typeof value !== "object" || value === null) return undefined
    if (Array.isArray(value) && value.length > maximumPage) return refuse(value.length)
    for (const inner of Object.values(value)) {
      const found = inValue(inner)
      if (found !== undefined) return found
    }
    return undefined
  }
  let inDocument: GraphQLError | undefined
  visit(document, {
    ListValue: (list) => {
      if (list.values.length > maximumPage) inDocument = refuse(list.values.length)
    },
  })
  return inValue(variables) ?? inDocument
}

/** Own refusals keep their code; anything else is a fault of the sandbox or its world, and is shown as such. */
const shown = (error: GraphQLError) => {
  const original = error.originalError
  if (original !== undefined && original !== null && !(original instanceof GraphQLError)) {
    process.stderr.write(`Shopify sandbox: ${original.stack ?? original.message}\n`)
    return { ...error.toJSON(), extensions: { code: "INTERNAL_SERVER_ERROR" } }
  }
  return error.toJSON()
}

/** One refused field of each of 250 rows is 250 errors; after so many the real API stops listing them. */
const maximumErrors = 100
const tooManyErrors = { message: "Too many execution errors, max error limit reached. Results truncated" }

const listed = (errors: ReadonlyArray<GraphQLError>) =>
  errors.length <= maximumErrors ? errors.map(shown) : [...errors.slice(0, maximumErrors).map(shown), tooManyErrors]

const answered = (result: ExecutionResult) => ({
  ...(result.data === undefined ? {} : { data: result.data }),
  ...(result.errors === undefined ? {} : { errors: listed(result.errors) }),
})

const tooDear = (cost: number) => ({
  message: `Query cost is ${cost}, which exceeds the single query max cost limit (${maximumQueryCost}). Ask for smaller pages or use a bulk operation.`,
  extensions: { code: "MAX_COST_EXCEEDED", cost, maxCost: maximumQueryCost, documentation: rateLimits },
})

const throttledBody = (requestedQueryCost: number, bucket: ThrottleBucket) => ({
  ...withoutData({ message: "Throttled", extensions: { code: "THROTTLED", documentation: rateLimits } }),
  extensions: { cost: { requestedQueryCost, actualQueryCost: null, throttleStatus: bucket.status() } },
})

const operationIn = (document: DocumentNode, request: GraphqlRequest): OperationDefinitionNode | string =>
  operationOf(document, request.operationName) ??
  (request.operationName === null
    ? "An operation name is required for a document with several operations"
    : `No operation named "${request.operationName}"`)

export const answer = async (
  version: AdminSchema.Version,
  request: GraphqlRequest,
  execution: Execution,
  bucket: ThrottleBucket,
  throttleByFault: () => boolean,
): Promise<GraphqlAnswer> => {
  const refused = (...errors: ReadonlyArray<unknown>): GraphqlAnswer => ({
    body: withoutData(...errors),
    isMutation: false,
  })
  const read = AdminSchema.readDocument(version, request.query)
  if ("errors" in read) return refused(...read.errors.map((error) => error.toJSON()))
  const { document } = read
  const operation = operationIn(document, request)
  if (typeof operation === "string") return refused({ message: operation })
  const tooLong = tooLongList(document, request.variables)
  if (tooLong !== undefined) return refused(tooLong.toJSON())
  const schema = AdminSchema.load(version)
  const from = reading(schema, document, { ...defaults(operation), ...request.variables })
  const requestedQueryCost = QueryCost.requested(from, operation)
  if (requestedQueryCost > maximumQueryCost) return refused(tooDear(requestedQueryCost))
  if (throttleByFault()) {
    bucket.refuse()
    return { body: throttledBody(requestedQueryCost, bucket), isMutation: false }
  }
  if (!bucket.take(requestedQueryCost)) return { body: throttledBody(requestedQueryCost, bucket), isMutation: false }
  const result = await execute({
    schema,
    document,
    variableValues: request.variables,
    operationName: request.operationName,
    fieldResolver: AdminSchema.fieldResolver,
    contextValue: execution,
  })
  const actualQueryCost = Math.min(requestedQueryCost, QueryCost.actual(from, operation, result.data))
  bucket.settle(requestedQueryCost, actualQueryCost)
  const cost = { requestedQueryCost, actualQueryCost, throttleStatus: bucket.status() }
  return { body: { ...answered(result), extensions: { cost } }, isMutation: operation.operation === "mutation" }
}

const defaults = (operation: OperationDefinitionNode): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    (operation.variableDefinitions ?? []).flatMap(({ defaultValue, variable }) =>
      defaultValue?.kind === Kind.INT ? [[variable.name.value, Number(defaultValue.value)]] : [],
    ),
  )
