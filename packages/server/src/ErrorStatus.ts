/**
 * Which HTTP status each domain error answers with: the one table, exhaustive by type.
 *
 * What the sender did wrong is a 4xx. What is our fault (a store that is down, a connection that is not set up) is 503,
 * because platforms repeat a 503 and drop a message after some 4xx.
 */
import type { InboxError } from "@advocacy-kit/core/connector/Inbox"
import type * as HubSpot from "@advocacy-kit/hubspot"
import type * as Shopify from "@advocacy-kit/shopify"
import { HttpServerResponse } from "effect/http"

export type Refusal = InboxError | Shopify.Webhook.WebhookRefused["reason"] | HubSpot.WebhookRefused["reason"] | BodyUnreadable

/** The body was cut off or is too large; nothing of it was read. */
export interface BodyUnreadable {
  readonly _tag: "BodyUnreadable"
}

const statuses: { readonly [Tag in Refusal["_tag"]]: number } = {
  InboxError: 503,
  BodyUnreadable: 413,
  HeaderMissing: 400,
  NotSigned: 401,
  SignatureRefused: 401,
  UnreadableBody: 400,
  OtherShop: 503,
  OtherPortal: 503,
  NotConfigured: 503,
}

export const statusOf = (refusal: Refusal): number => statuses[refusal._tag]

/** The answer to a refused request. It says which rule refused it and quotes nothing of the request. */
export const respond = (refusal: Refusal): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.jsonUnsafe({ error: refusal._tag }, { status: statusOf(refusal) })
