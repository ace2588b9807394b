/**
 * From an HTTP request to a verified delivery for the inbox.
 *
 * Promises: the signature is checked on the raw bytes before anything else of the request counts; a delivery for another
 * shop is refused. It parses nothing, needs no token and no network, so it works after the app was removed. Headers are not
 * signed: they name the message, and a record's content never comes from them. Both families of headers are read, `X-Shopify-…`
 * of webhooks and `shopify-…` of events.
 */
import type { Delivery } from "@advocacy-kit/core/connector/Inbox"
import { ShopifyEventsHeader, ShopifyHeader } from "@shopify/shopify-api"
import { Clock, Effect, Schema } from "effect"
import { type Settings, ShopifyConfig } from "./ShopifyConfig.ts"
import { isSigned } from "./Signature.ts"

export class HeaderMissing extends Schema.TaggedError<HeaderMissing>()("HeaderMissing", { header: Schema.String }) {
  readonly isRetryable = false
}

/** Not signed with this app's secret, or changed on the way. */
export class NotSigned extends Schema.TaggedError<NotSigned>()("NotSigned", { remedy: Schema.String }) {
  readonly isRetryable = false
}

/** Signed, but for a shop that is not connected here. */
export class OtherShop extends Schema.TaggedError<OtherShop>()("OtherShop", { expected: Schema.String }) {
  readonly isRetryable = false
}

export class WebhookRefused extends Schema.TaggedError<WebhookRefused>()("WebhookRefused", {
  reason: Schema.Union([HeaderMissing, NotSigned, OtherShop]),
}) {
  readonly isRetryable = false
  override get message(): string {
    switch (this.reason._tag) {
      case "HeaderMissing":
        return `the header ${this.reason.header} is missing or empty`
      case "NotSigned":
        return `the signature does not fit the body: ${this.reason.remedy}`
      case "OtherShop":
        return `the delivery is for another shop than ${this.reason.expected}`
    }
  }
}

export interface Headers {
  readonly get: (name: string) => string | null
}

const remedy =
  "sign with the app's client secret (webhooks made in the admin have another one), and pass the body exactly as it was received"

const required = (headers: Headers, header: string): Effect.Effect<string, WebhookRefused> => {
  const value = headers.get(header)?.trim() ?? ""
  // The inbox keeps these texts for ever: they are short and hold no control characters.
  return value === "" || value.length > 200 || /[^\x20-\x7e]/.test(value)
    ? Effect.fail(new WebhookRefused({ reason: new HeaderMissing({ header }) }))
    : Effect.succeed(value)
}

/** When it happened by Shopify's clock; left out where that is not said in a way that can be read. */
const triggeredAt = (value: string | null): { readonly triggeredAt?: number } => {
  const text = value?.trim() ?? ""
  const at = /^\d{4}-\d\d-\d\dT[\d:.]{5,20}(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isFinite(at) ? { triggeredAt: at } : {}
}

export const verifyWith = (
  config: Settings,
  headers: Headers,
  body: Uint8Array,
): Effect.Effect<Delivery, WebhookRefused> =>
  Effect.gen(function* () {
    const family = headers.get(ShopifyHeader.Hmac) === null ? ShopifyEventsHeader : ShopifyHeader
    const signature = headers.get(family.Hmac)?.trim() ?? ""
    const signed = yield* Effect.orDie(isSigned(body, signature, config.webhookSecrets))
    if (!signed) return yield* new WebhookRefused({ reason: new NotSigned({ remedy }) })
    const shop = yield* required(headers, family.Domain)
    if (shop.toLowerCase() !== config.shop)
      return yield* new WebhookRefused({ reason: new OtherShop({ expected: config.shop }) })
    return {
      source: "shopify",
      eventKey: yield* required(headers, family.WebhookId),
      topic: yield* required(headers, family.Topic),
      receivedAt: yield* Clock.currentTimeMillis,
      ...triggeredAt(headers.get(family.TriggeredAt)),
      body,
    }
  })

/** `headers` is a `Headers` object of fetch, or anything that looks names up regardless of case. */
export const verify = (headers: Headers, body: Uint8Array): Effect.Effect<Delivery, WebhookRefused, ShopifyConfig> =>
  Effect.flatMap(ShopifyConfig, (config) => verifyWith(config, headers, body))
