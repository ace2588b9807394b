/**
 * `GET /admin/oauth/authorize`: the merchant consents at once. The app is installed where it was not, the requested
 * scopes are granted, and the browser goes back to the app with a code, the state and a signature over the query.
 * The timestamp is the app's clock, because the app refuses callbacks that are older than 90 seconds.
 */

import { createHmac } from "node:crypto"
import type { AccessEvent } from "./AccessEvent.ts"
import type { AppAccess } from "./AppAccess.ts"
import { compressed, withImplied } from "./AppAccess.ts"
import type { GrantContext } from "./TokenGrant.ts"

/** How long a code can be exchanged. */
export const codeSeconds = 3_600

export type Authorized =
  | { readonly location: string; readonly events: ReadonlyArray<AccessEvent> }
  | { readonly problem: string }

/** The message that real callbacks are signed over: all parameters but `hmac`, sorted, as a query string. */
export const signedQuery = (parameters: Readonly<Record<string, string>>, secret: string): URLSearchParams => {
  const sorted = new URLSearchParams(Object.entries(parameters).sort(([left], [right]) => (left < right ? -1 : 1)))
  const hmac = createHmac("sha256", secret).update(sorted.toString().replaceAll("+", "%20")).digest("hex")
  return new URLSearchParams([["hmac", hmac], ...sorted])
}

export const hostOf = (shopDomain: string): string =>
  Buffer.from(`admin.shopify.com/store/${shopDomain.split(".")[0] ?? ""}`, "utf8")
    .toString("base64")
    .replaceAll("=", "")

const redirectProblem = (redirectUri: string, allowed: ReadonlyArray<string>): string | undefined => {
  if (!URL.canParse(redirectUri)) return "The redirect_uri is not an address"
  if (allowed.length > 0 && !allowed.includes(redirectUri)) return "The redirect_uri is not whitelisted"
  return undefined
}

/** Scopes that no scope index knows are not checked here: an app may ask for those of a newer version. */
const scopesOf = (text: string): ReadonlyArray<string> =>
  text
    .split(",")
    .map((scope) => scope.trim())
    .filter((scope) => scope !== "")

const consent = (access: AppAccess, granted: ReadonlyArray<string>, at: string): ReadonlyArray<AccessEvent> => {
  if (!access.installed) return [{ type: "app.installed", scopes: granted, at }]
  return granted.join() === access.granted.join() ? [] : [{ type: "app.scopes", granted, at }]
}

export const authorize = (context: GrantContext, query: URLSearchParams): Authorized => {
  const { access, now, shopDomain } = context
  const { clientId, optionalScopes, redirectUrls, scopes } = access.configuration
  const [secret] = access.secretsAt(now)
  if (query.get("client_id") !== clientId || secret === undefined)
    return { problem: "Oauth error invalid_request: Could not find Shopify API application with api_key" }
  const redirectUri = query.get("redirect_uri") ?? ""
  const problem = redirectProblem(redirectUri, redirectUrls)
  if (problem !== undefined) return { problem: `Oauth error invalid_request: ${problem}` }
  const asked = scopesOf(query.get("scope") ?? "")
  const optional = scopesOf(query.get("optional_scopes") ?? "")
  const undeclared = optional.filter((scope) => !withImplied(optionalScopes).has(scope))
  if (undeclared.length > 0)
    return { problem: `Oauth error invalid_scope: not among the app's optional scopes: ${undeclared.join(", ")}` }
  const before = access.installed ? access.granted : []
  const granted = compressed([...before, ...(asked.length > 0 ? asked : access.installed ? [] : scopes), ...optional])
  const code = {
    code: context.fresh(""),
    online: query.getAll("grant_options[]").includes("per-user"),
    expiresAt: new Date(Date.parse(now) + codeSeconds * 1000).toISOString(),
  }
  const state = query.get("state")
  const parameters = {
    code: code.code,
    host: hostOf(shopDomain),
    shop: shopDomain,
    ...(state === null ? {} : { state }),
    timestamp: String(Math.floor(context.appNowMillis / 1000)),
  }
  const location = new URL(redirectUri)
  for (const [name, value] of signedQuery(parameters, secret)) location.searchParams.append(name, value)
  return {
    location: location.toString(),
    events: [...consent(access, granted, now), { type: "oauth.code", code }],
  }
}
