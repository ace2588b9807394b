/** What goes to Shopify's token endpoint to the letter, what comes of its answers, and where the library alone goes wrong. */
import { Effect, Layer, Redacted } from "effect"
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime"
import nock from "nock"
import { createHmac } from "node:crypto"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { OAuth } from "../src/OAuth.ts"
import * as OAuthLibrary from "../src/OAuthLibrary.ts"
import { settings, ShopifyConfig } from "../src/ShopifyConfig.ts"
import { appOptions, clientId, cookiesOf, getting, shop } from "./appUnderTest.ts"
import { secret } from "./shopUnderTest.ts"

const run = <A, E>(effect: Effect.Effect<A, E, OAuth>) =>
  Effect.runPromise(Effect.provide(effect, OAuth.layer.pipe(Layer.provide(ShopifyConfig.layer(appOptions)))))
/** Loads the adapter, which takes its fetch then. */
const loaded = run(Effect.asVoid(OAuth))
const refreshing = Effect.flatMap(OAuth, (oauth) => oauth.refresh(Redacted.make("shprt_old")))
const reasonOf = async () => (await run(Effect.flip(refreshing))).reason

const whole = {
  access_token: "shpat_new",
  scope: "write_discounts,read_orders",
  expires_in: 3600,
  refresh_token: "shprt_new",
  refresh_token_expires_in: 7_776_000,
}
const endpoint = () =>
  nock(`https://${shop}`, { reqheaders: { "content-type": "application/json", accept: "application/json" } })
const asked = { client_id: clientId, client_secret: secret }
const path = "/admin/oauth/access_token"

const library = async () => {
  const read = await Effect.runPromise(settings(appOptions))
  if (read.app === undefined) throw new Error("the app is missing")
  return { app: read.app, library: await Effect.runPromise(OAuthLibrary.make(read, read.app, Redacted.make(secret))) }
}

/** A session token as Shopify signs it. */
const sessionToken = (changes: object = {}, algorithm = "HS256"): string => {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    iss: `https://${shop}/admin`,
    dest: `https://${shop}`,
    aud: clientId,
    sub: "1",
    exp: now + 60,
    nbf: now,
  }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const signed = `${part({ alg: algorithm, typ: "JWT" })}.${part({ ...claims, ...changes })}`
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`
}

/** A query as Shopify signs it for a callback. */
const signed = (parameters: Readonly<Record<string, string>>): URLSearchParams => {
  const query = new URLSearchParams(Object.entries(parameters).sort(([left], [right]) => (left < right ? -1 : 1)))
  query.append("hmac", createHmac("sha256", secret).update(query.toString()).digest("hex"))
  return query
}

beforeEach(async () => {
  await loaded
  // The adapter took the fetch of before; nock listens at the one of now.
  setAbstractFetchFunc((url, init) => globalThis.fetch(url, init))
  nock.disableNetConnect()
})
afterEach(() => {
  const open = nock.pendingMocks()
  nock.cleanAll()
  nock.enableNetConnect()
  if (open.length > 0) throw new Error(`never asked for: ${open.join(", ")}`)
})

describe("what is sent", () => {
  it("to refresh", async () => {
    const before = Date.now()
    endpoint()
      .post(path, { ...asked, refresh_token: "shprt_old", grant_type: "refresh_token" })
      .reply(200, whole)
    const { at, scopes, tokens } = await run(refreshing)
    expect(scopes).toEqual(["write_discounts", "read_orders"])
    expect([Redacted.value(tokens.access), tokens.refresh && Redacted.value(tokens.refresh)]).toEqual([
      "shpat_new",
      "shprt_new",
    ])
    expect(at).toBeGreaterThanOrEqual(before)
    expect((tokens.accessExpiresAt ?? 0) - before).toBeGreaterThanOrEqual(3_600_000)
  })

  it("to exchange a session token, for a token that expires", async () => {
    const token = sessionToken()
    endpoint()
      .post(path, {
        ...asked,
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token: token,
        subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
        requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
        expiring: "1",
      })
      .reply(200, whole)
    expect(
      (await run(Effect.flatMap(OAuth, (oauth) => oauth.exchange(Redacted.make(token))))).tokens.refresh,
    ).not.toBeNull()
  })

  it("to migrate, and with the app's own credentials", async () => {
    endpoint()
      .post(path, {
        ...asked,
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token: "shpat_old",
        subject_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
        requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
        expiring: "1",
      })
      .reply(200, whole)
      .post(path, { ...asked, grant_type: "client_credentials" })
      .reply(200, { access_token: "shpat_day", scope: "", expires_in: 86_399 })
    await run(Effect.flatMap(OAuth, (oauth) => oauth.migrate(Redacted.make("shpat_old"))))
    const { tokens } = await run(Effect.flatMap(OAuth, (oauth) => oauth.clientCredentials))
    expect([tokens.refresh, tokens.refreshExpiresAt]).toEqual([null, null])
  })
})

describe("what is answered", () => {
  it("is refused where anything of it is missing", async () => {
    const without = (name: string) => Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name))
    for (const name of ["access_token", "expires_in", "refresh_token", "refresh_token_expires_in"]) {
      endpoint().post(path).reply(200, without(name))
      expect((await reasonOf())._tag, name).toBe("GrantIncomplete")
    }
    for (const wrong of [0, "soon", null, -Infinity]) {
      endpoint()
        .post(path)
        .reply(200, { ...whole, expires_in: wrong })
      expect((await reasonOf())._tag, String(wrong)).toBe("GrantIncomplete")
    }
  })

  it("tells what helps", async () => {
    for (const [status, body, tag, isRetryable] of [
      [400, { error: "invalid_grant" }, "GrantRefused", false],
      [401, { error: "invalid_client" }, "GrantRefused", false],
      [429, {}, "Throttled", true],
      [500, {}, "ServerFault", true],
      [502, "<html>bad gateway</html>", "ServerFault", true],
    ] as const) {
      endpoint().post(path).reply(status, body)
      const reason = await reasonOf()
      expect([reason._tag, reason.isRetryable], `${status}`).toEqual([tag, isRetryable])
    }
    endpoint().post(path).replyWithError(new Error("socket hang up"))
    expect((await reasonOf())._tag).toBe("Unreachable")
  })

  it("is told without a secret, a token, or Shopify's words beside its code", async () => {
    endpoint().post(path).reply(400, { error: "invalid_grant", error_description: "shprt_old of Ann is gone" })
    const error = await run(Effect.flip(refreshing))
    expect(`${JSON.stringify(error)} ${error.message} ${error.stack}`).not.toMatch(/shprt_old|Ann|hush/)
    expect(error.message).toBe("refresh the access token: Shopify granted no token (invalid_grant, HTTP 400)")
  })
})

describe("session tokens", () => {
  it("of another shop, app, time or signature are refused, and of nobody else", async () => {
    const check = (token: string) => Effect.flatMap(OAuth, (oauth) => oauth.session(Redacted.make(token)))
    await run(check(sessionToken()))
    const now = Math.floor(Date.now() / 1000)
    for (const bad of [
      sessionToken({ dest: "https://evil.myshopify.com" }),
      sessionToken({ iss: "https://evil.myshopify.com/admin" }),
      sessionToken({ dest: `https://${shop}.evil.example` }),
      sessionToken({ dest: undefined }),
      sessionToken({ aud: "another" }),
      sessionToken({ aud: undefined }),
      sessionToken({ exp: now - 11 }),
      sessionToken({ exp: undefined }),
      sessionToken({ nbf: now + 60 }),
      sessionToken({}, "none"),
      sessionToken({}, "hs256"),
      sessionToken({}, "RS256"),
      `${sessionToken()}x`,
    ])
      expect((await run(Effect.flip(check(bad)))).reason._tag, bad).toBe("SessionInvalid")
  })
})

describe("the library alone", () => {
  it("takes an answer without expires_in for a token that never expires, and drops a refresh token without an expiry", async () => {
    const { library: alone } = await library()
    endpoint().post(path).reply(200, { access_token: "a", scope: "", refresh_token: "r" })
    const { session } = await alone.auth.refreshToken({ shop, refreshToken: "shprt_old" })
    expect([session.accessToken, session.expires, session.refreshToken]).toEqual(["a", undefined, undefined])
    expect(session.isExpired()).toBe(false)
  })

  it("asks for a token that does not expire unless told", async () => {
    const { library: alone } = await library()
    endpoint()
      .post(path, (body) => body.expiring === "0")
      .reply(200, { access_token: "a", scope: "" })
    const { session } = await alone.auth.tokenExchange({
      shop,
      sessionToken: sessionToken(),
      requestedTokenType: "urn:shopify:params:oauth:token-type:offline-access-token" as never,
    })
    expect(session.isExpired()).toBe(false)
  })

  it("shows the session token in its error, and takes one of another shop", async () => {
    const { library: alone } = await library()
    await expect(alone.session.decodeSessionToken("a.secret.token")).rejects.toThrow("a.secret.token")
    const other = sessionToken({ dest: "https://evil.myshopify.com", iss: "https://third.myshopify.com/admin" })
    await expect(alone.session.decodeSessionToken(other)).resolves.toMatchObject({ aud: clientId })
  })

  it("fails on a fault that is not JSON as if the text were wrong", async () => {
    const { library: alone } = await library()
    endpoint().post(path).reply(502, "<html>bad gateway</html>")
    await expect(alone.auth.refreshToken({ shop, refreshToken: "r" })).rejects.toBeInstanceOf(SyntaxError)
  })

  it("checks the last of two shops and sends the app's secret and the code to the first", async () => {
    const { app, library: alone } = await library()
    const begin = OAuthLibrary.exchange(app, getting("/shopify/install"))
    const begun: unknown = await alone.auth.begin({
      ...begin.arguments,
      shop,
      callbackPath: "/shopify/callback",
      isOnline: false,
    })
    const { headers } = begin.answer(begun)
    const cookie = cookiesOf(headers)
    const state = /shopify_app_state=([0-9a-f]+)/.exec(cookie)?.[1] ?? ""
    const query = signed({ code: "c", shop, state, timestamp: `${Math.floor(Date.now() / 1000)}` })
    const { arguments: adapter } = OAuthLibrary.exchange(
      app,
      getting(`/shopify/callback?shop=other.myshopify.com&${query}`, { cookie }),
    )
    nock("https://other.myshopify.com")
      .post(path, (body) => body.client_secret === secret && body.code === "c")
      .reply(200, whole)
    const { session } = await alone.auth.callback(adapter)
    expect(session.shop).toBe("other.myshopify.com")
  })

  it("takes its state back at another path than it gave it, where a browser keeps it", async () => {
    const { app, library: alone } = await library()
    const { answer, arguments: adapter } = OAuthLibrary.exchange(app, getting("/shopify/callback", { cookie: "" }))
    const begun: unknown = await alone.auth.begin({
      ...adapter,
      shop,
      callbackPath: "/shopify/callback",
      isOnline: false,
    })
    const given = answer(begun).headers
    const cookie = cookiesOf(given)
    const state = /shopify_app_state=([0-9a-f]+)/.exec(cookie)?.[1] ?? ""
    const query = signed({ code: "c", shop, state, timestamp: `${Math.floor(Date.now() / 1000)}` })
    endpoint().post(path).reply(200, whole)
    const called = OAuthLibrary.exchange(app, getting(`/shopify/callback?${query}`, { cookie }))
    const back = called.answer((await alone.auth.callback(called.arguments)).headers).headers
    const pathOf = (headers: ReadonlyArray<readonly [string, string]>) =>
      headers.flatMap(([, value]) =>
        value.startsWith("shopify_app_state=") ? (/path=([^;]*)/i.exec(value)?.[1] ?? []) : [],
      )
    expect([pathOf(given), pathOf(back)]).toEqual([["/shopify/callback"], ["/"]])
  })
})

describe("beside other users of the library", () => {
  it("reads requests with the adapter for Request too, which another may have loaded", async () => {
    const { app } = await library()
    await import("@shopify/shopify-api/adapters/web-api")
    setAbstractFetchFunc((url, init) => globalThis.fetch(url, init))
    const begun = await run(Effect.flatMap(OAuth, (oauth) => oauth.begin(getting(`/shopify/install?shop=${shop}`))))
    expect(begun.status).toBe(302)
    const cookie = cookiesOf(begun.headers)
    const state = /shopify_app_state=([0-9a-f]+)/.exec(cookie)?.[1] ?? ""
    const query = signed({ code: "c", shop, state, timestamp: `${Math.floor(Date.now() / 1000)}` })
    endpoint()
      .post(path, { ...asked, code: "c", expiring: "1" })
      .reply(200, whole)
    const { grant } = await run(
      Effect.flatMap(OAuth, (oauth) => oauth.callback(getting(`/shopify/callback?${query}`, { cookie }))),
    )
    expect(Redacted.value(grant.tokens.access)).toBe("shpat_new")
    expect(app.clientId).toBe(clientId)
  })
})
