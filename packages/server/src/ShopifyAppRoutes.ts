/**
 * What a Shopify app that merchants install serves beside webhooks: `GET /shopify/install`, `GET /shopify/callback`,
 * `POST /shopify/token-exchange`, and the app proxy at `GET /shopify/proxy/CODE`.
 *
 * Promises: a token never leaves; every refusal has its status from the tables below and quotes nothing of the request; a visit is stored
 * before it is answered. The callback goes on to the app in the shop's admin.
 */
import type { Installations, InstallationsError } from "@advocacy-kit/core/connector/Installations"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import * as Shopify from "@advocacy-kit/shopify"
import { Effect, type Layer, Redacted } from "effect"
import { type HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import * as ErrorStatus from "./ErrorStatus.ts"
import * as Route from "./Route.ts"

/** What somebody brought was not taken. */
const refusals: ErrorStatus.Table<Shopify.InstallRefused["reason"]["_tag"]> = {
  ParameterInvalid: 400,
  OtherShop: 403,
  StateMissing: 400,
  NotSigned: 401,
  SessionInvalid: 401,
  BotRefused: 410,
}

/** Shopify was asked and granted nothing: 403 where asking again does not help, else what a gateway says. */
const troubles: ErrorStatus.Table<Shopify.ShopifyError["reason"]["_tag"]> = {
  Unreachable: 502,
  TimedOut: 504,
  Throttled: 503,
  ServerFault: 502,
  Ambiguous: 502,
  Unauthorised: 403,
  NotInstalled: 403,
  GrantRefused: 403,
  GrantIncomplete: 502,
  InstallationUnavailable: 503,
  AccessDenied: 403,
  TooCostly: 502,
  Invalid: 502,
  Malformed: 502,
  BulkFailed: 502,
}

const stores: ErrorStatus.Table<"InstallationsError" | "FactLogError"> = { InstallationsError: 503, FactLogError: 503 }

const refused = (error: Shopify.InstallRefused | Shopify.ShopifyError | InstallationsError): ErrorStatus.Refused => {
  switch (error._tag) {
    case "InstallRefused":
      return ErrorStatus.refused(refusals, error.reason)
    case "ShopifyError":
      return ErrorStatus.refused(troubles, error.reason)
    case "InstallationsError":
      return ErrorStatus.refused(stores, error)
  }
}

type AppNeeds = Shopify.OAuth | Shopify.ShopifyConfig | Installations | CurrentTenant
type ProxyNeeds = Shopify.ShopifyConfig | FactLog | CurrentTenant
const plain = Effect.map(HttpServerRequest.HttpServerRequest, ({ headers, method, url }) => ({ headers, method, url }))

const redirect = (status: number, headers: ReadonlyArray<readonly [string, string]>) =>
  HttpServerResponse.fromWeb(new Response(null, { status, headers: headers.map(([name, value]) => [name, value]) }))

const install: Route.Answer<AppNeeds> = Effect.gen(function* () {
  const oauth = yield* Shopify.OAuth
  const { headers, status } = yield* oauth.begin(yield* plain)
  return redirect(status, headers)
}).pipe(Effect.mapError(refused))

const callback: Route.Answer<AppNeeds> = Effect.gen(function* () {
  const { app, shop } = yield* Shopify.ShopifyConfig
  const headers = yield* Shopify.AppInstallation.callback(yield* plain)
  return redirect(302, [
    ...headers,
    ["Location", `https://${shop}/admin/apps/${encodeURIComponent(app?.clientId ?? "")}`],
  ])
}).pipe(Effect.mapError(refused))

const tokenExchange: Route.Answer<AppNeeds> = Effect.gen(function* () {
  const { headers } = yield* HttpServerRequest.HttpServerRequest
  const [, token = ""] = /^Bearer ([A-Za-z0-9_.-]{1,4000})$/.exec(headers["authorization"] ?? "") ?? []
  const installation = yield* Shopify.AppInstallation.exchange(Redacted.make(token))
  return HttpServerResponse.jsonUnsafe({ installed: true, scopes: installation?.scopes ?? [] })
}).pipe(Effect.mapError(refused))

const visit: Route.Answer<ProxyNeeds> = Effect.gen(function* () {
  const { headers, url } = yield* HttpServerRequest.HttpServerRequest
  const { handleKey } = yield* CurrentTenant
  const settings = yield* Shopify.ShopifyConfig
  const { code, fact, location } = yield* Shopify.AppProxy.visit(settings, handleKey, url).pipe(
    Effect.mapError(refused),
  )
  if (fact !== null) {
    const log = yield* FactLog
    yield* log
      .append({ facts: [fact], personal: [] })
      .pipe(Effect.mapError((error) => ErrorStatus.refused(stores, error)))
  }
  return (headers["accept"] ?? "").includes("application/json")
    ? HttpServerResponse.jsonUnsafe({ code, recorded: fact !== null })
    : redirect(302, [["Location", location]])
})

/** The app proxy, which a custom app may have too. */
export const proxy: Layer.Layer<never, never, HttpRouter.HttpRouter | ProxyNeeds> = Route.layer(
  "GET",
  "/shopify/proxy/:code",
  visit,
)

/** Installing. */
export const layers: ReadonlyArray<Layer.Layer<never, never, HttpRouter.HttpRouter | AppNeeds>> = [
  Route.layer("GET", "/shopify/install", install),
  Route.layer("GET", "/shopify/callback", callback),
  Route.layer("POST", "/shopify/token-exchange", tokenExchange),
]
