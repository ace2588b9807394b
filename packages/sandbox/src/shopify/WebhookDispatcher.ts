/**
 * Plays the live phase: applies the shop's changes in order of time and delivers their webhooks to one address, signed
 * over the raw bytes. Delays are virtual, so a late delivery is one that comes after later changes. A delivery is tried
 * nine times at most, always with its first body; what was acknowledged is logged and never sent again, the rest is
 * repeated by the next play. Duplicates share their webhook id, deliveries of one change share their event id.
 */

import { createHmac } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import type { LiveChange, ShopOrder } from "../world/World.ts"
import type { ShopLog } from "./ShopLog.ts"
import { codeKey } from "./ShopState.ts"
import type { ShopState } from "./ShopState.ts"
import * as WebhookPayload from "./WebhookPayload.ts"
import { stableId } from "./WebhookRequest.ts"

export interface DispatchOptions {
  readonly secret: string
  readonly apiVersion: string
  readonly concurrency: number
  readonly retries: number
  readonly timeoutMs: number
}

export interface PlayResult {
  readonly applied: number
  readonly delivered: number
  readonly failed: number
}

interface Delivery {
  readonly key: string
  readonly topic: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

type Step = { readonly at: number; readonly index: number } & (
  | { readonly kind: "apply" }
  | { readonly kind: "deliver"; readonly ordinal: number }
)

const isShopChange = (change: LiveChange): boolean => change.kind.startsWith("shop.")

const messages = (
  index: number,
  change: LiveChange,
  state: ShopState,
): ReadonlyArray<readonly [topic: string, body: unknown]> => {
  const isPercentage = (code: string): boolean => {
    const discount = state.discounts.get(state.codes.get(codeKey(code))?.discountId ?? "")
    return discount !== undefined && "percent" in discount.value
  }
  const order = (after: ShopOrder) => WebhookPayload.orderBody(after, state.buyerAtChange.get(index), isPercentage)
  switch (change.kind) {
    case "shop.customer":
      return [
        [
          change.created ? "customers/create" : "customers/update",
          WebhookPayload.customerWebhook(change.after, state.brand.currency),
        ],
      ]
    case "shop.order":
      return [[change.created ? "orders/create" : "orders/updated", order(change.after)]]
    case "shop.refund": {
      const refund = change.after.refunds.find((one) => one.id === change.refundId)
      if (refund === undefined)
        throw new Error(`Live refund ${change.refundId} is not among the refunds of order ${change.after.id}`)
      return [
        ["refunds/create", WebhookPayload.refundBody(change.after, refund)],
        ["orders/updated", order(change.after)],
      ]
    }
    default:
      return []
  }
}

/** What is still to be done up to `until`, in order; a change comes before deliveries of the same instant. */
const stepsOf = (state: ShopState, until: number): ReadonlyArray<Step> => {
  const steps: Array<Step> = []
  for (const [index, change] of state.live.entries()) {
    const at = Date.parse(change.at)
    if (!isShopChange(change) || at > until) continue
    if (!state.liveApplied.has(index)) steps.push({ kind: "apply", at, index })
    for (const [ordinal, delay] of change.deliveries.entries()) {
      const due = at + delay * 1000
      if (due <= until) steps.push({ kind: "deliver", at: due, index, ordinal })
    }
  }
  return steps.sort(
    (left, right) =>
      left.at - right.at ||
      Number(left.kind === "deliver") - Number(right.kind === "deliver") ||
      left.index - right.index,
  )
}

const deliveriesOf = (
  state: ShopState,
  options: DispatchOptions,
  index: number,
  ordinal: number,
): ReadonlyArray<Delivery> => {
  const change = state.live[index]
  if (change === undefined) return []
  const { seed, shopDomain } = state.brand
  return messages(index, change, state).flatMap(([topic, content]) => {
    const key = `${index} ${ordinal} ${topic}`
    if (state.acknowledged.has(key)) return []
    const body = WebhookPayload.bytes(content)
    const headers = {
      "Content-Type": "application/json",
      "User-Agent": "Shopify-Captain-Hook",
      "X-Shopify-Topic": topic,
      "X-Shopify-Hmac-Sha256": createHmac("sha256", options.secret).update(body).digest("base64"),
      "X-Shopify-Shop-Domain": shopDomain,
      "X-Shopify-Webhook-Id": stableId("webhook", seed, index, topic),
      "X-Shopify-Event-Id": stableId("event", seed, index),
      "X-Shopify-Triggered-At": change.at,
      "X-Shopify-API-Version": options.apiVersion,
    }
    return { key, topic, headers, body }
  })
}

const send = async (
  url: string,
  delivery: Delivery,
  options: DispatchOptions,
  closing: AbortSignal,
): Promise<boolean> => {
  for (let attempt = 0; attempt <= options.retries && !closing.aborted; attempt++) {
    if (attempt > 0) await sleep(Math.min(200, 5 * 2 ** attempt))
    try {
      const signal = AbortSignal.any([closing, AbortSignal.timeout(options.timeoutMs)])
      const answer = await fetch(url, {
        method: "POST",
        headers: delivery.headers,
        body: new Uint8Array(delivery.body),
        redirect: "manual",
        signal,
      })
      await answer.arrayBuffer()
      if (answer.status >= 200 && answer.status < 300) return true
    } catch {
      // A refused, reset or slow connection counts as a failed attempt, like any status that is not 2xx.
    }
  }
  return false
}

export const play = async (
  webhookUrl: string,
  until: string | undefined,
  log: ShopLog,
  state: ShopState,
  options: DispatchOptions,
  closing: AbortSignal,
): Promise<PlayResult> => {
  const counts = { applied: 0, delivered: 0, failed: 0 }
  const running = new Set<Promise<void>>()
  const deliver = async (delivery: Delivery): Promise<void> => {
    if (await send(webhookUrl, delivery, options, closing)) {
      counts.delivered++
      log.commit({ type: "live.acknowledged", delivery: delivery.key })
    } else counts.failed++
  }
  for (const step of stepsOf(state, until === undefined ? Infinity : Date.parse(until))) {
    if (closing.aborted) break
    if (step.kind === "apply") {
      log.commit({ type: "live.applied", index: step.index })
      counts.applied++
      continue
    }
    for (const delivery of deliveriesOf(state, options, step.index, step.ordinal)) {
      while (running.size >= options.concurrency) await Promise.race(running)
      const task: Promise<void> = deliver(delivery).finally(() => running.delete(task))
      running.add(task)
    }
  }
  await Promise.all(running)
  const reached = until ?? state.brand.now
  if (!closing.aborted && reached > state.now)
    log.commit({ type: "clock.advanced", to: new Date(reached).toISOString() })
  return counts
}
