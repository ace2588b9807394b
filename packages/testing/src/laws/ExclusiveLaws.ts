/**
 * What exclusive work on a ledger must keep, as laws: turns, joining, and what a failure leaves behind.
 *
 * Each law has a store in `broken/ExclusiveBroken.ts` that breaks it and no other. That a database rolls back what failed work
 * wrote is not among them, because a store in memory does not; nor that work under other names need not wait.
 */
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { Deferred, Effect, Exit, Fiber, Schema, Stream } from "effect"
import * as Law from "../Law.ts"
import { commit, keyOf, revision, reward } from "../PostingScenario.ts"
import * as Scenario from "../Scenario.ts"

const exclusively = <A, E, R>(names: ReadonlyArray<string>, body: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Ledger, (ledger) => ledger.exclusively(names, body))
const revisions = Effect.flatMap(Ledger, (ledger) => Effect.map(ledger.history(keyOf(1)), ({ length }) => length))

/** Reads how far the credit has got, lets others in, and posts the next revision. */
const step = Effect.gen(function* () {
  const before = yield* revisions
  yield* Effect.yieldNow
  yield* commit({ revisions: [revision({ order: 1, revision: before + 1 })] })
})

class Stumbled extends Schema.TaggedError<Stumbled>()("Stumbled", { at: Schema.String }) {}
const stumble = Effect.fail(new Stumbled({ at: "the third step" }))

const turnLaws: ReadonlyArray<Law.Law<Ledger | FactLog>> = [
  Law.make(
    "of the works under one name one goes on at a time",
    Effect.gen(function* () {
      const works = Array.from({ length: 8 }, () => Effect.exit(exclusively(["shared"], step)))
      const exits = yield* Effect.all(works, { concurrency: "unbounded" })
      yield* Law.same(exits.filter(Exit.isSuccess).length, 8, "the number of works that went well")
      yield* Law.same(yield* revisions, 8, "the number of revisions")
    }),
  ),
  Law.make(
    "names may come in any order and more than once",
    Effect.gen(function* () {
      const orders = [
        ["a", "b", "a"],
        ["b", "a"],
        ["a", "b"],
        ["b", "b", "a"],
      ]
      const exits = yield* Effect.all(
        orders.map((names, order) => Effect.exit(exclusively(names, commit({ revisions: [revision({ order })] })))),
        { concurrency: "unbounded" },
      )
      yield* Law.same(exits.filter(Exit.isSuccess).length, orders.length, "the number of works that went well")
    }),
  ),
  Law.make(
    "work inside work under the same name goes on",
    Effect.gen(function* () {
      const inner = exclusively(["shared", "further"], Effect.andThen(step, Effect.succeed("inner")))
      const exit = yield* Effect.exit(exclusively(["shared"], Effect.andThen(step, inner)))
      yield* Law.same(Exit.isSuccess(exit) ? exit.value : exit.cause.reasons, "inner", "the answer of both")
      yield* Law.same(yield* revisions, 2, "the number of revisions")
    }),
  ),
  Law.make(
    "names are free again after work that failed",
    Effect.gen(function* () {
      yield* Law.refused(exclusively(["shared"], stumble), "work that fails")
      yield* exclusively(["shared"], step)
      yield* Law.same(yield* revisions, 1, "the number of revisions")
    }),
  ),
  Law.make(
    "names are free again after work that was interrupted",
    Effect.gen(function* () {
      const begun = yield* Deferred.make<void>()
      const endless = exclusively(["shared"], Effect.andThen(Deferred.succeed(begun, undefined), Effect.never))
      const fiber = yield* Effect.forkChild(endless)
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(fiber)
      yield* exclusively(["shared"], step)
      yield* Law.same(yield* revisions, 1, "the number of revisions")
    }),
  ),
]

const joiningLaws: ReadonlyArray<Law.Law<Ledger | FactLog>> = [
  Law.make(
    "work reads what it wrote",
    Effect.gen(function* () {
      const balances = Effect.flatMap(Ledger, (ledger) => ledger.balances)
      const seen = yield* exclusively(
        ["shared"],
        Effect.andThen(commit({ revisions: [revision({ order: 1 })] }), balances),
      )
      yield* Law.same(
        seen.map(({ amountMinor }) => amountMinor),
        [-2_000n, 2_000n],
        "the balances that the work saw",
      )
    }),
  ),
  Law.make(
    "what work wrote stands when it has ended",
    Effect.gen(function* () {
      const facts = [Scenario.order({ order: 1 })]
      const both = Effect.gen(function* () {
        yield* (yield* FactLog).append({ facts, personal: [] })
        yield* commit({ revisions: [revision({ order: 1 })], effects: [reward({ order: 1 })] })
      })
      yield* exclusively(["shared"], both)
      const [log, ledger] = [yield* FactLog, yield* Ledger]
      const kept = yield* Stream.runCollect(log.newest({ asOf: Scenario.at({ day: 1_000 }) }))
      yield* Law.same(
        kept.map(({ key }) => key),
        facts.map(({ key }) => key),
        "the facts",
      )
      yield* Law.same(yield* revisions, 1, "the number of revisions")
      const planned = yield* ledger.effects({ states: ["planned"] })
      yield* Law.same(
        planned.map(({ effect }) => effect.key),
        [reward({ order: 1 }).key],
        "the planned effects",
      )
    }),
  ),
  Law.make(
    "the failure of work is the failure that it had",
    Effect.gen(function* () {
      const error = yield* Law.refused(exclusively(["shared"], Effect.andThen(step, stumble)), "work that fails")
      yield* Law.same(error._tag === "Stumbled" ? error.at : error, "the third step", "what the failure says")
    }),
  ),
  Law.make(
    "work cannot go on after a commit inside was refused",
    Effect.gen(function* () {
      yield* step
      const again = commit({ revisions: [revision({ order: 1 })] })
      const exit = yield* Effect.exit(exclusively(["shared"], Effect.ignore(again)))
      yield* Law.same(exit._tag, "Failure", "the end of the work")
    }),
  ),
  Law.make(
    "work inside work can fail alone",
    Effect.gen(function* () {
      const inner = exclusively(["further"], commit({ revisions: [revision({ order: 1 })] }))
      yield* exclusively(["shared"], Effect.andThen(step, Effect.andThen(Effect.ignore(inner), step)))
      yield* Law.same(yield* revisions, 2, "the number of revisions")
    }),
  ),
]

export const laws: ReadonlyArray<Law.Law<Ledger | FactLog>> = [...turnLaws, ...joiningLaws]
