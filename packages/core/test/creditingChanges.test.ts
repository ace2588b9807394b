import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { Fact, ValueRedeemed, ValueTransferred } from "../src/fact/Fact.ts"
import * as Facts from "../src/fact/Fact.ts"
import { FactLog } from "../src/fact/FactLog.ts"
import { credit } from "../src/flow/Crediting.ts"
import { creditChanges } from "../src/flow/CreditingChanges.ts"
import * as MemoryStores from "../src/flow/MemoryStores.ts"
import type { Credit } from "../src/ledger/Credit.ts"
import { Ledger } from "../src/ledger/Ledger.ts"
import * as Points from "../src/points/Points.ts"
import { publication } from "../src/program/Program.ts"
import * as Referral from "../src/program/Referral.ts"
import * as Reward from "../src/reward/Reward.ts"
import { CurrentTenant, TenantIdOf } from "../src/tenant/Tenant.ts"
import { asset, cast, committed, customer, day, handle, merge, order, person, program, review } from "./Story.ts"

const { Limits } = Referral
const tenant = Layer.succeed(CurrentTenant, { id: TenantIdOf("a"), handleKey: new Uint8Array(16) })
const friends = [4, 5, 6].map((id) => person(id))
const bought = (id: number, at: number) => order(id, { customer: customer(id), occurredAt: day(at) })

const posted = Effect.gen(function* () {
  const all = yield* (yield* Ledger).posted("refer")
  return [...all.values()].map((one) => one.credit)
})

/** Each batch is told, then credited change by change. At the end everything is evaluated, and must be as it was left. */
const tellByChange = (...batches: ReadonlyArray<ReadonlyArray<Fact>>) =>
  Effect.gen(function* () {
    const log = yield* FactLog
    for (const facts of batches) {
      yield* log.append({ facts, personal: [] })
      yield* creditChanges(day(100), { batch: 1 })
    }
    const changed = yield* posted
    yield* credit("refer", day(100))
    expect(yield* posted).toEqual(changed)
    return changed
  }).pipe(Effect.provide([MemoryStores.layerMemory, tenant]))

const said = (credits: ReadonlyArray<Credit>) =>
  Object.fromEntries(credits.map(({ cause, outcome, reason }) => [cause, reason ?? outcome]))

describe("crediting change by change", () => {
  const once = program({ limits: [Limits.perAdvocate({ count: 1, per: "year" })] })

  it.effect("takes the place of an earlier purchase for a later one that is committed to at the same time", () =>
    Effect.gen(function* () {
      const commitment = committed(5, { terms: once.hash })
      const result = yield* tellByChange([...cast(once), ...friends, bought(5, 2)], [bought(4, 0), commitment])
      expect(said(result)).toEqual({ "shopify:order/4": "limit-reached", "shopify:order/5": "credited" })
    }),
  )

  it.effect("takes it for an earlier one under a lower limit, too", () =>
    Effect.gen(function* () {
      const nine = program({ limits: [Limits.perAdvocate({ count: 9, per: "year" })] })
      const result = yield* tellByChange(
        [...cast(once), ...friends, publication(nine, day(1)), bought(4, 0), bought(5, 2)],
        [committed(5, { terms: nine.hash })],
      )
      expect(said(result)).toEqual({ "shopify:order/4": "limit-reached", "shopify:order/5": "credited" })
    }),
  )

  it.effect("counts what was released to somebody whom no code names under the name that they have now", () =>
    Effect.gen(function* () {
      const unclear = order(4, {
        customer: customer(4),
        codes: ["ADA", "BEN"].map((code) => ({ code, discountMinor: 0n })),
      })
      const result = yield* tellByChange(
        [...cast(once), ...friends, person(7), person(8), asset("CAT", 7), unclear],
        [review(4, "release", { beneficiary: customer(8) })],
        [order(5, { customer: customer(5), occurredAt: day(2), codes: [{ code: "CAT", discountMinor: 0n }] })],
        [merge(customer(7), customer(8))],
      )
      expect(said(result)).toEqual({ "shopify:order/4": "credited", "shopify:order/5": "limit-reached" })
    }),
  )

  it.effect("tells a purchase that commitments left no room for of every further limit that they fill", () =>
    Effect.gen(function* () {
      const two = program({
        limits: [Limits.budget({ count: 1, per: "month" }), Limits.perAdvocate({ count: 1, per: "year" })],
      })
      const byBen = order(5, { customer: customer(5), occurredAt: day(2), codes: [{ code: "BEN", discountMinor: 0n }] })
      const result = yield* tellByChange(
        [...cast(two), ...friends, byBen],
        [committed(5, { terms: two.hash, beneficiary: customer(3) })],
        [bought(4, 0), bought(6, 40)],
        [committed(6, { terms: two.hash, occurredAt: day(60) })],
      )
      expect(said(result)).toEqual({
        "shopify:order/4": "limit-reached",
        "shopify:order/5": "credited",
        "shopify:order/6": "credited",
      })
    }),
  )

  describe("credits nobody for buying again after a purchase whose commitment stands alone", () => {
    const recurring = { withinDays: 60, count: null, reward: Reward.points(7) }
    const [nothing, something] = [program({ recurring, advocate: null }), program({ recurring })]
    const again = order(5, { customer: customer(4), occurredAt: day(10), codes: [] })

    it.effect("since its terms give the advocate nothing", () =>
      Effect.gen(function* () {
        const first = [...cast(nothing), ...friends, bought(4, 0), committed(4, { terms: nothing.hash })]
        expect(said(yield* tellByChange(first, [again]))).toEqual({ "shopify:order/4": "no-terms" })
      }),
    )

    it.effect("until the terms of the commitment are known", () =>
      Effect.gen(function* () {
        const first = [...cast(nothing), ...friends, bought(4, 0), committed(4, { terms: something.hash })]
        const result = yield* tellByChange(first, [again], [publication(something, day(50))])
        expect(said(result)).toEqual({ "shopify:order/4": "credited", "shopify:order/5": "credited" })
      }),
    )
  })

  it.effect("lets what has expired since pay a debt of the time before", () =>
    Effect.gen(function* () {
      const points = program({}, { mechanics: [Points.make({ perUnit: 1, expiresAfterDays: 30 })] })
      const lot = {
        credit: "refer|points|shopify:order/5|member|",
        beneficiary: customer(2),
        amountMinor: 60n,
        terms: points.hash,
      }
      const redeemed: ValueRedeemed = {
        _tag: "ValueRedeemed",
        key: Facts.key("advocacy:command/refer/1"),
        version: 0,
        rank: Facts.rank.own,
        occurredAt: day(20),
        program: "refer",
        person: customer(2),
        unit: "points:refer",
        lots: [lot],
        gives: null,
        label: "a perk",
      }
      const result = yield* tellByChange(
        [...cast(points), order(1, { codes: [] })],
        [order(5, { codes: [], occurredAt: day(1), cancelledAt: day(2) }), redeemed],
      )
      const repaid = result.flatMap(({ legs }) => legs.filter(({ account }) => account.endsWith("#repaid")))
      expect(repaid.map(({ amountMinor }) => amountMinor).sort()).toEqual([-60n, 60n])
    }),
  )

  it.effect("forfeits what a command gave to somebody of whom a late record tells that they were erased", () =>
    Effect.gen(function* () {
      const points = program({}, { mechanics: [Points.make({ perUnit: 1 })] })
      const stone = handle(`erased:${"0".repeat(40)}`)
      const given: ValueTransferred = {
        _tag: "ValueTransferred",
        key: Facts.key("advocacy:command/refer/2"),
        version: 0,
        rank: Facts.rank.own,
        occurredAt: day(20),
        program: "refer",
        from: customer(2),
        to: stone,
        unit: "points:refer",
        lots: [
          {
            credit: "refer|points|shopify:order/1|member|",
            beneficiary: customer(2),
            amountMinor: 60n,
            terms: points.hash,
          },
        ],
        by: "sam",
        reason: "asked for it",
      }
      const other = handle(`erased:${"1".repeat(40)}`)
      const erased: Fact = {
        _tag: "PersonErased",
        key: Facts.key("advocacy:erasure/1"),
        version: 0,
        rank: Facts.rank.own,
        occurredAt: day(30),
        person: other,
        by: "sam",
        reason: "asked for it",
      }
      const result = yield* tellByChange(
        [...cast(points), order(1, { codes: [] }), given, erased],
        [person(9, { person: stone, aliases: [other] })],
      )
      const forfeited = result.flatMap(({ legs }) => legs.filter(({ account }) => account === `${stone}#forfeited`))
      expect(forfeited.map(({ amountMinor }) => amountMinor)).toEqual([60n])
    }),
  )
})
