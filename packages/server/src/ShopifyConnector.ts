/**
 * Shopify for the promise API: `connect(options)`.
 */
import { Fulfiller } from "@advocacy-kit/core/connector/Fulfiller"
import * as Shopify from "@advocacy-kit/shopify"
import { Context, Effect, Layer } from "effect"
import { ConnectorInvalid, type Connector } from "./Connector.ts"
import * as ShopifyRoutes from "./ShopifyRoutes.ts"

export { appLayer as appRoutes, layer as routes } from "./ShopifyRoutes.ts"

const invalid = ({ message }: Shopify.ShopifyConfigInvalid) =>
  new ConnectorInvalid({ connector: "shopify", problem: message })

/** Orders, customers and refunds in; reward codes out; webhooks at `/shopify/webhooks`. */
export const connect = (options: Shopify.ShopifyOptions): Connector => ({
  name: "shopify",
  build: Effect.gen(function* () {
    const context = yield* Layer.build(Shopify.Shopify.layer(options)).pipe(Effect.mapError(invalid))
    return {
      source: yield* Shopify.ShopifySource.make.pipe(Effect.provideContext(context)),
      fulfiller: Context.get(context, Fulfiller),
      routes: ShopifyRoutes.layer.pipe(Layer.provide(Layer.succeedContext(context))),
    }
  }),
})

/** The same for an app that merchants install, with the routes to install it; its tokens are in the stores. */
export const connectApp = (options: Shopify.ShopifyAppOptions): Connector => ({
  name: "shopify",
  build: Effect.gen(function* () {
    const context = yield* Layer.build(Shopify.Shopify.layerApp(options)).pipe(Effect.mapError(invalid))
    return {
      source: yield* Shopify.ShopifySource.make.pipe(Effect.provideContext(context)),
      fulfiller: Context.get(context, Fulfiller),
      routes: ShopifyRoutes.appLayer.pipe(Layer.provide(Layer.succeedContext(context))),
    }
  }),
})
