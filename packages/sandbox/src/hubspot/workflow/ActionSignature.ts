/**
 * The signatures of a request to an action: the second version, which is documented for actions, and the third besides,
 * which HubSpot says it sends everywhere (unverified for actions). Each attempt is signed anew.
 */
import { createHash } from "node:crypto"
import { sign } from "../WebhookSignature.ts"

/** SHA-256 in hex over secret, method, address and body. */
export const signSecond = (secret: string, uri: string, body: string): string =>
  createHash("sha256").update(`${secret}POST${uri}${body}`).digest("hex")

export const headers = (
  secret: string,
  uri: string,
  body: string,
  timestampMillis: number,
): Readonly<Record<string, string>> => ({
  "Content-Type": "application/json",
  "X-HubSpot-Signature": signSecond(secret, uri, body),
  "X-HubSpot-Signature-Version": "v2",
  "X-HubSpot-Signature-v3": sign(secret, { method: "POST", uri, body, timestampMillis }),
  "X-HubSpot-Request-Timestamp": String(timestampMillis),
})
