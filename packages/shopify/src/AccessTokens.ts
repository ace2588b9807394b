/**
 * Tokens that open the shop, for every request anew.
 *
 * Promises: of an installed app the token is the stored one while it lasts a minute longer; then one worker asks Shopify for the
 * next, and all others wait for what it stores. An answer that is not complete, or none, leaves the stored pair as it was. A
 * refresh that Shopify refuses for good is told as such, and the pair is kept as expired. Without an installation it fails and
 * asks nobody.
 */
import * as Installation from "@advocacy-kit/core/connector/Installation"
import { Installations, type InstallationsError } from "@advocacy-kit/core/connector/Installations"
import * as Instant from "@advocacy-kit/core/id/Instant"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Clock, Context, Effect, Layer, Redacted } from "effect"
import { OAuth } from "./OAuth.ts"
import { type Settings, ShopifyConfig } from "./ShopifyConfig.ts"
import { InstallationUnavailable, NotInstalled, type Reason, type ShopifyError, Unauthorised } from "./ShopifyError.ts"

/** What became of an installation. */
export type Told = (
  now: Installation.Installation | null,
  key: Installation.InstallationKey,
) => Installation.Installation | null

export class AccessTokens extends Context.Service<
  AccessTokens,
  {
    readonly current: Effect.Effect<Redacted.Redacted, Reason>
    /** Another token in place of one that Shopify does not take any more. */
    readonly insteadOf: (refused: Redacted.Redacted) => Effect.Effect<Redacted.Redacted, Reason>
    /**
     * What the tokens are of, as it stands after what was told of it; null for a custom app, which nobody installs. Asks the
     * platform nothing.
     */
    readonly installation: ((told: Told) => Effect.Effect<Installation.Installation | null, Reason>) | null
  }
>()("@advocacy-kit/shopify/AccessTokens") {
  /** The one token of a custom app. */
  static readonly layerFixed: Layer.Layer<AccessTokens, never, ShopifyConfig> = Layer.effect(
    AccessTokens,
    Effect.map(ShopifyConfig, ({ accessToken }) => ({
      current:
        accessToken === undefined
          ? Effect.die(new Error("an app that is installed has no token of its own: use `layerInstalled`"))
          : Effect.succeed(accessToken),
      insteadOf: () => Effect.fail(new Unauthorised({ status: 401 })),
      installation: null,
    })),
  )
  /** Those of the installation. */
  static readonly layerInstalled: Layer.Layer<
    AccessTokens,
    never,
    ShopifyConfig | OAuth | Installations | CurrentTenant
  > = Layer.effect(
    AccessTokens,
    Effect.suspend(() => makeInstalled),
  )
}

/** A token is not used in its last minute. */
const reserveMillis = 60_000

export const keyOf = ({ shop }: Settings): Installation.InstallationKey => ({ platform: "shopify", account: shop })

export const unavailable = (error: InstallationsError): InstallationUnavailable =>
  new InstallationUnavailable({ detail: error.message, isRetryable: error.isRetryable })

/** Why there is no token. */
export const notInstalled = (shop: string, now: Installation.Installation | null): NotInstalled =>
  new NotInstalled({
    shop,
    removedAt: now === null || now.uninstalledAt === null ? null : Instant.toIso(now.uninstalledAt),
  })

/** Whether the tokens can be used at `at`, for all that is known. */
export const isUsable = (tokens: Installation.Tokens | null, at: number): tokens is Installation.Tokens =>
  tokens !== null && (tokens.accessExpiresAt === null || tokens.accessExpiresAt - reserveMillis > at)

const makeInstalled = Effect.gen(function* () {
  const settings = yield* ShopifyConfig
  const [installations, oauth, tenant] = [yield* Installations, yield* OAuth, yield* CurrentTenant]
  const key = keyOf(settings)
  const byCredentials = settings.app?.grant === "clientCredentials"

  const grantFor = (
    now: Installation.Installation | null,
    at: number,
  ): Effect.Effect<Installation.Installation, Reason> => {
    if (byCredentials)
      return Effect.map(asked(oauth.clientCredentials), (grant) => Installation.granted(now, key, grant))
    if (now === null || now.tokens === null) return Effect.fail(notInstalled(settings.shop, now))
    const { refresh, refreshExpiresAt } = now.tokens
    if (refresh === null || (refreshExpiresAt !== null && refreshExpiresAt <= at))
      return Effect.fail(new Unauthorised({ status: 401 }))
    return Effect.map(asked(oauth.refresh(refresh)), ({ tokens }) => Installation.renewed(now, tokens))
  }

  /** Alone; `refused` is a token that must not be answered. */
  const renew = (refused: Redacted.Redacted | null): Effect.Effect<Redacted.Redacted, Reason> =>
    Effect.gen(function* () {
      let refusal: Reason | undefined
      const stored = yield* installations.change(key, (now) =>
        Effect.gen(function* () {
          const at = yield* Clock.currentTimeMillis
          const tokens = now?.tokens ?? null
          const isAnother =
            refused === null || (tokens !== null && Redacted.value(tokens.access) !== Redacted.value(refused))
          if (isUsable(tokens, at) && isAnother) return now
          return yield* grantFor(now, at).pipe(
            Effect.catchTag("GrantRefused", (reason) => {
              refusal = reason
              return Effect.succeed(now === null ? now : Installation.expired(now, at))
            }),
          )
        }),
      )
      if (refusal !== undefined) return yield* Effect.fail(refusal)
      return stored?.tokens?.access ?? (yield* notInstalled(settings.shop, stored))
    }).pipe(
      Effect.provideService(CurrentTenant, tenant),
      Effect.catchTag("InstallationsError", (error) => Effect.fail(unavailable(error))),
    )

  const current = Effect.gen(function* () {
    const all = yield* installations.all
    const now = all.find(({ account, platform }) => platform === key.platform && account === key.account) ?? null
    const at = yield* Clock.currentTimeMillis
    return isUsable(now?.tokens ?? null, at) && now?.tokens ? now.tokens.access : yield* renew(null)
  }).pipe(
    Effect.provideService(CurrentTenant, tenant),
    Effect.catchTag("InstallationsError", (error) => Effect.fail(unavailable(error))),
  )

  const installation = (told: Told) =>
    installations
      .change(key, (now) => Effect.succeed(told(now, key)))
      .pipe(
        Effect.provideService(CurrentTenant, tenant),
        Effect.catchTag("InstallationsError", (error) => Effect.fail(unavailable(error))),
      )

  return AccessTokens.of({ current, insteadOf: renew, installation })
})

const asked = <A>(effect: Effect.Effect<A, ShopifyError>): Effect.Effect<A, Reason> =>
  Effect.mapError(effect, ({ reason }) => reason)
