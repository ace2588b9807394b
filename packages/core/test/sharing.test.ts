import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import type * as Fact from "../src/fact/Fact.ts"
import * as Facts from "../src/fact/Fact.ts"
import { FactLog } from "../src/fact/FactLog.ts"
import { contentDigest } from "../src/fact/FactVersion.ts"
import { credit } from "../src/flow/Crediting.ts"
import { ruleOfNet } from "../src/flow/LedgerPromises.ts"
import * as MemoryStores from "../src/flow/MemoryStores.ts"
import { read } from "../src/flow/Verifying.ts"
import { plannedRow, type IssueReward } from "../src/ledger/OutboundEffect.ts"
import * as Share from "../src/money/Share.ts"
import type { Evaluation } from "../src/program/Evaluation.ts"
import * as Referral from "../src/program/Referral.ts"
import * as Fulfilment from "../src/reward/Fulfilment.ts"
import * as Reward from "../src/reward/Reward.ts"
import { CurrentTenant, TenantIdOf } from "../src/tenant/Tenant.ts"
import {
  asset,
  cast,
  committed,
  customer,
  day,
  order,
  person,
  program,
  refund,
  review,
  sheet,
  tell,
  visit,
} from "./Story.ts"

const { Attribution } = Referral
const shared = program({ attribution: Attribution.shared({ window: "30 days" }) })
const names = ["ADA", "BEN", "CLEO", "DORA"] as const
type Name = (typeof names)[number]
const cleo = [person(4), asset("CLEO", 4), person(5), asset("DORA", 5)]
const keyOf = (name: Name): string => `refer|referral|shopify:order/1|advocate|code:${name}`

/** Zoe's order of 100.01, which gives 10.00 to share, with the codes of Ada and Ben on it. */
const bought = order(1, {
  codes: [
    { code: "ADA", discountMinor: 0n },
    { code: "BEN", discountMinor: 0n },
  ],
})
const late = (name: Name) => visit(name, customer(2), day(-3))

const told = (facts: ReadonlyArray<Fact.Fact>): Evaluation => tell([...cleo, bought, ...facts], { program: shared })
const creditOf = (evaluation: Evaluation, name: Name) =>
  [...evaluation.credits.values()].find(({ key }) => key === keyOf(name))

/** What each of the four has, `-` for no credit. */
const amounts = (evaluation: Evaluation): string =>
  names.map((name) => creditOf(evaluation, name)?.amountMinor ?? "-").join(" ")

/** Hands over what is there to be handed over for somebody, as the kit does it. */
const handedOver = (facts: ReadonlyArray<Fact.Fact>, name: Name): ReadonlyArray<Fact.RewardCommitted> => {
  const { credits, history } = told(facts)
  return Fulfilment.plan(credits.values(), history.people, [], day(20 + facts.length)).effects.flatMap((effect) =>
    effect._tag === "IssueReward" && effect.credit === keyOf(name) ? [Fulfilment.commitment(effect)] : [],
  )
}

const withoutShare = (facts: ReadonlyArray<Fact.RewardCommitted>): ReadonlyArray<Fact.RewardCommitted> =>
  facts.map(({ share: _share, ...rest }) => rest)

describe("a share that was handed over", () => {
  const ada = handedOver([], "ADA")
  const ben = handedOver(ada, "BEN")

  it("is recorded with the commitment, and only where something is shared", () => {
    expect(ada).toMatchObject([
      { amountMinor: 500n, share: { index: 0, of: 2, leftMinor: 1_000n, wholeMinor: 1_000n } },
    ])
    expect(ben).toMatchObject([{ amountMinor: 500n, share: { index: 1, of: 2 } }])
    const alone = tell([order(1)])
    const { effects } = Fulfilment.plan(alone.credits.values(), alone.history.people, [], day(20))
    expect(effects.filter((effect) => "share" in effect)).toEqual([])
  })

  it("is kept when a touch comes late; the others share what it leaves", () => {
    expect(amounts(told([]))).toBe("500 500 - -")
    expect(amounts(told([late("CLEO")]))).toBe("334 333 333 -")
    const after = told([...ada, late("CLEO")])
    expect(amounts(after)).toBe("500 250 250 -")
    expect(sheet(creditOf(after, "ADA"))).toEqual({ granted: -500n, settled: 500n })
    expect(sheet(creditOf(after, "BEN"))).toEqual({ granted: -250n, available: 250n })
    expect(creditOf(after, "ADA")?.because.find(({ rule }) => rule === "amount")?.saw).toMatchObject({
      share: "1 of 2",
      shareKept: "since it was handed over",
    })
    expect(creditOf(after, "CLEO")?.because.find(({ rule }) => rule === "amount")?.saw).toMatchObject({
      share: "2 of 2",
      shareOf: "5.00 EUR of 10.00 EUR",
    })
  })

  it("of two leaves nothing to who comes late", () => {
    const after = told([...ada, ...ben, late("CLEO")])
    expect(amounts(after)).toBe("500 500 0 -")
    expect(creditOf(after, "CLEO")).toMatchObject({ outcome: "credited", legs: [] })
  })

  it("is kept in what is left after a refund, and so is a share of a rest", () => {
    const rest = handedOver([...ada, late("CLEO")], "BEN")
    expect(rest).toMatchObject([{ amountMinor: 250n, share: { index: 0, of: 2, leftMinor: 500n, wholeMinor: 1_000n } }])
    const two = [...ada, late("CLEO"), ...rest]
    expect(amounts(told(two))).toBe("500 250 250 -")
    expect(amounts(told([...two, late("DORA")]))).toBe("500 250 125 125")
    const half = told([...two, refund(1, 1, 5_000n)])
    expect(amounts(half)).toBe("250 125 125 -")
    expect(sheet(creditOf(half, "ADA"))).toEqual({ granted: -250n, settled: 500n, debt: -250n })
    expect(amounts(told([...two, refund(1, 1, 10_000n)]))).toBe("0 0 0 -")
  })

  it("changes nothing for the others as long as the evidence is the same, whatever is sent back", () => {
    for (const backMinor of [0n, 10n, 3_330n, 4_440n, 9_970n]) {
      const back = [late("CLEO"), refund(1, 1, backMinor)]
      const three = handedOver([late("CLEO")], "BEN")
      expect(amounts(told([...three, ...back]))).toBe(amounts(told(back)))
    }
  })

  it("is kept when the evidence of another goes: the one who is left has no more than the rest", () => {
    const three = handedOver([late("CLEO")], "ADA")
    expect(amounts(told(three))).toBe("334 666 - -")
  })

  it("is kept without any evidence of it, and released it is no more than that", () => {
    const three = handedOver([late("CLEO")], "CLEO")
    const gone = told(three)
    expect(amounts(gone)).toBe("334 333 333 -")
    expect(creditOf(gone, "CLEO")).toMatchObject({ reason: "no-evidence", review: "held" })
    const released = told([...three, review(1, "release", { credit: keyOf("CLEO"), occurredAt: day(40) })])
    expect(amounts(released)).toBe("334 333 333 -")
    expect(creditOf(released, "CLEO")).toMatchObject({ review: "clear" })
  })

  it("makes the others no larger when it is rejected, and is nobody's when it was withdrawn", () => {
    const rejected = review(1, "reject", { credit: keyOf("ADA"), occurredAt: day(40) })
    expect(amounts(told([...ada, late("CLEO"), rejected]))).toBe("0 250 250 -")
    const withdrawn = ada.map((one): Fact.CommitmentWithdrawn => ({
      _tag: "CommitmentWithdrawn",
      key: Facts.key("advocacy:withdrawal/1"),
      version: 0,
      rank: 200,
      occurredAt: day(22),
      credit: one.credit,
      ordinal: one.ordinal,
    }))
    expect(amounts(told([...ada, late("CLEO"), ...withdrawn]))).toBe("334 333 333 -")
  })

  it("that was recorded before shares were is the share as it is now", () => {
    expect(amounts(told([...withoutShare(ada), late("CLEO")]))).toBe("334 333 333 -")
    expect(amounts(told([...withoutShare(ada), ...ben, late("CLEO")]))).toBe("250 500 250 -")
  })

  it("never comes to more than the whole, whatever the facts say", () => {
    const says = (name: Name, share: Share.Share): Fact.RewardCommitted =>
      committed(1, {
        key: Facts.key(`advocacy:commitment/${name}`),
        credit: keyOf(name),
        amountMinor: 1n,
        terms: shared.hash,
        share,
      })
    const all = { index: 0, of: 1, leftMinor: 7n, wholeMinor: 7n }
    expect(amounts(told([says("ADA", all), says("BEN", all), late("CLEO")]))).toBe("1000 0 0 -")
    expect(amounts(told([says("ADA", { ...all, leftMinor: 900n }), late("CLEO")]))).toBe("1000 0 0 -")
    expect(amounts(told([says("BEN", { ...all, leftMinor: 0n }), late("CLEO")]))).toBe("500 0 500 -")
  })

  it("is planned again when the share changed and the amount did not", () => {
    const { credits, history } = told([])
    const plan = Fulfilment.plan(credits.values(), history.people, [], day(20))
    const rows = plan.effects
      .filter((effect): effect is IssueReward => effect._tag === "IssueReward")
      .map((effect) => plannedRow(effect))
    expect(Fulfilment.plan(credits.values(), history.people, rows, day(21)).effects).toEqual([])
    const older = rows.map((row) => {
      const { share: _share, ...effect } = row.effect as IssueReward
      return { ...row, effect }
    })
    const again = Fulfilment.plan(credits.values(), history.people, older, day(21))
    expect(again.effects.map((effect) => "share" in effect)).toEqual([true, true])
    expect(again.undo).toHaveLength(2)
  })
})

describe("the promise that a reward is its rule applied to the net amount", () => {
  const tenant = Layer.succeed(CurrentTenant, { id: TenantIdOf("a"), handleKey: new Uint8Array(16) })
  const checked = (facts: ReadonlyArray<Fact.Fact>) =>
    Effect.gen(function* () {
      const log = yield* FactLog
      yield* log.append({ facts: [...cast(shared), ...cleo, bought, ...facts], personal: [] })
      yield* credit("refer", day(100))
      return ruleOfNet(yield* read(day(100))).parts[0]
    }).pipe(Effect.provide([MemoryStores.layerMemory, tenant]))

  it.effect("holds where a kept share leaves the others another part than an equal one", () =>
    Effect.gen(function* () {
      const three = handedOver([late("CLEO")], "ADA")
      // Ada keeps 3.34; of the rest after a refund Ben has all, which is no equal part of anything.
      const back = refund(1, 1, 3_330n)
      expect(amounts(told([...three, back]))).toBe("223 444 - -")
      expect(yield* checked([...three, back])).toMatchObject({ holds: true })
    }),
  )
})

describe("points that are shared", () => {
  const points = program({ attribution: Attribution.shared({ window: "30 days" }), advocate: Reward.points(5) })
  const pointsTold = (facts: ReadonlyArray<Fact.Fact>) => tell([...cleo, bought, ...facts], { program: points })

  it("keep their share once a lot was taken", () => {
    const lot = creditOf(pointsTold([]), "ADA")
    const redeemed: Fact.ValueRedeemed = {
      _tag: "ValueRedeemed",
      key: Facts.key("advocacy:redeem/1"),
      version: 0,
      rank: 200,
      occurredAt: day(20),
      program: "refer",
      person: customer(1),
      unit: "points:refer",
      lots: [
        {
          credit: keyOf("ADA"),
          beneficiary: customer(1),
          amountMinor: 1n,
          terms: points.hash,
          ...(lot?.share === undefined ? {} : { share: lot.share }),
        },
      ],
      gives: null,
      label: "a perk",
    }
    expect(amounts(pointsTold([late("CLEO")]))).toBe("2 2 1 -")
    expect(amounts(pointsTold([redeemed, late("CLEO")]))).toBe("3 1 1 -")
  })
})

describe("a share", () => {
  it("is exact for the amount that it was written for; equal parts sum to the whole", () => {
    for (const wholeMinor of [1n, 2n, 5n, 999n, 1_000n])
      for (const of of [1, 2, 3, 7]) {
        const parts = Array.from({ length: of }, (_, index) => Share.equalPart(wholeMinor, { index, of }))
        expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(wholeMinor)
        for (const leftMinor of [0n, 1n, wholeMinor])
          expect(Share.minorOf({ index: 0, of, leftMinor, wholeMinor }, wholeMinor)).toBe(
            Share.equalPart(leftMinor, { index: 0, of }),
          )
      }
  })

  it("decodes only where it is one", () => {
    const is = (share: unknown): boolean => Schema.is(Share.Share)(share)
    const right = { index: 0, of: 2, leftMinor: 5n, wholeMinor: 9n }
    expect(is(right)).toBe(true)
    for (const wrong of [{ of: 0 }, { index: -1 }, { leftMinor: -1n }, { wholeMinor: 0n }])
      expect(is({ ...right, ...wrong })).toBe(false)
  })

  it("is no part of facts that were stored without it: they decode as they are, and their digest is what it was", () => {
    const fact = committed(1, { terms: "0".repeat(64) })
    const stored: unknown = JSON.parse(JSON.stringify(Facts.encode(fact)))
    expect(Facts.decodeSync(stored)).toEqual(fact)
    expect(contentDigest(Facts.decodeSync(stored))).toBe(
      "b42e766c74c5082c4f0e19882a6b9c4ec26fd4a47490cbf7d9f4fc34330ed760",
    )
  })
})
