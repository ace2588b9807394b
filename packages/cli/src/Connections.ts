/**
 * The platforms as services of the flow: sandboxes, or those of the real ones that an installation has, from the environment.
 */
import { FactSources } from "@advocacy-kit/core/connector/FactSource"
import { Fulfiller } from "@advocacy-kit/core/connector/Fulfiller"
import { WriteBack } from "@advocacy-kit/core/connector/WriteBack"
import * as HubSpot from "@advocacy-kit/hubspot"
import { Connector } from "@advocacy-kit/server"
import * as HubSpotConnector from "@advocacy-kit/server/hubspot"
import * as ShopifyConnector from "@advocacy-kit/server/shopify"
import * as Shopify from "@advocacy-kit/shopify"
import { Context, Effect, Layer, Redacted } from "effect"
import type { Settings } from "./Installation.ts"
import type { Sandboxes } from "./Sandboxes.ts"

/** What the flow needs of platforms. */
export type Ports = FactSources | Fulfiller | WriteBack

/** Both connectors' sources, Shopify first. */
const sources = Layer.effect(
  FactSources,
  Effect.gen(function* () {
    return [yield* Shopify.ShopifySource.make, yield* HubSpot.HubSpotSource]
  }),
)

const together = <A, E, B, F>(
  shopify: Layer.Layer<A | Shopify.ShopifyClient | Shopify.ShopifyConfig | Shopify.AccessTokens, E>,
  hubspot: Layer.Layer<B | HubSpot.HubSpotSource, F>,
) => sources.pipe(Layer.provideMerge(Layer.merge(shopify, hubspot)))

/** Where HubSpot calls us; its signatures cover the addresses. */
export interface PublicAddresses {
  readonly webhookUrl?: string
  readonly actionsUrl?: string
}

/** Sandboxes of a simulated brand. */
export const sandboxed = (settings: Settings, sandboxes: Sandboxes, addresses: PublicAddresses = {}) => {
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
      link: (code) => `${settings.shareUrl}${code}`,
      ...addresses,
    }),
  )
}

/** The routes of both, over what `sandboxed` built. */
export const routesOf = (
  context: Context.Context<Shopify.ShopifyConfig | HubSpot.HubSpotWebhooks | HubSpot.HubSpotActions | WriteBack>,
): Connector.Routes =>
  Layer.merge(ShopifyConnector.routes, HubSpotConnector.routes).pipe(Layer.provide(Layer.succeedContext(context)))

/** Works off what HubSpot's workflows wait for. */
export const workOffOf = (
  context: Context.Context<HubSpot.HubSpotActions | WriteBack>,
): NonNullable<Connector.Connected["workOff"]> => HubSpot.ActionWork.workOff().pipe(Effect.provideContext(context))

const shopify = Effect.gen(function* () {
  const context = yield* Layer.build(Shopify.Shopify.layerConfig)
  return {
    source: yield* Shopify.ShopifySource.make.pipe(Effect.provideContext(context)),
    fulfiller: Context.get(context, Fulfiller),
    routes: ShopifyConnector.routes.pipe(Layer.provide(Layer.succeedContext(context))),
  } satisfies Connector.Connected
})

const hubspot = Effect.fnUntraced(function* ({ shareUrl }: Settings) {
  const context = yield* Layer.build(HubSpot.HubSpot.layerConfigWith({ link: (code) => `${shareUrl}${code}` }))
  return {
    source: Context.get(context, HubSpot.HubSpotSource),
    writeBack: Context.get(context, WriteBack),
    workOff: workOffOf(context),
    routes: HubSpotConnector.routes.pipe(Layer.provide(Layer.succeedContext(context))),
  } satisfies Connector.Connected
})

/**
 * The real platforms of an installation, from `SHOPIFY_…`, `HUBSPOT_…`, `ADVOCACY_PROGRAM` and `ADVOCACY_CURRENCY`. Nothing
 * is read of one that it does not have.
 */
export const fromEnvironment = Effect.fn("Connections.fromEnvironment")(function* (settings: Settings) {
  const named = settings.platforms ?? ["shopify", "hubspot"]
  const connected: ReadonlyArray<Connector.Connected> = [
    ...(named.includes("shopify") ? [yield* shopify] : []),
    ...(named.includes("hubspot") ? [yield* hubspot(settings)] : []),
  ]
  const first = <A>(of: (one: Connector.Connected) => A | undefined, none: A): A =>
    connected.map(of).find((port) => port !== undefined) ?? none
  const ports: Context.Context<Ports> = Context.make(
    FactSources,
    connected.map(({ source }) => source),
  ).pipe(
    Context.add(
      Fulfiller,
      first(({ fulfiller }) => fulfiller, Connector.noFulfiller),
    ),
    Context.add(
      WriteBack,
      first(({ writeBack }) => writeBack, Connector.noWriteBack),
    ),
  )
  const routes = connected.map((one) => one.routes).reduce((all, more) => Layer.merge(all, more), none)
  const workOff = Effect.map(
    Effect.forEach(connected, (one) => one.workOff ?? Effect.succeed(0)),
    (counts) => counts.reduce((sum, count) => sum + count, 0),
  )
  return { ports, routes, workOff }
})

const none: Connector.Routes = Layer.empty
