import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import type { Fact } from "../src/fact/Fact.ts"
import { FactLog } from "../src/fact/FactLog.ts"
import { credit } from "../src/flow/Crediting.ts"
import { fulfil } from "../src/flow/Fulfilling.ts"
import * as MemoryStores from "../src/flow/MemoryStores.ts"
import { Ledger } from "../src/ledger/Ledger.ts"
import type { Tallies } from "../src/ledger/Tallies.ts"
import { CurrentTenant, TenantIdOf } from "../src/tenant/Tenant.ts"
import { Platform } from "./Platform.ts"
import { cast, day, keyFor, line, order, refund, sheet } from "./Story.ts"

const reward = `reward|${keyFor(1)}|1`
const second = `reward|${keyFor(1)}|2`
const tenant = Layer.succeed(CurrentTenant, { id: TenantIdOf("a"), handleKey: new Uint8Array(16) })

/** Runs a story on stores and a shop of its own. */
const on = <A, E>(shop: Platform, story: Effect.Effect<A, E, Effect.Services<typeof fulfil> | FactLog | Tallies>) =>
  story.pipe(Effect.provide([MemoryStores.layerMemory, shop.layer, tenant]))

const learn = (...facts: ReadonlyArray<Fact>) => Effect.flatMap(FactLog, (log) => log.append({ facts, personal: [] }))
const begin = learn(...cast(), order(1))
const credited = credit("refer", day(100))

const now = Effect.gen(function* () {
  const ledger = yield* Ledger
  const rows = yield* ledger.effects({ states: ["planned", "sending", "confirmed", "unknown", "failed", "undone"] })
  const posted = yield* ledger.posted("refer")
  return {
    effects: Object.fromEntries(rows.map(({ effect, state }) => [effect.key, state])),
    sheet: sheet([...posted.values()].find(({ credit: one }) => one.key === keyFor(1))?.credit),
  }
})

describe("fulfilling", () => {
  it.effect("hands over what was credited, books it, and a second pass does nothing", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        yield* begin
        expect((yield* credited).planned).toBe(1)
        expect(yield* fulfil).toMatchObject({ confirmed: 1, unknown: 0, failed: 0 })
        expect((yield* credited).revisions).toBe(1)
        expect(yield* now).toEqual({ effects: { [reward]: "confirmed" }, sheet: { granted: -1_000n, settled: 1_000n } })
        const again = yield* credited
        expect([again.revisions, again.planned, again.undone]).toEqual([0, 0, 0])
        expect(yield* fulfil).toEqual({
          confirmed: 0,
          unknown: 0,
          failed: 0,
          deadLetters: 0,
          away: [],
          nextAt: null,
        })
        expect(shop.requests).toEqual([reward])
      }),
    )
  })

  it.effect("looks up what was sent without an answer, and never issues it twice", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        yield* begin
        yield* credited
        shop.mood = "loses the answer"
        expect(yield* fulfil).toMatchObject({ confirmed: 0, unknown: 1, failed: 0 })
        yield* credited
        expect((yield* now).effects).toEqual({ [reward]: "unknown" })
        expect((yield* now).sheet).toEqual({ granted: -1_000n, settled: 1_000n })
        shop.mood = "answers"
        yield* TestClock.adjust("1 minute")
        expect(yield* fulfil).toMatchObject({ confirmed: 1, unknown: 0, failed: 0 })
        expect([shop.requests, shop.lookedUp, shop.twice]).toEqual([[reward], [reward], []])
      }),
    )
  })

  it.effect("sends again, under the same key, what is proved not to be there", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        yield* begin
        yield* credited
        shop.mood = "loses the request"
        yield* fulfil
        shop.mood = "answers"
        yield* TestClock.adjust("1 minute")
        expect(yield* fulfil).toMatchObject({ confirmed: 1, unknown: 0, failed: 0 })
        expect([shop.requests, shop.twice, [...shop.there.keys()]]).toEqual([[reward, reward], [], [reward]])
      }),
    )
  })

  it.effect("stores the commitment before it sends, so that a crash between loses nothing", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        yield* begin
        yield* credited
        shop.mood = "is down"
        expect(yield* fulfil).toMatchObject({ unknown: 1, away: [{ platform: "shopify" }] })
        expect((yield* now).effects).toEqual({ [reward]: "unknown" })
        expect((yield* credited).planned).toBe(0)
        expect((yield* now).sheet).toEqual({ granted: -1_000n, settled: 1_000n })
        shop.mood = "answers"
        yield* TestClock.adjust("1 minute")
        expect(yield* fulfil).toMatchObject({ confirmed: 1, unknown: 0, failed: 0 })
        expect(shop.lookedUp).toEqual([reward])
        expect(shop.requests).toEqual([reward])
      }),
    )
  })

  it.effect(
    "withdraws what the shop refuses: the amount is available again, and is not asked for again by itself",
    () => {
      const shop = new Platform()
      return on(
        shop,
        Effect.gen(function* () {
          yield* begin
          yield* credited
          shop.mood = "refuses"
          expect(yield* fulfil).toMatchObject({ confirmed: 0, unknown: 0, failed: 1 })
          shop.mood = "answers"
          expect((yield* credited).planned).toBe(0)
          expect(yield* fulfil).toMatchObject({ confirmed: 0, unknown: 0, failed: 0 })
          expect(yield* now).toEqual({
            effects: { [reward]: "failed" },
            sheet: { granted: -1_000n, available: 1_000n },
          })
          expect(shop.requests).toEqual([reward])
        }),
      )
    },
  )

  it.effect("hands over only the rise of a credit, and turns a later refund into a debt", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        yield* begin
        yield* credited
        yield* fulfil
        yield* learn(order(1, { version: 2, lines: [line(15_000n)] }))
        yield* credited
        yield* fulfil
        yield* credited
        expect(yield* now).toEqual({
          effects: { [reward]: "confirmed", [second]: "confirmed" },
          sheet: { granted: -1_500n, settled: 1_500n },
        })
        expect(
          [...shop.there.values()].map((effect) => (effect._tag === "IssueReward" ? effect.amountMinor : 0n)),
        ).toEqual([1_000n, 500n])
        yield* learn(refund(1, 1, 10_000n))
        yield* credited
        expect((yield* now).sheet).toEqual({ granted: -500n, settled: 1_500n, debt: -1_000n })
      }),
    )
  })

  it.effect("undoes what was planned when the order is refunded before it is sent", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        yield* begin
        yield* credited
        yield* learn(refund(1, 1, 10_000n))
        expect((yield* credited).undone).toBe(1)
        yield* fulfil
        expect([yield* now, shop.requests]).toEqual([{ effects: { [reward]: "undone" }, sheet: {} }, []])
      }),
    )
  })

  it.effect("two workers at once post and send each thing once", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        yield* begin
        yield* Effect.all([credited, credited], { concurrency: 2 })
        yield* Effect.all([fulfil, fulfil], { concurrency: 2 })
        yield* Effect.all([credited, credited], { concurrency: 2 })
        expect([yield* now, shop.requests, shop.twice]).toEqual([
          { effects: { [reward]: "confirmed" }, sheet: { granted: -1_000n, settled: 1_000n } },
          [reward],
          [],
        ])
      }),
    )
  })

  it.effect("plans nothing twice when fulfilment begins between what crediting reads", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        yield* begin
        yield* credited
        const ledger = yield* Ledger
        let isFirst = true
        const services = yield* Effect.context<Effect.Services<typeof fulfil> | FactLog | Tallies>()
        // The first read of the outbox waits until another worker has sent everything.
        const late = Layer.succeed(Ledger, {
          ...ledger,
          effects: (options) =>
            Effect.gen(function* () {
              const rows = isFirst ? null : yield* ledger.effects(options)
              if (rows !== null) return rows
              isFirst = false
              yield* Effect.orDie(Effect.provide(fulfil, services))
              return yield* ledger.effects(options)
            }),
        })
        const raced = yield* Effect.provide(credited, late)
        expect(raced.planned).toBe(0)
        expect((yield* now).effects).toEqual({ [reward]: "confirmed" })
      }),
    )
  })

  it.effect("plans nothing twice when crediting runs as at a time before the hand-over", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        yield* begin
        yield* credited
        yield* fulfil
        expect((yield* credit("refer", day(50))).planned).toBe(0)
        yield* fulfil
        yield* credited
        expect([yield* now, shop.requests]).toEqual([
          { effects: { [reward]: "confirmed" }, sheet: { granted: -1_000n, settled: 1_000n } },
          [reward],
        ])
      }),
    )
  })
})
