/**
 * One webhook address: read the raw body, verify it, keep it, answer.
 *
 * Promises: 200 is sent only after the messages are committed; every refusal has its status from `ErrorStatus`; a body above
 * the limit is refused unread. Nothing is processed here: the inbox is worked through elsewhere.
 */
import { Inbox, type Delivery } from "@advocacy-kit/core/connector/Inbox"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, type Layer } from "effect"
import { type HttpRouter, HttpServerResponse } from "effect/http"
import * as ErrorStatus from "./ErrorStatus.ts"
import * as RawRequest from "./RawRequest.ts"
import * as Route from "./Route.ts"

export interface WebhookRouteOptions {
  readonly path: `/${string}`
  readonly verify: (request: RawRequest.RawRequest) => Effect.Effect<ReadonlyArray<Delivery>, ErrorStatus.Refused>
  /** Largest body that is read. Default 1 MiB. */
  readonly bodyBytesMax?: number
}

/** A route that accepts webhooks into the inbox of the current tenant. */
export const layer = (
  options: WebhookRouteOptions,
): Layer.Layer<never, never, HttpRouter.HttpRouter | Inbox | CurrentTenant> =>
  Route.layer(
    "POST",
    options.path,
    Effect.gen(function* () {
      const deliveries = yield* options.verify(yield* RawRequest.read(options.bodyBytesMax))
      const inbox = yield* Inbox
      yield* inbox.accept(deliveries).pipe(Effect.mapError((error) => ErrorStatus.refused(ErrorStatus.own, error)))
      return HttpServerResponse.empty({ status: 200 })
    }),
  )
