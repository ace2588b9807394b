/**
 * Renders drafts as Shopify would show them at an instant, and lists the instants at which they change.
 *
 * Promises: a record at an instant holds exactly what had happened by then; `updatedAt` is the last change; the
 * history, the live changes and the present are therefore one story.
 */
import * as Basket from "./Basket.ts"
import { iso, minute } from "./Calendar.ts"
import type { AccountDraft, OrderDraft, RefundDraft, VisitDraft } from "./Draft.ts"
import * as Price from "./Price.ts"
import { rules } from "./World.ts"
import type { ShopCustomer, ShopOrder, ShopRefund, ShopVisit } from "./World.ts"

/** Instants at which an order changes after it was placed, unsorted. */
export const changesOf = (order: OrderDraft): Array<number> =>
  [
    ...(order.source === "web" ? [order.journeyReadyAt, order.fulfilledAt] : []),
    ...(order.paidAt > order.at ? [order.paidAt] : []),
    ...order.refunds.map(({ at }) => at),
    ...(order.cancelled === null ? [] : [order.cancelled.at]),
  ].filter((at) => order.cancelled === null || at <= order.cancelled.at || at === order.journeyReadyAt)

const statusAt = (order: OrderDraft, at: number, refunds: ReadonlyArray<RefundDraft>): ShopOrder["financialStatus"] => {
  if (order.cancelled !== null && order.cancelled.at <= at && order.cancelled.voided) return "VOIDED"
  if (order.paidAt > at) return "PENDING"
  if (refunds.length === 0) return "PAID"
  const left = Basket.returned(order.lines, refunds).some((count, index) => count < (order.lines[index]?.quantity ?? 0))
  return left ? "PARTIALLY_REFUNDED" : "REFUNDED"
}

const refundRecord = (order: OrderDraft, refund: RefundDraft): ShopRefund => ({
  id: refund.id,
  createdAt: iso(refund.at),
  updatedAt: iso(refund.at),
  total: Price.toDecimal(Price.total(refund.lines.map(({ cents }) => cents)) + refund.shippingCents),
  lines: refund.lines.map(({ cents, index, quantity }, position) => ({
    id: `${refund.id}${String(position + 1).padStart(2, "0")}`,
    lineId: order.lines[index]?.id ?? "",
    quantity,
    subtotal: Price.toDecimal(cents),
    tax: "0.00",
  })),
})

const visitRecord = (order: OrderDraft, visit: VisitDraft | null, place: number): ShopVisit | null =>
  visit === null
    ? null
    : {
        id: `${order.id}${place}`,
        occurredAt: iso(visit.at),
        landingPage: visit.landingPage,
        referrerUrl: visit.referrerUrl,
        referralCode: visit.referralCode,
        source: visit.source,
      }

const journeyAt = (order: OrderDraft, at: number): ShopOrder["journey"] => {
  if (order.source === "pos") return null
  if (order.journeyReadyAt > at) return { ready: false, first: null, last: null }
  if (order.visits === null) return { ready: true, first: null, last: null }
  const { first, last } = order.visits
  return { ready: true, first: visitRecord(order, first, 1), last: visitRecord(order, last, last === first ? 1 : 2) }
}

export const orderAt = (order: OrderDraft, at: number): ShopOrder => {
  const refunds = order.refunds.filter((refund) => refund.at <= at)
  const cancelled = order.cancelled !== null && order.cancelled.at <= at ? order.cancelled : null
  const returned = Basket.returned(order.lines, refunds)
  return {
    id: order.id,
    name: order.name,
    createdAt: iso(order.at),
    processedAt: iso(order.at),
    updatedAt: iso(Math.max(order.at, ...changesOf(order).filter((change) => change <= at))),
    cancelledAt: cancelled === null ? null : iso(cancelled.at),
    cancelReason: cancelled?.reason ?? null,
    test: order.test,
    financialStatus: statusAt(order, at, refunds),
    currency: rules.currency,
    customerId: order.account === null || order.asGuest ? null : order.account.customerId,
    email: order.email,
    sourceName: order.source,
    discountCodes: order.codes,
    lines: order.lines.map((line, index) => ({
      id: line.id,
      productId: line.productId,
      title: line.title,
      quantity: line.quantity,
      currentQuantity: cancelled === null ? line.quantity - (returned[index] ?? 0) : 0,
      unitPrice: Price.toDecimal(line.unitCents),
      isGiftCard: line.isGiftCard,
      allocations: line.allocations.map(({ cents, code }) => ({ code, amount: Price.toDecimal(cents) })),
    })),
    shipping: Price.toDecimal(order.shippingCents),
    attributes: order.attributes,
    cartToken: order.cartToken,
    checkoutToken: order.checkoutToken,
    clientIp: order.clientIp,
    shippingAddress: order.address,
    journey: journeyAt(order, at),
    refunds: refunds.map((refund) => refundRecord(order, refund)),
  }
}

/** Null for a guest, who has no customer record. */
export const customerAt = (account: AccountDraft, at: number): ShopCustomer | null => {
  if (account.guest) return null
  const changes = account.changes.filter((change) => change.at <= at)
  const { person } = account
  const last = <Key extends "tags" | "marketing" | "lastName">(key: Key) =>
    changes.findLast((change) => change[key] !== undefined)?.[key]
  return {
    id: account.customerId,
    createdAt: iso(account.createdAt),
    updatedAt: iso(Math.max(account.createdAt + minute, ...changes.map((change) => change.at))),
    firstName: person.firstName,
    lastName: last("lastName") ?? person.lastName,
    email: account.shownEmail,
    phone: account.customerId.endsWith("3") ? null : person.phone,
    locale: person.locale,
    tags: last("tags") ?? [],
    marketing: last("marketing") ?? account.marketing,
  }
}
