/**
 * The REST-shaped bodies of webhooks, as bytes ready to sign. Ids are printed as bare numbers without loss, also above
 * 2^53, with `admin_graphql_api_id` beside them. Customer bodies carry no tags, consent or purchase totals, as since
 * 2025. Amounts have the currency's own decimals.
 */

import type { ShopCustomer, ShopLine, ShopOrder, ShopRefund, World } from "../world/World.ts"
import * as Decimal from "./Decimal.ts"
import * as GlobalId from "./GlobalId.ts"
import { shopNumber } from "./NodeLookup.ts"
import * as OrderTotals from "./OrderTotals.ts"
import { codeKey } from "./ShopState.ts"

/** ES2025's exact JSON numbers, which the type library does not have yet. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown }

export const identified = (type: string, id: string) => ({
  id: rawJSON(id),
  admin_graphql_api_id: GlobalId.make(type, id),
})

const number = (id: string | null): unknown => (id === null ? null : rawJSON(id))

const amountSet = (amount: string, currency: string) => {
  const value = { amount, currency_code: currency }
  return { shop_money: value, presentment_money: value }
}

const customerBody = (customer: ShopCustomer, currency: string) => ({
  ...identified("Customer", customer.id),
  created_at: customer.createdAt,
  updated_at: customer.updatedAt,
  first_name: customer.firstName,
  last_name: customer.lastName,
  email: customer.email,
  phone: customer.phone,
  state: "enabled",
  note: null,
  verified_email: customer.email !== null,
  tax_exempt: false,
  currency,
  addresses: [],
})

const lineBody = (order: ShopOrder, line: ShopLine) => ({
  ...identified("LineItem", line.id),
  product_id: number(line.productId),
  title: line.title,
  name: line.title,
  quantity: line.quantity,
  current_quantity: line.currentQuantity,
  price: line.unitPrice,
  price_set: amountSet(line.unitPrice, order.currency),
  gift_card: line.isGiftCard,
  total_discount: Decimal.printFixed(0n, order.currency),
  discount_allocations: line.allocations.map((allocation) => ({
    amount: allocation.amount,
    amount_set: amountSet(allocation.amount, order.currency),
    discount_application_index: order.discountCodes.findIndex((code) => codeKey(code) === codeKey(allocation.code)),
  })),
})

export const refundBody = (order: ShopOrder, refund: ShopRefund) => ({
  ...identified("Refund", refund.id),
  order_id: rawJSON(order.id),
  created_at: refund.createdAt,
  processed_at: refund.createdAt,
  updated_at: refund.updatedAt,
  note: null,
  refund_line_items: refund.lines.map((refunded) => {
    const line = order.lines.find((one) => one.id === refunded.lineId)
    return {
      id: rawJSON(refunded.id),
      line_item_id: rawJSON(refunded.lineId),
      quantity: refunded.quantity,
      restock_type: "return",
      subtotal: refunded.subtotal,
      subtotal_set: amountSet(refunded.subtotal, order.currency),
      total_tax: refunded.tax,
      total_tax_set: amountSet(refunded.tax, order.currency),
      line_item: line === undefined ? null : lineBody(order, line),
    }
  }),
  transactions: [
    {
      ...identified("OrderTransaction", refund.id),
      order_id: rawJSON(order.id),
      kind: "refund",
      status: "success",
      gateway: "shopify_payments",
      amount: refund.total,
      currency: order.currency,
      created_at: refund.createdAt,
      processed_at: refund.createdAt,
      test: order.test,
    },
  ],
})

const discountBodies = (order: ShopOrder, isPercentage: (code: string) => boolean) => {
  const taken = order.discountCodes.map((code) => {
    const allocations = order.lines
      .flatMap((line) => line.allocations)
      .filter((one) => codeKey(one.code) === codeKey(code))
    return {
      code,
      amount: Decimal.printFixed(Decimal.sum(allocations.map((one) => Decimal.parse(one.amount))), order.currency),
    }
  })
  return {
    discount_codes: taken.map((one) => ({ ...one, type: isPercentage(one.code) ? "percentage" : "fixed_amount" })),
    discount_applications: taken.map(({ amount, code }) => ({
      type: "discount_code",
      code,
      value: amount,
      value_type: "fixed_amount",
      allocation_method: "across",
      target_selection: "all",
      target_type: "line_item",
    })),
  }
}

const amountBodies = (order: ShopOrder) => {
  const totals = OrderTotals.of(order)
  const print = (amount: Decimal.Scaled): string => Decimal.printFixed(amount, order.currency)
  return {
    subtotal_price: print(totals.subtotal),
    current_subtotal_price: print(totals.currentSubtotal),
    total_price: print(totals.total),
    current_total_price: print(totals.currentTotal),
    total_discounts: print(totals.discounts),
    current_total_discounts: print(totals.currentDiscounts),
    total_line_items_price: print(totals.originalLines),
    total_shipping_price_set: amountSet(print(totals.shipping), order.currency),
  }
}

/** Only the path of the landing page, as in the real body, and only once the journey is known. */
const landingSite = (order: ShopOrder): string | null => {
  const page = order.journey?.ready === true ? order.journey.last?.landingPage : undefined
  if (page === undefined) return null
  if (!URL.canParse(page)) return page
  const url = new URL(page)
  return `${url.pathname}${url.search}`
}

export const orderBody = (
  order: ShopOrder,
  customer: ShopCustomer | undefined,
  isPercentage: (code: string) => boolean,
) => ({
  ...identified("Order", order.id),
  name: order.name,
  order_number: Number(/\d+/.exec(order.name)?.[0] ?? 0),
  created_at: order.createdAt,
  processed_at: order.processedAt,
  updated_at: order.updatedAt,
  cancelled_at: order.cancelledAt,
  cancel_reason: order.cancelReason?.toLowerCase() ?? null,
  closed_at: order.cancelledAt,
  test: order.test,
  confirmed: true,
  financial_status: order.financialStatus.toLowerCase(),
  currency: order.currency,
  presentment_currency: order.currency,
  taxes_included: true,
  email: order.email,
  contact_email: order.email,
  source_name: order.sourceName,
  ...amountBodies(order),
  ...discountBodies(order, isPercentage),
  note_attributes: order.attributes.map(({ key, value }) => ({ name: key, value })),
  cart_token: order.cartToken,
  checkout_token: order.checkoutToken,
  browser_ip: order.clientIp,
  landing_site: landingSite(order),
  referring_site: order.journey?.ready === true ? (order.journey.last?.referrerUrl ?? null) : null,
  customer: customer === undefined ? null : customerBody(customer, order.currency),
  shipping_address:
    order.shippingAddress === null
      ? null
      : {
          address1: order.shippingAddress.address1,
          city: order.shippingAddress.city,
          zip: order.shippingAddress.zip,
          country_code: order.shippingAddress.countryCode,
        },
  line_items: order.lines.map((line) => lineBody(order, line)),
  refunds: order.refunds.map((refund) => refundBody(order, refund)),
})

export const customerWebhook = customerBody

export const shopBody = (brand: World["brand"]) => ({
  id: Number(shopNumber),
  name: brand.name,
  email: `owner@${brand.shopDomain}`,
  domain: brand.shopDomain,
  myshopify_domain: brand.shopDomain,
  created_at: brand.startsAt,
  currency: brand.currency,
  iana_timezone: brand.timeZone,
  taxes_included: true,
})

export const bytes = (body: unknown): Buffer => Buffer.from(JSON.stringify(body), "utf8")
