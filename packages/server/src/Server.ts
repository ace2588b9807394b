/**
 * An HTTP server over Node with the routes that it is given, and a health address.
 *
 * `GET /health` answers 200 when the inbox can be read, with how many messages wait; 503 otherwise.
 */
import { NodeHttpServer } from "@effect/platform-node"
import { Inbox } from "@advocacy-kit/core/connector/Inbox"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Layer } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { createServer } from "node:http"
import * as ErrorStatus from "./ErrorStatus.ts"

const health = HttpRouter.use((router) =>
  Effect.gen(function* () {
    const inbox = yield* Inbox
    const tenant = yield* CurrentTenant
    const answer = inbox.counts.pipe(
      Effect.provideService(CurrentTenant, tenant),
      Effect.map((counts) => HttpServerResponse.jsonUnsafe({ status: "ok", inbox: counts })),
      Effect.catch((error) => Effect.succeed(ErrorStatus.respond(ErrorStatus.refused(ErrorStatus.own, error)))),
    )
    yield* router.add("GET", "/health", answer)
  }),
)

export interface ServerOptions {
  /** 0 takes any free port. */
  readonly port: number
  /** Default: this machine only. */
  readonly host?: string
}

/** Serves `routes` until the scope closes. `HttpServer` tells the address. */
export const layer = <E, R>(routes: Layer.Layer<never, E, R>, options: ServerOptions) =>
  HttpRouter.serve(Layer.merge(routes, health), { disableLogger: true, disableListenLog: true }).pipe(
    Layer.provideMerge(NodeHttpServer.layer(createServer, { port: options.port, host: options.host ?? "127.0.0.1" })),
  )
