import { describe, expect, it } from "@effect/vitest"
import { plannedRow, type EffectRow, type IssueReward, type State } from "../src/ledger/OutboundEffect.ts"
import * as Fulfilment from "../src/reward/Fulfilment.ts"
import * as Reward from "../src/reward/Reward.ts"
import { committed, customer, day, email, handle, line, merge, order, person, program, refund, tell } from "./Story.ts"

const planned = (facts: Parameters<typeof tell>[0], rows: ReadonlyArray<EffectRow> = []): Fulfilment.Plan => {
  const evaluation = tell(facts)
  return Fulfilment.plan(evaluation.credits.values(), evaluation.history.people, rows, day(100))
}

const row = (effect: IssueReward, state: State, note: string | null = null): EffectRow => ({
  ...plannedRow(effect),
  state,
  attempts: 1,
  note,
})

const rewards = ({ effects }: Fulfilment.Plan): ReadonlyArray<IssueReward> =>
  effects.filter((effect) => effect._tag === "IssueReward")

const firstOf = (plan: Fulfilment.Plan): IssueReward => {
  const [reward] = rewards(plan)
  if (reward === undefined) throw new Error("nothing was planned")
  return reward
}

const nothing = { effects: [], undo: [], unfulfillable: [] }
const raised = order(1, { version: 2, lines: [line(15_000n)] })

describe("the plan of rewards", () => {
  it("hands over what is available, under a key made of credit and ordinal", () => {
    const plan = planned([order(1)])
    expect(rewards(plan)).toMatchObject([
      {
        key: "reward|refer|referral|shopify:order/1|advocate||1",
        ordinal: 1,
        amountMinor: 1_000n,
        unit: "EUR",
        beneficiary: customer(1),
        recipient: customer(1),
        plannedAt: day(100),
      },
    ])
    expect(planned([order(1)], [row(firstOf(plan), "planned")])).toEqual(nothing)
  })

  it("plans nothing for what is pending, held, refused or handed over", () => {
    expect(planned([order(1, { paid: false })])).toEqual(nothing)
    expect(
      planned([
        order(1, {
          codes: [
            { code: "ADA", discountMinor: 0n },
            { code: "BEN", discountMinor: 0n },
          ],
        }),
      ]),
    ).toEqual(nothing)
    expect(planned([order(1, { test: true })])).toEqual(nothing)
    const first = firstOf(planned([order(1)]))
    for (const state of ["sending", "unknown", "confirmed"] as const)
      expect(planned([order(1), Fulfilment.commitment(first)], [row(first, state)])).toEqual(nothing)
  })

  it("hands over the next part of a credit that rose, with the next ordinal", () => {
    const first = firstOf(planned([order(1)]))
    expect(rewards(planned([raised, committed(1)], [row(first, "confirmed")]))).toMatchObject([
      { ordinal: 2, amountMinor: 500n },
    ])
  })

  it("undoes what was planned when its credit went away, and replaces what changed", () => {
    const first = firstOf(planned([order(1)]))
    expect(planned([order(1), refund(1, 1, 10_000n)], [row(first, "planned")])).toEqual({
      ...nothing,
      undo: [first.key],
    })
    const partly = planned([order(1), refund(1, 1, 5_000n)], [row(first, "planned")])
    expect([partly.undo, rewards(partly).map(({ amountMinor, ordinal }) => [ordinal, amountMinor])]).toEqual([
      [first.key],
      [[2, 500n]],
    ])
  })

  it("does not undo what has begun", () => {
    const first = firstOf(planned([order(1)]))
    for (const state of ["sending", "unknown", "confirmed", "failed", "undone"] as const) {
      expect(planned([order(1), refund(1, 1, 10_000n)], [row(first, state)])).toEqual(nothing)
    }
  })

  it("does not ask again for what the platform refused, but for another amount", () => {
    const first = firstOf(planned([order(1)]))
    const facts = [Fulfilment.commitment(first), Fulfilment.withdrawal(first)]
    expect(planned([order(1), ...facts], [row(first, "failed")])).toEqual(nothing)
    expect(rewards(planned([raised, ...facts], [row(first, "failed")]))).toMatchObject([
      { ordinal: 2, amountMinor: 1_500n },
    ])
  })

  it("asks again for another customer record than the one that the platform refused", () => {
    const first = firstOf(planned([order(1)]))
    const facts = [Fulfilment.commitment(first), Fulfilment.withdrawal(first)]
    const other = { ...first, recipient: customer(77) }
    expect(rewards(planned([order(1), ...facts], [row(other, "failed")]))).toMatchObject([
      { ordinal: 2, recipient: customer(1) },
    ])
  })

  it("says in what form a reward is handed over", () => {
    const inForm = (reward: Reward.Reward) => {
      const evaluation = tell([order(1)], { program: program({ advocate: reward }) })
      return rewards(Fulfilment.plan(evaluation.credits.values(), evaluation.history.people, [], day(100))).map(
        ({ amountMinor, handOver }) => [amountMinor, handOver],
      )
    }
    expect(inForm(Reward.storeCredit("20.00", { validDays: 90 }))).toEqual([
      [2_000n, { as: "store-credit", validDays: 90 }],
    ])
    expect(inForm(Reward.giftCard("5.00"))).toEqual([[500n, { as: "gift-card" }]])
    expect(inForm(Reward.discount({ amount: "5.00" }))).toEqual([[500n, undefined]])
  })

  it("does not plan again what a human cancelled, but another amount", () => {
    const first = firstOf(planned([order(1)]))
    expect(planned([order(1)], [row(first, "undone", "cancelled: a friend of the owner")])).toEqual(nothing)
    expect(rewards(planned([raised], [row(first, "undone", "cancelled")]))).toMatchObject([
      { ordinal: 2, amountMinor: 1_500n },
    ])
    expect(rewards(planned([order(1)], [row(first, "undone")]))).toMatchObject([{ ordinal: 2, amountMinor: 1_000n }])
  })

  it("names what nobody in the shop can receive, and hands it over once somebody can", () => {
    const code = { codes: [{ code: "CRM", discountMinor: 0n }] }
    const contact = handle("hubspot:contact/7")
    const crm = [
      { ...person(7), key: "hubspot:contact/7" as never, person: contact, aliases: [email("carl")] },
      {
        _tag: "AssetIssued" as const,
        key: "hubspot:code/7" as never,
        version: 0,
        rank: 100,
        occurredAt: day(-50),
        code: "CRM",
        owner: contact,
        program: "refer",
      },
    ]
    expect(planned([...crm, order(1, code)])).toEqual({
      ...nothing,
      unfulfillable: ["refer|referral|shopify:order/1|advocate|"],
    })
    const known = planned([...crm, person(8, { aliases: [email("carl")] }), order(1, code)])
    expect(rewards(known)).toMatchObject([{ beneficiary: contact, recipient: customer(8) }])
  })

  it("follows a merge to the record that the shop has now", () => {
    const merged = planned([order(1), merge(customer(0), customer(1))])
    expect(rewards(merged)).toMatchObject([{ beneficiary: customer(1), recipient: customer(0) }])
  })

  it("a commitment says what the effect said, and a withdrawal names the same", () => {
    const reward = firstOf(planned([order(1)]))
    expect(Fulfilment.commitment(reward)).toMatchObject({
      credit: reward.credit,
      ordinal: 1,
      beneficiary: customer(1),
      unit: "EUR",
      amountMinor: 1_000n,
      occurredAt: day(100),
    })
    expect(Fulfilment.withdrawal(reward)).toMatchObject({ credit: reward.credit, ordinal: 1, occurredAt: day(100) })
    expect(Fulfilment.commitment(reward).key).not.toBe(Fulfilment.withdrawal(reward).key)
  })
})
