/** A merchant installs the app, a visitor follows a link: over HTTP, against the sandbox, and what is refused with which status. */
import { Installations } from "@advocacy-kit/core/connector/Installations"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { ShopifySandbox } from "@advocacy-kit/sandbox"
import { Server } from "@advocacy-kit/server"
import * as ShopifyConnector from "@advocacy-kit/server/shopify"
import * as Shopify from "@advocacy-kit/shopify"
import { Effect, Layer, ManagedRuntime, Redacted, Stream } from "effect"
import { HttpServer } from "effect/http"
import { createHmac } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { world } from "./webhookAddress.ts"

const shop = world.brand.shopDomain
const [clientId, secret] = ["app-of-the-test", "hush"]
const browser = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0" }
const stores = Layer.merge(
  MemoryStores.layerMemory,
  Layer.succeed(CurrentTenant, { id: TenantIdOf("tea"), handleKey: new TextEncoder().encode("a key of the test") }),
)

const open = async () => {
  const sandbox = await ShopifySandbox.open({
    world,
    accessToken: "shpat_test",
    clientId,
    clientSecret: secret,
    scopes: ["read_orders"],
    installed: false,
  })
  const app = Shopify.Shopify.layerApp({
    shop,
    app: { clientId, url: "https://app.example", scopes: ["read_orders"] },
    webhookSecrets: [Redacted.make(secret)],
    baseUrl: sandbox.url,
  })
  const runtime = ManagedRuntime.make(
    Server.layer(ShopifyConnector.appRoutes, { port: 0 }).pipe(Layer.provideMerge(app), Layer.provideMerge(stores)),
  )
  const { address } = await runtime.runPromise(HttpServer.HttpServer)
  if (address._tag === "UnixPathAddress") throw new Error("the server listens on no port")
  return { sandbox, runtime, url: `http://127.0.0.1:${address.port}` }
}

let opened: Awaited<ReturnType<typeof open>>
beforeAll(async () => {
  opened = await open()
}, 60_000)
afterAll(async () => {
  await opened.runtime.dispose()
  await opened.sandbox.close()
})

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${opened.url}${path}`, { redirect: "manual", headers: { ...browser, ...headers } })
const errorOf = async (answer: Response) => [answer.status, ((await answer.json()) as { readonly error: string }).error]
const installation = () =>
  opened.runtime.runPromise(Effect.flatMap(Installations, ({ all }) => Effect.map(all, ([one]) => one)))
const exchange = (token: string) =>
  fetch(`${opened.url}/shopify/token-exchange`, { method: "POST", headers: { authorization: `Bearer ${token}` } })

/** Path and query as the storefront passes them on. */
const proxied = (code: string, changes: Readonly<Record<string, string>> = {}): string => {
  const query = new URLSearchParams({
    shop,
    logged_in_customer_id: "7",
    path_prefix: "/apps/refer",
    timestamp: `${Math.floor(Date.now() / 1000)}`,
    ...changes,
  })
  const message = [...query].map(([name, value]) => `${name}=${value}`).sort()
  query.append("signature", createHmac("sha256", secret).update(message.join("")).digest("hex"))
  return `/shopify/proxy/${code}?${query}`
}
const visits = () =>
  opened.runtime.runPromise(
    Effect.flatMap(FactLog, (log) => Stream.runCollect(log.newest({ asOf: 9e15, tags: ["LinkVisited"] }))),
  )

describe("installing", () => {
  it("goes over Shopify's consent back into the shop's admin, with the state in cookies that come back as they were", async () => {
    const begun = await get(`/shopify/install?shop=${shop}`)
    expect(begun.status).toBe(302)
    const cookies = begun.headers.getSetCookie()
    expect(cookies).toHaveLength(2)
    for (const cookie of cookies) expect(cookie).toMatch(/Secure/i)
    const consent = await fetch(String(begun.headers.get("location")).replace(`https://${shop}`, opened.sandbox.url), {
      redirect: "manual",
    })
    const back = new URL(consent.headers.get("location") ?? "")
    const cookie = cookies.map((one) => one.split(";")[0]).join("; ")
    expect(await errorOf(await get(back.pathname + back.search))).toEqual([400, "StateMissing"])
    expect(await errorOf(await get(`${back.pathname}${back.search}&shop=x`, { cookie }))).toEqual([
      400,
      "ParameterInvalid",
    ])
    expect(await errorOf(await get(back.pathname + back.search.replace(/code=./, "code=z"), { cookie }))).toEqual([
      401,
      "NotSigned",
    ])
    expect(await installation()).toBeUndefined()
    const done = await get(back.pathname + back.search, { cookie })
    expect([done.status, done.headers.get("location")]).toEqual([302, `https://${shop}/admin/apps/${clientId}`])
    expect(await done.text()).toBe("")
    const gone = done.headers.getSetCookie().filter((one) => one.includes("Max-Age=0"))
    expect(gone.map((one) => /Path=([^;]*)/.exec(one)?.[1])).toEqual(["/shopify/callback", "/shopify/callback"])
    expect((await installation())?.scopes).toEqual(["read_orders"])
    expect(await errorOf(await get(back.pathname + back.search, { cookie }))).toEqual([403, "GrantRefused"])
  })

  it("by a session token answers no token", async () => {
    const answer = await exchange(await opened.sandbox.control.sessionToken())
    expect([answer.status, await answer.json()]).toEqual([200, { installed: true, scopes: ["read_orders"] }])
    const another = await opened.sandbox.control.sessionToken({ secret: "another" })
    for (const bad of [another, "nonsense", "", "a b"])
      expect(await errorOf(await exchange(bad))).toEqual([401, "SessionInvalid"])
    expect((await get("/shopify/token-exchange")).status).toBe(404)
  })

  it("is refused for another shop, for what is none, and for programs", async () => {
    expect(await errorOf(await get("/shopify/install?shop=other.myshopify.com"))).toEqual([403, "OtherShop"])
    for (const bad of ["", "?shop=evil.example", `?shop=${shop}&shop=${shop}`, `?shop=${shop}%2F..`])
      expect(await errorOf(await get(`/shopify/install${bad}`))).toEqual([400, "ParameterInvalid"])
    expect((await get(`/shopify/install?shop=${shop}`, { "user-agent": "Googlebot/2.1" })).status).toBe(410)
  })
})

describe("a share link", () => {
  it("is a visit of whoever is signed in, once, and goes on within the shop", async () => {
    const path = proxied("ann-10", { to: "/products/tea?size=1" })
    for (let time = 0; time < 2; time++) {
      const answer = await get(path)
      expect([answer.status, answer.headers.get("location")]).toEqual([302, "/products/tea?size=1&ref=ANN-10"])
    }
    expect(await visits()).toMatchObject([{ code: "ANN-10", visitor: "shopify:customer/7" }])
    const json = await get(proxied("ben", { logged_in_customer_id: "", device: "d-1" }), { accept: "application/json" })
    expect(await json.json()).toEqual({ code: "BEN", recorded: true })
    const nobody = await get(proxied("ben", { logged_in_customer_id: "" }), { accept: "application/json" })
    expect(await nobody.json()).toEqual({ code: "BEN", recorded: false })
    expect((await visits()).map((fact) => fact._tag === "LinkVisited" && fact.visitor).sort()).toEqual([
      expect.stringMatching(/^device:/),
      "shopify:customer/7",
    ])
  })

  it("comes through the sandbox's own storefront", async () => {
    await opened.sandbox.control.declareProxy({ prefix: "apps", subpath: "refer", url: `${opened.url}/shopify/proxy` })
    const answer = await fetch(`${opened.sandbox.url}/apps/refer/CLARA?Z=1&a=2&a1=3`, {
      redirect: "manual",
      headers: { "X-Sandbox-Customer": "9", Accept: "application/json" },
    })
    expect([answer.status, await answer.json()]).toEqual([200, { code: "CLARA", recorded: true }])
  })

  it("is refused when it is changed, old, of another shop, or says something twice", async () => {
    const before = (await visits()).length
    const good = proxied("ann")
    const late = { timestamp: `${Math.floor(Date.now() / 1000) - 91}` }
    for (const [path, expected] of [
      [good.replace("logged_in_customer_id=7", "logged_in_customer_id=8"), [401, "NotSigned"]],
      [good.replace(/signature=..../, "signature=0000"), [401, "NotSigned"]],
      [good.replace(/&signature=.*/, ""), [401, "NotSigned"]],
      [`${good}&extra=1`, [401, "NotSigned"]],
      [`${good}&shop=${shop}`, [401, "NotSigned"]],
      [proxied("ann", late), [401, "NotSigned"]],
      [proxied("ann", { timestamp: "soon" }), [401, "NotSigned"]],
      [proxied("ann", { shop: "other.myshopify.com" }), [403, "OtherShop"]],
      [proxied("%20"), [400, "ParameterInvalid"]],
      [proxied(".%20."), [400, "ParameterInvalid"]],
    ] as const)
      expect(await errorOf(await get(path)), path).toEqual(expected)
    expect((await get(proxied("%E0%A4%A"))).status).toBe(404)
    expect(await visits()).toHaveLength(before)
  })
})
