/**
 * The operations that read orders and refunds.
 */
import { z } from "zod"
import * as Documents from "./Documents.generated.ts"
import { query } from "./Operation.ts"
import { looseNodes, maybe, time } from "./OrderRecord.ts"

const looseList = z.object({ nodes: z.array(z.unknown()) })

export const ordersPage = query(Documents.OrdersPage, z.object({ orders: looseNodes }))

export const ordersById = query(Documents.OrdersById, looseList)
export const ordersAtOnce = Documents.OrdersById.atMost.ids

export const refundsOfOrders = query(Documents.RefundsOfOrders, looseList)
export const refundedAtOnce = Documents.RefundsOfOrders.atMost.ids

export const moreLines = query(Documents.MoreLines, z.object({ order: maybe(z.object({ lineItems: looseNodes })) }))

export const moreRefundLines = query(
  Documents.MoreRefundLines,
  z.object({ node: maybe(z.object({ refundLineItems: looseNodes.optional() })) }),
)

const created = z.object({ nodes: z.array(z.object({ createdAt: time })) })
const changed = z.object({ nodes: z.array(z.object({ updatedAt: time })) })
export const ordersSpan = query(
  Documents.OrdersSpan,
  z.object({ oldest: created, newest: created, changed, ordersCount: maybe(z.object({ count: z.int() })) }),
)

/** A slice of the history, for a bulk operation; a line arrives as a child with `__parentId`. */
export const ordersBulk = Documents.OrdersBulk
