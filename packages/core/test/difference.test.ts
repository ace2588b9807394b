import { describe, expect, it } from "@effect/vitest"
import type { Credit, CreditKey } from "../src/ledger/Credit.ts"
import { type Change, difference, subtract } from "../src/ledger/Crediting.ts"
import type { Posted } from "../src/ledger/Ledger.ts"
import * as Reward from "../src/reward/Reward.ts"
import { make as currencyOf } from "../src/money/Currency.ts"
import { committed, order, program, refund, sheet, tell } from "./Story.ts"

/** What a ledger would say after these revisions, per credit; units are summed apart. */
const post = (posted: ReadonlyMap<CreditKey, Posted>, revisions: ReadonlyArray<Change>): Map<CreditKey, Posted> => {
  const next = new Map(posted)
  for (const { credit, key, legs, revision } of revisions) {
    const before = next.get(key)
    expect(revision).toBe((before?.revision ?? 0) + 1)
    expect(legs.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(0n)
    next.set(key, { revision, credit, legs: subtract([...(before?.legs ?? []), ...legs], []) })
  }
  return next
}

const credits = (...facts: Parameters<typeof tell>[0][number][]): ReadonlyMap<CreditKey, Credit> => tell(facts).credits
const only = (posted: ReadonlyMap<CreditKey, Posted>): Posted | undefined => posted.values().next().value

describe("difference posting", () => {
  it("posts once, and nothing the second time", () => {
    const desired = credits(order(1))
    const first = difference(desired, new Map())
    expect(first.map(({ revision, legs }) => [revision, legs.length])).toEqual([[1, 2]])
    expect(difference(desired, post(new Map(), first))).toEqual([])
  })

  it("posts the difference after a refund, and it comes to what is desired", () => {
    const before = post(new Map(), difference(credits(order(1)), new Map()))
    const desired = credits(order(1), refund(1, 1, 4_000n))
    const revisions = difference(desired, before)
    expect(sheet({ legs: revisions[0]?.legs } as Credit)).toEqual({ granted: 400n, available: -400n })
    expect(sheet(only(post(before, revisions)) as unknown as Credit)).toEqual({ granted: -600n, available: 600n })
  })

  it("withdraws what is not desired any more, once, and brings it back", () => {
    const before = post(new Map(), difference(credits(order(1)), new Map()))
    const gone = difference(new Map(), before)
    expect(gone).toMatchObject([{ revision: 2, credit: { outcome: "withdrawn", amountMinor: 0n } }])
    const after = post(before, gone)
    expect(only(after)?.legs).toEqual([])
    expect(difference(new Map(), after)).toEqual([])
    const back = post(after, difference(credits(order(1)), after))
    expect([only(back)?.revision, sheet(only(back) as unknown as Credit)]).toEqual([
      3,
      { granted: -1_000n, available: 1_000n },
    ])
  })

  it("posts a decision that stands for other reasons, without legs", () => {
    const before = post(new Map(), difference(credits(order(1)), new Map()))
    const revisions = difference(
      credits(
        order(1, {
          version: 2,
          codes: [{ code: "ada", discountMinor: 0n }],
          attributes: [{ key: "ref", value: "ADA" }],
        }),
      ),
      before,
    )
    expect(revisions.map(({ legs }) => legs)).toEqual([[]])
  })

  it("takes an amount back in its old unit before it posts the new one", () => {
    const friend = program({ friend: Reward.discount({ percent: 10, timing: "atCheckout" }) })
    const codes = [{ code: "ADA", discountMinor: 700n }]
    const inEuros = tell([order(1, { codes })], { program: friend }).credits
    const inDollars = tell([order(1, { codes, version: 2, currency: currencyOf("USD") })], { program: friend }).credits
    const before = post(new Map(), difference(inEuros, new Map()))
    const revisions = difference(inDollars, before).filter(({ credit }) => credit.role === "friend")
    expect(revisions.map(({ legs, revision, unit }) => [revision, unit, sheet({ legs } as unknown as Credit)])).toEqual(
      [
        [2, "EUR", { granted: 700n, settled: -700n }],
        [3, "USD", { granted: -700n, settled: 700n }],
      ],
    )
    expect(difference(inDollars, post(before, difference(inDollars, before)))).toEqual([])
  })

  it("comes in key order, whatever the order of credits", () => {
    const keys = difference(credits(order(2), order(1, { customer: null }), committed(3)), new Map()).map(
      ({ key }) => key,
    )
    expect(keys).toEqual(keys.toSorted())
    expect(keys).toHaveLength(3)
  })
})
