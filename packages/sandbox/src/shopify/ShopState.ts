/**
 * The shop in memory: the world's records under indexes, plus what clients made. It changes only through `apply`, so that
 * replaying the log gives the same state. Rows are immutable and replaced whole; a snapshot is an array of rows.
 * Tags that clients edit lie over the world's records and survive a later live change of the same customer or order.
 */

import { AppAccess } from "./AppAccess.ts"
import type { AppConfiguration } from "./AppAccess.ts"
import type { ProxyRoute } from "./AppProxy.ts"
import type { LiveChange, ShopCustomer, ShopJourney, ShopOrder, World } from "../world/World.ts"
import { GiftCardDrawer } from "./GiftCardDrawer.ts"
import { compareNumbers } from "./GlobalId.ts"
import * as GlobalId from "./GlobalId.ts"
import type {
  CodeCreation,
  FlowTrigger,
  RedeemCode,
  ShopEvent,
  StoredBulkOperation,
  StoredDiscount,
  StoredMetafield,
  StoredSubscription,
} from "./ShopEvent.ts"
import { StoreCreditBook } from "./StoreCreditBook.ts"
import { WebhookBook } from "./WebhookBook.ts"

export type OrderRow = ShopOrder & { readonly __typename: "Order"; readonly tags: ReadonlyArray<string> }
export type CustomerRow = ShopCustomer & { readonly __typename: "Customer" }
export type CodeRow = RedeemCode & {
  readonly discountId: string
  readonly fromClient: boolean
  readonly createdAt: string
}

interface TagEdit {
  readonly added: ReadonlySet<string>
  readonly removed: ReadonlySet<string>
  readonly at: string
}

/** Ids that clients' objects get: above 2^53, so that careless JSON parsing shows. */
const firstOwnId = 9_007_199_254_750_001n

export class ShopState {
  readonly brand: World["brand"]
  readonly live: ReadonlyArray<LiveChange>
  readonly access: AppAccess
  readonly orders = new Map<string, OrderRow>()
  readonly customers = new Map<string, CustomerRow>()
  readonly ordersOfCustomer = new Map<string, Set<string>>()
  readonly orderOfLine = new Map<string, string>()
  readonly orderOfRefund = new Map<string, string>()
  readonly discounts = new Map<string, StoredDiscount>()
  /** By `codeKey`. */
  readonly codes = new Map<string, CodeRow>()
  readonly codesById = new Map<string, CodeRow>()
  readonly codesOfDiscount = new Map<string, Map<string, CodeRow>>()
  readonly creations = new Map<string, CodeCreation>()
  /** By owner's global id, then `namespace.key`. */
  readonly metafields = new Map<string, Map<string, StoredMetafield>>()
  readonly storeCredit = new StoreCreditBook()
  readonly giftCards = new GiftCardDrawer()
  readonly flowTriggers: Array<FlowTrigger> = []
  readonly subscriptions = new Map<string, StoredSubscription>()
  readonly webhooks = new WebhookBook()
  /** By order. */
  readonly journeysDue = new Map<string, { readonly at: string; readonly journey: ShopJourney }>()
  proxy: ProxyRoute | undefined
  readonly bulkOperations = new Map<string, StoredBulkOperation>()
  readonly liveApplied = new Set<number>()
  readonly acknowledged = new Set<string>()
  /** The buyer as known when a live order change was applied, so that a repeated webhook keeps its body. */
  readonly buyerAtChange = new Map<number, CustomerRow>()
  /** The world's present instant; never goes back. */
  now: string
  private lastId = firstOwnId
  private readonly tagEdits = new Map<string, TagEdit>()
  private readonly sorted = new Map<string, ReadonlyArray<unknown>>()

  constructor(world: World, app: AppConfiguration) {
    this.brand = world.brand
    this.live = world.live
    this.now = world.brand.liveFrom
    this.access = new AppAccess(app, this.now)
    for (const customer of world.shop.customers) this.putCustomer(customer)
    for (const order of world.shop.orders) this.putOrder(order)
    for (const { codes, ...discount } of world.shop.discounts) {
      this.discounts.set(discount.id, {
        __typename: "DiscountCodeNode",
        ...discount,
        value: "percent" in discount.value ? discount.value : { ...discount.value, eachItem: false },
        endsAt: null,
        usageLimit: null,
        oncePerCustomer: false,
        minimum: null,
        combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: false },
        tags: [],
        createdAt: discount.startsAt,
        updatedAt: discount.startsAt,
        fromClient: false,
      })
      for (const code of codes)
        this.putCode({ ...code, discountId: discount.id, fromClient: false, createdAt: discount.startsAt })
    }
  }

  /** The next free id; the log's `lastId` brings the counter back after a restart. */
  nextId(): string {
    this.lastId += 1n
    return String(this.lastId)
  }

  get lastIssuedId(): string {
    return String(this.lastId)
  }

  restoreLastId(id: string): void {
    if (BigInt(id) > this.lastId) this.lastId = BigInt(id)
  }

  /** Rows in ascending order of the value, then the id; the array is kept until a row changes. */
  ordersBy(key: string, value: (row: OrderRow) => string): ReadonlyArray<OrderRow> {
    return this.sortedBy(`order ${key}`, this.orders, value)
  }

  customersBy(key: string, value: (row: CustomerRow) => string): ReadonlyArray<CustomerRow> {
    return this.sortedBy(`customer ${key}`, this.customers, value)
  }

  private sortedBy<Row extends OrderRow | CustomerRow>(
    key: string,
    rows: ReadonlyMap<string, Row>,
    value: (row: Row) => string,
  ): ReadonlyArray<Row> {
    const cached = this.sorted.get(key)
    if (cached !== undefined) return cached as ReadonlyArray<Row>
    const list = [...rows.values()].sort((left, right) => {
      const a = value(left)
      const b = value(right)
      return a < b ? -1 : a > b ? 1 : compareNumbers(left.id, right.id)
    })
    this.sorted.set(key, list)
    return list
  }

  apply(event: ShopEvent): void {
    switch (event.type) {
      case "discount.created":
        this.discounts.set(event.discount.id, event.discount)
        this.putCode({
          ...event.code,
          discountId: event.discount.id,
          fromClient: true,
          createdAt: event.discount.createdAt,
        })
        return
      case "discount.activity":
        for (const id of event.discountIds) {
          const discount = this.discounts.get(id)
          if (discount !== undefined) this.discounts.set(id, { ...discount, endsAt: event.endsAt, updatedAt: event.at })
        }
        return
      case "codes.requested":
        this.creations.set(event.creation.id, event.creation)
        return
      case "codes.imported":
        return this.importCodes(event.creationId, event.results, event.at)
      case "codes.deleted":
        for (const id of event.codeIds) this.deleteCode(id)
        return
      case "tags.edited":
        return this.editTags(event.ownerId, event.add, event.remove, event.at)
      case "metafields.set":
        for (const metafield of event.metafields) {
          const own = this.metafields.get(metafield.ownerId) ?? new Map<string, StoredMetafield>()
          this.metafields.set(metafield.ownerId, own.set(`${metafield.namespace}.${metafield.key}`, metafield))
        }
        return
      case "metafields.deleted":
        for (const { key, namespace, ownerId } of event.metafields)
          this.metafields.get(ownerId)?.delete(`${namespace}.${key}`)
        return
      case "storeCredit.posted":
        return this.storeCredit.post(event)
      case "giftCard.changed":
        return this.giftCards.put(event.card)
      case "giftCard.debited":
        return this.giftCards.debit(event.debit)
      case "flow.triggered":
        this.flowTriggers.push(event.trigger)
        return
      case "order.put":
        return this.putOrder(event.order)
      case "journey.planned":
        this.journeysDue.set(event.orderId, event)
        return
      case "journey.ready":
        return this.tellJourney(event.orderId, event.at)
      case "proxy.declared":
        this.proxy = event.proxy
        return
      case "customer.put":
        return this.putCustomer(event.customer)
      case "customer.deleted":
        return this.deleteCustomer(event.id)
      case "customer.merged":
        return this.mergeCustomers(event.keptId, event.deletedId, event.at)
      case "webhook.created":
      case "webhook.changed":
        this.subscriptions.set(event.subscription.id, event.subscription)
        return
      case "webhook.deleted":
        this.subscriptions.delete(event.id)
        return
      case "bulk.changed":
        this.bulkOperations.set(event.operation.id, event.operation)
        return
      case "live.applied":
        return this.applyLive(event.index)
      case "live.acknowledged":
        this.acknowledged.add(event.delivery)
        return
      case "clock.advanced":
        if (event.to > this.now) this.now = event.to
        return
      case "webhook.declared":
      case "webhook.queued":
      case "webhook.attempted":
      case "webhook.remembered":
        return this.webhooks.apply(event)
      default:
        // Subscriptions that the app made go with it; those of its configuration come back with it.
        if (event.type === "app.uninstalled") this.subscriptions.clear()
        this.access.apply(event)
    }
  }

  private applyLive(index: number): void {
    const change = this.live[index]
    if (change === undefined)
      throw new Error(
        `The log applies live change ${index}, but the world has ${this.live.length}; it belongs to another world`,
      )
    this.liveApplied.add(index)
    if (change.at > this.now) this.now = change.at
    if (change.kind === "shop.customer") this.putCustomer(change.after)
    if (change.kind !== "shop.order" && change.kind !== "shop.refund") return
    this.putOrder(change.after)
    const buyer = this.customers.get(change.after.customerId ?? "")
    if (buyer !== undefined) this.buyerAtChange.set(index, buyer)
  }

  private overlay(
    ownerId: string,
    tags: ReadonlyArray<string>,
    updatedAt: string,
  ): { readonly tags: ReadonlyArray<string>; readonly updatedAt: string } {
    const edit = this.tagEdits.get(ownerId)
    if (edit === undefined) return { tags, updatedAt }
    const kept = tags.filter((tag) => !edit.removed.has(tag))
    return { tags: [...new Set([...kept, ...edit.added])].sort(), updatedAt: edit.at > updatedAt ? edit.at : updatedAt }
  }

  private putCustomer(customer: ShopCustomer): void {
    const edited = this.overlay(GlobalId.make("Customer", customer.id), customer.tags, customer.updatedAt)
    this.customers.set(customer.id, { ...customer, ...edited, __typename: "Customer" })
    this.forgetSorted("customer ")
  }

  private tellJourney(orderId: string, at: string): void {
    const order = this.orders.get(orderId)
    const due = this.journeysDue.get(orderId)
    this.journeysDue.delete(orderId)
    if (order !== undefined && due !== undefined) this.putOrder({ ...order, journey: due.journey, updatedAt: at })
  }

  private deleteCustomer(id: string): void {
    this.customers.delete(id)
    this.forgetSorted("customer ")
  }

  /** The orders of the one go to the other. */
  private mergeCustomers(keptId: string, deletedId: string, at: string): void {
    for (const id of this.ordersOfCustomer.get(deletedId) ?? []) {
      const order = this.orders.get(id)
      if (order !== undefined) this.putOrder({ ...order, customerId: keptId, updatedAt: at })
    }
    const kept = this.customers.get(keptId)
    if (kept !== undefined) this.putCustomer({ ...kept, updatedAt: at })
    this.deleteCustomer(deletedId)
  }

  private putOrder(order: ShopOrder & { readonly tags?: ReadonlyArray<string> }): void {
    const before = this.orders.get(order.id)
    if (before?.customerId !== undefined && before.customerId !== null)
      this.ordersOfCustomer.get(before.customerId)?.delete(order.id)
    const edited = this.overlay(GlobalId.make("Order", order.id), order.tags ?? [], order.updatedAt)
    this.orders.set(order.id, { ...order, ...edited, __typename: "Order" })
    if (order.customerId !== null) {
      const own = this.ordersOfCustomer.get(order.customerId) ?? new Set<string>()
      this.ordersOfCustomer.set(order.customerId, own.add(order.id))
    }
    for (const line of order.lines) this.orderOfLine.set(line.id, order.id)
    for (const refund of order.refunds) this.orderOfRefund.set(refund.id, order.id)
    this.forgetSorted("order ")
  }

  private forgetSorted(prefix: string): void {
    for (const key of this.sorted.keys()) if (key.startsWith(prefix)) this.sorted.delete(key)
  }

  private putCode(row: CodeRow): void {
    this.codes.set(codeKey(row.code), row)
    this.codesById.set(row.id, row)
    const own = this.codesOfDiscount.get(row.discountId) ?? new Map<string, CodeRow>()
    this.codesOfDiscount.set(row.discountId, own.set(row.id, row))
  }

  private deleteCode(id: string): void {
    const row = this.codesById.get(id)
    if (row === undefined) return
    this.codesById.delete(id)
    this.codes.delete(codeKey(row.code))
    this.codesOfDiscount.get(row.discountId)?.delete(id)
  }

  private importCodes(creationId: string, results: CodeCreation["results"], at: string): void {
    const creation = this.creations.get(creationId)
    if (creation === undefined || results === null) return
    this.creations.set(creationId, { ...creation, results })
    for (const { id, code } of results) {
      if (id !== null) this.putCode({ id, code, discountId: creation.discountId, fromClient: true, createdAt: at })
    }
  }

  private editTags(ownerId: string, add: ReadonlyArray<string>, remove: ReadonlyArray<string>, at: string): void {
    const before = this.tagEdits.get(ownerId)
    const added = new Set([...(before?.added ?? []), ...add].filter((tag) => !remove.includes(tag)))
    const removed = new Set([...(before?.removed ?? []), ...remove].filter((tag) => !add.includes(tag)))
    this.tagEdits.set(ownerId, { added, removed, at })
    const id = GlobalId.parse(ownerId)
    const order = id?.type === "Order" ? this.orders.get(id.number) : undefined
    const customer = id?.type === "Customer" ? this.customers.get(id.number) : undefined
    if (order !== undefined) this.putOrder(order)
    if (customer !== undefined) this.putCustomer(customer)
  }
}

/** Codes are unique in a shop without regard to case. */
export const codeKey = (code: string): string => code.toUpperCase()
