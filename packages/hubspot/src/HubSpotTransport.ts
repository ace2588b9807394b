/**
 * The wire: one request out through the official client, one answer in.
 *
 * Promises: no retries, no waiting, no interpretation. The official client cannot be aborted, so an interrupted call
 * goes on unseen. Its decorators are process-global: the last `Client` that anybody builds decides them for all, so ours
 * is built once, with none, before it is used; a host's limiter then only slows us down (its retries never see a status).
 */
import { Client } from "@hubspot/api-client"
import { Context, Effect, Layer, Redacted } from "effect"
import { HubSpotConfig } from "./HubSpotConfig.ts"

export interface WireRequest {
  readonly method: "GET" | "POST" | "PATCH"
  readonly path: string
  readonly query: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: unknown
}

export interface WireAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export class HubSpotTransport extends Context.Service<
  HubSpotTransport,
  {
    /** Rejects when no answer arrived. */
    readonly send: (request: WireRequest) => Promise<WireAnswer>
  }
>()("@advocacy-kit/hubspot/HubSpotTransport") {}

/** Sends through a client that somebody else configured. */
export const fromClient = (client: Client): HubSpotTransport["Service"] => ({
  send: async ({ method, path, query, body }) => {
    const response = await client.apiRequest({
      method,
      path,
      ...(query.length === 0 ? {} : { qs: query.map((pair) => [...pair]) }),
      ...(body === undefined ? {} : { body }),
    })
    return {
      status: response.status,
      headers: Object.fromEntries([...response.headers].map(([name, value]) => [name.toLowerCase(), value])),
      body: await response.text(),
    }
  },
})

export const layer: Layer.Layer<HubSpotTransport, never, HubSpotConfig> = Layer.effect(
  HubSpotTransport,
  Effect.gen(function* () {
    const config = yield* HubSpotConfig
    return fromClient(
      config.client ?? new Client({ accessToken: Redacted.value(config.accessToken), basePath: config.basePath }),
    )
  }),
)
