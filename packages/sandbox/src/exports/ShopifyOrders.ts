/**
 * `orders_export.csv`, as Shopify's admin writes it.
 *
 * Promises: one row per line item, newest order first; only an order's first row carries the order's cells, the others
 * repeat Name, Email, Created at, Vendor and Phone beside the line's own. Times are in the shop's zone with its offset.
 *
 * Sure, from header lines and samples of real exports in public repositories: the 79 columns and their order, LF, quotes
 * only where needed, `key: value` lines in Note Attributes, lower-case statuses, an order-wide code in Discount Amount and
 * not in Lineitem discount, `#1001.1` as payment id, an apostrophe before postcodes of digits, the repeated cells. Likely:
 * several codes joined by ", ". Invented, since the world does not know it: when an order was paid and sent, names of guests
 * (empty). What no column says: that an order is a test (one by the Bogus Gateway may show in Payment Method; the world has
 * none), when money went back, for which lines, the customer's id, the visits.
 */
import * as Decimal from "../shopify/Decimal.ts"
import * as OrderTotals from "../shopify/OrderTotals.ts"
import type { ShopCustomer, ShopLine, ShopOrder, World } from "../world/World.ts"
import { anew, columnNames, placed } from "./ExportTable.ts"
import type { ExportTable, Row } from "./ExportTable.ts"
import * as Present from "./Present.ts"
import * as ShopClock from "./ShopClock.ts"

const addressColumns = (kind: "Billing" | "Shipping"): ReadonlyArray<string> =>
  ["Name", "Street", "Address1", "Address2", "Company", "City", "Zip", "Province", "Country", "Phone"].map(
    (part) => `${kind} ${part}`,
  )

export const columns = columnNames(
  "Name, Email, Financial Status, Paid at, Fulfillment Status, Fulfilled at, Accepts Marketing",
  "Currency, Subtotal, Shipping, Taxes, Total, Discount Code, Discount Amount, Shipping Method",
  "Created at, Lineitem quantity, Lineitem name, Lineitem price, Lineitem compare at price",
  "Lineitem sku, Lineitem requires shipping, Lineitem taxable, Lineitem fulfillment status",
  ...addressColumns("Billing"),
  ...addressColumns("Shipping"),
  "Notes, Note Attributes, Cancelled at, Payment Method, Payment Reference, Refunded Amount, Vendor",
  "Outstanding Balance, Employee, Location, Device ID, Id, Tags, Risk Level, Source",
  "Lineitem discount",
  ...[1, 2, 3, 4, 5].flatMap((tax) => [`Tax ${tax} Name`, `Tax ${tax} Value`]),
  "Phone, Receipt Number, Duties, Billing Province Name, Shipping Province Name, Payment ID",
  "Payment Terms Name, Next Payment Due At, Payment References",
)

const amounts: ReadonlySet<string> = new Set(
  columnNames(
    "Subtotal, Shipping, Taxes, Total, Discount Amount, Lineitem price, Lineitem compare at price",
    "Refunded Amount, Outstanding Balance, Lineitem discount",
  ),
)

export interface OrdersOptions {
  /** Writes all orders so many times, under other names, ids and e-mails: for large files from a small world. Default 1. */
  readonly copies?: number
}

interface Shop {
  readonly brand: World["brand"]
  readonly customers: ReadonlyMap<string, ShopCustomer>
  readonly clock: ShopClock.ShopClock
}

const dayMs = 24 * 60 * 60_000

/** The world keeps no instant of dispatch: a day after the order, the present at the latest. */
const sentAt = (order: ShopOrder, now: string): string => {
  if (order.sourceName === "pos") return order.createdAt
  const later = new Date(Date.parse(order.createdAt) + dayMs).toISOString()
  return later < now ? later : now
}

const addressCells = (kind: "Billing" | "Shipping", order: ShopOrder, buyer: ShopCustomer | undefined) => {
  const address = order.shippingAddress
  if (address === null) return {}
  return {
    [`${kind} Name`]: [buyer?.firstName, buyer?.lastName].filter((part) => typeof part === "string").join(" "),
    [`${kind} Street`]: address.address1,
    [`${kind} Address1`]: address.address1,
    [`${kind} City`]: address.city,
    [`${kind} Zip`]: /^\d+$/.test(address.zip) ? `'${address.zip}` : address.zip,
    [`${kind} Country`]: address.countryCode,
    [`${kind} Phone`]: buyer?.phone ?? "",
  }
}

const orderCells = (order: ShopOrder, { brand, clock, customers }: Shop): Record<string, string> => {
  const buyer = customers.get(order.customerId ?? "")
  const totals = OrderTotals.of(order)
  const money = (amount: Decimal.Scaled): string => Decimal.printFixed(amount, order.currency)
  const open = order.financialStatus === "PENDING"
  const paid = !open && order.financialStatus !== "VOIDED"
  const sent = paid && order.cancelledAt === null
  const web = order.sourceName === "web"
  return {
    "Financial Status": order.financialStatus.toLowerCase(),
    "Paid at": paid ? clock.withOffset(order.processedAt) : "",
    "Fulfillment Status": sent ? "fulfilled" : "unfulfilled",
    "Fulfilled at": sent ? clock.withOffset(sentAt(order, brand.now)) : "",
    "Accepts Marketing": buyer?.marketing === "SUBSCRIBED" ? "yes" : "no",
    Currency: order.currency,
    Subtotal: money(totals.subtotal),
    Shipping: money(totals.shipping),
    Taxes: money(0n),
    Total: money(totals.total),
    "Discount Code": order.discountCodes.join(", "),
    "Discount Amount": money(totals.discounts),
    "Shipping Method": web ? (totals.shipping === 0n ? "Free shipping" : "Standard") : "",
    ...addressCells("Billing", order, buyer),
    ...addressCells("Shipping", order, buyer),
    "Note Attributes": order.attributes.map(({ key, value }) => `${key}: ${value}`).join("\n"),
    "Cancelled at": order.cancelledAt === null ? "" : clock.withOffset(order.cancelledAt),
    "Payment Method": open ? "Bank Deposit" : web ? "Shopify Payments" : "Cash",
    "Refunded Amount": money(totals.refunded),
    "Outstanding Balance": money(open ? totals.total : 0n),
    Location: web ? "" : "Harbour store",
    Id: order.id,
    "Risk Level": "Low",
    Source: order.sourceName,
    "Payment ID": `${order.name}.1`,
    "Payment References": `${order.name}.1`,
  }
}

const lineCells = (line: ShopLine, order: ShopOrder): Record<string, string> => ({
  "Lineitem quantity": String(line.quantity),
  "Lineitem name": line.title,
  "Lineitem price": Decimal.printFixed(Decimal.parse(line.unitPrice), order.currency),
  "Lineitem requires shipping": String(!line.isGiftCard),
  "Lineitem taxable": String(!line.isGiftCard),
  "Lineitem fulfillment status":
    order.cancelledAt === null && order.financialStatus !== "PENDING" ? "fulfilled" : "pending",
  "Lineitem discount": Decimal.printFixed(0n, order.currency),
})

const cellsToRow = placed(columns)

const orderRows = (order: ShopOrder, shop: Shop): ReadonlyArray<Row> => {
  const repeated = {
    Name: order.name,
    Email: order.email ?? "",
    "Created at": shop.clock.withOffset(order.createdAt),
    Vendor: shop.brand.name,
    Phone: shop.customers.get(order.customerId ?? "")?.phone ?? "",
  }
  return order.lines.map((line, index) =>
    cellsToRow({ ...repeated, ...lineCells(line, order), ...(index === 0 ? orderCells(order, shop) : {}) }),
  )
}

const copiedColumns = ["Name", "Payment ID", "Payment References", "Email", "Id"].map((name) => columns.indexOf(name))

/** The rows of an order as if somebody else had placed it: every copy has its own block of names and ids. */
const copied = (rows: ReadonlyArray<Row>, copy: number, count: number): ReadonlyArray<Row> => {
  if (copy === 0) return rows
  const [name, payment, payments, email, id] = copiedColumns as [number, number, number, number, number]
  return rows.map((row, index) => {
    const cells = [...row]
    const shown = `#${Number(cells[name]?.slice(1)) + copy * count}`
    cells[name] = shown
    if (cells[email] !== "") cells[email] = `copy${copy}.${cells[email]?.trim() ?? ""}`
    if (index > 0) return cells
    cells[payment] = cells[payments] = `${shown}.1`
    cells[id] = String(BigInt(cells[id] ?? "0") + BigInt(copy) * 10n ** 16n)
    return cells
  })
}

export const table = (world: World, options: OrdersOptions = {}): ExportTable => {
  const { brand, customers, orders } = Present.of(world)
  const shop: Shop = {
    brand,
    clock: ShopClock.make(brand.timeZone),
    customers: new Map(customers.map((customer) => [customer.id, customer])),
  }
  return {
    fileName: "orders_export.csv",
    columns,
    amounts,
    rows: anew(function* () {
      for (const order of orders.toReversed()) {
        const rows = orderRows(order, shop)
        for (let copy = (options.copies ?? 1) - 1; copy >= 0; copy--) yield* copied(rows, copy, orders.length)
      }
    }),
  }
}
