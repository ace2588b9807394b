/**
 * The HubSpot connector's HTTP surface: `POST /hubspot/webhooks`.
 */
import * as HubSpot from "@advocacy-kit/hubspot"
import { Effect, Layer } from "effect"
import * as WebhookRoute from "./WebhookRoute.ts"

export const layer = Layer.unwrap(
  Effect.map(HubSpot.HubSpotWebhooks, (webhooks) =>
    WebhookRoute.layer({
      path: "/hubspot/webhooks",
      verify: (request) =>
        webhooks.receive(request).pipe(
          Effect.map(({ deliveries }) => deliveries),
          Effect.mapError(({ reason }) => reason),
        ),
    }),
  ),
)
