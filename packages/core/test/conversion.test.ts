import { describe, expect, it } from "@effect/vitest"
import * as Facts from "../src/fact/Fact.ts"
import { newest } from "../src/fact/FactVersion.ts"
import { make as currencyOf } from "../src/money/Currency.ts"
import * as Conversion from "../src/referral/Conversion.ts"
import * as Reward from "../src/reward/Reward.ts"
import type { Fact, RefundMade } from "../src/fact/Fact.ts"
import { creditOf, day, line, order, program, refund, sheet, tell, verdict } from "./Story.ts"

const net = (...facts: ReadonlyArray<Fact>): bigint | undefined =>
  Conversion.conversions(newest(facts).values(), day(100))[0]?.netMinor

const permutations = <A>(values: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> =>
  values.length < 2
    ? [values]
    : values.flatMap((value, index) => permutations(values.toSpliced(index, 1)).map((rest) => [value, ...rest]))

describe("conversions", () => {
  const lines = [line(9_000n, { quantity: 3 }), line(1_001n, { line: "2" })]
  const back = (id: number, quantity: number, amountMinor: bigint): RefundMade =>
    refund(id, 1, 0n, { lines: [{ line: "1", quantity, amountMinor }] })

  it("subtract partial refunds in any order, and the reward is the rule applied to what is left", () => {
    const steps = [refund(1, 1, 333n), back(2, 1, 3_000n), refund(3, 1, 1n)]
    for (const order_ of permutations(steps)) {
      let left = 10_001n
      order_.forEach((step, index) => {
        left -= step.otherMinor + (step.lines[0]?.amountMinor ?? 0n)
        const evaluation = tell([order(1, { lines }), ...order_.slice(0, index + 1)])
        const reward = (left * 10n * 2n + 100n) / 200n
        expect(verdict(evaluation)).toBe(`credited - clear ${reward}`)
      })
    }
  })

  it("count a returned line once, whether the order's new version or the refund comes first", () => {
    const sold = order(1, { lines })
    const after = order(1, {
      version: 2,
      lines: [line(9_000n, { quantity: 3, currentQuantity: 2 }), line(1_001n, { line: "2" })],
    })
    expect(net(sold, back(2, 1, 3_000n))).toBe(7_001n)
    expect(net(sold, after)).toBe(7_001n)
    expect(net(sold, after, back(2, 1, 3_000n))).toBe(7_001n)
    expect(net(back(2, 1, 3_000n), after, sold)).toBe(7_001n)
  })

  it("subtract what was edited away beside what was refunded", () => {
    const edited = order(1, { version: 2, lines: [line(9_000n, { quantity: 3, currentQuantity: 1 })] })
    expect(net(edited, back(2, 1, 3_000n))).toBe(3_000n)
    expect(net(order(1, { lines: [line(1_000n, { quantity: 3, currentQuantity: 2 })] }))).toBe(667n)
  })

  it("leave out what a file told of refunds once the platform itself tells of the order or of a refund", () => {
    const file = { rank: Facts.rank.file, version: Facts.fileVersion(day(50)) }
    const [fromFile, told] = [order(1, { lines, ...file }), refund(9, 1, 2_000n, file)]
    expect(net(fromFile, told)).toBe(8_001n)
    expect(net(fromFile, told, refund(2, 1, 3_000n))).toBe(7_001n)
    expect(net(told, order(1, { lines }))).toBe(10_001n)
    expect(net(refund(2, 1, 3_000n), fromFile, order(1, { lines }), told)).toBe(7_001n)
  })

  it("never fall below zero, and are worth nothing once cancelled", () => {
    expect(net(order(1), refund(1, 1, 99_999n))).toBe(0n)
    expect(net(order(1, { cancelledAt: day(2) }))).toBe(0n)
    expect(verdict(tell([order(1), refund(1, 1, 10_000n)]))).toBe("refused refunded clear 0")
    expect(verdict(tell([order(1, { cancelledAt: day(2) })]))).toBe("refused cancelled clear 0")
    expect(verdict(tell([order(1, { cancelledAt: day(2) })], { asOf: day(1) }))).toBe("credited - clear 1000")
  })

  it("take no notice of a refund in another currency", () => {
    expect(net(order(1), refund(1, 1, 500n, { currency: currencyOf("USD") }))).toBe(10_000n)
  })

  it.each([
    ["JPY", 1_005n, 101n],
    ["KWD", 10_005n, 1_001n],
    ["CLF", 12_344n, 1_234n],
    ["USD", 9_007_199_254_740_993_005n, 900_719_925_474_099_301n],
  ])("are exact in %s: 10 %% of %d is %d minor units", (code, gross, reward) => {
    const currency = currencyOf(code)
    const of = program({ advocate: Reward.discount({ percentOfOrder: 10 }) }, { currency: code })
    const evaluation = tell([order(1, { currency, lines: [line(gross)] })], { program: of })
    expect(verdict(evaluation)).toBe(`credited - clear ${reward}`)
    expect(creditOf(evaluation)?.unit).toBe(code)
    expect(sheet(creditOf(evaluation))).toEqual({ granted: -reward, available: reward })
  })

  it("of deals count once they are won and closed", () => {
    const deal = (outcome: "open" | "won" | "lost"): Fact => ({
      _tag: "DealChanged",
      key: "hubspot:deal/1" as Fact["key"],
      version: 1,
      rank: 100,
      occurredAt: day(0),
      deal: "hubspot:deal/1" as never,
      contacts: [],
      companies: [],
      currency: currencyOf("EUR"),
      amountMinor: 5n,
      outcome,
      closedAt: day(3),
      code: null,
    })
    expect(Conversion.conversions([deal("won")], day(3)).map(({ at }) => at)).toEqual([day(3)])
    expect(Conversion.conversions([deal("won")], day(3) - 1)).toEqual([])
    expect(Conversion.conversions([deal("open")], day(9))).toEqual([])
    expect(Conversion.conversions([deal("lost")], day(9))).toEqual([])
  })
})
