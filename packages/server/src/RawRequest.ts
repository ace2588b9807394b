/**
 * A request as the connectors verify it: the raw bytes, before anything is parsed.
 *
 * Promises: a body above the limit is refused unread.
 */
import { ByteSize, Effect } from "effect"
import { HttpIncomingMessage, HttpServerRequest } from "effect/http"
import * as ErrorStatus from "./ErrorStatus.ts"

export interface RawRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
}

/** 1 MiB. */
export const bodyBytesMax = 1_048_576

/** The request at hand. */
export const read = (
  limit: number = bodyBytesMax,
): Effect.Effect<RawRequest, ErrorStatus.Refused, HttpServerRequest.HttpServerRequest> =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const body = yield* request.arrayBuffer.pipe(
      Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(limit)),
      Effect.mapError(() => ErrorStatus.refused(ErrorStatus.own, { _tag: "BodyUnreadable" })),
    )
    return { method: request.method, headers: request.headers, body: new Uint8Array(body) }
  })
