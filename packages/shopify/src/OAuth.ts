/**
 * Asks Shopify for tokens: by an authorisation code, a session token, a refresh token, a token that does not expire, or the
 * app's own credentials.
 *
 * Promises: through Shopify's library, asked for expiring tokens always, which it does not do by itself; what comes back is
 * complete or refused; one request for one call, never repeated here. Whatever names a shop names the one that is configured: the library
 * takes the first of two parameters where it checked the last, and a session token of one shop for another. It stores nothing.
 */
import type { Grant } from "@advocacy-kit/core/connector/Installation"
import { RequestedTokenType, type Session } from "@shopify/shopify-api"
import { Clock, Context, Effect, Layer, Redacted } from "effect"
import { InstallRefused, OtherShop, parameterInvalid, SessionInvalid } from "./InstallRefused.ts"
import * as OAuthLibrary from "./OAuthLibrary.ts"
import { type App, isShopDomain, type Settings, ShopifyConfig } from "./ShopifyConfig.ts"
import { GrantIncomplete, type Reason, ShopifyError, TimedOut } from "./ShopifyError.ts"
import * as TokenAnswer from "./TokenAnswer.ts"

export type GrantError = InstallRefused | ShopifyError

export class OAuth extends Context.Service<
  OAuth,
  {
    /** To the consent page, with a state in a signed cookie that lasts a minute. */
    readonly begin: (request: OAuthLibrary.PlainRequest) => Effect.Effect<OAuthLibrary.PlainAnswer, InstallRefused>
    /** What the browser brings back. The headers take the state from it. */
    readonly callback: (
      request: OAuthLibrary.PlainRequest,
    ) => Effect.Effect<{ readonly grant: Grant; readonly headers: OAuthLibrary.PlainAnswer["headers"] }, GrantError>
    /** Refuses a session token that is not of this shop, of this app, and of now. */
    readonly session: (sessionToken: Redacted.Redacted) => Effect.Effect<void, InstallRefused>
    readonly exchange: (sessionToken: Redacted.Redacted) => Effect.Effect<Grant, GrantError>
    readonly refresh: (refreshToken: Redacted.Redacted) => Effect.Effect<Grant, ShopifyError>
    /** Turns a token that does not expire into a pair that does; Shopify takes the old one back. */
    readonly migrate: (accessToken: Redacted.Redacted) => Effect.Effect<Grant, ShopifyError>
    readonly clientCredentials: Effect.Effect<Grant, ShopifyError>
  }
>()("@advocacy-kit/shopify/OAuth") {
  static readonly layer: Layer.Layer<OAuth, never, ShopifyConfig> = Layer.effect(
    OAuth,
    Effect.suspend(() => Effect.flatMap(ShopifyConfig, make)),
  )
}

/** A token endpoint answers at once or not at all; a refresh holds the installation meanwhile. */
const timeoutMillis = 10_000

export const callbackPath = (app: App): string => `${new URL(app.url).pathname.replace(/\/$/, "")}/shopify/callback`

/** The parameters of a query of which none comes twice. */
export const parametersOf = (url: string): Effect.Effect<URLSearchParams, InstallRefused> => {
  const { searchParams } = new URL(url, "https://app.invalid")
  const names = [...searchParams.keys()]
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  return twice === undefined
    ? Effect.succeed(searchParams)
    : Effect.fail(parameterInvalid(/^[a-z_]{1,40}$/.test(twice) ? twice : "of the query", "comes more than once"))
}

const checkShop = (settings: Settings, shop: string | null): Effect.Effect<void, InstallRefused> => {
  if (shop === null || !isShopDomain(shop)) return Effect.fail(parameterInvalid("shop", "is not a shop's domain"))
  if (shop !== settings.shop)
    return Effect.fail(new InstallRefused({ reason: new OtherShop({ expected: settings.shop }) }))
  return Effect.void
}

/** Turns the library's failures into ours; what it does not fail with by itself is a fault of ours. */
const asking = <A>(ask: () => Promise<A>): Effect.Effect<A, InstallRefused | Reason> =>
  Effect.tryPromise({ try: ask, catch: (error) => error }).pipe(
    Effect.catch((error) => {
      const known = TokenAnswer.refusalOf(error) ?? TokenAnswer.reasonOf(error)
      return known === undefined
        ? Effect.die(new Error(`Shopify's library failed with ${error instanceof Error ? error.name : typeof error}`))
        : Effect.fail(known)
    }),
    Effect.timeoutOrElse({
      duration: timeoutMillis,
      orElse: () => Effect.fail(new TimedOut({ afterMillis: timeoutMillis })),
    }),
  )

const refusals = <A>(
  operation: string,
  effect: Effect.Effect<A, InstallRefused | Reason>,
): Effect.Effect<A, InstallRefused | ShopifyError> =>
  Effect.mapError(effect, (error) =>
    error._tag === "InstallRefused" ? error : new ShopifyError({ operation, reason: error }),
  )

/** Where nobody brought anything, nothing that was brought can be refused. */
const granting = (
  operation: string,
  kind: TokenAnswer.Kind,
  ask: () => Promise<{ readonly session: Session }>,
): Effect.Effect<Grant, InstallRefused | ShopifyError> =>
  Effect.gen(function* () {
    const at = yield* Clock.currentTimeMillis
    const { session } = yield* refusals(operation, asking(ask))
    const grant = TokenAnswer.grantOf(session, kind, at)
    return grant instanceof GrantIncomplete ? yield* new ShopifyError({ operation, reason: grant }) : grant
  })

const unasked = <A>(effect: Effect.Effect<A, InstallRefused | ShopifyError>): Effect.Effect<A, ShopifyError> =>
  Effect.catchTag(effect, "InstallRefused", (refusal) => Effect.die(refusal))

const make = (settings: Settings): Effect.Effect<OAuth["Service"]> =>
  Effect.gen(function* () {
    const { app, shop } = settings
    const [secret] = settings.webhookSecrets
    if (app === undefined || secret === undefined)
      return yield* Effect.die(new Error("OAuth is for an app that is installed: give `app` and `webhookSecrets`"))
    const library = yield* OAuthLibrary.make(settings, app, secret)
    const path = callbackPath(app)

    const session = (sessionToken: Redacted.Redacted) =>
      Effect.gen(function* () {
        const invalid = (problem: string) => new InstallRefused({ reason: new SessionInvalid({ problem }) })
        const token = Redacted.value(sessionToken)
        const payload = yield* asking(() => library.session.decodeSessionToken(token)).pipe(
          Effect.mapError((error) => (error._tag === "InstallRefused" ? error : invalid("could not be read"))),
        )
        const hostOf = (url: unknown) => (typeof url === "string" && URL.canParse(url) ? new URL(url).host : "")
        if (hostOf(payload.dest) !== shop || hostOf(payload.iss) !== shop) return yield* invalid("is of another shop")
        if (typeof payload.exp !== "number") return yield* invalid("does not expire")
      })

    return OAuth.of({
      begin: (request) =>
        Effect.gen(function* () {
          const parameters = yield* parametersOf(request.url)
          yield* checkShop(settings, parameters.get("shop"))
          const { answer, arguments: adapter } = OAuthLibrary.exchange(app, request)
          const begun = yield* asking(async (): Promise<unknown> =>
            library.auth.begin({ ...adapter, shop, callbackPath: path, isOnline: false }),
          ).pipe(Effect.catch((error) => (error._tag === "InstallRefused" ? Effect.fail(error) : Effect.die(error))))
          return answer(begun)
        }),
      callback: (request) =>
        Effect.gen(function* () {
          const parameters = yield* parametersOf(request.url)
          yield* checkShop(settings, parameters.get("shop"))
          for (const name of ["code", "state", "hmac", "timestamp"])
            if (!parameters.get(name)) return yield* parameterInvalid(name, "is missing")
          const { answer, arguments: adapter } = OAuthLibrary.exchange(app, request)
          let headers: OAuthLibrary.PlainAnswer["headers"] = []
          const grant = yield* granting("callback", "refreshable", async () => {
            const called = await library.auth.callback({ ...adapter, expiring: true })
            ;({ headers } = answer(called.headers))
            return called
          })
          // The library takes its cookie back at another path than it gave it, where a browser keeps it.
          const gone = ["shopify_app_state", "shopify_app_state.sig"].map(
            (name) => ["Set-Cookie", `${name}=; Path=${path}; Max-Age=0; Secure; HttpOnly; SameSite=Lax`] as const,
          )
          return { grant, headers: [...headers, ...gone] }
        }),
      session,
      exchange: (sessionToken) =>
        Effect.andThen(
          session(sessionToken),
          granting("exchange a session token", "refreshable", () =>
            library.auth.tokenExchange({
              shop,
              sessionToken: Redacted.value(sessionToken),
              requestedTokenType: RequestedTokenType.OfflineAccessToken,
              expiring: true,
            }),
          ),
        ),
      refresh: (refreshToken) =>
        unasked(
          granting("refresh the access token", "refreshable", () =>
            library.auth.refreshToken({ shop, refreshToken: Redacted.value(refreshToken) }),
          ),
        ),
      migrate: (accessToken) =>
        unasked(
          granting("migrate the access token", "refreshable", () =>
            library.auth.migrateToExpiringToken({
              shop,
              nonExpiringOfflineAccessToken: Redacted.value(accessToken),
            }),
          ),
        ),
      clientCredentials: unasked(
        granting("ask with the app's credentials", "accessOnly", () => library.auth.clientCredentials({ shop })),
      ),
    })
  })
