/**
 * The operations that run a bulk query and ask how far it is.
 *
 * Counters are 64-bit and come as text.
 */
import { z } from "zod"
import { operation } from "./Operation.ts"
import { maybe } from "./OrderRecord.ts"

const counter = z.union([z.string().regex(/^\d+$/), z.int()]).transform(Number)
const userErrors = z.array(z.object({ message: z.string(), code: maybe(z.string()) }))

export const bulkRun = operation(
  "BulkRun",
  10,
  `mutation BulkRun($query: String!) {
  bulkOperationRunQuery(query: $query, groupObjects: false) { bulkOperation { id } userErrors { message code } } }`,
  z.object({ bulkOperationRunQuery: z.object({ bulkOperation: maybe(z.object({ id: z.string() })), userErrors }) }),
)

export const bulkPoll = operation(
  "BulkPoll",
  1,
  `query BulkPoll($id: ID!) {
  bulkOperation(id: $id) { id status errorCode createdAt objectCount rootObjectCount url } }`,
  z.object({
    bulkOperation: maybe(
      z.object({
        status: z.string(),
        errorCode: maybe(z.string()),
        createdAt: z.iso.datetime({ offset: true }),
        objectCount: counter,
        rootObjectCount: counter,
        url: maybe(z.string()),
      }),
    ),
  }),
)
