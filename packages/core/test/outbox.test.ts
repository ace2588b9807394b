/**
 * Several workers, some of them stopped; platforms that are away; effects that cannot be sent; and tenants beside each other.
 */
import { describe, expect, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Fulfiller } from "../src/connector/Fulfiller.ts"
import { FactLog } from "../src/fact/FactLog.ts"
import { fulfil, fulfilEach, resolve, type Fulfilled, type FulfillingError } from "../src/flow/Fulfilling.ts"
import * as Intervening from "../src/flow/Intervening.ts"
import * as MemoryStores from "../src/flow/MemoryStores.ts"
import { reconcileEffects } from "../src/flow/ReconcilingEffects.ts"
import { platform as platformHandle } from "../src/id/Handle.ts"
import type { CreditKey } from "../src/ledger/Credit.ts"
import { Ledger } from "../src/ledger/Ledger.ts"
import { isDeadLetter, rewardKey, type IssueReward, State } from "../src/ledger/OutboundEffect.ts"
import { CurrentTenant, TenantIdOf } from "../src/tenant/Tenant.ts"
import { Platform } from "./Platform.ts"
import { customer, day } from "./Story.ts"

const tenantNamed = (id: string) => ({ id: TenantIdOf(id), handleKey: new Uint8Array(16) })
const tenant = Layer.succeed(CurrentTenant, tenantNamed("a"))

const reward = (id: number, recipient = customer(1)): IssueReward => {
  const credit = `refer|referral|shopify:order/${id}|advocate|` as CreditKey
  return {
    _tag: "IssueReward",
    key: rewardKey(credit, 1),
    beneficiary: customer(1),
    terms: "t",
    plannedAt: day(0),
    credit,
    ordinal: 1,
    recipient,
    unit: "EUR" as IssueReward["unit"],
    amountMinor: 1_000n,
  }
}

const plan = (...effects: ReadonlyArray<IssueReward>) =>
  Effect.flatMap(Ledger, (ledger) => ledger.commit({ revisions: [], effects, undo: [] }))
const rows = Effect.flatMap(Ledger, (ledger) => ledger.effects({ states: State.literals }))
const states = Effect.map(rows, (all) => all.map(({ state }) => state))

const on = <A, E>(shop: Platform, story: Effect.Effect<A, E, Ledger | FactLog | Fulfiller | CurrentTenant>) =>
  story.pipe(Effect.provide([MemoryStores.layerMemory, shop.layer, tenant]))

/** The worker's whole process stands still: whatever it does with store or platform waits for the latch. */
const stopped = (latch: Deferred.Deferred<void>, at: "before the request" | "after the request", shop: Platform) =>
  Effect.gen(function* () {
    const [ledger, fulfiller] = [yield* Ledger, yield* Fulfiller]
    let asleep = false
    const sleep = Effect.suspend(() => (asleep ? Deferred.await(latch) : Effect.void))
    const fallAsleep = Effect.sync(() => (asleep = true))
    const stoppedLedger = Layer.succeed(Ledger, {
      ...ledger,
      take: (taking) =>
        Effect.tap(ledger.take(taking), ({ rows: taken }) =>
          at === "before the request" && taken.length > 0 ? fallAsleep : Effect.void,
        ),
      move: (move) => Effect.andThen(sleep, ledger.move(move)),
    })
    const stoppedFulfiller = Layer.succeed(Fulfiller, {
      ...fulfiller,
      issue: (effects) =>
        fulfiller
          .issue(effects)
          .pipe(Effect.tap(() => (at === "after the request" ? Effect.andThen(fallAsleep, sleep) : Effect.void))),
    })
    expect(shop.requests).toEqual([])
    return Layer.merge(stoppedLedger, stoppedFulfiller)
  })

describe("what the platform cannot tell", () => {
  it.effect("waits for a human at once, is never sent again by itself, and follows what the human says", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        const [seen, missed] = [reward(1), reward(2)]
        shop.mood = "loses the answer"
        yield* plan(seen, missed)
        yield* fulfil
        shop.mood = "answers"
        shop.unclear = new Set([seen.key, missed.key])
        yield* TestClock.adjust("2 minutes")
        expect(yield* fulfil).toMatchObject({ unknown: 2, deadLetters: 2 })
        expect((yield* rows).map((row) => [isDeadLetter(row), row.note])).toEqual([
          [true, "a human has to look: two look alike"],
          [true, "a human has to look: two look alike"],
        ])
        expect(yield* reconcileEffects(false)).toMatchObject({
          waiting: { unclear: { count: 2 } },
          missing: { count: 0 },
        })
        yield* TestClock.adjust("1 day")
        expect(yield* fulfil).toMatchObject({ confirmed: 0, unknown: 0 })
        expect(shop.twice).toEqual([])

        expect(yield* Intervening.confirm(seen.key, "tx 1")).toEqual([{ key: seen.key, refused: null }])
        expect(yield* Intervening.absent(missed.key)).toEqual([{ key: missed.key, refused: null }])
        expect(yield* rows).toMatchObject([
          { state: "confirmed", note: "tx 1" },
          { state: "unknown", effect: { absentAt: expect.any(Number) as number } },
        ])
        shop.there.delete(missed.key)
        shop.unclear = new Set()
        expect(yield* fulfil).toMatchObject({ confirmed: 1 })
        expect([shop.twice, yield* states]).toEqual([[], ["confirmed", "confirmed"]])
        expect(yield* Intervening.absent(missed.key)).toMatchObject([{ refused: expect.any(String) as string }])
        expect(yield* Intervening.confirm(seen.key, "tx 2")).toMatchObject([{ refused: expect.any(String) as string }])
        expect((yield* rows)[0]).toMatchObject({ note: "tx 1" })
      }),
    )
  })
})

describe("two workers", () => {
  it.effect("send each effect once", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        const rewards = Array.from({ length: 700 }, (_, id) => reward(id))
        yield* plan(...rewards)
        const told = yield* Effect.all([fulfil, fulfil, fulfil], { concurrency: "unbounded" })
        expect(told.reduce((sum, { confirmed }) => sum + confirmed, 0)).toBe(700)
        expect([shop.requests.length, new Set(shop.requests).size, shop.twice]).toEqual([700, 700, []])
      }),
    )
  })

  it.effect("the second does not touch what the first is sending, however long the first takes while it lives", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        yield* plan(reward(1))
        const answer = yield* Deferred.make<void>()
        const fulfiller = yield* Fulfiller
        const slow = Layer.succeed(Fulfiller, {
          ...fulfiller,
          issue: (effects) => Effect.andThen(Deferred.await(answer), fulfiller.issue(effects)),
        })
        const first = yield* Effect.forkChild(Effect.provide(fulfil, slow))
        for (let minutes = 0; minutes < 5; minutes++) {
          yield* TestClock.adjust("1 minute")
          expect(yield* fulfil).toMatchObject({ confirmed: 0, unknown: 0 })
        }
        yield* Deferred.succeed(answer, undefined)
        expect(yield* Fiber.join(first)).toMatchObject({ confirmed: 1 })
        expect([shop.requests, shop.lookedUp]).toEqual([[reward(1).key], []])
      }),
    )
  })

  it.effect("one that was stopped before its request sends nothing when it goes on after its lease", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        yield* plan(reward(1))
        const latch = yield* Deferred.make<void>()
        const first = yield* Effect.forkChild(Effect.provide(fulfil, yield* stopped(latch, "before the request", shop)))
        yield* TestClock.adjust("59 seconds")
        expect(yield* fulfil).toMatchObject({ confirmed: 0, unknown: 0 })
        yield* TestClock.adjust("1 second")
        expect(yield* fulfil).toMatchObject({ confirmed: 1 })
        expect([shop.lookedUp, shop.requests]).toEqual([[reward(1).key], [reward(1).key]])
        yield* Deferred.succeed(latch, undefined)
        expect(yield* Fiber.join(first)).toMatchObject({ confirmed: 0, unknown: 0, failed: 0 })
        expect(shop.requests).toEqual([reward(1).key])
        expect((yield* rows).map(({ attempts, state }) => [state, attempts])).toEqual([["confirmed", 2]])
      }),
    )
  })

  it.effect("one that was stopped after its request overwrites nothing when it goes on after its lease", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        yield* plan(reward(1))
        const latch = yield* Deferred.make<void>()
        shop.mood = "refuses"
        const first = yield* Effect.forkChild(Effect.provide(fulfil, yield* stopped(latch, "after the request", shop)))
        yield* TestClock.adjust("1 minute")
        shop.mood = "answers"
        expect(yield* fulfil).toMatchObject({ confirmed: 1 })
        yield* Deferred.succeed(latch, undefined)
        expect(yield* Fiber.join(first)).toMatchObject({ confirmed: 0, unknown: 0, failed: 0 })
        expect((yield* rows).map(({ note, state }) => [state, note])).toEqual([["confirmed", `shop ${reward(1).key}`]])
        const log = yield* FactLog
        const facts = yield* Stream.runCollect(log.newest({ asOf: day(999) }))
        expect(facts.map(({ _tag }) => _tag)).toEqual(["RewardCommitted"])
      }),
    )
  })
})

describe("a platform that is away", () => {
  it.effect("is left alone for longer each time, holds up no other, and costs its effects nothing", () => {
    const shop = new Platform()
    const limit = { perMinute: 100, perSend: 10 }
    shop.platforms = new Map([
      ["shopify", limit],
      ["hubspot", limit],
    ])
    shop.away = new Set(["shopify"])
    return on(
      shop,
      Effect.gen(function* () {
        const contact = platformHandle("hubspot", "contact", "9")
        yield* plan(reward(1), reward(2), reward(3, contact))
        const first = yield* fulfil
        expect(first).toMatchObject({ confirmed: 1, unknown: 2, nextAt: 60_000 })
        expect(first.away.map(({ platform }) => platform)).toEqual(["shopify"])
        const pauses: Array<number> = []
        for (let round = 0; round < 12; round++) {
          const { nextAt } = yield* fulfil
          const now = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
          pauses.push(((nextAt ?? 0) - now) / 60_000)
          yield* TestClock.setTime(nextAt ?? 0)
          yield* fulfil
        }
        expect(pauses).toEqual([1, 2, 4, 8, 15, 15, 15, 15, 15, 15, 15, 15])
        expect((yield* rows).filter(isDeadLetter)).toEqual([])
        shop.away = new Set()
        yield* TestClock.adjust("15 minutes")
        expect(yield* fulfil).toMatchObject({ confirmed: 2, unknown: 0, away: [] })
        // It is back: the next outage begins with a minute again.
        yield* plan(reward(4))
        shop.away = new Set(["shopify"])
        const now = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
        expect((yield* fulfil).nextAt).toBe(now + 60_000)
      }),
    )
  })
})

describe("effects that cannot be sent", () => {
  it.effect(
    "are dead letters after eight attempts, in doubt and not failed, and are not tried again by themselves",
    () => {
      const shop = new Platform()
      shop.mood = "loses the request"
      return on(
        shop,
        Effect.gen(function* () {
          yield* plan(reward(1))
          let deadLetters = 0
          for (let round = 0; round < 20; round++) {
            deadLetters += (yield* fulfil).deadLetters
            yield* TestClock.adjust("1 hour")
          }
          expect([shop.requests.length, shop.lookedUp.length, deadLetters]).toEqual([8, 7, 1])
          const [row] = yield* rows
          expect(row).toMatchObject({ state: "unknown", dueAt: null, unanswered: 8 })
          expect(row?.note).toContain("given up after 8 attempts")
        }),
      )
    },
  )

  it.effect("one that the connector breaks on holds up none of the others, and tells why", () => {
    const shop = new Platform()
    shop.poison = new Set([reward(3).key])
    return on(
      shop,
      Effect.gen(function* () {
        yield* plan(...Array.from({ length: 40 }, (_, id) => reward(id)))
        expect(yield* fulfil).toMatchObject({ confirmed: 39, unknown: 1, failed: 0, away: [] })
        expect([new Set(shop.requests).size, shop.requests.length, shop.twice]).toEqual([39, 39, []])
        expect((yield* rows).find(({ state }) => state === "unknown")).toMatchObject({
          note: "hand over: the connector failed on it",
          unanswered: 1,
          dueAt: 60_000,
        })
      }),
    )
  })

  it.effect("where none can be, the platform is taken to be away after a few tries, and nothing counts", () => {
    const shop = new Platform()
    shop.poison = new Set(Array.from({ length: 256 }, (_, id) => reward(id).key))
    return on(
      shop,
      Effect.gen(function* () {
        yield* plan(...Array.from({ length: 200 }, (_, id) => reward(id)))
        expect(yield* fulfil).toMatchObject({ confirmed: 0, unknown: 200, away: [{ platform: "shopify" }] })
        expect(shop.calls).toBeLessThan(20)
        expect(new Set((yield* rows).map(({ unanswered }) => unanswered))).toEqual(new Set([0]))
      }),
    )
  })

  it.effect("only what is in doubt is resolved when asked so", () => {
    const shop = new Platform()
    shop.mood = "loses the answer"
    return on(
      shop,
      Effect.gen(function* () {
        yield* plan(reward(1))
        yield* fulfil
        yield* plan(reward(2))
        shop.mood = "answers"
        yield* TestClock.adjust("1 minute")
        expect(yield* resolve).toMatchObject({ confirmed: 1 })
        expect(yield* states).toEqual(["confirmed", "planned"])
      }),
    )
  })
})

describe("limits", () => {
  it.effect("no more begin within a minute than the platform takes; the worker waits for the next", () => {
    const shop = new Platform()
    shop.platforms = new Map([["shopify", { perMinute: 5, perSend: 3 }]])
    return on(
      shop,
      Effect.gen(function* () {
        yield* plan(...Array.from({ length: 12 }, (_, id) => reward(id)))
        const worker = yield* Effect.forkChild(fulfil)
        const sent: Array<number> = []
        for (let minute = 0; minute < 3; minute++) {
          yield* TestClock.adjust("1 second")
          sent.push(shop.requests.length)
          yield* TestClock.adjust("59 seconds")
        }
        expect(sent).toEqual([5, 10, 12])
        expect(yield* Fiber.join(worker)).toMatchObject({ confirmed: 12, nextAt: null })
      }),
    )
  })
})

describe("many tenants", () => {
  it.effect("one whose platform hangs and one whose platform is away hold up nobody", () => {
    const [hanging, away, fine] = [new Platform(), new Platform(), new Platform()]
    away.mood = "is down"
    return Effect.gen(function* () {
      const serviceOf = (shop: Platform) => Effect.provide(Fulfiller, shop.layer)
      const never = { ...(yield* serviceOf(hanging)), issue: () => Effect.never }
      const tenants = [
        { tenant: tenantNamed("hanging"), fulfiller: never },
        { tenant: tenantNamed("away"), fulfiller: yield* serviceOf(away) },
        { tenant: tenantNamed("fine"), fulfiller: yield* serviceOf(fine) },
      ]
      for (const { tenant: one } of tenants)
        yield* Effect.provideService(plan(reward(1), reward(2)), CurrentTenant, one)
      const told = new Map<string, Fulfilled | FulfillingError>()
      const workers = yield* Effect.forkChild(
        fulfilEach(tenants, (id, outcome) => Effect.sync(() => told.set(id, outcome))),
      )
      yield* TestClock.adjust("10 minutes")
      expect([...told.keys()].sort()).toEqual(["away", "fine"])
      expect([told.get("fine"), told.get("away")]).toMatchObject([
        { confirmed: 2 },
        { unknown: 2, away: [{ platform: "shopify" }] },
      ])
      yield* Fiber.interrupt(workers)
    }).pipe(Effect.provide(MemoryStores.layerMemory))
  })
})
