/**
 * Many rewards of every kind while everything goes wrong: answers dropped after the commit, throttles, faults of the shop, workers
 * that die between sending and recording. In the end there is exactly one of each, in the shop and in the outbox.
 *
 * The choices follow from the seed, which is in the test's name.
 */
import { fulfil } from "@advocacy-kit/core/flow/Fulfilling"
import { retryDeadLetters } from "@advocacy-kit/core/flow/Intervening"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import * as Handle from "@advocacy-kit/core/id/Handle"
import { keyOf, type Unit } from "@advocacy-kit/core/ledger/Credit"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { type IssueReward, rewardKey, State } from "@advocacy-kit/core/ledger/OutboundEffect"
import { Simulator } from "@advocacy-kit/sandbox"
import { Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { expect, it } from "vitest"
import { inSandbox, type Sandbox, token } from "./shopUnderTest.ts"

const world = Simulator.simulate({ seed: 11, customers: 400, orders: 1000 })
const now = Date.parse(world.brand.liveFrom)
const customers = world.shop.customers.filter(({ email }) => email !== null).slice(0, 3)
const forms = ["store-credit", "gift-card", "code"] as const
const each = 8

/** Numbers from 0 to 1 that follow from the seed. */
const chanceOf = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const rewards = forms.flatMap((form) =>
  Array.from({ length: each }, (_, index): IssueReward => {
    const credit = keyOf({ program: "p", rule: "referral", cause: `${form}-${index}`, role: "advocate" })
    const recipient = Handle.platform("shopify", "customer", customers[index % customers.length]?.id ?? "")
    return {
      _tag: "IssueReward",
      key: rewardKey(credit, 1),
      credit,
      ordinal: 1,
      beneficiary: recipient,
      recipient,
      unit: world.brand.currency as Unit,
      amountMinor: 2_000n,
      terms: "terms-1",
      plannedAt: now,
      ...(form === "code" ? {} : { handOver: { as: form, validDays: 365 } }),
    }
  }),
)

/** Lets the virtual clock run beside real requests until the worker is done. */
const worked = <A, E, R>(work: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.exit(work))
    let exit = fiber.pollUnsafe()
    while (exit === undefined) {
      yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 2)))
      yield* TestClock.adjust("500 millis")
      exit = fiber.pollUnsafe()
    }
    return yield* Fiber.join(fiber)
  })

/** A worker that dies at its `after`-th attempt to record something; from then on nothing of it is recorded. */
const dying = (after: number) =>
  Effect.gen(function* () {
    const ledger = yield* Ledger
    let left = after
    const mortal: Ledger["Service"] = {
      ...ledger,
      move: (move) => Effect.suspend(() => (left-- > 0 ? ledger.move(move) : Effect.die("the worker died"))),
    }
    return yield* worked(Effect.provideService(fulfil, Ledger, mortal))
  })

const faults = (chance: () => number): Readonly<Record<string, number>> => {
  const count = 1 + Math.floor(chance() * 3)
  const pick = chance()
  if (pick < 0.4) return { commitThenDrop: count }
  if (pick < 0.6) return { throttle: count }
  return { status: [429, 500, 502, 503][Math.floor(chance() * 4)] ?? 502, count }
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

interface Accounts {
  readonly [name: string]: {
    readonly storeCreditAccounts: {
      readonly nodes: ReadonlyArray<{
        readonly transactions: { readonly nodes: ReadonlyArray<{ readonly expiresAt: string }> }
      }>
    }
  }
}

/** What the shop itself says it has given. */
const given = (sandbox: Sandbox) =>
  Effect.gen(function* () {
    const accounts = yield* ask<Accounts>(
      sandbox,
      `{ ${customers.map(({ id }) => `c${id}: customer(id: "gid://shopify/Customer/${id}") { storeCreditAccounts(first: 2) { nodes { transactions(first: 50) { nodes { ... on StoreCreditAccountCreditTransaction { expiresAt } } } } } }`).join(" ")} }`,
    )
    const cards = yield* ask<{ readonly giftCards: { readonly nodes: ReadonlyArray<{ readonly note: string }> } }>(
      sandbox,
      "{ giftCards(first: 100) { nodes { note } } }",
    )
    const { codesFromClients } = yield* sandbox.control<{
      readonly codesFromClients: ReadonlyArray<{ readonly code: string }>
    }>("state")
    return {
      credits: Object.values(accounts).flatMap(({ storeCreditAccounts }) =>
        storeCreditAccounts.nodes.flatMap(({ transactions }) => transactions.nodes.map(({ expiresAt }) => expiresAt)),
      ),
      cards: cards.giftCards.nodes.map(({ note }) => note),
      codes: codesFromClients.map(({ code }) => code).filter((code) => !code.startsWith("OFFER-")),
    }
  })

const rows = Effect.flatMap(Ledger, (ledger) => ledger.effects({ states: State.literals }))

const story = (seed: number, sandbox: Sandbox) =>
  Effect.gen(function* () {
    const chance = chanceOf(seed)
    yield* TestClock.setTime(now)
    const ledger = yield* Ledger
    const waiting = [...rewards]
    let deaths = 0
    for (let round = 0; round < 12; round++) {
      const some = waiting.splice(0, Math.floor(chance() * 6))
      yield* ledger.commit({ revisions: [], effects: some, undo: [] })
      yield* sandbox.control("faults", faults(chance))
      const exit = yield* chance() < 0.4 ? dying(Math.floor(chance() * 4)) : worked(fulfil)
      if (Exit.isFailure(exit)) deaths++
      yield* TestClock.adjust("2 minutes")
    }
    yield* ledger.commit({ revisions: [], effects: waiting, undo: [] })
    for (let pass = 0; pass < 12; pass++) {
      yield* worked(fulfil)
      yield* retryDeadLetters
      yield* TestClock.adjust("70 minutes")
    }
    const { cards, codes, credits } = yield* given(sandbox)
    const counted = (all: ReadonlyArray<string>) => [all.length, new Set(all).size]
    return {
      died: deaths > 0,
      outbox: (yield* rows).map(({ effect, note, state }) => [effect.key, state === "confirmed" ? state : note]),
      credits: counted(credits),
      cards: counted(cards),
      told: cards.every((note) => note.endsWith(" told")),
      codes: counted(codes),
    }
  })

const oneOfEach = {
  died: true,
  outbox: rewards.map(({ key }) => [key, "confirmed"]).sort(([left = ""], [right = ""]) => (left < right ? -1 : 1)),
  credits: [each, each],
  cards: [each, each],
  told: true,
  codes: [each, each],
}

it.each([1, 2, 3, 4, 5])("seed %i: one of each, whatever went wrong", async (seed) => {
  const told = inSandbox(
    world,
    (sandbox) => story(seed, sandbox).pipe(Effect.provide(MemoryStores.layerMemory), Effect.provide(TestClock.layer())),
    {},
    // Virtual time runs beside real requests: a time-out of ours would be a fault that no shop caused.
    { timeoutMillis: 1_000_000_000 },
  )
  expect(await told).toEqual(oneOfEach)
})
