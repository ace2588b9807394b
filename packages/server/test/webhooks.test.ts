/** Webhooks from the wire to the inbox and on: what is kept, what is refused and how, and that bad input harms nothing else. */
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { Inbox } from "@advocacy-kit/core/connector/Inbox"
import * as Sync from "@advocacy-kit/core/flow/Sync"
import * as Shopify from "@advocacy-kit/shopify"
import { Effect, Stream } from "effect"
import { describe, expect, it } from "vitest"
import { hubspotHeaders, inboxDown, portalId, shopifyHeaders, withAddress, world } from "./webhookAddress.ts"

const order = world.shop.orders[0]?.id ?? ""
const shopifyPath = "/shopify/webhooks"
const hubspotPath = "/hubspot/webhooks"
const orderBody = JSON.stringify({ id: 1, admin_graphql_api_id: `gid://shopify/Order/${order}` })
const event = { portalId: Number(portalId), subscriptionId: 7, eventId: 1, objectId: 12, occurredAt: 1_790_000_000_000 }
const events = (...list: ReadonlyArray<unknown>): string => JSON.stringify(list)
const contactEvent = { ...event, subscriptionType: "object.creation", objectTypeId: "0-1" }

const counts = Effect.flatMap(Inbox, (inbox) => inbox.counts)
const nothing = { open: 0, done: 0, parked: 0 }

describe("a Shopify webhook", () => {
  it("is kept before it is answered 200, and once however often it is sent", () =>
    withAddress(({ get, post }) =>
      Effect.gen(function* () {
        for (let attempt = 0; attempt < 3; attempt++) {
          expect((yield* post(shopifyPath, orderBody, shopifyHeaders(orderBody))).status).toBe(200)
          expect(yield* counts).toEqual({ ...nothing, open: 1 })
        }
        const health = yield* get("/health")
        expect([health.status, yield* Effect.promise(() => health.json())]).toEqual([
          200,
          { status: "ok", inbox: { ...nothing, open: 1 } },
        ])
      }),
    ))

  it.each([
    ["without a signature", 401, { "x-shopify-hmac-sha256": "" }],
    ["with a signature of something else", 401, shopifyHeaders("another body")],
    ["for another shop", 503, { "x-shopify-shop-domain": "other.myshopify.com" }],
    ["without an id", 400, { "x-shopify-webhook-id": "" }],
  ])("%s is answered %i and not kept", (_, status, change) =>
    withAddress(({ post }) =>
      Effect.gen(function* () {
        const answer = yield* post(shopifyPath, orderBody, shopifyHeaders(orderBody, change))
        expect(answer.status).toBe(status)
        expect(yield* Effect.promise(() => answer.text())).not.toContain(order)
        expect(yield* counts).toEqual(nothing)
      }),
    ),
  )

  it("that is too large is answered 413 and not kept", () =>
    withAddress(({ post }) =>
      Effect.gen(function* () {
        const large = JSON.stringify({ id: 1, note: "x".repeat(10_000_000) })
        expect((yield* post(shopifyPath, large, shopifyHeaders(large))).status).toBe(413)
        expect(yield* counts).toEqual(nothing)
        expect((yield* post(shopifyPath, orderBody, shopifyHeaders(orderBody))).status).toBe(200)
        expect(yield* counts).toEqual({ ...nothing, open: 1 })
      }),
    ))

  it("that comes while the store is down is answered 503, so that Shopify sends it again", () =>
    withAddress(
      ({ get, post }) =>
        Effect.gen(function* () {
          expect((yield* post(shopifyPath, orderBody, shopifyHeaders(orderBody))).status).toBe(503)
          expect((yield* get("/health")).status).toBe(503)
        }),
      inboxDown,
    ))
})

describe("a HubSpot webhook", () => {
  it("becomes one message per event of this portal, once however often it is sent", () =>
    withAddress(({ post }) =>
      Effect.gen(function* () {
        const body = events(contactEvent, { ...contactEvent, objectId: 13 }, { ...contactEvent, portalId: 1 })
        for (let attempt = 0; attempt < 3; attempt++) {
          expect((yield* post(hubspotPath, body, hubspotHeaders(body))).status).toBe(200)
          expect(yield* counts).toEqual({ ...nothing, open: 2 })
        }
      }),
    ))

  it("keeps ids above 2^53 apart", () =>
    withAddress(({ post }) =>
      Effect.gen(function* () {
        const body = events(contactEvent).replace('"objectId":12', '"objectId":9007199254740993')
        const neighbour = body.replace("9007199254740993", "9007199254740992")
        for (const text of [body, neighbour]) yield* post(hubspotPath, text, hubspotHeaders(text))
        expect(yield* counts).toEqual({ ...nothing, open: 2 })
      }),
    ))

  const body = events(contactEvent)
  const truncated = body.slice(0, -5)
  const foreign = events({ ...contactEvent, portalId: 1 })
  it.each([
    ["without a signature", 401, body, {}],
    ["with a signature of something else", 401, body, hubspotHeaders("another body")],
    ["signed ten minutes ago", 401, body, hubspotHeaders(body, Date.now() - 600_000)],
    ["signed, but cut off before it was", 400, truncated, hubspotHeaders(truncated)],
    ["for another portal alone", 503, foreign, hubspotHeaders(foreign)],
  ])("%s is answered %i and not kept", (_, status, text, headers) =>
    withAddress(({ post }) =>
      Effect.gen(function* () {
        expect((yield* post(hubspotPath, text, headers)).status).toBe(status)
        expect(yield* counts).toEqual(nothing)
      }),
    ),
  )

  it("that comes while the store is down is answered 503", () =>
    withAddress(
      ({ post }) =>
        Effect.gen(function* () {
          expect((yield* post(hubspotPath, body, hubspotHeaders(body))).status).toBe(503)
        }),
      inboxDown,
    ))
})

describe("what was kept and cannot be understood", () => {
  const bad: ReadonlyArray<readonly [key: string, topic: string, body: string]> = [
    ["cut-off", "orders/updated", orderBody.slice(0, -4)],
    ["not-an-object", "orders/updated", "null"],
    ["no-id", "orders/updated", `{"note":"\\u0000"}`],
    ["nul-bytes", "orders/updated", "\0\0\0\0"],
    ["no-such-order", "orders/updated", `{"id":9007199254740993}`],
    ["no-order-id", "refunds/create", `{"id":5}`],
    ["strange-topic", "themes/publish", `{"id":5}`],
  ]

  it("is parked with a reason, and the others go on", () =>
    withAddress(({ post }) =>
      Effect.gen(function* () {
        const good = ["good-before", "orders/updated", orderBody] as const
        const refund = ["good-after", "refunds/create", `{"id":5,"order_id":${order}}`] as const
        for (const [key, topic, body] of [good, ...bad, refund]) {
          const headers = shopifyHeaders(body, { "x-shopify-webhook-id": key, "x-shopify-topic": topic })
          expect([key, (yield* post(shopifyPath, body, headers)).status]).toEqual([key, 200])
        }
        const received = yield* Sync.receiveAll(yield* Shopify.ShopifySource.make)
        expect(received).toMatchObject({ messages: bad.length + 2, parked: bad.length })
        expect(yield* counts).toEqual({ open: 0, done: 2, parked: bad.length })

        const inbox = yield* Inbox
        const parked = yield* inbox.parked
        expect(parked.map(({ eventKey }) => eventKey).toSorted()).toEqual(bad.map(([key]) => key).toSorted())
        for (const { reason } of parked) expect(reason).toMatch(/[a-z]{3}/)

        const log = yield* FactLog
        const facts = yield* Stream.runCollect(log.newest({ asOf: Date.parse(world.brand.now) }))
        expect(facts.some(({ key }) => key === `shopify:order/${order}`)).toBe(true)
      }),
    ))
})
