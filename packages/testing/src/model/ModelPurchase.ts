/**
 * The reference model, part 2: purchases, and what the buyer keeps of them. See docs/crediting.md, "Evidence" and "Amounts".
 */
import type { DealChanged, FactKey, OrderPlaced } from "@advocacy-kit/core/fact/Fact"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import type { Currency } from "@advocacy-kit/core/money/Currency"
import { all, companiesOf, inOrder, personOf, type ModelHistory } from "./ModelHistory.ts"

export interface ModelPurchase {
  readonly kind: "order" | "deal"
  readonly key: FactKey
  readonly at: Instant
  readonly fact: OrderPlaced | DealChanged
  /** Every handle of the buyer, whom it is credited to first. */
  readonly buyers: ReadonlyArray<Handle>
  readonly currency: Currency | null
  readonly grossMinor: bigint
  readonly netMinor: bigint
  readonly test: boolean
  readonly cancelledAt: Instant | null
  readonly cancelled: boolean
  readonly paid: boolean
  /** When what is left of it last changed. */
  readonly changedAt: Instant
}

/** Half away from zero. Nothing here is negative. */
export const rounded = (amount: bigint, numerator: bigint, denominator: bigint): bigint =>
  (2n * amount * numerator + denominator) / (2n * denominator)

const ofOrder = (history: ModelHistory, order: OrderPlaced): ModelPurchase => {
  const refunds = all(history, "RefundMade").filter(
    (refund) => refund.order === order.order && refund.currency === order.currency,
  )
  const refunded = refunds
    .flatMap(({ lines }) => lines)
    .filter(({ line }) => order.lines.some((one) => one.line === line))
  const grossMinor = order.lines.reduce((sum, line) => sum + line.amountMinor, 0n)
  const edited = order.lines.reduce((sum, line) => {
    const back = refunded.filter((one) => one.line === line.line).reduce((count, one) => count + one.quantity, 0)
    const gone = Math.max(0, line.quantity - line.currentQuantity - back)
    return gone === 0 ? sum : sum + rounded(line.amountMinor, BigInt(gone), BigInt(line.quantity))
  }, 0n)
  const givenBack =
    refunded.reduce((sum, one) => sum + one.amountMinor, 0n) + refunds.reduce((sum, one) => sum + one.otherMinor, 0n)
  const cancelled = order.cancelledAt !== null && order.cancelledAt <= history.asOf
  const left = cancelled ? 0n : grossMinor - edited - givenBack
  return {
    kind: "order",
    key: order.key,
    at: order.occurredAt,
    fact: order,
    buyers: [order.customer, order.email].filter((handle) => handle !== null),
    currency: order.currency,
    grossMinor,
    netMinor: left < 0n ? 0n : left,
    test: order.test,
    cancelledAt: order.cancelledAt,
    cancelled,
    paid: order.paid,
    changedAt: Math.max(
      order.occurredAt,
      cancelled ? (order.cancelledAt ?? 0) : 0,
      ...refunds.map(({ occurredAt }) => occurredAt),
    ),
  }
}

const ofDeal = (deal: DealChanged, closedAt: Instant, amountMinor: bigint): ModelPurchase => ({
  kind: "deal",
  key: deal.key,
  at: closedAt,
  fact: deal,
  buyers: deal.contacts,
  currency: deal.currency,
  grossMinor: amountMinor,
  netMinor: amountMinor,
  test: false,
  cancelledAt: null,
  cancelled: false,
  paid: true,
  changedAt: closedAt,
})

/** Every purchase in the order in which rules are applied: time, then key. A deal is one once it is won and closed. */
export const purchases = (history: ModelHistory): ReadonlyArray<ModelPurchase> =>
  [
    ...all(history, "OrderPlaced").map((order) => ofOrder(history, order)),
    ...all(history, "DealChanged").flatMap((deal) =>
      deal.outcome === "won" &&
      deal.closedAt !== null &&
      deal.closedAt <= history.asOf &&
      deal.amountMinor !== null &&
      deal.currency !== null
        ? [ofDeal(deal, deal.closedAt, deal.amountMinor)]
        : [],
    ),
  ].sort(inOrder)

export const isBuyer = (history: ModelHistory, { buyers }: ModelPurchase, handle: Handle): boolean =>
  buyers.some((buyer) => personOf(history, buyer) === personOf(history, handle))

export const buyerCompanies = (history: ModelHistory, { buyers }: ModelPurchase): ReadonlyArray<Handle> =>
  buyers.flatMap((buyer) => companiesOf(history, buyer))

/** Whether the buyer, or anybody of their company, had bought before, as it stood at this purchase. */
export const boughtBefore = (
  history: ModelHistory,
  bought: ReadonlyArray<ModelPurchase>,
  purchase: ModelPurchase,
  per: "person" | "company",
): boolean =>
  bought.some(
    (earlier) =>
      inOrder(earlier, purchase) < 0 &&
      !earlier.test &&
      (earlier.cancelledAt === null || earlier.cancelledAt >= purchase.at) &&
      (earlier.buyers.some((buyer) => isBuyer(history, purchase, buyer)) ||
        (per === "company" &&
          buyerCompanies(history, earlier).some((company) => buyerCompanies(history, purchase).includes(company)))),
  )
