/**
 * Installs the app in its shop: asks for tokens and stores them.
 *
 * Promises: asking and storing are one turn, so of two that install at once the later grant is the one that stays. A session
 * token is exchanged only where what is stored does not do: no tokens, expired ones, or fewer scopes than are wanted.
 */
import * as Installation from "@advocacy-kit/core/connector/Installation"
import { Installations, type InstallationsError } from "@advocacy-kit/core/connector/Installations"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Clock, Effect, type Redacted } from "effect"
import { isUsable, keyOf } from "./AccessTokens.ts"
import { type GrantError, OAuth } from "./OAuth.ts"
import type { PlainAnswer, PlainRequest } from "./OAuthLibrary.ts"
import { type Settings, ShopifyConfig } from "./ShopifyConfig.ts"
import type { ShopifyError } from "./ShopifyError.ts"

type Needs = OAuth | ShopifyConfig | Installations | CurrentTenant
type Stored = Installation.Installation | null

/** A scope to write is one to read as well. */
export const grants = (scopes: ReadonlyArray<string>, wanted: string): boolean =>
  scopes.includes(wanted) || (wanted.startsWith("read_") && scopes.includes(wanted.replace("read_", "write_")))

const suffices = ({ app }: Settings, now: Stored, at: number): boolean =>
  now !== null &&
  Installation.isActive(now) &&
  isUsable(now.tokens, at) &&
  (app?.scopes ?? []).every((scope) => grants(now.scopes, scope))

const change = <E, R>(next: (now: Stored, settings: Settings) => Effect.Effect<Stored, E, R>) =>
  Effect.gen(function* () {
    const settings = yield* ShopifyConfig
    const installations = yield* Installations
    return yield* installations.change(keyOf(settings), (now) => next(now, settings))
  })

/** The browser comes back from the consent page. */
export const callback = (
  request: PlainRequest,
): Effect.Effect<PlainAnswer["headers"], GrantError | InstallationsError, Needs> =>
  Effect.gen(function* () {
    const oauth = yield* OAuth
    let headers: PlainAnswer["headers"] = []
    yield* change((now, settings) =>
      Effect.map(oauth.callback(request), (answer) => {
        headers = answer.headers
        return Installation.granted(now, keyOf(settings), answer.grant)
      }),
    )
    return headers
  })

/** The app was opened in the shop's admin, which vouches for it with a session token. */
export const exchange = (
  sessionToken: Redacted.Redacted,
): Effect.Effect<Stored, GrantError | InstallationsError, Needs> =>
  Effect.gen(function* () {
    const oauth = yield* OAuth
    yield* oauth.session(sessionToken)
    return yield* change((now, settings) =>
      Effect.gen(function* () {
        if (suffices(settings, now, yield* Clock.currentTimeMillis)) return now
        return Installation.granted(now, keyOf(settings), yield* oauth.exchange(sessionToken))
      }),
    )
  })

/** Takes over an installation from before, by its token that does not expire. */
export const adopt = (
  accessToken: Redacted.Redacted,
): Effect.Effect<Stored, ShopifyError | InstallationsError, Needs> =>
  Effect.gen(function* () {
    const oauth = yield* OAuth
    return yield* change((now, settings) =>
      Effect.map(oauth.migrate(accessToken), (grant) => Installation.granted(now, keyOf(settings), grant)),
    )
  })
