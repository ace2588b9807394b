import { describe, expect, it } from "vitest"
import { createOffer, makeOrder, offerInput, orderCount, orderId, token, until, withShop } from "./shopifyTestShop.ts"
import type { Client, OfferCreated } from "./shopifyTestShop.ts"

interface OrderNames {
  readonly orders: {
    readonly nodes: ReadonlyArray<{ readonly name: string }>
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}

const ordersQuery = `query($q: String, $first: Int, $after: String, $sortKey: OrderSortKeys, $reverse: Boolean) {
  orders(query: $q, first: $first, after: $after, sortKey: $sortKey, reverse: $reverse) { nodes { name } pageInfo { hasNextPage endCursor } } }`

const numbersOf = async (client: Client, q: string): Promise<ReadonlyArray<number>> =>
  (await client.data<OrderNames>(ordersQuery, { q, first: 250, sortKey: "ID" })).orders.nodes.map(
    ({ name }) => Number(name.slice(1)) - 1001,
  )

const range = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: to - from }, (_, index) => from + index)

describe("the endpoint", () => {
  it("demands the token, names its version and refuses other versions", () =>
    withShop(async (client) => {
      const refused = await client.post(
        "/admin/api/2026-10/graphql.json",
        { query: "{ shop { name } }" },
        { "X-Shopify-Access-Token": "wrong" },
      )
      expect([refused.status, ((await refused.json()) as { readonly errors: string }).errors]).toEqual([
        401,
        expect.stringContaining("Invalid API key or access token"),
      ])
      for (const version of ["2026-10", "2026-07"]) {
        const answer = await client.post(
          `/admin/api/${version}/graphql.json`,
          { query: "{ shop { name } }" },
          { "X-Shopify-Access-Token": token },
        )
        expect([answer.status, answer.headers.get("x-shopify-api-version")]).toEqual([200, version])
        expect(await answer.json()).toMatchObject({ data: { shop: { name: "Tea & Sons" } } })
      }
      expect((await client.post("/admin/api/2020-01/graphql.json", { query: "{ shop { name } }" })).status).toBe(404)
      expect((await client.post("/admin/api/2026-10/graphql.json", { query: 7 })).status).toBe(400)
    }))

  it("fails wrong fields like the real schema and unimplemented ones loudly, never with null", () =>
    withShop(async (client) => {
      const wrong = await client.ask("{ shop { nonsense } }")
      expect(wrong.data).toBeUndefined()
      expect(wrong.errors?.[0]?.extensions).toMatchObject({
        code: "undefinedField",
        typeName: "Shop",
        fieldName: "nonsense",
      })
      const missing = await client.ask("{ products(first: 1) { nodes { id } } }")
      expect(missing.errors?.[0]?.extensions?.["code"]).toBe("EMULATOR_NOT_IMPLEMENTED")
      const field = await client.ask(
        `{ order(id: "gid://shopify/Order/${orderId(0)}") { id agreements(first: 1) { nodes { id } } } }`,
      )
      expect(field.errors?.[0]?.message).toContain("Order.agreements")
      expect(
        (await client.ask(`{ orders(first: 1, query: "colour:red") { nodes { id } } }`)).errors?.[0]?.extensions?.[
          "code"
        ],
      ).toBe("EMULATOR_NOT_IMPLEMENTED")
      expect((await client.ask(`{ orders { nodes { id } } }`)).errors?.[0]?.message).toContain("one of first or last")
      expect((await client.ask(`{ orders(first: 251) { nodes { id } } }`)).errors?.[0]?.message).toContain("250")
    }))
})

describe("orders", () => {
  it("gives amounts, evidence, refunds and journey exactly", () =>
    withShop(async (client) => {
      const bag = "{ shopMoney { amount currencyCode } presentmentMoney { amount } }"
      const { order } = await client.data<{
        readonly order: unknown
      }>(`{ order(id: "gid://shopify/Order/${orderId(0)}") {
        id legacyResourceId updatedAt discountCode discountCodes clientIp customAttributes { key value } shippingAddress { zip countryCodeV2 }
        subtotalPriceSet ${bag} currentSubtotalPriceSet ${bag} currentTotalPriceSet ${bag} totalRefundedSet ${bag} netPaymentSet ${bag}
        discountApplications(first: 5) { nodes { index ... on DiscountCodeApplication { code } value { ... on PricingPercentageValue { percentage } ... on MoneyV2 { amount } } } }
        lineItems(first: 1) { nodes { quantity currentQuantity discountAllocations { allocatedAmountSet ${bag} discountApplication { index } } } pageInfo { hasNextPage } }
        refunds(first: 5) { id updatedAt refundLineItems(first: 5) { nodes { quantity subtotalSet ${bag} lineItem { id } } } }
        customerJourneySummary { ready firstVisit { utmParameters { source } } lastVisit { referralCode } } customer { numberOfOrders statistics { rfmGroup } } } }`)
      const money = (amount: string) => ({ shopMoney: { amount, currencyCode: "EUR" }, presentmentMoney: { amount } })
      expect(order).toMatchObject({
        id: `gid://shopify/Order/${orderId(0)}`,
        legacyResourceId: orderId(0),
        updatedAt: "2026-03-01T00:30:00Z",
        discountCode: "ANNA-10",
        discountCodes: ["ANNA-10", "SPRING"],
        clientIp: "192.0.2.7",
        customAttributes: [{ key: "ref", value: "R0" }],
        shippingAddress: { zip: "10115", countryCodeV2: "DE" },
        // 3 * 19.99 + 8.00 - 6.00, less 17.99 refunded, plus 4.90 for shipping.
        subtotalPriceSet: money("61.97"),
        currentSubtotalPriceSet: money("43.98"),
        currentTotalPriceSet: money("48.88"),
        totalRefundedSet: money("17.99"),
        netPaymentSet: money("48.88"),
        discountApplications: {
          nodes: [
            { index: 0, code: "ANNA-10", value: { percentage: 10 } },
            { index: 1, code: "SPRING", value: { amount: "0.0" } },
          ],
        },
        lineItems: {
          nodes: [
            {
              quantity: 3,
              currentQuantity: 2,
              discountAllocations: [{ allocatedAmountSet: money("6.0"), discountApplication: { index: 0 } }],
            },
          ],
          pageInfo: { hasNextPage: true },
        },
        refunds: [
          {
            id: "gid://shopify/Refund/60000",
            updatedAt: "2026-03-01T00:24:00Z",
            refundLineItems: {
              nodes: [{ quantity: 1, subtotalSet: money("17.99"), lineItem: { id: "gid://shopify/LineItem/70000" } }],
            },
          },
        ],
        customerJourneySummary: {
          ready: true,
          firstVisit: { utmParameters: { source: "mail" } },
          lastVisit: { referralCode: "ANNA-10" },
        },
        // Order 6 has the same buyer as a guest.
        customer: { numberOfOrders: "4" },
      })
      const hidden = await client.data(
        `{ nodes(ids: ["gid://shopify/Order/${orderId(1)}", "gid://shopify/Order/1"]) { ... on Order { customerJourneySummary { ready lastVisit { id } } } } }`,
      )
      expect(hidden).toEqual({ nodes: [{ customerJourneySummary: { ready: false, lastVisit: null } }, null] })
    }))

  it("searches by time, id, first code, AND, OR, minus and quotes", () =>
    withShop(async (client) => {
      expect(await numbersOf(client, "updated_at:>='2026-03-01T10:30:00Z' updated_at:<'2026-03-01T15:30:00Z'")).toEqual(
        range(10, 15),
      )
      expect(
        await numbersOf(client, 'created_at:>"2026-03-01T12:00:00+02:00" AND processed_at:<=2026-03-01T12:00:00Z'),
      ).toEqual([11, 12])
      expect(await numbersOf(client, `id:>${orderId(27)}`)).toEqual([28, 29])
      expect(await numbersOf(client, "discount_code:anna-10")).toEqual(
        range(0, orderCount).filter((index) => index % 3 === 0),
      )
      expect(await numbersOf(client, "discount_code:SPRING")).toEqual([])
      expect(await numbersOf(client, "-discount_code:ANNA-10 AND (name:#1002 OR name:#1003 OR name:#1004)")).toEqual([
        1, 2,
      ])
      expect(await numbersOf(client, "status:cancelled")).toEqual([])
      const broken = await client.ask(ordersQuery, { q: "updated_at:>=yesterday", first: 1 })
      expect(broken.errors?.[0]?.message).toContain("not an ISO 8601 instant")
    }))

  it("pages through everything once in both directions", () =>
    withShop(async (client) => {
      for (const reverse of [false, true]) {
        const seen: Array<number> = []
        let after: string | null = null
        do {
          const { orders }: OrderNames = await client.data<OrderNames>(ordersQuery, {
            first: 7,
            after,
            sortKey: "UPDATED_AT",
            reverse,
          })
          seen.push(...orders.nodes.map(({ name }) => Number(name.slice(1)) - 1001))
          after = orders.pageInfo.hasNextPage ? orders.pageInfo.endCursor : null
        } while (after !== null)
        expect(seen).toEqual(reverse ? range(0, orderCount).toReversed() : range(0, orderCount))
      }
      expect((await client.ask(ordersQuery, { first: 1, after: "bm9uc2Vuc2U=" })).errors?.[0]?.message).toContain(
        "Invalid cursor",
      )
      expect(await client.data("{ ordersCount { count precision } customersCount { count } }")).toEqual({
        ordersCount: { count: 30, precision: "EXACT" },
        customersCount: { count: 6 },
      })
    }))
})

describe("customers", () => {
  it("are found by identifier, and by updated_at in whole days of the shop's zone only", () =>
    withShop(async (client) => {
      interface Found {
        readonly customers: { readonly nodes: ReadonlyArray<{ readonly firstName: string }> }
      }
      const { customers } = await client.data<Found>(
        `{ customers(first: 50, query: "updated_at:>='2026-03-01T20:30:00Z'", sortKey: UPDATED_AT) { nodes { firstName } } }`,
      )
      // Updated at 01, 06, 11, 16, 21 o'clock and 02 on the next day: all of the first day match.
      expect(customers.nodes).toHaveLength(6)
      const later = await client.data<Found>(
        `{ customers(first: 50, query: "updated_at:>='2026-03-01T23:30:00Z'") { nodes { firstName } } }`,
      )
      expect(later.customers.nodes).toEqual([{ firstName: "First 5" }])
      const found = await client.data(
        `{ customerByIdentifier(identifier: { emailAddress: "BUYER3@example.test" }) { id numberOfOrders amountSpent { currencyCode } } }`,
      )
      expect(found).toMatchObject({ customerByIdentifier: { id: "gid://shopify/Customer/503", numberOfOrders: "4" } })
    }))

  it("take tags and metafields, with compare-and-set", () =>
    withShop(async (client) => {
      const id = "gid://shopify/Customer/501"
      await client.data(
        `mutation($id: ID!) { tagsAdd(id: $id, tags: ["advocate", "gold"]) { userErrors { message } } }`,
        { id },
      )
      await client.data(
        `mutation($id: ID!) { tagsRemove(id: $id, tags: ["early", "gold"]) { userErrors { message } } }`,
        { id },
      )
      expect(await client.data(`{ customer(id: "${id}") { tags } }`)).toEqual({ customer: { tags: ["advocate"] } })
      const set = `mutation($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) { metafields { compareDigest namespace } userErrors { code elementIndex } } }`
      const metafield = { ownerId: id, namespace: "$app", key: "code", type: "single_line_text_field", value: "A" }
      interface Set {
        readonly metafieldsSet: {
          readonly metafields: ReadonlyArray<{ readonly compareDigest: string }> | null
          readonly userErrors: ReadonlyArray<{ readonly code: string }>
        }
      }
      const first = await client.data<Set>(set, { m: [{ ...metafield, compareDigest: null }] })
      const compareDigest = first.metafieldsSet.metafields?.[0]?.compareDigest
      expect(
        (await client.data<Set>(set, { m: [{ ...metafield, value: "B", compareDigest }] })).metafieldsSet.userErrors,
      ).toEqual([])
      expect(
        (await client.data<Set>(set, { m: [{ ...metafield, value: "C", compareDigest }] })).metafieldsSet.userErrors,
      ).toMatchObject([{ code: "STALE_OBJECT", elementIndex: 0 }])
      expect(
        await client.data(`{ customer(id: "${id}") { metafield(namespace: "$app", key: "code") { value } } }`),
      ).toEqual({ customer: { metafield: { value: "B" } } })
    }))
})

describe("discounts", () => {
  const add = `mutation($id: ID!, $codes: [DiscountRedeemCodeInput!]!) { discountRedeemCodeBulkAdd(discountId: $id, codes: $codes) { bulkCreation { id done } userErrors { code field } } }`
  interface Added {
    readonly discountRedeemCodeBulkAdd: {
      readonly bulkCreation: { readonly id: string; readonly done: boolean }
      readonly userErrors: ReadonlyArray<unknown>
    }
  }
  interface Creation {
    readonly discountRedeemCodeBulkCreation: { readonly done: boolean }
  }
  const poll = `query($id: ID!) { discountRedeemCodeBulkCreation(id: $id) { done importedCount failedCount codes(first: 9) { nodes { code discountRedeemCode { id } errors { code } } } } }`

  it("import codes asynchronously, each with its own result, unique without regard to case", () =>
    withShop(async (client) => {
      const offer = await client.data<OfferCreated>(createOffer, offerInput("OFFER"))
      const id = offer.discountCodeBasicCreate.codeDiscountNode?.id
      expect(id).toMatch(/^gid:\/\/shopify\/DiscountCodeNode\/9007199254\d+$/)
      const added = await client.data<Added>(add, {
        id,
        codes: [{ code: "NEW-1" }, { code: "anna-10" }, { code: "new-1" }, { code: " " }],
      })
      expect(added.discountRedeemCodeBulkAdd).toMatchObject({ bulkCreation: { done: false }, userErrors: [] })
      const creation = { id: added.discountRedeemCodeBulkAdd.bulkCreation.id }
      const done = await until(
        () => client.data<Creation>(poll, creation),
        (one) => one.discountRedeemCodeBulkCreation.done,
      )
      expect(done.discountRedeemCodeBulkCreation).toMatchObject({
        importedCount: 1,
        failedCount: 3,
        codes: {
          nodes: [
            {
              code: "NEW-1",
              discountRedeemCode: { id: expect.stringContaining("DiscountRedeemCode") as string },
              errors: [],
            },
            { code: "anna-10", discountRedeemCode: null, errors: [{ code: "TAKEN" }] },
            { code: "new-1", errors: [{ code: "TAKEN" }] },
            { code: " ", errors: [{ code: "BLANK" }] },
          ],
        },
      })
      expect(
        await client.data(
          `{ codeDiscountNodeByCode(code: "new-1") { id codeDiscount { ... on DiscountCodeBasic { title } } } }`,
        ),
      ).toEqual({ codeDiscountNodeByCode: { id, codeDiscount: { title: "Offer" } } })
      const used = await client.data(
        `{ codeDiscountNodeByCode(code: "ANNA-10") { codeDiscount { ... on DiscountCodeBasic { asyncUsageCount } } } }`,
      )
      expect(used).toEqual({ codeDiscountNodeByCode: { codeDiscount: { asyncUsageCount: 10 } } })
    }))

  it("refuse bad input with user errors and long lists with an error", () =>
    withShop(async (client) => {
      const errors = async (input: object) =>
        (await client.data<OfferCreated>(createOffer, { input })).discountCodeBasicCreate.userErrors.map(
          ({ code, field }) => [field.at(-1), code],
        )
      expect(await errors({ ...offerInput("anna-10").input })).toEqual([["code", "TAKEN"]])
      expect(await errors({})).toEqual([
        ["title", "BLANK"],
        ["code", "BLANK"],
        ["startsAt", "BLANK"],
        ["value", "BLANK"],
      ])
      expect(await errors({ ...offerInput("X").input, customerGets: { value: { percentage: 10 } } })).toEqual([
        ["percentage", "VALUE_OUTSIDE_RANGE"],
      ])
      const tooMany = await client.ask(add, {
        id: "gid://shopify/DiscountCodeNode/300",
        codes: Array.from({ length: 251 }, (_, index) => ({ code: `C${index}` })),
      })
      expect(tooMany.errors?.[0]?.extensions?.["code"]).toBe("MAX_INPUT_SIZE_EXCEEDED")
      const unknown = await client.data<Added>(add, { id: "gid://shopify/DiscountCodeNode/1", codes: [{ code: "C" }] })
      expect(unknown.discountRedeemCodeBulkAdd.userErrors).toEqual([{ code: "INVALID", field: ["discountId"] }])
    }))

  it("expire when deactivated and lose deleted codes", () =>
    withShop(async (client) => {
      const id = "gid://shopify/DiscountCodeNode/300"
      const ended = await client.data(
        `mutation { discountCodeDeactivate(id: "${id}") { codeDiscountNode { codeDiscount { ... on DiscountCodeBasic { status } } } userErrors { code } } }`,
      )
      expect(ended).toEqual({
        discountCodeDeactivate: { codeDiscountNode: { codeDiscount: { status: "EXPIRED" } }, userErrors: [] },
      })
      await client.data(
        `mutation { discountCodeRedeemCodeBulkDelete(discountId: "${id}", ids: ["gid://shopify/DiscountRedeemCode/301"]) { job { done } userErrors { code } } }`,
      )
      expect(await client.data(`{ codeDiscountNodeByCode(code: "ANNA-10") { id } }`)).toEqual({
        codeDiscountNodeByCode: null,
      })
    }))
})

describe("cost", () => {
  it("prices by the reported formula and gives back what was not used", () =>
    withShop(async (client) => {
      const answer = await client.ask(
        `{ orders(first: 50, query: "id:<${orderId(2)}") { nodes { id customer { id } currentTotalPriceSet { shopMoney { amount } presentmentMoney { amount } } } pageInfo { hasNextPage } } }`,
      )
      // 2 + (order 1 + customer 1 + bag 1 + two amounts 2) * floor(2 ln 50), and two rows came back.
      expect(answer.extensions?.cost).toMatchObject({ requestedQueryCost: 2 + 5 * 7, actualQueryCost: 2 + 5 * 1 })
      const mutation = await client.ask(
        `mutation { tagsAdd(id: "gid://shopify/Customer/501", tags: ["x"]) { node { id } userErrors { message } } }`,
      )
      expect(mutation.extensions?.cost).toMatchObject({ requestedQueryCost: 10, actualQueryCost: 10 })
      const dear = await client.ask(
        `{ orders(first: 250) { nodes { lineItems(first: 250) { nodes { id product { id } originalTotalSet { shopMoney { amount } presentmentMoney { amount } } discountAllocations { discountApplication { index } } } } discountApplications(first: 250) { nodes { index } } } } }`,
      )
      expect(dear.errors?.[0]?.extensions).toMatchObject({ code: "MAX_COST_EXCEEDED", maxCost: 1000 })
    }))

  it("throttles an empty bucket with HTTP 200 and fills it by the steady clock", () => {
    const clock = { at: 0 }
    const query = "{ orders(first: 50) { nodes { id } } }" // 2 + 1 * 7 asked, 2 + 1 * 6 used for 30 rows
    return withShop(
      async (client) => {
        expect((await client.ask(query)).extensions?.cost.throttleStatus.currentlyAvailable).toBe(2)
        const throttled = await client.post("/admin/api/2026-10/graphql.json", { query })
        expect(throttled.status).toBe(200)
        expect(await throttled.json()).toMatchObject({
          errors: [{ extensions: { code: "THROTTLED" } }],
          extensions: { cost: { requestedQueryCost: 9, actualQueryCost: null } },
        })
        clock.at += 800
        expect((await client.ask(query)).errors).toBeUndefined()
        expect(await client.control("usage")).toMatchObject({ requests: 3, throttled: 1, pointsUsed: 16 })
        clock.at += 60_000
        await client.control("faults", { throttle: 1, status: 502, count: 1 })
        expect((await client.post("/admin/api/2026-10/graphql.json", { query })).status).toBe(502)
        expect((await client.ask(query)).errors?.[0]?.extensions?.["code"]).toBe("THROTTLED")
        expect((await client.ask(query)).errors).toBeUndefined()
      },
      { plan: { maximumAvailable: 10, restoreRate: 10 }, steadyClock: () => clock.at },
    )
  })
})

it("knows the orders it was filled with", () => {
  expect(BigInt(makeOrder(0).id) > BigInt(Number.MAX_SAFE_INTEGER)).toBe(true)
})
