/**
 * Orders with their lines, discounts, journey and address, as the Admin API answers them. Amounts come from
 * `OrderTotals`; what the simulated world does not know has the value of a plain paid and shipped order.
 */

import type { ShopLine, ShopVisit } from "../world/World.ts"
import { listPage } from "./Connection.ts"
import type { PageArguments } from "./Connection.ts"
import * as Decimal from "./Decimal.ts"
import { fields } from "./Execution.ts"
import type { Execution, TypeFields } from "./Execution.ts"
import * as GlobalId from "./GlobalId.ts"
import { metafieldFields } from "./MetafieldResolvers.ts"
import { customerOrders } from "./OrderSearch.ts"
import * as OrderTotals from "./OrderTotals.ts"
import { refundRows, transactionRows } from "./RefundResolvers.ts"
import { instant, instantOrNull, moneyBag } from "./Scalars.ts"
import type { OrderRow, ShopState } from "./ShopState.ts"
import { codeKey } from "./ShopState.ts"

export interface LineRow {
  readonly __typename: "LineItem"
  readonly line: ShopLine
  readonly order: OrderRow
}

// ----------------------------------------------------------------------------------------------- discounts

const discountApplications = (order: OrderRow, state: ShopState) =>
  order.discountCodes.map((code, index) => {
    const row = state.codes.get(codeKey(code))
    const value = row === undefined ? undefined : state.discounts.get(row.discountId)?.value
    const taken = order.lines.flatMap((line) => line.allocations).filter((one) => codeKey(one.code) === codeKey(code))
    return {
      __typename: "DiscountCodeApplication",
      code,
      index,
      allocationMethod: "ACROSS",
      targetSelection: "ALL",
      targetType: "LINE_ITEM",
      value:
        value !== undefined && "percent" in value
          ? { __typename: "PricingPercentageValue", percentage: value.percent }
          : moneyBag(Decimal.sum(taken.map((one) => Decimal.parse(one.amount))), order.currency).shopMoney,
    }
  })

const discountAllocations = ({ line, order }: LineRow, state: ShopState) => {
  if (line.allocations.length === 0) return []
  const applications = discountApplications(order, state)
  return line.allocations.map((allocation) => {
    const application = applications.find((one) => codeKey(one.code) === codeKey(allocation.code))
    if (application === undefined)
      throw new Error(
        `Order ${order.id} has an allocation for the code "${allocation.code}", which is not among its codes`,
      )
    return {
      allocatedAmountSet: moneyBag(Decimal.parse(allocation.amount), order.currency),
      discountApplication: application,
    }
  })
}

// ------------------------------------------------------------------------------------------------- journey

const utmOf = (landingPage: string) => {
  const query = URL.canParse(landingPage) ? new URL(landingPage).searchParams : new URLSearchParams()
  const names = ["source", "medium", "campaign", "content", "term"] as const
  if (!names.some((name) => query.has(`utm_${name}`))) return null
  return Object.fromEntries(names.map((name) => [name, query.get(`utm_${name}`)]))
}

const visit = (one: ShopVisit | null) =>
  one === null
    ? null
    : {
        __typename: "CustomerVisit",
        id: GlobalId.make("CustomerVisit", one.id),
        occurredAt: instant(one.occurredAt),
        landingPage: one.landingPage,
        referrerUrl: one.referrerUrl,
        referralCode: one.referralCode,
        source: one.source,
        sourceType: null,
        sourceDescription: null,
        marketingEvent: null,
        utmParameters: () => utmOf(one.landingPage),
      }

/** Until the journey is ready nothing of it is visible. */
const journeySummary = (order: OrderRow, _: never, { state }: Execution) => {
  if (order.journey === null) return null
  const { first, last, ready } = order.journey
  if (!ready) return { ready, firstVisit: null, lastVisit: null, customerOrderIndex: null, daysToConversion: null }
  const days =
    first === null
      ? null
      : Math.max(0, Math.floor((Date.parse(order.processedAt) - Date.parse(first.occurredAt)) / 86_400_000))
  return {
    ready,
    firstVisit: visit(first),
    lastVisit: visit(last),
    daysToConversion: days,
    customerOrderIndex: () =>
      order.customerId === null
        ? null
        : customerOrders(state, order.customerId).findIndex((one) => one.id === order.id),
  }
}

const regionNames = new Intl.DisplayNames("en", { type: "region" })

const address = (order: OrderRow) =>
  order.shippingAddress === null
    ? null
    : {
        __typename: "MailingAddress",
        id: `${GlobalId.make("MailingAddress", order.id)}?model_name=Address`,
        address1: order.shippingAddress.address1,
        address2: null,
        city: order.shippingAddress.city,
        zip: order.shippingAddress.zip,
        countryCode: order.shippingAddress.countryCode,
        countryCodeV2: order.shippingAddress.countryCode,
        country: regionNames.of(order.shippingAddress.countryCode) ?? null,
        province: null,
        provinceCode: null,
        company: null,
        phone: null,
      }

// -------------------------------------------------------------------------------------------------- tables

const total = (pick: (totals: OrderTotals.OrderTotals) => Decimal.Scaled) => (order: OrderRow) =>
  moneyBag(pick(OrderTotals.of(order)), order.currency)

export const lineRow = (order: OrderRow, line: ShopLine): LineRow => ({ __typename: "LineItem", line, order })

const orderFields = fields<OrderRow>("Order", {
  id: (order) => GlobalId.make("Order", order.id),
  legacyResourceId: (order) => order.id,
  name: (order) => order.name,
  number: (order) => Number(/\d+/.exec(order.name)?.[0] ?? 0),
  createdAt: (order) => instant(order.createdAt),
  processedAt: (order) => instant(order.processedAt),
  updatedAt: (order) => instant(order.updatedAt),
  cancelledAt: (order) => instantOrNull(order.cancelledAt),
  cancelReason: (order) => order.cancelReason,
  closed: (order) => order.cancelledAt !== null,
  closedAt: (order) => instantOrNull(order.cancelledAt),
  test: (order) => order.test,
  confirmed: () => true,
  edited: (order) => order.lines.some((line) => line.currentQuantity !== line.quantity) && order.refunds.length === 0,
  currencyCode: (order) => order.currency,
  presentmentCurrencyCode: (order) => order.currency,
  taxesIncluded: () => true,
  fullyPaid: (order) => order.financialStatus !== "PENDING" && order.financialStatus !== "VOIDED",
  displayFinancialStatus: (order) => order.financialStatus,
  displayFulfillmentStatus: (order) =>
    order.cancelledAt === null && order.financialStatus !== "PENDING" ? "FULFILLED" : "UNFULFILLED",
  returnStatus: (order) => (order.refunds.some((refund) => refund.lines.length > 0) ? "RETURNED" : "NO_RETURN"),
  email: (order) => order.email,
  phone: () => null,
  note: () => null,
  sourceName: (order) => order.sourceName,
  sourceIdentifier: () => null,
  cartToken: (order) => order.cartToken,
  checkoutToken: (order) => order.checkoutToken,
  clientIp: (order) => order.clientIp,
  customerLocale: (order, _, { state }) =>
    order.customerId === null ? null : (state.customers.get(order.customerId)?.locale ?? null),
  tags: (order) => order.tags,
  discountCode: (order) => order.discountCodes[0] ?? null,
  discountCodes: (order) => order.discountCodes,
  customAttributes: (order) => order.attributes,
  subtotalPriceSet: total((totals) => totals.subtotal),
  currentSubtotalPriceSet: total((totals) => totals.currentSubtotal),
  totalPriceSet: total((totals) => totals.total),
  originalTotalPriceSet: total((totals) => totals.total),
  currentTotalPriceSet: total((totals) => totals.currentTotal),
  totalDiscountsSet: total((totals) => totals.discounts),
  currentTotalDiscountsSet: total((totals) => totals.currentDiscounts),
  totalShippingPriceSet: total((totals) => totals.shipping),
  currentShippingPriceSet: total((totals) => totals.currentShipping),
  totalRefundedSet: total((totals) => totals.refunded),
  totalRefundedShippingSet: total((totals) => totals.refundedShipping),
  totalReceivedSet: total((totals) => totals.received),
  netPaymentSet: total((totals) => totals.net),
  customer: (order, _, { state }) =>
    order.customerId === null ? null : (state.customers.get(order.customerId) ?? null),
  shippingAddress: address,
  billingAddress: address,
  customerJourneySummary: journeySummary,
  lineItems: (order, args: PageArguments, execution) =>
    listPage(
      order.lines.map((line) => lineRow(order, line)),
      args,
      execution,
    ),
  discountApplications: (order, args: PageArguments, execution) =>
    listPage(discountApplications(order, execution.state), args, execution),
  refunds: (order, args: { readonly first?: number | null }) => refundRows(order).slice(0, args.first ?? undefined),
  transactions: (order, args: { readonly first?: number | null }) =>
    transactionRows(order).slice(0, args.first ?? undefined),
  risk: () => ({ recommendation: "NONE", assessments: [] }),
  disputes: () => [],
  ...metafieldFields<OrderRow>((order) => GlobalId.make("Order", order.id)),
})

const lineFields = fields<LineRow>("LineItem", {
  id: ({ line }) => GlobalId.make("LineItem", line.id),
  title: ({ line }) => line.title,
  name: ({ line }) => line.title,
  quantity: ({ line }) => line.quantity,
  currentQuantity: ({ line }) => line.currentQuantity,
  refundableQuantity: ({ line }) => line.currentQuantity,
  isGiftCard: ({ line }) => line.isGiftCard,
  requiresShipping: ({ line }) => !line.isGiftCard,
  taxable: ({ line }) => !line.isGiftCard,
  sku: () => null,
  vendor: () => null,
  variantTitle: () => null,
  customAttributes: () => [],
  product: ({ line }) => ({
    id: GlobalId.make("Product", line.productId),
    legacyResourceId: line.productId,
    title: line.title,
    isGiftCard: line.isGiftCard,
  }),
  originalUnitPriceSet: ({ line, order }) => moneyBag(Decimal.parse(line.unitPrice), order.currency),
  originalTotalSet: ({ line, order }) => moneyBag(OrderTotals.lineOriginal(line), order.currency),
  totalDiscountSet: ({ line, order }) => moneyBag(OrderTotals.lineDiscount(line), order.currency),
  discountedTotalSet: ({ line, order }, args: { readonly withCodeDiscounts?: boolean | null }) =>
    moneyBag(
      args.withCodeDiscounts === true ? OrderTotals.lineDiscounted(line) : OrderTotals.lineOriginal(line),
      order.currency,
    ),
  discountAllocations: (row, _, { state }) => discountAllocations(row, state),
  // The simulated world knows no taxes.
  taxLines: () => [],
})

export const orderTables: ReadonlyArray<TypeFields> = [orderFields, lineFields]
