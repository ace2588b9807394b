/**
 * What every fact log and ledger must keep so that a decision can be made again: what was known when.
 *
 * Each law has a store in `broken/RecordedBroken.ts` that breaks it and no other. Nothing here waits for a clock: marks that share a
 * moment are told apart by recording more.
 */
import { FactLog, type Mark } from "@advocacy-kit/core/fact/FactLog"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import * as Instant from "@advocacy-kit/core/id/Instant"
import { Effect, Stream } from "effect"
import * as Law from "../Law.ts"
import { commit, keyOf, revision } from "../PostingScenario.ts"
import * as Scenario from "../Scenario.ts"

const forever = Instant.fromIso("9000-01-01T00:00:00Z")

const mark = Effect.flatMap(FactLog, (log) => log.mark)
const tell = (...facts: Parameters<FactLog["Service"]["append"]>[0]["facts"]) =>
  Effect.flatMap(FactLog, (log) => log.append({ facts, personal: [] }))

/** Records facts of no interest until the log has got beyond a mark; answers the mark then. */
const beyond = (by: Mark) =>
  Effect.gen(function* () {
    let got = by
    for (let visit = 1; got <= by; visit++) {
      yield* tell(Scenario.visit({ code: "PASSING", email: `passing-${visit}@example.com`, day: visit }))
      got = yield* mark
    }
    return got
  })

/** The orders that were known by a mark, with the version of each. */
const ordersBy = (by: Mark, asOf = forever) =>
  Effect.flatMap(FactLog, (log) =>
    Effect.map(Stream.runCollect(log.recorded({ asOf, by })), (facts) =>
      facts.flatMap(({ _tag, key, version }) => (_tag === "OrderPlaced" ? [`${key} ${version}`] : [])),
    ),
  )

export const laws: ReadonlyArray<Law.Law<Ledger | FactLog>> = [
  Law.make(
    "what was recorded by a mark is read as it was then",
    Effect.gen(function* () {
      const start = yield* beyond(yield* mark)
      yield* tell(Scenario.order({ order: 1, version: 2 }), Scenario.order({ order: 2, version: 1, day: 9 }))
      const first = yield* mark
      yield* beyond(first)
      // An older version that comes later changes nothing; a newer one does; one more order is one more.
      yield* tell(Scenario.order({ order: 1, version: 1 }), Scenario.order({ order: 2, version: 3, day: 9 }))
      yield* tell(Scenario.order({ order: 3, version: 1 }))
      const second = yield* mark
      yield* beyond(second)
      const [one, two, three] = [1, 2, 3].map((order) => Scenario.orderOf(order))
      yield* Law.same(yield* ordersBy(start - 1), [], "what was known before anything")
      yield* Law.same(yield* ordersBy(first), [`${one} 2`, `${two} 1`], "what was known first")
      yield* Law.same(yield* ordersBy(first, Scenario.at({ day: 8 })), [`${one} 2`], "of that, what had occurred")
      yield* Law.same(yield* ordersBy(second), [`${one} 2`, `${two} 3`, `${three} 1`], "what was known then")
    }),
  ),
  Law.make(
    "history says how far the log had got at each revision",
    Effect.gen(function* () {
      const ledger = yield* Ledger
      const seen: Array<readonly [Mark, Mark]> = []
      for (const number of [1, 2]) {
        const before = yield* beyond(yield* mark)
        yield* commit({ revisions: [revision({ order: 1, revision: number })] })
        seen.push([before, yield* mark])
        yield* beyond(yield* mark)
      }
      const marks = (yield* ledger.history(keyOf(1))).map((one) => one.mark)
      const inside = seen.map(([before, after], index) => {
        const got = marks[index]
        return got !== undefined && before <= got && got <= after
      })
      yield* Law.same(inside, [true, true], "whether each lies between the marks before and after its commit")
    }),
  ),
]
