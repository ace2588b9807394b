import { createHash } from "node:crypto"
import { describe, expect, test, vi } from "vitest"
import * as Dialect from "../src/exports/Dialect.ts"
import type { ExportTable } from "../src/exports/ExportTable.ts"
import * as Present from "../src/exports/Present.ts"
import * as ShopifyCustomers from "../src/exports/ShopifyCustomers.ts"
import * as ShopifyOrders from "../src/exports/ShopifyOrders.ts"
import * as Price from "../src/world/Price.ts"
import * as Simulator from "../src/world/Simulator.ts"
import { records } from "./exportReading.ts"

vi.setConfig({ testTimeout: 60_000 })

const size = { customers: 500, orders: 2_000 }
const world = Simulator.simulate({ seed: 11, ...size })
const present = Present.of(world)
const orderRows = records(Dialect.text(ShopifyOrders.table(world)))
const byName = Map.groupBy(orderRows, (row) => row["Name"] ?? "")
const cents = (shown: string | undefined): bigint => Price.fromDecimal(shown ?? "")

describe("orders_export.csv", () => {
  test("has a block of rows per order, one row per line", () => {
    expect([byName.size, orderRows.length]).toEqual([
      size.orders,
      present.orders.reduce((sum, order) => sum + order.lines.length, 0),
    ])
    for (const order of present.orders) {
      const rows = byName.get(order.name) ?? []
      expect(rows.map((row) => row["Lineitem name"])).toEqual(order.lines.map(({ title }) => title))
      expect(rows.map((row) => row["Id"])).toEqual([order.id, ...rows.slice(1).map(() => "")])
      expect(new Set(rows.map((row) => row["Email"]))).toEqual(new Set([order.email ?? ""]))
    }
  })

  test("says the world's money", () => {
    for (const order of present.orders) {
      const rows = byName.get(order.name) ?? []
      const [first] = rows
      const gross = Price.total(rows.map((row) => cents(row["Lineitem price"]) * BigInt(row["Lineitem quantity"] ?? 0)))
      const taken = Price.total(
        order.lines.flatMap(({ allocations }) => allocations.map(({ amount }) => Price.fromDecimal(amount))),
      )
      expect(cents(first?.["Discount Amount"])).toBe(taken)
      expect(cents(first?.["Subtotal"])).toBe(gross - taken)
      expect(cents(first?.["Total"])).toBe(gross - taken + Price.fromDecimal(order.shipping))
      expect(cents(first?.["Refunded Amount"])).toBe(
        Price.total(order.refunds.map(({ total }) => Price.fromDecimal(total))),
      )
    }
  })

  test("tells instants in the shop's zone, over changes of the clocks", () => {
    const offsets = new Set<string>()
    for (const order of present.orders) {
      const [first] = byName.get(order.name) ?? []
      const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/.exec(first?.["Created at"] ?? "")
      expect(Date.parse(`${match?.[1]}T${match?.[2]}${match?.[3]}:${match?.[4]}`)).toBe(Date.parse(order.createdAt))
      offsets.add(`${match?.[3]}${match?.[4]}`)
      expect(first?.["Cancelled at"] === "").toBe(order.cancelledAt === null)
    }
    expect([...offsets].sort()).toEqual(["+0100", "+0200"])
  })

  test("keeps codes, attributes and statuses, and does not tell which orders are tests", () => {
    let several = 0
    let lines = 0
    for (const order of present.orders) {
      const [first] = byName.get(order.name) ?? []
      expect(first?.["Discount Code"]).toBe(order.discountCodes.join(", "))
      expect(first?.["Note Attributes"]).toBe(order.attributes.map(({ key, value }) => `${key}: ${value}`).join("\n"))
      expect(first?.["Financial Status"]).toBe(order.financialStatus.toLowerCase())
      if (order.discountCodes.length > 1) several++
      if (order.attributes.length > 1) lines++
    }
    expect(several).toBeGreaterThan(0)
    expect(lines).toBeGreaterThan(0)
    const tests = present.orders.filter((order) => order.test)
    expect(tests.length).toBeGreaterThan(0)
    expect(tests.every((order) => byName.has(order.name))).toBe(true)
  })

  test("copies are other orders of other people", () => {
    const rows = records(Dialect.text(ShopifyOrders.table(world, { copies: 3 })))
    expect(rows.length).toBe(3 * orderRows.length)
    const first = rows.filter((row) => row["Id"] !== "")
    expect(new Set(first.map((row) => row["Id"])).size).toBe(3 * size.orders)
    expect(new Set(first.map((row) => row["Name"])).size).toBe(3 * size.orders)
  })
})

describe("customers_export.csv", () => {
  const rows = records(Dialect.text(ShopifyCustomers.table(world)))

  test("has a row per customer record", () => {
    expect(rows.map((row) => row["Customer ID"])).toEqual(present.customers.map(({ id }) => `'${id}`))
    expect(rows.map((row) => row["Email"])).toEqual(present.customers.map(({ email }) => email))
  })

  test("counts and sums each customer's orders", () => {
    const orders = Map.groupBy(present.orders, (order) => order.customerId)
    for (const row of rows) {
      const own = orders.get(row["Customer ID"]?.slice(1) ?? "") ?? []
      expect(Number(row["Total Orders"])).toBe(own.length)
      const paid = own
        .filter((order) => !order.test && !["PENDING", "VOIDED"].includes(order.financialStatus))
        .map((order) => {
          const [first] = byName.get(order.name) ?? []
          return cents(first?.["Total"]) - cents(first?.["Refunded Amount"])
        })
      expect(cents(row["Total Spent"])).toBe(Price.total(paid))
    }
  })
})

describe("dialects", () => {
  const table = ShopifyOrders.table(world)
  const sorted = (rows: ReadonlyArray<Readonly<Record<string, string>>>) =>
    rows.map((row) => Object.entries(row).sort(([left], [right]) => (left < right ? -1 : 1)))
  const withPoints = (rows: ReadonlyArray<Readonly<Record<string, string>>>, of: ExportTable) =>
    rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([column, cell]) => [column, of.amounts.has(column) ? cell.replace(",", ".") : cell]),
      ),
    )

  test.each([
    ["semicolons and decimal commas", Dialect.continental, ";"],
    ["tabs, every cell quoted", { separator: "\t", quotes: "always" } as const, "\t"],
    ["shuffled columns without a last line end", { shuffledBy: 5, finalLineEnd: false } as const, ","],
  ])("%s say the same rows", (_, dialect, separator) => {
    const written = Dialect.text(table, dialect)
    expect(written).not.toBe(Dialect.text(table))
    expect(sorted(withPoints(records(written, separator), table))).toEqual(sorted(orderRows))
  })

  test("a decimal comma inside a file of commas is quoted", () => {
    const written = Dialect.text(table, { decimal: "," })
    expect(written).toMatch(/"\d+,\d\d"/)
    expect(withPoints(records(written), table)).toEqual(orderRows)
  })

  test("the mark, UTF-8 and Windows-1252", () => {
    const small: ExportTable = {
      fileName: "small.csv",
      columns: ["Name", "Note"],
      amounts: new Set(),
      rows: [["Jürgen Łęski", 'costs "€ 5"']],
    }
    expect([...Dialect.bytes(small, { byteOrderMark: true })].slice(0, 4)).toEqual([0xef, 0xbb, 0xbf, 0x4e])
    const latin = Dialect.bytes(small, { encoding: "windows-1252" })
    expect(new TextDecoder("windows-1252").decode(latin)).toBe('Name,Note\nJürgen ??ski,"costs ""€ 5"""\n')
    expect(new TextDecoder().decode(Dialect.bytes(small))).toBe(Dialect.text(small))
  })

  test("the same seed gives the same bytes, another one others", () => {
    const digest = (seed: number): string => {
      const hash = createHash("sha256")
      const made = Simulator.simulate({ seed, ...size })
      for (const part of Dialect.chunks(ShopifyOrders.table(made))) hash.update(part)
      for (const part of Dialect.chunks(ShopifyCustomers.table(made))) hash.update(part)
      return hash.digest("hex")
    }
    expect(digest(11)).toBe(digest(11))
    expect(digest(12)).not.toBe(digest(11))
  })
})
