/**
 * One webhook request becomes one inbox message per event.
 *
 * Promises: nothing is parsed before the signature is checked on the raw bytes; the same event sent again has the same key
 * (HubSpot's `eventId` alone is not unique); events of other portals are never accepted. Payloads are hints: what they
 * name is read afresh later, so values are left out of the message and the inbox holds nothing personal.
 */
import { Clock, Context, Effect, Layer, Schema } from "effect"
import { Mac, SecureRandom } from "effect/crypto"
import type { Delivery } from "@advocacy-kit/core/connector/Inbox"
import { HubSpotConfig } from "./HubSpotConfig.ts"
import * as Signature from "./Signature.ts"
import * as Json from "./wire/Json.ts"
import { WebhookEvent, WebhookEvents } from "./wire/WebhookEvent.ts"

export interface WebhookRequest {
  readonly method: string
  /** Names in any case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
}

export interface Received {
  readonly deliveries: ReadonlyArray<Delivery>
  /** Portals whose events were in the same request and were left out. */
  readonly otherPortals: ReadonlyArray<string>
}

/** Nothing in the request is for this portal: it reached the wrong connection. */
export class OtherPortal extends Schema.TaggedError<OtherPortal>()("OtherPortal", {
  portals: Schema.Array(Schema.String),
  remedy: Schema.String,
}) {
  readonly isRetryable = false
}

export class UnreadableBody extends Schema.TaggedError<UnreadableBody>()("UnreadableBody", { problem: Schema.String }) {
  readonly isRetryable = false
}

export const otherThan = (portalId: string, portals: ReadonlyArray<string>): OtherPortal =>
  new OtherPortal({
    portals,
    remedy: `This address serves portal ${portalId}: register another address for the others, or uninstall the app there.`,
  })

/** Webhooks are not configured here. */
export class NotConfigured extends Schema.TaggedError<NotConfigured>()("NotConfigured", { remedy: Schema.String }) {
  readonly isRetryable = false
}

export class WebhookRefused extends Schema.TaggedError<WebhookRefused>()("WebhookRefused", {
  reason: Schema.Union([Signature.SignatureRefused, OtherPortal, UnreadableBody, NotConfigured]),
}) {
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
}

export class HubSpotWebhooks extends Context.Service<
  HubSpotWebhooks,
  {
    readonly receive: (request: WebhookRequest) => Effect.Effect<Received, WebhookRefused>
  }
>()("@advocacy-kit/hubspot/HubSpotWebhooks") {}

export const topicOf = (event: WebhookEvent): string => event.subscriptionType ?? event.eventType ?? "unknown"

/** What the event is about, where several ids can say so. */
const subjectOf = (event: WebhookEvent): string =>
  event.objectId ??
  event.newObjectId ??
  event.primaryObjectId ??
  `${event.fromObjectId ?? "-"}>${event.toObjectId ?? "-"}`

export const eventKeyOf = (event: WebhookEvent): string =>
  [event.portalId, event.subscriptionId, event.eventId, subjectOf(event), event.occurredAt, event.propertyName]
    .map((member) => member ?? "-")
    .join("/")

/** Splits a verified body; throws a `SyntaxError` that names the place and quotes nothing. */
export const events = (body: Uint8Array): ReadonlyArray<WebhookEvent> => {
  const list = WebhookEvents.safeParse(Json.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)))
  if (!list.success) throw new SyntaxError("expected a JSON array of events")
  return list.data.map((item, index) => {
    const event = WebhookEvent.safeParse(item)
    if (event.success) return event.data
    throw new SyntaxError(
      `event ${index}: ${event.error.issues[0]?.path.join(".") ?? ""} is missing or has the wrong type`,
    )
  })
}

const readEvents = (body: Uint8Array): Effect.Effect<ReadonlyArray<WebhookEvent>, UnreadableBody> =>
  Effect.try({
    try: () => events(body),
    catch: (cause) => new UnreadableBody({ problem: cause instanceof Error ? cause.message : "unreadable" }),
  })

const split = (
  found: ReadonlyArray<WebhookEvent>,
  portalId: string,
  receivedAt: number,
): Effect.Effect<Received, OtherPortal> => {
  const ours = found.filter((event) => event.portalId === portalId)
  const otherPortals = [...new Set(found.filter((event) => event.portalId !== portalId).map((event) => event.portalId))]
  if (ours.length === 0 && otherPortals.length > 0) {
    return Effect.fail(otherThan(portalId, otherPortals))
  }
  const utf8 = new TextEncoder()
  const deliveries = ours.map((event) => ({
    source: "hubspot",
    eventKey: eventKeyOf(event),
    topic: topicOf(event),
    receivedAt,
    body: utf8.encode(JSON.stringify(event)),
  }))
  return Effect.succeed({ deliveries, otherPortals })
}

export const header = (request: WebhookRequest, name: string): string | null =>
  Object.entries(request.headers).find(([key]) => key.toLowerCase() === name)?.[1] ?? null

export const layer: Layer.Layer<HubSpotWebhooks, never, HubSpotConfig> = Layer.effect(
  HubSpotWebhooks,
  Effect.gen(function* () {
    const config = yield* HubSpotConfig
    const mac = yield* Mac.Mac
    const receive = Effect.fnUntraced(function* (request: WebhookRequest) {
      if (config.webhookUrl === null) {
        return yield* new NotConfigured({
          remedy: "Set HUBSPOT_WEBHOOK_URL to the public address that is registered in the app.",
        })
      }
      yield* Signature.verify(
        {
          method: request.method,
          url: config.webhookUrl,
          body: request.body,
          signature: header(request, "x-hubspot-signature-v3"),
          timestamp: header(request, "x-hubspot-request-timestamp"),
        },
        config.webhookSecrets,
      ).pipe(Effect.provideService(Mac.Mac, mac))
      const found = yield* readEvents(request.body)
      return yield* split(found, config.portalId, yield* Clock.currentTimeMillis)
    })
    return HubSpotWebhooks.of({
      receive: (request) => receive(request).pipe(Effect.mapError((reason) => new WebhookRefused({ reason }))),
    })
  }),
).pipe(Layer.provide(Mac.layerWebCrypto), Layer.provide(SecureRandom.layerWebCrypto))
