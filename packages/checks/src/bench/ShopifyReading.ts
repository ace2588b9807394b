/**
 * One reading of a shop's history in a process of its own, so that its memory is its own: `bare`, files and `JSON.parse`
 * alone; `facts`, the connector's pull of orders from the first request to the last fact; `stored`, in PostgreSQL too.
 * Prints orders, milliseconds and the most memory it held, as one JSON object. The shop answers within the process.
 */
import type { Page } from "@advocacy-kit/core/connector/FactSource"
import { storePage } from "@advocacy-kit/core/flow/Sync"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { Shopify, ShopifySource } from "@advocacy-kit/shopify"
import { SqlStores } from "@advocacy-kit/sql"
import { Effect, Layer, Redacted, Stream } from "effect"
import { createReadStream, readFileSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { Readable } from "node:stream"
import { fileOf, objectsIn, type ShopifyHistory } from "./ShopifyHistory.ts"

export interface ShopifyReading {
  readonly orders: number
  readonly millis: number
  readonly megabytes: number
}

const [how = "", folder = "", tenant = "bench"] = process.argv.slice(2)
const history: ShopifyHistory = JSON.parse(readFileSync(join(folder, "history.json"), "utf8"))

const bare = async (): Promise<number> => {
  let orders = 0
  for (const slice of history.slices.keys()) {
    for await (const line of createInterface({ input: createReadStream(fileOf(folder, slice)) })) {
      const row: object = JSON.parse(line)
      if (!("__parentId" in row)) orders++
    }
  }
  return orders
}

/** Shopify's answers to the requests of an import, in the order in which slices are asked for. */
const shop = (): typeof fetch => {
  let begun = 0
  const stamped = (members: object) => ({ nodes: [members] })
  const answers: Readonly<Record<string, (variables: { readonly id?: string }) => object>> = {
    Access: () => ({
      shop: { myshopifyDomain: "bench.myshopify.com", plan: { publicDisplayName: "Plus", shopifyPlus: true } },
      currentAppInstallation: { accessScopes: [{ handle: "read_all_orders" }] },
    }),
    OrdersSpan: () => ({
      oldest: stamped({ createdAt: history.oldest }),
      newest: stamped({ createdAt: history.newest }),
      changed: stamped({ updatedAt: history.newest }),
      ordersCount: { count: history.orders },
    }),
    BulkRun: () => ({
      bulkOperationRunQuery: { bulkOperation: { id: `gid://shopify/BulkOperation/${begun++}` }, userErrors: [] },
    }),
    BulkPoll: ({ id = "" }) => {
      const slice = Number(id.slice(id.lastIndexOf("/") + 1))
      const orders = history.slices[slice] ?? 0
      return {
        bulkOperation: {
          status: "COMPLETED",
          errorCode: null,
          createdAt: history.newest,
          objectCount: String(objectsIn(orders)),
          rootObjectCount: String(orders),
          url: orders === 0 ? null : `https://storage.example/${slice}`,
        },
      }
    },
    OrdersPage: () => ({ orders: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } } }),
  }
  return (url, init) => {
    const address = new URL(String(url))
    if (address.host === "storage.example") {
      const file = createReadStream(fileOf(folder, Number(address.pathname.slice(1))))
      return Promise.resolve(new Response(Readable.toWeb(file) as ReadableStream<Uint8Array>))
    }
    const { query, variables }: { readonly query: string; readonly variables: object } = JSON.parse(String(init?.body))
    const name = /^(?:query|mutation) (\w+)/.exec(query)?.[1] ?? ""
    const answer = answers[name]
    if (answer === undefined) throw new Error(`the benchmark's shop cannot answer ${name}`)
    return Promise.resolve(Response.json({ data: answer(variables) }))
  }
}

const imported = <E, R>(store: (page: Page) => Effect.Effect<unknown, E, R>) =>
  Effect.gen(function* () {
    const source = yield* ShopifySource.make
    const pull = source.pulls.find(({ job }) => job === "shopify:orders")
    if (pull === undefined) return yield* Effect.die("there is no pull of orders")
    return yield* Stream.runFoldEffect(
      pull.pages(null),
      () => 0,
      (orders, page) => Effect.as(store(page), orders + page.facts.length),
    )
  }).pipe(
    Effect.provide(
      Shopify.layer({ shop: "bench.myshopify.com", accessToken: Redacted.make("shpat_bench"), fetch: shop() }),
    ),
    Effect.provide(Layer.succeed(CurrentTenant, { id: TenantIdOf(tenant), handleKey: new Uint8Array(32).fill(1) })),
  )

const run = (): Promise<number> => {
  if (how === "bare") return bare()
  if (how === "facts") return Effect.runPromise(imported(() => Effect.void))
  const stores = SqlStores.layerServer({ url: Redacted.make(process.env["DATABASE_URL"] ?? "") })
  return Effect.runPromise(imported((page) => storePage({ name: "shopify" }, page)).pipe(Effect.provide(stores)))
}

const begun = performance.now()
const orders = await run()
if (orders !== history.orders) throw new Error(`${orders} of ${history.orders} orders were read`)
const reading: ShopifyReading = {
  orders,
  millis: performance.now() - begun,
  megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
}
process.stdout.write(`${JSON.stringify(reading)}\n`)
