import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { Fulfiller } from "../src/connector/Fulfiller.ts"
import { FactLog } from "../src/fact/FactLog.ts"
import { credit } from "../src/flow/Crediting.ts"
import { fulfil } from "../src/flow/Fulfilling.ts"
import * as MemoryStores from "../src/flow/MemoryStores.ts"
import { reconcileEffects } from "../src/flow/ReconcilingEffects.ts"
import { verify } from "../src/flow/Verifying.ts"
import { Ledger } from "../src/ledger/Ledger.ts"
import { State } from "../src/ledger/OutboundEffect.ts"
import * as Reward from "../src/reward/Reward.ts"
import { CurrentTenant, TenantIdOf } from "../src/tenant/Tenant.ts"
import { Platform } from "./Platform.ts"
import { cast, customer, day, order, program, refund } from "./Story.ts"

const tenant = Layer.succeed(CurrentTenant, { id: TenantIdOf("a"), handleKey: new Uint8Array(16) })

const on = <A, E>(
  shop: Platform,
  story: Effect.Effect<A, E, Layer.Success<typeof MemoryStores.layerMemory> | Fulfiller | CurrentTenant>,
) => story.pipe(Effect.provide([MemoryStores.layerMemory, shop.layer, tenant]))

const tell = (...facts: Parameters<FactLog["Service"]["append"]>[0]["facts"]) =>
  Effect.flatMap(FactLog, (log) => log.append({ facts, personal: [] }))
const rows = Effect.map(
  Effect.flatMap(Ledger, (ledger) => ledger.effects({ states: State.literals })),
  (all) => all.map(({ effect, note, state }) => [effect._tag, state, note]),
)
const own = Effect.map(
  Effect.flatMap(Ledger, (ledger) => ledger.balances),
  (all) =>
    Object.fromEntries(
      all
        .filter(({ account }) => account.startsWith(`${customer(1)}#`))
        .map(({ account, amountMinor }) => [account.split("#")[1], amountMinor]),
    ),
)

const handedOver = (reward: Reward.Reward) =>
  Effect.gen(function* () {
    yield* tell(...cast(program({ advocate: reward })), order(1))
    yield* credit("refer", day(30))
    yield* fulfil
    yield* credit("refer", day(31))
    expect(yield* own).toEqual({ settled: 2_000n })
  })

describe("taking back", () => {
  it.effect("a reward whose cause fell: handed over, owed, taken back, and nothing is left of it", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        yield* handedOver(Reward.storeCredit("20.00", { takeBack: true }))
        yield* tell(refund(1, 1, 10_000n, { occurredAt: day(40) }))
        yield* credit("refer", day(50))
        expect(yield* own).toEqual({ settled: 2_000n, debt: -2_000n })
        expect(yield* fulfil).toMatchObject({ confirmed: 1 })
        yield* credit("refer", day(51))
        expect(yield* own).toEqual({})
        expect(yield* rows).toEqual([
          ["IssueReward", "undone", "taken back on the platform"],
          ["TakeBack", "confirmed", expect.any(String)],
        ])
        // The shop's trace of it is no reward that came back.
        expect(yield* reconcileEffects(false)).toMatchObject({ recorded: {}, gone: { count: 0 }, same: 1 })
        yield* credit("refer", day(60))
        expect(yield* fulfil).toMatchObject({ confirmed: 0 })
        expect((yield* verify(day(60))).filter(({ holds }) => holds === false)).toEqual([])
      }),
    )
  })

  it.effect("is asked once when the platform refuses, and what is owed stays a debt", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        yield* handedOver(Reward.giftCard("20.00", { takeBack: true }))
        yield* tell(refund(1, 1, 10_000n, { occurredAt: day(40) }))
        yield* credit("refer", day(50))
        shop.mood = "refuses"
        expect(yield* fulfil).toMatchObject({ failed: 1 })
        yield* credit("refer", day(51))
        expect(yield* fulfil).toMatchObject({ failed: 0, confirmed: 0 })
        expect(yield* own).toEqual({ settled: 2_000n, debt: -2_000n })
      }),
    )
  })

  it.effect("is looked up when the answer is lost", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        yield* handedOver(Reward.discount({ amount: "20.00", takeBack: true }))
        yield* tell(refund(1, 1, 10_000n, { occurredAt: day(40) }))
        yield* credit("refer", day(50))
        shop.mood = "loses the answer"
        expect(yield* fulfil).toMatchObject({ unknown: 1 })
        yield* credit("refer", day(51))
        expect((yield* rows).map(([, state]) => state)).toEqual(["confirmed", "unknown"])
        expect(yield* reconcileEffects(false)).toMatchObject({ recorded: { unknown: { count: 1 } } })
        yield* credit("refer", day(52))
        expect(yield* own).toEqual({})
        expect(shop.twice).toEqual([])
      }),
    )
  })

  it.effect("is not planned for a part: that is a debt", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        yield* tell(...cast(program({ advocate: Reward.discount({ percentOfOrder: 10, takeBack: true }) })), order(1))
        yield* credit("refer", day(30))
        yield* fulfil
        yield* tell(refund(1, 1, 5_000n, { occurredAt: day(40) }))
        yield* credit("refer", day(50))
        expect(yield* own).toEqual({ settled: 1_000n, debt: -500n })
        expect((yield* rows).map(([tag]) => tag)).toEqual(["IssueReward"])
      }),
    )
  })

  it.effect("is not planned where the reward does not say so", () => {
    const shop = new Platform()
    return on(
      shop,
      Effect.gen(function* () {
        yield* handedOver(Reward.storeCredit("20.00"))
        yield* tell(refund(1, 1, 10_000n, { occurredAt: day(40) }))
        yield* credit("refer", day(50))
        expect((yield* rows).map(([tag]) => tag)).toEqual(["IssueReward"])
      }),
    )
  })
})
