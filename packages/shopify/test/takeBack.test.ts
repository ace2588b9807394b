/**
 * What was handed over and is taken back, by each kind: whole, once, and not where somebody has spent of it.
 */
import { Fulfiller } from "@advocacy-kit/core/connector/Fulfiller"
import * as Handle from "@advocacy-kit/core/id/Handle"
import { keyOf, type Unit } from "@advocacy-kit/core/ledger/Credit"
import type { HandOver } from "@advocacy-kit/core/ledger/HandOver"
import { type IssueReward, rewardKey, type TakeBack, takeBackKey } from "@advocacy-kit/core/ledger/OutboundEffect"
import { Simulator } from "@advocacy-kit/sandbox"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { inSandbox, type Sandbox, token } from "./shopUnderTest.ts"

const world = Simulator.simulate({ seed: 11, customers: 400, orders: 1000 })
const reachable = world.shop.customers.find(({ email }) => email !== null)?.id ?? ""
const credit = keyOf({ program: "p", rule: "referral", cause: "o1", role: "advocate" })

const reward = (as: HandOver["as"], ordinal = 1): IssueReward => ({
  _tag: "IssueReward",
  key: rewardKey(credit, ordinal),
  credit,
  ordinal,
  beneficiary: Handle.platform("shopify", "customer", reachable),
  recipient: Handle.platform("shopify", "customer", reachable),
  unit: world.brand.currency as Unit,
  amountMinor: 2_000n,
  terms: "terms-1",
  plannedAt: Date.parse(world.brand.liveFrom),
  handOver: { as, takeBack: true, ...(as === "store-credit" ? { validDays: 90 } : {}) },
})

const backOf = (given: IssueReward, reference: string): TakeBack => ({
  _tag: "TakeBack",
  key: takeBackKey(given.key),
  beneficiary: given.beneficiary,
  terms: given.terms,
  plannedAt: given.plannedAt,
  credit: given.credit,
  ordinal: given.ordinal,
  recipient: given.recipient,
  reward: given,
  reference,
  attempt: 1,
})

const issue = (...effects: ReadonlyArray<IssueReward | TakeBack>) =>
  Effect.flatMap(Fulfiller, (fulfiller) => fulfiller.issue(effects))
const find = (...effects: ReadonlyArray<IssueReward | TakeBack>) =>
  Effect.flatMap(Fulfiller, (fulfiller) => fulfiller.find(effects))

/** Hands one over, and answers what would take it back. */
const given = (one: IssueReward) =>
  Effect.map(issue(one), (outcomes) => {
    const outcome = outcomes.get(one.key)
    if (outcome?.state !== "confirmed") throw new Error(`it was not handed over: ${outcome?.state}`)
    return backOf(one, outcome.reference)
  })

const ask = ({ url }: Sandbox, query: string) =>
  Effect.promise(async () => {
    const asked = await fetch(`${url}/admin/api/2026-10/graphql.json`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Shopify-Access-Token": token },
      body: JSON.stringify({ query }),
    })
    const answer = (await asked.json()) as { readonly data?: unknown; readonly errors?: unknown }
    expect(answer.errors).toBeUndefined()
    return JSON.stringify(answer.data)
  })

const euros = (amount: string) => `{ amount: "${amount}", currencyCode: ${world.brand.currency} }`
const spending: Readonly<Record<HandOver["as"], ((back: TakeBack) => string) | null>> = {
  "store-credit": () =>
    `mutation { storeCreditAccountDebit(id: "gid://shopify/Customer/${reachable}", debitInput: { debitAmount: ${euros("5.00")} }) { userErrors { code } } }`,
  "gift-card": ({ reference }) =>
    `mutation { giftCardDebit(id: "${reference}", debitInput: { debitAmount: ${euros("5.00")} }) { userErrors { code } } }`,
  // A code is used by an order, which the simulated days bring.
  "discount-code": null,
}
const kinds = ["store-credit", "gift-card", "discount-code"] as const

describe.each(kinds)("a reward as a %s", (as) => {
  it("is taken back once, and is gone", () =>
    inSandbox(world, (sandbox) =>
      Effect.gen(function* () {
        const back = yield* given(reward(as))
        expect((yield* find(back)).size).toBe(0)
        expect((yield* issue(back)).get(back.key)).toMatchObject({ state: "confirmed" })
        if (as === "store-credit") {
          // Once more is refused: nothing of this credit is left, and nobody else's money is touched.
          yield* given(reward(as, 2))
          expect((yield* issue(back)).get(back.key)).toMatchObject({ state: "failed" })
          expect(
            yield* ask(
              sandbox,
              `{ customer(id: "gid://shopify/Customer/${reachable}") { storeCreditAccounts(first: 1) { nodes { balance { amount } } } } }`,
            ),
          ).toContain('"20.0"')
        } else {
          expect((yield* find(back)).get(back.key)).toEqual({ reference: back.reference })
          expect((yield* find(back.reward)).size).toBe(0)
          expect((yield* issue(back)).get(back.key)).toMatchObject({ state: "confirmed" })
        }
      }),
    ))

  it("whose answer was lost is found to be taken back, or left to a human, and never taken twice", () =>
    inSandbox(world, (sandbox) =>
      Effect.gen(function* () {
        const back = yield* given(reward(as))
        yield* sandbox.control("faults", { commitThenDrop: 1 })
        expect((yield* issue(back)).get(back.key)).toEqual({ state: "unknown" })
        const found = (yield* find(back)).get(back.key)
        expect(found).toEqual(
          as === "store-credit"
            ? { unclear: expect.stringContaining("1 debit(s)") as string }
            : { reference: back.reference },
        )
      }),
    ))

  it("of which something was spent stays, and what was spent is said", () =>
    inSandbox(world, (sandbox) =>
      Effect.gen(function* () {
        const back = yield* given(reward(as))
        const spend = spending[as]
        if (spend === null) return
        yield* ask(sandbox, spend(back))
        expect((yield* issue(back)).get(back.key)).toEqual({
          state: "failed",
          reason: "it cannot be taken back: of 20.00 only 15.0 are left; what was spent stays owed",
        })
      }),
    ))
})

it("a code that an order shows is not taken back", () => {
  const used = world.shop.orders.find(({ discountCodes }) => discountCodes.length > 0)?.discountCodes[0] ?? ""
  return inSandbox(world, () =>
    Effect.gen(function* () {
      const back = backOf(reward("discount-code"), used)
      expect((yield* issue(back)).get(back.key)).toEqual({
        state: "failed",
        reason: "it cannot be taken back: the code was used, and what was spent stays owed",
      })
    }),
  )
})
