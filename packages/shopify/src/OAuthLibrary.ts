/**
 * Shopify's own library for one app: silent, and usable beside other code of the process that uses it too.
 *
 * Promises: nothing is logged. The library keeps how it reads requests and how it fetches in globals of the process: an adapter
 * is loaded only where nobody loaded one, and requests are handed to it in a shape that every adapter reads, so that the order
 * of imports does not matter. Where `baseUrl` names a sandbox, the library's global fetch is directed there, for that shop
 * alone; without it the global fetch stays as it is.
 */
import { ApiVersion, LogSeverity, shopifyApi } from "@shopify/shopify-api"
import { abstractFetch, abstractRuntimeString, setAbstractFetchFunc } from "@shopify/shopify-api/runtime"
import { Effect, Redacted } from "effect"
import type { App, Settings } from "./ShopifyConfig.ts"

export type Library = ReturnType<typeof shopifyApi>

const hasAdapter = (): boolean => {
  try {
    return abstractRuntimeString() !== ""
  } catch {
    return false
  }
}

const loadAdapter = Effect.promise(async () => {
  if (!hasAdapter()) await import("@shopify/shopify-api/adapters/node")
})

/** Shops whose requests go to a sandbox, by origin. */
const sandboxes = new Map<string, string>()
let directing: typeof abstractFetch | undefined

const direct = ({ baseUrl, shop }: Settings): void => {
  if (baseUrl === undefined) return
  sandboxes.set(`https://${shop}`, baseUrl)
  if (abstractFetch === directing) return
  const before = abstractFetch
  directing = (input, init) => {
    const url = String(input)
    const origin = new URL(url).origin
    const sandbox = sandboxes.get(origin)
    return sandbox === undefined ? before(input, init) : before(url.replace(origin, sandbox), init)
  }
  setAbstractFetchFunc(directing)
}

const versions: ReadonlyArray<ApiVersion> = Object.values(ApiVersion)

/** The library as this app, with one of its secrets. */
export const make = (settings: Settings, app: App, secret: Redacted.Redacted): Effect.Effect<Library> =>
  Effect.map(loadAdapter, () => {
    direct(settings)
    const { host, protocol } = new URL(app.url)
    return shopifyApi({
      apiKey: app.clientId,
      apiSecretKey: Redacted.value(secret),
      apiVersion: versions.find((version) => version === settings.apiVersion) ?? ApiVersion.October26,
      hostName: host,
      hostScheme: protocol === "http:" ? "http" : "https",
      isEmbeddedApp: true,
      ...(app.scopes === undefined ? {} : { scopes: [...app.scopes] }),
      userAgentPrefix: "advocacy-kit",
      logger: { level: LogSeverity.Error, log: () => undefined },
      _logDisabledFutureFlags: false,
    })
  })

/** A request as a server received it. */
export interface PlainRequest {
  readonly method: string
  /** Path and query as they were sent. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** What is to be answered, whatever the library answered it with. */
export interface PlainAnswer {
  readonly status: number
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
}

const headersOf = (value: unknown): PlainAnswer["headers"] => (value instanceof Headers ? [...value] : [])

/** A request that the adapters for Node and for `Request` both read, and a response that takes what they write. */
export const exchange = (app: App, request: PlainRequest) => {
  const present = Object.entries(request.headers).flatMap(([name, value]): ReadonlyArray<[string, string]> =>
    value === undefined ? [] : [[name, value]],
  )
  const headers: Record<string, string> = Object.fromEntries(present)
  Object.defineProperty(headers, "entries", { enumerable: false, value: () => present })
  const written: Array<readonly [string, string]> = []
  const response = {
    statusCode: 200,
    statusMessage: "",
    getHeaders: () => ({}),
    setHeader: (name: string, value: string | ReadonlyArray<string>) => {
      for (const one of typeof value === "string" ? [value] : value) written.push([name, one])
    },
    write: () => true,
    end: () => undefined,
  }
  return {
    arguments: {
      rawRequest: { method: request.method, url: new URL(request.url, new URL(app.url).origin).href, headers },
      rawResponse: response,
    },
    /** `answered` is what the library's function came back with. */
    answer: (answered: unknown): PlainAnswer =>
      answered instanceof Response
        ? { status: answered.status, headers: headersOf(answered.headers) }
        : { status: response.statusCode, headers: [...written, ...headersOf(answered)] },
  }
}
