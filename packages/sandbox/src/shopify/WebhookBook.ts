/**
 * The shop's webhooks in memory: what the app declares, what is queued, and counts of what became of the rest. It
 * changes only through `apply`, so that replaying the log gives the same queue.
 */

import type { AppSubscription, DeliveryOutcome, QueuedDelivery, WebhookEvent } from "./WebhookDelivery.ts"

export class WebhookBook {
  declared: ReadonlyArray<AppSubscription> = []
  /** In the order in which they were queued. */
  readonly queued = new Map<string, QueuedDelivery>()
  readonly counts: Record<DeliveryOutcome, number> = { delivered: 0, failed: 0, "given-up": 0, withdrawn: 0 }
  /** By subscription and object: the digest of the last body. */
  readonly remembered = new Map<string, string>()
  /** How many changes have sent webhooks. */
  sequence = 0

  apply(event: WebhookEvent): void {
    switch (event.type) {
      case "webhook.declared":
        this.declared = event.subscriptions
        return
      case "webhook.queued":
        this.sequence = event.sequence
        for (const delivery of event.deliveries) this.queued.set(delivery.id, delivery)
        return
      case "webhook.attempted":
        return this.attempted(event.id, event.outcome, event.nextAt)
      case "webhook.remembered":
        this.remembered.set(event.key, event.digest)
    }
  }

  private attempted(id: string, outcome: DeliveryOutcome, nextAt: string | null): void {
    const delivery = this.queued.get(id)
    if (delivery === undefined) return
    this.counts[outcome]++
    if (nextAt === null) this.queued.delete(id)
    else this.queued.set(id, { ...delivery, dueAt: nextAt, failures: delivery.failures + 1 })
  }

  /** The one to send next of those that are due by then: the earliest, of equals the one that was queued first. */
  next(until: string): QueuedDelivery | undefined {
    let found: QueuedDelivery | undefined
    for (const delivery of this.queued.values())
      if (delivery.dueAt <= until && (found === undefined || delivery.dueAt < found.dueAt)) found = delivery
    return found
  }
}
