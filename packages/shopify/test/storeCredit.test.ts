/**
 * Store credit against the local shop: given once, found again after a lost answer, left to a human where nothing can tell.
 */
import { Fulfiller, type Found } from "@advocacy-kit/core/connector/Fulfiller"
import { absent, confirm } from "@advocacy-kit/core/flow/Intervening"
import { fulfil } from "@advocacy-kit/core/flow/Fulfilling"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import * as Handle from "@advocacy-kit/core/id/Handle"
import { keyOf, type Unit } from "@advocacy-kit/core/ledger/Credit"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { type IssueReward, rewardKey, State } from "@advocacy-kit/core/ledger/OutboundEffect"
import { Simulator } from "@advocacy-kit/sandbox"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { describe, expect, it } from "vitest"
import * as StoreCreditKind from "../src/StoreCreditKind.ts"
import { connected, handleKey, inSandbox, type Sandbox, token } from "./shopUnderTest.ts"

const world = Simulator.simulate({ seed: 11, customers: 400, orders: 1000 })
const now = Date.parse(world.brand.liveFrom)
const [first, second] = world.shop.customers.map(({ id }) => id)

const credit = (order: string) => keyOf({ program: "p", rule: "referral", cause: order, role: "advocate" })

const reward = (order: string, told: Partial<IssueReward> = {}): IssueReward => ({
  _tag: "IssueReward",
  key: rewardKey(credit(order), 1),
  credit: credit(order),
  ordinal: 1,
  beneficiary: Handle.platform("shopify", "customer", first ?? ""),
  recipient: Handle.platform("shopify", "customer", first ?? ""),
  unit: world.brand.currency as Unit,
  amountMinor: 2_000n,
  terms: "terms-1",
  plannedAt: now,
  handOver: { as: "store-credit", validDays: 365 },
  ...told,
})
const lasting = (order: string, told: Partial<IssueReward> = {}) =>
  reward(order, { handOver: { as: "store-credit" }, ...told })

const issue = (...effects: ReadonlyArray<IssueReward>) =>
  Effect.flatMap(Fulfiller, (fulfiller) => fulfiller.issue(effects))
const find = (...effects: ReadonlyArray<IssueReward>) =>
  Effect.flatMap(Fulfiller, (fulfiller) => fulfiller.find(effects))

/** What the shop has given each customer, as the shop itself says. */
const given = ({ url }: Sandbox, customer = first) =>
  Effect.promise(async () => {
    const query = `{ customer(id: "gid://shopify/Customer/${customer}") { storeCreditAccounts(first: 5) { nodes { transactions(first: 250) { nodes {
      __typename amount { amount } ... on StoreCreditAccountCreditTransaction { id expiresAt } } } } } } }`
    const asked = await fetch(`${url}/admin/api/2026-10/graphql.json`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Shopify-Access-Token": token },
      body: JSON.stringify({ query }),
    })
    const answer = (await asked.json()) as {
      readonly data: {
        readonly customer: {
          readonly storeCreditAccounts: {
            readonly nodes: ReadonlyArray<{
              readonly transactions: {
                readonly nodes: ReadonlyArray<{
                  readonly id: string
                  readonly amount: { readonly amount: string }
                  readonly expiresAt: string | null
                }>
              }
            }>
          }
        }
      }
    }
    return answer.data.customer.storeCreditAccounts.nodes.flatMap(({ transactions }) => transactions.nodes)
  })

describe("store credit in a shop", () => {
  it("is given once, at its own second, and found by it among others of the same amount", () =>
    inSandbox(world, (sandbox) =>
      Effect.gen(function* () {
        const [one, other] = [reward("o1"), reward("o2")]
        expect((yield* find(one)).size).toBe(0)
        const outcomes = yield* issue(one, other)
        const transactions = yield* given(sandbox)
        expect(transactions).toHaveLength(2)
        expect(new Set(transactions.map(({ expiresAt }) => expiresAt)).size).toBe(2)
        expect([...outcomes.values()]).toEqual(
          expect.arrayContaining(transactions.map(({ id }) => ({ state: "confirmed", reference: id }))),
        )
        const found = yield* find(one, other, reward("o3"))
        expect([...found].map(([key, told]) => [key, "reference" in told ? told.reference : null])).toEqual(
          [...outcomes].map(([key, outcome]) => [key, "reference" in outcome ? outcome.reference : ""]),
        )
        const expiresAt = yield* StoreCreditKind.expiryOf(one, handleKey)
        expect(expiresAt).toBeGreaterThanOrEqual(now + 365 * 86_400_000)
        expect(expiresAt).toBeLessThan(now + 366 * 86_400_000 + 1_000)
      }),
    ))

  it("whose answer was lost is found, and not given again", () =>
    inSandbox(world, (sandbox) =>
      Effect.gen(function* () {
        const one = reward("o1")
        yield* issue(reward("o0"))
        yield* sandbox.control("faults", { commitThenDrop: 1 })
        expect((yield* issue(one)).get(one.key)).toEqual({ state: "unknown" })
        expect((yield* find(one)).get(one.key)).toHaveProperty("reference")
        expect(yield* given(sandbox)).toHaveLength(2)
      }),
    ))

  it("without an end is unclear as soon as a credit of the amount has come since", () =>
    inSandbox(world, (sandbox) =>
      Effect.gen(function* () {
        const one = lasting("o1")
        expect((yield* find(one)).size).toBe(0)
        yield* issue(lasting("o0", { amountMinor: 1_999n }))
        expect((yield* find(one)).size).toBe(0)
        yield* sandbox.control("faults", { commitThenDrop: 1 })
        yield* issue(one)
        expect((yield* find(one)).get(one.key)).toEqual({ unclear: expect.stringContaining("1 credit(s)") as string })
        // Somebody who looked says that what was there before is not it.
        expect((yield* find({ ...one, absentAt: now + 1 })).size).toBe(0)
      }),
    ))

  it("is refused for good in another currency, for points, and for nobody", () =>
    inSandbox(world, (sandbox) =>
      Effect.gen(function* () {
        const refused = [
          reward("o1", { unit: "XTS" as Unit }),
          reward("o2", { unit: "points:p" as Unit }),
          reward("o3", { amountMinor: 0n }),
          reward("o4", { recipient: Handle.platform("shopify", "customer", "1") }),
          reward("o5", { recipient: Handle.platform("hubspot", "contact", "1") }),
        ]
        const outcomes = yield* issue(...refused)
        expect([...outcomes.values()].map(({ state }) => state)).toEqual(refused.map(() => "failed"))
        expect(yield* given(sandbox)).toHaveLength(0)
      }),
    ))

  it("waits, and holds up no codes, where the shop has no store credit or the app no scope for it", () =>
    Promise.all(
      [{ storeCredit: false }, { scopes: ["read_customers", "write_discounts", "read_store_credit_accounts"] }].map(
        (options) =>
          inSandbox(
            world,
            () =>
              Effect.gen(function* () {
                const { handOver: _, ...code } = reward("o2")
                const outcomes = yield* issue(reward("o1"), code)
                expect(outcomes.get(code.key)).toMatchObject({ state: "confirmed" })
                expect(outcomes.get(reward("o1").key)).toMatchObject({
                  state: "unknown",
                  reason: expect.stringMatching(/turned off|write_store_credit_account_transactions/) as string,
                })
              }),
            options,
          ),
      ),
    ))
})

const plan = (...effects: ReadonlyArray<IssueReward>) =>
  Effect.flatMap(Ledger, (ledger) => ledger.commit({ revisions: [], effects, undo: [] }))
const rows = Effect.flatMap(Ledger, (ledger) => ledger.effects({ states: State.literals }))

describe("through the outbox", () => {
  it("a lost answer resolves itself where the credit expires, and waits for a human where it does not", () =>
    inSandbox(world, (sandbox) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(now)
        const [marked, unmarked] = [
          reward("o1"),
          lasting("o2", { recipient: Handle.platform("shopify", "customer", second ?? "") }),
        ]
        yield* plan(marked, unmarked)
        yield* sandbox.control("faults", { commitThenDrop: 2 })
        expect(yield* fulfil).toMatchObject({ unknown: 2, deadLetters: 0 })
        yield* TestClock.adjust("2 minutes")
        expect(yield* fulfil).toMatchObject({ confirmed: 1, unknown: 1, deadLetters: 1 })
        const [, waiting] = yield* rows
        expect(waiting).toMatchObject({
          state: "unknown",
          dueAt: null,
          note: expect.stringContaining("a human has to look") as string,
        })
        // However often we pass, nothing more is given.
        yield* TestClock.adjust("3 hours")
        expect(yield* fulfil).toMatchObject({ confirmed: 0, unknown: 0 })
        const [there] = yield* given(sandbox, second)
        expect([...(yield* given(sandbox)), ...(yield* given(sandbox, second))]).toHaveLength(2)

        expect(yield* confirm(unmarked.key, there?.id ?? "")).toEqual([{ key: unmarked.key, refused: null }])
        expect((yield* rows).map(({ state }) => state)).toEqual(["confirmed", "confirmed"])
      }).pipe(Effect.provide(MemoryStores.layerMemory), Effect.provide(TestClock.layer())),
    ))

  it("a human who sees that it is not there has it given, once", () =>
    inSandbox(world, (sandbox) =>
      Effect.gen(function* () {
        yield* TestClock.setTime(now)
        const [one, other] = [lasting("o1"), lasting("o2")]
        yield* plan(one, other)
        // The first is answered; the second never arrives, but now there is one of its amount.
        yield* issue(one)
        yield* sandbox.control("faults", { status: 502, count: 2 })
        yield* fulfil
        yield* TestClock.adjust("2 minutes")
        expect(yield* fulfil).toMatchObject({ deadLetters: 2 })
        const [there] = yield* given(sandbox)
        yield* confirm(one.key, there?.id ?? "")
        expect(yield* absent(other.key)).toEqual([{ key: other.key, refused: null }])
        expect(yield* fulfil).toMatchObject({ confirmed: 1 })
        expect(yield* given(sandbox)).toHaveLength(2)
        expect((yield* rows).map(({ state }) => state)).toEqual(["confirmed", "confirmed"])
        expect(yield* absent(other.key)).toMatchObject([{ refused: expect.stringContaining("confirmed") as string }])
      }).pipe(Effect.provide(MemoryStores.layerMemory), Effect.provide(TestClock.layer())),
    ))
})

describe("judging what the shop shows", () => {
  const transaction = (id: string, told: object = {}) => ({
    __typename: "StoreCreditAccountCreditTransaction",
    id,
    amount: { amount: "20.0", currencyCode: world.brand.currency },
    createdAt: new Date(now).toISOString(),
    event: "ADJUSTMENT",
    expiresAt: new Date(now + 1_000).toISOString(),
    ...told,
  })
  const said = (found: ReadonlyMap<string, Found>) => [...found.values()].map((one) => Object.keys(one)[0])

  it("leaves two credits with one mark, and two rewards with one mark, to a human", () => {
    const marked = { effect: reward("o1"), expiresAt: now + 1_000 }
    expect(said(StoreCreditKind.judge([marked], [transaction("a")]))).toEqual(["reference"])
    expect(said(StoreCreditKind.judge([marked], [transaction("a"), transaction("b")]))).toEqual(["unclear"])
    const twin = { effect: reward("o2"), expiresAt: now + 1_000 }
    expect(said(StoreCreditKind.judge([marked, twin], [transaction("a")]))).toEqual(["unclear", "unclear"])
    expect(said(StoreCreditKind.judge([marked], [transaction("a", { expiresAt: null })]))).toEqual([])
    expect(
      said(StoreCreditKind.judge([marked], [transaction("a", { amount: { amount: "20.01", currencyCode: "EUR" } })])),
    ).toEqual([])
  })

  it("sends again only when nothing was sent: an answer without sense stays in doubt", async () => {
    const asked: Array<string> = []
    const options = {
      shop: "tea.myshopify.com",
      accessToken: Redacted.make(token),
      fetch: ((_url, init) => {
        const { query } = JSON.parse(String(init?.body)) as { readonly query: string }
        const name = /(?:query|mutation) (\w+)/.exec(query)?.[1] ?? ""
        asked.push(name)
        const data =
          name === "ShopInfo"
            ? { shop: { myshopifyDomain: "tea.myshopify.com", currencyCode: world.brand.currency } }
            : name === "StoreCreditTerms"
              ? { storeCreditConfiguration: { storeCreditEnabled: true } }
              : { storeCreditAccountCredit: "what?" }
        return Promise.resolve(Response.json({ data }))
      }) satisfies typeof fetch,
    }
    const one = reward("o1")
    expect((await connected(issue(one), options)).get(one.key)).toEqual({ state: "unknown" })
    expect(asked.filter((name) => name === "CreditIssue")).toHaveLength(1)
  })
})
