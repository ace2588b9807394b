import { createHmac } from "node:crypto"
import * as adapter from "@shopify/shopify-api/adapters/web-api"
import { ApiVersion, LogSeverity, shopifyApi } from "@shopify/shopify-api"
import { Effect, Redacted } from "effect"
import { describe, expect, it } from "vitest"
import { settings, type ShopifyOptions } from "../src/ShopifyConfig.ts"
import { isSigned } from "../src/Signature.ts"
import { verifyWith } from "../src/Webhook.ts"

const secrets = [Redacted.make("new secret"), Redacted.make("old secret")]
const sign = (secret: string, body: Uint8Array | string) => createHmac("sha256", secret).update(body).digest("base64")
const bytes = (text: string) => new TextEncoder().encode(text)
const signed = (body: Uint8Array, signature: string) => Effect.runPromise(isSigned(body, signature, secrets))

const options: ShopifyOptions = {
  shop: "tea.myshopify.com",
  accessToken: Redacted.make("shpat_x"),
  webhookSecrets: secrets,
}
const body = bytes(`{"id":9007199254740993,"admin_graphql_api_id":"gid://shopify/Order/9007199254740993"}`)

const headersOf = (changes: Readonly<Record<string, string>> = {}) =>
  new Headers({
    "X-Shopify-Hmac-Sha256": sign("new secret", body),
    "X-Shopify-Shop-Domain": "tea.myshopify.com",
    "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    "X-Shopify-Topic": "orders/create",
    ...changes,
  })

const verify = (headers: Headers, content: Uint8Array = body) =>
  Effect.runPromise(Effect.result(Effect.flatMap(settings(options), (config) => verifyWith(config, headers, content))))

const refusal = async (headers: Headers, content: Uint8Array = body) => {
  const result = await verify(headers, content)
  return result._tag === "Failure" && result.failure._tag === "WebhookRefused"
    ? result.failure.reason._tag
    : result._tag
}

describe("the signature", () => {
  it("is HMAC-SHA256 as published (RFC 4231, case 2)", async () => {
    const jefe = [Redacted.make("Jefe")]
    const tag = Buffer.from("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", "hex").toString(
      "base64",
    )
    expect(await Effect.runPromise(isSigned(bytes("what do ya want for nothing?"), tag, jefe))).toBe(true)
  })

  it("accepts either secret of a rotation, and no third one", async () => {
    expect(await signed(body, sign("new secret", body))).toBe(true)
    expect(await signed(body, sign("old secret", body))).toBe(true)
    expect(await signed(body, sign("another secret", body))).toBe(false)
    expect(await Effect.runPromise(isSigned(body, sign("", body), []))).toBe(false)
  })

  it("refuses every change of one bit, in the body and in the signature", async () => {
    const small = bytes(`{"id":7}`)
    const signature = sign("new secret", small)
    for (let bit = 0; bit < small.length * 8; bit++) {
      const changed = small.slice()
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(await signed(changed, signature)).toBe(false)
    }
    const tag = Buffer.from(signature, "base64")
    for (let bit = 0; bit < 256; bit++) {
      const changed = Buffer.from(tag)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(await signed(small, changed.toString("base64"))).toBe(false)
    }
  })

  it("refuses what is not the base64 of 32 bytes, also where a lenient decoder would accept it", async () => {
    const good = sign("new secret", body)
    const hex = Buffer.from(good, "base64").toString("hex")
    const sameBits = `${good.slice(0, 42)}${"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".indexOf(good[42] ?? "A") + 1]}=`
    for (const bad of [
      "",
      "=",
      hex,
      good.slice(1),
      `${good}=`,
      `${good}\n`,
      good.replace(/=$/, ""),
      sameBits,
      "é".repeat(44),
      "A".repeat(10_000),
    ]) {
      expect(await signed(body, bad)).toBe(false)
    }
  })
})

describe("a webhook", () => {
  it("becomes a delivery with its raw bytes", async () => {
    const result = await verify(headersOf())
    expect(result).toMatchObject({
      _tag: "Success",
      success: { source: "shopify", eventKey: "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043", topic: "orders/create", body },
    })
  })

  it("says when it happened, where Shopify says so in a way that can be read", async () => {
    const at = async (value: string) => {
      const result = await verify(headersOf({ "X-Shopify-Triggered-At": value }))
      return result._tag === "Success" ? result.success.triggeredAt : result.failure
    }
    expect(await at("2026-11-25T12:00:00.123456789Z")).toBe(Date.parse("2026-11-25T12:00:00.123Z"))
    expect(await at("2026-11-25T12:00:00-05:00")).toBe(Date.parse("2026-11-25T17:00:00Z"))
    for (const odd of ["", "soon", "1", "2026-13-45T99:99:99Z", "Wed, 25 Nov 2026 12:00:00 GMT"])
      expect(await at(odd), odd).toBeUndefined()
  })

  it("is read from the headers of events too, of one family at a time", async () => {
    const event = new Headers({
      "shopify-hmac-sha256": sign("new secret", body),
      "shopify-shop-domain": "tea.myshopify.com",
      "shopify-webhook-id": "e-1",
      "shopify-topic": "orders/create",
      "shopify-triggered-at": "2026-11-25T12:00:00Z",
    })
    expect(await verify(event)).toMatchObject({
      success: { eventKey: "e-1", topic: "orders/create", triggeredAt: Date.parse("2026-11-25T12:00:00Z") },
    })
    event.set("X-Shopify-Hmac-Sha256", sign("another secret", body))
    expect(await refusal(event)).toBe("NotSigned")
    event.set("X-Shopify-Hmac-Sha256", sign("new secret", body))
    expect(await refusal(event)).toBe("HeaderMissing")
  })

  it("is refused with the reason", async () => {
    expect(await refusal(headersOf(), bytes("{}"))).toBe("NotSigned")
    expect(await refusal(headersOf({ "X-Shopify-Hmac-Sha256": "" }))).toBe("NotSigned")
    expect(await refusal(headersOf({ "X-Shopify-Webhook-Id": " " }))).toBe("HeaderMissing")
    expect(await refusal(headersOf({ "X-Shopify-Topic": "x".repeat(201) }))).toBe("HeaderMissing")
    for (const shop of ["coffee.myshopify.com", "tea.myshopify.com.evil.example", "evil.example/tea.myshopify.com"]) {
      expect(await refusal(headersOf({ "X-Shopify-Shop-Domain": shop }))).toBe("OtherShop")
    }
  })

  it("is judged as Shopify's own library judges it", async () => {
    expect(adapter).toBeDefined()
    const official = shopifyApi({
      apiKey: "key",
      apiSecretKey: "new secret",
      apiVersion: ApiVersion.October26,
      hostName: "app.example",
      isEmbeddedApp: true,
      logger: { level: LogSeverity.Error, log: () => {} },
    })
    const theirs = async (headers: Headers, content: Uint8Array) => {
      headers.set("X-Shopify-API-Version", "2026-10")
      const rawRequest = new Request("https://app.example/webhooks", { method: "POST", headers })
      return (await official.webhooks.validate({ rawBody: new TextDecoder().decode(content), rawRequest })).valid
    }
    for (const [headers, content] of [
      [headersOf(), body],
      [headersOf(), bytes("{}")],
      [headersOf({ "X-Shopify-Hmac-Sha256": sign("another secret", body) }), body],
    ] as const) {
      expect((await verify(headers, content))._tag === "Success").toBe(await theirs(headers, content))
    }
  })
})

describe("the settings", () => {
  const fault = async (changes: Partial<ShopifyOptions>) => {
    const result = await Effect.runPromise(Effect.result(settings({ ...options, ...changes })))
    return result._tag === "Failure" ? result.failure.place : "accepted"
  }

  it("accept a shop's own domain and nothing around it", async () => {
    expect(await fault({})).toBe("accepted")
    for (const shop of [
      "",
      "tea",
      "https://tea.myshopify.com",
      "tea.myshopify.com/",
      "tea.myshopify.com.evil.example",
      "evil.example#.myshopify.com",
      "-tea.myshopify.com",
      "tea.myshopify.com\n",
    ]) {
      expect(await fault({ shop })).toBe("shop")
    }
  })

  it("name the option that is wrong", async () => {
    expect(await fault({ apiVersion: "2026-11" })).toBe("apiVersion")
    expect(await fault({ accessToken: Redacted.make("") })).toBe("accessToken")
    expect(await fault({ webhookSecrets: [Redacted.make("")] })).toBe("webhookSecrets")
    expect(await fault({ webhookSecrets: [...secrets, Redacted.make("third")] })).toBe("webhookSecrets")
    expect(await fault({ baseUrl: "file:///etc/passwd" })).toBe("baseUrl")
    expect(await fault({ hostSharePercent: 100 })).toBe("hostSharePercent")
  })
})
