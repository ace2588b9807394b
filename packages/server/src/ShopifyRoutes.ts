/**
 * The Shopify connector's HTTP surface: `POST /shopify/webhooks`, and the app proxy. Those of an app that merchants install are
 * added by `appLayer`.
 */
import * as Shopify from "@advocacy-kit/shopify"
import { Effect, Layer } from "effect"
import * as ErrorStatus from "./ErrorStatus.ts"
import * as ShopifyAppRoutes from "./ShopifyAppRoutes.ts"
import * as WebhookRoute from "./WebhookRoute.ts"

/** Another shop's delivery is a wrong set-up on our side: it may be right after a restart. */
const statuses: ErrorStatus.Table<Shopify.Webhook.WebhookRefused["reason"]["_tag"]> = {
  HeaderMissing: 400,
  NotSigned: 401,
  OtherShop: 503,
}

const webhooks = Layer.unwrap(
  Effect.map(Shopify.ShopifyConfig, (config) =>
    WebhookRoute.layer({
      path: "/shopify/webhooks",
      verify: ({ body, headers }) =>
        Shopify.Webhook.verifyWith(config, { get: (name) => headers[name.toLowerCase()] ?? null }, body).pipe(
          Effect.map((delivery) => [delivery]),
          Effect.mapError(({ reason }) => ErrorStatus.refused(statuses, reason)),
        ),
    }),
  ),
)

export const layer = Layer.merge(webhooks, ShopifyAppRoutes.proxy)

/** With the routes by which merchants install the app. */
export const appLayer = Layer.mergeAll(layer, ...ShopifyAppRoutes.layers)
