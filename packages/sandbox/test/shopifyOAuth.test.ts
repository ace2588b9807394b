/** The OAuth side, driven by Shopify's own library: its requests, its checks of what comes back. */
// oxlint-disable-next-line import/no-unassigned-import -- The library takes its runtime from this import alone.
import "@shopify/shopify-api/adapters/node"
import { ApiVersion, LogSeverity, RequestedTokenType, shopifyApi } from "@shopify/shopify-api"
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime"
import { createServer } from "node:http"
import { afterEach, describe, expect, it } from "vitest"
import * as ShopifySandbox from "../src/shopify/ShopifySandbox.ts"
import { secret, token, world } from "./shopifyTestShop.ts"

const shop = world.brand.shopDomain
const clientId = "app-of-the-test"
const redirectUrl = "http://localhost:7777/auth/callback"
const day = { days: 1 }

const library = shopifyApi({
  apiKey: clientId,
  apiSecretKey: secret,
  apiVersion: ApiVersion.October26,
  hostName: "localhost:7777",
  hostScheme: "http",
  isEmbeddedApp: true,
  scopes: ["read_orders", "write_discounts"],
  logger: { level: LogSeverity.Error, log: () => {} },
})

let opened: ShopifySandbox.Opened | undefined

/** The library calls the shop's https address; here that is the sandbox. */
const open = async (options: Partial<ShopifySandbox.Options> = {}): Promise<ShopifySandbox.Opened> => {
  const sandbox = await ShopifySandbox.open({
    world,
    accessToken: token,
    clientId,
    clientSecret: secret,
    scopes: ["read_orders", "write_discounts"],
    optionalScopes: ["write_gift_cards"],
    redirectUrls: [redirectUrl],
    ...options,
  })
  setAbstractFetchFunc((url, init) => fetch(String(url).replace(`https://${shop}`, sandbox.url), init))
  opened = sandbox
  return sandbox
}

afterEach(async () => {
  await opened?.close()
  opened = undefined
})

const isOpen = async (accessToken: string | undefined): Promise<boolean> => {
  const answer = await fetch(`${opened?.url}/admin/api/2026-10/graphql.json`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Shopify-Access-Token": accessToken ?? "" },
    body: JSON.stringify({ query: "{ shop { name } }" }),
  })
  expect([200, 401]).toContain(answer.status)
  return answer.status === 200
}

const ask = async (fields: Readonly<Record<string, string>>) => {
  const answer = await fetch(`${opened?.url}/admin/oauth/access_token`, {
    method: "POST",
    body: new URLSearchParams({ client_id: clientId, client_secret: secret, ...fields }),
  })
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> }
}

const exchanged = async (sandbox: ShopifySandbox.Opened, expiring = true) =>
  (
    await library.auth.tokenExchange({
      shop,
      sessionToken: await sandbox.control.sessionToken(),
      requestedTokenType: RequestedTokenType.OfflineAccessToken,
      expiring,
    })
  ).session

/** The library's own begin and callback as an app would serve them. */
const appServer = () =>
  new Promise<{ readonly url: string; readonly sessions: Array<unknown>; readonly close: () => void }>((resolve) => {
    const sessions: Array<unknown> = []
    const server = createServer((rawRequest, rawResponse) => {
      const work = rawRequest.url?.startsWith("/auth/callback")
        ? library.auth.callback({ rawRequest, rawResponse, expiring: true }).then(({ session }) => {
            sessions.push(session)
            rawResponse.writeHead(200).end()
          })
        : library.auth.begin({ shop, callbackPath: "/auth/callback", isOnline: false, rawRequest, rawResponse })
      work.catch((error: unknown) => rawResponse.writeHead(500).end(String(error)))
    })
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { readonly port: number }
      resolve({ url: `http://127.0.0.1:${port}`, sessions, close: () => server.close() })
    })
  })

describe("the authorization code", () => {
  it("installs, comes back signed, and the library takes it", async () => {
    const sandbox = await open({ installed: false })
    expect(await isOpen(token)).toBe(false)
    const app = await appServer()
    const browser = { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0" }
    const begun = await fetch(`${app.url}/auth`, { redirect: "manual", headers: browser })
    const consent = await fetch(String(begun.headers.get("location")).replace(`https://${shop}`, sandbox.url), {
      redirect: "manual",
    })
    const back = new URL(String(consent.headers.get("location")))
    expect([consent.status, back.origin + back.pathname, back.searchParams.get("shop")]).toEqual([
      302,
      redirectUrl,
      shop,
    ])
    expect(Buffer.from(back.searchParams.get("host") ?? "", "base64").toString()).toBe("admin.shopify.com/store/tea")
    const cookie = begun.headers
      .getSetCookie()
      .map((one) => one.split(";")[0])
      .join("; ")
    const called = (query: string) => fetch(`${app.url}/auth/callback${query}`, { headers: { ...browser, cookie } })
    expect((await called(back.search.replace(/code=./, "code=z"))).status).toBe(500)
    expect(await (await called(back.search)).text()).toBe("")
    expect(app.sessions).toMatchObject([{ shop, scope: "read_orders,write_discounts", isOnline: false }])
    const [session] = app.sessions as ReadonlyArray<{ readonly accessToken: string; readonly refreshToken: string }>
    expect(session?.refreshToken).toBeTypeOf("string")
    expect(await isOpen(session?.accessToken)).toBe(true)
    // The code is used up.
    expect(await (await called(back.search)).text()).toContain("400")
    app.close()
  })

  it("is refused for a strange client, address or optional scope, and ends after an hour", async () => {
    const sandbox = await open()
    const authorize = (changes: Readonly<Record<string, string>>) =>
      fetch(
        `${sandbox.url}/admin/oauth/authorize?${new URLSearchParams({
          client_id: clientId,
          redirect_uri: redirectUrl,
          state: "s t",
          ...changes,
        })}`,
        { redirect: "manual" },
      )
    expect((await authorize({ client_id: "another" })).status).toBe(400)
    expect(await (await authorize({ redirect_uri: "http://localhost:1/" })).text()).toContain("not whitelisted")
    expect(await (await authorize({ optional_scopes: "read_themes" })).text()).toContain("read_themes")
    const back = new URL(String((await authorize({ optional_scopes: "write_gift_cards" })).headers.get("location")))
      .searchParams
    expect(await library.utils.validateHmac(Object.fromEntries(back))).toBe(true)
    expect((await sandbox.control.app()).scopes).toEqual(["read_orders", "write_discounts", "write_gift_cards"])
    await sandbox.control.advance({ minutes: 60 })
    expect(await ask({ code: back.get("code") ?? "" })).toMatchObject({
      status: 400,
      body: { error: "invalid_request" },
    })
  })
})

describe("token exchange", () => {
  it("gives expiring tokens that the shop's clock ends", async () => {
    const sandbox = await open()
    const session = await exchanged(sandbox)
    expect([session.id, session.scope]).toEqual([`offline_${shop}`, "read_orders,write_discounts"])
    expect(Math.round(((session.expires?.getTime() ?? 0) - Date.now()) / 60_000)).toBe(60)
    expect(Math.round(((session.refreshTokenExpires?.getTime() ?? 0) - Date.now()) / 86_400_000)).toBe(90)
    await sandbox.control.advance({ minutes: 59, seconds: 59 })
    expect(await isOpen(session.accessToken)).toBe(true)
    await sandbox.control.advance({ seconds: 1 })
    expect(await isOpen(session.accessToken)).toBe(false)
  })

  it("gives a permanent token once, and online ones for a day", async () => {
    const sandbox = await open({ installed: false })
    await sandbox.control.install()
    const first = await exchanged(sandbox, false)
    expect([first.expires, first.refreshToken]).toEqual([undefined, undefined])
    expect((await exchanged(sandbox, false)).accessToken).toBe(first.accessToken)
    const { session } = await library.auth.tokenExchange({
      shop,
      sessionToken: await sandbox.control.sessionToken({ userId: "77" }),
      requestedTokenType: RequestedTokenType.OnlineAccessToken,
    })
    expect(session.onlineAccessInfo?.associated_user.id).toBe(77)
    await sandbox.control.advance(day)
    expect([await isOpen(first.accessToken), await isOpen(session.accessToken)]).toEqual([true, false])
  })

  it("refuses session tokens of another secret, app, shop or time", async () => {
    const sandbox = await open()
    const exchange = async (subject: string) =>
      (
        await ask({
          grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
          subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
          requested_token_type: RequestedTokenType.OfflineAccessToken,
          subject_token: subject,
        })
      ).body
    const good = await sandbox.control.sessionToken()
    const [header = "", body = "", signature = ""] = good.split(".")
    const none = Buffer.from('{"alg":"none"}').toString("base64url")
    const other = Buffer.from(
      JSON.stringify({ ...(JSON.parse(Buffer.from(body, "base64url").toString()) as object), aud: "x" }),
    ).toString("base64url")
    for (const bad of [
      await sandbox.control.sessionToken({ secret: "another" }),
      await sandbox.control.sessionToken({ lifetimeSeconds: -1 }),
      `${none}.${body}.`,
      `${header}.${other}.${signature}`,
      "nonsense",
    ])
      expect(await exchange(bad)).toMatchObject({ error: "invalid_subject_token" })
    expect(await exchange("")).toMatchObject({ error: "missing_subject_token" })
    expect(await exchange(good)).toHaveProperty("access_token")
  })
})

describe("refresh", () => {
  it("keeps the old refresh token until the new one is used", async () => {
    const sandbox = await open()
    const refresh = async (refreshToken: string | undefined) =>
      (await library.auth.refreshToken({ shop, refreshToken: refreshToken ?? "" })).session
    const first = await exchanged(sandbox)
    await sandbox.control.faults({ tokenDrop: 1 })
    await expect(refresh(first.refreshToken)).rejects.toThrow("fetch failed")
    // The answer was lost; the same token still works, also days later.
    await sandbox.control.advance({ days: 29 })
    const second = await refresh(first.refreshToken)
    expect(await isOpen(second.accessToken)).toBe(true)
    const third = await refresh(second.refreshToken)
    await expect(refresh(first.refreshToken)).rejects.toThrow("400")
    expect((await refresh(second.refreshToken)).refreshToken).not.toBe(third.refreshToken)
    await sandbox.control.advance({ days: 30 })
    await expect(refresh(second.refreshToken)).rejects.toThrow("400")
    await sandbox.control.advance({ days: 60 })
    await expect(refresh(third.refreshToken)).rejects.toThrow("400")
  })

  it("may answer without expiry when told to, and fail", async () => {
    const sandbox = await open()
    const { refreshToken = "" } = await exchanged(sandbox)
    await sandbox.control.faults({ tokenFailure: 1, tokenWithoutExpiry: 1 })
    expect((await ask({ grant_type: "refresh_token", refresh_token: refreshToken })).status).toBe(503)
    const { body } = await ask({ grant_type: "refresh_token", refresh_token: refreshToken })
    expect(Object.keys(body).sort()).toEqual(["access_token", "refresh_token", "scope"])
  })
})

describe("other grants", () => {
  it("migrates a permanent token, and answers the same pair for a week", async () => {
    const sandbox = await open()
    const migrate = async () =>
      (await library.auth.migrateToExpiringToken({ shop, nonExpiringOfflineAccessToken: token })).session
    const session = await migrate()
    expect([await isOpen(token), await isOpen(session.accessToken)]).toEqual([false, true])
    await sandbox.control.advance({ days: 6 })
    const again = await migrate()
    expect([again.accessToken, again.refreshToken]).toEqual([session.accessToken, session.refreshToken])
    expect(await isOpen(again.accessToken)).toBe(true)
    await library.auth.refreshToken({ shop, refreshToken: again.refreshToken ?? "" })
    await expect(migrate()).rejects.toThrow("400")
  })

  it("gives client credentials for a day, and refuses what it does not know", async () => {
    const sandbox = await open()
    const { session } = await library.auth.clientCredentials({ shop })
    expect(await isOpen(session.accessToken)).toBe(true)
    await sandbox.control.advance(day)
    expect(await isOpen(session.accessToken)).toBe(false)
    const error = async (fields: Readonly<Record<string, string>>) => (await ask(fields)).body["error"]
    expect(await error({ grant_type: "password" })).toBe("unsupported_grant_type")
    expect(await error({ client_secret: "guess" })).toBe("invalid_client")
    expect(await error({ client_id: "guess" })).toBe("application_cannot_be_found")
    expect(await error({ client_assertion: "x" })).toBe("EMULATOR_NOT_IMPLEMENTED")
  })
})

describe("the installation", () => {
  const graphql = async (accessToken: string | undefined, query: string) =>
    (await (
      await fetch(`${opened?.url}/admin/api/2026-10/graphql.json`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Shopify-Access-Token": accessToken ?? "" },
        body: JSON.stringify({ query }),
      })
    ).json()) as { readonly data: unknown }

  it("ends with all its tokens, from outside and by the app itself, and begins anew", async () => {
    const sandbox = await open()
    const { accessToken, refreshToken = "" } = await exchanged(sandbox)
    await sandbox.control.uninstall()
    expect([await isOpen(token), await isOpen(accessToken)]).toEqual([false, false])
    expect((await ask({ grant_type: "refresh_token", refresh_token: refreshToken })).body).toMatchObject({
      error: "app_not_installed",
    })
    await expect(sandbox.control.uninstall()).rejects.toThrow("not installed")
    await sandbox.control.install()
    const again = await exchanged(sandbox)
    expect([await isOpen(token), await isOpen(again.accessToken)]).toEqual([false, true])
    const query = "mutation { appUninstall { app { apiKey } userErrors { code } } }"
    expect((await graphql(again.accessToken, query)).data).toEqual({
      appUninstall: { app: { apiKey: clientId }, userErrors: [] },
    })
    expect(await isOpen(again.accessToken)).toBe(false)
  })

  it("has optional scopes that come and go, and required ones that stay", async () => {
    const sandbox = await open()
    await sandbox.control.grantScopes(["write_gift_cards"])
    await expect(sandbox.control.grantScopes(["read_themes"])).rejects.toThrow("does not declare read_themes")
    const revoke = (scope: string) =>
      graphql(
        token,
        `mutation { appRevokeAccessScopes(scopes: ["${scope}"]) { revoked { handle } userErrors { code } } }`,
      )
    for (const [scope, code] of [
      ["read_orders", "CANNOT_REVOKE_REQUIRED_SCOPES"],
      ["read_discounts", "CANNOT_REVOKE_IMPLIED_SCOPES"],
      ["read_themes", "CANNOT_REVOKE_UNDECLARED_SCOPES"],
    ])
      expect((await revoke(scope ?? "")).data).toMatchObject({ appRevokeAccessScopes: { userErrors: [{ code }] } })
    expect((await revoke("write_gift_cards")).data).toEqual({
      appRevokeAccessScopes: { revoked: [{ handle: "write_gift_cards" }], userErrors: [] },
    })
    expect((await sandbox.control.app()).scopes).toEqual(["read_orders", "write_discounts"])
  })

  it("accepts the secret before the newest for an hour", async () => {
    const sandbox = await open()
    await sandbox.control.rotateSecret("newer")
    const credentials = { grant_type: "client_credentials" }
    expect((await ask(credentials)).status).toBe(200)
    expect((await ask({ ...credentials, client_secret: "newer" })).status).toBe(200)
    await sandbox.control.advance({ hours: 1 })
    expect((await ask(credentials)).body).toMatchObject({ error: "invalid_client" })
  })
})
