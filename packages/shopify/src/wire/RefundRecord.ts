/**
 * A refund and its lines on the wire.
 *
 * `totalRefundedSet` is the money that went back, tax and shipping included; a line's subtotal is after discounts, and
 * includes tax exactly when the order's prices do.
 */
import { z } from "zod"
import type { RefundFieldsFragment, RefundLineFieldsFragment } from "./Documents.generated.ts"
import { reads } from "./Operation.ts"
import { bag, gid, maybe, pageInfo, time } from "./OrderRecord.ts"

export const RefundLineRecord = reads<RefundLineFieldsFragment>()(
  z.object({
    quantity: z.int(),
    subtotalSet: bag,
    totalTaxSet: bag,
    lineItem: z.object({ id: gid }),
  }),
)
export type RefundLineRecord = z.output<typeof RefundLineRecord>

export const RefundRecord = reads<RefundFieldsFragment>()(
  z.object({
    id: gid,
    createdAt: maybe(time),
    processedAt: time,
    updatedAt: time,
    totalRefundedSet: bag,
    refundLineItems: z.object({ nodes: z.array(RefundLineRecord), pageInfo }),
    refundShippingLines: maybe(z.object({ nodes: z.array(z.object({ subtotalAmountSet: bag, taxAmountSet: bag })) })),
  }),
)
export type RefundRecord = z.output<typeof RefundRecord>
