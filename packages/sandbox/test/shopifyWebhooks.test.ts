/** Webhooks to the app's own subscriptions, checked by Shopify's library; all times are the shop's. */
// oxlint-disable-next-line import/no-unassigned-import -- The library takes its runtime from this import alone.
import "@shopify/shopify-api/adapters/node"
import { ApiVersion, LogSeverity, shopifyApi } from "@shopify/shopify-api"
import type { IncomingMessage, ServerResponse } from "node:http"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import * as ShopifySandbox from "../src/shopify/ShopifySandbox.ts"
import { until, withShop } from "./shopifyTestShop.ts"
import type { Client } from "./shopifyTestShop.ts"
import { openReceiver } from "./webhookReceiver.ts"
import type { Receiver } from "./webhookReceiver.ts"

let receiver: Receiver

beforeEach(async () => {
  receiver = await openReceiver()
})

afterEach(() => receiver.close())

const control = (client: Client) => ShopifySandbox.control(client.url)
const topics = () => receiver.received.map(({ topic }) => topic)

const subscribe = async (client: Client, topic: string, more = "") =>
  (
    await client.data<{
      readonly webhookSubscriptionCreate: {
        readonly webhookSubscription: { readonly id: string } | null
        readonly userErrors: ReadonlyArray<{ readonly message: string }>
      }
    }>(
      `mutation($uri: String!) { webhookSubscriptionCreate(topic: ${topic}, webhookSubscription: { uri: $uri ${more} }) { webhookSubscription { id } userErrors { message } } }`,
      { uri: receiver.url },
    )
  ).webhookSubscriptionCreate

const tag = (client: Client, value: string) =>
  client.data(`mutation { tagsAdd(id: "gid://shopify/Customer/500", tags: ["${value}"]) { userErrors { message } } }`)

describe("a subscription", () => {
  it("gets signed webhooks that Shopify's library takes, until it is deleted", () =>
    withShop(async (client) => {
      const made = await subscribe(client, "CUSTOMERS_UPDATE")
      await tag(client, "vip")
      await control(client).settle()
      const [first] = receiver.received
      expect([topics(), first?.isSigned]).toEqual([["customers/update"], true])
      expect(JSON.parse(first?.text ?? "")).toMatchObject({ admin_graphql_api_id: "gid://shopify/Customer/500" })
      const library = shopifyApi({
        apiKey: "key",
        apiSecretKey: "hush",
        apiVersion: ApiVersion.October26,
        hostName: "localhost",
        isEmbeddedApp: true,
        logger: { level: LogSeverity.Error, log: () => {} },
      })
      const rawRequest = { headers: first?.headers, method: "POST", url: "/webhooks" } as IncomingMessage
      const validate = (rawBody: string) =>
        library.webhooks.validate({ rawBody, rawRequest, rawResponse: {} as ServerResponse })
      expect(await validate(first?.text ?? "")).toMatchObject({ valid: true, topic: "CUSTOMERS_UPDATE" })
      expect(await validate(`${first?.text} `)).toMatchObject({ valid: false })
      await client.data(
        `mutation { webhookSubscriptionDelete(id: "${made.webhookSubscription?.id}") { userErrors { message } } }`,
      )
      await tag(client, "again")
      await control(client).settle()
      expect(topics()).toHaveLength(1)
    }))

  it("needs the topic's scope and the approval for customers' data", async () => {
    await withShop(
      async (client) =>
        expect((await subscribe(client, "CUSTOMERS_UPDATE")).userErrors[0]?.message).toContain(
          "do not have permission",
        ),
      { scopes: ["read_orders"] },
    )
    await withShop(
      async (client) =>
        expect((await subscribe(client, "CUSTOMERS_UPDATE")).userErrors[0]?.message).toContain(
          "not approved to subscribe",
        ),
      { customerData: "none" },
    )
    await withShop(
      async (client) => {
        await subscribe(client, "CUSTOMERS_UPDATE")
        await tag(client, "vip")
        await control(client).settle()
        expect(JSON.parse(receiver.received[0]?.text ?? "")).toMatchObject({ first_name: "First 0", email: null })
      },
      { customerData: ["name"] },
    )
  })

  it("with chosen fields gets those alone, and nothing when they are as before", () =>
    withShop(async (client) => {
      await subscribe(client, "CUSTOMERS_UPDATE", 'includeFields: ["id", "email"]')
      await tag(client, "one")
      await tag(client, "two")
      await control(client).settle()
      expect(receiver.received.map(({ text }) => text)).toEqual([`{"id":500,"email":"buyer0@example.test"}`])
    }))
})

describe("delivery", () => {
  it("is tried nine times in four hours with its first body, then the subscription of a client is removed", () =>
    withShop(async (client) => {
      await control(client).declareWebhooks([{ topics: ["customers/update"], uri: receiver.url }])
      await subscribe(client, "CUSTOMERS_UPDATE")
      receiver.answer = () => 302
      await tag(client, "vip")
      await control(client).settle()
      expect(topics()).toHaveLength(2)
      const tried = receiver.received.map(({ webhookId }) => webhookId)
      await tag(client, "later")
      await control(client).advance({ hours: 3, minutes: 59 })
      const { webhookSubscriptions } = await client.data<{
        readonly webhookSubscriptions: { readonly nodes: unknown }
      }>("{ webhookSubscriptions(first: 9) { nodes { id } } }")
      expect(webhookSubscriptions.nodes).toHaveLength(1)
      await control(client).advance({ minutes: 1 })
      expect((await control(client).webhooks()).counts).toMatchObject({ delivered: 0, "given-up": 4 })
      const bodies = receiver.received.filter(({ webhookId }) => webhookId === tried[0])
      expect([bodies.length, new Set(bodies.map(({ text }) => text)).size]).toEqual([9, 1])
      expect(await client.data("{ webhookSubscriptions(first: 9) { nodes { id } } }")).toEqual({
        webhookSubscriptions: { nodes: [] },
      })
      receiver.answer = () => 200
      receiver.received.splice(0)
      await tag(client, "end")
      await control(client).settle()
      // The app's configuration goes on.
      expect(topics()).toEqual(["customers/update"])
    }))

  it("drops, doubles, delays and reorders when told to", () =>
    withShop(async (client) => {
      await control(client).declareWebhooks([{ topics: ["customers/update"], uri: receiver.url }])
      const seen = async () => {
        await control(client).settle()
        return receiver.received.splice(0)
      }
      await control(client).faults({ webhookDrop: 1 })
      await tag(client, "a")
      expect(await seen()).toEqual([])
      await control(client).faults({ webhookDuplicate: 1 })
      await tag(client, "b")
      const twice = await seen()
      expect([twice.length, new Set(twice.map(({ webhookId }) => webhookId)).size]).toEqual([2, 1])
      await control(client).faults({ webhookReorder: 1 })
      await tag(client, "c")
      await tag(client, "d")
      const [second] = await seen()
      await control(client).advance({ minutes: 5 })
      const [first] = await seen()
      expect(
        String(first?.headers["x-shopify-triggered-at"]) <= String(second?.headers["x-shopify-triggered-at"]),
      ).toBe(true)
      expect(first?.eventId).not.toBe(second?.eventId)
      await control(client).faults({ webhookDelay: 1 })
      await tag(client, "e")
      await control(client).advance({ hours: 23 })
      expect(await seen()).toEqual([])
      await control(client).advance({ hours: 1 })
      expect(await seen()).toHaveLength(1)
    }))

  it("is signed by the secret before the newest for an hour", () =>
    withShop(async (client) => {
      await control(client).declareWebhooks([{ topics: ["customers/update"], uri: receiver.url }])
      await control(client).rotateSecret("newer")
      await tag(client, "a")
      await control(client).advance({ hours: 1 })
      await tag(client, "b")
      await control(client).settle()
      expect(receiver.received.map(({ isSigned }) => isSigned)).toEqual([true, false])
    }))

  it("goes on after a restart with what was not acknowledged", async () => {
    const stateDirectory = fs.mkdtempSync(path.join(os.tmpdir(), "shopify-webhooks-"))
    try {
      receiver.answer = () => 500
      await withShop(
        async (client) => {
          await subscribe(client, "CUSTOMERS_UPDATE")
          await tag(client, "vip")
          await control(client).settle()
        },
        { stateDirectory },
      )
      receiver.answer = () => 200
      await withShop(
        async (client) => {
          await control(client).advance({ minutes: 1 })
          expect((await control(client).webhooks()).counts).toMatchObject({ failed: 1, delivered: 1 })
        },
        { stateDirectory },
      )
      expect(new Set(receiver.received.map(({ webhookId, text }) => `${webhookId} ${text}`)).size).toBe(1)
    } finally {
      fs.rmSync(stateDirectory, { recursive: true, force: true })
    }
  })
})

describe("what the shop tells its app", () => {
  const everything = [
    "app/uninstalled",
    "app/scopes_update",
    "bulk_operations/finish",
    "customers/merge",
    "customers/delete",
  ]
  const compliance = ["customers/data_request", "customers/redact", "shop/redact"]
  const watchAll = (client: Client) =>
    control(client).declareWebhooks([{ topics: [...everything, ...compliance], uri: receiver.url }])
  const last = () => JSON.parse(receiver.received.at(-1)?.text ?? "null") as unknown

  it("of scopes, bulk operations and merged customers", () =>
    withShop(
      async (client) => {
        await watchAll(client)
        await control(client).grantScopes(["read_customer_merge"])
        await control(client).settle()
        expect(last()).toMatchObject({
          previous: ["write_orders", "write_customers"],
          current: ["write_orders", "write_customers", "read_customer_merge"],
        })
        await client.data(
          `mutation { bulkOperationRunQuery(query: "{ orders { nodes { id } } }") { bulkOperation { id } userErrors { message } } }`,
        )
        await until(
          async () => topics(),
          (seen) => seen.includes("bulk_operations/finish"),
        )
        expect(last()).toMatchObject({ status: "completed", error_code: null, type: "query" })
        await control(client).mergeCustomers("500", "501")
        await control(client).settle()
        expect(last()).toMatchObject({
          admin_graphql_api_customer_kept_id: "gid://shopify/Customer/500",
          admin_graphql_api_customer_deleted_id: "gid://shopify/Customer/501",
        })
        expect(await client.data(`{ customer(id: "gid://shopify/Customer/501") { id } }`)).toEqual({ customer: null })
        await control(client)
          .deleteCustomer("501")
          .then(
            () => expect.unreachable(),
            (error: unknown) => expect(String(error)).toContain('no customer "501"'),
          )
      },
      { scopes: ["write_orders", "write_customers"], optionalScopes: ["read_customer_merge"] },
    ))

  it("of the end: uninstalled at once, the shop redacted after 48 hours unless the app came back", () =>
    withShop(async (client) => {
      await watchAll(client)
      await subscribe(client, "APP_UNINSTALLED")
      await control(client).uninstall()
      await control(client).settle()
      expect(topics()).toEqual(["app/uninstalled", "app/uninstalled"])
      expect(last()).toMatchObject({ myshopify_domain: "tea.myshopify.com" })
      await control(client).advance({ hours: 47, minutes: 59 })
      expect(topics()).not.toContain("shop/redact")
      await control(client).advance({ minutes: 1 })
      expect(last()).toEqual({ shop_id: 1, shop_domain: "tea.myshopify.com" })
      await control(client).install()
      await control(client).uninstall()
      await control(client).settle()
      await control(client).install()
      receiver.received.splice(0)
      await control(client).advance({ days: 3 })
      expect([topics(), (await control(client).webhooks()).counts.withdrawn]).toEqual([[], 1])
    }))

  it("of what a customer asks for, ten days later or when six months without an order have passed", () =>
    withShop(
      async (client) => {
        await watchAll(client)
        await control(client).requestData("gid://shopify/Customer/500")
        await control(client).settle()
        expect(last()).toMatchObject({ customer: { id: 500, email: "buyer0@example.test" }, data_request: {} })
        await control(client).requestRedaction("500")
        const [waiting] = (await control(client).webhooks()).queued
        expect(waiting?.dueAt.slice(0, 7)).toBe("2026-09")
        await control(client).advance({ days: 190 })
        expect(topics().at(-1)).toBe("customers/redact")
        await control(client).requestRedaction("500")
        await control(client).advance({ days: 9 })
        expect(topics()).toHaveLength(2)
        await control(client).advance({ days: 1 })
        expect(topics()).toHaveLength(3)
      },
      // What a customer asked for is sent whole, whatever was approved.
      { customerData: [] },
    ))
})

describe("the live days", () => {
  it("reach the subscriptions with the world's delays, doubles and losses", () =>
    withShop(async (client) => {
      await control(client).declareWebhooks([
        {
          topics: ["orders/create", "orders/updated", "orders/paid", "refunds/create", "customers/update"],
          uri: receiver.url,
        },
      ])
      expect(await control(client).play()).toEqual({ applied: 4, delivered: 5, failed: 0 })
      expect(topics()).toEqual([
        "orders/create",
        "orders/create",
        "customers/update",
        "refunds/create",
        "orders/updated",
      ])
      expect(new Set(receiver.received.slice(0, 2).map(({ webhookId }) => webhookId)).size).toBe(1)
    }))
})
