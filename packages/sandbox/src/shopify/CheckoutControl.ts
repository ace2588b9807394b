/**
 * Buying, and what a merchant does to orders, as control endpoints. Each answers the order as it then is; its webhooks go
 * out like those of any change.
 */

import type { ShopOrder } from "../world/World.ts"
import * as Checkout from "./Checkout.ts"
import type { CheckoutRequest } from "./Checkout.ts"
import { done, objectOf, wrong } from "./ControlAnswer.ts"
import type { ControlAnswer, ControlRoutes } from "./ControlAnswer.ts"
import * as GlobalId from "./GlobalId.ts"
import type { Surface } from "./HttpSurface.ts"
import * as OrderChange from "./OrderChange.ts"
import type { ChangeContext } from "./OrderChange.ts"
import * as OrderTotals from "./OrderTotals.ts"
import * as Decimal from "./Decimal.ts"

const summary = (order: ShopOrder) => ({
  id: GlobalId.make("Order", order.id),
  name: order.name,
  financialStatus: order.financialStatus,
  cancelledAt: order.cancelledAt,
  customerId: order.customerId === null ? null : GlobalId.make("Customer", order.customerId),
  cartToken: order.cartToken,
  checkoutToken: order.checkoutToken,
  discountCodes: order.discountCodes,
  total: Decimal.printFixed(OrderTotals.of(order).total, order.currency),
  currentTotal: Decimal.printFixed(OrderTotals.of(order).currentTotal, order.currency),
  lines: order.lines.map(({ currentQuantity, id, quantity }) => ({ lineId: id, quantity, currentQuantity })),
  refunds: order.refunds.map(({ id, total }) => ({ id: GlobalId.make("Refund", id), total })),
})

const fieldKinds: Readonly<Record<string, string>> = {
  lines: "object",
  codes: "object",
  attributes: "object",
  landingPage: "string",
  referrer: "string",
  email: "string",
  customer: "string",
  guest: "boolean",
  acceptsMarketing: "boolean",
  shipping: "string",
  currency: "string",
  test: "boolean",
  paid: "boolean",
  clientIp: "string",
  journeyAfterSeconds: "number",
}

const readCheckout = (body: unknown): CheckoutRequest | string => {
  for (const [name, value] of Object.entries(objectOf(body))) {
    const kind = fieldKinds[name]
    if (kind === undefined) return `Unknown field "${name}"; known are ${Object.keys(fieldKinds).join(", ")}`
    if (typeof value !== kind || value === null || (kind === "object") !== Array.isArray(value))
      return `"${name}" must be a ${kind === "object" ? "list" : kind}`
  }
  return objectOf(body) as CheckoutRequest
}

const checkout = ({ execution: { state }, log }: Surface, body: unknown): ControlAnswer => {
  const request = readCheckout(body)
  if (typeof request === "string") return wrong(request)
  const bought = Checkout.buy(state, request)
  if (typeof bought === "string") return wrong(bought, 422)
  if (bought.customer !== null) log.commit({ type: "customer.put", customer: bought.customer })
  log.commit({ type: "order.put", order: bought.order })
  log.commit({
    type: "journey.planned",
    orderId: bought.order.id,
    at: bought.journeyAt,
    journey: bought.journey,
  })
  return done(summary(bought.order))
}

type Change = (order: ShopOrder, body: Readonly<Record<string, unknown>>, context: ChangeContext) => ShopOrder | string

const changing =
  (change: Change) =>
  ({ execution: { state }, log }: Surface, body: unknown): ControlAnswer => {
    const fields = objectOf(body)
    const named = typeof fields["order"] === "string" ? fields["order"] : ""
    const order = state.orders.get(GlobalId.numberOf("Order", named) ?? named)
    if (order === undefined) return wrong(`there is no order "${named}"`)
    const after = change(order, fields, { now: state.now, nextId: () => state.nextId() })
    if (typeof after === "string") return wrong(after, 422)
    log.commit({ type: "order.put", order: after })
    return done(summary(after))
  }

const reasons = ["CUSTOMER", "FRAUD", "INVENTORY", "DECLINED", "OTHER", "STAFF"] as const

const cancel: Change = (order, { reason = "CUSTOMER" }, context) => {
  const known = reasons.find((one) => one === reason)
  return known === undefined
    ? `"reason" must be one of ${reasons.join(", ")}`
    : OrderChange.cancel(order, known, context)
}

const refund: Change = (order, { lines, shipping }, context) => {
  if (lines !== undefined && !Array.isArray(lines)) return `"lines" must be a list of "lineId" and "quantity"`
  return OrderChange.refund(
    order,
    {
      ...(lines === undefined ? {} : { lines: lines as ReadonlyArray<{ lineId: string; quantity: number }> }),
      shipping: shipping === true,
    },
    context,
  )
}

const edit: Change = (order, { lineId, quantity }, context) =>
  typeof lineId === "string" && typeof quantity === "number"
    ? OrderChange.edit(order, lineId, quantity, context)
    : `"lineId" and "quantity" say what is left of which line`

export const routes: ControlRoutes = {
  "POST checkout": checkout,
  "POST pay": changing((order, _, context) => OrderChange.pay(order, context)),
  "POST refund": changing(refund),
  "POST cancel": changing(cancel),
  "POST edit": changing(edit),
}
