/**
 * Shopify's export of orders, as Orders > Export writes it: a row for each line, the order's own cells on the first of them.
 *
 * Promises: the same keys and handles as the connector, so that the shop itself takes the file's place once it is connected. What goods
 * are worth is the order's subtotal, without the tax that it includes, handed out over the lines; what was refunded is taken from the
 * goods first, and dated by the cancellation, else by the order itself, because the file does not say when.
 */
import type * as Fact from "@advocacy-kit/core/fact/Fact"
import * as Handle from "@advocacy-kit/core/id/Handle"
import * as Currency from "@advocacy-kit/core/money/Currency"
import * as Money from "@advocacy-kit/core/money/Money"
import { fieldsOf } from "../Columns.ts"
import * as Format from "../Format.ts"
import type { Row } from "../Row.ts"

const fields = fieldsOf({
  id: { titles: ["Id", "Order ID"], what: "Shopify's number of the order" },
  name: { titles: ["Name", "Order"], what: "the order's name, such as #1001", needed: true },
  email: { titles: ["Email"], what: "the buyer's e-mail", personal: true },
  status: { titles: ["Financial Status"], what: "paid, refunded, voided", needed: true },
  createdAt: { titles: ["Created at"], what: "when it was placed", needed: true },
  cancelledAt: { titles: ["Cancelled at"], what: "when it was cancelled" },
  currency: { titles: ["Currency"], what: "the shop's currency" },
  subtotal: { titles: ["Subtotal"], what: "goods after discounts", needed: true },
  shipping: { titles: ["Shipping"], what: "what shipping cost" },
  taxes: { titles: ["Taxes"], what: "all taxes" },
  duties: { titles: ["Duties"], what: "duties" },
  total: { titles: ["Total"], what: "what was to be paid", needed: true },
  codes: { titles: ["Discount Code"], what: "the codes that were entered" },
  discount: { titles: ["Discount Amount"], what: "what all discounts took off" },
  refunded: { titles: ["Refunded Amount"], what: "what was paid back" },
  quantity: { titles: ["Lineitem quantity"], what: "how many", needed: true },
  price: { titles: ["Lineitem price"], what: "the price of one", needed: true },
  lineDiscount: { titles: ["Lineitem discount"], what: "what was taken off the line" },
  street: { titles: ["Shipping Address1", "Shipping Street"], what: "where it was sent", personal: true },
  postcode: { titles: ["Shipping Zip"], what: "where it was sent", personal: true },
  attributes: { titles: ["Note Attributes"], what: "the cart's attributes", personal: true },
  channel: { titles: ["Source"], what: "where it was placed: web, pos" },
})
type Name = keyof typeof fields

/** As for the connector, paid is what was taken, or is held for the shop. */
const statuses: ReadonlyMap<string, boolean> = new Map([
  ...["authorized", "paid", "partially_refunded", "refunded"].map((status) => [status, true] as const),
  ...["expired", "partially_paid", "pending", "unpaid", "voided"].map((status) => [status, false] as const),
])

const isPaid = (order: Row<Name>): boolean =>
  statuses.get(order.needed("status").toLowerCase()) ??
  order.refuse("status", `is none of ${[...statuses.keys()].join(", ")}`)

const zero = (amount: bigint | null): bigint => amount ?? 0n

interface Goods {
  /** What the buyer keeps of the subtotal for the shop's goods: without tax. */
  readonly netMinor: bigint
  /** The same as the buyer paid it: with tax. */
  readonly grossMinor: bigint
  /** Of the order's total what is not for goods: shipping, its tax, duties, tips. */
  readonly besideMinor: bigint
  /** Whether the tax on goods had to be told from that on shipping. */
  readonly isEstimated: boolean
}

/** Prices include tax where the total is the sum without it. */
const goodsOf = (order: Row<Name>, currency: Currency.Currency): Goods => {
  const subtotalMinor = order.amount("subtotal", currency) ?? order.refuse("subtotal", "is empty")
  const totalMinor = order.amount("total", currency) ?? order.refuse("total", "is empty")
  const taxMinor = zero(order.amount("taxes", currency))
  const shippingMinor = zero(order.amount("shipping", currency))
  if (subtotalMinor < 0n) return order.refuse("subtotal", "is below zero")
  const baseMinor = subtotalMinor + shippingMinor
  const goods = (told: Omit<Goods, "besideMinor">): Goods => ({
    ...told,
    besideMinor: totalMinor > told.grossMinor ? totalMinor - told.grossMinor : 0n,
  })
  if (taxMinor <= 0n || baseMinor === 0n)
    return goods({ netMinor: subtotalMinor, grossMinor: subtotalMinor, isEstimated: false })
  const goodsTaxMinor = Money.scale(taxMinor, subtotalMinor, baseMinor)
  const withoutTaxMinor = baseMinor + zero(order.amount("duties", currency))
  const isIncluded = totalMinor < withoutTaxMinor + taxMinor
  return goods(
    isIncluded
      ? { netMinor: subtotalMinor - goodsTaxMinor, grossMinor: subtotalMinor, isEstimated: true }
      : { netMinor: subtotalMinor, grossMinor: subtotalMinor + goodsTaxMinor, isEstimated: false },
  )
}

/** Lines are numbered as they stand; the file has no ids of them, and names products by titles alone. */
const linesOf = (
  rows: Format.Rows<Name>,
  currency: Currency.Currency,
  netMinor: bigint,
): ReadonlyArray<Fact.OrderLine> => {
  const lines = rows.map((row) => {
    const quantity = row.integer("quantity") ?? row.refuse("quantity", "is empty")
    if (quantity < 0) return row.refuse("quantity", "is below zero")
    const worthMinor =
      zero(row.amount("price", currency)) * BigInt(quantity) - zero(row.amount("lineDiscount", currency))
    return { quantity, weight: worthMinor > 0n ? worthMinor : 0n }
  })
  const amounts = Money.allocate(
    netMinor,
    lines.map(({ weight }) => weight),
  )
  return lines.map(({ quantity }, index) => ({
    line: `${index + 1}`,
    product: null,
    quantity,
    currentQuantity: quantity,
    amountMinor: amounts[index] ?? 0n,
    isGiftCard: false,
  }))
}

/** What each of several codes took off is not said: they are given equal parts. */
const codesOf = (order: Row<Name>, currency: Currency.Currency): Fact.OrderPlaced["codes"] => {
  const codes = (order.text("codes") ?? "").split(",").flatMap((code) => (code.trim() === "" ? [] : [code.trim()]))
  const tooLong = codes.find((code) => code.length > 255)
  if (tooLong !== undefined) return order.refuse("codes", "has a code of more than 255 characters")
  const offMinor = zero(order.amount("discount", currency))
  const parts = Money.allocate(
    offMinor,
    codes.map(() => 1n),
  )
  return codes.map((code, index) => ({ code, discountMinor: parts[index] ?? 0n }))
}

/** `name: value` on a line each. */
const attributesOf = (order: Row<Name>): ReadonlyArray<{ readonly key: string; readonly value: string }> =>
  (order.text("attributes") ?? "").split(/\r?\n/).flatMap((line) => {
    const colon = line.indexOf(":")
    return colon < 1 ? [] : [{ key: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() }]
  })

const orderId = (order: Row<Name>): string => order.id("id") ?? order.refuse("id", "is empty")

const orderOf = (rows: Format.Rows<Name>, lens: Format.Lens, currency: Currency.Currency, goods: Goods) => {
  const [order] = rows
  const id = orderId(order)
  const address = order.email("email")
  const email = address === null ? null : Handle.email(lens.handleKey, address)
  const attributes = attributesOf(order)
  const codes = codesOf(order, currency)
  const estimated = [...(goods.isEstimated ? ["lines"] : []), ...(codes.length > 1 ? ["codes"] : [])]
  const name = order.needed("name").slice(0, 255)
  const soft = [
    Handle.address(lens.handleKey, order.text("street") ?? "", order.text("postcode") ?? ""),
    Handle.device(lens.handleKey, attributes.find(({ key }) => key === lens.deviceAttribute)?.value ?? ""),
  ]
  const placed: Fact.OrderPlaced = {
    _tag: "OrderPlaced",
    ...Format.head(`shopify:order/${id}`, order.instant("createdAt") ?? order.refuse("createdAt", "is empty"), lens),
    ...(estimated.length === 0 ? {} : { estimated }),
    order: Handle.platform("shopify", "order", id),
    name,
    customer: null,
    email,
    currency,
    test: false,
    cancelledAt: order.instant("cancelledAt"),
    paid: isPaid(order),
    channel: order.text("channel")?.slice(0, 255) ?? null,
    lines: linesOf(rows, currency, goods.netMinor),
    codes,
    attributes: attributes.filter(({ key, value }) => lens.referralAttributes.includes(key) && value.length <= 255),
    visits: [],
    soft: soft.filter((handle) => handle !== null),
  }
  return { placed, personal: email === null || address === null ? [] : [{ handle: email, value: address }] }
}

const refundsOf = (
  order: Row<Name>,
  { cancelledAt, currency, key, occurredAt, order: of }: Fact.OrderPlaced,
  { besideMinor, grossMinor, netMinor }: Goods,
  lens: Format.Lens,
): ReadonlyArray<Fact.RefundMade> => {
  const refundedMinor = zero(order.amount("refunded", currency))
  if (refundedMinor <= 0n || grossMinor === 0n) return []
  /** As if the buyer had been paid `backMinor` for goods, with tax. */
  const ofGoods = (backMinor: bigint): bigint => {
    if (backMinor >= grossMinor) return netMinor
    return backMinor <= 0n ? 0n : Money.scale(backMinor, netMinor, grossMinor)
  }
  return [
    {
      _tag: "RefundMade",
      ...Format.head(key.replace(":order/", ":refund/of-order-"), cancelledAt ?? occurredAt, lens),
      estimated: ["occurredAt", "otherMinor"],
      order: of,
      currency,
      lines: [],
      otherMinor: ofGoods(refundedMinor),
      atLeastMinor: ofGoods(refundedMinor - besideMinor),
    },
  ]
}

export const shopifyOrders = Format.make<Name>({
  name: "shopify-orders",
  what: "Shopify: orders (Orders > Export > Plain CSV file)",
  fields,
  groupBy: "name",
  placeOf: (order) => {
    const id = order.id("id")
    return id === null ? null : `shopify:order/${id}`
  },
  read: (rows, lens) => {
    const [order] = rows
    const code = order.text("currency") ?? lens.currency
    if (code === null || !Currency.isCurrency(code))
      return order.refuse("currency", "is no ISO 4217 currency such as EUR")
    const currency = Currency.make(code)
    const goods = goodsOf(order, currency)
    const { personal, placed } = orderOf(rows, lens, currency, goods)
    return { facts: [placed, ...refundsOf(order, placed, goods, lens)], personal }
  },
  cannotKnow: [
    "whether an order was a test: it counts as a real one",
    "which customer bought, beyond the e-mail",
    "when money was given back, and for which lines: refunds are taken from the goods first, and dated by the cancellation, else by the order",
    "which products were bought beyond their titles, and which of them are gift cards",
    "what each of several codes took off",
    "which visits came before an order",
    "how much of the tax within prices lies on shipping",
  ],
})
