import { describe, expect, it } from "@effect/vitest"
import type { CommitmentWithdrawn } from "../src/fact/Fact.ts"
import * as Facts from "../src/fact/Fact.ts"
import { make as currencyOf } from "../src/money/Currency.ts"
import { publication } from "../src/program/Program.ts"
import * as Referral from "../src/program/Referral.ts"
import * as Reward from "../src/reward/Reward.ts"
import {
  committed,
  creditOf,
  customer,
  day,
  handle,
  keyFor,
  line,
  merge,
  order,
  program,
  refund,
  review,
  sheet,
  tell,
  verdict,
} from "./Story.ts"

const withdrawn = (id: number, ordinal = 1): CommitmentWithdrawn => ({
  _tag: "CommitmentWithdrawn",
  key: Facts.key(`advocacy:withdrawal/${id}/${ordinal}`),
  version: 0,
  rank: 200,
  occurredAt: day(20),
  credit: keyFor(id),
  ordinal,
})
const twoCodes = {
  codes: [
    { code: "ADA", discountMinor: 0n },
    { code: "BEN", discountMinor: 0n },
  ],
}

describe("a commitment", () => {
  it("is settled; what is beyond it stays to be handed over, as when an order grows", () => {
    expect(sheet(creditOf(tell([order(1), committed(1)])))).toEqual({ granted: -1_000n, settled: 1_000n })
    const raised = tell([order(1, { version: 2, lines: [line(15_000n)] }), committed(1)])
    expect(sheet(creditOf(raised))).toEqual({ granted: -1_500n, settled: 1_000n, available: 500n })
    const both = tell([
      order(1, { version: 2, lines: [line(15_000n)] }),
      committed(1),
      committed(1, { ordinal: 2, amountMinor: 500n }),
    ])
    expect(sheet(creditOf(both))).toEqual({ granted: -1_500n, settled: 1_500n })
  })

  it("falls by its own refund or cancellation into a debt, never into silence, never beyond what was given", () => {
    const partly = tell([order(1), committed(1), refund(1, 1, 4_000n)])
    expect(verdict(partly)).toBe("credited - clear 600")
    expect(sheet(creditOf(partly))).toEqual({ granted: -600n, settled: 1_000n, debt: -400n })
    const wholly = tell([order(1), committed(1), refund(1, 1, 10_000n)])
    expect(verdict(wholly)).toBe("reversed refunded clear 0")
    expect(sheet(creditOf(wholly))).toEqual({ settled: 1_000n, debt: -1_000n })
    expect(verdict(tell([order(1, { cancelledAt: day(30) }), committed(1)]))).toBe("reversed cancelled clear 0")
  })

  it("keeps beneficiary and terms when codes change hands and programs change", () => {
    const better = program({ advocate: Reward.discount({ percentOfOrder: 20 }) })
    const evaluation = tell([
      publication(better, day(-1)),
      order(1, { codes: [{ code: "BEN", discountMinor: 0n }] }),
      committed(1),
    ])
    expect([verdict(evaluation), creditOf(evaluation)?.beneficiary, creditOf(evaluation)?.terms]).toEqual([
      "credited - clear 1000",
      customer(1),
      program().hash,
    ])
  })

  it("keeps its terms when the program in force no longer has the rule, or was not yet in force", () => {
    const renamed = program({ rule: "another" })
    expect(verdict(tell([publication(renamed, day(-1)), order(1), committed(1)]))).toBe("credited - clear 1000")
    expect(verdict(tell([order(1, { occurredAt: day(-401) }), committed(1)]))).toBe("credited - clear 1000")
  })

  it("is not undone by an earlier purchase or a merge: a human is asked", () => {
    const earlier = order(9, { occurredAt: day(-9), codes: [] })
    expect(verdict(tell([earlier, order(1), committed(1)]))).toBe("credited existing-customer held 1000")
    const merged = tell([merge(customer(1), customer(2)), order(1), committed(1)])
    expect(verdict(merged)).toBe("credited self-referral held 1000")
    expect(sheet(creditOf(merged))).toEqual({ granted: -1_000n, settled: 1_000n })
  })

  it("to the buyer is held also where the evidence names somebody else by now", () => {
    const evaluation = tell([
      merge(customer(1), customer(2)),
      order(1, { codes: [{ code: "BEN", discountMinor: 0n }] }),
      committed(1),
    ])
    expect(verdict(evaluation)).toBe("credited self-referral held 1000")
  })

  it("whose evidence has gone is held; nobody else is granted anything", () => {
    const of = program({ friend: Reward.discount({ percentOfOrder: 5 }) })
    const evaluation = tell([order(1, { codes: [] }), committed(1, { terms: of.hash })], { program: of })
    expect([verdict(evaluation), verdict(evaluation, 1, "friend")]).toEqual(["credited no-evidence held 1000", "none"])
  })

  it("that never came to anything leaves no trace in the balance", () => {
    expect(sheet(creditOf(tell([order(1), committed(1), withdrawn(1)])))).toEqual({
      granted: -1_000n,
      available: 1_000n,
    })
  })

  it("told twice under two keys is one commitment", () => {
    const again = { ...committed(1), key: Facts.key("file:commitment/1"), occurredAt: day(25) }
    expect(sheet(creditOf(tell([order(1), committed(1), again])))).toEqual({ granted: -1_000n, settled: 1_000n })
  })
})

describe("a commitment that no judged conversion carries", () => {
  it("is kept and shown to a human while its order is not known", () => {
    const evaluation = tell([committed(1)])
    expect(verdict(evaluation)).toBe("credited no-conversion held 1000")
    expect(sheet(creditOf(evaluation))).toEqual({ granted: -1_000n, settled: 1_000n })
    expect(verdict(tell([committed(1), review(1, "release")]))).toBe("credited - clear 1000")
    expect(sheet(creditOf(tell([committed(1), review(1, "reject")])))).toEqual({ settled: 1_000n, debt: -1_000n })
  })

  it("becomes a debt when its deal is no longer won", () => {
    const of = program({ conversions: ["deal"] })
    const credit = "refer|referral|hubspot:deal/1|advocate|"
    const deal = (outcome: "won" | "lost", version: number) => ({
      _tag: "DealChanged" as const,
      key: Facts.key("hubspot:deal/1"),
      version,
      rank: 100,
      occurredAt: day(0),
      deal: handle("hubspot:deal/1"),
      contacts: [customer(2)],
      companies: [],
      currency: currencyOf("EUR"),
      amountMinor: 10_000n,
      outcome,
      closedAt: day(1),
      code: "ADA",
    })
    const commitment = { ...committed(1), credit, terms: of.hash }
    const found = (outcome: "won" | "lost") =>
      tell([deal(outcome, 1), commitment], { program: of }).credits.get(credit as never)
    expect(sheet(found("won"))).toEqual({ granted: -1_000n, settled: 1_000n })
    expect([found("lost")?.outcome, sheet(found("lost"))]).toEqual(["reversed", { settled: 1_000n, debt: -1_000n }])
  })

  it("stays in its own currency when its terms have another", () => {
    const evaluation = tell([order(1), committed(1, { unit: "USD" })])
    expect(verdict(evaluation)).toBe("credited no-terms held 1000")
    expect(creditOf(evaluation)?.unit).toBe("USD")
  })

  it("never adds two currencies: what is in another than the first is named, not counted", () => {
    const evaluation = tell([order(1), committed(1), committed(1, { ordinal: 2, unit: "USD", amountMinor: 7n })])
    expect([creditOf(evaluation)?.unit, sheet(creditOf(evaluation))]).toEqual([
      "EUR",
      { granted: -1_000n, settled: 1_000n },
    ])
    expect(creditOf(evaluation)?.because).toContainEqual({
      rule: "one unit",
      outcome: "failed",
      saw: { shownBy: `advocacy:commitment/${keyFor(1)}/2`, unit: "USD", amountMinor: "7" },
    })
  })
})

describe("what is held after the handing-over", () => {
  it("is worth no more than what is out, and what nobody was given is only held", () => {
    const of = program({ friend: Reward.discount({ percentOfOrder: 5 }) })
    const given = committed(1, { terms: of.hash, amountMinor: 400n })
    const merged = [merge(customer(1), customer(2)), order(1)]
    const evaluation = tell([...merged, given], { program: of })
    expect([verdict(evaluation), verdict(evaluation, 1, "friend")]).toEqual([
      "credited self-referral held 400",
      "held self-referral held 0",
    ])
    expect(sheet(creditOf(evaluation))).toEqual({ granted: -400n, settled: 400n })
    expect(sheet(creditOf(evaluation, 1, "friend"))).toEqual({})
  })
})

describe("units", () => {
  it("never add in one credit: a lot in another unit is named, not counted", () => {
    const of = program({ friend: Reward.points(5) })
    const lot = { credit: keyFor(1), beneficiary: customer(1), amountMinor: 7n, terms: of.hash }
    const redeemed = {
      _tag: "ValueRedeemed" as const,
      key: Facts.key("advocacy:redeem/1"),
      version: 0,
      rank: 200,
      occurredAt: day(30),
      program: "refer",
      person: customer(1),
      unit: "points:refer",
      lots: [lot],
      gives: null,
      label: "a perk",
    }
    const evaluation = tell([order(1), committed(1, { terms: of.hash }), redeemed], { program: of })
    expect(sheet(creditOf(evaluation))).toEqual({ granted: -1_000n, settled: 1_000n })
    expect(creditOf(evaluation)?.because).toContainEqual({
      rule: "one unit",
      outcome: "failed",
      saw: { shownBy: "advocacy:redeem/1", unit: "points:refer", amountMinor: "7" },
    })
  })
})

describe("a debt", () => {
  it("is paid by what is pending before what is available, and what is not paid for is pending however old", () => {
    const of = program({ qualifies: [] })
    const evaluation = tell(
      [
        order(1),
        committed(1, { terms: of.hash }),
        order(2, { occurredAt: day(1) }),
        order(3, { occurredAt: day(2), paid: false }),
        refund(1, 1, 10_000n, { occurredAt: day(60) }),
      ],
      { program: of },
    )
    expect([1, 2, 3].map((id) => sheet(creditOf(evaluation, id)))).toEqual([
      { settled: 1_000n, repaid: -1_000n },
      { granted: -1_000n, available: 1_000n },
      { granted: -1_000n, repaid: 1_000n },
    ])
  })
})

describe("a human decision", () => {
  it("releases what was held", () => {
    const device = handle("device:d")
    const evaluation = tell([
      order(1, { soft: [device] }),
      { ...order(9), customer: customer(1), soft: [device], codes: [] },
      review(1, "release"),
    ])
    expect(verdict(evaluation)).toBe("credited - clear 1000")
  })

  it("releases an ambiguous credit only to somebody", () => {
    expect(verdict(tell([order(1, twoCodes), review(1, "release")]))).toBe("held ambiguous held 0")
    const named = tell([order(1, twoCodes), review(1, "release", { beneficiary: customer(3) })])
    expect([verdict(named), creditOf(named)?.beneficiary]).toEqual(["credited - clear 1000", customer(3)])
  })

  it("does not make the buyer their own advocate", () => {
    expect(verdict(tell([order(1, twoCodes), review(1, "release", { beneficiary: customer(2) })]))).toBe(
      "refused self-referral clear 0",
    )
  })

  it("stands after the reward was handed over", () => {
    const facts = [
      order(1, twoCodes),
      review(1, "release", { beneficiary: customer(3) }),
      committed(1, { beneficiary: customer(3), occurredAt: day(30) }),
    ]
    expect(verdict(tell(facts))).toBe("credited - clear 1000")
  })

  it("clears what was found out after the hand-over only when it came after it", () => {
    const facts = [order(9, { occurredAt: day(-9), codes: [] }), order(1), committed(1, { occurredAt: day(20) })]
    expect(verdict(tell([...facts, review(1, "release", { occurredAt: day(19) })]))).toBe(
      "credited existing-customer held 1000",
    )
    expect(verdict(tell([...facts, review(1, "release", { occurredAt: day(21) })]))).toBe("credited - clear 1000")
  })

  it("rejects: refused before the hand-over, a debt after it", () => {
    expect(verdict(tell([order(1), review(1, "reject")]))).toBe("refused rejected rejected 0")
    const after = tell([order(1), committed(1), review(1, "reject")])
    expect([verdict(after), sheet(creditOf(after))]).toEqual([
      "reversed rejected rejected 0",
      { settled: 1_000n, debt: -1_000n },
    ])
  })

  it("is the newest one", () => {
    const facts = [
      order(1),
      review(1, "reject", { occurredAt: day(21) }),
      review(1, "release", { occurredAt: day(22) }),
    ]
    expect(verdict(tell(facts))).toBe("credited - clear 1000")
    expect(verdict(tell(facts, { asOf: day(21) }))).toBe("refused rejected rejected 0")
  })
})

describe("limits and commitments", () => {
  it("a friend's reward alone takes no advocate's slot once the evidence is gone", () => {
    const of = program({
      friend: Reward.discount({ percentOfOrder: 5 }),
      limits: [Referral.Limits.perAdvocate({ count: 1, per: "ever" })],
    })
    const friendOnly = committed(1, { credit: keyFor(1, "friend"), beneficiary: customer(1), terms: of.hash })
    const evaluation = tell(
      [order(1, { codes: [] }), friendOnly, order(4, { customer: customer(4), occurredAt: day(3) })],
      { program: of },
    )
    expect([verdict(evaluation, 1), verdict(evaluation, 4)]).toEqual(["none", "credited - clear 1000"])
  })
})
