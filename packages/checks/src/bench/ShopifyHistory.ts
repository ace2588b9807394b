/**
 * A shop's history as files of bulk results: one for each slice of 5,000 orders, a day of them, with two lines each.
 *
 * Promises: the same number of orders gives the same files; lines come before their orders as often as after them.
 */
import { createWriteStream, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"

const ordersPerSlice = 5_000
const linesPerOrder = 2
const day = 86_400_000
const start = Date.UTC(2025, 0, 1)

export interface ShopifyHistory {
  readonly orders: number
  readonly oldest: string
  readonly newest: string
  /** Orders in each slice. */
  readonly slices: ReadonlyArray<number>
}

export const objectsIn = (orders: number): number => orders * (1 + linesPerOrder)
export const fileOf = (folder: string, slice: number): string => join(folder, `slice-${slice}.jsonl`)

const money = (cents: number) => ({ shopMoney: { amount: (cents / 100).toFixed(2) } })
const at = (order: number): string => new Date(start + Math.floor((order * day) / ordersPerSlice)).toISOString()
const gid = (kind: string, number: number): string => `gid://shopify/${kind}/${5_000_000_000_000 + number}`

const orderRow = (order: number) => ({
  id: gid("Order", order),
  name: `#${order}`,
  processedAt: at(order),
  updatedAt: at(order),
  cancelledAt: null,
  test: false,
  currencyCode: "EUR",
  taxesIncluded: true,
  displayFinancialStatus: "PAID",
  email: `buyer${order % 40_000}@example.com`,
  sourceName: "web",
  discountCodes: order % 5 === 0 ? [`CODE${order % 1000}`] : [],
  customAttributes: order % 10 === 0 ? [{ key: "ref", value: `CODE${order % 1000}` }] : [],
  totalRefundedSet: money(0),
  customer: { id: gid("Customer", order % 40_000) },
  shippingAddress: { address1: `${order % 200} Example Street`, zip: String(10_000 + (order % 5_000)) },
  customerJourneySummary: {
    ready: true,
    firstVisit: { occurredAt: at(order), landingPage: "https://shop.example/", referralCode: null, source: "direct" },
    lastVisit: { occurredAt: at(order), landingPage: "https://shop.example/tea", referralCode: null, source: "search" },
  },
})

const lineRow = (order: number, line: number) => ({
  id: gid("LineItem", order * 10 + line),
  quantity: 1 + line,
  currentQuantity: 1 + line,
  isGiftCard: false,
  product: { id: gid("Product", order % 300) },
  originalTotalSet: money(1990 + (order % 3000)),
  discountAllocations:
    order % 5 === 0
      ? [{ allocatedAmountSet: money(199), discountApplication: { index: 0, code: `CODE${order % 1000}` } }]
      : [],
  taxLines: [{ priceSet: money(286) }],
  __parentId: gid("Order", order),
})

function* linesOf(from: number, until: number): Generator<string> {
  for (let order = from; order < until; order++) {
    const rows: Array<object> = [orderRow(order), lineRow(order, 0)]
    if (order % 2 === 0) rows.reverse()
    for (const row of [...rows, lineRow(order, 1)]) yield `${JSON.stringify(row)}\n`
  }
}

export const write = async (folder: string, orders: number): Promise<void> => {
  const slices: Array<number> = []
  for (let from = 0; from < orders; from += ordersPerSlice) {
    const until = Math.min(orders, from + ordersPerSlice)
    await pipeline(Readable.from(linesOf(from, until)), createWriteStream(fileOf(folder, slices.length)))
    slices.push(until - from)
  }
  const history: ShopifyHistory = { orders, oldest: at(0), newest: at(orders - 1), slices }
  writeFileSync(join(folder, "history.json"), JSON.stringify(history))
}
