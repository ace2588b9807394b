/**
 * What the library made of an answer with tokens, and what it failed with, in our words.
 *
 * Promises: pure. An answer that lacks a token or an expiry is refused whole: the library takes one without `expires_in` for a
 * token that never expires, and drops a refresh token whose expiry is missing. No error of ours holds what the library's holds:
 * its messages quote session tokens.
 */
import type { Grant, Tokens } from "@advocacy-kit/core/connector/Installation"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import {
  BotActivityDetected,
  CookieNotFound,
  HttpResponseError,
  HttpThrottlingError,
  InvalidHmacError,
  InvalidJwtError,
  InvalidOAuthError,
  InvalidShopError,
  SafeCompareError,
  type Session,
} from "@shopify/shopify-api"
import { Redacted } from "effect"
import {
  BotRefused,
  InstallRefused,
  NotSigned,
  parameterInvalid,
  SessionInvalid,
  StateMissing,
} from "./InstallRefused.ts"
import { GrantIncomplete, GrantRefused, type Reason, ServerFault, Throttled, Unreachable } from "./ShopifyError.ts"

/** What must be in the answer. Client credentials come without a refresh token. */
export type Kind = "refreshable" | "accessOnly"

const tokensOf = (session: Session, kind: Kind): Tokens | GrantIncomplete => {
  const { accessToken, expires, refreshToken, refreshTokenExpires } = session
  if (!accessToken) return new GrantIncomplete({ missing: "the access token" })
  if (!expires || !Number.isFinite(expires.getTime())) return new GrantIncomplete({ missing: "expires_in" })
  const access = { access: Redacted.make(accessToken), accessExpiresAt: expires.getTime() }
  if (kind === "accessOnly") return { ...access, refresh: null, refreshExpiresAt: null }
  if (!refreshToken || !refreshTokenExpires || !Number.isFinite(refreshTokenExpires.getTime()))
    return new GrantIncomplete({ missing: "the refresh token or refresh_token_expires_in" })
  return { ...access, refresh: Redacted.make(refreshToken), refreshExpiresAt: refreshTokenExpires.getTime() }
}

/** What was granted, asked for at `at`. */
export const grantOf = (session: Session, kind: Kind, at: Instant): Grant | GrantIncomplete => {
  const tokens = tokensOf(session, kind)
  if (tokens instanceof GrantIncomplete) return tokens
  return { at, scopes: (session.scope ?? "").split(","), tokens }
}

const codeOf = (body: unknown): string => {
  const code = typeof body === "object" && body !== null && "error" in body ? body.error : undefined
  return typeof code === "string" && /^[a-z_]{1,60}$/.test(code) ? code : "no reason given"
}

/** What the exchange with Shopify failed with. */
export const reasonOf = (error: unknown): Reason | undefined => {
  if (error instanceof HttpThrottlingError)
    return new Throttled({ waitMillis: Math.ceil((error.response.retryAfter ?? 1) * 1000) })
  if (error instanceof HttpResponseError) {
    const { body, code } = error.response
    return code >= 500
      ? new ServerFault({ status: code, detail: "" })
      : new GrantRefused({ status: code, code: codeOf(body) })
  }
  // The library reads every answer as JSON before it looks at the status.
  if (error instanceof SyntaxError) return new ServerFault({ status: 0, detail: "the answer is not JSON" })
  if (error instanceof TypeError) return new Unreachable({ cause: error })
  return undefined
}

/** Why the library did not take what somebody brought. */
export const refusalOf = (error: unknown): InstallRefused | undefined => {
  if (error instanceof CookieNotFound) return new InstallRefused({ reason: new StateMissing() })
  if (error instanceof BotActivityDetected) return new InstallRefused({ reason: new BotRefused() })
  if (error instanceof InvalidShopError) return parameterInvalid("shop", "is not a shop's domain")
  if (error instanceof InvalidOAuthError || error instanceof InvalidHmacError || error instanceof SafeCompareError)
    return new InstallRefused({ reason: new NotSigned() })
  if (error instanceof InvalidJwtError)
    return new InstallRefused({ reason: new SessionInvalid({ problem: "is not valid" }) })
  return undefined
}
