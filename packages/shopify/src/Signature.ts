/**
 * Whether a webhook was signed by Shopify for this app.
 *
 * Promises: works on the raw bytes, before anything is parsed; compares in constant time; accepts either of two secrets
 * while one replaces the other, and always tries both. A signature that is not the base64 of 32 bytes is refused
 * without a computation.
 */
import { Effect, Layer, Redacted } from "effect"
import { type CryptoError, Mac, SecureRandom } from "effect/crypto"

const layer = Mac.layerWebCrypto.pipe(Layer.provide(SecureRandom.layerWebCrypto))

/** 32 bytes are 43 characters and one padding sign; the last character has two bits that must be zero. */
const shape = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))

/** Whether `signature` (base64) is the HMAC-SHA256 of `body` under one of the secrets. */
export const isSigned = (
  body: Uint8Array,
  signature: string,
  secrets: ReadonlyArray<Redacted.Redacted>,
): Effect.Effect<boolean, CryptoError.CryptoError> => {
  if (!shape.test(signature)) return Effect.succeed(false)
  const tag = bytesOf(signature)
  return Effect.gen(function* () {
    const mac = yield* Mac.Mac
    const answers = yield* Effect.forEach(secrets, (secret) =>
      Effect.flatMap(Mac.key(Mac.hmacSha256, new TextEncoder().encode(Redacted.value(secret))), (key) =>
        mac.verify(key, tag, body),
      ),
    )
    return answers.includes(true)
  }).pipe(Effect.provide(layer))
}

/** HMAC-SHA256 of a text; what deterministic codes are made of. */
export const hmac = (key: Uint8Array, text: string): Effect.Effect<Uint8Array, CryptoError.CryptoError> =>
  Effect.gen(function* () {
    const mac = yield* Mac.Mac
    return yield* mac.sign(yield* Mac.key(Mac.hmacSha256, key), new TextEncoder().encode(text))
  }).pipe(Effect.provide(layer))
