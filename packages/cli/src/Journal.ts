/**
 * Writes every HTTP exchange between the connectors and a platform to a file, a JSON object per line.
 *
 * Members: `platform, method, url, requestHeaders, requestBody, status, responseHeaders, responseBody`. Headers that carry
 * a credential are left out. It watches the process's own `fetch`, which both vendors' clients use.
 */
import { Effect, type Scope } from "effect"
import * as Failure from "./Failure.ts"
import { closeSync, openSync, writeSync } from "node:fs"

const secretHeaders = new Set(["authorization", "x-shopify-access-token", "cookie", "set-cookie"])

const visible = (headers: Headers): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => !secretHeaders.has(name.toLowerCase())))

/** Which platform an address belongs to; null for everything else. */
export type PlatformOf = (url: string) => string | null

/** Journals matching exchanges into `file` until the scope closes. */
export const record = (file: string, platformOf: PlatformOf): Effect.Effect<void, Failure.Failure, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.gen(function* () {
      const descriptor = yield* Effect.try({
        try: () => openSync(file, "w"),
        catch: () =>
          Failure.usage(`${file} cannot be written`, "name a file in a directory that exists and can be written"),
      })
      const original = globalThis.fetch
      globalThis.fetch = async (input, init) => {
        const request = new Request(input, init)
        const platform = platformOf(request.url)
        if (platform === null) return original(input, init)
        const requestBody = await request.clone().text()
        const response = await original(request)
        const responseBody = await response.clone().text()
        const line = {
          platform,
          method: request.method,
          url: request.url,
          requestHeaders: visible(request.headers),
          requestBody,
          status: response.status,
          responseHeaders: visible(response.headers),
          responseBody,
        }
        writeSync(descriptor, `${JSON.stringify(line)}\n`)
        return response
      }
      return { descriptor, original }
    }),
    ({ descriptor, original }) =>
      Effect.sync(() => {
        globalThis.fetch = original
        closeSync(descriptor)
      }),
  ).pipe(Effect.asVoid)
