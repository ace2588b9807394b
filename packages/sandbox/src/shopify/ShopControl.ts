/**
 * The control endpoints as typed functions, for the tests of whoever integrates: `ShopControl.at(url)`. Each rejects
 * with the sandbox's own words when it is refused. It works over HTTP, so the sandbox may run in another process.
 */

import type { FaultRequest } from "./Faults.ts"

export interface AppReport {
  readonly clientId: string
  readonly installed: boolean
  readonly installedAt: string
  readonly uninstalledAt: string | null
  readonly scopes: ReadonlyArray<string>
  readonly optionalScopes: ReadonlyArray<string>
  /** 2 while the secret before the newest may still sign. */
  readonly secrets: number
  readonly tokens: ReadonlyArray<{
    readonly kind: "permanent" | "expiring" | "online" | "client-credentials"
    readonly issuedAt: string
    readonly expiresAt: string | null
    readonly expired: boolean
  }>
  readonly refreshTokens: ReadonlyArray<{ readonly expiresAt: string; readonly firstUsedAt: string | null }>
}

export interface Span {
  readonly days?: number
  readonly hours?: number
  readonly minutes?: number
  readonly seconds?: number
}

export interface SessionTokenRequest {
  readonly userId?: string
  readonly lifetimeSeconds?: number
  /** To sign with another than the client secret. */
  readonly secret?: string
}

export interface ShopControl {
  readonly app: () => Promise<AppReport>
  /** The merchant installs the app with these scopes, or those that it declares. */
  readonly install: (scopes?: ReadonlyArray<string>) => Promise<AppReport>
  readonly uninstall: () => Promise<AppReport>
  readonly grantScopes: (scopes: ReadonlyArray<string>) => Promise<AppReport>
  readonly revokeScopes: (scopes: ReadonlyArray<string>) => Promise<AppReport>
  /** What App Bridge would hand to the app's front end. */
  readonly sessionToken: (request?: SessionTokenRequest) => Promise<string>
  /** The old secret goes on signing for an hour of the shop's clock. */
  readonly rotateSecret: (secret: string) => Promise<AppReport>
  /** The shop's present instant. */
  readonly now: () => Promise<string>
  readonly advance: (by: Span) => Promise<string>
  readonly setClock: (to: string) => Promise<string>
  /** Adds to the faults that are pending. */
  readonly faults: (request: FaultRequest) => Promise<void>
}

const calling =
  (url: string) =>
  async <A>(route: string, body?: object): Promise<A> => {
    const address = `${url}/__sandbox/${route}`
    const answer = await (body === undefined
      ? fetch(address)
      : fetch(address, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(body),
        }))
    const read = (await answer.json()) as A & { readonly error?: string }
    if (!answer.ok) throw new Error(`The Shopify sandbox refused "${route}": ${read.error ?? answer.status}`)
    return read
  }

export const at = (url: string): ShopControl => {
  const call = calling(url)
  const clock = async (body?: object): Promise<string> => (await call<{ readonly now: string }>("clock", body)).now
  return {
    app: () => call("app"),
    install: (scopes = []) => call("install", { scopes }),
    uninstall: () => call("uninstall", {}),
    grantScopes: (grant) => call("scopes", { grant }),
    revokeScopes: (revoke) => call("scopes", { revoke }),
    sessionToken: async (request = {}) =>
      (await call<{ readonly sessionToken: string }>("session-token", request)).sessionToken,
    rotateSecret: (secret) => call("secret", { secret }),
    now: () => clock(),
    advance: (by) => clock(by),
    setClock: (set) => clock({ set }),
    faults: async (request) => void (await call("faults", request)),
  }
}
