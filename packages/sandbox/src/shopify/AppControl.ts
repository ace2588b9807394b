/**
 * What a merchant, App Bridge and the app's owner do outside the API, as control endpoints: installing and uninstalling,
 * granting and revoking scopes, handing out session tokens, rotating the client secret. And the shop's clock, which
 * stands still until it is told to go on.
 */

import { compressed, withImplied } from "./AppAccess.ts"
import { done, isInstant, objectOf, textsOf, wrong } from "./ControlAnswer.ts"
import type { ControlAnswer, ControlRoutes } from "./ControlAnswer.ts"
import type { Surface } from "./HttpSurface.ts"
import * as SessionToken from "./SessionToken.ts"
import type { ShopState } from "./ShopState.ts"

const report = ({ access, now }: ShopState) => ({
  clientId: access.configuration.clientId,
  installed: access.installed,
  installedAt: access.installedAt,
  uninstalledAt: access.uninstalledAt,
  scopes: access.granted,
  optionalScopes: access.configuration.optionalScopes,
  secrets: access.secretsAt(now).length,
  tokens: [...access.tokens.values()].map(({ expiresAt, issuedAt, kind }) => ({
    kind,
    issuedAt,
    expiresAt,
    expired: expiresAt !== null && expiresAt <= now,
  })),
  refreshTokens: [...access.refreshTokens.values()].map(({ expiresAt, firstUsedAt }) => ({ expiresAt, firstUsedAt })),
})

const install = ({ execution: { state }, log }: Surface, body: unknown): ControlAnswer => {
  const scopes = textsOf(body, "scopes")
  if (scopes === undefined) return wrong(`"scopes" must be a list of scopes`)
  const { access, now } = state
  if (access.installed) return wrong("The app is installed already", 409)
  log.commit({
    type: "app.installed",
    scopes: compressed(scopes.length > 0 ? scopes : access.configuration.scopes),
    at: now,
  })
  return done(report(state))
}

const uninstall = ({ execution: { state }, log }: Surface): ControlAnswer => {
  if (!state.access.installed) return wrong("The app is not installed", 409)
  log.commit({ type: "app.uninstalled", at: state.now })
  return done(report(state))
}

const changeScopes = ({ execution: { state }, log }: Surface, body: unknown): ControlAnswer => {
  const grant = textsOf(body, "grant")
  const revoke = textsOf(body, "revoke")
  if (grant === undefined || revoke === undefined) return wrong(`"grant" and "revoke" must be lists of scopes`)
  const { access, now } = state
  if (!access.installed) return wrong("The app is not installed", 409)
  const undeclared = grant.filter(
    (scope) => !withImplied([...access.configuration.scopes, ...access.configuration.optionalScopes]).has(scope),
  )
  if (undeclared.length > 0) return wrong(`The app does not declare ${undeclared.join(", ")}`)
  const granted = compressed([...access.granted, ...grant]).filter((scope) => !revoke.includes(scope))
  log.commit({ type: "app.scopes", granted, at: now })
  return done(report(state))
}

const sessionToken = ({ appClock, execution: { state } }: Surface, body: unknown): ControlAnswer => {
  const { lifetimeSeconds = SessionToken.defaultLifetimeSeconds, secret, userId = "1" } = objectOf(body)
  if (typeof lifetimeSeconds !== "number" || typeof userId !== "string")
    return wrong(`"lifetimeSeconds" must be a number and "userId" a text`)
  const { access, brand, now } = state
  return done({
    sessionToken: SessionToken.mint({
      shopDomain: brand.shopDomain,
      clientId: access.configuration.clientId,
      secret: typeof secret === "string" ? secret : (access.secretsAt(now)[0] ?? ""),
      userId,
      nowMillis: appClock(),
      lifetimeSeconds,
    }),
  })
}

const rotateSecret = ({ execution: { state }, log }: Surface, body: unknown): ControlAnswer => {
  const { secret } = objectOf(body)
  if (typeof secret !== "string" || secret === "") return wrong(`"secret" must be the new client secret`)
  log.commit({ type: "app.secretRotated", secret, at: state.now })
  return done(report(state))
}

const units: Readonly<Record<string, number>> = { days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1000 }

/** The instant that the body asks for, or the words of what is wrong. */
const wantedInstant = (body: unknown, now: string): { readonly to: string } | string => {
  const { set, ...advance } = objectOf(body)
  if (set !== undefined) {
    if (!isInstant(set)) return `"set" must be an ISO 8601 instant`
    const to = new Date(set).toISOString()
    return to < now ? `The clock goes only forward; it is ${now}` : { to }
  }
  let millis = 0
  for (const [name, value] of Object.entries(advance)) {
    const unit = units[name]
    if (unit === undefined) return `"${name}" is no unit; use ${Object.keys(units).join(", ")}, or "set"`
    if (typeof value !== "number" || !(value >= 0)) return `"${name}" must be a number that is not negative`
    millis += value * unit
  }
  return { to: new Date(Date.parse(now) + Math.round(millis)).toISOString() }
}

const moveClock = async ({ execution: { state }, queue }: Surface, body: unknown): Promise<ControlAnswer> => {
  const wanted = wantedInstant(body, state.now)
  if (typeof wanted === "string") return wrong(wanted)
  await queue.advance(wanted.to)
  return done({ now: state.now })
}

export const routes: ControlRoutes = {
  "GET app": ({ execution: { state } }) => done(report(state)),
  "POST install": install,
  "POST uninstall": uninstall,
  "POST scopes": changeScopes,
  "POST session-token": sessionToken,
  "POST secret": rotateSecret,
  "GET clock": ({ execution: { state } }) => done({ now: state.now }),
  "POST clock": moveClock,
}
