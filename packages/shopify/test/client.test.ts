import { createAdminApiClient } from "@shopify/admin-api-client"
import { Effect, Exit, Redacted } from "effect"
import nock from "nock"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import * as CostBucket from "../src/CostBucket.ts"
import { ShopifyClient } from "../src/ShopifyClient.ts"
import type { ShopifyError } from "../src/ShopifyError.ts"
import { toSourceError } from "../src/ShopifyError.ts"
import { customersPage } from "../src/wire/Customers.ts"
import { offerCreate, shopInfo } from "../src/wire/Discounts.ts"
import { connected } from "./shopUnderTest.ts"

const shop = "https://tea.myshopify.com"
const path = "/admin/api/2026-10/graphql.json"
const options = { shop: "tea.myshopify.com", accessToken: Redacted.make("shpat_very_secret"), timeoutMillis: 300 }

const cost = (currentlyAvailable: number) => ({
  cost: {
    requestedQueryCost: 10,
    actualQueryCost: 10,
    throttleStatus: { maximumAvailable: 1000, currentlyAvailable, restoreRate: 1000 },
  },
})
const info = { data: { shop: { myshopifyDomain: "tea.myshopify.com", currencyCode: "EUR" } }, extensions: cost(990) }
const created = {
  data: { discountCodeBasicCreate: { codeDiscountNode: { id: "gid://shopify/DiscountCodeNode/1" }, userErrors: [] } },
}
const throttled = { errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }], extensions: cost(-290) }

const ask = Effect.flatMap(ShopifyClient, (client) => client.query(shopInfo, {}))
const create = Effect.flatMap(ShopifyClient, (client) => client.mutate(offerCreate, { input: {} }))
const timed = async <A>(run: () => Promise<A>) => {
  const began = performance.now()
  const value = await run()
  return { value, tookMillis: performance.now() - began }
}
const reasonOf = async (effect: Effect.Effect<unknown, ShopifyError, ShopifyClient>) => {
  const error = await connected(Effect.flip(effect), options)
  return { tag: error.reason._tag, error }
}

/** A shop whose first answer never comes, and whose second is this one. */
const lateOnce = (answer: unknown) => {
  let count = 0
  const late: typeof fetch = (_url, init) => {
    count++
    if (count > 1) return Promise.resolve(Response.json(answer))
    return new Promise((_resolve, reject) =>
      init?.signal?.addEventListener("abort", () => reject(new Error("aborted"))),
    )
  }
  return { fetch: late, sent: () => count }
}

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  const open = nock.pendingMocks()
  nock.cleanAll()
  nock.enableNetConnect()
  if (open.length > 0) throw new Error(`never asked for: ${open.join(", ")}`)
})

describe("a query", () => {
  it("waits until the budget is restored when Shopify throttles inside a 200, and then succeeds", async () => {
    nock(shop).post(path).reply(200, throttled).post(path).reply(200, info)
    const { tookMillis, value } = await timed(() => connected(ask, options))
    expect(value.data.shop.currencyCode).toBe("EUR")
    expect(tookMillis).toBeGreaterThan(280)
  })

  it("waits the seconds of Retry-After on a 429", async () => {
    nock(shop).post(path).reply(429, "", { "Retry-After": "1.0" }).post(path).reply(200, info)
    const { tookMillis } = await timed(() => connected(ask, options))
    expect(tookMillis).toBeGreaterThan(990)
  })

  it("is repeated when no answer came in time", async () => {
    const { fetch: late, sent } = lateOnce(info)
    expect((await connected(ask, { ...options, fetch: late })).data.shop.currencyCode).toBe("EUR")
    expect(sent()).toBe(2)
  })

  it("is repeated after a 502, a broken connection and an internal error", async () => {
    nock(shop)
      .post(path)
      .reply(502, "<html>")
      .post(path)
      .replyWithError(new Error("socket hang up"))
      .post(path)
      .reply(200, { errors: [{ message: "Internal error", extensions: { code: "INTERNAL_SERVER_ERROR" } }] })
      .post(path)
      .reply(200, info)
    expect((await connected(ask, options)).data.shop.currencyCode).toBe("EUR")
  }, 20_000)

  it("fails at once where nothing helps, says what does, and never shows the token", async () => {
    nock(shop).post(path).reply(401, { errors: "[API] Invalid API key or access token" })
    const { error, tag } = await reasonOf(ask)
    expect(tag).toBe("Unauthorised")
    expect(toSourceError(error)).toMatchObject({
      source: "shopify",
      operation: "ShopInfo",
      isRetryable: false,
      remedy: expect.stringContaining("install the app again"),
    })
    expect(`${JSON.stringify(error)} ${String(error)} ${JSON.stringify(toSourceError(error))}`).not.toContain(
      "shpat_very_secret",
    )
    nock(shop)
      .post(path)
      .reply(200, { errors: [{ message: "Query cost is 2000", extensions: { code: "MAX_COST_EXCEEDED" } }] })
    expect((await reasonOf(ask)).tag).toBe("TooCostly")
    nock(shop)
      .post(path)
      .reply(200, {
        errors: [{ message: "Access denied for shop field", path: ["shop"], extensions: { code: "ACCESS_DENIED" } }],
        data: { shop: null },
      })
    expect((await reasonOf(ask)).tag).toBe("AccessDenied")
    nock(shop)
      .post(path)
      .reply(200, { data: { shop: { myshopifyDomain: 7 } } })
    expect((await reasonOf(ask)).tag).toBe("Malformed")
  })

  it("keeps partial data and the paths that were withheld", async () => {
    const node = { id: "gid://shopify/Customer/7", defaultEmailAddress: null }
    const where = ["customers", "nodes", 0, "defaultEmailAddress"]
    nock(shop)
      .post(path)
      .reply(200, {
        data: { customers: { nodes: [node], pageInfo: { hasNextPage: false, endCursor: null } } },
        errors: [
          {
            message: "This app is not approved to access the Customer object's email.",
            path: where,
            extensions: { code: "ACCESS_DENIED" },
          },
        ],
      })
    const answer = await connected(
      Effect.flatMap(ShopifyClient, (client) => client.query(customersPage, { search: "" })),
      options,
    )
    expect(answer.data.customers.nodes).toEqual([node])
    expect(answer.withheld).toEqual([where])
  })
})

describe("a mutation", () => {
  const sentOnce = async (arrange: (scope: nock.Scope) => nock.Scope) => {
    let sent = 0
    const count = () => {
      sent++
      return true
    }
    arrange(nock(shop)).persist(false)
    nock(shop).post(path, count).optionally().reply(200, created)
    const { tag } = await reasonOf(create)
    nock.cleanAll()
    return [tag, sent]
  }

  it("is never sent again when it is not known whether it took place", async () => {
    expect(await sentOnce((scope) => scope.post(path).replyWithError(new Error("socket hang up")))).toEqual([
      "Ambiguous",
      0,
    ])
    expect(await sentOnce((scope) => scope.post(path).reply(502, "<html>"))).toEqual(["Ambiguous", 0])
    expect(await sentOnce((scope) => scope.post(path).reply(200, `{"data":{"discountCodeBasic`))).toEqual([
      "Ambiguous",
      0,
    ])
  })

  it("is never sent again when no answer came in time", async () => {
    const { fetch: late, sent } = lateOnce(created)
    const error = await connected(Effect.flip(create), { ...options, fetch: late })
    expect([error.reason._tag, error.isRetryable, sent()]).toEqual(["Ambiguous", false, 1])
  })

  it("is sent again when Shopify says that it was not executed", async () => {
    nock(shop).post(path).reply(200, throttled).post(path).reply(429, "").post(path).reply(200, created)
    const answer = await connected(create, options)
    expect(answer.data.discountCodeBasicCreate.codeDiscountNode?.id).toBe("gid://shopify/DiscountCodeNode/1")
  })

  it("is sent again when the connection was refused, because then nothing was sent", async () => {
    let attempts = 0
    const refused: typeof fetch = () => {
      attempts++
      if (attempts === 1)
        return Promise.reject(
          new TypeError("fetch failed", { cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }) }),
        )
      return Promise.resolve(Response.json(created))
    }
    expect(Exit.isSuccess(await connected(Effect.exit(create), { ...options, fetch: refused }))).toBe(true)
    expect(attempts).toBe(2)
  })
})

describe("the official client with its own retries, which we leave off", () => {
  const official = (retries: number) =>
    createAdminApiClient({
      storeDomain: options.shop,
      apiVersion: "2026-10",
      accessToken: "shpat_x",
      retries,
      customFetchApi: fetch,
    })

  it("takes the seconds of Retry-After for milliseconds", async () => {
    nock(shop).post(path).times(2).reply(429, "", { "Retry-After": "2" }).post(path).reply(200, info)
    const { tookMillis, value } = await timed(() => official(3).request(shopInfo.document))
    expect(value.data).toBeDefined()
    expect(tookMillis).toBeLessThan(1000)
  })

  it("sends a mutation a second time after a broken connection", async () => {
    nock(shop).post(path).replyWithError(new Error("socket hang up")).post(path).reply(200, created)
    expect((await official(1).request(offerCreate.document, { variables: { input: {} } })).data).toBeDefined()
  })

  it("does not wait for a throttled query", async () => {
    nock(shop).post(path).reply(200, throttled)
    expect((await official(3).request(shopInfo.document)).errors?.graphQLErrors?.[0]?.extensions?.code).toBe(
      "THROTTLED",
    )
  })
})

describe("the budget", () => {
  const bucket = CostBucket.reported({ maximumAvailable: 1000, currentlyAvailable: 600, restoreRate: 100 }, 50, 0)
  const take = (points: number, priority: CostBucket.Priority, nowMillis = 0) =>
    CostBucket.take(bucket, points, { priority, hostSharePercent: 50, nowMillis })

  it("lets rewards through where a backfill waits for the host's share", () => {
    expect(take(100, "reward")).toMatchObject({ taken: { available: 450 } })
    expect(take(100, "backfill")).toEqual({ waitMillis: 500 })
    expect(take(100, "backfill", 500)).toMatchObject({ taken: { available: 500 } })
  })

  it("never fills above its maximum, and serves a costly query from a full bucket", () => {
    expect(take(10, "reward", 3_600_000)).toMatchObject({ taken: { available: 990 } })
    expect(take(900, "backfill", 3_600_000)).toMatchObject({ taken: { available: 100 } })
  })
})
