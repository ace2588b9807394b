/**
 * The control endpoints as typed functions, for the tests of whoever integrates: `ShopControl.at(url)`. Each rejects
 * with the sandbox's own words when it is refused. It works over HTTP, so the sandbox may run in another process.
 */

import * as ControlCall from "../ControlCall.ts"
import type { ProxyRoute } from "./AppProxy.ts"
import type { CheckoutRequest } from "./Checkout.ts"
import type { RefundRequest } from "./OrderChange.ts"
import type { FaultRequest } from "./Faults.ts"
import type { AppSubscription, DeliveryOutcome } from "./WebhookDelivery.ts"

export interface AppReport {
  readonly clientId: string
  readonly installed: boolean
  readonly installedAt: string
  readonly uninstalledAt: string | null
  readonly scopes: ReadonlyArray<string>
  readonly optionalScopes: ReadonlyArray<string>
  /** 2 while the secret before the newest may still sign. */
  readonly secrets: number
  readonly tokens: ReadonlyArray<{
    readonly kind: "permanent" | "expiring" | "online" | "client-credentials"
    readonly issuedAt: string
    readonly expiresAt: string | null
    readonly expired: boolean
  }>
  readonly refreshTokens: ReadonlyArray<{ readonly expiresAt: string; readonly firstUsedAt: string | null }>
}

export interface Span {
  readonly days?: number
  readonly hours?: number
  readonly minutes?: number
  readonly seconds?: number
}

export interface SessionTokenRequest {
  readonly userId?: string
  readonly lifetimeSeconds?: number
  /** To sign with another than the client secret. */
  readonly secret?: string
}

export interface WebhookReport {
  readonly declared: ReadonlyArray<AppSubscription>
  readonly queued: ReadonlyArray<{
    readonly topic: string
    readonly uri: string
    readonly webhookId: string
    readonly dueAt: string
    readonly failures: number
  }>
  readonly counts: Readonly<Record<DeliveryOutcome, number>>
}

export interface Played {
  readonly applied: number
  readonly delivered: number
  readonly failed: number
}

export interface OrderReport {
  readonly id: string
  readonly name: string
  readonly financialStatus: string
  readonly cancelledAt: string | null
  readonly customerId: string | null
  readonly cartToken: string | null
  readonly checkoutToken: string | null
  readonly discountCodes: ReadonlyArray<string>
  readonly total: string
  readonly currentTotal: string
  readonly lines: ReadonlyArray<{
    readonly lineId: string
    readonly quantity: number
    readonly currentQuantity: number
  }>
  readonly refunds: ReadonlyArray<{ readonly id: string; readonly total: string }>
}

export interface ShopControl {
  readonly app: () => Promise<AppReport>
  /** The merchant installs the app with these scopes, or those that it declares. */
  readonly install: (scopes?: ReadonlyArray<string>) => Promise<AppReport>
  readonly uninstall: () => Promise<AppReport>
  readonly grantScopes: (scopes: ReadonlyArray<string>) => Promise<AppReport>
  readonly revokeScopes: (scopes: ReadonlyArray<string>) => Promise<AppReport>
  /** What App Bridge would hand to the app's front end. */
  readonly sessionToken: (request?: SessionTokenRequest) => Promise<string>
  /** The old secret goes on signing for an hour of the shop's clock. */
  readonly rotateSecret: (secret: string) => Promise<AppReport>
  /** The shop's present instant. */
  readonly now: () => Promise<string>
  readonly advance: (by: Span) => Promise<string>
  readonly setClock: (to: string) => Promise<string>
  /** What the app's configuration subscribes to in every shop, in place of what it did; compliance topics go here. */
  readonly declareWebhooks: (subscriptions: ReadonlyArray<AppSubscription>) => Promise<WebhookReport>
  readonly webhooks: () => Promise<WebhookReport>
  /** Waits until no webhook is left that is due. */
  readonly settle: () => Promise<WebhookReport>
  /** Lets the live days happen; the webhooks go to the subscriptions, or all to one address. */
  readonly play: (request?: { readonly webhookUrl?: string; readonly until?: string }) => Promise<Played>
  readonly requestData: (customer: string) => Promise<WebhookReport>
  readonly requestRedaction: (customer: string) => Promise<WebhookReport>
  readonly mergeCustomers: (keep: string, remove: string) => Promise<WebhookReport>
  readonly deleteCustomer: (customer: string) => Promise<WebhookReport>
  /** Somebody buys; rejects when a code does not work, in the checkout's words. */
  readonly checkout: (request?: CheckoutRequest) => Promise<OrderReport>
  readonly pay: (order: string) => Promise<OrderReport>
  /** Without lines everything that is left goes back. */
  readonly refund: (order: string, request?: RefundRequest) => Promise<OrderReport>
  readonly cancel: (order: string, reason?: string) => Promise<OrderReport>
  /** Takes items off: so many of the line are left. */
  readonly edit: (order: string, lineId: string, quantity: number) => Promise<OrderReport>
  /** Requests to `/prefix/subpath` of the sandbox go on to the app, signed. */
  readonly declareProxy: (proxy: ProxyRoute) => Promise<ProxyRoute>
  /** Adds to the faults that are pending. */
  readonly faults: (request: FaultRequest) => Promise<void>
}

export const at = (url: string): ShopControl => {
  const call = ControlCall.at("Shopify", url)
  const clock = async (body?: object): Promise<string> => (await call<{ readonly now: string }>("clock", body)).now
  return {
    app: () => call("app"),
    install: (scopes = []) => call("install", { scopes }),
    uninstall: () => call("uninstall", {}),
    grantScopes: (grant) => call("scopes", { grant }),
    revokeScopes: (revoke) => call("scopes", { revoke }),
    sessionToken: async (request = {}) =>
      (await call<{ readonly sessionToken: string }>("session-token", request)).sessionToken,
    rotateSecret: (secret) => call("secret", { secret }),
    now: () => clock(),
    advance: (by) => clock(by),
    setClock: (set) => clock({ set }),
    declareWebhooks: (subscriptions) => call("webhooks", { subscriptions }),
    webhooks: () => call("webhooks"),
    settle: () => call("settle", {}),
    play: (request = {}) => call("play", request),
    requestData: (customer) => call("data-request", { customer }),
    requestRedaction: (customer) => call("redact", { customer }),
    mergeCustomers: (keep, remove) => call("merge-customers", { keep, remove }),
    deleteCustomer: (customer) => call("delete-customer", { customer }),
    checkout: (request = {}) => call("checkout", request),
    pay: (order) => call("pay", { order }),
    refund: (order, request = {}) => call("refund", { order, ...request }),
    cancel: (order, reason = "CUSTOMER") => call("cancel", { order, reason }),
    edit: (order, lineId, quantity) => call("edit", { order, lineId, quantity }),
    declareProxy: (proxy) => call("app-proxy", proxy),
    faults: async (request) => void (await call("faults", request)),
  }
}
