/**
 * What the tests of installing share: a sandbox whose shop has not installed the app, stores in memory, and the app.
 */
import type { Installation } from "@advocacy-kit/core/connector/Installation"
import { Installations } from "@advocacy-kit/core/connector/Installations"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { ShopifySandbox, Simulator } from "@advocacy-kit/sandbox"
import { Effect, Layer, ManagedRuntime, Redacted } from "effect"
import type { PlainRequest } from "../src/OAuthLibrary.ts"
import * as Shopify from "../src/Shopify.ts"
import { ShopifyClient } from "../src/ShopifyClient.ts"
import { shopInfo } from "../src/wire/Discounts.ts"
import { secret, tenant, token } from "./shopUnderTest.ts"

export const world = Simulator.simulate({ seed: 7, customers: 400, orders: 1000 })
export const shop = world.brand.shopDomain
export const clientId = "app-of-the-test"
export const appUrl = "https://app.example"
export const scopes = ["read_customers", "read_orders", "write_discounts"]

export const appOptions = {
  shop,
  app: { clientId, url: appUrl, scopes },
  webhookSecrets: [Redacted.make(secret)],
  timeoutMillis: 10_000,
}

/** A browser of a person. */
export const browser = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0" }

export const getting = (url: string, headers: Readonly<Record<string, string>> = {}): PlainRequest => ({
  method: "GET",
  url,
  headers: { ...browser, ...headers },
})

export const cookiesOf = (headers: ReadonlyArray<readonly [string, string]>): string =>
  headers
    .filter(([name]) => name.toLowerCase() === "set-cookie")
    .map(([, value]) => value.split(";")[0])
    .join("; ")

const layersOf = (options: Parameters<typeof Shopify.layerApp>[0]) =>
  Shopify.layerApp(options).pipe(Layer.provideMerge(Layer.merge(MemoryStores.layerMemory, tenant)))

export type Services = Layer.Success<ReturnType<typeof layersOf>>

export interface App {
  readonly sandbox: ShopifySandbox.Opened
  readonly run: <A, E>(effect: Effect.Effect<A, E, Services>) => Promise<A>
}

/** Opens a shop and the app beside it. */
export const withApp = async (
  use: (app: App) => Promise<void>,
  {
    grant = "install",
    ...options
  }: Partial<ShopifySandbox.Options> & { readonly grant?: "install" | "clientCredentials" } = {},
): Promise<void> => {
  const sandbox = await ShopifySandbox.open({
    world,
    accessToken: token,
    clientId,
    clientSecret: secret,
    scopes,
    optionalScopes: ["write_gift_cards"],
    redirectUrls: [`${appUrl}/shopify/callback`],
    installed: false,
    ...options,
  })
  const runtime = ManagedRuntime.make(
    layersOf({ ...appOptions, app: { ...appOptions.app, grant }, baseUrl: sandbox.url }),
  )
  try {
    await use({ sandbox, run: (effect) => runtime.runPromise(effect) })
  } finally {
    await runtime.dispose()
    await sandbox.close()
  }
}

export const installation: Effect.Effect<Installation | undefined, unknown, Installations | CurrentTenant> =
  Effect.flatMap(Installations, ({ all }) => Effect.map(all, ([one]) => one))

/** One request to the Admin API. */
export const askShop = Effect.flatMap(ShopifyClient, (client) => client.query(shopInfo, {}))

export const accessOf = (one: Installation | null | undefined): string | null =>
  one?.tokens ? Redacted.value(one.tokens.access) : null
