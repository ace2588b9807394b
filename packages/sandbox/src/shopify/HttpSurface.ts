/**
 * The HTTP face of the sandbox: the versioned GraphQL endpoint with its token, bulk results, and the control endpoints
 * under `/__sandbox/`, which need no token because only this computer reaches them.
 */

import { randomUUID } from "node:crypto"
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http"
import * as AdminEndpoint from "./AdminEndpoint.ts"
import * as AdminSchema from "./AdminSchema.ts"
import type { BulkRunner } from "./BulkRunner.ts"
import type { Execution } from "./Execution.ts"
import type { Faults } from "./Faults.ts"
import * as GlobalId from "./GlobalId.ts"
import type { ShopLog } from "./ShopLog.ts"
import type { ShopState } from "./ShopState.ts"
import type { ThrottleBucket } from "./ThrottleBucket.ts"
import * as WebhookDispatcher from "./WebhookDispatcher.ts"

export interface Surface {
  readonly execution: Execution
  readonly startBulk: BulkRunner["start"]
  readonly log: ShopLog
  readonly bucket: ThrottleBucket
  readonly faults: Faults
  readonly accessToken: string
  readonly clientSecret: string
  readonly closing: AbortSignal
}

const maximumBodyBytes = 10_000_000

class BodyProblem extends Error {}

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Array<Buffer> = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maximumBodyBytes) throw new BodyProblem(`The body is larger than ${maximumBodyBytes} bytes`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown
  } catch {
    throw new BodyProblem("The body is not JSON")
  }
}

const json = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "X-Request-Id": randomUUID(),
    ...headers,
  })
  response.end(JSON.stringify(body))
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
  if (request.headers["x-shopify-access-token"] !== surface.accessToken) {
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
    startBulk: (query, groupObjects) => surface.startBulk(version, query, groupObjects),
  }
  const answer = await AdminEndpoint.answer(version, read, execution, surface.bucket, () =>
    surface.faults.takeThrottle(),
  )
  if (answer.isMutation && surface.faults.takeDrop()) return void request.socket.destroy()
  json(response, 200, answer.body, headers)
}

// ------------------------------------------------------------------------------------------------- control

const stateReport = (state: ShopState) => ({
  now: state.now,
  counts: {
    customers: state.customers.size,
    orders: state.orders.size,
    refunds: state.orderOfRefund.size,
    discounts: state.discounts.size,
    codes: state.codesById.size,
    metafields: [...state.metafields.values()].reduce((total, own) => total + own.size, 0),
    storeCreditTransactions: state.storeCredit.transactions.size,
    giftCards: state.giftCards.cards.size,
    flowTriggers: state.flowTriggers.length,
    webhookSubscriptions: state.subscriptions.size,
    bulkOperations: state.bulkOperations.size,
    liveApplied: state.liveApplied.size,
    deliveriesAcknowledged: state.acknowledged.size,
  },
  discountsFromClients: [...state.discounts.values()]
    .filter((discount) => discount.fromClient)
    .map(({ createdAt, id, title }) => ({ id: GlobalId.make("DiscountCodeNode", id), title, createdAt })),
  codesFromClients: [...state.codesById.values()]
    .filter((row) => row.fromClient)
    .map((row) => ({
      code: row.code,
      id: GlobalId.make("DiscountRedeemCode", row.id),
      discountId: GlobalId.make("DiscountCodeNode", row.discountId),
      createdAt: row.createdAt,
    })),
  flowTriggers: state.flowTriggers,
})

const playRequest = (body: unknown): { readonly webhookUrl: string; readonly until: string | undefined } | string => {
  const { until, webhookUrl } = (typeof body === "object" && body !== null ? body : {}) as {
    readonly webhookUrl?: unknown
    readonly until?: unknown
  }
  if (typeof webhookUrl !== "string" || !URL.canParse(webhookUrl))
    return `"webhookUrl" must be the address that takes the webhooks`
  if (until !== undefined && (typeof until !== "string" || Number.isNaN(Date.parse(until))))
    return `"until" must be an ISO 8601 instant`
  return { webhookUrl, until }
}

const control = (surface: Surface) => {
  let isPlaying = false
  const play = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const read = playRequest(await readBody(request))
    if (typeof read === "string") return json(response, 400, { error: read })
    if (isPlaying) return json(response, 409, { error: "The live phase is being played already; wait for that answer" })
    isPlaying = true
    try {
      const { execution, log } = surface
      const options = {
        secret: surface.clientSecret,
        apiVersion: AdminSchema.versions[0],
        concurrency: 8,
        retries: 8,
        timeoutMs: 5_000,
      }
      json(
        response,
        200,
        await WebhookDispatcher.play(read.webhookUrl, read.until, log, execution.state, options, surface.closing),
      )
    } finally {
      isPlaying = false
    }
  }
  return async (route: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    switch (`${request.method} ${route}`) {
      case "GET state":
        return json(response, 200, stateReport(surface.execution.state))
      case "GET usage":
        return json(response, 200, surface.bucket.usage())
      case "POST faults": {
        const problem = surface.faults.request(await readBody(request))
        return problem === undefined
          ? json(response, 200, { pending: surface.faults.pending() })
          : json(response, 400, { error: problem })
      }
      case "POST play":
        return play(request, response)
      default:
        return json(response, 404, {
          error: `No control endpoint ${request.method} ${route}; there are GET state, GET usage, POST faults and POST play`,
        })
    }
  }
}

const bulkResult = (surface: Surface, name: string, response: ServerResponse): void => {
  const content = surface.log.readResult(name)
  if (content === undefined) return json(response, 404, { errors: "Not Found" })
  response.writeHead(200, { "Content-Type": "application/jsonl", "Content-Length": Buffer.byteLength(content) })
  response.end(content)
}

export const requestListener = (surface: Surface): RequestListener => {
  const controlled = control(surface)
  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? "/", "http://127.0.0.1").pathname
    const version = /^\/admin\/api\/([^/]+)\/graphql\.json$/.exec(path)
    if (version !== null && request.method === "POST") return graphql(surface, version[1], request, response)
    const result = /^\/bulk\/(\d+\.jsonl)$/.exec(path)
    if (result?.[1] !== undefined && request.method === "GET") return bulkResult(surface, result[1], response)
    if (path.startsWith("/__sandbox/")) return controlled(path.slice("/__sandbox/".length), request, response)
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
