import { createHash } from "node:crypto"
import { describe, expect, test, vi } from "vitest"
import * as Price from "../src/world/Price.ts"
import * as Simulator from "../src/world/Simulator.ts"
import { rules } from "../src/world/World.ts"
import type { ShopOrder, TruthClass, World } from "../src/world/World.ts"

// Six worlds of two sizes: about six seconds alone, several times that on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const classes: ReadonlyArray<TruthClass> = [
  "code",
  "cart-attribute",
  "link-click",
  "invitation",
  "several-touches",
  "ambiguous-codes",
  "self-referral",
  "self-referral-alias",
  "existing-customer",
  "existing-customer-alias",
  "below-minimum",
  "outside-window",
  "cancelled",
  "fully-refunded",
  "partially-refunded",
  "refunded-below-minimum",
  "over-limit",
  "test-order",
  "leaked-code",
  "ring-device",
  "household",
  "unknown-code",
  "word-of-mouth",
  "organic",
]

const small = { customers: 500, orders: 2_000 }
const large = { customers: Simulator.defaults.customers, orders: Simulator.defaults.orders }

const worlds = new Map<string, World>()
const world = (seed: number, size: typeof small): World => {
  const key = `${seed} ${size.customers}`
  const made = worlds.get(key) ?? Simulator.simulate({ seed, ...size })
  worlds.set(key, made)
  return made
}

/** Every order in its last state. */
const lastOrders = ({ live, shop }: World): Map<string, ShopOrder> => {
  const orders = new Map(shop.orders.map((order) => [order.id, order]))
  for (const change of live) {
    if (change.kind === "shop.order" || change.kind === "shop.refund") orders.set(change.after.id, change.after)
  }
  return orders
}

const unique = (ids: ReadonlyArray<string>): boolean => new Set(ids).size === ids.length
const digest = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex")

describe("determinism", () => {
  test("the same options give the same world, another seed another one", () => {
    const first = digest(Simulator.simulate({ seed: 7, ...small }))
    expect(digest(Simulator.simulate({ seed: 7, ...small }))).toBe(first)
    expect(digest(Simulator.simulate({ seed: 8, ...small }))).not.toBe(first)
  })

  test("another present moves the whole history", () => {
    const { brand, live, shop } = Simulator.simulate({ seed: 7, ...small, now: "2027-03-31T12:00:00.000Z" })
    expect(brand.startsAt).toBe("2025-09-01T12:00:00.000Z")
    expect(brand.liveFrom).toBe("2027-03-21T12:00:00.000Z")
    expect(shop.orders.every((order) => order.processedAt >= brand.startsAt)).toBe(true)
    expect(live.every((change) => change.at > brand.liveFrom && change.at <= brand.now)).toBe(true)
  })

  test.each([
    [{ seed: -1, ...small }, /seed: -1/],
    [{ seed: 1, customers: 50, orders: 2_000 }, /customers: 50 .* 400/],
    [{ seed: 1, customers: 500, orders: 999 }, /orders: 999 .* 1000/],
    [{ seed: 1, ...small, now: "yesterday" }, /now: "yesterday"/],
  ])("refuses %j", (options, message) => {
    expect(() => Simulator.simulate(options)).toThrow(message)
  })
})

describe.each([1, 2, 3])("seed %i", (seed) => {
  test.each([
    [small, 3],
    [large, 5],
  ] as const)("%o has every truth class as planned, limits apart", (size, least) => {
    const { conversions } = world(seed, size).truth
    const counts = new Map<string, number>()
    for (const { class: name } of conversions) counts.set(name, (counts.get(name) ?? 0) + 1)
    expect(classes.filter((name) => (counts.get(name) ?? 0) < least)).toEqual([])
    const truth = new Map(conversions.map((conversion) => [conversion.orderId, conversion.class]))
    const surprises = Simulator.tell({ seed, ...size })
      .story.orders.filter((order) => truth.get(order.id) !== order.planned && truth.get(order.id) !== "over-limit")
      .map((order) => `${order.planned} became ${truth.get(order.id) ?? "nothing"}`)
    expect(surprises).toEqual([])
  })
})

describe("the default size", () => {
  const seed = 1

  test("has the numbers that were asked for", () => {
    const made = world(seed, large)
    const customers = made.live.filter((change) => change.kind === "shop.customer" && change.created).length
    const orders = lastOrders(made)
    expect(made.shop.customers.length + customers).toBe(5_000)
    expect(orders.size).toBe(20_000)
    expect([...orders.values()].flatMap((order) => order.refunds).length).toBe(1_200)
    expect(made.portal.feedbackSubmissions.length).toBe(900)
    expect([made.portal.companies.length, made.portal.deals.length]).toEqual([200, 300])
    const contacts = made.live.filter((change) => change.kind === "crm.contact" && change.created).length
    expect(made.portal.contacts.length + contacts).toBe(4_000)
    const advocates = made.truth.people.filter((person) => person.codes.length > 0).length / 5_000
    expect(advocates).toBeGreaterThan(0.06)
    expect(advocates).toBeLessThan(0.08)
  })

  test("ids are unique, grow with time and pass 2^53", () => {
    const made = world(seed, large)
    const orders = [...lastOrders(made).values()]
    expect(unique(orders.flatMap((order) => order.lines.map(({ id }) => id)))).toBe(true)
    expect(unique(orders.flatMap((order) => order.refunds.map(({ id }) => id)))).toBe(true)
    expect(unique(made.shop.customers.map(({ id }) => id))).toBe(true)
    expect(unique([...made.portal.contacts.map(({ id }) => id), ...made.portal.forwards.map(({ from }) => from)])).toBe(
      true,
    )
    const emails = made.shop.customers.map(({ email }) => email?.toLowerCase() ?? "")
    expect(unique(emails)).toBe(true)
    expect(emails.every((email) => /@[a-z]+\.example\.(com|org|net)$/.test(email))).toBe(true)
    const sorted = orders.sort((left, right) => (BigInt(left.id) < BigInt(right.id) ? -1 : 1))
    expect(sorted.every((order, index) => index === 0 || (sorted[index - 1]?.createdAt ?? "") <= order.createdAt)).toBe(
      true,
    )
    expect(BigInt(sorted.at(-1)?.id ?? "0") > BigInt(Number.MAX_SAFE_INTEGER)).toBe(true)
    expect(String(Number(sorted.at(-1)?.id))).not.toBe(sorted.at(-1)?.id)
  })

  test("referral codes take ten percent, to the cent, and refunds never more than was paid", () => {
    const made = world(seed, large)
    const codes = new Set(made.shop.discounts[0]?.codes.map(({ code }) => code))
    const lost: Array<string> = []
    let discounted = 0
    for (const order of lastOrders(made).values()) {
      const gross = Price.total(
        order.lines
          .filter((line) => !line.isGiftCard)
          .map((line) => Price.fromDecimal(line.unitPrice) * BigInt(line.quantity)),
      )
      for (const typed of order.discountCodes) {
        if (!codes.has(typed.toUpperCase())) continue
        const off = Price.total(
          order.lines
            .flatMap((line) => line.allocations.filter(({ code }) => code === typed))
            .map(({ amount }) => Price.fromDecimal(amount)),
        )
        if (off !== (gross * 10n + 50n) / 100n) lost.push(`${order.id} ${typed}`)
        discounted++
      }
      for (const line of order.lines) {
        const paid =
          Price.fromDecimal(line.unitPrice) * BigInt(line.quantity) -
          Price.total(line.allocations.map(({ amount }) => Price.fromDecimal(amount)))
        const back = order.refunds.flatMap((refund) => refund.lines).filter(({ lineId }) => lineId === line.id)
        const pieces = back.reduce((sum, { quantity }) => sum + quantity, 0)
        const refunded = Price.total(back.map(({ subtotal }) => Price.fromDecimal(subtotal)))
        const left = order.cancelledAt === null ? line.quantity - pieces : 0
        if (
          paid < 0n ||
          refunded > paid ||
          (pieces === line.quantity && refunded !== paid) ||
          pieces > line.quantity ||
          line.currentQuantity !== left
        )
          lost.push(`line ${line.id}`)
      }
    }
    expect(lost).toEqual([])
    expect(discounted).toBeGreaterThan(200)
  })

  test("live changes continue the history", () => {
    const made = world(seed, large)
    const seen = new Map<string, string>()
    for (const order of made.shop.orders) seen.set(`order ${order.id}`, order.updatedAt)
    for (const customer of made.shop.customers) seen.set(`customer ${customer.id}`, customer.updatedAt)
    for (const contact of made.portal.contacts) seen.set(`contact ${contact.id}`, contact.updatedAt)
    for (const deal of made.portal.deals) seen.set(`deal ${deal.id}`, deal.updatedAt)
    expect([...seen.values()].every((at) => at <= made.brand.liveFrom)).toBe(true)
    let previous = made.brand.liveFrom
    for (const change of made.live) {
      const noun =
        change.kind === "shop.customer"
          ? "customer"
          : change.kind === "crm.contact"
            ? "contact"
            : change.kind === "crm.deal"
              ? "deal"
              : "order"
      const key = `${noun} ${change.after.id}`
      expect(change.at >= previous).toBe(true)
      expect(seen.has(key)).toBe(!("created" in change && change.created))
      if (noun === "order" || noun === "deal") expect(change.after.updatedAt).toBe(change.at)
      if (change.kind === "shop.refund") expect(change.after.refunds.map(({ id }) => id)).toContain(change.refundId)
      if (change.kind === "crm.contact")
        expect(Object.keys(change.after.properties)).toEqual(expect.arrayContaining([...change.changed]))
      seen.set(key, change.after.updatedAt)
      previous = change.at
    }
  })

  test("deliveries are mostly prompt, sometimes doubled, late or lost", () => {
    const { live } = world(seed, large)
    const share = (matches: (deliveries: ReadonlyArray<number>) => boolean): number =>
      live.filter(({ deliveries }) => matches(deliveries)).length / live.length
    expect(share((delays) => delays.length === 0)).toBeGreaterThan(0.01)
    expect(share((delays) => delays.length === 0)).toBeLessThan(0.06)
    expect(share((delays) => delays.length > 1)).toBeGreaterThan(0.04)
    expect(share((delays) => delays.length === 1 && (delays[0] ?? 0) > 3_600)).toBeGreaterThan(0.02)
    expect(share((delays) => delays.length === 1 && (delays[0] ?? 0) <= 12)).toBeGreaterThan(0.7)
    const orders = live.filter((change) => change.kind === "shop.order" && change.created).length
    expect(orders / 20_000).toBeGreaterThan(0.012)
    expect(orders / 20_000).toBeLessThan(0.035)
  })

  test("associations and survey answers fit the records", () => {
    const { portal, truth } = world(seed, large)
    const ids = new Set(
      [...portal.contacts, ...portal.companies, ...portal.deals, ...portal.feedbackSubmissions].map(({ id }) => id),
    )
    expect(portal.associations.every(({ fromId, toId }) => ids.has(fromId) && ids.has(toId))).toBe(true)
    expect(portal.forwards.every(({ to }) => portal.contacts.some(({ id }) => id === to))).toBe(true)
    const newest = new Map<string, { readonly at: string; readonly value: number }>()
    for (const { fromId, toId, toType } of portal.associations) {
      if (toType !== "feedback_submissions") continue
      const answer = portal.feedbackSubmissions.find(({ id }) => id === toId)
      const at = answer?.properties["hs_submission_timestamp"] ?? ""
      if (at > (newest.get(fromId)?.at ?? "")) newest.set(fromId, { at, value: Number(answer?.properties["hs_value"]) })
    }
    const values = [...newest.values()].map(({ value }) => value)
    expect(truth.nps).toEqual({
      answers: values.length,
      promoters: values.filter((value) => value >= 9).length,
      passives: values.filter((value) => value === 7 || value === 8).length,
      detractors: values.filter((value) => value <= 6).length,
    })
  })
})

test("the rules that the truth is judged by are those of the brand", () => {
  const { brand } = world(1, small)
  expect([brand.currency, brand.timeZone]).toEqual([rules.currency, rules.timeZone])
})
