/**
 * How effects are taken to be sent, as laws: under a lease, behind a fence, within a limit, one platform at a time.
 *
 * Times are those that the laws name; no law reads a clock. Each has a store in `broken/OutboxBroken.ts` that breaks it and
 * no other.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { platform } from "@advocacy-kit/core/id/Handle"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { type EffectRow, type OutboundEffect, plannedRow } from "@advocacy-kit/core/ledger/OutboundEffect"
import type { Change, Outage, Taking } from "@advocacy-kit/core/ledger/Outbox"
import { Effect, Stream } from "effect"
import * as Law from "../Law.ts"
import { commit, keyOf, reward } from "../PostingScenario.ts"
import * as Scenario from "../Scenario.ts"

const start = Scenario.at({ day: 30 })
const minutes = (count: number): number => start + count * 60_000

/** One minute's lease, and room for everything unless told. */
const take = (told: Partial<Taking> = {}) =>
  Effect.flatMap(Ledger, (ledger) => {
    const at = told.at ?? start
    return ledger.take({
      platform: "shopify",
      at,
      leasedUntil: at + 60_000,
      limit: { perMinute: 1_000, perSend: 100 },
      ...told,
    })
  })
const takenKeys = (told: Partial<Taking> = {}) =>
  Effect.map(take(told), ({ rows }) => rows.map(({ effect }) => effect.key))

const move = (from: EffectRow["state"], changes: ReadonlyArray<Change>, outage?: Outage) =>
  Effect.flatMap(Ledger, (ledger) =>
    Effect.map(ledger.move({ changes, from: [from], ...(outage === undefined ? {} : { outage }) }), (moved) => [
      ...moved,
    ]),
  )
const all = Effect.flatMap(Ledger, (ledger) =>
  ledger.effects({ states: ["planned", "sending", "unknown", "confirmed"] }),
)
const facts = Effect.flatMap(FactLog, (log) => Stream.runCollect(log.newest({ asOf: Scenario.at({ day: 1_000 }) })))

const [first, second, third] = [reward({ order: 1 }), reward({ order: 2 }), reward({ order: 3 })]
const elsewhere = reward({ order: 4, recipient: platform("hubspot", "contact", "9") })

/** A row by its key: what the effect says is another law's business. */
const keyed = ({ effect, ...row }: EffectRow) => ({ key: effect.key, ...row })

/** What is recorded when these effects are taken. */
const begun = (effects: ReadonlyArray<OutboundEffect>, terms = "0".repeat(64)): ReadonlyArray<Fact.RewardCommitted> =>
  effects.flatMap((effect) =>
    effect._tag === "IssueReward"
      ? [
          {
            _tag: "RewardCommitted",
            key: Fact.key(`advocacy:commitment/${effect.key}`),
            version: 0,
            rank: Fact.rank.own,
            occurredAt: effect.plannedAt,
            credit: effect.credit,
            ordinal: effect.ordinal,
            beneficiary: effect.beneficiary,
            unit: effect.unit,
            amountMinor: effect.amountMinor,
            terms,
          },
        ]
      : [],
  )

type Stores = Ledger | FactLog

const leaseLaws: ReadonlyArray<Law.Law<Stores>> = [
  Law.make(
    "what is taken is being sent, as its first attempt, until the lease runs out",
    Effect.gen(function* () {
      yield* commit({ effects: [first] })
      const sending = [keyed({ ...plannedRow(first), state: "sending", attempts: 1, dueAt: minutes(1) })]
      yield* Law.same((yield* take()).rows.map(keyed), sending, "the effects that were taken")
      yield* Law.same((yield* all).map(keyed), sending, "the effects")
    }),
  ),
  Law.make(
    "of two that take at the same time each effect is given to one",
    Effect.gen(function* () {
      yield* commit({ effects: [first, second, third] })
      const told = yield* Effect.all([takenKeys(), takenKeys()], { concurrency: "unbounded" })
      yield* Law.same(told.flat().sort(), [first.key, second.key, third.key].sort(), "the keys that both were given")
    }),
  ),
  Law.make(
    "what is leased is taken again when the lease has run out, as the next attempt, and not before",
    Effect.gen(function* () {
      yield* commit({ effects: [first] })
      yield* take()
      yield* Law.same((yield* take({ at: minutes(1) - 1 })).rows, [], "what was taken under a lease")
      yield* Law.same(
        (yield* take({ at: minutes(1) })).rows.map(({ attempts }) => attempts),
        [2],
        "the attempts after the lease",
      )
    }),
  ),
  Law.make(
    "an attempt that was overtaken changes nothing",
    Effect.gen(function* () {
      yield* commit({ effects: [first] })
      yield* take()
      yield* take({ at: minutes(2) })
      const late: Change = { key: first.key, attempt: 1, to: "confirmed", dueAt: null, note: "late" }
      yield* Law.same(yield* move("sending", [late]), [], "what the first attempt moved")
      yield* Law.same(
        (yield* all).map(({ attempts, note, state }) => [state, attempts, note]),
        [["sending", 2, null]],
        "the effect",
      )
    }),
  ),
  Law.make(
    "what waits is taken when it is due and not before, and a dead letter never",
    Effect.gen(function* () {
      yield* commit({ effects: [first, second] })
      yield* take()
      yield* move("sending", [
        { key: first.key, attempt: 1, to: "unknown", dueAt: minutes(5) },
        { key: second.key, attempt: 1, to: "unknown", dueAt: null },
      ])
      yield* Law.same(yield* takenKeys({ at: minutes(5) - 1 }), [], "what was taken early")
      yield* Law.same(yield* takenKeys({ at: minutes(500) }), [first.key], "what was taken late")
    }),
  ),
  Law.make(
    "what is in doubt comes before what is planned, the longest waiting first",
    Effect.gen(function* () {
      yield* commit({ effects: [second, third] })
      yield* take()
      yield* move("sending", [
        { key: second.key, attempt: 1, to: "unknown", dueAt: minutes(6) },
        { key: third.key, attempt: 1, to: "unknown", dueAt: minutes(5) },
      ])
      yield* commit({ effects: [first] })
      yield* Law.same(
        yield* takenKeys({ at: minutes(9) }),
        [third.key, second.key, first.key],
        "the keys in the order in which they were taken",
      )
    }),
  ),
  Law.make(
    "who asks for what is in doubt is given nothing planned",
    Effect.gen(function* () {
      yield* commit({ effects: [first] })
      yield* take()
      yield* commit({ effects: [second] })
      yield* Law.same(
        yield* takenKeys({ at: minutes(2), doubtfulOnly: true }),
        [first.key],
        "what was taken of what is in doubt",
      )
    }),
  ),
]

const limitLaws: ReadonlyArray<Law.Law<Stores>> = [
  Law.make(
    "effects of another platform are not taken",
    Effect.gen(function* () {
      yield* commit({ effects: [first, elsewhere] })
      yield* Law.same(yield* takenKeys({ platform: "hubspot" }), [elsewhere.key], "what was taken for HubSpot")
    }),
  ),
  Law.make(
    "no more are taken at once than one request may hold",
    Effect.gen(function* () {
      yield* commit({ effects: [first, second, third] })
      const taken = yield* take({ limit: { perMinute: 100, perSend: 2 } })
      yield* Law.same(
        [taken.rows.map(({ effect }) => effect.key), taken.waiting],
        [[first.key, second.key], { for: "more", until: start }],
        "what was taken, and what waits",
      )
    }),
  ),
  Law.make(
    "no more begin within a minute than the platform's limit, by all workers together",
    Effect.gen(function* () {
      const limit = { perMinute: 3, perSend: 2 }
      yield* commit({ effects: Array.from({ length: 6 }, (_, order) => reward({ order })) })
      const together = yield* Effect.all([takenKeys({ limit }), takenKeys({ limit }), takenKeys({ limit })], {
        concurrency: "unbounded",
      })
      yield* Law.same(together.flat().length, 3, "how many began at first")
      const full = yield* take({ at: minutes(1) - 1, limit })
      yield* Law.same([full.rows, full.waiting], [[], { for: "limit", until: minutes(1) }], "what began in that minute")
      yield* Law.same((yield* takenKeys({ at: minutes(2), limit, doubtfulOnly: false })).length, 2, "what began later")
    }),
  ),
  Law.make(
    "nothing is taken of a platform that is away until it may be back, and it is told how often it was away",
    Effect.gen(function* () {
      yield* commit({ effects: [first, elsewhere] })
      yield* move("planned", [], { platform: "shopify", until: minutes(3), times: 2 })
      const away = yield* take({ at: minutes(3) - 1 })
      yield* Law.same(
        [away.rows, away.waiting, away.outages],
        [[], { for: "pause", until: minutes(3) }, 2],
        "what was taken while the platform was away",
      )
      yield* Law.same(
        yield* takenKeys({ platform: "hubspot" }),
        [elsewhere.key],
        "what was taken for the other platform",
      )
      yield* Law.same(yield* takenKeys({ at: minutes(3) }), [first.key], "what was taken afterwards")
    }),
  ),
  Law.make(
    "it is told when the next effect will be due, and when none will",
    Effect.gen(function* () {
      yield* commit({ effects: [first] })
      yield* Law.same((yield* take()).waiting, { for: "nothing", until: null }, "what waits at first")
      yield* Law.same((yield* take()).waiting, { for: "later", until: minutes(1) }, "what waits under a lease")
      yield* move("sending", [{ key: first.key, attempt: 1, to: "unknown", dueAt: null }])
      yield* Law.same((yield* take()).waiting, { for: "nothing", until: null }, "what waits beside a dead letter")
    }),
  ),
  Law.make(
    "take stores facts for the effects that it took and for no other",
    Effect.gen(function* () {
      yield* commit({ effects: [first, second, elsewhere] })
      yield* take({
        limit: { perMinute: 100, perSend: 1 },
        facts: (effects) => ({ facts: begun(effects), personal: [] }),
      })
      yield* Law.same(
        (yield* facts).map((fact) => (fact._tag === "RewardCommitted" ? fact.credit : fact._tag)),
        [keyOf(1)],
        "the credits committed to",
      )
    }),
  ),
  Law.make(
    "when its facts cannot be stored nothing is taken",
    Effect.gen(function* () {
      yield* commit({ effects: [first] })
      const exit = yield* Effect.exit(
        take({ facts: (effects) => ({ facts: begun(effects, "before\0after"), personal: [] }) }),
      )
      yield* Law.same(exit._tag, "Failure", "the outcome")
      yield* Law.same((yield* all).map(keyed), [keyed(plannedRow(first))], "the effects")
    }),
  ),
]

export const laws: ReadonlyArray<Law.Law<Stores>> = [...leaseLaws, ...limitLaws]
