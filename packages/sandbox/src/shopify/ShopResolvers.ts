/**
 * The shop itself, nodes by id, and webhook subscriptions. Subscriptions are kept and listed;
 * the live phase delivers to the address it is given, as for subscriptions that an app's configuration declares.
 */

import { listPage } from "./Connection.ts"
import type { PageArguments } from "./Connection.ts"
import { fields } from "./Execution.ts"
import type { Execution, TypeFields } from "./Execution.ts"
import * as GlobalId from "./GlobalId.ts"
import { metafieldFields } from "./MetafieldResolvers.ts"
import { findNode, findOfType, shopNumber } from "./NodeLookup.ts"
import { orderPage, ordersCount } from "./OrderSearch.ts"
import type { SearchArguments } from "./OrderSearch.ts"
import { notImplemented } from "./Refusal.ts"
import { instant } from "./Scalars.ts"
import type { StoredSubscription } from "./ShopEvent.ts"

const shopFields = fields<unknown>("Shop", {
  id: () => GlobalId.make("Shop", shopNumber),
  name: (_, __, { state }) => state.brand.name,
  myshopifyDomain: (_, __, { state }) => state.brand.shopDomain,
  url: (_, __, { state }) => `https://${state.brand.shopDomain}`,
  primaryDomain: (_, __, { state }) => ({
    id: GlobalId.make("Domain", shopNumber),
    host: state.brand.shopDomain,
    url: `https://${state.brand.shopDomain}`,
    sslEnabled: true,
  }),
  email: (_, __, { state }) => `owner@${state.brand.shopDomain}`,
  contactEmail: (_, __, { state }) => `hello@${state.brand.shopDomain}`,
  createdAt: (_, __, { state }) => instant(state.brand.startsAt),
  currencyCode: (_, __, { state }) => state.brand.currency,
  enabledPresentmentCurrencies: (_, __, { state }) => [state.brand.currency],
  ianaTimezone: (_, __, { state }) => state.brand.timeZone,
  taxesIncluded: () => true,
  plan: () => ({
    publicDisplayName: "Shopify Plus",
    displayName: "Shopify Plus",
    shopifyPlus: true,
    partnerDevelopment: false,
  }),
  ...metafieldFields<unknown>(() => GlobalId.make("Shop", shopNumber)),
})

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
  if (/^(pubsub:\/\/|arn:aws:)/.test(uri)) return undefined
  if (!URL.canParse(uri)) return "Address is invalid"
  const url = new URL(uri)
  // The one rule looser than the real one: plain HTTP on this computer, because that is where a sandbox's receiver is.
  return url.protocol === "https:" || isLoopback(url) ? undefined : "Address protocol http:// is not supported"
}

const subscriptionCreate = (
  _: unknown,
  args: { readonly topic: string; readonly webhookSubscription: SubscriptionInput },
  execution: Execution,
) => {
  const input = args.webhookSubscription
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

const subscriptionDelete = (_: unknown, args: { readonly id: string }, execution: Execution) => {
  const id = GlobalId.numberOf("WebhookSubscription", args.id)
  if (id === undefined || !execution.state.subscriptions.has(id)) {
    return {
      deletedWebhookSubscriptionId: null,
      userErrors: [{ field: ["id"], message: "Webhook subscription does not exist" }],
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

const queries = fields<unknown>("QueryRoot", {
  shop: () => ({ __typename: "Shop" }),
  orders: (_, args: SearchArguments, execution) => orderPage(args, execution),
  ordersCount: (_, args: { readonly query?: string | null; readonly limit?: number | null }, execution) =>
    ordersCount(args, execution),
  order: (_, args: { readonly id: string }, execution) => findOfType("Order", args.id, execution),
  orderByIdentifier: (
    _,
    args: { readonly identifier: { readonly id?: string; readonly customId?: unknown } },
    execution,
  ) => {
    if (args.identifier.id === undefined) throw notImplemented("orderByIdentifier with customId")
    return findOfType("Order", args.identifier.id, execution)
  },
  customer: (_, args: { readonly id: string }, execution) => findOfType("Customer", args.id, execution),
  node: (_, args: { readonly id: string }, execution) => findNode(args.id, execution),
  nodes: (_, args: { readonly ids: ReadonlyArray<string> }, execution) => args.ids.map((id) => findNode(id, execution)),
  webhookSubscription: (_, args: { readonly id: string }, execution) =>
    findOfType("WebhookSubscription", args.id, execution),
  webhookSubscriptions: subscriptions,
})

const mutations = fields<unknown>("Mutation", {
  webhookSubscriptionCreate: subscriptionCreate,
  webhookSubscriptionDelete: subscriptionDelete,
})

export const shopTables: ReadonlyArray<TypeFields> = [shopFields, subscriptionFields, queries, mutations]
