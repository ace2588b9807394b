/**
 * One webhook address: read the raw body, verify it, keep it, answer.
 *
 * Promises: 200 is sent only after the messages are committed; every refusal has its status from `ErrorStatus`; a body above
 * the limit is refused unread. Nothing is processed here: the inbox is worked through elsewhere.
 */
import { Inbox, type Delivery } from "@advocacy-kit/core/connector/Inbox"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { ByteSize, Effect, type Layer } from "effect"
import { HttpIncomingMessage, HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import * as ErrorStatus from "./ErrorStatus.ts"

/** A request as the connectors verify it. */
export interface RawRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
}

export interface WebhookRouteOptions {
  readonly path: `/${string}`
  readonly verify: (request: RawRequest) => Effect.Effect<ReadonlyArray<Delivery>, ErrorStatus.Refused>
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
        const request = yield* HttpServerRequest.HttpServerRequest
        const body = yield* request.arrayBuffer.pipe(
          Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(options.bodyBytesMax ?? 1_048_576)),
          Effect.mapError(() => ErrorStatus.refused(ErrorStatus.own, { _tag: "BodyUnreadable" })),
        )
        const deliveries = yield* options.verify({
          method: request.method,
          headers: request.headers,
          body: new Uint8Array(body),
        })
        yield* inbox.accept(deliveries).pipe(Effect.mapError((error) => ErrorStatus.refused(ErrorStatus.own, error)))
        return HttpServerResponse.empty({ status: 200 })
      }).pipe(
        Effect.catch((refusal) => Effect.succeed(ErrorStatus.respond(refusal))),
        Effect.provideService(CurrentTenant, tenant),
      )
      yield* router.add("POST", options.path, answer)
    }),
  )
