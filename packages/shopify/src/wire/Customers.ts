/**
 * The operations that read customers.
 *
 * Shopify compares the `updated_at` of customers by whole days, so the search begins early and is filtered here.
 */
import { z } from "zod"
import * as Documents from "./Documents.generated.ts"
import { query } from "./Operation.ts"
import { looseNodes, time } from "./OrderRecord.ts"

export const customersPage = query(Documents.CustomersPage, z.object({ customers: looseNodes }))

export const customersById = query(Documents.CustomersById, z.object({ nodes: z.array(z.unknown()) }))
export const customersAtOnce = Documents.CustomersById.atMost.ids

const stamped = z.object({ nodes: z.array(z.object({ updatedAt: time })) })
export const customersSpan = query(Documents.CustomersSpan, z.object({ changed: stamped }))

/** The whole history, for a bulk operation. */
export const customersBulk = Documents.CustomersBulk
