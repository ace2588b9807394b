/**
 * Whether a request really comes from HubSpot: version 3 of its signatures, over the raw bytes; version 2 where nothing else comes.
 *
 * Signed are the method, the public address, the body and the timestamp, with the app's client secret. Promises: the
 * configured address is used, never one rebuilt from headers; timestamps are 13 digits and at most five minutes off in
 * either direction; comparison takes constant time; during a rotation two secrets are tried. It does not parse the body.
 */
import { Clock, Effect, Redacted, Schema } from "effect"
import { Digest, Mac } from "effect/crypto"

export const windowMillis = 5 * 60_000

export interface SignedRequest {
  readonly method: string
  /** As HubSpot calls it: the registered public address. */
  readonly url: string
  readonly body: Uint8Array
  /** `X-HubSpot-Signature-v3` */
  readonly signature: string | null
  /** `X-HubSpot-Request-Timestamp` */
  readonly timestamp: string | null
}

export class SignatureRefused extends Schema.TaggedError<SignatureRefused>()("SignatureRefused", {
  reason: Schema.Literals(["missing", "malformed", "stale", "wrong", "no-secret"]),
}) {
  readonly isRetryable = false
}

/** HubSpot decodes these escapes, and no others, before it signs. */
const decoded: Readonly<Record<string, string>> = {
  "%3A": ":",
  "%2F": "/",
  "%3F": "?",
  "%40": "@",
  "%21": "!",
  "%24": "$",
  "%27": "'",
  "%28": "(",
  "%29": ")",
  "%2A": "*",
  "%2C": ",",
  "%3B": ";",
}

export const decodeUrl = (url: string): string =>
  url.replace(/%[0-9A-Fa-f]{2}/g, (escape) => decoded[escape.toUpperCase()] ?? escape)

const utf8 = new TextEncoder()

/** The bytes that are signed. */
export const signedBytes = (method: string, url: string, body: Uint8Array, timestamp: string): Uint8Array => {
  const before = utf8.encode(method.toUpperCase() + decodeUrl(url))
  const after = utf8.encode(timestamp)
  const bytes = new Uint8Array(before.length + body.length + after.length)
  bytes.set(before, 0)
  bytes.set(body, before.length)
  bytes.set(after, before.length + body.length)
  return bytes
}

const refuse = (reason: SignatureRefused["reason"]) => Effect.fail(new SignatureRefused({ reason }))

/** Exactly one spelling of a signature is accepted: 32 bytes in padded base64. */
const tagOf = (signature: string): Uint8Array | null => {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(signature)) return null
  const binary = atob(signature)
  return btoa(binary) === signature ? Uint8Array.from(binary, (character) => character.charCodeAt(0)) : null
}

export const verify = Effect.fnUntraced(function* (
  request: SignedRequest,
  secrets: ReadonlyArray<Redacted.Redacted<string>>,
) {
  if (secrets.length === 0) return yield* refuse("no-secret")
  if (request.signature === null || request.timestamp === null) return yield* refuse("missing")
  const tag = tagOf(request.signature)
  if (tag === null || !/^\d{13}$/.test(request.timestamp)) return yield* refuse("malformed")
  const now = yield* Clock.currentTimeMillis
  if (Math.abs(now - Number(request.timestamp)) > windowMillis) return yield* refuse("stale")
  const mac = yield* Mac.Mac
  const bytes = signedBytes(request.method, request.url, request.body, request.timestamp)
  for (const secret of secrets) {
    const key = yield* Mac.key(Mac.hmacSha256, utf8.encode(Redacted.value(secret))).pipe(Effect.orDie)
    if (yield* Effect.orDie(mac.verify(key, tag, bytes))) return
  }
  return yield* refuse("wrong")
})

/** The signature of version 2, in lower-case hexadecimal. */
const signatureV2 = (secret: string, { body, method, url }: Pick<SignedRequest, "body" | "method" | "url">) =>
  Effect.gen(function* () {
    const before = utf8.encode(secret + method.toUpperCase() + url)
    const bytes = new Uint8Array(before.length + body.length)
    bytes.set(before, 0)
    bytes.set(body, before.length)
    return yield* (yield* Digest.Digest).digestHex(Digest.sha256, bytes)
  })

/** In constant time; both have 64 digits. */
const isSame = (left: string, right: string): boolean => {
  let difference = left.length ^ right.length
  for (let index = 0; index < left.length; index++) difference |= left.charCodeAt(index) ^ right.charCodeAt(index)
  return difference === 0
}

/**
 * As workflow actions are documented: version 3 where its headers are there, else version 2 (`X-HubSpot-Signature`). That one has no
 * time, so an old request passes: what is done must be done once for each callback.
 */
export const verifyAction = Effect.fnUntraced(function* (
  request: SignedRequest & { readonly signatureV2: string | null },
  secrets: ReadonlyArray<Redacted.Redacted<string>>,
) {
  if (request.signature !== null || request.timestamp !== null) return yield* verify(request, secrets)
  if (secrets.length === 0) return yield* refuse("no-secret")
  if (request.signatureV2 === null) return yield* refuse("missing")
  if (!/^[0-9a-f]{64}$/.test(request.signatureV2)) return yield* refuse("malformed")
  for (const secret of secrets)
    if (isSame(request.signatureV2, yield* signatureV2(Redacted.value(secret), request))) return
  return yield* refuse("wrong")
})
