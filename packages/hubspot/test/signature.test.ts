import { Effect, Exit, Layer, Redacted } from "effect"
import { Mac, SecureRandom } from "effect/crypto"
import { TestClock } from "effect/testing"
import { createHmac } from "node:crypto"
import { describe, expect, it } from "vitest"
import * as Signature from "../src/Signature.ts"

const utf8 = new TextEncoder()
const secret = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"
const vector = {
  method: "POST",
  url: "https://www.example.com/webhook_uri",
  body: utf8.encode("{'example_field':'example_value'}"),
  signature: "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=",
  timestamp: "1693657560000",
} satisfies Signature.SignedRequest
const signedAt = 1_693_657_560_000

const mac = Mac.layerWebCrypto.pipe(Layer.provide(SecureRandom.layerWebCrypto))

/** The reason of the refusal, or "accepted". */
const judge = (
  request: Signature.SignedRequest,
  now = signedAt,
  secrets: ReadonlyArray<string> = [secret],
): Promise<string> =>
  Effect.gen(function* () {
    yield* TestClock.setTime(now)
    return yield* Signature.verify(
      request,
      secrets.map((text) => Redacted.make(text)),
    ).pipe(
      Effect.as("accepted"),
      Effect.catch((refused) => Effect.succeed<string>(refused.reason)),
    )
  }).pipe(Effect.provide(Layer.merge(mac, TestClock.layer())), Effect.runPromise)

const sign = (key: string, text: string): string => createHmac("sha256", key).update(text).digest("base64")

describe("Signature v3", () => {
  it("accepts the documented vector", async () => {
    expect(await judge(vector)).toBe("accepted")
  })

  it("takes five minutes in either direction, and not a millisecond more", async () => {
    const window = Signature.windowMillis
    expect(await judge(vector, signedAt + window)).toBe("accepted")
    expect(await judge(vector, signedAt - window)).toBe("accepted")
    expect(await judge(vector, signedAt + window + 1)).toBe("stale")
    expect(await judge(vector, signedAt - window - 1)).toBe("stale")
  })

  it("accepts either secret during a rotation, and neither before configuration", async () => {
    expect(await judge(vector, signedAt, ["new-secret", secret])).toBe("accepted")
    expect(await judge(vector, signedAt, ["new-secret", "another"])).toBe("wrong")
    expect(await judge(vector, signedAt, [])).toBe("no-secret")
  })

  it("names what is missing or malformed", async () => {
    expect(await judge({ ...vector, signature: null })).toBe("missing")
    expect(await judge({ ...vector, timestamp: null })).toBe("missing")
    for (const timestamp of [
      "1693657560",
      "16936575600000",
      "1693657560000.0",
      "1.69365756e12",
      " 1693657560000",
      "-693657560000",
      "",
    ]) {
      expect(await judge({ ...vector, timestamp }), timestamp).toBe("malformed")
    }
    for (const signature of [
      "",
      "K36d",
      vector.signature.slice(0, -1),
      `${vector.signature}=`,
      vector.signature.replace("+", "-"),
      "Y=".padStart(44, "é"),
    ]) {
      expect(await judge({ ...vector, signature }), signature).toBe("malformed")
    }
  })

  it("decodes the listed escapes of the address and no others", async () => {
    const body = utf8.encode("[]")
    const timestamp = String(signedAt)
    const signed = "https://example.com/hooks?a=x:y/@!$'()*,;&b=%20%26%25"
    const escaped = "https://example.com/hooks?a=x%3Ay%2F%40%21%24%27%28%29%2a%2c%3b&b=%20%26%25"
    const signature = sign(secret, `POST${signed}[]${timestamp}`)
    expect(await judge({ method: "post", url: escaped, body, signature, timestamp })).toBe("accepted")
    expect(await judge({ method: "POST", url: escaped.replace("%20", " "), body, signature, timestamp })).toBe("wrong")
  })

  it("signs bytes, not text: a body that is not UTF-8 is checked as it is", async () => {
    const body = Uint8Array.from([0xff, 0xfe, 0x00, 0x80])
    const timestamp = String(signedAt)
    const hmac = createHmac("sha256", secret).update("POSThttps://example.com/").update(body).update(timestamp)
    const request = { method: "POST", url: "https://example.com/", body, signature: hmac.digest("base64"), timestamp }
    expect(await judge(request)).toBe("accepted")
    expect(await judge({ ...request, body: Uint8Array.from([0xff, 0xfd, 0x00, 0x80]) })).toBe("wrong")
  })

  it("refuses 1,000 mutations of body, signature, timestamp, address and method", async () => {
    let seed = 20_261_122
    const random = (limit: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return Math.floor((seed / 2 ** 32) * limit)
    }
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    const replaced = (text: string, at: number, candidates: string): string => {
      const others = [...candidates].filter((character) => character !== text[at])
      return text.slice(0, at) + others[random(others.length)] + text.slice(at + 1)
    }
    const mutate = (kind: number): Signature.SignedRequest => {
      switch (kind) {
        case 0: {
          const body = Uint8Array.from(vector.body)
          const at = random(body.length)
          body[at] = (body[at] ?? 0) ^ (1 << random(8))
          return { ...vector, body }
        }
        case 1:
          return { ...vector, signature: replaced(vector.signature, random(43), alphabet) }
        case 2:
          return { ...vector, timestamp: replaced(vector.timestamp, 8 + random(5), "0123456789") }
        case 3:
          return { ...vector, url: replaced(vector.url, 8 + random(vector.url.length - 8), "abcdefgxyz-_0123456789") }
        case 4:
          return { ...vector, method: ["GET", "PUT", "PATCH", "DELETE", "POS"][random(5)] ?? "GET" }
        default:
          return { ...vector, body: vector.body.slice(0, random(vector.body.length)) }
      }
    }
    const verdicts = new Set<string>()
    for (let round = 0; round < 1_000; round += 1) verdicts.add(await judge(mutate(round % 6)))
    expect([...verdicts].sort()).not.toContain("accepted")
    expect(verdicts).toContain("wrong")
  })

  it("keeps secrets out of its errors", async () => {
    const exit = await Effect.runPromiseExit(
      Signature.verify({ ...vector, timestamp: String(Date.now()) }, [Redacted.make(secret)]).pipe(Effect.provide(mac)),
    )
    expect(Exit.isFailure(exit)).toBe(true)
    expect(JSON.stringify(exit)).not.toContain(secret)
  })
})
