/**
 * The session tokens that App Bridge hands to an embedded app's front end: a JWT, signed with HS256 by the client secret,
 * valid for one minute. The sandbox mints them for tests, and verifies those that come to be exchanged. Their times are
 * those of the app's clock, not of the shop's, because the app checks them too.
 */

import { createHmac, randomUUID, timingSafeEqual } from "node:crypto"

export interface SessionTokenClaims {
  readonly iss: string
  readonly dest: string
  readonly aud: string
  readonly sub: string
  readonly exp: number
  readonly nbf: number
  readonly iat: number
  readonly jti: string
  readonly sid: string
}

export interface Minting {
  readonly shopDomain: string
  readonly clientId: string
  readonly secret: string
  readonly userId: string
  readonly nowMillis: number
  readonly lifetimeSeconds: number
}

export const defaultLifetimeSeconds = 60

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value), "utf8").toString("base64url")

const signature = (content: string, secret: string): string =>
  createHmac("sha256", secret).update(content).digest("base64url")

export const mint = ({
  clientId,
  lifetimeSeconds: seconds,
  nowMillis,
  secret,
  shopDomain,
  userId,
}: Minting): string => {
  const issuedAt = Math.floor(nowMillis / 1000)
  const claims: SessionTokenClaims = {
    iss: `https://${shopDomain}/admin`,
    dest: `https://${shopDomain}`,
    aud: clientId,
    sub: userId,
    exp: issuedAt + seconds,
    nbf: issuedAt,
    iat: issuedAt,
    jti: randomUUID(),
    sid: randomUUID(),
  }
  const content = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(claims)}`
  return `${content}.${signature(content, secret)}`
}

const parsed = (part: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"))
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}

const isSame = (left: string, right: string): boolean =>
  left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right))

export interface Expected {
  readonly shopDomain: string
  readonly clientId: string
  readonly secrets: ReadonlyArray<string>
  readonly nowMillis: number
}

/** The user's id, or the words of what is wrong with the token. */
export const verify = (token: string, expected: Expected): { readonly userId: string } | string => {
  const [header, body, signed, ...rest] = token.split(".")
  if (header === undefined || body === undefined || signed === undefined || rest.length > 0) return "it is not a JWT"
  if (parsed(header)?.["alg"] !== "HS256") return "it is not signed with HS256"
  if (!expected.secrets.some((secret) => isSame(signature(`${header}.${body}`, secret), signed)))
    return "its signature is not the client secret's"
  const claims = parsed(body)
  if (claims?.["aud"] !== expected.clientId) return "its audience is another client id"
  if (claims["dest"] !== `https://${expected.shopDomain}`) return "its destination is another shop"
  const now = expected.nowMillis / 1000
  if (typeof claims["exp"] !== "number" || claims["exp"] <= now) return "it has expired"
  if (typeof claims["nbf"] === "number" && claims["nbf"] > now + 10) return "it is not valid yet"
  return { userId: String(claims["sub"]) }
}
