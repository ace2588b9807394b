/**
 * Which webhooks a change of the shop sends: topics with their bodies, from the change itself and what was there before.
 * A change that a client cannot subscribe to sends none. The world's own deliveries of the live phase are told apart,
 * because they have delays of their own.
 */

import type { LiveChange, ShopCustomer, ShopOrder } from "../world/World.ts"
import * as GlobalId from "./GlobalId.ts"
import { shopNumber } from "./NodeLookup.ts"
import type { ShopEvent, StoredBulkOperation } from "./ShopEvent.ts"
import { codeKey } from "./ShopState.ts"
import type { CustomerRow, OrderRow, ShopState } from "./ShopState.ts"
import * as WebhookPayload from "./WebhookPayload.ts"

export interface Notice {
  readonly topic: string
  /** Names what changed, for telling equal bodies apart. */
  readonly object: string
  readonly body: unknown
  /** One delivery for each; several are duplicates of one webhook, none is a webhook that gets lost. */
  readonly afterSeconds: ReadonlyArray<number>
}

const notice = (topic: string, object: string, body: unknown, ...afterSeconds: ReadonlyArray<number>): Notice => ({
  topic,
  object,
  body,
  afterSeconds: afterSeconds.length === 0 ? [0] : afterSeconds,
})

const isPaid = (order: ShopOrder): boolean => !["PENDING", "VOIDED"].includes(order.financialStatus)

const orderNotices = (before: OrderRow | undefined, after: ShopOrder, state: ShopState): ReadonlyArray<Notice> => {
  const isPercentage = (code: string): boolean => {
    const discount = state.discounts.get(state.codes.get(codeKey(code))?.discountId ?? "")
    return discount !== undefined && "percent" in discount.value
  }
  const body = WebhookPayload.orderBody(after, state.customers.get(after.customerId ?? ""), isPercentage)
  const object = GlobalId.make("Order", after.id)
  const known = new Set(before?.refunds.map(({ id }) => id))
  return [
    ...after.refunds
      .filter(({ id }) => !known.has(id))
      .map((refund) =>
        notice("refunds/create", GlobalId.make("Refund", refund.id), WebhookPayload.refundBody(after, refund)),
      ),
    notice(before === undefined ? "orders/create" : "orders/updated", object, body),
    ...(isPaid(after) && (before === undefined || !isPaid(before)) ? [notice("orders/paid", object, body)] : []),
    ...(after.cancelledAt !== null && (before?.cancelledAt ?? null) === null
      ? [notice("orders/cancelled", object, body)]
      : []),
  ]
}

const customerNotice = (before: CustomerRow | undefined, after: ShopCustomer, state: ShopState): Notice =>
  notice(
    before === undefined ? "customers/create" : "customers/update",
    GlobalId.make("Customer", after.id),
    WebhookPayload.customerWebhook(after, state.brand.currency),
  )

const tagNotices = (
  event: Extract<ShopEvent, { type: "tags.edited" }>,
  before: OrderRow | CustomerRow | undefined,
  state: ShopState,
): ReadonlyArray<Notice> => {
  const id = GlobalId.parse(event.ownerId)
  const order = id?.type === "Order" ? state.orders.get(id.number) : undefined
  if (order !== undefined) return orderNotices(order, order, state)
  const customer = id?.type === "Customer" ? state.customers.get(id.number) : undefined
  if (customer === undefined) return []
  const had = new Set(before?.tags)
  const has = new Set(customer.tags)
  const body = (tags: ReadonlyArray<string>) => ({
    customerId: event.ownerId,
    tags,
    occurredAt: event.at,
  })
  const added = customer.tags.filter((tag) => !had.has(tag))
  const removed = [...had].filter((tag) => !has.has(tag))
  return [
    customerNotice(customer, customer, state),
    ...(added.length === 0 ? [] : [notice("customer.tags_added", event.ownerId, body(added))]),
    ...(removed.length === 0 ? [] : [notice("customer.tags_removed", event.ownerId, body(removed))]),
  ]
}

const finished = (operation: StoredBulkOperation): ReadonlyArray<Notice> =>
  operation.completedAt === null
    ? []
    : [
        notice("bulk_operations/finish", GlobalId.make("BulkOperation", operation.id), {
          admin_graphql_api_id: GlobalId.make("BulkOperation", operation.id),
          completed_at: operation.completedAt,
          created_at: operation.createdAt,
          error_code: operation.errorCode?.toLowerCase() ?? null,
          status: operation.status.toLowerCase(),
          type: "query",
        }),
      ]

const shopRedactSeconds = 48 * 3_600

const shopGone = ({ brand }: ShopState): ReadonlyArray<Notice> => [
  notice("app/uninstalled", "app", WebhookPayload.shopBody(brand)),
  notice("shop/redact", "shop", { shop_id: Number(shopNumber), shop_domain: brand.shopDomain }, shopRedactSeconds),
]

const merged = (event: Extract<ShopEvent, { type: "customer.merged" }>): Notice =>
  notice("customers/merge", GlobalId.make("Customer", event.keptId), {
    admin_graphql_api_customer_kept_id: GlobalId.make("Customer", event.keptId),
    admin_graphql_api_customer_deleted_id: GlobalId.make("Customer", event.deletedId),
    admin_graphql_api_job_id: null,
    status: "completed",
    errors: [],
  })

/** The world says when these arrive, and how often. */
const watchLive = (change: LiveChange | undefined, state: ShopState): (() => ReadonlyArray<Notice>) => {
  const planned = (notices: ReadonlyArray<Notice>): ReadonlyArray<Notice> =>
    notices.map((one) => ({ ...one, afterSeconds: change?.deliveries ?? [] }))
  if (change?.kind === "shop.customer") {
    const before = state.customers.get(change.after.id)
    return () => planned([customerNotice(before, change.after, state)])
  }
  if (change?.kind !== "shop.order" && change?.kind !== "shop.refund") return () => []
  const before = state.orders.get(change.after.id)
  return () => planned(orderNotices(before, change.after, state))
}

/** Asked before the change is applied; the answer is asked after it, and tells its webhooks. */
export const watch = (event: ShopEvent, state: ShopState): (() => ReadonlyArray<Notice>) => {
  switch (event.type) {
    case "order.put": {
      const before = state.orders.get(event.order.id)
      return () => orderNotices(before, event.order, state)
    }
    case "journey.ready": {
      const before = state.orders.get(event.orderId)
      return () => {
        const after = state.orders.get(event.orderId)
        return after === undefined ? [] : orderNotices(before, after, state)
      }
    }
    case "customer.put": {
      const before = state.customers.get(event.customer.id)
      return () => [customerNotice(before, event.customer, state)]
    }
    case "customer.deleted":
      return () => [
        notice(
          "customers/delete",
          GlobalId.make("Customer", event.id),
          WebhookPayload.identified("Customer", event.id),
        ),
      ]
    case "customer.merged":
      return () => [merged(event)]
    case "tags.edited": {
      const id = GlobalId.parse(event.ownerId)
      const before = state.customers.get(id?.number ?? "") ?? state.orders.get(id?.number ?? "")
      return () => tagNotices(event, before, state)
    }
    case "bulk.changed":
      return () => finished(event.operation)
    case "app.uninstalled":
      return () => shopGone(state)
    case "app.scopes": {
      const previous = state.access.granted
      return () => [
        notice("app/scopes_update", "app", {
          id: GlobalId.make("App", shopNumber),
          previous,
          current: event.granted,
          updated_at: event.at,
        }),
      ]
    }
    case "live.applied":
      return watchLive(state.live[event.index], state)
    default:
      return () => []
  }
}
