/**
 * Signs a webhook request as HubSpot's third version does: HMAC-SHA256 over method, URI, body and timestamp,
 * in base64. The URI is signed with these escapes undone, and no others.
 */
import { createHmac } from "node:crypto"

const escapes: Readonly<Record<string, string>> = {
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

const readable = (uri: string): string =>
  uri.replace(/%[0-9A-Fa-f]{2}/g, (escape) => escapes[escape.toUpperCase()] ?? escape)

export interface SignedRequest {
  readonly method: string
  readonly uri: string
  readonly body: string
  readonly timestampMillis: number
}

export const sign = (secret: string, request: SignedRequest): string =>
  createHmac("sha256", secret)
    .update(request.method + readable(request.uri) + request.body + String(request.timestampMillis))
    .digest("base64")
