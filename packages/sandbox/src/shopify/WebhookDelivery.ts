/**
 * Webhooks on their way: what is queued, who gets it, and what became of the attempts. Plain JSON for the log;
 * `WebhookBook` is the only reader. A delivery keeps its first body for all its attempts. Times are the shop's.
 */

/** What an app's configuration file declares, for all shops: it is never removed by failures. */
export interface AppSubscription {
  /** As in `orders/create`, with the compliance topics among them. */
  readonly topics: ReadonlyArray<string>
  readonly uri: string
  readonly includeFields?: ReadonlyArray<string>
  readonly name?: string
}

export interface QueuedDelivery {
  readonly id: string
  readonly topic: string
  readonly uri: string
  readonly name: string | null
  /** The subscription that a client made; null for one of the app's configuration. */
  readonly subscriptionId: string | null
  /** Shared by duplicates and by all attempts. */
  readonly webhookId: string
  /** Shared by all that one change of the shop sent. */
  readonly eventId: string
  readonly triggeredAt: string
  readonly body: string
  readonly dueAt: string
  readonly failures: number
}

export type DeliveryOutcome = "delivered" | "failed" | "given-up" | "withdrawn"

export type WebhookEvent =
  | { readonly type: "webhook.declared"; readonly subscriptions: ReadonlyArray<AppSubscription> }
  | { readonly type: "webhook.queued"; readonly deliveries: ReadonlyArray<QueuedDelivery>; readonly sequence: number }
  | {
      readonly type: "webhook.attempted"
      readonly id: string
      readonly outcome: DeliveryOutcome
      /** When a failed one is tried again. */
      readonly nextAt: string | null
    }
  /** The last body of a subscription for one object, so that an equal one with chosen fields is not sent again. */
  | { readonly type: "webhook.remembered"; readonly key: string; readonly digest: string }
