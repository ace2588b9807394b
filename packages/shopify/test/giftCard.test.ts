/**
 * Gift cards against the local shop: made once, told to the customer at least once, their codes nowhere on our side.
 */
import { Fulfiller } from "@advocacy-kit/core/connector/Fulfiller"
import * as Handle from "@advocacy-kit/core/id/Handle"
import { keyOf, type Unit } from "@advocacy-kit/core/ledger/Credit"
import { type IssueReward, rewardKey } from "@advocacy-kit/core/ledger/OutboundEffect"
import { Simulator } from "@advocacy-kit/sandbox"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { inSandbox, type Sandbox, token } from "./shopUnderTest.ts"

const simulated = Simulator.simulate({ seed: 11, customers: 400, orders: 1000 })
const [silent, ...others] = simulated.shop.customers
if (silent === undefined) throw new Error("the world has no customers")
const world = {
  ...simulated,
  shop: { ...simulated.shop, customers: [{ ...silent, email: null, phone: null }, ...others] },
}
const reachable = others.find(({ email }) => email !== null)?.id ?? ""

const credit = (order: string) => keyOf({ program: "p", rule: "referral", cause: order, role: "advocate" })

const reward = (order: string, told: Partial<IssueReward> = {}): IssueReward => ({
  _tag: "IssueReward",
  key: rewardKey(credit(order), 1),
  credit: credit(order),
  ordinal: 1,
  beneficiary: Handle.platform("shopify", "customer", reachable),
  recipient: Handle.platform("shopify", "customer", reachable),
  unit: world.brand.currency as Unit,
  amountMinor: 2_000n,
  terms: "terms-1",
  plannedAt: Date.parse(world.brand.liveFrom),
  handOver: { as: "gift-card" },
  ...told,
})

const issue = (...effects: ReadonlyArray<IssueReward>) =>
  Effect.flatMap(Fulfiller, (fulfiller) => fulfiller.issue(effects))
const find = (...effects: ReadonlyArray<IssueReward>) =>
  Effect.flatMap(Fulfiller, (fulfiller) => fulfiller.find(effects))

interface Card {
  readonly id: string
  readonly note: string
  readonly enabled: boolean
  readonly expiresOn: string | null
  readonly customer: { readonly id: string }
}

const ask = <Data>({ url }: Sandbox, query: string) =>
  Effect.promise(async () => {
    const asked = await fetch(`${url}/admin/api/2026-10/graphql.json`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Shopify-Access-Token": token },
      body: JSON.stringify({ query }),
    })
    return ((await asked.json()) as { readonly data: Data }).data
  })
const cards = (sandbox: Sandbox) =>
  Effect.map(
    ask<{ readonly giftCards: { readonly nodes: ReadonlyArray<Card> } }>(
      sandbox,
      "{ giftCards(first: 50) { nodes { id note enabled expiresOn customer { id } } } }",
    ),
    ({ giftCards }) => giftCards.nodes,
  )

describe("gift cards in a shop", () => {
  it("are made once for their customer, told, and found", () =>
    inSandbox(world, (sandbox) =>
      Effect.gen(function* () {
        const [one, other] = [reward("o1", { handOver: { as: "gift-card", validDays: 30 } }), reward("o2")]
        expect((yield* find(one, other)).size).toBe(0)
        const outcomes = yield* issue(one, other)
        expect(yield* issue(one, other)).toEqual(outcomes)
        const made = yield* cards(sandbox)
        expect(made.map(({ id }) => id).sort()).toEqual(
          [...outcomes.values()].map((outcome) => ("reference" in outcome ? outcome.reference : "")).sort(),
        )
        expect(made).toMatchObject([
          {
            enabled: true,
            note: expect.stringMatching(/^adv:\w{16} told$/) as string,
            customer: { id: `gid://shopify/Customer/${reachable}` },
          },
          { enabled: true },
        ])
        const lastDay = new Date(Date.parse(world.brand.liveFrom) + 30 * 86_400_000).toISOString().slice(0, 10)
        expect(made.map((card) => card.expiresOn).sort()).toEqual([lastDay, null].sort())
        expect([...(yield* find(one, other, reward("o3")))].map(([key]) => key)).toEqual([one.key, other.key])
      }),
    ))

  it.each([1, 2, 3])("end as one card that is told, when %i answers in a row are lost", (drops) =>
    inSandbox(world, (sandbox) =>
      Effect.gen(function* () {
        const one = reward("o1")
        yield* sandbox.control("faults", { commitThenDrop: drops })
        let state = (yield* issue(one)).get(one.key)?.state
        for (let attempt = 0; attempt < 8 && state !== "confirmed"; attempt++) {
          if ((yield* find(one)).size === 1) break
          state = (yield* issue(one)).get(one.key)?.state
        }
        expect((yield* find(one)).size).toBe(1)
        expect(yield* cards(sandbox)).toMatchObject([
          { enabled: true, note: expect.stringContaining(" told") as string },
        ])
      }),
    ),
  )

  it("whose customer cannot be written to are ended again, and one that the merchant ended is gone", () =>
    inSandbox(world, (sandbox) =>
      Effect.gen(function* () {
        const lost = reward("o0", { recipient: Handle.platform("shopify", "customer", silent.id) })
        expect((yield* issue(lost)).get(lost.key)).toEqual({
          state: "failed",
          reason: "Shopify cannot send the gift card to this customer (INVALID): it was ended again",
        })
        expect(yield* cards(sandbox)).toMatchObject([{ enabled: false }])
        const one = reward("o1")
        yield* issue(one)
        const [, card] = yield* cards(sandbox)
        yield* ask(sandbox, `mutation { giftCardDeactivate(id: "${card?.id}") { userErrors { code } } }`)
        expect((yield* find(one)).size).toBe(0)
        expect((yield* issue(one)).get(one.key)).toEqual({
          state: "failed",
          reason: "the shop has ended this gift card",
        })
      }),
    ))

  it("are refused for good in another currency and for nobody, and wait where the limit is lower", () =>
    inSandbox(world, (sandbox) =>
      Effect.gen(function* () {
        const outcomes = yield* issue(
          reward("o1", { unit: "XTS" as Unit }),
          reward("o2", { recipient: Handle.platform("shopify", "customer", "1") }),
          reward("o3", { amountMinor: 200_001n }),
        )
        expect([...outcomes.values()].map(({ state }) => state).sort()).toEqual(["failed", "failed", "unknown"])
        expect(yield* cards(sandbox)).toEqual([])
      }),
    ))

  it("wait where the app may not make them, with the scope that is missing", () =>
    inSandbox(
      world,
      () =>
        Effect.gen(function* () {
          const error = yield* Effect.flip(issue(reward("o1")))
          expect(error.message).toContain("write_gift_cards")
        }),
      { scopes: ["read_customers"] },
    ))
})
