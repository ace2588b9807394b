/**
 * What the webhook tests share: both connectors' routes on a real port, over stores in memory, with a sandbox shop behind,
 * and requests signed the way the platforms sign them.
 */
import { createHmac } from "node:crypto"
import { Inbox, InboxError } from "@advocacy-kit/core/connector/Inbox"
import { type FactLog, StoreUnavailable } from "@advocacy-kit/core/fact/FactLog"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import type { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import * as HubSpot from "@advocacy-kit/hubspot"
import { ShopifySandbox, Simulator } from "@advocacy-kit/sandbox"
import { Server } from "@advocacy-kit/server"
import * as HubSpotConnector from "@advocacy-kit/server/hubspot"
import * as ShopifyConnector from "@advocacy-kit/server/shopify"
import * as Shopify from "@advocacy-kit/shopify"
import { Effect, Layer, Redacted } from "effect"
import { HttpServer } from "effect/http"

export const world = Simulator.simulate({ seed: 3, customers: 400, orders: 800 })
export const portalId = "48213377"
const [token, secret] = ["token of this shop", "hush"]
const publicUrl = "https://advocacy.example/hubspot/webhooks"

export type Header = Readonly<Record<string, string>>

export interface Address {
  readonly post: (path: string, body: Uint8Array | string, headers: Header) => Effect.Effect<Response>
  readonly get: (path: string) => Effect.Effect<Response>
}

type Services =
  | Inbox
  | FactLog
  | Ledger
  | CurrentTenant
  | Shopify.ShopifyClient
  | Shopify.ShopifyConfig
  | Shopify.AccessTokens

const hmac = (...parts: ReadonlyArray<Uint8Array | string>): string => {
  const mac = createHmac("sha256", secret)
  for (const part of parts) mac.update(part)
  return mac.digest("base64")
}

/** Headers of a delivery of `body`; `change` replaces some of them. */
export const shopifyHeaders = (body: Uint8Array | string, change: Header = {}): Header => ({
  "content-type": "application/json",
  "x-shopify-hmac-sha256": hmac(body),
  "x-shopify-shop-domain": world.brand.shopDomain,
  "x-shopify-webhook-id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
  "x-shopify-topic": "orders/updated",
  ...change,
})

export const hubspotHeaders = (body: Uint8Array | string, at: number = Date.now()): Header => ({
  "content-type": "application/json",
  "x-hubspot-signature-v3": hmac("POST", publicUrl, body, String(at)),
  "x-hubspot-request-timestamp": String(at),
})

/** An inbox whose store is down. */
export const inboxDown = Layer.effect(
  Inbox,
  Effect.map(Inbox, (inbox) => {
    const down = Effect.fail(
      new InboxError({
        reason: new StoreUnavailable({ operation: "accept messages", cause: new Error("connection refused") }),
      }),
    )
    return Inbox.of({ ...inbox, accept: () => down, counts: down })
  }),
)

const addressOf = (base: string): Address => ({
  post: (path, body, headers) =>
    Effect.promise(() => fetch(`${base}${path}`, { method: "POST", body: Buffer.from(body), headers })),
  get: (path) => Effect.promise(() => fetch(`${base}${path}`)),
})

/** Runs `use` while everything is up. `inbox` takes the place of the one in memory. */
export const withAddress = <A, E>(
  use: (address: Address) => Effect.Effect<A, E, Services>,
  inbox?: Layer.Layer<Inbox, never, Inbox>,
): Promise<A> =>
  Effect.gen(function* () {
    const { url } = yield* ShopifySandbox.serve({ world, accessToken: token, clientSecret: secret })
    const stores =
      inbox === undefined ? MemoryStores.layerMemory : inbox.pipe(Layer.provideMerge(MemoryStores.layerMemory))
    const tenant = Layer.succeed(CurrentTenant, { id: TenantIdOf("tea"), handleKey: new TextEncoder().encode("a key") })
    const connected = Layer.mergeAll(
      stores,
      tenant,
      Shopify.Shopify.layer({
        shop: world.brand.shopDomain,
        accessToken: Redacted.make(token),
        webhookSecrets: [Redacted.make(secret)],
        baseUrl: url,
      }),
      HubSpot.HubSpot.layer({
        accessToken: Redacted.make("token"),
        portalId,
        program: "refer-a-friend",
        currency: "EUR",
        webhookSecrets: [Redacted.make(secret)],
        webhookUrl: publicUrl,
      }),
    )
    const server = Server.layer(Layer.merge(ShopifyConnector.routes, HubSpotConnector.routes), { port: 0 })
    return yield* Effect.gen(function* () {
      const { address } = yield* HttpServer.HttpServer
      if (address._tag === "UnixPathAddress") return yield* Effect.die("the server listens on no port")
      return yield* use(addressOf(`http://127.0.0.1:${address.port}`))
    }).pipe(Effect.provide(server.pipe(Layer.provideMerge(connected))))
  }).pipe(Effect.scoped, Effect.runPromise)
