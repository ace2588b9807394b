/**
 * One address of the server, with the services that are there when it is added.
 *
 * Promises: a refusal is answered with its status, and quotes nothing of the request.
 */
import { Effect } from "effect"
import { HttpRouter, type HttpServerRequest, type HttpServerResponse } from "effect/http"
import * as ErrorStatus from "./ErrorStatus.ts"

/** What a request is answered with. */
export type Answer<Needs> = Effect.Effect<
  HttpServerResponse.HttpServerResponse,
  ErrorStatus.Refused,
  Needs | HttpServerRequest.HttpServerRequest
>

/** Requires what the answer needs. */
export const layer = <Needs>(method: "GET" | "POST", path: `/${string}`, answer: Answer<Needs>) =>
  HttpRouter.use((router) =>
    Effect.gen(function* () {
      const context = yield* Effect.context<Needs>()
      yield* router.add(
        method,
        path,
        answer.pipe(
          Effect.catch((refusal) => Effect.succeed(ErrorStatus.respond(refusal))),
          Effect.provideContext(context),
        ),
      )
    }),
  )
