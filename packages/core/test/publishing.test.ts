import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { Fact } from "../src/fact/Fact.ts"
import { FactLog } from "../src/fact/FactLog.ts"
import { credit, factsAt } from "../src/flow/Crediting.ts"
import { engineCheck } from "../src/flow/EngineCheck.ts"
import * as MemoryStores from "../src/flow/MemoryStores.ts"
import { correct, proposeCorrection, proposePublication, publish } from "../src/flow/Publishing.ts"
import { replay } from "../src/flow/Replaying.ts"
import { shadow, sideText } from "../src/flow/Shadowing.ts"
import type { Program } from "../src/program/Program.ts"
import { publication } from "../src/program/Program.ts"
import * as Referral from "../src/program/Referral.ts"
import * as Reward from "../src/reward/Reward.ts"
import { CurrentTenant, TenantIdOf } from "../src/tenant/Tenant.ts"
import { cast, committed, customer, day, order, person, program, review } from "./Story.ts"

const tenant = Layer.succeed(CurrentTenant, { id: TenantIdOf("a"), handleKey: new Uint8Array(16) })
const on = <A, E>(story: Effect.Effect<A, E, Effect.Services<ReturnType<typeof credit>>>) =>
  story.pipe(Effect.provide([MemoryStores.layerMemory, tenant]))
const learn = (...facts: ReadonlyArray<Fact>) => Effect.flatMap(FactLog, (log) => log.append({ facts, personal: [] }))

const fixed = (amount: string, mechanic: Partial<Referral.ReferralOptions> = {}): Program =>
  program({ advocate: Reward.discount({ amount }), ...mechanic })
const eur = (amountMinor: bigint) => [{ unit: "EUR", amountMinor }]

const live = [...cast(fixed("20.00")), order(1), person(4), order(2, { customer: customer(4), occurredAt: day(50) })]

describe("publishing", () => {
  const propose = (candidate: Program, from = day(100), facts: ReadonlyArray<Fact> = live) =>
    proposePublication(facts, candidate, { asOf: day(100), from })

  it("changes no decision that stands, and shows what the last year would have been", () => {
    const proposal = propose(fixed("25.00"))
    expect(proposal.isInForce).toBe(false)
    expect(proposal.changes.map(({ text }) => text)).toEqual([
      "the advocate's reward rises from 20.00 EUR to 25.00 EUR",
    ])
    expect(proposal.standing.changes).toEqual([])
    expect(proposal.open.before).toEqual(proposal.open.after)
    expect(proposal.open.after).toEqual([{ unit: "EUR", sums: { available: 4_000n } }])
    expect(proposal.replayed?.comparison.difference).toEqual(eur(1_000n))
    expect(proposal.warnings).toEqual(["the program asks for no advocates: nobody is enrolled by itself"])
  })

  it("says what is in force already", () => {
    expect(propose(fixed("20.00")).isInForce).toBe(true)
  })

  it("warns of another currency, another rule name, another discount and a version that comes later", () => {
    const checkout = (percent: number) => ({ friend: Reward.discount({ percent, timing: "atCheckout" }) })
    const later = publication(fixed("30.00"), day(200))
    const facts = [...cast(fixed("20.00", checkout(10))), later]
    const other = program(
      { advocate: Reward.discount({ amount: "20.00" }), ...checkout(15), rule: "friends" },
      { currency: "USD", timeZone: "UTC" },
    )
    const { warnings } = propose(other, day(110), facts)
    for (const part of [
      "from EUR to USD",
      "time zone",
      "referral goes and friends comes",
      "keep 10 % off",
      later.hash.slice(0, 12),
    ])
      expect(warnings.join("\n")).toContain(part)
  })

  it("warns of a first version that nothing before is judged by", () => {
    const { inForce, replayed, warnings } = propose(fixed("20.00"), day(100), [person(1), order(1)])
    expect([inForce, replayed]).toEqual([null, null])
    expect(warnings.join("\n")).toContain("purchases made earlier are never judged by it")
    expect(warnings.join("\n")).toContain("nobody has a code")
  })

  it.effect("refuses to reach back, writes once, and does nothing the second time", () =>
    on(
      Effect.gen(function* () {
        yield* learn(...live)
        const candidate = fixed("25.00")
        const at = (from: number) =>
          Effect.flatMap(factsAt(Number.MAX_SAFE_INTEGER), (facts) =>
            publish(facts, candidate, { asOf: day(100), from }),
          )
        const error = yield* Effect.flip(at(day(99)))
        expect(error).toMatchObject({ _tag: "PublishingError", isRetryable: false, reason: { _tag: "ReachesBack" } })
        expect(error.message).toContain("advocacy program correct")
        expect([yield* at(day(101)), yield* at(day(101)), yield* at(day(150))]).toEqual([true, false, false])
        const published = (yield* factsAt(day(1_000))).filter((fact) => fact._tag === "ProgramPublished")
        expect(published.map(({ occurredAt }) => occurredAt).toSorted((a, b) => a - b)).toEqual([day(-400), day(101)])
      }),
    ),
  )
})

describe("correcting", () => {
  const span = { from: day(-10), until: day(10), at: day(100), by: "sam", reason: "the wrong amount was published" }

  const objections = [
    [{ until: day(-20) }, "is empty"],
    [{ until: day(200) }, "is after now"],
    [{ by: " " }, "--by"],
    [{ reason: "" }, "--reason"],
  ] as const

  for (const [changed, said] of objections) {
    it.effect(`is refused where it ${said}`, () =>
      on(
        Effect.gen(function* () {
          const reviewed = { ...span, ...changed }
          const proposed = yield* Effect.flip(proposeCorrection(live, fixed("25.00"), reviewed))
          const corrected = yield* Effect.flip(correct(fixed("25.00"), reviewed))
          expect(proposed.reason._tag).toBe("NotACorrection")
          expect(corrected.message).toBe(proposed.message)
          expect(proposed.message).toContain(said)
          expect(yield* factsAt(day(1_000))).toEqual([])
        }),
      ),
    )
  }

  it.effect("shows what it does, and then does that", () =>
    on(
      Effect.gen(function* () {
        yield* learn(...live)
        const { comparison, open } = yield* proposeCorrection(live, fixed("25.00"), span)
        expect(comparison.changes.map(({ cause }) => cause)).toEqual(["shopify:order/1"])
        expect(comparison.difference).toEqual(eur(500n))
        expect(open.after).toEqual([{ unit: "EUR", sums: { available: 4_500n } }])
        yield* correct(fixed("25.00"), span)
        const { evaluation } = yield* credit("refer", day(100))
        expect([...evaluation.credits.values()].map(({ amountMinor }) => amountMinor)).toEqual([2_500n, 2_000n])
        expect((yield* replay(day(100))).isEqual).toBe(true)
      }),
    ),
  )

  it.effect("names the versions that it stands in for, and what was committed", () =>
    Effect.gen(function* () {
      const proposal = yield* proposeCorrection([...live, committed(1)], fixed("25.00"), span)
      expect(proposal.replaces.map(({ changes }) => changes.map(({ text }) => text))).toEqual([
        ["the advocate's reward rises from 20.00 EUR to 25.00 EUR"],
      ])
      expect(proposal.kept).toBe(1)
    }),
  )
})

describe("a shadow", () => {
  const since = day(30)

  it("differs on conversions since then alone, with both reasons", () => {
    const candidate = fixed("20.00", { qualifies: [Referral.Qualify.newCustomer, Referral.Qualify.minimum("500.00")] })
    const report = shadow(live, candidate, { asOf: day(100), since })
    expect([report.conversions, report.differing]).toEqual([1, 1])
    const [change] = report.comparison.changes
    expect([change?.cause, sideText(change?.before ?? null), sideText(change?.after ?? null)]).toEqual([
      "shopify:order/2",
      "credited",
      "refused (below-minimum): minimum, net 100.00 EUR, minimum 500.00 EUR",
    ])
    expect(report.comparison.difference).toEqual(eur(-2_000n))
  })

  it("sees through commitments, and keeps human decisions on both sides", () => {
    const handedOver = committed(2, { amountMinor: 2_000n, terms: fixed("20.00").hash, occurredAt: day(70) })
    const report = shadow([...live, handedOver], fixed("25.00"), { asOf: day(100), since })
    expect(report.comparison.difference).toEqual(eur(500n))
    const rejected = shadow([...live, review(2, "reject", { occurredAt: day(70) })], fixed("25.00"), {
      asOf: day(100),
      since,
    })
    expect(rejected.differing).toBe(0)
  })

  it("of the version in force says nothing", () => {
    expect(shadow(live, fixed("20.00"), { asOf: day(100), since }).comparison.changes).toEqual([])
  })
})

describe("a replay", () => {
  it.effect("is equal once the ledger was credited, and names what differs before", () =>
    on(
      Effect.gen(function* () {
        yield* learn(...live)
        yield* credit("refer", day(20))
        yield* learn(committed(1, { amountMinor: 2_000n, terms: fixed("20.00").hash }))
        const before = yield* replay(day(100))
        expect([before.isEqual, before.stands]).toEqual([false, true])
        expect(before.differences.map(({ line, only }) => `${only} ${line.split(" ", 1)[0]}`)).toContain(
          "replay decision",
        )
        yield* credit("refer", day(100))
        const after = yield* replay(day(100))
        expect(after).toMatchObject({ isEqual: true, stands: true, programs: ["refer"], decisions: 2, differences: [] })
        expect(after.digest.ledger).toBe(after.digest.replay)
      }),
    ),
  )

  it.effect("the engine is checked by the ledger as it stood when it was credited", () =>
    on(
      Effect.gen(function* () {
        yield* learn(...live)
        expect(yield* engineCheck(live, "refer", day(60))).toMatchObject({ isEqual: false, stands: false })
        yield* credit("refer", day(55))
        // Order 2 matures on day 64: until then the ledger stands.
        expect(yield* engineCheck(live, "refer", day(100))).toMatchObject({
          isEqual: true,
          stands: true,
          asOf: day(64) - 1,
          decisions: 2,
        })
        const more = [...live, order(3, { customer: customer(5), occurredAt: day(54) })]
        expect(yield* engineCheck(more, "refer", day(100))).toMatchObject({ isEqual: false, stands: true })
        expect(yield* engineCheck(live, "refer", day(20))).toMatchObject({ isEqual: false, stands: false })
      }),
    ),
  )

  it.effect("says when the ledger has gone on since", () =>
    on(
      Effect.gen(function* () {
        yield* learn(...live)
        yield* credit("refer", day(100))
        expect(yield* replay(day(40))).toMatchObject({ isEqual: false, stands: false })
      }),
    ),
  )
})
