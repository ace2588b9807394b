/**
 * One webhook address: read the raw body, verify it, keep it, answer.
 *
 * Promises: 200 is sent only after the messages are committed; every refusal has its status from `ErrorStatus`; a body above
 * the limit is refused unread. Nothing is processed here: the inbox is worked through elsewhere.
 */
import { Inbox, type Delivery } from "@advocacy-kit/core/connector/Inbox"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, type Layer } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import * as ErrorStatus from "./ErrorStatus.ts"
import * as RawRequest from "./RawRequest.ts"

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
  HttpRouter.use((router) =>
    Effect.gen(function* () {
      const tenant = yield* CurrentTenant
      const inbox = yield* Inbox
      const answer = Effect.gen(function* () {
        const deliveries = yield* options.verify(yield* RawRequest.read(options.bodyBytesMax))
        yield* inbox.accept(deliveries).pipe(Effect.mapError((error) => ErrorStatus.refused(ErrorStatus.own, error)))
        return HttpServerResponse.empty({ status: 200 })
      }).pipe(
        Effect.catch((refusal) => Effect.succeed(ErrorStatus.respond(refusal))),
        Effect.provideService(CurrentTenant, tenant),
      )
      yield* router.add("POST", options.path, answer)
    }),
  )
