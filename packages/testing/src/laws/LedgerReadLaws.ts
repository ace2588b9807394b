/**
 * What every ledger must keep when a few credits are read in place of all, as laws: by cause, due time, beneficiary, and effects
 * by credit.
 *
 * Each has a store in `broken/LedgerReadBroken.ts` that breaks it and no other.
 */
import * as ByteOrder from "@advocacy-kit/core/id/ByteOrder"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import * as Credit from "@advocacy-kit/core/ledger/Credit"
import { Ledger, type Posted, type Revision, type Which } from "@advocacy-kit/core/ledger/Ledger"
import type { EffectRow } from "@advocacy-kit/core/ledger/OutboundEffect"
import { Effect } from "effect"
import * as Law from "../Law.ts"
import { commit, keyOf, legs, program, revision, reward, takeBack, unitOf } from "../PostingScenario.ts"
import * as Scenario from "../Scenario.ts"

const { customerOf, orderOf } = Scenario
const elsewhere = "ambassadors"
const dayOf = (day: number): Instant => Scenario.at({ day })

/** By key, with legs in account order. */
const shown = (credits: Iterable<readonly [string, Posted]>) =>
  Object.fromEntries(
    [...credits].map(([key, posted]) => [
      key,
      { ...posted, legs: [...posted.legs].sort((left, right) => ByteOrder.compare(left.account, right.account)) },
    ]),
  )

/** From one maturity of customer 1 to another. */
const moved = (from: Credit.Maturity, to: Credit.Maturity): ReadonlyArray<Credit.Leg> => [
  { account: Credit.handleAccount(customerOf(1), from), amountMinor: -2_000n },
  { account: Credit.handleAccount(customerOf(1), to), amountMinor: 2_000n },
]

const due = (asOf: Instant, limit = 100) => Effect.flatMap(Ledger, (ledger) => ledger.due({ program, asOf, limit }))

type Told = Parameters<typeof revision>[0]

const dueAt = (told: Told, nextDueAt: Instant | null): Revision => {
  const one = revision(told)
  return { ...one, credit: { ...one.credit, nextDueAt } }
}

/** The credit of a second rule for the same cause. */
const bySecondRule = (one: Revision): Revision => {
  const key = Credit.keyOf({ program, rule: "bonus", cause: one.credit.cause, role: one.credit.role })
  return { ...one, key, credit: { ...one.credit, key, rule: "bonus" } }
}

const creditedTo = (which: Which, ...customers: ReadonlyArray<number>) =>
  Effect.flatMap(Ledger, (ledger) => ledger.creditedTo({ program, beneficiaries: customers.map(customerOf), which }))

const lying = (order: number, maturity: Credit.Maturity, customer = 1, unit = "EUR"): Revision => {
  const one = revision({ order, unit, legs: legs(2_000n, { customer, maturity }) })
  return { ...one, credit: { ...one.credit, beneficiary: customerOf(customer) } }
}

const keysOf = (rows: ReadonlyArray<EffectRow>) => rows.map(({ effect }) => effect.key)

export const laws: ReadonlyArray<Law.Law<Ledger>> = [
  Law.make(
    "the credits of causes are what posted gives of these causes alone, with the last revision and the sum of its legs",
    Effect.gen(function* () {
      const ledger = yield* Ledger
      const matured = revision({ order: 1, revision: 2, legs: moved("pending", "available") })
      const refused = revision({ order: 3, amountMinor: 0n, legs: [] })
      const first = revision({ order: 1 })
      yield* commit({ revisions: [first, bySecondRule(first), revision({ order: 2 }), refused] })
      yield* commit({ revisions: [matured, revision({ order: 1, program: elsewhere })] })
      const causes = [1, 3, 4].map(orderOf)
      const found = shown(yield* ledger.postedFor({ program, causes }))
      const all = [...(yield* ledger.posted(program))].filter(([, { credit }]) => credit.cause !== orderOf(2))
      yield* Law.same(found, shown(all), "the credits of the causes")
      const expected = shown([
        [keyOf(1), { revision: 2, credit: matured.credit, legs: legs(2_000n, { maturity: "available" }) }],
        [bySecondRule(first).key, { revision: 1, credit: bySecondRule(first).credit, legs: first.legs }],
        [keyOf(3), { revision: 1, credit: refused.credit, legs: [] }],
      ])
      yield* Law.same(found, expected, "the credits of the causes")
      yield* Law.same(shown(yield* ledger.postedFor({ program, causes: [] })), {}, "the credits of no cause")
    }),
  ),
  Law.make(
    "due are the causes whose time has come, each once, by the earliest time and then by cause",
    Effect.gen(function* () {
      yield* commit({
        revisions: [
          dueAt({ order: 1 }, dayOf(9)),
          bySecondRule(dueAt({ order: 1 }, dayOf(5))),
          dueAt({ order: 2 }, dayOf(3)),
          dueAt({ order: 3 }, dayOf(5)),
          dueAt({ order: 4 }, null),
          dueAt({ order: 5, program: elsewhere }, dayOf(1)),
          dueAt({ order: 6 }, dayOf(4)),
        ],
      })
      const expected = [2, 6, 1, 3].map(orderOf)
      yield* Law.same(yield* due(dayOf(9)), expected, "the causes due on day 9")
      yield* Law.same(yield* due(dayOf(9), 3), expected.slice(0, 3), "the first three causes")
      yield* Law.same(yield* due(dayOf(3)), [orderOf(2)], "the causes due at the moment of the first")
      yield* Law.same(yield* due(dayOf(3) - 1), [], "the causes due a millisecond before")
    }),
  ),
  Law.make(
    "the last revision of a credit alone says when it is due",
    Effect.gen(function* () {
      yield* commit({ revisions: [1, 2, 3].map((order) => dueAt({ order }, dayOf(3))) })
      yield* commit({
        revisions: [
          dueAt({ order: 1, revision: 2, legs: [] }, null),
          dueAt({ order: 2, revision: 2, legs: [] }, dayOf(8)),
        ],
      })
      yield* Law.same(yield* due(dayOf(5)), [orderOf(3)], "the causes due on day 5")
      yield* Law.same(yield* due(dayOf(9)), [3, 2].map(orderOf), "the causes due on day 9")
    }),
  ),
  Law.make(
    "of somebody's credits any are given, those that are open or expired, or those that owe or pay a debt",
    Effect.gen(function* () {
      const settled = lying(6, "settled")
      yield* commit({
        revisions: [
          lying(1, "pending"),
          lying(2, "available", 2, "JPY"),
          lying(3, "debt"),
          lying(4, "repaid", 2),
          lying(5, "available", 3),
          lying(6, "pending"),
          lying(7, "forfeited"),
          lying(8, "expired", 2),
        ],
      })
      const change = { revision: 2, legs: moved("pending", "settled") }
      yield* commit({ revisions: [{ ...settled, ...change }] })
      const of = (order: number, customer: number, unit = "EUR") => ({
        cause: orderOf(order),
        beneficiary: customerOf(customer),
        unit: unitOf(unit),
      })
      yield* Law.same(yield* creditedTo("open", 1, 2), [of(1, 1), of(2, 2, "JPY"), of(8, 2)], "what lies open")
      yield* Law.same(yield* creditedTo("owing", 2, 1), [of(3, 1), of(4, 2)], "what owes or pays")
      yield* Law.same(yield* creditedTo("owing", 3), [], "what customer 3 owes")
      yield* Law.same(
        yield* creditedTo("any", 1),
        [1, 3, 6, 7].map((order) => of(order, 1)),
        "all of customer 1",
      )
    }),
  ),
  Law.make(
    "of effects those of the named credits alone are given, as many as were asked for",
    Effect.gen(function* () {
      const ledger = yield* Ledger
      const [first, second, third, again] = [1, 2, 3]
        .map((order) => reward({ order }))
        .concat(reward({ order: 3, ordinal: 2 }))
      const effects = [first, second, third, again, takeBack(2)].filter((one) => one !== undefined)
      yield* commit({ revisions: [1, 2, 3].map((order) => revision({ order })), effects })
      const credits = [keyOf(2), keyOf(3), keyOf(4)]
      const wanted = effects
        .slice(1)
        .map(({ key }) => key)
        .sort(ByteOrder.compare)
      const planned = { states: ["planned"], credits } as const
      yield* Law.same(keysOf(yield* ledger.effects(planned)), wanted, "their effects")
      yield* Law.same(keysOf(yield* ledger.effects({ ...planned, limit: 2 })), wanted.slice(0, 2), "the first two")
      yield* Law.same(keysOf(yield* ledger.effects({ ...planned, credits: [] })), [], "the effects of no credit")
      yield* Law.same(yield* ledger.effects({ states: ["confirmed"], credits }), [], "their confirmed effects")
    }),
  ),
  Law.make(
    "no tenant reads another's credits by cause, time or beneficiary",
    Effect.gen(function* () {
      yield* commit({ revisions: [dueAt({ order: 1 }, dayOf(1))] })
      yield* Law.asFreshTenant(
        Effect.gen(function* () {
          const ledger = yield* Ledger
          const found = yield* ledger.postedFor({ program, causes: [orderOf(1)] })
          yield* Law.same(shown(found), {}, "the credits of another tenant")
          yield* Law.same(yield* due(dayOf(9)), [], "what is due for another tenant")
          yield* Law.same(yield* creditedTo("any", 1), [], "the credits of somebody of another tenant")
        }),
      )
    }),
  ),
]
