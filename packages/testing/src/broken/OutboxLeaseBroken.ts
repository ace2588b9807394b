/**
 * Outboxes that take effects wrongly, each breaking one law and no other.
 *
 * Each is the memory ledger with one plausible fault laid over it. They are for tests of laws, never for use.
 */
import type { FactLog } from "@advocacy-kit/core/fact/FactLog"
import type { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { platformOf } from "@advocacy-kit/core/ledger/OutboundEffect"
import type { Taken, Taking } from "@advocacy-kit/core/ledger/Outbox"
import { Effect, type Layer } from "effect"
import type * as Broken from "../Broken.ts"
import { over } from "./LedgerBroken.ts"

type Stores = Ledger | FactLog

/** Changes what is asked. */
const asking = (change: (taking: Taking) => Taking): Layer.Layer<Stores> =>
  over((inner) => ({ take: (taking) => inner.take(change(taking)) }))

/** Changes what is answered. */
const answering = (change: (taken: Taken) => Taken): Layer.Layer<Stores> =>
  over((inner) => ({ take: (taking) => Effect.map(inner.take(taking), change) }))

const answersThePlan = answering((taken) => ({
  ...taken,
  rows: taken.rows.map((row) => (row.attempts === 1 ? { ...row, state: "planned" } : row)),
}))

/** Looks what is free, lets others in, and gives what it saw. */
const looksBeforeItTakes = over((inner) => ({
  take: (taking) =>
    Effect.gen(function* () {
      const roomy = taking.limit.perSend > 10 && taking.facts === undefined && taking.doubtfulOnly === undefined
      const planned = yield* inner.effects({ states: ["planned"] })
      yield* Effect.yieldNow
      const taken = yield* inner.take(taking)
      const seen = planned.filter(({ effect }) => platformOf(effect) === taking.platform)
      return roomy && seen.length === 3 && taken.rows.length === 0 ? { ...taken, rows: seen } : taken
    }),
}))

/** Takes a lease for over one millisecond early. */
const endsLeasesEarly = over((inner) => ({
  take: (taking) =>
    Effect.gen(function* () {
      const sending = yield* inner.effects({ states: ["sending"] })
      yield* inner.move({
        changes: sending
          .filter(({ dueAt }) => dueAt !== null && dueAt - taking.at === 1)
          .map(({ attempts, effect }) => ({ key: effect.key, attempt: attempts, to: "sending", dueAt: taking.at })),
        from: ["sending"],
      })
      return yield* inner.take(taking)
    }),
}))

/** Compares the state alone. */
const forgetsTheFence = over((inner) => ({
  move: (move) =>
    Effect.gen(function* () {
      const rows = new Map(
        (yield* inner.effects({ states: move.from })).map(({ attempts, effect }) => [effect.key, attempts]),
      )
      return yield* inner.move({
        ...move,
        changes: move.changes.map((change) => ({ ...change, attempt: rows.get(change.key) ?? change.attempt })),
      })
    }),
}))

/** Tries dead letters again after an hour. */
const revivesDeadLetters = over((inner) => {
  let since: number | null = null
  return {
    take: (taking) =>
      Effect.gen(function* () {
        since ??= taking.at
        const letters = (yield* inner.effects({ states: ["unknown"] })).filter(({ dueAt }) => dueAt === null)
        if (taking.at - since > 3_600_000) {
          yield* inner.move({
            changes: letters.map(({ attempts, effect }) => ({
              key: effect.key,
              attempt: attempts,
              to: "unknown",
              dueAt: taking.at,
            })),
            from: ["unknown"],
          })
        }
        return yield* inner.take(taking)
      }),
  }
})

const takesByKey = answering((taken) => ({
  ...taken,
  rows: [...taken.rows].sort((left, right) => (left.effect.key < right.effect.key ? -1 : 1)),
}))

const takesThePlannedToo = asking(({ doubtfulOnly: _doubtfulOnly, ...taking }) => taking)

/** Sends everything there is to whoever asks first. */
const mixesPlatforms = over((inner) => ({
  take: (taking) =>
    Effect.gen(function* () {
      const own = yield* inner.take(taking)
      if (taking.platform === "shopify" || own.outages > 0) return own
      const away = yield* inner.take({ ...taking, platform: "shopify", facts: () => ({ facts: [], personal: [] }) })
      return { ...own, rows: [...own.rows, ...away.rows] }
    }),
}))

const sendsEverything = asking((taking) =>
  taking.limit.perMinute === 100 && taking.facts === undefined
    ? { ...taking, limit: { ...taking.limit, perSend: 1_000 } }
    : taking,
)

const forgetsTheMinute = asking((taking) => ({ ...taking, limit: { ...taking.limit, perMinute: 1_000 } }))

const ignoresOutages = over((inner) => ({
  move: ({ outage: _outage, ...move }) => inner.move(move),
}))

const tellsNoTime = answering((taken) => ({
  ...taken,
  waiting: taken.waiting.for === "later" ? { for: "nothing", until: null } : taken.waiting,
}))

const recordsWhatIsPlanned = over((inner) => ({
  take: ({ facts, ...taking }) =>
    facts === undefined
      ? inner.take(taking)
      : Effect.flatMap(inner.effects({ states: ["planned"] }), (planned) =>
          inner.take({ ...taking, facts: () => facts(planned.map(({ effect }) => effect)) }),
        ),
}))

/** Takes in one transaction and records in another. */
const recordsAfterwards = over((inner, log) => ({
  take: ({ facts, ...taking }) =>
    Effect.tap(inner.take(taking), ({ rows }) =>
      facts === undefined ? Effect.void : Effect.orDie(log.append(facts(rows.map(({ effect }) => effect)))),
    ),
}))

const breaking = (layer: Layer.Layer<Stores>, breaks: string): Broken.Store<Stores> => ({ breaks, layer })

export const stores: ReadonlyArray<Broken.Store<Stores>> = [
  breaking(answersThePlan, "what is taken is being sent, as its first attempt, until the lease runs out"),
  breaking(looksBeforeItTakes, "of two that take at the same time each effect is given to one"),
  breaking(
    endsLeasesEarly,
    "what is leased is taken again when the lease has run out, as the next attempt, and not before",
  ),
  breaking(forgetsTheFence, "an attempt that was overtaken changes nothing"),
  breaking(revivesDeadLetters, "what waits is taken when it is due and not before, and a dead letter never"),
  breaking(takesByKey, "what is in doubt comes before what is planned, the longest waiting first"),
  breaking(takesThePlannedToo, "who asks for what is in doubt is given nothing planned"),
  breaking(mixesPlatforms, "effects of another platform are not taken"),
  breaking(sendsEverything, "no more are taken at once than one request may hold"),
  breaking(forgetsTheMinute, "no more begin within a minute than the platform's limit, by all workers together"),
  breaking(
    ignoresOutages,
    "nothing is taken of a platform that is away until it may be back, and it is told how often it was away",
  ),
  breaking(tellsNoTime, "it is told when the next effect will be due, and when none will"),
  breaking(recordsWhatIsPlanned, "take stores facts for the effects that it took and for no other"),
  breaking(recordsAfterwards, "when its facts cannot be stored nothing is taken"),
]
