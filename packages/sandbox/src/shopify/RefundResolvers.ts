/**
 * Refunds with their lines, and the payment transactions of an order: one sale, and one refund transaction for each
 * refund. Refund lines are after discounts and include tax, as the world states them.
 */

import type { ShopRefund } from "../world/World.ts"
import { listPage } from "./Connection.ts"
import type { PageArguments } from "./Connection.ts"
import * as Decimal from "./Decimal.ts"
import { fields } from "./Execution.ts"
import type { TypeFields } from "./Execution.ts"
import * as GlobalId from "./GlobalId.ts"
import * as OrderTotals from "./OrderTotals.ts"
import { instant, money, moneyBag } from "./Scalars.ts"
import type { OrderRow } from "./ShopState.ts"

export interface RefundRow {
  readonly __typename: "Refund"
  readonly refund: ShopRefund
  readonly order: OrderRow
}

interface RefundLineRow {
  readonly line: ShopRefund["lines"][number]
  readonly order: OrderRow
}

export const refundRows = (order: OrderRow): ReadonlyArray<RefundRow> =>
  order.refunds.map((refund) => ({ __typename: "Refund", refund, order }))

const transaction = (order: OrderRow, kind: "SALE" | "REFUND", number: string, at: string, amount: Decimal.Scaled) => ({
  __typename: "OrderTransaction",
  id: GlobalId.make("OrderTransaction", number),
  kind,
  status: order.financialStatus === "PENDING" ? "PENDING" : "SUCCESS",
  gateway: "shopify_payments",
  formattedGateway: "Shopify Payments",
  test: order.test,
  createdAt: instant(at),
  processedAt: instant(at),
  amountSet: moneyBag(amount, order.currency),
  errorCode: null,
  parentTransaction: null,
})

export const transactionRows = (order: OrderRow) =>
  order.financialStatus === "VOIDED"
    ? []
    : [
        transaction(order, "SALE", order.id, order.processedAt, OrderTotals.of(order).total),
        ...order.refunds.map((refund) =>
          transaction(order, "REFUND", refund.id, refund.createdAt, Decimal.parse(refund.total)),
        ),
      ]

/** What went back beyond the lines is shipping: the world knows no other reason. */
const refundedShipping = (refund: ShopRefund, order: OrderRow) => {
  const shipping = Decimal.parse(refund.total) - Decimal.sum(refund.lines.map((line) => Decimal.parse(line.subtotal)))
  if (shipping <= 0n) return []
  return [
    {
      __typename: "RefundShippingLine",
      id: GlobalId.make("RefundShippingLine", refund.id),
      subtotalAmountSet: moneyBag(shipping, order.currency),
      taxAmountSet: moneyBag(Decimal.parse("0"), order.currency),
    },
  ]
}

const refundFields = fields<RefundRow>("Refund", {
  id: ({ refund }) => GlobalId.make("Refund", refund.id),
  legacyResourceId: ({ refund }) => refund.id,
  createdAt: ({ refund }) => instant(refund.createdAt),
  processedAt: ({ refund }) => instant(refund.createdAt),
  updatedAt: ({ refund }) => instant(refund.updatedAt),
  note: () => null,
  order: ({ order }) => order,
  totalRefundedSet: ({ order, refund }) => moneyBag(Decimal.parse(refund.total), order.currency),
  totalRefunded: ({ order, refund }) => money(Decimal.parse(refund.total), order.currency),
  refundLineItems: ({ order, refund }, args: PageArguments, execution) =>
    listPage(
      refund.lines.map((line) => ({ line, order })),
      args,
      execution,
    ),
  refundShippingLines: ({ order, refund }, args: PageArguments, execution) =>
    listPage(refundedShipping(refund, order), args, execution),
})

const refundLineFields = fields<RefundLineRow>("RefundLineItem", {
  id: ({ line }) => GlobalId.make("RefundLineItem", line.id),
  quantity: ({ line }) => line.quantity,
  restockType: () => "RETURN",
  restocked: () => true,
  subtotalSet: ({ line, order }) => moneyBag(Decimal.parse(line.subtotal), order.currency),
  totalTaxSet: ({ line, order }) => moneyBag(Decimal.parse(line.tax), order.currency),
  priceSet: ({ line, order }) =>
    moneyBag(Decimal.share(Decimal.parse(line.subtotal), 1, line.quantity, order.currency), order.currency),
  lineItem: ({ line, order }) => {
    const sold = order.lines.find((one) => one.id === line.lineId)
    if (sold === undefined)
      throw new Error(
        `Refund line ${line.id} of order ${order.id} names line ${line.lineId}, which the order does not have`,
      )
    return { __typename: "LineItem", line: sold, order }
  },
})

export const refundTables: ReadonlyArray<TypeFields> = [refundFields, refundLineFields]
