/**
 * Which features a shop's plan, the app's scopes and its approvals allow.
 *
 * Promises: pure; each feature with its reason, the scopes that are missing, and where to switch it on. It judges what the
 * app may do, not whether the merchant uses it.
 */
import type { Capability } from "@advocacy-kit/core/connector/Capability"
import { type Access, holds, type Probed } from "./Access.ts"

const inApp =
  "in the app's configuration (scopes in shopify.app.toml, or the custom app's Admin API scopes), then have the shop approve it"
const inReview = "in the Partner Dashboard, under API access, Protected customer data access"

/** Why a history is short, or undefined where it is whole. */
export const historyCaveat = (scopes: ReadonlySet<string>): string | undefined =>
  holds(scopes, "read_all_orders")
    ? undefined
    : "Shopify shows this app orders of the last 60 days only: it has not the scope read_all_orders; ask for it in the Partner Dashboard, under API access, then read the history again"

interface Wanted {
  readonly feature: string
  readonly scopes: ReadonlyArray<string>
  /** What it is good for. */
  readonly works: string
  /** How it is switched on, where that is not by the scope alone. */
  readonly remedy?: string
}

const byScope: ReadonlyArray<Wanted> = [
  { feature: "orders and refunds", scopes: ["read_orders"], works: "orders, their lines and refunds are read" },
  { feature: "customers", scopes: ["read_customers"], works: "customers are read" },
  {
    feature: "discount codes",
    scopes: ["read_discounts", "write_discounts"],
    works: "share codes and reward codes are created",
  },
  {
    feature: "store credit",
    scopes: [
      "read_store_credit_accounts",
      "read_store_credit_account_transactions",
      "write_store_credit_account_transactions",
    ],
    works: "rewards can be store credit, where the shop has it turned on",
  },
  {
    feature: "gift cards",
    scopes: ["read_gift_cards", "write_gift_cards"],
    works: "rewards can be gift cards",
    remedy: "ask Shopify for it, then add it to the app's scopes",
  },
  {
    feature: "customer tags and metafields",
    scopes: ["write_customers"],
    works: "they may be written; nothing writes them yet",
  },
  {
    feature: "merged customers",
    scopes: ["read_customer_merge"],
    works: "the webhook customers/merge tells which customers became one",
  },
  {
    feature: "web pixel",
    scopes: ["write_pixels", "read_customer_events"],
    works: "visits can be told by a pixel, where buyers agree",
  },
]

const on = (feature: string, reason: string): Capability => ({
  feature,
  standing: "on",
  reason,
  remedy: null,
  missing: [],
})

const scoped = (granted: ReadonlySet<string>, { feature, remedy, scopes, works }: Wanted): Capability => {
  const missing = scopes.filter((scope) => !holds(granted, scope))
  if (missing.length === 0) return on(feature, works)
  const named = missing.join(", ")
  const reason = `the app has not the scope${missing.length > 1 ? "s" : ""} ${named}`
  return { feature, standing: "off", reason, remedy: remedy ?? `add ${named} ${inApp}`, missing }
}

const history = (granted: ReadonlySet<string>): Capability => {
  const feature = "history of orders"
  if (!holds(granted, "read_orders"))
    return { ...scoped(granted, { feature, scopes: ["read_orders"], works: "" }), standing: "off" }
  return holds(granted, "read_all_orders")
    ? on(feature, "orders of all time are read")
    : {
        feature,
        standing: "partly",
        reason: "only orders of the last 60 days are shown: the app has not the scope read_all_orders",
        remedy: "ask for read_all_orders in the Partner Dashboard, under API access; read the history again after that",
        missing: ["read_all_orders"],
      }
}

/** Members of the probes, and what they are for a person. */
const personal: ReadonlyArray<readonly [from: "customer" | "order", member: string, name: string]> = [
  ["customer", "firstName", "names"],
  ["customer", "defaultEmailAddress", "e-mail addresses of customers"],
  ["customer", "defaultPhoneNumber", "telephone numbers"],
  ["order", "email", "e-mail addresses of orders"],
  ["order", "shippingAddress", "addresses"],
]

const protectedData = (access: Access): Capability => {
  const feature = "protected customer data"
  const probes: ReadonlyArray<Probed> = [access.customer, access.order]
  const refused = { feature, standing: "off", remedy: `ask for it ${inReview}`, missing: [] } as const
  if (probes.every((probe) => probe === "refused"))
    return { ...refused, reason: "Shopify shows this app neither orders nor customers" }
  const withheld = personal.flatMap(([from, member, name]) => {
    const probe = access[from]
    return probe === "refused" || (typeof probe !== "string" && probe.has(member)) ? [name] : []
  })
  if (withheld.length > 0)
    return {
      ...refused,
      standing: "partly",
      reason: `Shopify withholds ${withheld.join(", ")}: unavailable, not empty`,
    }
  return probes.some((probe) => probe === "unknown")
    ? { ...refused, standing: "partly", reason: "the shop has no record yet that could show it", remedy: null }
    : on(feature, "names, addresses, telephone numbers and e-mail addresses are shown")
}

/** By plan; the rates are Shopify's documented ones, and its answers say what is left. */
const calls = ({ isPlus, plan }: Access): Capability =>
  on("call budget", `plan ${plan}: ${isPlus ? "1,000 points a second or more" : "100 or 200 points a second"}`)

export const report = (access: Access): ReadonlyArray<Capability> => {
  const [orders, ...others] = byScope.map((one) => scoped(access.scopes, one))
  return [
    ...(orders === undefined ? [] : [orders]),
    history(access.scopes),
    protectedData(access),
    ...others,
    calls(access),
  ]
}
