/**
 * The amounts of an order, from its lines, allocations and refunds. Prices include tax and shipping is never discounted,
 * as in the simulated world. "Current" amounts are after refunds and edits. A partial refund that exceeds its lines is
 * taken off the shipping.
 */

import type { ShopLine, ShopOrder } from "../world/World.ts"
import * as Decimal from "./Decimal.ts"

export interface OrderTotals {
  readonly originalLines: Decimal.Scaled
  readonly discounts: Decimal.Scaled
  readonly currentDiscounts: Decimal.Scaled
  readonly subtotal: Decimal.Scaled
  readonly currentSubtotal: Decimal.Scaled
  readonly shipping: Decimal.Scaled
  readonly currentShipping: Decimal.Scaled
  readonly total: Decimal.Scaled
  readonly currentTotal: Decimal.Scaled
  readonly received: Decimal.Scaled
  readonly refunded: Decimal.Scaled
  readonly refundedShipping: Decimal.Scaled
  readonly net: Decimal.Scaled
}

export const lineOriginal = (line: ShopLine): Decimal.Scaled => Decimal.parse(line.unitPrice) * BigInt(line.quantity)

export const lineDiscount = (line: ShopLine): Decimal.Scaled =>
  Decimal.sum(line.allocations.map((allocation) => Decimal.parse(allocation.amount)))

export const lineDiscounted = (line: ShopLine): Decimal.Scaled => lineOriginal(line) - lineDiscount(line)

/** What is left of one line: its discounted total less what was refunded and what an edit took off. */
const lineCurrent = (order: ShopOrder, line: ShopLine): Decimal.Scaled => {
  const refunds = order.refunds.flatMap((refund) => refund.lines).filter((refunded) => refunded.lineId === line.id)
  const refundedQuantity = refunds.reduce((total, refund) => total + refund.quantity, 0)
  const refunded = Decimal.sum(refunds.map((refund) => Decimal.parse(refund.subtotal)))
  const edited = Math.max(0, line.quantity - refundedQuantity - line.currentQuantity)
  const current =
    lineDiscounted(line) - refunded - Decimal.share(lineDiscounted(line), edited, line.quantity, order.currency)
  return current < 0n ? 0n : current
}

const wasPaid = (order: ShopOrder): boolean => order.financialStatus !== "PENDING" && order.financialStatus !== "VOIDED"

const known = new WeakMap<ShopOrder, OrderTotals>()

export const of = (order: ShopOrder): OrderTotals => {
  const cached = known.get(order)
  if (cached !== undefined) return cached
  const originalLines = Decimal.sum(order.lines.map(lineOriginal))
  const discounts = Decimal.sum(order.lines.map(lineDiscount))
  const shipping = Decimal.parse(order.shipping)
  const subtotal = originalLines - discounts
  const currentSubtotal = Decimal.sum(order.lines.map((line) => lineCurrent(order, line)))
  const refunded = Decimal.sum(order.refunds.map((refund) => Decimal.parse(refund.total)))
  const refundedLines = Decimal.sum(
    order.refunds.flatMap((refund) => refund.lines.map((line) => Decimal.parse(line.subtotal))),
  )
  const overLines = refunded > refundedLines ? refunded - refundedLines : 0n
  const refundedShipping = overLines > shipping ? shipping : overLines
  const received = wasPaid(order) ? subtotal + shipping : 0n
  const totals: OrderTotals = {
    originalLines,
    discounts,
    currentDiscounts: Decimal.sum(
      order.lines.map((line) => Decimal.share(lineDiscount(line), line.currentQuantity, line.quantity, order.currency)),
    ),
    subtotal,
    currentSubtotal,
    shipping,
    currentShipping: shipping - refundedShipping,
    total: subtotal + shipping,
    currentTotal: currentSubtotal + shipping - refundedShipping,
    received,
    refunded,
    refundedShipping,
    net: received - refunded,
  }
  known.set(order, totals)
  return totals
}
