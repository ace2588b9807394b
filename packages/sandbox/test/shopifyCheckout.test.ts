/** Buying, refunds, cancellations, edits and the app proxy, as integrators steer them in their own tests. */
// oxlint-disable-next-line import/no-unassigned-import -- The library takes its runtime from this import alone.
import "@shopify/shopify-api/adapters/node"
import { ApiVersion, LogSeverity, shopifyApi } from "@shopify/shopify-api"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { describe, expect, it } from "vitest"
import * as ShopifySandbox from "../src/shopify/ShopifySandbox.ts"
import { createOffer, offerInput, secret, withShop } from "./shopifyTestShop.ts"
import type { Client } from "./shopifyTestShop.ts"
import { openReceiver } from "./webhookReceiver.ts"

const control = (client: Client) => ShopifySandbox.control(client.url)

const journeyOf = async (client: Client, id: string) =>
  (
    await client.data<{ readonly order: { readonly customerJourneySummary: unknown } }>(
      `{ order(id: "${id}") { customerJourneySummary { ready lastVisit { landingPage referralCode } } } }`,
    )
  ).order.customerJourneySummary

describe("the checkout", () => {
  it("makes an order with its evidence, and tells the journey later", () =>
    withShop(async (client) => {
      const receiver = await openReceiver()
      await control(client).declareWebhooks([
        { topics: ["customers/create", "orders/create", "orders/paid", "orders/updated"], uri: receiver.url },
      ])
      const order = await control(client).checkout({
        email: "friend@example.test",
        acceptsMarketing: true,
        codes: ["anna-10"],
        attributes: [{ key: "ref", value: "R1" }],
        landingPage: "https://tea.example/?ref=ANNA-10",
        lines: [{ unitPrice: "19.99", quantity: 3, title: "Tea" }, { unitPrice: "8.00" }],
        shipping: "4.90",
      })
      expect(order).toMatchObject({
        name: "#1031",
        financialStatus: "PAID",
        total: "66.07",
        discountCodes: ["anna-10"],
      })
      expect(
        await client.data(
          `{ order(id: "${order.id}") { cartToken checkoutToken customAttributes { key value } totalDiscountsSet { shopMoney { amount } } customer { email defaultEmailAddress { marketingState } numberOfOrders } lineItems(first: 5) { nodes { discountAllocations { allocatedAmountSet { shopMoney { amount } } } } } } }`,
        ),
      ).toEqual({
        order: {
          cartToken: order.cartToken,
          checkoutToken: order.checkoutToken,
          customAttributes: [{ key: "ref", value: "R1" }],
          totalDiscountsSet: { shopMoney: { amount: "6.8" } },
          customer: {
            email: "friend@example.test",
            defaultEmailAddress: { marketingState: "SUBSCRIBED" },
            numberOfOrders: "1",
          },
          lineItems: {
            nodes: ["6.0", "0.8"].map((amount) => ({
              discountAllocations: [{ allocatedAmountSet: { shopMoney: { amount } } }],
            })),
          },
        },
      })
      expect(await journeyOf(client, order.id)).toEqual({ ready: false, lastVisit: null })
      await control(client).advance({ minutes: 10 })
      expect(await journeyOf(client, order.id)).toEqual({
        ready: true,
        lastVisit: { landingPage: "https://tea.example/?ref=ANNA-10", referralCode: "ANNA-10" },
      })
      expect(receiver.received.map(({ topic }) => topic)).toEqual([
        "customers/create",
        "orders/create",
        "orders/paid",
        "orders/updated",
      ])
      await receiver.close()
    }))

  it("refuses codes that do not work, and what it does not sell", () =>
    withShop(async (client) => {
      const refused = (request: Parameters<ReturnType<typeof control>["checkout"]>[0], words: string) =>
        expect(control(client).checkout(request)).rejects.toThrow(words)
      await refused({ codes: ["NOBODY"] }, 'the code "NOBODY" does not exist')
      await client.data(createOffer, {
        input: { ...offerInput("ONCE").input, usageLimit: 1, appliesOncePerCustomer: true },
      })
      expect(
        (await control(client).checkout({ codes: ["ONCE"], guest: true, email: "g@example.test" })).customerId,
      ).toBeNull()
      await refused({ codes: ["ONCE"] }, "has reached its usage limit")
      await refused({ codes: ["ANNA-10", "ONCE"] }, "does not combine with another")
      await refused({ currency: "USD" }, "sells in EUR only")
      await refused({ customer: "1" }, 'no customer "1"')
      await refused({ lines: [{ unitPrice: "free" }] }, "a price must be a decimal")
    }))

  it("spreads an amount over the lines to the last cent", () =>
    withShop(async (client) => {
      await client.data(createOffer, {
        input: {
          ...offerInput("TENNER").input,
          customerGets: {
            items: { all: true },
            value: { discountAmount: { amount: "10.00", appliesOnEachItem: false } },
          },
        },
      })
      const lines = [{ unitPrice: "9.99" }, { unitPrice: "9.99" }, { unitPrice: "9.99" }]
      expect((await control(client).checkout({ codes: ["TENNER"], lines })).total).toBe("19.97")
      expect((await control(client).checkout({ codes: ["TENNER"], lines: [{ unitPrice: "4.00" }] })).total).toBe("0.00")
    }))
})

describe("an order", () => {
  it("is paid, edited, refunded in part and whole, and cancelled", () =>
    withShop(async (client) => {
      const shop = control(client)
      const bought = await shop.checkout({
        paid: false,
        lines: [{ unitPrice: "10.00", quantity: 3 }],
        shipping: "5.00",
      })
      expect(bought.financialStatus).toBe("PENDING")
      await expect(shop.refund(bought.id)).rejects.toThrow("not paid")
      const [line] = (await shop.pay(bought.id)).lines
      const lineId = line?.lineId ?? ""
      const part = await shop.refund(bought.id, { lines: [{ lineId, quantity: 1 }] })
      expect(part).toMatchObject({
        financialStatus: "PARTIALLY_REFUNDED",
        currentTotal: "25.00",
        refunds: [{ total: "10.00" }],
      })
      expect((await shop.edit(bought.id, lineId, 1)).currentTotal).toBe("15.00")
      await expect(shop.refund(bought.id, { lines: [{ lineId, quantity: 3 }] })).rejects.toThrow("2 can go back")
      const rest = await shop.cancel(bought.id, "FRAUD")
      expect(rest).toMatchObject({
        financialStatus: "REFUNDED",
        currentTotal: "0.00",
        refunds: [{}, { total: "25.00" }],
      })
      await expect(shop.cancel(bought.id)).rejects.toThrow("cancelled already")
      const unpaid = await shop.checkout({ paid: false })
      expect((await shop.cancel(unpaid.id)).financialStatus).toBe("VOIDED")
    }))
})

describe("the app proxy", () => {
  it("forwards with a signature that Shopify's library takes, and without cookies", () =>
    withShop(async (client) => {
      const seen: Array<{ readonly url: string; readonly cookie: string | undefined; readonly body: string }> = []
      const app = createServer(async (request, response) => {
        let body = ""
        for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString()
        seen.push({ url: request.url ?? "", cookie: request.headers.cookie, body })
        response.writeHead(201, { "Content-Type": "text/plain" }).end("hello")
      })
      await new Promise<void>((resolve) => void app.listen(0, "127.0.0.1", resolve))
      const url = `http://127.0.0.1:${(app.address() as AddressInfo).port}/proxy`
      await control(client).declareProxy({ prefix: "apps", subpath: "refer", url })
      const answer = await fetch(`${client.url}/apps/refer/join?code=A%20B&shop=evil.test&tag=1&tag=2`, {
        method: "POST",
        headers: { "X-Sandbox-Customer": "500", Cookie: "a=b", "Content-Type": "text/plain" },
        body: "hi",
      })
      expect([answer.status, await answer.text()]).toEqual([201, "hello"])
      const [got] = seen
      const forwarded = new URL(got?.url ?? "", url)
      expect([forwarded.pathname, got?.cookie, got?.body]).toEqual(["/proxy/join", undefined, "hi"])
      const library = shopifyApi({
        apiKey: "key",
        apiSecretKey: secret,
        apiVersion: ApiVersion.October26,
        hostName: "localhost",
        isEmbeddedApp: true,
        logger: { level: LogSeverity.Error, log: () => {} },
      })
      const isValid = (query: URLSearchParams) => library.utils.validateHmac(query, { signator: "appProxy" })
      expect(forwarded.searchParams.get("shop")).toBe("tea.myshopify.com")
      expect(forwarded.searchParams.get("logged_in_customer_id")).toBe("500")
      expect(await isValid(forwarded.searchParams)).toBe(true)
      forwarded.searchParams.set("logged_in_customer_id", "501")
      expect(await isValid(forwarded.searchParams)).toBe(false)
      expect((await fetch(`${client.url}/apps/other`)).status).toBe(404)
      app.close()
    }))
})
