/**
 * Workflow actions as HubSpot calls them: verified, read, done, and completed later where an answer would take too long.
 *
 * Promises: nothing is parsed before the signature is checked on the raw bytes; the contact is read from HubSpot before anything is
 * done with somebody unknown; the same execution again has one effect. It answers nothing itself: that is the server's.
 */
import type { SourceError } from "@advocacy-kit/core/connector/FactSource"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import * as Fact from "@advocacy-kit/core/fact/Fact"
import * as Sync from "@advocacy-kit/core/flow/Sync"
import { platform } from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { Context, Effect, Layer, Schema } from "effect"
import { Digest, Mac, SecureRandom } from "effect/crypto"
import { z } from "zod"
import { HubSpotClient } from "../HubSpotClient.ts"
import { HubSpotConfig } from "../HubSpotConfig.ts"
import { toSourceError } from "../HubSpotError.ts"
import { HubSpotSource } from "../HubSpotSource.ts"
import * as Signature from "../Signature.ts"
import { header, NotConfigured, OtherPortal, otherThan, UnreadableBody, type WebhookRequest } from "../Webhook.ts"
import type { ActionError, ActionNeeds } from "./Action.ts"
import * as ActionCall from "./ActionCall.ts"
import { type ActionOutcome, failed, outputFields, refused } from "./ActionOutcome.ts"
import * as Actions from "./Actions.ts"

/** No action has this uid. */
export class UnknownAction extends Schema.TaggedError<UnknownAction>()("UnknownAction", {}) {
  readonly isRetryable = false
}

export class ActionRefused extends Schema.TaggedError<ActionRefused>()("ActionRefused", {
  reason: Schema.Union([Signature.SignatureRefused, OtherPortal, UnreadableBody, NotConfigured, UnknownAction]),
}) {
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }
}

export class HubSpotActions extends Context.Service<
  HubSpotActions,
  {
    /** A verified execution of the action with this uid. */
    readonly receive: (action: string, request: WebhookRequest) => Effect.Effect<ActionCall.ActionCall, ActionRefused>
    /** A verified question for the options of the field with this name. */
    readonly receiveOptions: (
      field: string,
      request: WebhookRequest,
    ) => Effect.Effect<ActionCall.OptionsCall, ActionRefused>
    /** Does it, as at a time. Refusals are outcomes; fails only for what may pass. */
    readonly perform: (
      call: ActionCall.ActionCall,
      asOf: Instant,
    ) => Effect.Effect<ActionOutcome, Exclude<ActionError, { readonly _tag: "CommandError" }>, ActionNeeds>
    /** Tells HubSpot what a blocked execution ended in. False: HubSpot does not wait for it any more. */
    readonly complete: (callbackId: string, outcome: ActionOutcome) => Effect.Effect<boolean, SourceError>
  }
>()("@advocacy-kit/hubspot/HubSpotActions") {}

const read = <A extends { readonly portalId: string }>(
  request: WebhookRequest,
  parse: (body: Uint8Array) => A,
  portalId: string,
): Effect.Effect<A, UnreadableBody | OtherPortal> =>
  Effect.try({
    try: () => parse(request.body),
    catch: (cause) => new UnreadableBody({ problem: cause instanceof Error ? cause.message : "unreadable" }),
  }).pipe(
    Effect.filterOrFail(
      (call) => call.portalId === portalId,
      (call) => otherThan(portalId, [call.portalId]),
    ),
  )

export const layer: Layer.Layer<HubSpotActions, never, HubSpotConfig | HubSpotClient | HubSpotSource> = Layer.effect(
  HubSpotActions,
  Effect.gen(function* () {
    const config = yield* HubSpotConfig
    const client = yield* HubSpotClient
    const source = yield* HubSpotSource
    const mac = yield* Mac.Mac
    const digest = yield* Digest.Digest

    const verify = Effect.fnUntraced(function* (path: string, request: WebhookRequest) {
      if (config.actionsUrl === null)
        return yield* new NotConfigured({
          remedy: "Set HUBSPOT_ACTIONS_URL to the public address under which the actions are registered.",
        })
      yield* Signature.verifyAction(
        {
          method: request.method,
          url: `${config.actionsUrl}/${path}`,
          body: request.body,
          signature: header(request, "x-hubspot-signature-v3"),
          timestamp: header(request, "x-hubspot-request-timestamp"),
          signatureV2: header(request, "x-hubspot-signature"),
        },
        config.webhookSecrets,
      ).pipe(Effect.provideService(Mac.Mac, mac), Effect.provideService(Digest.Digest, digest))
    })

    /** What HubSpot says of the contact now; false where it knows no such contact. */
    const readContact = Effect.fnUntraced(function* (contact: string, at: Instant) {
      const hint = { portalId: config.portalId, objectId: contact, objectTypeId: "0-1" }
      const { page, parked } = yield* source.read([
        {
          source: "hubspot",
          eventKey: `action/${contact}`,
          topic: "object.propertyChange",
          receivedAt: at,
          body: new TextEncoder().encode(JSON.stringify(hint)),
          attempts: 1,
        },
      ])
      yield* Sync.storePage(source, page)
      return parked.size === 0
    })

    const isKnown = Effect.fnUntraced(function* (contact: string, at: Instant) {
      const log = yield* FactLog
      return (yield* log.byKey({ keys: [Fact.key(`hubspot:contact/${contact}`)], asOf: at })).length > 0
    })

    const perform = Effect.fn("HubSpotActions.perform")(function* (call: ActionCall.ActionCall, asOf: Instant) {
      const action = Actions.named(call.action)
      if (action === undefined) return failed("INVALID_INPUT", "this action does not exist any more")
      const isThere =
        (action.reading === "once" && (yield* isKnown(call.contact, asOf))) || (yield* readContact(call.contact, asOf))
      if (!isThere) return failed("NOT_FOUND", `HubSpot has no contact ${call.contact} any more`)
      return yield* action.perform(call.inputs, {
        contact: platform("hubspot", "contact", call.contact),
        key: `hubspot callback|${call.portalId}|${call.callbackId}`,
        asOf,
        currency: config.currency,
        link: config.link,
      })
    })

    const complete = Effect.fnUntraced(
      function* (callbackId: string, outcome: ActionOutcome) {
        yield* client.request({
          operation: "complete a workflow action",
          method: "POST",
          path: client.paths.callbackComplete(callbackId),
          body: { outputFields: outputFields(outcome), typedOutputs: {} },
          schema: z.unknown(),
          isWrite: true,
        })
        return true
      },
      Effect.catchIf(
        // Completed, expired, or never blocked.
        ({ reason }) => reason._tag === "Missing" || reason._tag === "Conflict" || reason._tag === "Invalid",
        () => Effect.succeed(false),
      ),
      Effect.mapError(toSourceError),
    )

    const refuse = Effect.mapError((reason: ActionRefused["reason"]) => new ActionRefused({ reason }))
    return HubSpotActions.of({
      receive: (action, request) =>
        Effect.gen(function* () {
          if (Actions.named(action) === undefined) return yield* new UnknownAction()
          yield* verify(action, request)
          return yield* read(request, (body) => ActionCall.read(action, body), config.portalId)
        }).pipe(refuse),
      receiveOptions: (field, request) =>
        Effect.andThen(
          verify(`options/${field}`, request),
          read(request, ActionCall.readOptions, config.portalId),
        ).pipe(refuse),
      perform: (call, asOf) =>
        perform(call, asOf).pipe(Effect.catchTag("CommandError", ({ reason }) => Effect.succeed(refused(reason)))),
      complete,
    })
  }),
).pipe(Layer.provide([Mac.layerWebCrypto.pipe(Layer.provide(SecureRandom.layerWebCrypto)), Digest.layerWebCrypto]))
