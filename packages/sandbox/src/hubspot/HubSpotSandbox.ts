/**
 * A local HubSpot: one portal on a loopback port, filled from a world.
 *
 * `serve` promises that a client's change is on disk before it is answered, and that a new start on the same
 * directory continues where the last one ended, however it ended. It serves one portal to one app with one
 * token, and it speaks plain HTTP on 127.0.0.1 only.
 */
import * as Http from "node:http"
import { Data, Effect } from "effect"
import * as Control from "./Control.ts"
import { Faults } from "./Faults.ts"
import * as HubSpotApi from "./HubSpotApi.ts"
import { HubSpotState } from "./HubSpotState.ts"
import { enterprise, RateLimit } from "./RateLimit.ts"
import * as AutomationControl from "./workflow/AutomationControl.ts"
import { WorkflowFaults } from "./workflow/WorkflowFaults.ts"
import type { AddressInfo } from "node:net"
import type { Scope } from "effect"
import type { PortalWorld } from "./HubSpotState.ts"
import type { Limits } from "./RateLimit.ts"

export interface Options {
  readonly world: PortalWorld
  /** Holds `hubspot.ndjson`; made if it does not exist. */
  readonly directory: string
  /** 0: any free port. */
  readonly port: number
  /** What `Authorization: Bearer` must carry. */
  readonly token: string
  /** The app's client secret: signs webhooks and the requests to its workflow actions. */
  readonly secret: string
  /** What `hapikey` must be at the definitions of workflow actions; `sandbox-developer-key` by default. */
  readonly developerApiKey?: string
  /** An Enterprise account's by default. */
  readonly limits?: Limits
}

export interface Serving {
  readonly port: number
  readonly url: string
}

export class HubSpotSandboxError extends Data.TaggedError("HubSpotSandboxError")<{
  readonly reason: "state" | "port"
  readonly message: string
}> {}

const maximumBodyBytes = 10 * 1024 * 1024

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const read = (request: Http.IncomingMessage): Promise<string | null> =>
  new Promise((resolve, reject) => {
    const chunks: Array<Buffer> = []
    let bytes = 0
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= maximumBodyBytes) chunks.push(chunk)
    })
    request.on("end", () => resolve(bytes > maximumBodyBytes ? null : Buffer.concat(chunks).toString("utf8")))
    request.on("error", reject)
  })

const handler = (api: HubSpotApi.HubSpotApi, control: Control.Control) => {
  const respond = async (request: Http.IncomingMessage, response: Http.ServerResponse): Promise<void> => {
    const body = await read(request)
    const method = request.method ?? "GET"
    const url = new URL(`http://127.0.0.1${request.url ?? "/"}`)
    if (body === null) {
      response.writeHead(413, { "Content-Type": "application/json" })
      response.end(JSON.stringify({ status: "error", message: `A body may have at most ${maximumBodyBytes} bytes` }))
    } else if (url.pathname.startsWith("/__sandbox/")) {
      const answer = await control.answer(method, url, body)
      response.writeHead(answer.status, { "Content-Type": "application/json" })
      response.end(JSON.stringify(answer.body))
    } else {
      const answer = api.answer({ method, url, body, authorization: request.headers.authorization })
      if (answer.drop) {
        request.socket.destroy()
        return
      }
      response.writeHead(answer.status, answer.headers)
      response.end(answer.body)
    }
  }
  return (request: Http.IncomingMessage, response: Http.ServerResponse): void => {
    respond(request, response).catch((cause: unknown) => {
      // Only a broken connection or a full disk leads here; neither can be answered properly.
      if (!response.headersSent) response.writeHead(500, { "Content-Type": "application/json" })
      response.end(JSON.stringify({ status: "error", message: `The sandbox failed: ${messageOf(cause)}` }))
    })
  }
}

const openState = ({ world, directory }: Options) =>
  Effect.try({
    try: () => new HubSpotState(world, directory),
    catch: (cause) => new HubSpotSandboxError({ reason: "state", message: messageOf(cause) }),
  })

const listen = (server: Http.Server, port: number) =>
  Effect.callback<number, HubSpotSandboxError>((resume) => {
    server.once("error", (cause) =>
      resume(Effect.fail(new HubSpotSandboxError({ reason: "port", message: `Port ${port}: ${cause.message}` }))),
    )
    server.listen(port, "127.0.0.1", () => resume(Effect.succeed((server.address() as AddressInfo).port)))
  })

const close = (server: Http.Server) =>
  Effect.callback<void>((resume) => {
    server.close(() => resume(Effect.void))
    server.closeAllConnections()
  })

/** Runs until the scope closes. */
export const serve: (options: Options) => Effect.Effect<Serving, HubSpotSandboxError, Scope.Scope> = Effect.fnUntraced(
  function* (options: Options) {
    const state = yield* Effect.acquireRelease(openState(options), (opened) => Effect.sync(() => opened.close()))
    const limit = new RateLimit(options.limits ?? enterprise, Date.now)
    const faults = new Faults()
    const developerApiKey = options.developerApiKey ?? "sandbox-developer-key"
    const api = HubSpotApi.make({ state, token: options.token, developerApiKey, limit, faults })
    const abort = yield* Effect.acquireRelease(
      Effect.sync(() => new AbortController()),
      (controller) => Effect.sync(() => controller.abort()),
    )
    const { signal } = abort
    const workflowFaults = new WorkflowFaults()
    const actions = { state, faults: workflowFaults, secret: options.secret, signal, realNow: Date.now }
    const automation = AutomationControl.make(actions)
    const control = Control.make({ state, limit, faults, secret: options.secret, signal, automation })
    const server = yield* Effect.acquireRelease(
      Effect.sync(() => Http.createServer({ keepAliveTimeout: 30_000 }, handler(api, control))),
      close,
    )
    const port = yield* listen(server, options.port)
    return { port, url: `http://127.0.0.1:${port}` }
  },
)
