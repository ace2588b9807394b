/** Installing against the sandbox: by the merchant's browser, from the shop's admin, by credentials; and what becomes of tokens. */
import * as Installation from "@advocacy-kit/core/connector/Installation"
import { Installations } from "@advocacy-kit/core/connector/Installations"
import { Effect, Redacted } from "effect"
import { describe, expect, it } from "vitest"
import * as AppInstallation from "../src/AppInstallation.ts"
import { AccessTokens } from "../src/AccessTokens.ts"
import { OAuth } from "../src/OAuth.ts"
import {
  accessOf,
  type App,
  appUrl,
  askShop,
  cookiesOf,
  getting,
  installation,
  scopes,
  shop,
  withApp,
} from "./appUnderTest.ts"
import { token } from "./shopUnderTest.ts"

const key = { platform: "shopify", account: shop }

/** Begins, consents in the sandbox's page, and answers the query that comes back with the browser's cookies. */
const consented = async ({ run, sandbox }: App) => {
  const begun = await run(Effect.flatMap(OAuth, ({ begin }) => begin(getting(`/shopify/install?shop=${shop}`))))
  const location = begun.headers.find(([name]) => name.toLowerCase() === "location")?.[1] ?? ""
  const consent = await fetch(location.replace(`https://${shop}`, sandbox.url), { redirect: "manual" })
  const back = new URL(consent.headers.get("location") ?? "")
  return { begun, location: new URL(location), back, cookie: cookiesOf(begun.headers) }
}

const exchange = async ({ run, sandbox }: App) => {
  const sessionToken = Redacted.make(await sandbox.control.sessionToken())
  return run(AppInstallation.exchange(sessionToken))
}

const expire = Effect.flatMap(Installations, ({ change }) =>
  change(key, (now) => Effect.succeed(now === null ? now : Installation.expired(now, 1))),
)
const issued = async ({ sandbox }: App) =>
  (await sandbox.control.app()).tokens.filter(({ kind }) => kind === "expiring").length
const flipped = (app: App) => app.run(Effect.flip(askShop))

describe("by the browser", () => {
  it("begins at the consent page with a state in a cookie, and comes back with expiring tokens", () =>
    withApp(async (app) => {
      const { back, begun, cookie, location } = await consented(app)
      expect(begun.status).toBe(302)
      expect(location.origin + location.pathname).toBe(`https://${shop}/admin/oauth/authorize`)
      expect(location.searchParams.get("redirect_uri")).toBe(`${appUrl}/shopify/callback`)
      expect(location.searchParams.get("state")).toMatch(/^[0-9a-f]{64}$/)
      expect(cookie).not.toBe("")
      const headers = await app.run(AppInstallation.callback(getting(back.pathname + back.search, { cookie })))
      const gone = headers.map(([, value]) => value).filter((value) => value.includes("Max-Age=0"))
      expect(gone.every((value) => value.includes("Path=/shopify/callback"))).toBe(true)
      expect(gone).toHaveLength(2)
      const stored = await app.run(installation)
      expect(stored).toMatchObject({ ...key, scopes: ["read_customers", "read_orders", "write_discounts"] })
      expect((stored?.tokens?.accessExpiresAt ?? 0) - Date.now()).toBeGreaterThan(50 * 60_000)
      expect((stored?.tokens?.refreshExpiresAt ?? 0) - Date.now()).toBeGreaterThan(89 * 86_400_000)
      expect((await app.run(askShop)).data.shop).toMatchObject({ myshopifyDomain: shop })
    }))

  it("refuses another browser, another state, a changed query, one that was used, and stores nothing", () =>
    withApp(async (app) => {
      const { back, cookie } = await consented(app)
      const refused = async (search: string, cookies: string) =>
        await app.run(Effect.flip(AppInstallation.callback(getting(`/shopify/callback${search}`, { cookie: cookies }))))
      const tagged = async (search: string, cookies: string) => {
        const error = await refused(search, cookies)
        return "reason" in error ? error.reason._tag : error
      }
      expect(await tagged(back.search, "")).toBe("StateMissing")
      expect(await tagged(back.search, cookie.replace(/=[0-9a-f]/, "=z"))).toBe("StateMissing")
      const another = await consented(app)
      expect(await tagged(back.search, another.cookie)).toBe("NotSigned")
      expect(await tagged(back.search.replace(/code=./, "code=z"), cookie)).toBe("NotSigned")
      expect(await tagged(back.search.replace(/hmac=[^&]*/, "hmac=x"), cookie)).toBe("NotSigned")
      expect(await tagged(`${back.search}&shop=${shop}`, cookie)).toBe("ParameterInvalid")
      expect(await tagged(back.search.replace(shop, "evil.example"), cookie)).toBe("ParameterInvalid")
      expect(await tagged(back.search.replace(shop, "other.myshopify.com"), cookie)).toBe("OtherShop")
      for (const name of ["code", "state", "hmac", "timestamp", "shop"])
        expect(await tagged(back.search.replace(`${name}=`, `x${name}=`), cookie)).toBe("ParameterInvalid")
      expect(await app.run(installation)).toBeUndefined()
      await app.run(AppInstallation.callback(getting(`/shopify/callback${back.search}`, { cookie })))
      const error = await refused(back.search, cookie)
      expect(error.message).toBe("callback: Shopify granted no token (invalid_request, HTTP 400)")
    }))

  it("refuses to begin for what is not the shop, and programs that say so of themselves get 410", () =>
    withApp(async ({ run }) => {
      const begin = (query: string, headers = {}) =>
        Effect.flatMap(OAuth, (oauth) => oauth.begin(getting(`/shopify/install${query}`, headers)))
      for (const query of [
        "",
        "?shop=",
        "?shop=evil.example",
        `?shop=${shop}/`,
        `?shop=${shop}%0d%0a`,
        `?shop=${shop.toUpperCase()}`,
      ])
        expect((await run(Effect.flip(begin(query)))).reason._tag).toBe("ParameterInvalid")
      expect((await run(Effect.flip(begin("?shop=other.myshopify.com")))).reason._tag).toBe("OtherShop")
      expect((await run(begin(`?shop=${shop}`, { "user-agent": "Googlebot/2.1" }))).status).toBe(410)
    }))
})

describe("from the shop's admin", () => {
  it("exchanges a session token once for as long as what it brought does", () =>
    withApp(async (app) => {
      await app.sandbox.control.install()
      const first = await exchange(app)
      expect(accessOf(await exchange(app))).toBe(accessOf(first))
      expect(await issued(app)).toBe(1)
      await app.run(expire)
      expect(accessOf(await exchange(app))).not.toBe(accessOf(first))
      expect((await app.run(installation))?.scopes).toEqual(scopes)
    }))

  it("refuses session tokens of another secret, shop or time, and shows none of them", () =>
    withApp(async (app) => {
      const { run, sandbox } = app
      await sandbox.control.install()
      const good = await sandbox.control.sessionToken()
      const [header = "", body = ""] = good.split(".")
      for (const bad of [
        await sandbox.control.sessionToken({ secret: "another" }),
        await sandbox.control.sessionToken({ lifetimeSeconds: -60 }),
        `${header}.${body}.`,
        "nonsense",
        "",
      ]) {
        const error = await run(Effect.flip(AppInstallation.exchange(Redacted.make(bad))))
        expect(error.message).toBe("the session token is not valid: load the page again in the shop's admin")
        expect(bad === "" || !JSON.stringify(error).includes(bad)).toBe(true)
      }
      expect(await run(installation)).toBeUndefined()
    }))
})

describe("tokens", () => {
  it("are renewed by one of eight requests that find them expired", () =>
    withApp(async (app) => {
      await app.sandbox.control.install()
      await exchange(app)
      await app.run(expire)
      await app.run(
        Effect.all(
          Array.from({ length: 8 }, () => askShop),
          { concurrency: "unbounded" },
        ),
      )
      expect(await issued(app)).toBe(2)
    }))

  it("are renewed once when Shopify does not take them any more, whatever we thought", () =>
    withApp(async (app) => {
      await app.sandbox.control.install()
      const before = accessOf(await exchange(app))
      await app.sandbox.control.advance({ minutes: 61 })
      await app.run(Effect.all([askShop, askShop, askShop], { concurrency: "unbounded" }))
      expect(accessOf(await app.run(installation))).not.toBe(before)
      expect(await issued(app)).toBe(2)
    }))

  it("stay as they were when the answer is lost, incomplete or none, and are renewed after that", () =>
    withApp(async (app) => {
      await app.sandbox.control.install()
      const before = accessOf(await exchange(app))
      const renew = Effect.flatMap(AccessTokens, ({ insteadOf }) => insteadOf(Redacted.make(before ?? "")))
      for (const [fault, tag] of [
        ["tokenWithoutExpiry", "GrantIncomplete"],
        ["tokenDrop", "Unreachable"],
        ["tokenFailure", "ServerFault"],
      ] as const) {
        await app.sandbox.control.faults({ [fault]: 1 })
        expect((await app.run(Effect.flip(renew)))._tag).toBe(tag)
        expect(accessOf(await app.run(installation))).toBe(before)
      }
      expect(Redacted.value(await app.run(renew))).not.toBe(before)
    }))

  it("that Shopify refuses for good are told as such; opening the app again puts it right", () =>
    withApp(async (app) => {
      await app.sandbox.control.install()
      await exchange(app)
      await app.sandbox.control.uninstall()
      await app.sandbox.control.install()
      const error = await flipped(app)
      expect([error.reason._tag, error.isRetryable]).toEqual(["GrantRefused", false])
      await exchange(app)
      await app.run(askShop)
    }))

  it("are none where the app is not installed or was removed: nobody is asked", () =>
    withApp(async (app) => {
      expect((await flipped(app)).message).toBe(`ShopInfo: the app is not installed in ${shop}`)
      await app.sandbox.control.install()
      await exchange(app)
      const at = Date.now() + 1
      await app.run(
        Effect.flatMap(Installations, ({ change }) =>
          change(key, (now) => Effect.succeed(Installation.removed(now, key, at))),
        ),
      )
      const error = await flipped(app)
      expect(error.message).toBe(`ShopInfo: the app was removed from ${shop} at ${new Date(at).toISOString()}`)
      expect(error.isRetryable).toBe(false)
    }))
})

describe("other ways", () => {
  it("takes over an installation by its token that does not expire", () =>
    withApp(
      async (app) => {
        await app.run(AppInstallation.adopt(Redacted.make(token)))
        expect((await app.run(installation))?.tokens?.refresh).not.toBeNull()
        await app.run(askShop)
      },
      { installed: true },
    ))

  it("asks with the app's own credentials, and again when they end", () =>
    withApp(
      async (app) => {
        await app.run(askShop)
        const before = await app.run(installation)
        expect(before?.tokens).toMatchObject({ refresh: null })
        await app.sandbox.control.advance({ days: 2 })
        await app.run(askShop)
        expect(accessOf(await app.run(installation))).not.toBe(accessOf(before))
      },
      { installed: true, grant: "clientCredentials" },
    ))
})
