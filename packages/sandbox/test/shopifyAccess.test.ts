/** What an app may see: scopes, protected customer data, the last 60 days; asked for with Shopify's own clients. */
// oxlint-disable-next-line import/no-unassigned-import -- The library takes its runtime from this import alone.
import "@shopify/shopify-api/adapters/node"
import { createAdminApiClient } from "@shopify/admin-api-client"
import { ApiVersion, GraphqlQueryError, LogSeverity, Session, shopifyApi } from "@shopify/shopify-api"
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime"
import { describe, expect, it } from "vitest"
import * as ShopifySandbox from "../src/shopify/ShopifySandbox.ts"
import { orderCount, orderId, secret, token, until, withShop, world } from "./shopifyTestShop.ts"
import type { Client } from "./shopifyTestShop.ts"

const shop = world.brand.shopDomain

const adminClient = (url: string) =>
  createAdminApiClient({
    storeDomain: shop,
    apiVersion: "2026-10",
    accessToken: token,
    customFetchApi: (address, init) => fetch(String(address).replace(`https://${shop}`, url), init as RequestInit),
  })

const orderNames = async (client: Client): Promise<ReadonlyArray<string>> =>
  (
    await client.data<{ readonly orders: { readonly nodes: ReadonlyArray<{ readonly name: string }> } }>(
      "{ orders(first: 250) { nodes { name } } }",
    )
  ).orders.nodes.map(({ name }) => name)

const control = (client: Client) => ShopifySandbox.control(client.url)

describe("the official clients", () => {
  it("read the shop: the bare one and the library's", () =>
    withShop(async (client) => {
      const { data, extensions } = await adminClient(client.url).request(
        "query($first: Int!) { orders(first: $first) { nodes { id } } }",
        {
          variables: { first: 2 },
        },
      )
      expect((data as { readonly orders: { readonly nodes: unknown } }).orders.nodes).toHaveLength(2)
      expect(extensions?.["cost"]).toMatchObject({ throttleStatus: { restoreRate: 1000 } })
      setAbstractFetchFunc((address, init) => fetch(String(address).replace(`https://${shop}`, client.url), init))
      const library = shopifyApi({
        apiKey: ShopifySandbox.defaultClientId,
        apiSecretKey: secret,
        apiVersion: ApiVersion.October26,
        hostName: "localhost",
        isEmbeddedApp: true,
        logger: { level: LogSeverity.Error, log: () => {} },
      })
      const session = new Session({ id: "s", shop, state: "", isOnline: false, accessToken: token })
      const graphql = new library.clients.Graphql({ session })
      expect(await graphql.request("{ shop { name } }")).toMatchObject({ data: { shop: { name: "Tea & Sons" } } })
      await expect(graphql.request("{ shop { nonsense } }")).rejects.toBeInstanceOf(GraphqlQueryError)
    }))
})

describe("scopes", () => {
  it("refuse a field with the vendor's words, and leave the rest of the answer", () =>
    withShop(
      async (client) => {
        const refused = await adminClient(client.url).request(
          `{ shop { name } order(id: "gid://shopify/Order/${orderId(0)}") { name customer { id } } }`,
        )
        expect(refused.data).toEqual({ shop: { name: "Tea & Sons" }, order: { name: "#1001", customer: null } })
        expect(refused.errors?.graphQLErrors).toMatchObject([
          {
            message: "Access denied for customer field. Required access: `read_customers` access scope.",
            path: ["order", "customer"],
            extensions: { code: "ACCESS_DENIED", requiredAccess: "`read_customers` access scope." },
          },
        ])
        const customers = await client.ask("{ customers(first: 1) { nodes { id } } }")
        expect([customers.data, customers.errors?.[0]?.extensions?.["code"]]).toEqual([null, "ACCESS_DENIED"])
        const nodes = await client.ask<{ readonly nodes: ReadonlyArray<unknown> }>(
          `{ nodes(ids: ["gid://shopify/Customer/500", "gid://shopify/Order/${orderId(0)}"]) { id } }`,
        )
        expect(nodes.data?.nodes).toEqual([null, { id: `gid://shopify/Order/${orderId(0)}` }])
        const create = await client.ask(
          `mutation { discountCodeDeactivate(id: "gid://shopify/DiscountCodeNode/300") { userErrors { code } } }`,
        )
        expect(create.errors?.[0]?.message).toContain("write_discounts")
        expect((await client.ask('{ codeDiscountNodeByCode(code: "ANNA-10") { id } }')).errors).toBeUndefined()
      },
      { scopes: ["read_orders", "read_discounts"] },
    ))

  it("count at once when they are granted and taken back", () =>
    withShop(
      async (client) => {
        const isDenied = async () => (await client.ask("{ customersCount { count } }")).errors !== undefined
        expect(await isDenied()).toBe(true)
        await control(client).grantScopes(["write_customers"])
        expect(await isDenied()).toBe(false)
        await control(client).revokeScopes(["write_customers"])
        expect(await isDenied()).toBe(true)
      },
      { scopes: ["read_orders"], optionalScopes: ["write_customers"] },
    ))
})

describe("protected customer data", () => {
  const customerQuery =
    '{ customer(id: "gid://shopify/Customer/500") { id firstName email defaultEmailAddress { emailAddress } phone numberOfOrders } }'

  it("refuses orders and customers to an app without approval, beside what else was asked for", () =>
    withShop(
      async (client) => {
        const answer = await client.post("/admin/api/2026-10/graphql.json", {
          query: `{ shop { name } customer(id: "gid://shopify/Customer/500") { id } }`,
        })
        expect(answer.status).toBe(200)
        expect(await answer.json()).toMatchObject({
          data: { shop: { name: "Tea & Sons" }, customer: null },
          errors: [
            {
              message:
                "This app is not approved to access the Customer object. See https://shopify.dev/docs/apps/launch/protected-customer-data for more details.",
              path: ["customer"],
              extensions: { code: "ACCESS_DENIED" },
            },
          ],
        })
        expect((await client.ask("{ orders(first: 1) { nodes { id } } }")).errors?.[0]?.message).toContain(
          "Order object",
        )
        const node = await client.ask<unknown>(
          `{ node(id: "gid://shopify/Order/${orderId(0)}") { ... on Order { name } } }`,
        )
        expect([node.data, node.errors?.length]).toEqual([{ node: null }, 1])
      },
      { customerData: "none" },
    ))

  it("gives null for each personal field that was not approved", () =>
    withShop(
      async (client) => {
        const { data, errors } = await client.ask<{ readonly customer: unknown }>(customerQuery)
        expect(data?.customer).toEqual({
          id: "gid://shopify/Customer/500",
          firstName: "First 0",
          email: null,
          defaultEmailAddress: null,
          phone: null,
          numberOfOrders: "4",
        })
        expect(errors?.map(({ message }) => /use the (\w+) field/.exec(message)?.[1])).toEqual([
          "email",
          "defaultEmailAddress",
          "phone",
        ])
      },
      { customerData: ["name"] },
    ))

  it("stops listing errors where every row of a long page has some", () =>
    withShop(
      async (client) => {
        const { errors } = await client.ask(
          `{ orders(first: 250) { nodes { email shippingAddress { city } billingAddress { city } phone } } }`,
        )
        expect([errors?.length, errors?.at(-1)?.message]).toEqual([
          101,
          "Too many execution errors, max error limit reached. Results truncated",
        ])
      },
      { customerData: [] },
    ))
})

describe("without read_all_orders", () => {
  it("orders of before the last 60 days are absent everywhere, and nothing says so", () =>
    withShop(
      async (client) => {
        expect(await orderNames(client)).toHaveLength(orderCount)
        await control(client).advance({ days: 58 })
        // The shop's present is now 60 days after the twelfth hour.
        const names = await orderNames(client)
        expect([names.length, names[0]]).toEqual([orderCount - 12, "#1013"])
        expect(
          await client.data(`{
            ordersCount { count }
            old: order(id: "gid://shopify/Order/${orderId(11)}") { id }
            node(id: "gid://shopify/LineItem/70000") { id }
            young: order(id: "gid://shopify/Order/${orderId(12)}") { name }
            customer(id: "gid://shopify/Customer/500") { numberOfOrders orders(first: 9) { nodes { name } } } }`),
        ).toEqual({
          ordersCount: { count: orderCount - 12 },
          old: null,
          node: null,
          young: { name: "#1013" },
          customer: { numberOfOrders: "4", orders: { nodes: ["#1013", "#1019", "#1025"].map((name) => ({ name })) } },
        })
        await control(client).grantScopes(["read_all_orders"])
        expect(await orderNames(client)).toHaveLength(orderCount)
      },
      { scopes: ["read_orders", "read_customers"], optionalScopes: ["read_all_orders"] },
    ))
})

describe("a bulk operation", () => {
  it("fails with ACCESS_DENIED where a page would be refused", () =>
    withShop(
      async (client) => {
        const { bulkOperationRunQuery: started } = await client.data<{
          readonly bulkOperationRunQuery: { readonly bulkOperation: { readonly id: string } }
        }>(
          `mutation { bulkOperationRunQuery(query: "{ orders { nodes { id customer { id } } } }") { bulkOperation { id } userErrors { message } } }`,
        )
        const ended = await until(
          () =>
            client.data<{ readonly bulkOperation: { readonly status: string; readonly errorCode: string | null } }>(
              `{ bulkOperation(id: "${started.bulkOperation.id}") { status errorCode } }`,
            ),
          ({ bulkOperation: { status } }) => status !== "CREATED" && status !== "RUNNING",
        )
        expect(ended.bulkOperation).toEqual({ status: "FAILED", errorCode: "ACCESS_DENIED" })
      },
      { scopes: ["read_orders"] },
    ))
})
