/**
 * The addresses under `/__sandbox/` by which tests and tools see and steer the shop. They need no token, because only
 * this computer reaches them. `ShopControl` has the same as typed functions.
 */

import type { IncomingMessage, ServerResponse } from "node:http"
import * as AdminSchema from "./AdminSchema.ts"
import * as AppProxy from "./AppProxy.ts"
import * as CheckoutControl from "./CheckoutControl.ts"
import * as AppControl from "./AppControl.ts"
import { done, wrong } from "./ControlAnswer.ts"
import type { ControlAnswer, ControlRoutes } from "./ControlAnswer.ts"
import * as GlobalId from "./GlobalId.ts"
import { json, readBody } from "./HttpExchange.ts"
import type { Surface } from "./HttpSurface.ts"
import type { ShopState } from "./ShopState.ts"
import * as WebhookControl from "./WebhookControl.ts"
import * as WebhookDispatcher from "./WebhookDispatcher.ts"

const stateReport = (state: ShopState) => ({
  now: state.now,
  counts: {
    customers: state.customers.size,
    orders: state.orders.size,
    refunds: state.orderOfRefund.size,
    discounts: state.discounts.size,
    codes: state.codesById.size,
    metafields: [...state.metafields.values()].reduce((total, own) => total + own.size, 0),
    storeCreditTransactions: state.storeCredit.transactions.size,
    giftCards: state.giftCards.cards.size,
    flowTriggers: state.flowTriggers.length,
    webhookSubscriptions: state.subscriptions.size,
    bulkOperations: state.bulkOperations.size,
    liveApplied: state.liveApplied.size,
    deliveriesAcknowledged: state.acknowledged.size,
  },
  discountsFromClients: [...state.discounts.values()]
    .filter((discount) => discount.fromClient)
    .map(({ createdAt, id, title }) => ({ id: GlobalId.make("DiscountCodeNode", id), title, createdAt })),
  codesFromClients: [...state.codesById.values()]
    .filter((row) => row.fromClient)
    .map((row) => ({
      code: row.code,
      id: GlobalId.make("DiscountRedeemCode", row.id),
      discountId: GlobalId.make("DiscountCodeNode", row.discountId),
      createdAt: row.createdAt,
    })),
  flowTriggers: state.flowTriggers,
})

interface PlayRequest {
  /** Without it the webhooks go where the app's subscriptions say. */
  readonly webhookUrl: string | undefined
  readonly until: string | undefined
}

const playRequest = (body: unknown): PlayRequest | string => {
  const { until, webhookUrl } = (typeof body === "object" && body !== null ? body : {}) as {
    readonly webhookUrl?: unknown
    readonly until?: unknown
  }
  if (webhookUrl !== undefined && (typeof webhookUrl !== "string" || !URL.canParse(webhookUrl)))
    return `"webhookUrl" must be the address that takes the webhooks`
  if (until !== undefined && (typeof until !== "string" || Number.isNaN(Date.parse(until))))
    return `"until" must be an ISO 8601 instant`
  return { webhookUrl, until }
}

/** Applies the changes in order of time; each sends its webhooks to the subscriptions, with the delays that it has. */
const playToSubscribers = async ({ execution: { state }, log, queue }: Surface, until: string): Promise<unknown> => {
  const before = { ...state.webhooks.counts }
  let applied = 0
  for (const [index, change] of state.live.entries()) {
    if (!change.kind.startsWith("shop.") || change.at > until || state.liveApplied.has(index)) continue
    await queue.advance(change.at)
    log.commit({ type: "live.applied", index })
    applied++
  }
  await queue.advance(until)
  const { counts } = state.webhooks
  return {
    applied,
    delivered: counts.delivered - before.delivered,
    failed: counts["given-up"] - before["given-up"],
  }
}

const playTo = (surface: Surface, webhookUrl: string, until: string | undefined): Promise<unknown> => {
  const { closing, execution, quietLog } = surface
  const { state } = execution
  const options = {
    secret: state.access.secretsAt(state.now).at(-1) ?? "",
    apiVersion: AdminSchema.versions[0],
    concurrency: 8,
    retries: 8,
    timeoutMs: 5_000,
  }
  return WebhookDispatcher.play(webhookUrl, until, quietLog, state, options, closing)
}

const player = () => {
  let isPlaying = false
  return async (surface: Surface, body: unknown): Promise<ControlAnswer> => {
    const read = playRequest(body)
    if (typeof read === "string") return wrong(read)
    if (isPlaying) return wrong("The live phase is being played already; wait for that answer", 409)
    isPlaying = true
    const { until, webhookUrl } = read
    try {
      if (webhookUrl !== undefined) return done(await playTo(surface, webhookUrl, until))
      const end = until === undefined ? surface.execution.state.brand.now : new Date(until).toISOString()
      return done(await playToSubscribers(surface, end))
    } finally {
      isPlaying = false
    }
  }
}

const routes = (): ControlRoutes => ({
  "GET state": ({ execution }) => done(stateReport(execution.state)),
  "GET usage": ({ bucket }) => done(bucket.usage()),
  "POST faults": ({ faults }, body) => {
    const problem = faults.request(body)
    return problem === undefined ? done({ pending: faults.pending() }) : wrong(problem)
  },
  "POST play": player(),
  ...AppControl.routes,
  ...WebhookControl.routes,
  ...CheckoutControl.routes,
  ...AppProxy.routes,
})

export const handler = () => {
  const known = routes()
  return async (surface: Surface, route: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const name = `${request.method} ${route}`
    const handle = Object.hasOwn(known, name) ? known[name] : undefined
    const answer =
      handle === undefined
        ? wrong(`No control endpoint ${name}; there are ${Object.keys(known).sort().join(", ")}`, 404)
        : await handle(surface, request.method === "POST" ? await readBody(request) : undefined)
    json(response, answer.status, answer.body)
  }
}
