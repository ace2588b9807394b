/**
 * An order or a won deal that may count for a referral, with what is left of it after refunds and edits.
 *
 * Promises: net amounts never fall below zero; refunds of the same lines are counted once, whether the order's newest
 * version or the refund itself arrives first; only what happened at or before `asOf` is subtracted.
 */
import type { DealChanged, Fact, FactKey, OrderPlaced, RefundMade } from "../fact/Fact.ts"
import type { Handle } from "../id/Handle.ts"
import type { Instant } from "../id/Instant.ts"
import type { Currency } from "../money/Currency.ts"
import { scale } from "../money/Money.ts"

export interface Conversion {
  readonly cause: FactKey
  readonly source: "order" | "deal"
  readonly at: Instant
  /** Who bought, as the source knows them; empty for an anonymous sale. */
  readonly friends: ReadonlyArray<Handle>
  readonly currency: Currency
  /** Goods after discounts, without tax and shipping. */
  readonly grossMinor: bigint
  /** What refunds and edits took away, oldest first; `fact` is null for what was edited away. */
  readonly removed: ReadonlyArray<{ readonly fact: FactKey | null; readonly amountMinor: bigint }>
  /** `grossMinor` less what was removed, never below 0; 0 when cancelled. */
  readonly netMinor: bigint
  readonly products: ReadonlySet<string>
  readonly test: boolean
  readonly paid: boolean
  readonly channel: string | null
  readonly cancelledAt: Instant | null
  /** The last refund or cancellation that changed `netMinor`, else `at`. */
  readonly changedAt: Instant
  readonly codes: ReadonlyArray<{ readonly code: string; readonly discountMinor: bigint }>
  readonly attributes: ReadonlyArray<{ readonly key: string; readonly value: string }>
  readonly visits: ReadonlyArray<{ readonly at: Instant; readonly code: string | null }>
  readonly soft: ReadonlyArray<Handle>
}

/** All conversions of the newest facts, in (at, cause) order: the order in which limits are folded. */
export const conversions = (facts: Iterable<Fact>, asOf: Instant): ReadonlyArray<Conversion> => {
  const orders: Array<OrderPlaced> = []
  const deals: Array<DealChanged> = []
  const refundsMade: Array<RefundMade> = []
  for (const fact of facts) {
    if (fact._tag === "OrderPlaced") orders.push(fact)
    else if (fact._tag === "DealChanged") deals.push(fact)
    else if (fact._tag === "RefundMade") refundsMade.push(fact)
  }
  const refunds = Map.groupBy(refundsMade, ({ order }) => order)
  return [
    ...orders.map((order) => fromOrder(order, refunds.get(order.order) ?? [], asOf)),
    ...deals.flatMap((deal) => fromDeal(deal, asOf)),
  ].sort(inOrder)
}

export const inOrder = (left: Conversion, right: Conversion): number =>
  left.at - right.at || (left.cause < right.cause ? -1 : left.cause > right.cause ? 1 : 0)

const sum = (amounts: Iterable<bigint>): bigint => {
  let total = 0n
  for (const amount of amounts) total += amount
  return total
}

/** Whoever knows an order best knows its refunds: what a file told of them is left out once the platform itself tells of either. */
const toldBest = (order: OrderPlaced, refunds: ReadonlyArray<RefundMade>): ReadonlyArray<RefundMade> => {
  const best = refunds.reduce((highest, { rank }) => Math.max(highest, rank), order.rank)
  return refunds.filter(({ rank }) => rank === best)
}

const fromOrder = (order: OrderPlaced, refunds: ReadonlyArray<RefundMade>, asOf: Instant): Conversion => {
  const sameCurrency = toldBest(order, refunds).filter((refund) => refund.currency === order.currency)
  const past = sameCurrency.filter((refund) => refund.occurredAt <= asOf)
  const cancelledAt = order.cancelledAt !== null && order.cancelledAt <= asOf ? order.cancelledAt : null
  const grossMinor = sum(order.lines.map((line) => line.amountMinor))
  // What is missing from the order without a refund of it was edited away.
  const editedMinor = sum(
    order.lines.map((line) => {
      const all = sameCurrency.flatMap((refund) => refund.lines.filter((part) => part.line === line.line))
      const refundedQuantity = all.reduce((total, part) => total + part.quantity, 0)
      const edited = Math.max(0, line.quantity - line.currentQuantity - refundedQuantity)
      return edited === 0 ? 0n : scale(line.amountMinor, BigInt(edited), BigInt(line.quantity))
    }),
  )
  const ordered = new Map<string, number>()
  for (const { line } of order.lines) ordered.set(line, (ordered.get(line) ?? 0) + 1)
  const removed = [
    ...[...past]
      .sort((a, b) => a.occurredAt - b.occurredAt || (a.key < b.key ? -1 : 1))
      .map((refund) => ({
        fact: refund.key as FactKey | null,
        amountMinor:
          refund.otherMinor + sum(refund.lines.map((part) => part.amountMinor * BigInt(ordered.get(part.line) ?? 0))),
      })),
    ...(editedMinor === 0n ? [] : [{ fact: null, amountMinor: editedMinor }]),
  ]
  const leftMinor = grossMinor - sum(removed.map(({ amountMinor }) => amountMinor))
  const netMinor = cancelledAt !== null || leftMinor < 0n ? 0n : leftMinor
  return {
    cause: order.key,
    source: "order",
    at: order.occurredAt,
    friends: [order.customer, order.email].filter((handle) => handle !== null),
    currency: order.currency,
    grossMinor,
    removed,
    netMinor,
    products: new Set(
      order.lines.flatMap((line) => (line.product !== null && line.currentQuantity > 0 ? [line.product] : [])),
    ),
    test: order.test,
    paid: order.paid,
    channel: order.channel,
    cancelledAt,
    changedAt: Math.max(order.occurredAt, cancelledAt ?? 0, ...past.map((refund) => refund.occurredAt)),
    codes: order.codes,
    attributes: order.attributes,
    visits: order.visits,
    soft: order.soft,
  }
}

const fromDeal = (deal: DealChanged, asOf: Instant): ReadonlyArray<Conversion> => {
  if (deal.outcome !== "won" || deal.closedAt === null || deal.closedAt > asOf) return []
  if (deal.currency === null || deal.amountMinor === null) return []
  return [
    {
      cause: deal.key,
      source: "deal",
      at: deal.closedAt,
      friends: deal.contacts,
      currency: deal.currency,
      grossMinor: deal.amountMinor,
      removed: [],
      netMinor: deal.amountMinor,
      products: new Set(),
      test: false,
      paid: true,
      channel: null,
      cancelledAt: null,
      changedAt: deal.closedAt,
      codes: deal.code === null ? [] : [{ code: deal.code, discountMinor: 0n }],
      attributes: [],
      visits: [],
      soft: [],
    },
  ]
}
