/**
 * A refund of an order as a fact.
 *
 * Promises: pure; a line's amount is what went back for its goods without tax; `otherMinor` is what went back beyond
 * lines, tax and shipping, never negative, and 0 where shipping is not known.
 */
import type { Page } from "@advocacy-kit/core/connector/FactSource"
import * as Fact from "@advocacy-kit/core/fact/Fact"
import * as Instant from "@advocacy-kit/core/id/Instant"
import * as Currency from "@advocacy-kit/core/money/Currency"
import * as Money from "@advocacy-kit/core/money/Money"
import { orderHandle } from "./OrderFacts.ts"
import { attempt, numberOf, placeOf, type RawRecord } from "./Reading.ts"
import { OrderRecord } from "./wire/OrderRecord.ts"
import { RefundLineRecord, RefundRecord } from "./wire/RefundRecord.ts"

/** `raw.children` are the refund's lines beyond those that came with it; `order` is the order's own record. */
export const ofRefund = (raw: RawRecord, order: unknown): Page => {
  const place = placeOf("refund", raw.record)
  return attempt(place, () => {
    const { currencyCode, id, taxesIncluded } = OrderRecord.parse(order)
    const refund = RefundRecord.parse(raw.record)
    const currency = Currency.make(currencyCode)
    const minor = (bag: { readonly shopMoney: { readonly amount: string } }) =>
      Money.fromDecimal(bag.shopMoney.amount, currency).amountMinor
    const lines = [...refund.refundLineItems.nodes, ...raw.children.map((child) => RefundLineRecord.parse(child))]
    /** With tax either way: what the buyer got back for it. */
    const gross = (subtotalMinor: bigint, taxMinor: bigint) =>
      taxesIncluded ? subtotalMinor : subtotalMinor + taxMinor
    const goodsMinor = lines.reduce(
      (total, line) => total + gross(minor(line.subtotalSet), minor(line.totalTaxSet)),
      0n,
    )
    const shippingMinor = refund.refundShippingLines?.nodes.reduce(
      (total, line) => total + gross(minor(line.subtotalAmountSet), minor(line.taxAmountSet)),
      0n,
    )
    const beyondMinor = shippingMinor === undefined ? 0n : minor(refund.totalRefundedSet) - goodsMinor - shippingMinor
    return {
      facts: [
        {
          _tag: "RefundMade",
          key: Fact.key(place),
          version: Instant.fromIso(refund.updatedAt),
          rank: Fact.rank.api,
          occurredAt: Instant.fromIso(refund.createdAt ?? refund.processedAt),
          order: orderHandle(id),
          currency,
          lines: lines.map((line) => ({
            line: numberOf(line.lineItem.id),
            quantity: line.quantity,
            amountMinor: minor(line.subtotalSet) - (taxesIncluded ? minor(line.totalTaxSet) : 0n),
          })),
          otherMinor: beyondMinor > 0n ? beyondMinor : 0n,
        },
      ],
      personal: [],
      rejected: [],
    }
  })
}
