/**
 * The Shopify connector's HTTP surface: `POST /shopify/webhooks`.
 */
import * as Shopify from "@advocacy-kit/shopify"
import { Effect, Layer } from "effect"
import * as WebhookRoute from "./WebhookRoute.ts"

export const layer = Layer.unwrap(
  Effect.map(Shopify.ShopifyConfig, (config) =>
    WebhookRoute.layer({
      path: "/shopify/webhooks",
      verify: ({ body, headers }) =>
        Shopify.Webhook.verifyWith(config, { get: (name) => headers[name.toLowerCase()] ?? null }, body).pipe(
          Effect.map((delivery) => [delivery]),
          Effect.mapError(({ reason }) => reason),
        ),
    }),
  ),
)
