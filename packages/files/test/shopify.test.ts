/**
 * Shopify's exports of a simulated brand, held against the brand itself.
 */
import * as Handle from "@advocacy-kit/core/id/Handle"
import type { Fact, FactOf, FactTag } from "@advocacy-kit/core/fact/Fact"
import { conversions } from "@advocacy-kit/core/referral/Conversion"
import * as Dialect from "@advocacy-kit/sandbox/exports/Dialect"
import * as Present from "@advocacy-kit/sandbox/exports/Present"
import * as CustomersFile from "@advocacy-kit/sandbox/exports/ShopifyCustomers"
import * as OrdersFile from "@advocacy-kit/sandbox/exports/ShopifyOrders"
import * as Simulator from "@advocacy-kit/sandbox/world/Simulator"
import { beforeAll, describe, expect, it } from "vitest"
import { shopifyCustomers } from "../src/format/ShopifyCustomers.ts"
import { shopifyOrders } from "../src/format/ShopifyOrders.ts"
import { handleKey, imported, lens, type Left } from "./Imports.ts"

const world = Simulator.simulate({ seed: 11, customers: 400, orders: 1_000 })
const { customers, orders } = Present.of(world)
const table = OrdersFile.table(world)

const of = <Tag extends FactTag>(facts: ReadonlyArray<Fact>, tag: Tag): ReadonlyArray<FactOf<Tag>> =>
  facts.filter((fact): fact is FactOf<Tag> => fact._tag === tag)

let all: Left
beforeAll(async () => {
  all = await imported(shopifyOrders, Dialect.text(table))
})

describe("orders of Shopify", () => {
  it("are all there, under the keys of the shop's own API", () => {
    expect(all.imported).toMatchObject({
      records: orders.length,
      parked: 0,
      rows: orders.flatMap(({ lines }) => lines).length,
    })
    const placed = of(all.facts, "OrderPlaced")
    expect(new Set(placed.map(({ key }) => key))).toEqual(new Set(orders.map(({ id }) => `shopify:order/${id}`)))
    for (const order of orders) {
      const fact = placed.find(({ key }) => key === `shopify:order/${order.id}`)
      expect(fact).toMatchObject({
        name: order.name,
        occurredAt: Math.floor(Date.parse(order.createdAt) / 1000) * 1000,
        email: order.email === null ? null : Handle.email(handleKey, order.email),
        channel: order.sourceName,
      })
      expect(fact?.codes.map(({ code }) => code)).toEqual(order.discountCodes)
      expect(fact?.lines.map(({ quantity }) => quantity)).toEqual(order.lines.map(({ quantity }) => quantity))
      expect(fact?.cancelledAt === null).toBe(order.cancelledAt === null)
    }
  })

  it("come to what the judge of the brand says that goods are worth after refunds", () => {
    const net = new Map(conversions(all.facts, lens.asOf).map(({ cause, netMinor }) => [cause as string, netMinor]))
    const differing = world.truth.conversions.filter(({ netAmount, orderId }) => {
      const cents = BigInt(netAmount.replace(".", ""))
      const own = net.get(`shopify:order/${orderId}`) ?? -1n
      const difference = own - cents
      return difference > 1n || difference < -1n
    })
    // A refund of shipping and goods together cannot be told apart in a file: it is taken from the goods.
    for (const { orderId } of differing) {
      const order = orders.find(({ id }) => id === orderId)
      expect(order?.refunds.length).toBeGreaterThan(0)
      expect(Number(order?.shipping)).toBeGreaterThan(0)
    }
    expect(differing.length).toBeLessThan(world.truth.conversions.length / 20)
  })

  it("mark as estimated what the file does not say, and nothing else", () => {
    for (const refund of of(all.facts, "RefundMade")) expect(refund.estimated).toEqual(["occurredAt", "otherMinor"])
    for (const order of of(all.facts, "OrderPlaced"))
      expect(order.estimated).toEqual(order.codes.length > 1 ? ["codes"] : undefined)
  })

  it.each([
    ["semicolons, decimal commas, CRLF", Dialect.continental],
    ["a byte order mark", { byteOrderMark: true }],
    ["Windows-1252", { encoding: "windows-1252" }],
    ["columns in another order", { shuffledBy: 5 }],
  ] as const)("are the same facts with %s", async (_, dialect) => {
    const { facts, parked } = await imported(shopifyOrders, Dialect.bytes(table, dialect))
    expect(parked).toEqual([])
    expect(facts).toEqual(all.facts)
  })

  it("take off the tax that prices include, and add none that they do not", async () => {
    const titles =
      "Id,Name,Email,Financial Status,Created at,Currency,Subtotal,Shipping,Taxes,Total,Refunded Amount,Lineitem quantity,Lineitem price"
    const included =
      "1,#1,a@b.example,partially_refunded,2026-01-01 10:00:00 +0000,EUR,119.00,0.00,19.00,119.00,59.50,1,119.00"
    const added =
      "2,#2,a@b.example,partially_refunded,2026-01-01 10:00:00 +0000,EUR,100.00,0.00,19.00,119.00,59.50,1,100.00"
    const { facts } = await imported(shopifyOrders, [titles, included, added, ""].join("\n"))
    expect(conversions(facts, lens.asOf).map(({ grossMinor, netMinor }) => [grossMinor, netMinor])).toEqual([
      [10_000n, 5_000n],
      [10_000n, 5_000n],
    ])
  })
})

describe("customers of Shopify", () => {
  it("are people under the shop's own ids, with e-mail, phone and consent", async () => {
    const { facts, imported: counts } = await imported(shopifyCustomers, Dialect.text(CustomersFile.table(world)))
    expect(counts).toMatchObject({ rows: customers.length, parked: 0 })
    for (const customer of customers) {
      const seen = of(facts, "PersonSeen").find(({ key }) => key === `shopify:customer/${customer.id}`)
      const { email } = customer
      expect(seen?.aliases).toEqual(email === null ? [] : [Handle.email(handleKey, email)])
      expect(seen?.soft).toEqual(customer.phone === null ? [] : [Handle.phone(handleKey, customer.phone)])
      expect(seen?.marketing === "granted").toBe(customer.marketing === "SUBSCRIBED")
    }
  })

  it("are not read from a file of orders", async () => {
    await expect(imported(shopifyCustomers, Dialect.text(table))).rejects.toThrow(/has no column "First Name"/)
  })
})
