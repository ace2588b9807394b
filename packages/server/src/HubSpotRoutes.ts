/**
 * The HubSpot connector's HTTP surface: `POST /hubspot/webhooks`, and the workflow actions.
 */
import * as HubSpot from "@advocacy-kit/hubspot"
import { Effect, Layer } from "effect"
import * as ErrorStatus from "./ErrorStatus.ts"
import * as HubSpotActionRoutes from "./HubSpotActionRoutes.ts"
import * as WebhookRoute from "./WebhookRoute.ts"

/** Another portal's events are a wrong set-up on our side: it may be right after a restart. */
const statuses: ErrorStatus.Table<HubSpot.WebhookRefused["reason"]["_tag"]> = {
  SignatureRefused: 401,
  UnreadableBody: 400,
  OtherPortal: 503,
  NotConfigured: 503,
}

const webhooks = Layer.unwrap(
  Effect.map(HubSpot.HubSpotWebhooks, ({ receive }) =>
    WebhookRoute.layer({
      path: "/hubspot/webhooks",
      verify: (request) =>
        receive(request).pipe(
          Effect.map(({ deliveries }) => deliveries),
          Effect.mapError(({ reason }) => ErrorStatus.refused(statuses, reason)),
        ),
    }),
  ),
)

export const layer = Layer.merge(webhooks, HubSpotActionRoutes.layer)
