/**
 * What the app is told that it may do, and that a short history is never taken for the whole.
 */
import type { Capability } from "@advocacy-kit/core/connector/Capability"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { reconcile } from "@advocacy-kit/core/flow/Reconciling"
import { pullAll } from "@advocacy-kit/core/flow/Sync"
import { FactSources } from "@advocacy-kit/core/connector/FactSource"
import { ShopifySandbox, Simulator } from "@advocacy-kit/sandbox"
import { Effect, Layer } from "effect"
import { describe, expect, it } from "vitest"
import type { Access } from "../src/Access.ts"
import * as Capabilities from "../src/Capabilities.ts"
import { factsOf, inSandbox, pages, source } from "./shopUnderTest.ts"

const world = Simulator.simulate({ seed: 5, customers: 400, orders: 800 })

const everything = [
  "read_orders",
  "read_all_orders",
  "write_customers",
  "write_discounts",
  "read_store_credit_accounts",
  "write_store_credit_account_transactions",
  "write_gift_cards",
  "read_customer_merge",
  "write_pixels",
  "read_customer_events",
]
const whole: Access = {
  plan: "Shopify Plus",
  isPlus: true,
  scopes: new Set(everything),
  customer: new Set<string>(),
  order: new Set<string>(),
}

const named = (features: ReadonlyArray<Capability>, feature: string): Capability => {
  const found = features.find((one) => one.feature === feature)
  if (found === undefined) throw new Error(`${feature} is not told of`)
  return found
}

describe("the report of what a shop allows", () => {
  it("has nothing to do where everything was granted, and a write scope grants reading", () => {
    const features = Capabilities.report(whole)
    expect(features.length).toBeGreaterThanOrEqual(10)
    expect(features.filter(({ standing }) => standing !== "on")).toEqual([])
    expect(features.filter(({ missing, remedy }) => remedy !== null || missing.length > 0)).toEqual([])
  })

  it.each(everything)("tells what is lost without %s, and where to switch it on", (scope) => {
    const scopes = new Set(everything.filter((one) => one !== scope))
    const lost = Capabilities.report({ ...whole, scopes }).filter(({ standing }) => standing !== "on")
    expect(lost.length).toBeGreaterThanOrEqual(1)
    for (const { feature, missing, reason, remedy } of lost) {
      expect([feature, missing.length]).not.toEqual([feature, 0])
      expect([feature, reason, remedy]).toEqual([
        feature,
        expect.stringContaining(missing[0] ?? "?"),
        expect.any(String),
      ])
    }
  })

  it("does not take a shop without customers for an approval, nor a refusal for an empty field", () => {
    const of = (change: Partial<Access>) =>
      named(Capabilities.report({ ...whole, ...change }), "protected customer data")
    expect(of({ customer: "unknown" })).toMatchObject({ standing: "partly", remedy: null })
    expect(of({ customer: "refused", order: "refused" })).toMatchObject({ standing: "off" })
    expect(of({ customer: new Set(["defaultEmailAddress"]) })).toMatchObject({
      standing: "partly",
      reason: expect.stringContaining("e-mail addresses of customers"),
    })
  })
})

describe("a shop", () => {
  const capabilities = Effect.flatMap(source, (shop) => shop.capabilities ?? Effect.die("it cannot tell"))
  const within = (options: Partial<ShopifySandbox.Options>) => inSandbox(world, () => capabilities, options)

  it("tells what it allows", async () => {
    const features = await within({ scopes: everything })
    expect(features.filter(({ standing }) => standing !== "on")).toEqual([])
    const some = await within({ scopes: ["read_orders", "read_customers"], customerData: ["name"] })
    expect(named(some, "history of orders")).toMatchObject({ standing: "partly", missing: ["read_all_orders"] })
    expect(named(some, "discount codes")).toMatchObject({
      standing: "off",
      missing: ["read_discounts", "write_discounts"],
    })
    expect(named(some, "protected customer data").reason).toBe(
      "Shopify withholds e-mail addresses of customers, telephone numbers, e-mail addresses of orders, addresses: unavailable, not empty",
    )
    const none = await within({ customerData: "none" })
    expect(named(none, "protected customer data")).toMatchObject({ standing: "off" })
  })

  it("that shows 60 days of orders says so with every sync and every reconciliation, and only then", async () => {
    const short = ShopifySandbox.defaultScopes.filter((scope) => scope !== "read_all_orders")
    const synced = (scopes: ReadonlyArray<string>) =>
      inSandbox(
        world,
        () =>
          Effect.gen(function* () {
            const shop = yield* source
            const first = yield* pullAll(shop)
            const second = yield* pullAll(shop)
            const { facts } = yield* reconcile({ dryRun: true }).pipe(
              Effect.provide(Layer.succeed(FactSources, [shop])),
            )
            const orders = factsOf(yield* pages(shop, "shopify:orders", null)).filter(
              ({ _tag }) => _tag === "OrderPlaced",
            )
            const caveats = [first, second].map((all) => all.flatMap((one) => one.caveats))
            return { caveats, told: facts[0]?.caveats, orders: orders.length }
          }).pipe(Effect.provide(Layer.fresh(MemoryStores.layerMemory))),
        { scopes },
      )
    const some = await synced(short)
    const said = expect.stringContaining("orders of the last 60 days only")
    expect(some).toMatchObject({ caveats: [[said], [said]], told: [said] })
    const all = await synced(ShopifySandbox.defaultScopes)
    expect(all).toMatchObject({ caveats: [[], []], told: [] })
    expect(some.orders).toBeGreaterThan(0)
    expect(some.orders).toBeLessThan(all.orders / 2)
  })
})
