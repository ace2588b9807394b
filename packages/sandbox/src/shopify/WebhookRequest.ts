/**
 * One webhook as an HTTP request: its headers, its signature over the raw bytes, and whether the receiver took it. Any
 * status but 2xx is a failure, redirections too, and so is a receiver that has not answered in time.
 */

import { createHash, createHmac } from "node:crypto"
import type { QueuedDelivery } from "./WebhookDelivery.ts"

/** A stable UUID of its parts, so that a repeated delivery is recognised after a restart. */
export const stableId = (...parts: ReadonlyArray<string | number>): string => {
  const hex = createHash("sha256").update(parts.join(" ")).digest("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export interface Sender {
  readonly shopDomain: string
  readonly apiVersion: string
  readonly secret: string
  readonly timeoutMs: number
  readonly closing: AbortSignal
}

/** With the secret of the moment: after a rotation a retry may be signed with another than the first attempt. */
export const headersOf = (delivery: QueuedDelivery, body: Buffer, sender: Sender): Record<string, string> => ({
  "Content-Type": "application/json",
  "User-Agent": "Shopify-Captain-Hook",
  "X-Shopify-Topic": delivery.topic,
  "X-Shopify-Hmac-Sha256": createHmac("sha256", sender.secret).update(body).digest("base64"),
  "X-Shopify-Shop-Domain": sender.shopDomain,
  "X-Shopify-Webhook-Id": delivery.webhookId,
  "X-Shopify-Event-Id": delivery.eventId,
  "X-Shopify-Triggered-At": delivery.triggeredAt,
  "X-Shopify-API-Version": sender.apiVersion,
  ...(delivery.name === null ? {} : { "X-Shopify-Name": delivery.name }),
})

export const send = async (delivery: QueuedDelivery, sender: Sender): Promise<boolean> => {
  const body = Buffer.from(delivery.body, "utf8")
  try {
    const answer = await fetch(delivery.uri, {
      method: "POST",
      headers: headersOf(delivery, body, sender),
      body: new Uint8Array(body),
      redirect: "manual",
      signal: AbortSignal.any([sender.closing, AbortSignal.timeout(sender.timeoutMs)]),
    })
    await answer.arrayBuffer()
    return answer.status >= 200 && answer.status < 300
  } catch {
    // A refused, reset or slow connection counts as a failed attempt.
    return false
  }
}
