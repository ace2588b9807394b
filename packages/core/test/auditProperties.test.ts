/** An audit of random histories: what must hold whatever happened, and that it finds what was planted and nothing else. */
import { assert, describe, it } from "@effect/vitest"
import { Arbitrary } from "effect"
import type { Fact, RewardPaid } from "../src/fact/Fact.ts"
import * as Facts from "../src/fact/Fact.ts"
import { audit, type Audit } from "../src/flow/Auditing.ts"
import { dueOf } from "../src/audit/Judging.ts"
import { platform } from "../src/id/Handle.ts"
import { evaluate, type Evaluation } from "../src/program/Evaluation.ts"
import type { Program } from "../src/program/Program.ts"
import * as Referral from "../src/program/Referral.ts"
import { underCandidate } from "../src/program/ReplayHistory.ts"
import * as Reward from "../src/reward/Reward.ts"
import { asset, customer, day, email, merge, order, person, program, refund } from "./Story.ts"
import { integer, oneOf, permutation, runs } from "./Runs.ts"

const people = 8
const cast: ReadonlyArray<Fact> = [
  ...Array.from({ length: people }, (_, id) => person(id + 1)),
  asset("ADA", 1),
  asset("BEN", 3),
]

const stated: ReadonlyArray<Program> = [
  program({ advocate: Reward.discount({ amount: "10.00" }) }),
  program({
    advocate: Reward.discount({ percentOfOrder: 10 }),
    friend: Reward.discount({ amount: "5.00" }),
    qualifies: [Referral.Qualify.minimum("40.00")],
  }),
  program({
    advocate: Reward.points(500),
    limits: [Referral.Limits.perAdvocate({ count: 2, per: "month" })],
    recurring: { withinDays: 90, count: 2, reward: Reward.points(100) },
  }),
]

const orders = Arbitrary.array(
  Arbitrary.all({
    buyer: integer(1, people),
    at: integer(0, 80),
    code: oneOf<string | null>("ADA", "BEN", null, null),
    back: oneOf<bigint | null>(null, null, 5_000n, 7_000n, 10_000n),
    isCancelled: oneOf(false, false, false, true),
  }),
  { maxLength: 10 },
)

const records = Arbitrary.array(
  Arbitrary.all({
    order: integer(0, 11),
    by: oneOf("order", "name", "friend", "nothing"),
    beneficiary: integer(1, people),
    role: oneOf<RewardPaid["role"]>("advocate", "advocate", "friend", null),
    unit: oneOf("EUR", "EUR", "points", "USD"),
    amountMinor: oneOf(1_000n, 500n, 700n),
    status: oneOf<RewardPaid["status"]>("paid", "paid", "paid", "pending", "reversed"),
    at: integer(0, 99),
  }),
  { maxLength: 10 },
)

type Told<A> = A extends Arbitrary.Arbitrary<infer B> ? B : never

const placed = (all: Told<typeof orders>): ReadonlyArray<Fact> =>
  all.flatMap(({ at, back, buyer, code, isCancelled }, id) => [
    order(id, {
      customer: customer(buyer),
      occurredAt: day(at),
      name: `#${id % 9}`,
      codes: code === null ? [] : [{ code, discountMinor: 0n }],
      cancelledAt: isCancelled ? day(at + 1) : null,
    }),
    ...(back === null ? [] : [refund(id, id, back, { occurredAt: day(at + 2) })]),
  ])

const recorded = (all: Told<typeof records>): ReadonlyArray<RewardPaid> =>
  all.map((told, id) => ({
    _tag: "RewardPaid",
    key: Facts.key(`smile:reward/${id}`),
    version: 0,
    rank: Facts.rank.file,
    occurredAt: day(told.at),
    source: "smile",
    beneficiary: id % 2 === 0 ? customer(told.beneficiary) : email(`customer-${told.beneficiary}`),
    role: told.role,
    unit: told.unit,
    amountMinor: told.amountMinor,
    status: told.status,
    order: told.by === "order" ? platform("shopify", "order", `${told.order}`) : null,
    orderName: told.by === "name" ? `${told.order}` : null,
    friend: told.by === "friend" ? customer(1 + (told.order % people)) : null,
  }))

const of = (facts: ReadonlyArray<Fact>, rules: Program, worth = false): Audit =>
  audit({
    facts,
    program: rules,
    asOf: day(100),
    pointsWorth: worth ? { points: 100n, minor: 150n } : null,
    everyCode: false,
  })

const total = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((sum, amount) => sum + amount, 0n)

/** What the records say was paid, counted without the audit. */
const paidBy = (all: ReadonlyArray<RewardPaid>, name: string, unit: string): bigint =>
  total(
    all
      .filter(({ status }) => status === "paid")
      .filter((one) => (one.unit === "points" ? `points:${name}` : one.unit) === unit)
      .map(({ amountMinor }) => amountMinor),
  )

const judged = (facts: ReadonlyArray<Fact>, rules: Program): Evaluation =>
  evaluate(underCandidate(facts, rules).facts, rules.name, day(100))

const history = Arbitrary.all({ orders, records, rules: oneOf(...(stated as [Program])), isMerged: oneOf(false, true) })

const factsOf = (told: Told<typeof history>): ReadonlyArray<Fact> => [
  ...cast,
  ...(told.isMerged ? [merge(customer(1), customer(2))] : []),
  ...placed(told.orders),
  ...recorded(told.records),
]

describe("an audit of any history", () => {
  it.prop(
    "counts each record and each credit once, and the differences sum to what was paid less what is due",
    [history],
    ([told]) => {
      const facts = factsOf(told)
      const { due, lines, paid, totals } = of(facts, told.rules)
      const all = recorded(told.records)
      assert.deepStrictEqual(lines.flatMap((line) => line.records).toSorted(), all.map(({ key }) => key).toSorted())
      const credits = lines.flatMap(({ credit }) => credit ?? [])
      assert.strictEqual(new Set(credits).size, credits.length)
      for (const { amountMinor, unit } of paid) {
        assert.strictEqual(amountMinor, paidBy(all, told.rules.name, unit))
        const owed = due.find((one) => one.unit === unit)?.amountMinor ?? 0n
        const differences = totals.filter((one) => one.unit === unit).map(({ differenceMinor }) => differenceMinor)
        assert.strictEqual(total(differences), amountMinor - owed)
      }
      for (const line of lines) {
        assert.strictEqual(line.differenceMinor, line.paidMinor - line.dueMinor)
        assert.strictEqual(line.doubt !== null, line.kind === "cannot-tell")
        assert.isTrue(line.dueMinor === 0n || line.credit !== null)
      }
    },
    runs(300),
  )

  it.prop(
    "counts every credit that the rules grant by the files' own evidence",
    [Arbitrary.all({ orders, records, rules: oneOf(...(stated.slice(0, 2) as [Program])) })],
    ([told]) => {
      const facts = factsOf({ ...told, isMerged: false })
      const { lines } = of(facts, told.rules)
      const own = [...judged(facts, told.rules).credits.values()].filter((credit) => dueOf(credit) > 0n)
      const counted = new Map(
        lines.flatMap(({ credit, dueMinor }) => (credit === null ? [] : [[credit, dueMinor] as const])),
      )
      for (const { amountMinor, key } of own) assert.strictEqual(counted.get(key), amountMinor, key)
      const others = lines.filter(({ credit, isClaimed }) => credit !== null && !isClaimed)
      assert.strictEqual(others.length, own.length)
    },
    runs(200),
  )

  it.prop(
    "does not depend on the order of facts",
    [
      Arbitrary.flatMap(history, (told) =>
        Arbitrary.map(permutation(factsOf(told).length), (places) => ({ told, places })),
      ),
    ],
    ([{ places, told }]) => {
      const facts = factsOf(told)
      assert.deepStrictEqual(
        of(
          places.flatMap((place) => facts[place] ?? []),
          told.rules,
          true,
        ),
        of(facts, told.rules, true),
      )
    },
    runs(200),
  )
})

type Fault = "none" | "twice" | "missing" | "wrong-amount" | "reversed"

/** The record of each credit, as a product that keeps the rules would have it, and what goes wrong with it. */
const planted = (evaluation: Evaluation, faults: ReadonlyArray<Fault>) => {
  const due = [...evaluation.credits.values()].filter((credit) => dueOf(credit) > 0n)
  return due.map((credit, index) => {
    const fault = faults[index] ?? "none"
    const record = (id: string, told: Partial<RewardPaid> = {}): RewardPaid => ({
      _tag: "RewardPaid",
      key: Facts.key(`smile:reward/${index}-${id}`),
      version: 0,
      rank: Facts.rank.file,
      occurredAt: credit.at,
      source: "smile",
      beneficiary: credit.beneficiary,
      role: credit.role === "member" ? null : credit.role,
      unit: credit.unit.startsWith("points:") ? "points" : credit.unit,
      amountMinor: credit.amountMinor,
      status: "paid",
      order: platform("shopify", "order", credit.cause.slice("shopify:order/".length)),
      orderName: null,
      friend: null,
      ...told,
    })
    const all = {
      none: [record("a")],
      twice: [record("a"), record("b")],
      missing: [],
      "wrong-amount": [record("a", { amountMinor: credit.amountMinor + 300n })],
      reversed: [record("a", { status: "reversed" })],
    }[fault]
    const isGone = fault === "missing" || fault === "reversed"
    return { credit, records: all, kind: fault === "none" ? [] : isGone ? ["missing"] : [fault] }
  })
}

describe("an audit of a product that keeps the rules but for what was planted", () => {
  it.prop(
    "finds what was planted and nothing else",
    [
      Arbitrary.all({
        orders,
        rules: oneOf(...(stated as [Program])),
        faults: Arbitrary.array(oneOf<Fault>("none", "twice", "missing", "wrong-amount", "reversed"), {
          minLength: 12,
          maxLength: 12,
        }),
      }),
    ],
    ([{ faults, orders: bought, rules }]) => {
      // A purchase of long ago that was paid for each side says that the records begin before the story.
      const long = [person(90), order(90, { customer: customer(90), occurredAt: day(-90) })]
      const facts = [...cast, ...long, ...placed(bought)]
      const all = planted(judged(facts, rules), ["none", "none", ...faults])
      const result = of([...facts, ...all.flatMap((one) => one.records)], rules)
      const found = result.lines
        .filter(({ kind }) => kind !== "right" && kind !== "cannot-tell")
        .map(({ kind }) => kind)
      const expected = all.flatMap((one) => one.kind)
      // What is due because something else was refunded is not called missing; there is a doubt for each of those.
      const doubted = result.lines.filter(({ kind }) => kind === "cannot-tell")
      assert.isTrue(doubted.every(({ doubt }) => doubt === "slot-freed"))
      assert.strictEqual(found.length + doubted.length, expected.length)
      for (const kind of ["twice", "wrong-amount"])
        assert.strictEqual(found.filter((one) => one === kind).length, expected.filter((one) => one === kind).length)
    },
    runs(300),
  )
})
