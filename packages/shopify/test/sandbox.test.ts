import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { Fulfiller, type Outcome } from "@advocacy-kit/core/connector/Fulfiller"
import type { InboxRow } from "@advocacy-kit/core/connector/Inbox"
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import * as Handle from "@advocacy-kit/core/id/Handle"
import type { CreditKey, Unit } from "@advocacy-kit/core/ledger/Credit"
import { type OutboundEffect, rewardKey, shareCodeKey } from "@advocacy-kit/core/ledger/OutboundEffect"
import { Simulator } from "@advocacy-kit/sandbox"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import * as Webhook from "../src/Webhook.ts"
import { cursorOf, factsOf, inSandbox, pages, source } from "./shopUnderTest.ts"

const world = Simulator.simulate({ seed: 7, customers: 400, orders: 1000 })
const refundCount = world.shop.orders.flatMap(({ refunds }) => refunds).length

/** The newest version of each key, in key order. */
const newest = (facts: ReadonlyArray<Fact>): ReadonlyArray<Fact> => {
  const byKey = new Map<string, Fact>()
  for (const fact of facts) if ((byKey.get(fact.key)?.version ?? -1) <= fact.version) byKey.set(fact.key, fact)
  return [...byKey.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

describe("the pulls", () => {
  it("bring the whole history in bulk, and the same again by increments alone", () =>
    inSandbox(world, () =>
      Effect.gen(function* () {
        const shop = yield* source
        const bulk = yield* pages(shop, "shopify:orders", null)
        const facts = newest(factsOf(bulk))
        expect(facts.filter(({ _tag }) => _tag === "OrderPlaced")).toHaveLength(world.shop.orders.length)
        expect(facts.filter(({ _tag }) => _tag === "RefundMade")).toHaveLength(refundCount)
        expect(bulk.flatMap(({ rejected }) => rejected)).toEqual([])
        expect(Math.max(...bulk.map((page) => page.facts.length))).toBeLessThanOrEqual(1000)
        const watermark = Date.parse(world.brand.startsAt)
        expect(newest(factsOf(yield* pages(shop, "shopify:orders", { phase: "increment", watermark })))).toEqual(facts)

        const customers = yield* pages(shop, "shopify:customers", null)
        expect(newest(factsOf(customers))).toHaveLength(world.shop.customers.length)
        const again = yield* pages(shop, "shopify:customers", { phase: "increment", watermark: 0 })
        expect(newest(factsOf(again))).toEqual(newest(factsOf(customers)))
        // The second run reads the overlap and nothing else, and does not move back.
        const idle = yield* pages(shop, "shopify:customers", cursorOf(customers))
        expect(factsOf(idle).length).toBeLessThan(10)
        expect(cursorOf(idle)).toEqual(cursorOf(customers))
      }),
    ))

  it("cut nothing off: an order of 120 lines and a refund of 70 come whole, in bulk and by pages", () => {
    const [plain] = world.shop.orders
    if (plain === undefined) throw new Error("the world has no orders")
    const [first] = plain.lines
    if (first === undefined) throw new Error("the order has no lines")
    const lines = Array.from({ length: 120 }, (_, at) => ({
      ...first,
      id: String(7_000_000 + at),
      quantity: 1,
      currentQuantity: at < 70 ? 0 : 1,
      unitPrice: "1.00",
      allocations: [],
    }))
    const refundLines = lines
      .slice(0, 70)
      .map(({ id }, at) => ({ id: String(8_000_000 + at), lineId: id, quantity: 1, subtotal: "1.00", tax: "0.00" }))
    const refunds = [
      { id: "9000000", createdAt: plain.updatedAt, updatedAt: plain.updatedAt, total: "74.90", lines: refundLines },
    ]
    const order = { ...plain, lines, refunds, discountCodes: [] }
    return inSandbox({ ...world, shop: { ...world.shop, orders: [order] } }, () =>
      Effect.gen(function* () {
        const shop = yield* source
        const bulk = newest(factsOf(yield* pages(shop, "shopify:orders", null)))
        const paged = newest(factsOf(yield* pages(shop, "shopify:orders", { phase: "increment", watermark: 0 })))
        expect(paged).toEqual(bulk)
        expect(bulk.map((fact) => ("lines" in fact ? fact.lines.length : 0)).toSorted((a, b) => a - b)).toEqual([
          70, 120,
        ])
        // The rest of the 74.90 was shipping, which is no goodwill.
        expect(bulk.find(({ _tag }) => _tag === "RefundMade")).toMatchObject({ otherMinor: 0n })
      }),
    )
  })

  it("go on in the same bulk result after an interruption, and start over when it is gone", () =>
    inSandbox(world, () =>
      Effect.gen(function* () {
        const shop = yield* source
        const all = yield* pages(shop, "shopify:orders", null)
        const halfway = all.find(({ facts }) => facts.length > 0)
        const [first, ...others] = [cursorOf(all.slice(0, 1)), halfway?.checkpoint?.cursor]
        expect(first).toMatchObject({ phase: "history", done: 0, slices: expect.arrayContaining([]) })
        expect(others[0]).toMatchObject({ phase: "history", slices: expect.arrayContaining([]) })
        expect((others[0] as { readonly done: number }).done).toBeGreaterThan(0)
        const rest = yield* pages(shop, "shopify:orders", others[0])
        expect(newest(factsOf([...(halfway === undefined ? [] : [halfway]), ...rest]))).toEqual(newest(factsOf(all)))
        expect(newest(factsOf(rest)).length).toBeLessThan(newest(factsOf(all)).length)
        const whole = { from: Date.parse(world.brand.startsAt), until: null, failures: 0 }
        const gone = {
          ...(others[0] as object),
          slices: [{ ...whole, operation: "gid://shopify/BulkOperation/999999999" }],
          next: null,
        }
        expect(newest(factsOf(yield* pages(shop, "shopify:orders", gone)))).toEqual(newest(factsOf(all)))
        const unreadable = yield* Effect.flip(pages(shop, "shopify:orders", { phase: "sideways" }))
        expect(String(unreadable)).toContain("checkpoint of shopify:orders")
      }),
    ))
})

interface Received {
  readonly headers: IncomingMessage["headers"]
  readonly body: Uint8Array
}

/** A receiver of webhooks that keeps what it gets. */
const receiver = Effect.acquireRelease(
  Effect.promise(async () => {
    const received: Array<Received> = []
    const server = createServer((request, response) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        received.push({ headers: request.headers, body: Buffer.concat(chunks) })
        response.writeHead(200).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    return { received, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
  }),
  ({ server }) =>
    Effect.promise(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }),
)

describe("webhooks", () => {
  it("are verified, read afresh by id, and give the facts that a pull gives", () =>
    inSandbox(world, ({ control }) =>
      Effect.scoped(
        Effect.gen(function* () {
          const shop = yield* source
          const { received, url } = yield* receiver
          const before = yield* pages(shop, "shopify:orders", null)
          yield* control("play", { webhookUrl: url })
          expect(received.length).toBeGreaterThan(10)
          const deliveries = yield* Effect.forEach(received, ({ body, headers }) =>
            Webhook.verify({ get: (name) => String(headers[name.toLowerCase()] ?? "") }, body),
          )
          const rows = deliveries.map((delivery): InboxRow => ({ ...delivery, attempts: 1 }))
          const { page, parked } = yield* shop.read(rows)
          expect([...parked]).toEqual([])
          const read = newest(page.facts)
          expect(read.length).toBe(page.facts.length)
          expect(read.length).toBeGreaterThan(10)
          const pulled = new Map<string, Fact>()
          for (const job of ["shopify:orders", "shopify:customers"]) {
            for (const fact of newest(factsOf(yield* pages(shop, job, null)))) pulled.set(fact.key, fact)
          }
          expect(read).toEqual(read.map(({ key }) => pulled.get(key)))
          // What a lost webhook would have told comes with the next increment.
          expect(world.live.some((change) => change.kind === "shop.order" && change.deliveries.length === 0)).toBe(true)
          const since = yield* pages(shop, "shopify:orders", cursorOf(before))
          expect(factsOf(since).length).toBeLessThan(pulled.size / 2)
          const orders = [...pulled.values()].filter(({ _tag }) => _tag !== "PersonSeen")
          expect(newest([...factsOf(before), ...factsOf(since)])).toEqual(newest(orders))
        }),
      ),
    ))

  it("that name nothing we can read are parked with the reason, and stop nobody", () =>
    inSandbox(world, () =>
      Effect.gen(function* () {
        const shop = yield* source
        const order = world.shop.orders[0]?.id ?? ""
        const row = (eventKey: string, topic: string, body: string): InboxRow => ({
          source: "shopify",
          eventKey,
          topic,
          receivedAt: 0,
          body: new TextEncoder().encode(body),
          attempts: 1,
        })
        const { erase, page, parked } = yield* shop.read([
          row(
            "redact",
            "customers/redact",
            `{"customer":{"id":7,"email":"Ada@example.com","phone":null},"orders_to_redact":[]}`,
          ),
          row("nobodys", "customers/redact", `{"shop_id":1}`),
          row(
            "request",
            "customers/data_request",
            `{"customer":{"id":7,"email":"ada@example.com"},"orders_requested":[]}`,
          ),
          row("cut", "orders/updated", `{"id":${order},"admin_graphql_a`),
          row("nobody", "orders/updated", `{"id":9007199254999999}`),
          row("deleted", "customers/delete", `{"id":7}`),
          row("other", "themes/publish", `{"id":7}`),
          row("empty", "refunds/create", `{}`),
          row("good", "orders/updated", `{"id":${order}}`),
          row("again", "refunds/create", `{"id":1,"order_id":${order}}`),
        ])
        expect([...parked.keys()].toSorted()).toEqual([
          "cut",
          "deleted",
          "empty",
          "nobody",
          "nobodys",
          "other",
          "request",
        ])
        expect(erase).toMatchObject([
          {
            eventKey: "redact",
            handles: ["shopify:customer/7", expect.stringMatching(/^email:/)],
            reason: "customers/redact",
          },
        ])
        expect(parked.get("request")).toContain("advocacy export person customer/7")
        expect(parked.get("nobody")).toContain("gid://shopify/Order/9007199254999999 does not exist")
        expect(page.facts.filter(({ _tag }) => _tag === "OrderPlaced").map(({ key }) => key)).toEqual([
          `shopify:order/${order}`,
        ])
      }),
    ))
})

const reward = (index: number, amountMinor = 2000n, unit = "EUR"): OutboundEffect => {
  const credit = `program|referral|shopify:order/${index}|advocate|` as CreditKey
  return {
    _tag: "IssueReward",
    key: rewardKey(credit, 1),
    beneficiary: Handle.code("ANNA"),
    terms: "terms-1",
    plannedAt: Date.parse(world.brand.liveFrom),
    credit,
    ordinal: 1,
    recipient: Handle.platform("shopify", "customer", "7"),
    unit: unit as Unit,
    amountMinor,
  }
}

const shareCode = (code: string): OutboundEffect => ({
  _tag: "OpenShareCode",
  key: shareCodeKey(code),
  beneficiary: Handle.code(code),
  terms: "terms-1",
  plannedAt: Date.parse(world.brand.liveFrom),
  code,
  percent: 10,
})

interface State {
  readonly codesFromClients: ReadonlyArray<{ readonly code: string }>
  readonly discountsFromClients: ReadonlyArray<unknown>
}

const states = (outcomes: ReadonlyMap<string, Outcome>) => [...outcomes.values()].map(({ state }) => state)

describe("the fulfiller", () => {
  it("issues each code once, however often it is asked, and finds what it issued", () =>
    inSandbox(world, ({ control }) =>
      Effect.gen(function* () {
        const fulfiller = yield* Fulfiller
        const effects = [
          ...Array.from({ length: 300 }, (_, index) => reward(index)),
          reward(900, 500n),
          shareCode("TEA-FOR-TWO"),
        ]
        expect(yield* fulfiller.find(effects)).toEqual(new Map())
        const outcomes = yield* fulfiller.issue(effects)
        expect(new Set(states(outcomes))).toEqual(new Set(["confirmed"]))
        expect(outcomes.size).toBe(302)
        expect(outcomes.get(shareCodeKey("TEA-FOR-TWO"))).toEqual({ state: "confirmed", reference: "TEA-FOR-TWO" })
        expect(yield* fulfiller.issue(effects)).toEqual(outcomes)
        const found = yield* fulfiller.find(effects)
        expect([...found]).toEqual(
          [...outcomes].map(([key, outcome]) => [
            key,
            { reference: outcome.state === "confirmed" ? outcome.reference : "" },
          ]),
        )
        const state = yield* control<State>("state")
        // Three offers: two amounts and the share codes; each has a code of its own beside those handed out.
        expect(state.discountsFromClients).toHaveLength(3)
        expect(state.codesFromClients).toHaveLength(305)
      }),
    ))

  it("leaves effects unknown when the answer is lost, and proves them by a look-up", () =>
    inSandbox(world, ({ control }) =>
      Effect.gen(function* () {
        const fulfiller = yield* Fulfiller
        const effects = [reward(1), reward(2)]
        // The first mutation creates the parent, the second adds the codes: both answers are lost.
        yield* control("faults", { commitThenDrop: 2 })
        const outcomes = yield* fulfiller.issue(effects)
        expect(states(outcomes)).toEqual(["unknown", "unknown"])
        yield* Effect.sleep("100 millis")
        expect((yield* fulfiller.find(effects)).size).toBe(2)
        expect(states(yield* fulfiller.issue(effects))).toEqual(["confirmed", "confirmed"])
        const state = yield* control<State>("state")
        expect(state.discountsFromClients).toHaveLength(1)
        expect(state.codesFromClients).toHaveLength(3)
      }),
    ))

  it("says for good why something cannot be handed over, and does not claim a code of another discount", () =>
    inSandbox(world, () =>
      Effect.gen(function* () {
        const fulfiller = yield* Fulfiller
        const taken = world.shop.discounts[0]?.codes[0]?.code ?? ""
        const outcomes = yield* fulfiller.issue([
          reward(1, 2000n, "USD"),
          reward(2, 100n, "points:tea"),
          reward(3, 0n),
          shareCode(taken),
          reward(4),
        ])
        expect(states(outcomes)).toEqual(expect.arrayContaining(["failed", "failed", "failed", "failed", "confirmed"]))
        const reasons = [...outcomes.values()].map((outcome) => (outcome.state === "failed" ? outcome.reason : ""))
        expect(reasons.join("\n")).toContain("the shop sells in EUR, the reward is in USD")
        expect(reasons.join("\n")).toContain("another discount")
        expect(reasons.join("\n")).not.toContain(taken)
        expect((yield* fulfiller.find([shareCode(taken)])).size).toBe(0)
      }),
    ))
})
