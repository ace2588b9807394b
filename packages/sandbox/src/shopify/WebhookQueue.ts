/**
 * Webhooks for the subscriptions of clients and of the app's configuration. Every change of the shop passes `commit`,
 * which queues what it sends. What is due goes out at once, in the order in which it was queued; what is due later waits
 * until the shop's clock comes to it. A failed delivery is tried again eight times within four hours, always with its
 * first body; then it is given up, and a subscription that a client made is removed.
 */

import { createHash } from "node:crypto"
import { personalFields, printed } from "./CustomerDataAccess.ts"
import type { Execution } from "./Execution.ts"
import type { Faults } from "./Faults.ts"
import type { ShopEvent } from "./ShopEvent.ts"
import type { ShopLog } from "./ShopLog.ts"
import * as ShopNotice from "./ShopNotice.ts"
import type { Notice } from "./ShopNotice.ts"
import type { AppSubscription, QueuedDelivery } from "./WebhookDelivery.ts"
import * as WebhookRequest from "./WebhookRequest.ts"
import * as WebhookTopics from "./WebhookTopics.ts"

/** After the first attempt; the spacing within the four hours is the sandbox's own. */
export const retrySeconds: ReadonlyArray<number> = [60, 300, 900, 1_800, 3_600, 6_600, 10_200, 14_400]

export interface QueueOptions {
  readonly apiVersion: string
  readonly timeoutMs: number
  readonly closing: AbortSignal
  readonly faults: Faults
}

interface Subscriber {
  readonly key: string
  readonly subscriptionId: string | null
  readonly uri: string
  readonly name: string | null
  readonly includeFields: ReadonlyArray<string>
}

export interface WebhookQueue {
  /** Takes the place of the log's own: applies the change, then queues and sends. */
  readonly commit: (event: ShopEvent) => void
  /** Queues a notice that no change of the shop sends. */
  readonly post: (notice: Notice) => void
  /** Moves the shop's clock, and sends on the way what becomes due. */
  readonly advance: (to: string) => Promise<void>
  /** Until nothing that is due is left. */
  readonly settled: () => Promise<void>
}

const later = (instant: string, seconds: number): string => new Date(Date.parse(instant) + seconds * 1000).toISOString()

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The chosen fields, by dotted paths; of a list the fields of each element. */
const picked = (body: unknown, paths: ReadonlyArray<ReadonlyArray<string>>): unknown => {
  if (paths.some((path) => path.length === 0)) return body
  if (Array.isArray(body)) return body.map((one) => picked(one, paths))
  if (!isRecord(body)) return body
  const names = new Set(paths.map(([first = ""]) => first))
  return Object.fromEntries(
    [...names]
      .filter((name) => Object.hasOwn(body, name))
      .map((name) => [
        name,
        picked(
          body[name],
          paths.filter(([first]) => first === name).map((path) => path.slice(1)),
        ),
      ]),
  )
}

const declaredSubscribers = (declared: ReadonlyArray<AppSubscription>, topic: string): ReadonlyArray<Subscriber> =>
  declared.flatMap((one, index) =>
    one.topics.includes(topic)
      ? [
          {
            key: `app ${index}`,
            subscriptionId: null,
            uri: one.uri,
            name: one.name ?? null,
            includeFields: one.includeFields ?? [],
          },
        ]
      : [],
  )

export const make = (log: ShopLog, execution: Execution, options: QueueOptions): WebhookQueue => {
  const { state } = execution
  const { webhooks } = state

  const subscribers = (topicName: string): ReadonlyArray<Subscriber> => {
    const topic = WebhookTopics.byName(topicName)
    if (topic === undefined) return []
    const isCompliance = topic.enumName === null
    if (!isCompliance && execution.customerData === "none" && WebhookTopics.isProtected(topic)) return []
    if (!WebhookTopics.isAllowed(topic, execution)) return []
    const made = [...state.subscriptions.values()]
      .filter((row) => row.topic === topic.enumName)
      .map(({ id, includeFields, name, uri }) => ({ key: id, subscriptionId: id, uri, name, includeFields }))
    return [...made, ...declaredSubscribers(webhooks.declared, topicName)]
  }

  const bodyFor = (notice: Notice, { includeFields }: Subscriber): string =>
    printed(
      includeFields.length === 0
        ? notice.body
        : picked(
            notice.body,
            includeFields.map((path) => path.split(".")),
          ),
      WebhookTopics.complianceTopics.includes(notice.topic) ? personalFields : execution.customerData,
    )

  /** With chosen fields, a body that says nothing new is not sent. */
  const isNews = (notice: Notice, subscriber: Subscriber, body: string): boolean => {
    if (subscriber.includeFields.length === 0) return true
    const key = `${subscriber.key} ${notice.topic} ${notice.object}`
    const digest = createHash("sha256").update(body).digest("hex")
    if (webhooks.remembered.get(key) === digest) return false
    log.commit({ type: "webhook.remembered", key, digest })
    return true
  }

  const dueTimes = (notice: Notice): ReadonlyArray<string> => {
    const { faults } = options
    const seconds = faults.take("webhookDrop") ? [] : notice.afterSeconds
    const once = faults.take("webhookDuplicate") ? [...seconds, ...seconds] : seconds
    const extra = faults.take("webhookDelay") ? 86_400 : faults.take("webhookReorder") ? 300 : 0
    return once.map((one) => later(state.now, one + extra))
  }

  const queue = (found: ReadonlyArray<readonly [Notice, ReadonlyArray<Subscriber>]>): void => {
    const sequence = webhooks.sequence + 1
    const { seed } = state.brand
    const deliveries = found.flatMap(([notice, receivers]) =>
      receivers.flatMap((subscriber): ReadonlyArray<QueuedDelivery> => {
        const body = bodyFor(notice, subscriber)
        if (!isNews(notice, subscriber, body)) return []
        const webhookId = WebhookRequest.stableId("queued", seed, sequence, notice.topic, subscriber.key)
        return dueTimes(notice).map((dueAt, ordinal) => ({
          id: `${webhookId} ${ordinal}`,
          topic: notice.topic,
          uri: subscriber.uri,
          name: subscriber.name,
          subscriptionId: subscriber.subscriptionId,
          webhookId,
          eventId: WebhookRequest.stableId("change", seed, sequence),
          triggeredAt: state.now,
          body,
          dueAt,
          failures: 0,
        }))
      }),
    )
    if (deliveries.length === 0) return
    log.commit({ type: "webhook.queued", deliveries, sequence })
    void pump()
  }

  const attempt = async (delivery: QueuedDelivery): Promise<void> => {
    const { id, subscriptionId } = delivery
    // Whoever came back within 48 hours keeps the data.
    if (delivery.topic === "shop/redact" && state.access.installed)
      return log.commit({ type: "webhook.attempted", id, outcome: "withdrawn", nextAt: null })
    const { apiVersion, closing, timeoutMs } = options
    // During a rotation the secret before the newest signs.
    const secret = state.access.secretsAt(state.now).at(-1) ?? ""
    const { shopDomain } = state.brand
    const taken = await WebhookRequest.send(delivery, { shopDomain, apiVersion, secret, timeoutMs, closing })
    // What a closing sandbox did not bring to an end is sent again by the next one.
    if (!taken && closing.aborted) return
    if (taken) return log.commit({ type: "webhook.attempted", id, outcome: "delivered", nextAt: null })
    const wait = retrySeconds[delivery.failures]
    if (wait !== undefined) {
      const first =
        delivery.failures === 0 ? state.now : later(delivery.dueAt, -(retrySeconds[delivery.failures - 1] ?? 0))
      return log.commit({ type: "webhook.attempted", id, outcome: "failed", nextAt: later(first, wait) })
    }
    log.commit({ type: "webhook.attempted", id, outcome: "given-up", nextAt: null })
    if (subscriptionId !== null && state.subscriptions.has(subscriptionId))
      log.commit({ type: "webhook.deleted", id: subscriptionId })
  }

  let running: Promise<void> | undefined
  const drain = async (): Promise<void> => {
    for (
      let delivery = webhooks.next(state.now);
      delivery !== undefined && !options.closing.aborted;
      delivery = webhooks.next(state.now)
    )
      await attempt(delivery)
  }
  /** One at a time; what is queued meanwhile is taken along. */
  const pump = (): Promise<void> =>
    (running ??= drain().finally(() => {
      running = undefined
    }))

  const nextJourney = (until: string): readonly [orderId: string, at: string] | undefined => {
    let found: readonly [string, string] | undefined
    for (const [orderId, { at }] of state.journeysDue)
      if (at <= until && (found === undefined || at < found[1])) found = [orderId, at]
    return found
  }

  /** One thing that is due by then, the earliest first; false when there is none. */
  const step = async (until: string): Promise<boolean> => {
    const delivery = webhooks.next(until)
    const journey = nextJourney(until)
    const at = [delivery?.dueAt, journey?.[1]].filter((one) => one !== undefined).sort()[0]
    if (at === undefined || options.closing.aborted) return false
    if (at > state.now) log.commit({ type: "clock.advanced", to: at })
    if (journey?.[1] === at) commit({ type: "journey.ready", orderId: journey[0], at })
    await pump()
    return true
  }

  const advance = async (to: string): Promise<void> => {
    await pump()
    let isMore = true
    while (isMore) isMore = await step(to)
    if (to > state.now) log.commit({ type: "clock.advanced", to })
  }

  const commit = (event: ShopEvent): void => {
    const notices = ShopNotice.watch(event, state)
    // The subscriptions that it made go with an app that is uninstalled, but are still told.
    const before = event.type === "app.uninstalled" ? subscribers("app/uninstalled") : undefined
    log.commit(event)
    const receivers = ({ topic }: Notice) =>
      topic === "app/uninstalled" && before !== undefined ? before : subscribers(topic)
    const found = notices().map((notice) => [notice, receivers(notice)] as const)
    if (found.length > 0) queue(found)
  }

  return {
    commit,
    post: (notice) => queue([[notice, subscribers(notice.topic)]]),
    advance,
    settled: pump,
  }
}
