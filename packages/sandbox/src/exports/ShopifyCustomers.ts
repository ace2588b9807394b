/**
 * `customers_export.csv`, as Shopify's admin writes it: one row per customer record; guests have none.
 *
 * Sure, from header lines and samples of real exports in public repositories: the columns and their order, `yes` and `no`,
 * an apostrophe before ids, postcodes and telephone numbers. Own rules, which Shopify does not state:
 * Total Spent is what was paid for orders that are no tests less what went back, Total Orders counts all orders.
 * The default address is that of the last order that was sent somewhere.
 */
import * as Decimal from "../shopify/Decimal.ts"
import * as OrderTotals from "../shopify/OrderTotals.ts"
import type { ShopAddress, ShopCustomer, World } from "../world/World.ts"
import { anew, columnNames, placed } from "./ExportTable.ts"
import type { ExportTable, Row } from "./ExportTable.ts"
import * as Present from "./Present.ts"

export const columns = columnNames(
  "Customer ID, First Name, Last Name, Email, Accepts Email Marketing",
  ...["Company", "Address1", "Address2", "City", "Province Code", "Country Code", "Zip", "Phone"].map(
    (part) => `Default Address ${part}`,
  ),
  "Phone, Accepts SMS Marketing, Total Spent, Total Orders, Note, Tax Exempt, Tags",
)

interface Trade {
  readonly orders: number
  readonly spent: Decimal.Scaled
  readonly address: ShopAddress | null
}

const nothing: Trade = { orders: 0, spent: 0n, address: null }

const trades = ({ orders }: Present.Present): ReadonlyMap<string, Trade> => {
  const found = new Map<string, Trade>()
  for (const order of orders) {
    if (order.customerId === null) continue
    const before = found.get(order.customerId) ?? nothing
    found.set(order.customerId, {
      orders: before.orders + 1,
      spent: before.spent + (order.test ? 0n : OrderTotals.of(order).net),
      address: order.shippingAddress ?? before.address,
    })
  }
  return found
}

const cellsToRow = placed(columns)

/** Keeps a spreadsheet from reading digits as a number. */
const asText = (shown: string | null): string => (shown === null || shown === "" ? "" : `'${shown}`)

const customerRow = (customer: ShopCustomer, { address, orders, spent }: Trade, currency: string): Row =>
  cellsToRow({
    "Customer ID": asText(customer.id),
    "First Name": customer.firstName ?? "",
    "Last Name": customer.lastName ?? "",
    Email: customer.email ?? "",
    "Accepts Email Marketing": customer.marketing === "SUBSCRIBED" ? "yes" : "no",
    "Default Address Address1": address?.address1 ?? "",
    "Default Address City": address?.city ?? "",
    "Default Address Country Code": address?.countryCode ?? "",
    "Default Address Zip": asText(address?.zip ?? null),
    "Default Address Phone": address === null ? "" : asText(customer.phone),
    Phone: asText(customer.phone),
    "Accepts SMS Marketing": "no",
    "Total Spent": Decimal.printFixed(spent, currency),
    "Total Orders": String(orders),
    "Tax Exempt": "no",
    Tags: customer.tags.join(", "),
  })

export const table = (world: World): ExportTable => {
  const present = Present.of(world)
  const trade = trades(present)
  return {
    fileName: "customers_export.csv",
    columns,
    amounts: new Set(["Total Spent"]),
    rows: anew(function* () {
      for (const customer of present.customers) {
        yield customerRow(customer, trade.get(customer.id) ?? nothing, present.brand.currency)
      }
    }),
  }
}
