/**
 * What every ledger must keep, as laws: revisions, postings and balances.
 *
 * The outbox beside it has laws of its own in `OutboxLaws`. Each law has a store in `broken/LedgerBroken.ts` that breaks it
 * and no other.
 */
import * as ByteOrder from "@advocacy-kit/core/id/ByteOrder"
import * as Handle from "@advocacy-kit/core/id/Handle"
import * as Credit from "@advocacy-kit/core/ledger/Credit"
import { Ledger, type Posted, type Recorded, type Revision } from "@advocacy-kit/core/ledger/Ledger"
import { Effect } from "effect"
import * as Law from "../Law.ts"
import { commit, keyOf, legs, program, revision, reward } from "../PostingScenario.ts"
import * as Scenario from "../Scenario.ts"

const balances = Effect.flatMap(Ledger, (ledger) => ledger.balances)
const history = (key: Credit.CreditKey) => Effect.flatMap(Ledger, (ledger) => ledger.history(key))
const planned = Effect.flatMap(Ledger, (ledger) => ledger.effects({ states: ["planned"] }))
const posted = (of: string) =>
  Effect.flatMap(Ledger, (ledger) => Effect.map(ledger.posted(of), (credits) => Object.fromEntries(credits)))

/** A revision without what it was decided by, which has a law of its own. */
const stated = ({ asOf: _asOf, inputs: _inputs, mark: _mark, ...rest }: Revision & Partial<Recorded>) => rest

const decidedBy = ({ asOf, inputs }: Revision) => ({ asOf, inputs })

const byAccount = (left: Credit.Leg, right: Credit.Leg): number => ByteOrder.compare(left.account, right.account)

/** Legs in account order, without those that are zero. */
const settled = (own: ReadonlyArray<Credit.Leg>): ReadonlyArray<Credit.Leg> =>
  own.filter(({ amountMinor }) => amountMinor !== 0n).sort(byAccount)

const legsOf = (credits: Readonly<Record<string, Posted>>, key: string): ReadonlyArray<Credit.Leg> =>
  settled(credits[key]?.legs ?? [])

/** That a refused commit left no trace beside the first revision of order 1. */
const onlyTheFirst = Effect.gen(function* () {
  yield* Law.same((yield* history(keyOf(1))).length, 1, "the number of revisions of the credit that was there")
  yield* Law.same(yield* history(keyOf(2)), [], "the history of a credit of the refused commit")
  yield* Law.same(
    (yield* balances).map(({ amountMinor }) => amountMinor),
    [-2_000n, 2_000n],
    "the balances",
  )
  yield* Law.same(yield* planned, [], "the planned effects")
})

const unbalanced = revision({
  order: 3,
  legs: legs(2_000n).map((leg) => ({ ...leg, amountMinor: leg.amountMinor + 1n })),
})

const refusalLaws: ReadonlyArray<Law.Law<Ledger>> = [
  Law.make(
    "legs that do not sum to zero are refused by the name of their credit",
    Effect.gen(function* () {
      const { reason } = yield* Law.refused(
        commit({ revisions: [revision({ order: 1 }), unbalanced] }),
        "a revision that does not balance",
      )
      yield* Law.same(
        reason._tag === "Unbalanced" ? reason.credit : reason._tag,
        unbalanced.key,
        "the credit that the error names",
      )
    }),
  ),
  Law.make(
    "of a commit that does not balance nothing is stored",
    Effect.gen(function* () {
      yield* commit({ revisions: [revision({ order: 1 })] })
      const wrong = { revisions: [revision({ order: 2 }), unbalanced], effects: [reward({ order: 2 })] }
      yield* Law.refused(commit(wrong), "a revision that does not balance")
      yield* onlyTheFirst
    }),
  ),
  Law.make(
    "a revision that exists is refused as overtaken, by its name",
    Effect.gen(function* () {
      yield* commit({ revisions: [revision({ order: 1 })] })
      const { reason } = yield* Law.refused(
        commit({ revisions: [revision({ order: 1, amountMinor: 5n })] }),
        "a revision that exists",
      )
      const named = reason._tag === "Overtaken" ? { credit: reason.credit, revision: reason.revision } : reason._tag
      yield* Law.same(named, { credit: keyOf(1), revision: 1 }, "what the error names")
    }),
  ),
  Law.make(
    "of an overtaken commit nothing is stored",
    Effect.gen(function* () {
      yield* commit({ revisions: [revision({ order: 1 })] })
      const overtaken = { revisions: [revision({ order: 2 }), revision({ order: 1 })], effects: [reward({ order: 2 })] }
      yield* Law.refused(commit(overtaken), "a commit with a revision that exists")
      yield* onlyTheFirst
    }),
  ),
  Law.make(
    "one revision twice in one commit is refused",
    Effect.gen(function* () {
      yield* Law.refused(
        commit({ revisions: [revision({ order: 1 }), revision({ order: 1 })] }),
        "the same revision twice",
      )
      yield* Law.same(yield* balances, [], "the balances")
    }),
  ),
  Law.make(
    "of two that commit one revision at the same time exactly one wins",
    Effect.gen(function* () {
      const rivals = [2_000n, 3_000n].map((amountMinor) =>
        Effect.exit(commit({ revisions: [revision({ order: 1, amountMinor })] })),
      )
      const exits = yield* Effect.all(rivals, { concurrency: "unbounded" })
      yield* Law.same(exits.filter(({ _tag }) => _tag === "Success").length, 1, "the number of winners")
      const winner = exits[0]?._tag === "Success" ? 2_000n : 3_000n
      yield* Law.same(legsOf(yield* posted(program), keyOf(1)), settled(legs(winner)), "what is posted")
    }),
  ),
]

const readingLaws: ReadonlyArray<Law.Law<Ledger>> = [
  Law.make(
    "history gives every revision exactly, oldest first",
    Effect.gen(function* () {
      const revisions = [1, 2, 3].map((number) =>
        revision({ order: 1, revision: number, amountMinor: BigInt(number) * 100n }),
      )
      yield* commit({ revisions: revisions.slice(0, 2) })
      yield* commit({ revisions: revisions.slice(2) })
      yield* Law.same((yield* history(keyOf(1))).map(stated), revisions.map(stated), "the history")
    }),
  ),
  Law.make(
    "history says for which time and by which inputs each revision was decided",
    Effect.gen(function* () {
      const revisions = [1, 2].map((number) => revision({ order: 1, revision: number }))
      for (const one of revisions) yield* commit({ revisions: [one] })
      yield* Law.same(
        Object.fromEntries((yield* history(keyOf(1))).map((one) => [one.revision, decidedBy(one)])),
        Object.fromEntries(revisions.map((one) => [one.revision, decidedBy(one)])),
        "what the revisions were decided by",
      )
    }),
  ),
  Law.make(
    "posted gives the last revision of a credit and the sum of its legs",
    Effect.gen(function* () {
      const pending = revision({ order: 1 })
      const matured = revision({
        order: 1,
        revision: 2,
        legs: [
          { account: Credit.handleAccount(Scenario.customerOf(1), "pending"), amountMinor: -2_000n },
          { account: Credit.handleAccount(Scenario.customerOf(1), "available"), amountMinor: 2_000n },
        ],
      })
      yield* commit({ revisions: [pending] })
      yield* commit({ revisions: [matured] })
      const credits = yield* posted(program)
      yield* Law.same(credits[keyOf(1)]?.revision, 2, "the last revision")
      yield* Law.same(credits[keyOf(1)]?.credit, matured.credit, "the credit")
      yield* Law.same(
        legsOf(credits, keyOf(1)),
        settled(legs(2_000n, { maturity: "available" })),
        "the sum of the legs",
      )
    }),
  ),
  Law.make(
    "posted gives the credits of the asked program alone",
    Effect.gen(function* () {
      yield* commit({ revisions: [revision({ order: 1 }), revision({ order: 1, program: "ambassadors" })] })
      yield* Law.same(
        Object.keys(yield* posted("ambassadors")),
        [keyOf(1, "ambassadors")],
        "the credits of one program",
      )
    }),
  ),
  Law.make(
    "a decision that posts nothing is kept",
    Effect.gen(function* () {
      const refused = revision({ order: 1, amountMinor: 0n, legs: [] })
      yield* commit({ revisions: [refused] })
      yield* Law.same(
        yield* posted(program),
        { [keyOf(1)]: { revision: 1, credit: refused.credit, legs: [] } },
        "the refused credit",
      )
    }),
  ),
  Law.make(
    "balances sum the postings of every program and maturity",
    Effect.gen(function* () {
      const maturities = ["pending", "available", "settled", "debt"] as const
      for (const maturity of maturities) {
        yield* commit({
          revisions: [
            revision({ order: maturity, legs: legs(7n, { maturity }) }),
            revision({ order: maturity, program: "ambassadors", legs: legs(5n, { maturity, program: "ambassadors" }) }),
          ],
        })
      }
      const own = Object.fromEntries((yield* balances).map(({ account, amountMinor }) => [account, amountMinor]))
      yield* Law.same(
        own,
        Object.fromEntries([
          ...maturities.map((maturity) => [Credit.handleAccount(Scenario.customerOf(1), maturity), 12n] as const),
          [Credit.programAccount(program), -28n],
          [Credit.programAccount("ambassadors"), -20n],
        ]),
        "the balances",
      )
    }),
  ),
  Law.make(
    "balances leave out what is zero",
    Effect.gen(function* () {
      yield* commit({
        revisions: [revision({ order: 1 }), revision({ order: 2, legs: legs(2_000n, { customer: 2 }) })],
      })
      yield* commit({ revisions: [revision({ order: 1, revision: 2, legs: legs(-2_000n) })] })
      yield* Law.same(
        (yield* balances).map(({ account }) => account),
        settled(legs(2_000n, { customer: 2 })).map(({ account }) => account),
        "the accounts",
      )
    }),
  ),
  Law.make(
    "units never add",
    Effect.gen(function* () {
      yield* commit({
        revisions: [revision({ order: 1, amountMinor: 7n }), revision({ order: 2, amountMinor: 5n, unit: "JPY" })],
      })
      const own = (yield* balances)
        .filter(({ amountMinor }) => amountMinor > 0n)
        .map(({ amountMinor, unit }) => [unit, amountMinor])
      yield* Law.same(
        own,
        [
          ["EUR", 7n],
          ["JPY", 5n],
        ],
        "one account's balances by unit",
      )
    }),
  ),
  Law.make(
    "balances come in the byte order of their accounts",
    Effect.gen(function* () {
      const owners = ["😀", "！", "é", "a", "Z", "9", "10"]
      const accounts = owners.map((owner) =>
        Credit.handleAccount(Handle.platform("shopify", "customer", owner), "pending"),
      )
      const account = Credit.programAccount(program)
      yield* commit({
        revisions: accounts.map((to, index) =>
          revision({
            order: index,
            legs: [
              { account, amountMinor: -1n },
              { account: to, amountMinor: 1n },
            ],
          }),
        ),
      })
      yield* Law.same(
        (yield* balances).map((balance) => balance.account),
        [account, ...accounts].sort(ByteOrder.compare),
        "the accounts",
      )
    }),
  ),
  Law.make(
    "amounts beyond 64 bits are exact",
    Effect.gen(function* () {
      const huge = revision({ order: 1, amountMinor: 10n ** 36n + 1n })
      yield* commit({ revisions: [huge] })
      yield* Law.same((yield* history(keyOf(1))).map(stated), [stated(huge)], "the history")
      yield* Law.same(legsOf(yield* posted(program), keyOf(1)), settled(huge.legs), "what is posted")
      yield* Law.same(
        (yield* balances).map(({ amountMinor }) => amountMinor),
        settled(huge.legs).map(({ amountMinor }) => amountMinor),
        "the balances",
      )
    }),
  ),
  Law.make(
    "no tenant sees another's credits, balances or effects",
    Effect.gen(function* () {
      yield* commit({ revisions: [revision({ order: 1 })], effects: [reward({ order: 1 })] })
      yield* Law.asFreshTenant(
        Effect.gen(function* () {
          yield* Law.same(yield* posted(program), {}, "the credits of another tenant")
          yield* Law.same(yield* history(keyOf(1)), [], "the history of another tenant")
          yield* Law.same(yield* balances, [], "the balances of another tenant")
          yield* Law.same(yield* planned, [], "the effects of another tenant")
          yield* commit({ revisions: [revision({ order: 1 })] })
        }),
      )
    }),
  ),
]

export const laws: ReadonlyArray<Law.Law<Ledger>> = [...refusalLaws, ...readingLaws]
