/**
 * Somebody buys: from a basket, codes, cart attributes and the page they landed on to an order with cart and checkout
 * tokens, the customer it belongs to, and what its journey will be. Reads the shop, changes nothing. The journey is told
 * later than the order, as in the real shop; how much later is asked for. Prices are in the shop's currency alone.
 */

import { createHash } from "node:crypto"
import type { ShopCustomer, ShopJourney, ShopOrder, ShopVisit } from "../world/World.ts"
import * as CheckoutDiscount from "./CheckoutDiscount.ts"
import * as GlobalId from "./GlobalId.ts"
import type { ShopState } from "./ShopState.ts"

export interface CheckoutRequest {
  readonly lines?: ReadonlyArray<{
    readonly title?: string
    readonly productId?: string
    readonly quantity?: number
    readonly unitPrice: string
    readonly isGiftCard?: boolean
  }>
  readonly codes?: ReadonlyArray<string>
  readonly attributes?: ReadonlyArray<{ readonly key: string; readonly value: string }>
  /** With `ref`, `source` or `r` in its query the visit has a referral code. */
  readonly landingPage?: string
  readonly referrer?: string
  /** Whoever has this address buys; a customer is made when there is none. Without it and `customer` a stranger buys. */
  readonly email?: string
  /** A customer's id. */
  readonly customer?: string
  /** The order belongs to no customer, whatever its address. */
  readonly guest?: boolean
  readonly acceptsMarketing?: boolean
  readonly shipping?: string
  readonly currency?: string
  readonly test?: boolean
  /** False leaves the order pending. */
  readonly paid?: boolean
  readonly clientIp?: string
  /** From the order to the day its journey is ready; ten minutes when absent. */
  readonly journeyAfterSeconds?: number
}

export interface Bought {
  /** Null when there is nothing new about them. */
  readonly customer: ShopCustomer | null
  readonly order: ShopOrder
  readonly journey: ShopJourney
  readonly journeyAt: string
}

const token = (...parts: ReadonlyArray<string>): string =>
  createHash("sha256").update(parts.join(" ")).digest("hex").slice(0, 32)

const referralCode = (landingPage: string): string | null => {
  if (!URL.canParse(landingPage)) return null
  const query = new URL(landingPage).searchParams
  return query.get("ref") ?? query.get("source") ?? query.get("r")
}

const visitOf = (request: CheckoutRequest, orderId: string, at: string): ShopVisit | null =>
  request.landingPage === undefined
    ? null
    : {
        id: `${orderId}1`,
        occurredAt: at,
        landingPage: request.landingPage,
        referrerUrl: request.referrer ?? null,
        referralCode: referralCode(request.landingPage),
        source: request.referrer === undefined ? "direct" : new URL(request.referrer).hostname,
      }

const byEmail = (state: ShopState, email: string): ShopCustomer | undefined =>
  [...state.customers.values()].find((row) => row.email?.toLowerCase() === email.toLowerCase())

/** The buyer, and whether the shop has to write something new about them. */
const buyerOf = (
  state: ShopState,
  request: CheckoutRequest,
): { readonly customer: ShopCustomer | null; readonly isNew: boolean } | string => {
  if (request.guest === true) return { customer: null, isNew: false }
  if (request.customer !== undefined) {
    const known = state.customers.get(GlobalId.numberOf("Customer", request.customer) ?? request.customer)
    return known === undefined ? `there is no customer "${request.customer}"` : { customer: known, isNew: false }
  }
  if (request.email === undefined) return { customer: null, isNew: false }
  const known = byEmail(state, request.email)
  const marketing = request.acceptsMarketing === true ? "SUBSCRIBED" : "NOT_SUBSCRIBED"
  if (known !== undefined) {
    if (request.acceptsMarketing !== true || known.marketing === "SUBSCRIBED") return { customer: known, isNew: false }
    return { customer: { ...known, marketing, updatedAt: state.now }, isNew: true }
  }
  const customer: ShopCustomer = {
    id: state.nextId(),
    createdAt: state.now,
    updatedAt: state.now,
    firstName: null,
    lastName: null,
    email: request.email,
    phone: null,
    locale: "en",
    tags: [],
    marketing,
  }
  return { customer, isNew: true }
}

const nextName = (state: ShopState): string => {
  let highest = 1_000
  for (const { name } of state.orders.values()) highest = Math.max(highest, Number(/\d+/.exec(name)?.[0] ?? 0))
  return `#${highest + 1}`
}

const inputProblem = (state: ShopState, request: CheckoutRequest): string | undefined => {
  if (request.currency !== undefined && request.currency !== state.brand.currency)
    return `the sandbox sells in ${state.brand.currency} only`
  if (request.referrer !== undefined && !URL.canParse(request.referrer)) return `"referrer" must be an address`
  const prices = [...(request.lines ?? []).map(({ unitPrice }) => unitPrice), request.shipping ?? "0"]
  if (prices.some((price) => !/^\d+(\.\d{1,6})?$/.test(String(price)))) return "a price must be a decimal such as 19.90"
  if ((request.lines ?? []).some(({ quantity = 1 }) => !Number.isInteger(quantity) || quantity < 1))
    return "a quantity must be a whole number of at least 1"
  return undefined
}

export const buy = (state: ShopState, request: CheckoutRequest): Bought | string => {
  const problem = inputProblem(state, request)
  if (problem !== undefined) return problem
  const buyer = buyerOf(state, request)
  if (typeof buyer === "string") return buyer
  const codes = request.codes ?? []
  const lines = (request.lines ?? [{ unitPrice: "49.90" }]).map((line) => ({ quantity: 1, ...line }))
  const taken = CheckoutDiscount.apply(state, codes, lines, buyer.customer?.id ?? null)
  if (typeof taken === "string") return taken
  const id = state.nextId()
  const visit = visitOf(request, id, state.now)
  const order: ShopOrder = {
    id,
    name: nextName(state),
    createdAt: state.now,
    processedAt: state.now,
    updatedAt: state.now,
    cancelledAt: null,
    cancelReason: null,
    test: request.test ?? false,
    financialStatus: request.paid === false ? "PENDING" : "PAID",
    currency: state.brand.currency,
    customerId: buyer.customer?.id ?? null,
    email: request.email ?? buyer.customer?.email ?? null,
    sourceName: "web",
    discountCodes: codes,
    lines: lines.map((line, index) => ({
      id: state.nextId(),
      productId: line.productId ?? "1",
      title: line.title ?? "Product",
      quantity: line.quantity,
      currentQuantity: line.quantity,
      unitPrice: line.unitPrice,
      isGiftCard: line.isGiftCard ?? false,
      allocations: taken[index] ?? [],
    })),
    shipping: request.shipping ?? "0.00",
    attributes: request.attributes ?? [],
    cartToken: token("cart", id),
    checkoutToken: token("checkout", id),
    clientIp: request.clientIp ?? null,
    shippingAddress: null,
    journey: { ready: false, first: null, last: null },
    refunds: [],
  }
  return {
    customer: buyer.isNew ? buyer.customer : null,
    order,
    journey: { ready: true, first: visit, last: visit },
    journeyAt: new Date(Date.parse(state.now) + (request.journeyAfterSeconds ?? 600) * 1000).toISOString(),
  }
}
