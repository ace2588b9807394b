/**
 * The HTTP face of the sandbox: the versioned GraphQL endpoint with its tokens, bulk results, the OAuth addresses, and
 * the control endpoints under `/__sandbox/`.
 */

import type { IncomingMessage, RequestListener, ServerResponse } from "node:http"
import * as AdminEndpoint from "./AdminEndpoint.ts"
import * as AdminSchema from "./AdminSchema.ts"
import * as AppProxy from "./AppProxy.ts"
import { isExpired } from "./BulkResolvers.ts"
import type { BulkRunner } from "./BulkRunner.ts"
import * as ControlRoutes from "./ControlRoutes.ts"
import type { Execution } from "./Execution.ts"
import type { Faults } from "./Faults.ts"
import { BodyProblem, json, readBody } from "./HttpExchange.ts"
import * as OAuthRoutes from "./OAuthRoutes.ts"
import type { ShopLog } from "./ShopLog.ts"
import type { ThrottleBucket } from "./ThrottleBucket.ts"
import type { WebhookQueue } from "./WebhookQueue.ts"

export interface Surface {
  readonly execution: Execution
  readonly startBulk: BulkRunner["start"]
  readonly log: ShopLog
  readonly bucket: ThrottleBucket
  readonly faults: Faults
  /** Milliseconds of the clock that the app goes by. */
  readonly appClock: () => number
  /** What has to do with webhooks; `log.commit` passes through it. */
  readonly queue: WebhookQueue
  /** The log itself, for changes whose webhooks go elsewhere. */
  readonly quietLog: ShopLog
  readonly closing: AbortSignal
}

const isVersion = (text: string | undefined): text is AdminSchema.Version =>
  AdminSchema.versions.some((version) => version === text)

// ------------------------------------------------------------------------------------------------- GraphQL

const graphql = async (
  surface: Surface,
  version: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  if (!isVersion(version))
    return json(response, 404, {
      errors: `Not Found; the sandbox has the versions ${AdminSchema.versions.join(" and ")}`,
    })
  const headers = { "X-Shopify-API-Version": version, "X-Shopify-Stage": "production" }
  const { state } = surface.execution
  if (state.access.tokenAt(String(request.headers["x-shopify-access-token"]), state.now) === undefined) {
    request.resume()
    return json(
      response,
      401,
      { errors: "[API] Invalid API key or access token (unrecognized login or wrong password)" },
      headers,
    )
  }
  const fault = surface.faults.takeStatus()
  if (fault !== undefined) {
    request.resume()
    const retryAfter =
      fault.retryAfterSeconds === undefined ? undefined : { "Retry-After": fault.retryAfterSeconds.toFixed(1) }
    return json(response, fault.status, { errors: `Fault ${fault.status} as requested` }, { ...headers, ...retryAfter })
  }
  const read = AdminEndpoint.readRequest(await readBody(request))
  if (typeof read === "string") return json(response, 400, { errors: { query: read } }, headers)
  const execution: Execution = {
    ...surface.execution,
    apiVersion: version,
    scopes: state.access.granted,
    startBulk: (query, groupObjects) => surface.startBulk(version, query, groupObjects),
  }
  const answer = await AdminEndpoint.answer(version, read, execution, surface.bucket, () =>
    surface.faults.take("throttle"),
  )
  if (answer.isMutation && surface.faults.take("commitThenDrop")) return void request.socket.destroy()
  json(response, 200, answer.body, headers)
}

// -------------------------------------------------------------------------------------------------- routes

const bulkResult = (surface: Surface, name: string, response: ServerResponse): void => {
  const { bulkOperations, now } = surface.execution.state
  const operation = bulkOperations.get(/^\d+/.exec(name)?.[0] ?? "")
  const content = operation === undefined || isExpired(operation, now) ? undefined : surface.log.readResult(name)
  if (content === undefined) return json(response, 404, { errors: "Not Found" })
  response.writeHead(200, { "Content-Type": "application/jsonl", "Content-Length": Buffer.byteLength(content) })
  response.end(content)
}

export const requestListener = (surface: Surface): RequestListener => {
  const controlled = ControlRoutes.handler()
  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1")
    const path = url.pathname
    const version = /^\/admin\/api\/([^/]+)\/graphql\.json$/.exec(path)
    if (version !== null && request.method === "POST") return graphql(surface, version[1], request, response)
    const result = /^\/bulk\/(\d+(?:-partial)?\.jsonl)$/.exec(path)
    if (result?.[1] !== undefined && request.method === "GET") return bulkResult(surface, result[1], response)
    if (path.startsWith("/__sandbox/")) return controlled(surface, path.slice("/__sandbox/".length), request, response)
    if (await OAuthRoutes.handle(surface, url, request, response)) return
    if (await AppProxy.handle(surface, url, request, response)) return
    json(response, 404, { errors: "Not Found" })
  }
  return (request, response) => {
    route(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return
      if (error instanceof BodyProblem) return json(response, 400, { errors: error.message })
      process.stderr.write(
        `Shopify sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      )
      json(response, 500, { errors: "Internal Server Error" })
    })
  }
}
