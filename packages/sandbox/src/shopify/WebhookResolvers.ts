/**
 * Webhook subscriptions that a client makes for its shop. A topic needs its scope, and one of customers or orders the
 * approval for protected customer data. Addresses are HTTPS, or plain HTTP on this computer. Subscriptions to Pub/Sub and
 * EventBridge, filters and metafields are not implemented and say so.
 */

import { listPage } from "./Connection.ts"
import type { PageArguments } from "./Connection.ts"
import { fields } from "./Execution.ts"
import type { Execution, TypeFields } from "./Execution.ts"
import * as GlobalId from "./GlobalId.ts"
import { findOfType } from "./NodeLookup.ts"
import { notImplemented } from "./Refusal.ts"
import { instant } from "./Scalars.ts"
import type { StoredSubscription } from "./ShopEvent.ts"
import * as WebhookTopics from "./WebhookTopics.ts"

const subscriptionFields = fields<StoredSubscription>("WebhookSubscription", {
  id: (row) => GlobalId.make("WebhookSubscription", row.id),
  legacyResourceId: (row) => row.id,
  createdAt: (row) => instant(row.createdAt),
  updatedAt: (row) => instant(row.createdAt),
  callbackUrl: (row) => row.uri,
  metafields: () => [],
  apiVersion: (_, __, { apiVersion }) => ({ handle: apiVersion, displayName: apiVersion, supported: true }),
})

interface SubscriptionInput {
  readonly uri?: string | null
  readonly callbackUrl?: string | null
  readonly format?: string | null
  readonly filter?: string | null
  readonly name?: string | null
  readonly includeFields?: ReadonlyArray<string> | null
  readonly metafieldNamespaces?: ReadonlyArray<string> | null
}

const isLoopback = (url: URL): boolean =>
  url.protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname)

const uriProblem = (uri: string): string | undefined => {
  if (uri === "") return "Address can't be blank"
  if (/^(pubsub:\/\/|arn:aws:)/.test(uri)) throw notImplemented(`Delivering webhooks to "${uri}"`)
  if (!URL.canParse(uri)) return "Address is invalid"
  const url = new URL(uri)
  // The one rule looser than the real one: plain HTTP on this computer, because that is where a sandbox's receiver is.
  return url.protocol === "https:" || isLoopback(url) ? undefined : "Address protocol http:// is not supported"
}

const topicProblem = (enumName: string, execution: Execution): string | undefined => {
  const topic = WebhookTopics.byEnum(enumName)
  if (topic === undefined) throw notImplemented(`The webhook topic ${enumName}`)
  if (!WebhookTopics.isAllowed(topic, execution))
    return `You do not have permission to create or update webhooks with ${topic.name} topic.`
  return execution.customerData === "none" && WebhookTopics.isProtected(topic)
    ? "This app is not approved to subscribe to webhook topics containing protected customer data. See https://shopify.dev/docs/apps/launch/protected-customer-data for more details."
    : undefined
}

const refuseUnknown = (input: SubscriptionInput): void => {
  if (input.filter) throw notImplemented("A webhook subscription with a filter")
  if (input.metafieldNamespaces && input.metafieldNamespaces.length > 0)
    throw notImplemented("A webhook subscription with metafields")
  if (input.format === "XML") throw notImplemented("A webhook subscription in XML")
}

const subscriptionCreate = (
  _: unknown,
  args: { readonly topic: string; readonly webhookSubscription: SubscriptionInput },
  execution: Execution,
) => {
  const input = args.webhookSubscription
  refuseUnknown(input)
  const refused = topicProblem(args.topic, execution)
  if (refused !== undefined)
    return { webhookSubscription: null, userErrors: [{ field: ["webhookSubscription"], message: refused }] }
  const uri = input.uri ?? input.callbackUrl ?? ""
  const taken = [...execution.state.subscriptions.values()].some(
    (row) => row.topic === args.topic && row.uri === uri && row.filter === (input.filter ?? null),
  )
  const message = uriProblem(uri) ?? (taken ? "Address for this topic has already been taken" : undefined)
  if (message !== undefined)
    return { webhookSubscription: null, userErrors: [{ field: ["webhookSubscription", "uri"], message }] }
  const subscription: StoredSubscription = {
    __typename: "WebhookSubscription",
    id: execution.state.nextId(),
    topic: args.topic,
    uri,
    format: input.format ?? "JSON",
    filter: input.filter ?? null,
    name: input.name ?? null,
    includeFields: input.includeFields ?? [],
    metafieldNamespaces: input.metafieldNamespaces ?? [],
    createdAt: execution.state.now,
  }
  execution.commit({ type: "webhook.created", subscription })
  return { webhookSubscription: subscription, userErrors: [] }
}

const missing = { field: ["id"], message: "Webhook subscription does not exist" }

const subscriptionUpdate = (
  _: unknown,
  args: { readonly id: string; readonly webhookSubscription: SubscriptionInput },
  execution: Execution,
) => {
  const input = args.webhookSubscription
  refuseUnknown(input)
  const before = execution.state.subscriptions.get(GlobalId.numberOf("WebhookSubscription", args.id) ?? "")
  if (before === undefined) return { webhookSubscription: null, userErrors: [missing] }
  const uri = input.uri ?? input.callbackUrl ?? before.uri
  const message = uriProblem(uri)
  if (message !== undefined)
    return { webhookSubscription: null, userErrors: [{ field: ["webhookSubscription", "uri"], message }] }
  const subscription: StoredSubscription = {
    ...before,
    uri,
    name: input.name ?? before.name,
    includeFields: input.includeFields ?? before.includeFields,
  }
  execution.commit({ type: "webhook.changed", subscription })
  return { webhookSubscription: subscription, userErrors: [] }
}

const subscriptionDelete = (_: unknown, args: { readonly id: string }, execution: Execution) => {
  const id = GlobalId.numberOf("WebhookSubscription", args.id)
  if (id === undefined || !execution.state.subscriptions.has(id)) {
    return {
      deletedWebhookSubscriptionId: null,
      userErrors: [missing],
    }
  }
  execution.commit({ type: "webhook.deleted", id })
  return { deletedWebhookSubscriptionId: args.id, userErrors: [] }
}

interface SubscriptionFilter extends PageArguments {
  readonly topics?: ReadonlyArray<string> | null
  readonly uri?: string | null
  readonly callbackUrl?: string | null
  readonly query?: string | null
}

const subscriptions = (_: unknown, args: SubscriptionFilter, execution: Execution) => {
  if (args.query) throw notImplemented("Searching webhook subscriptions")
  const uri = args.uri ?? args.callbackUrl
  const rows = [...execution.state.subscriptions.values()].filter(
    (row) => (!args.topics || args.topics.length === 0 || args.topics.includes(row.topic)) && (!uri || row.uri === uri),
  )
  return listPage(rows, args, execution)
}

export const webhookTables: ReadonlyArray<TypeFields> = [
  subscriptionFields,
  fields<unknown>("QueryRoot", {
    webhookSubscription: (_, args: { readonly id: string }, execution) =>
      findOfType("WebhookSubscription", args.id, execution),
    webhookSubscriptions: subscriptions,
    webhookSubscriptionsCount: (_, __, { state }) => ({ count: state.subscriptions.size, precision: "EXACT" }),
  }),
  fields<unknown>("Mutation", {
    webhookSubscriptionCreate: subscriptionCreate,
    webhookSubscriptionUpdate: subscriptionUpdate,
    webhookSubscriptionDelete: subscriptionDelete,
  }),
]
