/**
 * A visit of a share link that the shop's storefront passes on: `/apps/refer/CODE`.
 *
 * Promises: only what is signed over all of the query, for this shop, and not older than 90 seconds counts; who is signed in is taken
 * from there alone. The same request is the same visit. Where the visit goes on to is a path of the shop, never another
 * host. A visitor who is neither signed in nor brings a device id is let through and not recorded: nothing would tell who it was.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import * as Handle from "@advocacy-kit/core/id/Handle"
import { InvalidHmacError } from "@shopify/shopify-api"
import { Effect, Redacted } from "effect"
import { InstallRefused, NotSigned, OtherShop, parameterInvalid } from "./InstallRefused.ts"
import { parametersOf } from "./OAuth.ts"
import * as OAuthLibrary from "./OAuthLibrary.ts"
import type { App, Settings } from "./ShopifyConfig.ts"
import { hmac } from "./Signature.ts"

export interface Visit {
  readonly code: string
  /** Where the visitor goes on to, within the shop, with the code in `ref`. */
  readonly location: string
  /** Null: nobody knows who it was. */
  readonly fact: Fact.LinkVisited | null
}

/** What a signature needs of an app; a custom app has no client id, and none is signed. */
const signing: App = { clientId: "app-proxy", url: "https://app.invalid", grant: "install" }

/**
 * As Shopify describes it: whole `key=value` texts in the order of their bytes. The library sorts keys by a language's order, and so
 * refuses what Shopify signed where two keys differ in case or one begins with the other.
 */
export const isSignedAsDescribed = (query: URLSearchParams, secret: Redacted.Redacted): Effect.Effect<boolean> => {
  const names = [...new Set(query.keys())].filter((name) => name !== "signature")
  const message = names
    .map((name) => `${name}=${query.getAll(name).join(",")}`)
    .sort()
    .join("")
  return hmac(new TextEncoder().encode(Redacted.value(secret)), message).pipe(
    Effect.orDie,
    Effect.map((tag) => {
      const wanted = Array.from(tag, (byte) => byte.toString(16).padStart(2, "0")).join("")
      const given = query.get("signature") ?? ""
      let difference = given.length ^ wanted.length
      for (let index = 0; index < wanted.length; index++)
        difference |= wanted.charCodeAt(index) ^ (given.charCodeAt(index) || 0)
      return difference === 0
    }),
  )
}

/** Whether one of the secrets signed the query; its timestamp is judged by the library in either case. */
const isSigned = (settings: Settings, query: URLSearchParams): Effect.Effect<boolean> =>
  Effect.gen(function* () {
    let isValid = false
    for (const secret of settings.webhookSecrets) {
      const { utils } = yield* OAuthLibrary.make(settings, settings.app ?? signing, secret)
      const judged = yield* Effect.promise(() =>
        utils.validateHmac(query, { signator: "appProxy" }).catch((error: unknown) => {
          if (error instanceof InvalidHmacError) return undefined
          throw error
        }),
      )
      // Undefined: too old, or a parameter of Shopify's own comes twice.
      if (judged === undefined) continue
      const isDescribed = yield* isSignedAsDescribed(query, secret)
      isValid = isValid || judged || isDescribed
    }
    return isValid
  })

/** A path of the shop that a browser cannot take for another host. */
export const pathWithin = (text: string | null): string =>
  text !== null && text.length <= 500 && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text) ? text : "/"

const locationOf = (to: string | null, code: string): string => {
  const url = new URL(pathWithin(to), "https://shop.invalid")
  url.searchParams.set("ref", code)
  return `${url.pathname}${url.search}`
}

/** `url` is path and query as they were received; the code is the path's last part. */
export const visit = (
  settings: Settings,
  handleKey: Handle.HandleKey,
  url: string,
): Effect.Effect<Visit, InstallRefused> =>
  Effect.gen(function* () {
    const query = new URL(url, "https://app.invalid").searchParams
    if (!(yield* isSigned(settings, query))) return yield* new InstallRefused({ reason: new NotSigned() })
    const parameters = yield* parametersOf(url)
    if (parameters.get("shop") !== settings.shop)
      return yield* new InstallRefused({ reason: new OtherShop({ expected: settings.shop }) })
    const last = new URL(url, "https://app.invalid").pathname.split("/").at(-1) ?? ""
    const code = Handle.usableCode(/%(?![0-9a-f]{2})/i.test(last) ? "" : decodeURIComponent(last))
    if (code === null) return yield* parameterInvalid("of the code", "is not a code")
    const customer = parameters.get("logged_in_customer_id") ?? ""
    const visitor = Handle.isRecordNumber(customer)
      ? Handle.platform("shopify", "customer", customer)
      : Handle.device(handleKey, parameters.get("device") ?? "")
    return {
      code,
      location: locationOf(parameters.get("to"), code),
      fact:
        visitor === null
          ? null
          : {
              _tag: "LinkVisited",
              key: Fact.key(`shopify:visit/${(parameters.get("signature") ?? "").slice(0, 40)}`),
              version: 0,
              rank: Fact.rank.api,
              occurredAt: Number(parameters.get("timestamp")) * 1000,
              code,
              visitor,
            },
    }
  })
