/**
 * What the tests of the connector share: a tenant, a sandbox filled from a simulated brand, and the connector on top.
 */
import type { Page, Source } from "@advocacy-kit/core/connector/FactSource"
import type { Fulfiller } from "@advocacy-kit/core/connector/Fulfiller"
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Layer, Redacted, Stream } from "effect"
import { ShopifySandbox, type World } from "@advocacy-kit/sandbox"
import type { AccessTokens } from "../src/AccessTokens.ts"
import * as Shopify from "../src/Shopify.ts"
import type { ShopifyClient } from "../src/ShopifyClient.ts"
import type { ShopifyConfig, ShopifyOptions } from "../src/ShopifyConfig.ts"
import * as ShopifySource from "../src/ShopifySource.ts"

export const handleKey = new TextEncoder().encode("a key of this one tenant")
export const tenant = Layer.succeed(CurrentTenant, { id: TenantIdOf("tea"), handleKey })
export const token = "shpat_test"
export const secret = "hush"

export const lens = { handleKey, referralAttributes: ["ref"], deviceAttribute: "_device" }

type Services = ShopifyClient | ShopifyConfig | AccessTokens | Fulfiller | CurrentTenant

/** Runs an effect with the connector pointed at `options`. */
export const connected = <A, E>(effect: Effect.Effect<A, E, Services>, options: ShopifyOptions): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.provide(Layer.merge(Shopify.layer(options), tenant)), Effect.scoped))

export interface Sandbox {
  readonly url: string
  readonly control: <Body>(route: string, body?: unknown) => Effect.Effect<Body>
}

/** Runs an effect against a fresh sandbox that holds `world`. */
export const inSandbox = <A, E>(
  world: World,
  use: (sandbox: Sandbox) => Effect.Effect<A, E, Services>,
  more: Partial<ShopifySandbox.Options> = {},
  connector: Partial<ShopifyOptions> = {},
): Promise<A> =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const { url } = yield* ShopifySandbox.serve({
          world,
          accessToken: token,
          clientSecret: secret,
          bulkDelayMs: 10,
          codeImportMs: 10,
          ...more,
        })
        const control: Sandbox["control"] = <Body>(route: string, body?: unknown) =>
          Effect.promise(async () => {
            const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }
            return (await (await fetch(`${url}/__sandbox/${route}`, body === undefined ? {} : init)).json()) as Body
          })
        const options = {
          shop: world.brand.shopDomain,
          accessToken: Redacted.make(token),
          webhookSecrets: [Redacted.make(secret)],
          baseUrl: url,
          timeoutMillis: 10_000,
          ...connector,
        }
        return yield* use({ url, control }).pipe(Effect.provide(Layer.merge(Shopify.layer(options), tenant)))
      }),
    ),
  )

/** Everything that a pull of this job brings from `cursor` on. */
export const pages = (
  source: Source,
  job: string,
  cursor: unknown,
): Effect.Effect<ReadonlyArray<Page>, unknown, CurrentTenant> => {
  const pull = source.pulls.find((one) => one.job === job)
  if (pull === undefined) return Effect.die(`there is no pull ${job}`)
  return Stream.runCollect(pull.pages(cursor))
}

export const source = ShopifySource.make

export const factsOf = (all: ReadonlyArray<Page>): ReadonlyArray<Fact> =>
  all.flatMap(({ facts }) => facts).toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))

/** The last checkpoint of a pull. */
export const cursorOf = (all: ReadonlyArray<Page>): unknown =>
  all.findLast(({ checkpoint }) => checkpoint !== undefined)?.checkpoint?.cursor
