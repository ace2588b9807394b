/**
 * A refund and its lines on the wire.
 *
 * `totalRefundedSet` is the money that went back, tax and shipping included; a line's subtotal is after discounts, and
 * includes tax exactly when the order's prices do.
 */
import { z } from "zod"
import { bag, gid, maybe, money, pageInfo, time } from "./OrderRecord.ts"

export const refundLineSelection = `quantity subtotalSet ${money} totalTaxSet ${money} lineItem { id }`

export const refundSelection = `id createdAt processedAt updatedAt totalRefundedSet ${money}
  refundLineItems(first: 50) { nodes { ${refundLineSelection} } pageInfo { hasNextPage endCursor } }
  refundShippingLines(first: 5) { nodes { subtotalAmountSet ${money} taxAmountSet ${money} } }`

export const RefundLineRecord = z.object({
  quantity: z.int(),
  subtotalSet: bag,
  totalTaxSet: bag,
  lineItem: z.object({ id: gid }),
})
export type RefundLineRecord = z.output<typeof RefundLineRecord>

export const RefundRecord = z.object({
  id: gid,
  createdAt: maybe(time),
  processedAt: time,
  updatedAt: time,
  totalRefundedSet: bag,
  refundLineItems: z.object({ nodes: z.array(RefundLineRecord), pageInfo }),
  refundShippingLines: maybe(z.object({ nodes: z.array(z.object({ subtotalAmountSet: bag, taxAmountSet: bag })) })),
})
export type RefundRecord = z.output<typeof RefundRecord>
