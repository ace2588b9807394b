/**
 * The operations that run a bulk query and ask how far it is.
 *
 * Counters are 64-bit and come as text.
 */
import { z } from "zod"
import * as Documents from "./Documents.generated.ts"
import { mutation, query } from "./Operation.ts"
import { maybe } from "./OrderRecord.ts"

const counter = z.union([z.string().regex(/^\d+$/), z.int()]).transform(Number)
const userErrors = z.array(z.object({ message: z.string(), code: maybe(z.string()) }))

export const bulkRun = mutation(
  Documents.BulkRun,
  z.object({ bulkOperationRunQuery: z.object({ bulkOperation: maybe(z.object({ id: z.string() })), userErrors }) }),
)

export const bulkCancel = mutation(
  Documents.BulkCancel,
  z.object({ bulkOperationCancel: z.object({ userErrors: z.array(z.object({ message: z.string() })) }) }),
)

export const bulkPoll = query(
  Documents.BulkPoll,
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
