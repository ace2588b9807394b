/**
 * The shop itself, nodes by id, and the orders and customers at the root.
 */

import { fields } from "./Execution.ts"
import type { TypeFields } from "./Execution.ts"
import * as GlobalId from "./GlobalId.ts"
import { metafieldFields } from "./MetafieldResolvers.ts"
import { findNode, findOfType, shopNumber } from "./NodeLookup.ts"
import { orderPage, ordersCount } from "./OrderSearch.ts"
import type { SearchArguments } from "./OrderSearch.ts"
import { notImplemented } from "./Refusal.ts"
import { instant } from "./Scalars.ts"

const planNames = { standard: "Grow", advanced: "Advanced", plus: "Shopify Plus", enterprise: "Enterprise" } as const

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
  plan: (_, __, { plan }) => ({
    publicDisplayName: planNames[plan],
    displayName: planNames[plan],
    shopifyPlus: plan === "plus" || plan === "enterprise",
    partnerDevelopment: false,
  }),
  ...metafieldFields<unknown>(() => GlobalId.make("Shop", shopNumber)),
})

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
})

export const shopTables: ReadonlyArray<TypeFields> = [shopFields, queries]
