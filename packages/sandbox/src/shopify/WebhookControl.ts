/**
 * Webhooks from outside the API, as control endpoints: what the app's configuration declares, what is on its way, and the
 * requests of merchants and customers that the compliance topics answer.
 */

import { done, objectOf, textsOf, wrong } from "./ControlAnswer.ts"
import type { ControlAnswer, ControlRoutes } from "./ControlAnswer.ts"
import * as GlobalId from "./GlobalId.ts"
import type { Surface } from "./HttpSurface.ts"
import { shopNumber } from "./NodeLookup.ts"
import { customerOrders } from "./OrderSearch.ts"
import type { CustomerRow, ShopState } from "./ShopState.ts"
import type { AppSubscription } from "./WebhookDelivery.ts"
import * as WebhookPayload from "./WebhookPayload.ts"
import * as WebhookTopics from "./WebhookTopics.ts"

const report = ({ webhooks }: ShopState) => ({
  declared: webhooks.declared,
  queued: [...webhooks.queued.values()].map(({ dueAt, failures, topic, uri, webhookId }) => ({
    topic,
    uri,
    webhookId,
    dueAt,
    failures,
  })),
  counts: webhooks.counts,
})

const declaredOf = (body: unknown): ReadonlyArray<AppSubscription> | string => {
  const { subscriptions } = objectOf(body)
  if (!Array.isArray(subscriptions)) return `"subscriptions" must be a list`
  const read: Array<AppSubscription> = []
  for (const one of subscriptions as ReadonlyArray<unknown>) {
    const { name, uri } = objectOf(one)
    const topics = textsOf(one, "topics") ?? []
    const includeFields = textsOf(one, "includeFields")
    const unknown = topics.find((topic) => WebhookTopics.byName(topic) === undefined)
    if (topics.length === 0) return `each subscription needs "topics"`
    if (unknown !== undefined) return `there is no topic "${unknown}"`
    if (typeof uri !== "string" || !/^https?:$/.test(URL.canParse(uri) ? new URL(uri).protocol : ""))
      return `"uri" must be an HTTP address; others are not implemented`
    if (includeFields === undefined) return `"includeFields" must be a list of fields`
    read.push({ topics, uri, includeFields, ...(typeof name === "string" ? { name } : {}) })
  }
  return read
}

const declare = ({ execution: { state }, log }: Surface, body: unknown): ControlAnswer => {
  const subscriptions = declaredOf(body)
  if (typeof subscriptions === "string") return wrong(subscriptions)
  log.commit({ type: "webhook.declared", subscriptions })
  return done(report(state))
}

const settle = async ({ execution: { state }, queue }: Surface): Promise<ControlAnswer> => {
  await queue.settled()
  return done(report(state))
}

/** By global id or plain number. */
export const customerOf = (body: unknown, name: string, state: ShopState): CustomerRow | string => {
  const text = objectOf(body)[name]
  if (typeof text !== "string") return `"${name}" must be a customer's id`
  return state.customers.get(GlobalId.numberOf("Customer", text) ?? text) ?? `there is no customer "${text}"`
}

const subject = (customer: CustomerRow, { brand }: ShopState) => ({
  shop_id: Number(shopNumber),
  shop_domain: brand.shopDomain,
  customer: {
    id: WebhookPayload.identified("Customer", customer.id).id,
    email: customer.email,
    phone: customer.phone,
  },
})

const orderIds = (customer: CustomerRow, state: ShopState) =>
  customerOrders(state, customer.id).map(({ id }) => WebhookPayload.identified("Order", id).id)

const dataRequest = ({ execution: { state }, queue }: Surface, body: unknown): ControlAnswer => {
  const customer = customerOf(body, "customer", state)
  if (typeof customer === "string") return wrong(customer)
  queue.post({
    topic: "customers/data_request",
    object: GlobalId.make("Customer", customer.id),
    body: {
      ...subject(customer, state),
      orders_requested: orderIds(customer, state),
      data_request: { id: WebhookPayload.identified("DataRequest", state.nextId()).id },
    },
    afterSeconds: [0],
  })
  return done(report(state))
}

const daySeconds = 86_400
const redactDays = 10
const quietDays = 183

/** Ten days after the request, or, for somebody who ordered within six months, when those have passed. */
const redactAfterSeconds = (customer: CustomerRow, state: ShopState): number => {
  const last = customerOrders(state, customer.id).at(-1)
  if (last === undefined) return redactDays * daySeconds
  const quietFor = (Date.parse(state.now) - Date.parse(last.processedAt)) / 1000
  return Math.max(redactDays * daySeconds, Math.round(quietDays * daySeconds - quietFor))
}

const redact = ({ execution: { state }, queue }: Surface, body: unknown): ControlAnswer => {
  const customer = customerOf(body, "customer", state)
  if (typeof customer === "string") return wrong(customer)
  queue.post({
    topic: "customers/redact",
    object: GlobalId.make("Customer", customer.id),
    body: { ...subject(customer, state), orders_to_redact: orderIds(customer, state) },
    afterSeconds: [redactAfterSeconds(customer, state)],
  })
  return done(report(state))
}

const merge = ({ execution: { state }, log }: Surface, body: unknown): ControlAnswer => {
  const kept = customerOf(body, "keep", state)
  const deleted = customerOf(body, "remove", state)
  if (typeof kept === "string") return wrong(kept)
  if (typeof deleted === "string") return wrong(deleted)
  if (kept.id === deleted.id) return wrong("a customer cannot be merged with itself")
  log.commit({ type: "customer.merged", keptId: kept.id, deletedId: deleted.id, at: state.now })
  return done(report(state))
}

const remove = ({ execution: { state }, log }: Surface, body: unknown): ControlAnswer => {
  const customer = customerOf(body, "customer", state)
  if (typeof customer === "string") return wrong(customer)
  if ((state.ordersOfCustomer.get(customer.id)?.size ?? 0) > 0)
    return wrong("a customer who has orders cannot be deleted", 409)
  log.commit({ type: "customer.deleted", id: customer.id })
  return done(report(state))
}

export const routes: ControlRoutes = {
  "GET webhooks": ({ execution: { state } }) => done(report(state)),
  "POST webhooks": declare,
  "POST settle": settle,
  "POST data-request": dataRequest,
  "POST redact": redact,
  "POST merge-customers": merge,
  "POST delete-customer": remove,
}
