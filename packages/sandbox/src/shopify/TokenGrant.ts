/**
 * What `POST /admin/oauth/access_token` answers: the authorization code, the exchange of a session token, the migration
 * of a permanent token, the refresh, and client credentials. A decision on the app's access and the request; issuing is
 * the event beside the answer. Times of expiry are the shop's. Client assertions are not implemented and refused as such.
 */

import type { AccessEvent, StoredRefreshToken, StoredToken, TokenKind } from "./AccessEvent.ts"
import { compressed } from "./AppAccess.ts"
import type { AppAccess } from "./AppAccess.ts"
import * as SessionToken from "./SessionToken.ts"

export interface GrantContext {
  readonly access: AppAccess
  readonly shopDomain: string
  /** The shop's present instant. */
  readonly now: string
  /** The app's present instant, for session tokens. */
  readonly appNowMillis: number
  /** A fresh secret with that beginning. */
  readonly fresh: (prefix: string) => string
}

export type TokenRequest = Readonly<Record<string, unknown>>

export interface Granted {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly events: ReadonlyArray<AccessEvent>
}

export const expiringSeconds = 3_600
export const refreshSeconds = 90 * 86_400
/** One second less than a day, as such answers say. */
export const daySeconds = 86_399
const migrationRecoveryMillis = 7 * 86_400_000

const offlineType = "urn:shopify:params:oauth:token-type:offline-access-token"
const onlineType = "urn:shopify:params:oauth:token-type:online-access-token"
const idType = "urn:ietf:params:oauth:token-type:id_token"
const exchange = "urn:ietf:params:oauth:grant-type:token-exchange"

const refused = (error: string, description: string, status = 400): Granted => ({
  status,
  body: { error, error_description: description },
  events: [],
})

const after = (now: string, seconds: number): string => new Date(Date.parse(now) + seconds * 1000).toISOString()

const secondsUntil = (now: string, instant: string): number =>
  Math.max(0, Math.floor((Date.parse(instant) - Date.parse(now)) / 1000))

const textOf = (request: TokenRequest, name: string): string => {
  const value = request[name]
  return typeof value === "string" ? value : ""
}

const wantsExpiry = (request: TokenRequest): boolean =>
  [1, "1", true, "true"].some((value) => request["expiring"] === value)

const newToken = (context: GrantContext, kind: TokenKind): StoredToken => {
  const seconds = { permanent: null, expiring: expiringSeconds, online: daySeconds, "client-credentials": daySeconds }[
    kind
  ]
  return {
    token: context.fresh(kind === "online" ? "shpua_" : "shpat_"),
    kind,
    issuedAt: context.now,
    expiresAt: seconds === null ? null : after(context.now, seconds),
  }
}

const scopeText = (access: AppAccess): string => compressed(access.granted).join(",")

const answer = (context: GrantContext, token: StoredToken, refresh: StoredRefreshToken | null) => ({
  access_token: token.token,
  scope: scopeText(context.access),
  ...(token.expiresAt === null ? {} : { expires_in: secondsUntil(context.now, token.expiresAt) }),
  ...(refresh === null
    ? {}
    : { refresh_token: refresh.token, refresh_token_expires_in: secondsUntil(context.now, refresh.expiresAt) }),
})

const issued = (token: StoredToken, body: Granted["body"]): Granted => ({
  status: 200,
  body,
  events: [{ type: "oauth.issued", token, refresh: null, used: null, revokes: [], migration: null }],
})

const newRefreshToken = (context: GrantContext, replaces: string | null): StoredRefreshToken => ({
  token: context.fresh("shprt_"),
  expiresAt: after(context.now, refreshSeconds),
  replaces,
  firstUsedAt: null,
})

/** A permanent token is issued once: asking again answers the same. */
const offline = (context: GrantContext, request: TokenRequest): Granted => {
  const { access } = context
  if (wantsExpiry(request)) {
    const token = newToken(context, "expiring")
    const refresh = newRefreshToken(context, null)
    return {
      status: 200,
      body: answer(context, token, refresh),
      events: [{ type: "oauth.issued", token, refresh, used: null, revokes: [], migration: null }],
    }
  }
  const known = [...access.tokens.values()].find((one) => one.kind === "permanent")
  if (known !== undefined) return { status: 200, body: answer(context, known, null), events: [] }
  const token = newToken(context, "permanent")
  return issued(token, answer(context, token, null))
}

const online = (context: GrantContext, userId: string): Granted => {
  const token = newToken(context, "online")
  return issued(token, {
    ...answer(context, token, null),
    associated_user_scope: scopeText(context.access),
    session: context.fresh(""),
    associated_user: {
      id: Number(userId),
      first_name: "Sam",
      last_name: "Staff",
      email: `staff@${context.shopDomain}`,
      email_verified: true,
      account_owner: true,
      locale: "en",
      collaborator: false,
    },
  })
}

const byCode = (context: GrantContext, request: TokenRequest): Granted => {
  const { access, now } = context
  const code = access.codes.get(textOf(request, "code"))
  if (code === undefined || code.expiresAt <= now)
    return refused("invalid_request", "The authorization code was not found or was already used")
  const answered = code.online ? online(context, "1") : offline(context, request)
  return { ...answered, events: [{ type: "oauth.codeUsed", code: code.code }, ...answered.events] }
}

const bySessionToken = (context: GrantContext, request: TokenRequest): Granted => {
  const { access, appNowMillis: nowMillis, now, shopDomain } = context
  const subject = textOf(request, "subject_token")
  if (subject === "") return refused("missing_subject_token", "A subject_token is required to exchange tokens")
  const { clientId } = access.configuration
  const read = SessionToken.verify(subject, { shopDomain, clientId, secrets: access.secretsAt(now), nowMillis })
  if (typeof read === "string") return refused("invalid_subject_token", `The session token is not valid: ${read}`)
  const wanted = textOf(request, "requested_token_type")
  if (wanted === onlineType) return online(context, read.userId)
  if (wanted === offlineType || wanted === "") return offline(context, request)
  return refused("invalid_request", `The requested_token_type "${wanted}" is not known`)
}

/** For seven days the same permanent token answers the same pair again, unless that was refreshed or replaced. */
const byPermanentToken = (context: GrantContext, request: TokenRequest): Granted => {
  const { access, now } = context
  const from = textOf(request, "subject_token")
  const done = access.migrations.get(from)
  if (done !== undefined && Date.parse(now) < Date.parse(done.at) + migrationRecoveryMillis) {
    const refresh = access.refreshTokens.get(done.refresh) ?? null
    const token = access.tokens.get(done.access)
    if (token !== undefined) {
      const expiresAt = after(now, expiringSeconds)
      const extended = { ...token, expiresAt }
      return {
        status: 200,
        body: answer(context, extended, refresh),
        events: [{ type: "oauth.extended", token: token.token, expiresAt }],
      }
    }
  }
  if (access.tokenAt(from, now)?.kind !== "permanent")
    return refused("invalid_subject_token", "The subject token is not a non-expiring offline token of this app")
  if (!wantsExpiry(request)) return refused("invalid_request", "A migration needs expiring=1")
  const token = newToken(context, "expiring")
  const refresh = newRefreshToken(context, null)
  const migration = { from, at: now, access: token.token, refresh: refresh.token }
  return {
    status: 200,
    body: answer(context, token, refresh),
    events: [{ type: "oauth.issued", token, refresh, used: null, revokes: [from], migration }],
  }
}

const byRefreshToken = (context: GrantContext, request: TokenRequest): Granted => {
  const { access, now } = context
  const used = access.refreshTokenAt(textOf(request, "refresh_token"), now)
  if (used === undefined) return refused("invalid_grant", "The refresh token has expired, was revoked or is not known")
  const token = newToken(context, "expiring")
  const refresh = newRefreshToken(context, used.token)
  return {
    status: 200,
    body: answer(context, token, refresh),
    events: [
      { type: "oauth.issued", token, refresh, used: { token: used.token, at: now }, revokes: [], migration: null },
    ],
  }
}

const byClientCredentials = (context: GrantContext): Granted => {
  const token = newToken(context, "client-credentials")
  return issued(token, answer(context, token, null))
}

export const decide = (context: GrantContext, request: TokenRequest): Granted => {
  const { access, now } = context
  if (request["client_assertion"] !== undefined)
    return refused("EMULATOR_NOT_IMPLEMENTED", "Client assertions are not implemented by the Shopify sandbox")
  if (textOf(request, "client_id") !== access.configuration.clientId)
    return refused("application_cannot_be_found", "There is no application with this client_id")
  if (!access.secretsAt(now).includes(textOf(request, "client_secret")))
    return refused("invalid_client", "The client_secret is not this application's")
  if (!access.installed) return refused("app_not_installed", "The application is not installed on this shop")
  const grant = request["grant_type"]
  switch (grant) {
    case undefined:
    case "authorization_code":
      return byCode(context, request)
    case "refresh_token":
      return byRefreshToken(context, request)
    case "client_credentials":
      return byClientCredentials(context)
    case exchange:
      return textOf(request, "subject_token_type") === offlineType
        ? byPermanentToken(context, request)
        : textOf(request, "subject_token_type") === idType
          ? bySessionToken(context, request)
          : refused("invalid_request", "The subject_token_type is neither an id_token nor an offline token")
    default:
      return refused("unsupported_grant_type", `The grant type "${String(grant)}" is not supported`)
  }
}
