import * as Fact from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import * as Mention from "@advocacy-kit/core/fact/Mention"
import { TenantTransaction } from "@advocacy-kit/sql"
import { Scenario } from "@advocacy-kit/testing"
import { Deferred, Effect, Fiber, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { expect, test } from "vitest"
import mentions from "../src/migrations/0007_mentions.ts"
import { onEachEngine } from "./Engines.ts"

const always = 9e15

const tell = (...facts: ReadonlyArray<Fact.Fact>) =>
  Effect.flatMap(FactLog, (log) => log.append({ facts, personal: [] }))
const changes = Effect.flatMap(FactLog, (log) => log.changes({ asOf: always, limit: 100 }))
const keys = Effect.map(changes, (all) => all.map(({ key }) => key))
const within = <A, E, R>(body: Effect.Effect<A, E, R>) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => TenantTransaction.make(sql).write("work through changes", body))

const buyerOf = (fact: Fact.Fact | undefined): string | undefined =>
  fact?._tag === "OrderPlaced" ? (fact.customer ?? undefined) : undefined

onEachEngine("changes", ({ name, run }) => {
  test("are settled with the transaction that read them, or not at all", async () => {
    await run(tell(Scenario.order({ order: 1 }), Scenario.order({ order: 2 })), "together")
    const settled = Effect.gen(function* () {
      const log = yield* FactLog
      const read = yield* log.changes({ asOf: always, limit: 1 })
      yield* log.settle(read)
      return yield* keys
    })
    const lost = within(Effect.andThen(settled, Effect.fail("no more")))
    expect(await run(Effect.flip(lost), "together")).toBe("no more")
    expect(await run(keys, "together")).toEqual(["shopify:order/1", "shopify:order/2"])
    expect(await run(within(settled), "together")).toEqual(["shopify:order/2"])
    expect(await run(keys, "together")).toEqual(["shopify:order/2"])
  })

  test.runIf(name === "PostgreSQL")("that one transaction was given are given to no other until it ends", async () => {
    await run(tell(Scenario.order({ order: 1 }), Scenario.order({ order: 2 })), "apart")
    const seen = await run(
      Effect.gen(function* () {
        const log = yield* FactLog
        const [isRead, mayEnd] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
        const first = yield* Effect.forkChild(
          within(
            Effect.gen(function* () {
              const read = yield* log.changes({ asOf: always, limit: 1 })
              yield* Deferred.succeed(isRead, undefined)
              yield* Deferred.await(mayEnd)
              return read.map(({ key }) => key)
            }),
          ),
        )
        yield* Deferred.await(isRead)
        const meanwhile = yield* keys
        yield* Deferred.succeed(mayEnd, undefined)
        return { first: yield* Fiber.join(first), meanwhile, after: yield* keys }
      }),
      "apart",
    )
    expect(seen).toEqual({
      first: ["shopify:order/1"],
      meanwhile: ["shopify:order/2"],
      after: ["shopify:order/1", "shopify:order/2"],
    })
  })

  test("name what was replaced, also when versions come at the same time and are settled between", async () => {
    const versions = Array.from({ length: 60 }, (_, version) =>
      Scenario.order({ order: 1, customer: version, version: ((version * 37) % 60) + 1 }),
    )
    const missed: Array<string> = []
    const looked = { times: 0, last: undefined as string | undefined }
    /** Whoever looked before knows who bought then; what comes has to name them, and who bought instead. */
    const look = within(
      Effect.gen(function* () {
        const log = yield* FactLog
        const read = yield* log.changes({ asOf: always, limit: 10 })
        const buyer = buyerOf((yield* log.byKey({ keys: [Fact.key("shopify:order/1")], asOf: always }))[0])
        yield* log.settle(read)
        return { buyer, names: read.flatMap((change) => change.names) }
      }),
    ).pipe(
      Effect.map(({ buyer, names }) => {
        if (names.length === 0) return
        for (const one of [looked.last, buyer]) if (one !== undefined && !names.includes(one)) missed.push(one)
        looked.last = buyer
        looked.times++
      }),
    )
    const writing = Effect.forEach(versions, (version) => tell(version), { concurrency: 8, discard: true })
    await run(
      Effect.gen(function* () {
        const writer = yield* Effect.forkChild(writing)
        // On one connection a looker without a pause would let nobody else in.
        while (writer.pollUnsafe() === undefined) yield* Effect.andThen(look, Effect.sleep("2 millis"))
        yield* Fiber.join(writer)
        yield* look
      }),
      "rivals",
    )
    expect(missed).toEqual([])
    expect(looked.times).toBeGreaterThan(0)
    const newest = versions.find(({ version }) => version === 60)
    expect(looked.last).toBe(newest?.customer)
    expect(await run(changes, "rivals")).toEqual([])
  }, 60_000)

  // Without turns the second writer takes the first version for what it replaces, and names nobody that was seen in between.
  test.runIf(name === "PostgreSQL")(
    "name what was replaced by a big batch that began before",
    async () => {
      const one = (order: number, version: number) => Scenario.order({ order, customer: version, version })
      const round = (order: number) =>
        Effect.gen(function* () {
          const log = yield* FactLog
          const mayEnd = yield* Deferred.make<void>()
          yield* tell(one(order, 1))
          yield* log.settle(yield* changes)
          const first = yield* Effect.forkChild(within(Effect.andThen(tell(one(order, 2)), Deferred.await(mayEnd))))
          yield* Effect.sleep("20 millis")
          const others = Array.from({ length: 2_000 }, (_, id) =>
            Scenario.order({ order: `${order}-${id}`, customer: id }),
          )
          const second = yield* Effect.forkChild(tell(one(order, 3), ...others))
          yield* Effect.sleep(40 * order)
          yield* Deferred.succeed(mayEnd, undefined)
          yield* Fiber.join(first)
          const seen = yield* log.changes({ asOf: always, limit: 1_000_000 })
          const wasThere = seen.some(({ key }) => key === Fact.key(Scenario.orderOf(order)))
          yield* log.settle(seen)
          yield* Fiber.join(second)
          const then = yield* log.changes({ asOf: always, limit: 1_000_000 })
          yield* log.settle(then)
          const names = then.find(({ key }) => key === Fact.key(Scenario.orderOf(order)))?.names ?? []
          return wasThere && !names.includes(Scenario.customerOf(2)) ? [`${order}: ${names.join(", ")}`] : []
        })
      const missed = await run(Effect.forEach([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], round), "began")
      expect(missed.flat()).toEqual([])
    },
    60_000,
  )

  test("two big batches with the same facts in other versions both finish", async () => {
    const batch = (version: number) => Array.from({ length: 6_000 }, (_, order) => Scenario.order({ order, version }))
    const appended = await run(
      Effect.all([tell(...batch(1)), tell(...batch(2).reverse()), tell(...batch(3))], { concurrency: 3 }),
      "big",
    )
    expect(appended.map(({ recorded }) => recorded)).toEqual([6_000, 6_000, 6_000])
  }, 60_000)

  test("facts that were stored before there were names are found by them, joined, and among the changes", async () => {
    const told = [
      Scenario.person({ customer: 1, email: "old@example.com", version: 1 }),
      Scenario.person({ customer: 1, email: "ada@example.com", version: 2, mergedFrom: [2] }),
      Scenario.order({ order: 1, customer: 1, code: "ada", version: 1 }),
      Scenario.order({ order: 1, customer: 2, code: "bob", version: 2, day: 5 }),
      Scenario.answer({ customer: 1, score: 9 }),
    ]
    const many = Array.from({ length: 5_200 }, (_, index) =>
      Scenario.visit({ code: `C${index}`, email: "v@example.com" }),
    )
    const tenants = ["before-a", "before-b"]
    const known = Effect.gen(function* () {
      const log = yield* FactLog
      const facts = yield* Stream.runCollect(log.newest({ asOf: always }))
      const names = new Set([...facts, ...told].flatMap(Mention.namesOf))
      return {
        found: yield* log.mentioning({ names: [...names], asOf: always }),
        joined: yield* log.joined({
          handles: [Scenario.customerOf(2), Scenario.emailOf("old@example.com")],
          asOf: always,
        }),
        changes: (yield* log.changes({ asOf: always, limit: 10_000 })).map(({ at, key, names: of, tag }) => ({
          key,
          tag,
          at,
          names: [...of].sort(),
        })),
        bob: yield* log.mentioning({ names: ["code:ADA", "code:BOB"], asOf: always }),
      }
    })
    for (const tenant of tenants) await run(tell(...told, ...many), tenant)
    const before = await Promise.all(tenants.map((tenant) => run(known, tenant)))
    await run(
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        yield* sql.withTransaction(
          Effect.gen(function* () {
            yield* sql`SELECT set_config('row_security', 'off', true)`
            yield* sql`DROP TABLE advocacy.mention, advocacy.alias, advocacy.fact_change`
            yield* mentions
          }),
        )
      }),
    )
    expect(await Promise.all(tenants.map((tenant) => run(known, tenant)))).toEqual(before)
    expect(before[0]?.changes).toHaveLength(5_202)
    expect(before[0]?.joined.flat()).toHaveLength(4)
    expect(before[0]?.bob).toHaveLength(1)
  }, 60_000)
})
