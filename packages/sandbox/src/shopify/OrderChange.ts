/**
 * What a merchant does to an order: takes payment, gives money back, cancels, takes items off. Each gives the order as it
 * then is, or the words of why not. Refund lines are what is left of the discounted line, by quantity; the world's prices
 * include tax, so there is none of its own.
 */

import type { ShopOrder, ShopRefund } from "../world/World.ts"
import * as Decimal from "./Decimal.ts"
import * as OrderTotals from "./OrderTotals.ts"

export interface RefundRequest {
  /** By line; without it everything that is left. */
  readonly lines?: ReadonlyArray<{ readonly lineId: string; readonly quantity: number }>
  readonly shipping?: boolean
}

export interface ChangeContext {
  readonly now: string
  readonly nextId: () => string
}

const isUnpaid = (order: ShopOrder): boolean =>
  order.financialStatus === "PENDING" || order.financialStatus === "VOIDED"

export const pay = (order: ShopOrder, { now }: ChangeContext): ShopOrder | string =>
  order.financialStatus === "PENDING"
    ? { ...order, financialStatus: "PAID", updatedAt: now }
    : "the order is not pending"

const refundedQuantity = (order: ShopOrder, lineId: string): number =>
  order.refunds
    .flatMap((refund) => refund.lines)
    .filter((line) => line.lineId === lineId)
    .reduce((total, line) => total + line.quantity, 0)

export const refund = (order: ShopOrder, request: RefundRequest, context: ChangeContext): ShopOrder | string => {
  if (isUnpaid(order)) return "the order is not paid"
  const wanted =
    request.lines ??
    order.lines.flatMap(({ id, quantity }) => {
      const left = quantity - refundedQuantity(order, id)
      return left > 0 ? [{ lineId: id, quantity: left }] : []
    })
  const lines: Array<ShopRefund["lines"][number]> = []
  for (const { lineId, quantity } of wanted) {
    const line = order.lines.find((one) => one.id === lineId)
    if (line === undefined) return `the order has no line "${lineId}"`
    const left = line.quantity - refundedQuantity(order, lineId)
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > left) return `of line "${lineId}" ${left} can go back`
    const subtotal = Decimal.share(OrderTotals.lineDiscounted(line), quantity, line.quantity, order.currency)
    lines.push({
      id: context.nextId(),
      lineId,
      quantity,
      subtotal: Decimal.printFixed(subtotal, order.currency),
      tax: Decimal.printFixed(0n, order.currency),
    })
  }
  const shipping = request.shipping === true ? OrderTotals.of(order).currentShipping : 0n
  const total = Decimal.sum(lines.map(({ subtotal }) => Decimal.parse(subtotal))) + shipping
  if (lines.length === 0 && shipping === 0n) return "nothing is left to refund"
  const id = context.nextId()
  const after: ShopOrder = {
    ...order,
    updatedAt: context.now,
    refunds: [
      ...order.refunds,
      {
        id,
        createdAt: context.now,
        updatedAt: context.now,
        total: Decimal.printFixed(total, order.currency),
        lines,
      },
    ],
    lines: order.lines.map((line) => {
      const back = lines.find(({ lineId }) => lineId === line.id)?.quantity ?? 0
      return { ...line, currentQuantity: Math.max(0, line.currentQuantity - back) }
    }),
  }
  const isAll = after.lines.every((line) => refundedQuantity(after, line.id) === line.quantity)
  return { ...after, financialStatus: isAll ? "REFUNDED" : "PARTIALLY_REFUNDED" }
}

export const cancel = (
  order: ShopOrder,
  reason: NonNullable<ShopOrder["cancelReason"]>,
  context: ChangeContext,
): ShopOrder | string => {
  if (order.cancelledAt !== null) return "the order is cancelled already"
  const hasLeft = order.lines.some((line) => refundedQuantity(order, line.id) < line.quantity)
  const settled = isUnpaid(order)
    ? { ...order, financialStatus: "VOIDED" as const }
    : hasLeft
      ? refund(order, { shipping: true }, context)
      : order
  if (typeof settled === "string") return settled
  return {
    ...settled,
    cancelledAt: context.now,
    cancelReason: reason,
    updatedAt: context.now,
    lines: settled.lines.map((line) => ({ ...line, currentQuantity: 0 })),
  }
}

/** Items are taken off; adding some is not implemented. */
export const edit = (
  order: ShopOrder,
  lineId: string,
  quantity: number,
  { now }: ChangeContext,
): ShopOrder | string => {
  const line = order.lines.find((one) => one.id === lineId)
  if (line === undefined) return `the order has no line "${lineId}"`
  if (!Number.isInteger(quantity) || quantity < 0 || quantity >= line.currentQuantity)
    return `of line "${lineId}" ${line.currentQuantity} are left; an edit leaves fewer`
  return {
    ...order,
    updatedAt: now,
    lines: order.lines.map((one) => (one === line ? { ...one, currentQuantity: quantity } : one)),
  }
}
