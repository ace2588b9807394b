/**
 * The two platforms as services of the flow: sandboxes, or the real ones from the environment.
 */
import { FactSources } from "@advocacy-kit/core/connector/FactSource"
import * as HubSpot from "@advocacy-kit/hubspot"
import * as Shopify from "@advocacy-kit/shopify"
import { Effect, Layer, Redacted } from "effect"
import type { Settings } from "./Installation.ts"
import type { Sandboxes } from "./Sandboxes.ts"

/** Both connectors' sources, Shopify first. */
const sources = Layer.effect(
  FactSources,
  Effect.gen(function* () {
    return [yield* Shopify.ShopifySource.make, yield* HubSpot.HubSpotSource]
  }),
)

const together = <A, E, B, F>(
  shopify: Layer.Layer<A | Shopify.ShopifyClient | Shopify.ShopifyConfig, E>,
  hubspot: Layer.Layer<B | HubSpot.HubSpotSource, F>,
) => sources.pipe(Layer.provideMerge(Layer.merge(shopify, hubspot)))

/** Sandboxes of a simulated brand; `webhookUrl` is where HubSpot's webhooks arrive. */
export const sandboxed = (settings: Settings, sandboxes: Sandboxes, webhookUrl?: string) => {
  const { brand } = settings
  if (brand === null) throw new Error("a real installation has no sandboxes")
  return together(
    Shopify.Shopify.layer({
      shop: brand.shopDomain,
      accessToken: Redacted.make(sandboxes.shopify.token),
      webhookSecrets: [Redacted.make(sandboxes.shopify.secret)],
      baseUrl: sandboxes.shopify.url,
      program: settings.program,
      hostSharePercent: 10,
    }),
    HubSpot.HubSpot.layer({
      accessToken: Redacted.make(sandboxes.hubspot.token),
      portalId: String(brand.portalId),
      program: settings.program,
      currency: "EUR",
      webhookSecrets: [Redacted.make(sandboxes.hubspot.secret)],
      basePath: sandboxes.hubspot.url,
      ...(webhookUrl === undefined ? {} : { webhookUrl }),
    }),
  )
}

/** The real platforms, from `SHOPIFY_…`, `HUBSPOT_…`, `ADVOCACY_PROGRAM` and `ADVOCACY_CURRENCY`. */
export const fromEnvironment = together(Shopify.Shopify.layerConfig, HubSpot.HubSpot.layerConfig)
