/**
 * The import of a history under faults: bulk operations that fail, never come to an end, are too large or find no room, and
 * imports that are interrupted between any two pages.
 */
import type { Page } from "@advocacy-kit/core/connector/FactSource"
import { Simulator } from "@advocacy-kit/sandbox"
import { Effect, Stream } from "effect"
import { describe, expect, it } from "vitest"
import * as HistorySlices from "../src/HistorySlices.ts"
import { ShopifyClient } from "../src/ShopifyClient.ts"
import { cursorOf, factsOf, inSandbox, pages, source } from "./shopUnderTest.ts"

const day = 86_400_000

/** A generator of whole numbers below `limit` (mulberry32). */
const generator = (seed: number) => {
  let state = seed >>> 0
  return (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}

describe("slices", () => {
  it("cover all of time from the oldest record on, once, whatever fails", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const next = generator(seed)
      const oldest = next(1000) * day
      const span = { oldest, newest: oldest + next(900 * day), changedAt: oldest + 900 * day, count: next(3_000_000) }
      let state = HistorySlices.begin(span)
      const covered: Array<HistorySlices.Slice> = []
      for (let step = 0; state.slices.length > 0 || state.next !== null; step++) {
        expect(step, `seed ${seed}`).toBeLessThan(200_000)
        state = HistorySlices.cut(state)
        const [first] = state.slices
        if (first === undefined) break
        const fate = HistorySlices.isByPages(first) ? 9 : next(10)
        if (fate === 0) state = HistorySlices.failed(state)
        else if (fate === 1) state = HistorySlices.tooLarge(state)
        else {
          covered.push(first)
          state = HistorySlices.finished(state)
        }
      }
      expect(covered[0]?.from, `seed ${seed}`).toBe(oldest)
      expect(covered.slice(1).map(({ from }) => from)).toEqual(covered.slice(0, -1).map(({ until }) => until))
      expect(covered.at(-1)?.until, `seed ${seed}`).toBe(null)
    }
  })

  it("are 30 days long, or shorter where a shop sells more, and never too short to be cut", () => {
    const span = { oldest: 0, newest: 720 * day, changedAt: 720 * day }
    expect(HistorySlices.begin({ ...span, count: 10_000 }).sliceMillis).toBe(30 * day)
    expect(HistorySlices.begin({ ...span, count: 1_000_000 }).sliceMillis).toBeLessThan(4 * day)
    let state = HistorySlices.cut(HistorySlices.begin({ ...span, oldest: 1, count: 1_000_000 }))
    for (let times = 0; times < 40; times++) state = HistorySlices.tooLarge(state)
    expect(state.slices[0]).toMatchObject({ failures: HistorySlices.failuresMost })
  })
})

const world = Simulator.simulate({ seed: 11, customers: 400, orders: 800 })

type Client = ShopifyClient["Service"]
/** What is answered in place of the shop, or undefined to ask the shop. */
type Stand = (operation: string, variables: object) => object | undefined

/** A client that answers some operations itself; tells what it was asked. */
const standingIn = (client: Client, stand: Stand, asked: Array<string>): Client => {
  const replaced =
    (send: Client["query"]): Client["query"] =>
    (operation, variables, options) => {
      asked.push(`${operation.name} ${options?.priority ?? ""}`)
      const answer = stand(operation.name, variables)
      return answer === undefined
        ? send(operation, variables, options)
        : Effect.succeed({ data: operation.data.parse(answer), withheld: [] })
    }
  return { ...client, query: replaced(client.query), mutate: replaced(client.mutate) }
}

const imported = (stand: Stand, job = "shopify:orders", cursor: unknown = null) =>
  Effect.gen(function* () {
    const asked: Array<string> = []
    const client = standingIn(yield* ShopifyClient, stand, asked)
    const shop = yield* Effect.provideService(source, ShopifyClient, client)
    return { all: yield* pages(shop, job, cursor), asked }
  })

const polled = (state: object) => ({
  bulkOperation: {
    errorCode: null,
    createdAt: "2026-03-01T00:00:00Z",
    objectCount: "0",
    rootObjectCount: "0",
    url: null,
    ...state,
  },
})

const keys = (all: ReadonlyArray<Page>) => [...new Set(factsOf(all).map(({ key, version }) => `${key} ${version}`))]

describe("an import of the history", () => {
  it.each<[string, string, () => Stand]>([
    ["nothing goes wrong", "shopify:orders", () => () => undefined],
    [
      "operations fail now and then",
      "shopify:orders",
      () => {
        let count = 0
        return (name) =>
          name === "BulkPoll" && count++ % 3 === 0 ? polled({ status: "FAILED", errorCode: "TIMEOUT" }) : undefined
      },
    ],
    [
      "every operation is cancelled",
      "shopify:orders",
      () => (name) => (name === "BulkPoll" ? polled({ status: "CANCELED" }) : undefined),
    ],
    [
      "results are too large",
      "shopify:orders",
      () => {
        let count = 0
        return (name) =>
          name === "BulkPoll" && count++ < 6 ? polled({ status: "COMPLETED", objectCount: "1000000" }) : undefined
      },
    ],
    [
      "a result says that it has more than its file",
      "shopify:customers",
      () => {
        let isFirst = true
        return (name) => {
          if (name !== "BulkPoll" || !isFirst) return undefined
          isFirst = false
          return polled({ status: "COMPLETED", objectCount: "7" })
        }
      },
    ],
    [
      "customers never come in bulk",
      "shopify:customers",
      () => (name) =>
        name === "BulkPoll" ? polled({ status: "FAILED", errorCode: "INTERNAL_SERVER_ERROR" }) : undefined,
    ],
  ])("brings the same facts when %s", (_, job, stand) =>
    inSandbox(world, () =>
      Effect.gen(function* () {
        const plain = yield* imported(() => undefined, job)
        const { all, asked } = yield* imported(stand(), job)
        expect(keys(all)).toEqual(keys(plain.all))
        expect(keys(all).length).toBeGreaterThan(200)
        expect(cursorOf(all)).toMatchObject({ phase: "increment" })
        // What came by pages of the history is as patient as what comes in bulk; only the increment goes before it.
        expect(asked.filter((one) => /^(BulkRun|BulkPoll|OrdersSpan) (?!backfill)/.test(one))).toEqual([])
      }),
    ),
  )

  it("runs at most five operations, and goes on with what there is room for", () =>
    inSandbox(world, () =>
      Effect.gen(function* () {
        let running = 0
        let most = 0
        let refused = 0
        const { all } = yield* imported((name) => {
          if (name === "BulkPoll") running--
          if (name !== "BulkRun") return undefined
          if (running >= 2) {
            refused++
            return {
              bulkOperationRunQuery: { bulkOperation: null, userErrors: [{ message: "", code: "LIMIT_REACHED" }] },
            }
          }
          most = Math.max(most, ++running)
          return undefined
        })
        expect(most).toBeLessThanOrEqual(HistorySlices.atOnce)
        expect(refused).toBeGreaterThan(0)
        expect(keys(all)).toEqual(keys((yield* imported(() => undefined)).all))
      }),
    ))

  it.each(["shopify:orders", "shopify:customers"])(
    "of %s is resumed between any two pages without loss or repetition",
    (job) =>
      inSandbox(world, () =>
        Effect.gen(function* () {
          const whole = yield* imported(() => undefined, job)
          const history = (all: ReadonlyArray<Page>) => factsOf(all).map(({ key }) => key)
          const shop = yield* source
          const pull = shop.pulls.find((one) => one.job === job)
          if (pull === undefined) throw new Error(`there is no pull ${job}`)
          const stored: Array<Page> = []
          let cursor: unknown = null
          // The process dies after each stored page.
          for (let death = 0; JSON.stringify(cursor)?.includes('"increment"') !== true; death++) {
            expect(death).toBeLessThan(500)
            const page: ReadonlyArray<Page> = yield* Stream.runCollect(Stream.take(pull.pages(cursor), 2))
            // The first page of a run only says which operations are under way, and here it is lost every other time.
            const kept = death % 2 === 0 ? page : page.slice(0, 1)
            stored.push(...kept)
            cursor = JSON.parse(JSON.stringify(cursorOf(kept) ?? cursor))
          }
          const found = history(stored)
          expect(new Set(found).size).toBe(found.length)
          const rest = yield* pages(shop, job, cursor)
          expect([...new Set([...found, ...history(rest)])].toSorted()).toEqual(
            [...new Set(history(whole.all))].toSorted(),
          )
        }),
      ),
  )
})
