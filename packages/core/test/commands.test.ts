import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer, Result } from "effect"
import type { Fact } from "../src/fact/Fact.ts"
import { FactLog } from "../src/fact/FactLog.ts"
import type { Tallies } from "../src/ledger/Tallies.ts"
import { adjust, type Adjust } from "../src/flow/Adjusting.ts"
import { announce, tiers } from "../src/flow/Announcing.ts"
import type { CommandingError } from "../src/flow/Commanding.ts"
import { credit } from "../src/flow/Crediting.ts"
import { fulfil } from "../src/flow/Fulfilling.ts"
import * as MemoryStores from "../src/flow/MemoryStores.ts"
import { redeem, type Redeem } from "../src/flow/Redeeming.ts"
import { queue, review, type Review } from "../src/flow/Reviewing.ts"
import { transfer, type Transfer } from "../src/flow/Transferring.ts"
import { Ledger } from "../src/ledger/Ledger.ts"
import type { Offer } from "../src/points/Offer.ts"
import * as Points from "../src/points/Points.ts"
import type { Evaluation } from "../src/program/Evaluation.ts"
import { holdingsOf } from "../src/program/Holdings.ts"
import type { Program } from "../src/program/Program.ts"
import * as Reward from "../src/reward/Reward.ts"
import { CurrentTenant, TenantIdOf } from "../src/tenant/Tenant.ts"
import * as Tiers from "../src/tier/Tiers.ts"
import { Platform } from "./Platform.ts"
import { cast, customer, day, handle, keyFor, line, merge, order, program, refund, sheet } from "./Story.ts"

const tenant = Layer.succeed(CurrentTenant, { id: TenantIdOf("a"), handleKey: new Uint8Array(16) })
const on = <A, E>(
  story: Effect.Effect<A, E, Effect.Services<typeof fulfil> | FactLog | Tallies>,
  shop = new Platform(),
) => story.pipe(Effect.provide([MemoryStores.layerMemory, shop.layer, tenant]))
const learn = (...facts: ReadonlyArray<Fact>) => Effect.flatMap(FactLog, (log) => log.append({ facts, personal: [] }))

/** One point for each euro, available after 14 days, for a year. */
const collecting = (): Program =>
  program(
    {},
    {
      mechanics: [
        ...program().definition.mechanics,
        Points.make({
          perUnit: 1,
          holdDays: 14,
          expiresAfterDays: 365,
          redeem: [
            { name: "5-off", points: 60, gives: { amount: "5.00" } },
            { name: "early-access", points: 10, gives: null },
          ],
        }),
        Tiers.make({
          counts: "points",
          period: "year",
          tiers: [{ name: "silver", atLeast: "100", perks: ["lounge"] }],
        }),
      ],
    },
  )

/** Zoe bought for 100.00 on day 0 and for 50.00 on day 20. */
const begin = learn(
  ...cast(collecting()),
  order(1, { codes: [] }),
  order(2, { codes: [], occurredAt: day(20), lines: [line(5_000n)] }),
)
const zoe = customer(2)
const redeeming = (told: Partial<Redeem> = {}) =>
  redeem({ program: "refer", person: zoe, offer: "5-off", key: "k1", asOf: day(40), ...told })
const transferring = (told: Partial<Transfer> = {}) =>
  transfer({
    program: "refer",
    from: zoe,
    to: customer(3),
    amountMinor: 120n,
    by: "sam",
    reason: "asked for it",
    key: "t1",
    asOf: day(40),
    ...told,
  })
const adjusting = (told: Partial<Adjust> = {}) =>
  adjust({
    program: "refer",
    person: zoe,
    amountMinor: -30n,
    by: "sam",
    reason: "by mistake",
    key: "a1",
    asOf: day(40),
    ...told,
  })
const reviewing = (told: Partial<Review> = {}) =>
  review({
    program: "refer",
    credit: keyFor(1),
    verdict: "release",
    by: "sam",
    reason: "family",
    asOf: day(40),
    ...told,
  })

const points = (evaluation: Evaluation, person = zoe) =>
  holdingsOf(evaluation, person).find(({ unit }) => unit === "points:refer")
/** The reason that a command was refused for. */
const refusal = <A, R>(command: Effect.Effect<A, CommandingError, R>) =>
  Effect.map(Effect.result(command), (result) =>
    Result.isFailure(result) && result.failure._tag === "CommandError" ? result.failure.reason._tag : "done",
  )
const countFacts = (tag: Fact["_tag"]) =>
  Effect.map(credit("refer", day(1_000)), ({ facts }) => facts.filter((fact) => fact._tag === tag).length)

describe("redeeming", () => {
  it.effect("takes the oldest lots first, gives a credit that is handed over, and answers the new balance", () => {
    const shop = new Platform()
    return on(
      Effect.gen(function* () {
        yield* begin
        const first = yield* redeeming()
        expect(first.fact.lots).toMatchObject([{ credit: "refer|points|shopify:order/1|member|", amountMinor: 60n }])
        expect(points(first.evaluation)).toMatchObject({ availableMinor: 90n, balances: { settled: 60n } })
        const second = yield* redeeming({ key: "k2" })
        expect(second.fact.lots.map(({ amountMinor }) => amountMinor)).toEqual([40n, 20n])
        expect(points(second.evaluation)).toMatchObject({ availableMinor: 30n, debtMinor: 0n })
        expect(yield* fulfil).toMatchObject({ confirmed: 2 })
        expect([...shop.there.values()]).toMatchObject([
          { unit: "EUR", amountMinor: 500n, recipient: zoe },
          { unit: "EUR", amountMinor: 500n, recipient: zoe },
        ])
      }),
      shop,
    )
  })

  it.effect("is refused where less is available: pending, held and expired points do not count", () =>
    on(
      Effect.gen(function* () {
        yield* begin
        expect(yield* refusal(redeeming({ asOf: day(13) }))).toBe("NotEnough")
        expect(yield* refusal(redeeming({ asOf: day(14) }))).toBe("done")
        expect(yield* refusal(redeeming({ key: "k2", asOf: day(20) }))).toBe("NotEnough")
        expect(yield* refusal(redeeming({ key: "k2", asOf: day(1_000) }))).toBe("NotEnough")
        const error = yield* Effect.flip(redeeming({ key: "k2", asOf: day(20) }))
        expect(error.message).toBe("shopify:customer/2 has 40 points available, and 60 points are needed")
      }),
    ),
  )

  it.effect("a perk takes points and gives no money", () =>
    on(
      Effect.gen(function* () {
        yield* begin
        const { evaluation, fact } = yield* redeeming({ offer: "early-access" })
        expect(fact).toMatchObject({ gives: null, label: "early-access" })
        expect(points(evaluation)?.availableMinor).toBe(140n)
        expect([...evaluation.credits.values()].filter(({ rule }) => rule === "redeem")).toEqual([])
      }),
    ),
  )

  it.effect("the same key is the same redemption, later too; with another input it is refused", () =>
    on(
      Effect.gen(function* () {
        yield* begin
        const first = yield* redeeming()
        const again = yield* redeeming({ asOf: day(45) })
        expect([first.isRepeated, again.isRepeated]).toEqual([false, true])
        expect(again.fact).toEqual(first.fact)
        expect(points(again.evaluation)?.availableMinor).toBe(90n)
        expect(yield* refusal(redeeming({ offer: "early-access" }))).toBe("KeyUsedOtherwise")
        expect(yield* refusal(redeeming({ person: customer(3) }))).toBe("KeyUsedOtherwise")
        expect(yield* refusal(adjusting({ key: "k1", amountMinor: 5n }))).toBe("KeyUsedOtherwise")
        expect(yield* countFacts("ValueRedeemed")).toBe(1)
      }),
    ),
  )

  it.effect("sees what was done at a later time by another clock: nothing is taken twice", () =>
    on(
      Effect.gen(function* () {
        yield* begin
        yield* redeeming({ asOf: day(60) })
        const { evaluation, fact } = yield* redeeming({ key: "k2", asOf: day(35) })
        expect(fact.occurredAt).toBe(day(60))
        expect(points(evaluation)).toMatchObject({ availableMinor: 30n, debtMinor: 0n })
        expect(yield* refusal(redeeming({ key: "k3", asOf: day(35) }))).toBe("NotEnough")
      }),
    ),
  )

  it.effect("takes what is left after a debt was paid, and a refund afterwards makes a debt", () =>
    on(
      Effect.gen(function* () {
        yield* begin
        yield* redeeming({ key: "k0", asOf: day(20) })
        yield* learn(refund(1, 1, 10_000n, { occurredAt: day(30) }))
        // 60 were taken of what is worth nothing now; the 50 of the second order pay that.
        const error = yield* Effect.flip(redeeming({ key: "k1", offer: "early-access" }))
        expect(error.message).toContain("0 points available")
        const { evaluation } = yield* credit("refer", day(40))
        expect(points(evaluation)).toMatchObject({ availableMinor: 0n, debtMinor: 10n })
      }),
    ),
  )

  it.effect("knows people, programs and offers, and says what is there", () =>
    on(
      Effect.gen(function* () {
        yield* begin
        expect(yield* refusal(redeeming({ person: customer(99) }))).toBe("UnknownPerson")
        expect(yield* refusal(redeeming({ person: handle("erased:1") }))).toBe("UnknownPerson")
        expect(yield* refusal(redeeming({ program: "other" }))).toBe("UnknownProgram")
        const error = yield* Effect.flip(redeeming({ offer: "50-off" }))
        expect(error._tag === "CommandError" && "remedy" in error.reason ? error.reason.remedy : "").toBe(
          "name one of 5-off, early-access",
        )
      }),
    ),
  )
})

describe("transferring", () => {
  it.effect("moves lots to somebody else, who can use them until the first of them expires", () =>
    on(
      Effect.gen(function* () {
        yield* begin
        const { evaluation, fact } = yield* transferring()
        expect(fact.lots.map(({ amountMinor }) => amountMinor)).toEqual([100n, 20n])
        expect(points(evaluation)).toMatchObject({ availableMinor: 30n })
        expect(points(evaluation)?.balances.transferred).toBeUndefined()
        expect(points(evaluation, customer(3))).toMatchObject({
          availableMinor: 120n,
          lots: [{ expiresAt: day(14 + 365) }],
        })
        expect(yield* refusal(redeeming({ person: customer(3) }))).toBe("done")
        const balances = yield* Effect.flatMap(Ledger, (ledger) => ledger.balances)
        expect(balances.filter(({ account }) => account.endsWith("#transferred"))).toEqual([])
        expect(balances.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(0n)
      }),
    ),
  )

  it.effect("is refused to oneself, of nothing, of more than there is, and in what the program does not count", () =>
    on(
      Effect.gen(function* () {
        yield* begin
        yield* learn(merge(zoe, customer(1), day(30)))
        expect(yield* refusal(transferring({ to: customer(1) }))).toBe("SamePerson")
        expect(yield* refusal(transferring({ amountMinor: 0n }))).toBe("BadAmount")
        expect(yield* refusal(transferring({ amountMinor: 151n }))).toBe("NotEnough")
        expect(yield* refusal(transferring({ unit: "USD" }))).toBe("UnknownUnit")
        expect(yield* refusal(transferring({ unit: "EUR" }))).toBe("NotEnough")
        expect(yield* refusal(transferring({ unit: "points" }))).toBe("done")
      }),
    ),
  )
})

describe("adjusting", () => {
  it.effect("takes lots back, and gives a credit; money given is handed over", () =>
    on(
      Effect.gen(function* () {
        yield* begin
        const taken = yield* adjusting()
        expect(points(taken.evaluation)).toMatchObject({ availableMinor: 120n })
        expect(yield* refusal(adjusting({ key: "a2", amountMinor: -121n }))).toBe("NotEnough")
        expect(yield* refusal(adjusting({ key: "a2", amountMinor: 0n }))).toBe("BadAmount")
        const given = yield* adjusting({ key: "a2", amountMinor: 7n })
        expect(points(given.evaluation)).toMatchObject({ availableMinor: 127n })
        yield* adjusting({ key: "a3", amountMinor: 250n, unit: "EUR" })
        expect(yield* fulfil).toMatchObject({ confirmed: 1 })
      }),
    ),
  )

  it.effect(
    "takes a planned reward back before it takes its money, and what was handed over is no longer there",
    () => {
      const shop = new Platform()
      return on(
        Effect.gen(function* () {
          yield* begin
          yield* adjusting({ key: "give", amountMinor: 1_000n, unit: "EUR" })
          const { evaluation } = yield* adjusting({ key: "take", amountMinor: -400n, unit: "EUR" })
          const [money] = holdingsOf(evaluation, zoe).filter(({ unit }) => unit === "EUR")
          expect(money).toMatchObject({ availableMinor: 600n })
          expect(yield* fulfil).toMatchObject({ confirmed: 1 })
          expect([...shop.there.values()]).toMatchObject([{ amountMinor: 600n }])
          expect(yield* refusal(adjusting({ key: "more", amountMinor: -1n, unit: "EUR" }))).toBe("NotEnough")
        }),
        shop,
      )
    },
  )
})

/** Zoe shares a device with Ada, who is credited for Zoe's order otherwise. */
const suspicious = learn(
  ...cast(),
  { ...order(1), soft: [handle("device:1")] },
  { ...order(9, { customer: customer(1), codes: [], occurredAt: day(-60) }), soft: [handle("device:1")] },
)

describe("reviewing", () => {
  it.effect("lists what is held with what it would be worth; a release credits it, and is one fact", () =>
    on(
      Effect.gen(function* () {
        yield* suspicious
        expect(yield* queue("refer", day(40))).toMatchObject([
          {
            credit: keyFor(1),
            reason: "shared-device",
            ageMillis: day(40) - day(0),
            amountMinor: 1_000n,
            beneficiary: customer(1),
            signals: [{ rule: "device is not the advocate's" }],
          },
        ])
        const first = yield* reviewing()
        const again = yield* reviewing({ by: "kim", asOf: day(41) })
        expect([first.isRepeated, again.isRepeated, again.fact.by]).toEqual([false, true, "sam"])
        expect(yield* queue("refer", day(41))).toEqual([])
        expect(yield* countFacts("ReviewDecided")).toBe(1)
        const posted = yield* Effect.flatMap(Ledger, (ledger) => ledger.posted("refer"))
        expect([...posted.values()].find(({ credit: { key } }) => key === keyFor(1))?.credit.review).toBe("clear")
      }),
    ),
  )

  it.effect("a rejection refuses it; taking that back needs insistence, and the last word counts", () =>
    on(
      Effect.gen(function* () {
        yield* suspicious
        const rejected = yield* reviewing({ verdict: "reject" })
        expect([...rejected.evaluation.credits.values()]).toMatchObject([{ outcome: "refused", review: "rejected" }])
        expect(yield* refusal(reviewing())).toBe("NotHeld")
        const released = yield* reviewing({ force: true })
        expect([...released.evaluation.credits.values()]).toMatchObject([{ outcome: "credited", review: "clear" }])
        expect(yield* refusal(reviewing({ verdict: "reject" }))).toBe("NotHeld")
        expect(yield* refusal(reviewing({ verdict: "reject", force: true }))).toBe("done")
        expect(yield* countFacts("ReviewDecided")).toBe(3)
      }),
    ),
  )

  it.effect("what was handed over may be rejected, and becomes a debt", () =>
    on(
      Effect.gen(function* () {
        yield* learn(...cast(), order(1))
        expect(yield* refusal(reviewing({ verdict: "reject" }))).toBe("NotHeld")
        yield* credit("refer", day(40))
        yield* fulfil
        const { evaluation } = yield* reviewing({ verdict: "reject", asOf: day(41) })
        expect(sheet([...evaluation.credits.values()][0])).toEqual({ settled: 1_000n, debt: -1_000n })
      }),
    ),
  )

  it.effect("what the rules refused is not released, and what is nothing is not known", () =>
    on(
      Effect.gen(function* () {
        yield* learn(...cast(), order(1, { customer: customer(1) }))
        expect(yield* refusal(reviewing())).toBe("NotHeld")
        expect(yield* refusal(reviewing({ force: true }))).toBe("NotHeld")
        expect(yield* refusal(reviewing({ credit: keyFor(7) }))).toBe("UnknownCredit")
      }),
    ),
  )

  it.effect("where two people are named, a release says which of them", () =>
    on(
      Effect.gen(function* () {
        yield* learn(
          ...cast(),
          order(1, {
            codes: [
              { code: "ADA", discountMinor: 0n },
              { code: "BEN", discountMinor: 0n },
            ],
          }),
        )
        const [waiting] = yield* queue("refer", day(40))
        expect(waiting).toMatchObject({ reason: "ambiguous", beneficiary: null, amountMinor: 1_000n })
        expect(waiting?.candidates.toSorted()).toEqual([customer(1), customer(3)])
        expect(yield* refusal(reviewing())).toBe("NeedsBeneficiary")
        expect(yield* refusal(reviewing({ beneficiary: customer(2) }))).toBe("NeedsBeneficiary")
        const { evaluation } = yield* reviewing({ beneficiary: customer(3) })
        expect([...evaluation.credits.values()]).toMatchObject([{ outcome: "credited", beneficiary: customer(3) }])
      }),
    ),
  )

  it.effect("a friend's credit is decided with the advocate's", () =>
    on(
      Effect.gen(function* () {
        yield* learn(
          ...cast(program({ friend: Reward.discount({ amount: "5.00" }) })),
          { ...order(1), soft: [handle("device:1")] },
          { ...order(9, { customer: customer(1), codes: [], occurredAt: day(-60) }), soft: [handle("device:1")] },
        )
        expect((yield* queue("refer", day(40))).map(({ credit: key }) => key)).toEqual([keyFor(1)])
        expect(yield* refusal(reviewing({ credit: keyFor(1, "friend") }))).toBe("NotHeld")
        const { evaluation } = yield* reviewing()
        expect([...evaluation.credits.values()].map(({ outcome, role }) => `${role} ${outcome}`)).toEqual([
          "advocate credited",
          "friend credited",
        ])
      }),
    ),
  )
})

describe("announcing tiers", () => {
  it.effect("records each tier once; it then stands although the purchases fall", () =>
    on(
      Effect.gen(function* () {
        yield* begin
        expect(yield* tiers("refer", day(40))).toMatchObject([
          { person: "email:customer-2", tier: "silver", perks: ["lounge"], isAnnounced: false },
        ])
        const first = yield* announce("refer", day(40))
        expect(first.announced).toHaveLength(1)
        expect(first.tiers).toMatchObject([{ tier: "silver", isAnnounced: true }])
        expect((yield* announce("refer", day(41))).announced).toEqual([])
        yield* learn(refund(1, 1, 10_000n, { occurredAt: day(42) }))
        expect(yield* tiers("refer", day(43))).toMatchObject([{ tier: "silver", isAnnounced: true }])
        expect((yield* announce("refer", day(43))).announced).toEqual([])
      }),
    ),
  )

  it.effect("a tier for ever is announced for ever", () =>
    on(
      Effect.gen(function* () {
        const mechanics = [
          Points.make({ perUnit: 1 }),
          Tiers.make({ counts: "points", period: "ever", tiers: [{ name: "gold", atLeast: "100" }] }),
        ]
        yield* learn(...cast(program({}, { mechanics })), order(1, { codes: [] }))
        const { announced } = yield* announce("refer", day(1))
        expect(announced).toMatchObject([{ tier: "gold", until: null }])
        yield* learn(refund(1, 1, 10_000n))
        expect(yield* tiers("refer", day(5_000))).toMatchObject([{ tier: "gold", until: null, isAnnounced: true }])
      }),
    ),
  )
})

describe("offers of a program", () => {
  const refused = (lists: ReadonlyArray<ReadonlyArray<Offer>>) => () =>
    program(
      {},
      { mechanics: lists.map((offers, index) => Points.make({ rule: `p${index}`, perUnit: 1, redeem: offers })) },
    )

  it("are told apart by name, and give something in the program's currency", () => {
    const offer = (amount: string) => [{ name: "off", points: 5, gives: { amount } }]
    expect(refused([offer("5.00"), offer("6.00")])).toThrow("mechanics.1.redeem.0.name")
    expect(refused([offer("5.001")])).toThrow("mechanics.0.redeem.0.gives.amount")
    expect(refused([offer("0.00")])).toThrow("must be more than nothing")
    expect(refused([offer("5.00")])).not.toThrow()
  })

  it("leave the hash of a definition without them as it was", () => {
    const of = (offers?: ReadonlyArray<Offer>) =>
      program({}, { mechanics: [Points.make({ perUnit: 1, ...(offers === undefined ? {} : { redeem: offers }) })] })
        .hash
    expect(of([])).toBe(of())
    expect(of([{ name: "off", points: 5, gives: null }])).not.toBe(of())
    // What it was before there were offers.
    expect(of()).toBe("3af79833d7115b5fcb7a37729aa73eb78b01ac20e57d93237c3726f70dfdcad1")
  })
})
