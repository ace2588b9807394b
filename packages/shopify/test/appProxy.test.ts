/** Signatures of the app proxy: as Shopify describes them, as the library judges them, and where visits go on to. */
import { Effect, Redacted } from "effect"
import { createHmac } from "node:crypto"
import { describe, expect, it } from "vitest"
import * as AppProxy from "../src/AppProxy.ts"
import * as OAuthLibrary from "../src/OAuthLibrary.ts"
import { settings } from "../src/ShopifyConfig.ts"
import { appOptions, shop } from "./appUnderTest.ts"
import { handleKey, secret } from "./shopUnderTest.ts"

/** Whole `key=value` texts in the order of their bytes, several values of a key joined by commas. */
const signed = (pairs: ReadonlyArray<readonly [string, string]>, by = secret): URLSearchParams => {
  const query = new URLSearchParams([
    ["shop", shop],
    ["logged_in_customer_id", "9007199254740993"],
    ["path_prefix", "/apps/refer"],
    ["timestamp", `${Math.floor(Date.now() / 1000)}`],
    ...pairs.map(([name, value]) => [name, value] as [string, string]),
  ])
  const texts = [...new Set(query.keys())].map((name) => `${name}=${query.getAll(name).join(",")}`).sort()
  query.append("signature", createHmac("sha256", by).update(texts.join("")).digest("hex"))
  return query
}

const visit = (query: URLSearchParams, path = "/shopify/proxy/ANN", secrets = [secret]) =>
  Effect.runPromise(
    Effect.result(
      Effect.flatMap(
        Effect.orDie(settings({ ...appOptions, webhookSecrets: secrets.map((one) => Redacted.make(one)) })),
        (read) => AppProxy.visit(read, handleKey, `${path}?${query}`),
      ),
    ),
  )

const outcome = async (...told: Parameters<typeof visit>) => {
  const result = await visit(...told)
  return result._tag === "Success" ? "visited" : result.failure.reason._tag
}

describe("the signature of a proxy request", () => {
  it("is the example of Shopify's own documentation", async () => {
    // As published: hush is the secret.
    const query = new URLSearchParams(
      "extra=1&extra=2&shop=shop-name.myshopify.com&logged_in_customer_id=1&path_prefix=%2Fapps%2Fawesome_reviews&timestamp=1317327555&signature=4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb",
    )
    expect(await Effect.runPromise(AppProxy.isSignedAsDescribed(query, Redacted.make("hush")))).toBe(true)
    query.set("logged_in_customer_id", "2")
    expect(await Effect.runPromise(AppProxy.isSignedAsDescribed(query, Redacted.make("hush")))).toBe(false)
  })

  it("is refused by the library alone where keys differ in case or one begins with the other; here it is taken", async () => {
    const read = await Effect.runPromise(settings(appOptions))
    if (read.app === undefined) throw new Error("the app is missing")
    const { utils } = await Effect.runPromise(OAuthLibrary.make(read, read.app, Redacted.make(secret)))
    const plain = signed([["utm_source", "mail"]])
    expect(await utils.validateHmac(plain, { signator: "appProxy" })).toBe(true)
    for (const pairs of [
      [
        ["a", "1"],
        ["a1", "2"],
      ],
      [
        ["Z", "1"],
        ["b", "2"],
      ],
    ] as const) {
      const query = signed(pairs)
      expect(await utils.validateHmac(query, { signator: "appProxy" })).toBe(false)
      expect(await outcome(query)).toBe("visited")
    }
  })

  it("may be of either secret of a rotation", async () => {
    expect(await outcome(signed([], "older"), undefined, [secret, "older"])).toBe("visited")
    expect(await outcome(signed([], "another"), undefined, [secret, "older"])).toBe("NotSigned")
  })

  it("covers every parameter: none can be changed, added, left out or doubled", async () => {
    const query = signed([["to", "/x"]])
    expect(await outcome(query)).toBe("visited")
    for (const name of query.keys()) {
      const changed = new URLSearchParams(query)
      changed.set(name, `${query.get(name)}0`)
      expect(await outcome(changed), `changed ${name}`).toBe("NotSigned")
      const without = new URLSearchParams(query)
      without.delete(name)
      expect(await outcome(without), `without ${name}`).toBe("NotSigned")
      const twice = new URLSearchParams([...query, [name, query.get(name) ?? ""]])
      expect(await outcome(twice), `twice ${name}`).toBe("NotSigned")
    }
  })
})

describe("where a visit goes on to", () => {
  it("is a path of the shop", () => {
    for (const good of ["/", "/products/tea", "/a?b=c#d", "/a//b"]) expect(AppProxy.pathWithin(good)).toBe(good)
    for (const bad of [
      null,
      "",
      "products",
      "//evil.example",
      "/\\evil.example",
      "/a\\b",
      "https://evil.example",
      "javascript:alert(1)",
      "/a\nb",
      "/a\r\nLocation: x",
      "/a b",
      "/\tevil",
      "/é",
      `/${"a".repeat(600)}`,
    ])
      expect(AppProxy.pathWithin(bad), `${bad}`).toBe("/")
  })

  it("holds the code, whatever the path said", async () => {
    const result = await visit(signed([["to", "/p?ref=OTHER&x=1"]]), "/shopify/proxy/ann-10")
    expect(result).toMatchObject({
      success: {
        code: "ANN-10",
        location: "/p?ref=ANN-10&x=1",
        fact: { visitor: "shopify:customer/9007199254740993" },
      },
    })
  })
})
