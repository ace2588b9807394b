/**
 * Exclusive work beyond the laws: what a database adds to them, and what it costs.
 */
import { FactLog, StoreUnavailable } from "@advocacy-kit/core/fact/FactLog"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { SqlStores, TenantTransaction } from "@advocacy-kit/sql"
import { Deferred, Effect, ManagedRuntime, Redacted, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { errorOf, onEachEngine, withServerDatabase } from "./Engines.ts"
import { invitation, revision, reward } from "./Examples.ts"
import * as RoundTrips from "./RoundTrips.ts"
import { tenantNamed, vaultKey } from "./Tenants.ts"

// Nothing here is about speed, and databases take their time on a machine that others use.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const exclusively = <A, E, R>(names: ReadonlyArray<string>, body: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Ledger, (ledger) => ledger.exclusively(names, body))
const append = (id: string) => Effect.flatMap(FactLog, (log) => log.append({ facts: [invitation(id)], personal: [] }))
const commit = (cause: string) =>
  Effect.flatMap(Ledger, (ledger) =>
    ledger.commit({ revisions: [revision("p", cause, 5n)], effects: [reward("p", cause, 5n)], undo: [] }),
  )
const facts = Effect.flatMap(FactLog, (log) =>
  Effect.map(Stream.runCollect(log.newest({ asOf: 9e15 })), ({ length }) => length),
)
const credits = Effect.flatMap(Ledger, (ledger) => Effect.map(ledger.posted("p"), ({ size }) => size))

/** Fails as PostgreSQL does when a transaction lost against another. */
const raise = (state: string) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) =>
    sql.unsafe(`DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '${state}'; END $$`),
  )

onEachEngine("exclusive work", ({ run }) => {
  test("what it wrote is rolled back when it fails, in the fact log and in the ledger", async () => {
    const failing = exclusively(
      ["n"],
      Effect.andThen(append("1"), Effect.andThen(commit("o1"), Effect.fail("changed my mind"))),
    )
    expect(errorOf(await run(Effect.exit(failing), "back"))).toContain("changed my mind")
    expect(await run(Effect.all([facts, credits]), "back")).toEqual([0, 0])
  })

  test("a part that fails alone is rolled back alone", async () => {
    const part = exclusively(["part"], Effect.andThen(append("1"), Effect.fail("alone")))
    await run(exclusively(["n"], Effect.andThen(append("2"), Effect.andThen(Effect.ignore(part), append("3")))), "part")
    expect(await run(facts, "part")).toBe(2)
  })

  test("a store's failure inside cannot be gone on from, and nothing stays", async () => {
    await run(commit("o1"), "spoiled")
    const going = exclusively(["n"], Effect.andThen(append("1"), Effect.ignore(commit("o1"))))
    expect(errorOf(await run(Effect.exit(going), "spoiled"))).toContain("cannot be committed")
    expect(await run(facts, "spoiled")).toBe(0)
  })

  test("the failure of the store keeps its name, and so does the same kind of failure of the work's own", async () => {
    const own = new StoreUnavailable({ operation: "my own", cause: new Error("mine") })
    const error = await run(Effect.flip(exclusively(["n"], Effect.fail(own))), "own")
    expect(error).toBe(own)
  })

  test.each(["40001", "40P01"])("work that lost (%s) deep inside runs again as a whole", async (state) => {
    let runs = 0
    const losing = Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const inner = Effect.suspend(() => {
        runs += 1
        return runs < 3 ? raise(state) : Effect.void
      })
      return yield* exclusively(
        ["n"],
        Effect.andThen(
          append(`lost-${state}`),
          // The work does what it should not: it goes on. The transaction knows better.
          Effect.ignore(exclusively(["m"], TenantTransaction.make(sql).write("lose", inner))),
        ),
      )
    })
    await run(losing, `lost-${state.toLowerCase()}`)
    expect(runs).toBe(3)
    expect(await run(facts, `lost-${state.toLowerCase()}`)).toBe(1)
  })
})

describe("exclusive work on a server", () => {
  let drop: () => Promise<unknown> = async () => undefined
  let runtime: ManagedRuntime.ManagedRuntime<SqlStores.Stores | SqlClient.SqlClient, unknown> | undefined
  beforeAll(async () => {
    const opened = await withServerDatabase()
    drop = opened.drop
    runtime = ManagedRuntime.make(SqlStores.layerServer({ url: Redacted.make(opened.url), vaultKey }))
  })
  afterAll(async () => {
    await runtime?.dispose()
    await drop()
  })
  const as = <A, E, R>(tenant: string, effect: Effect.Effect<A, E, R>) =>
    Effect.provideService(effect, CurrentTenant, tenantNamed(tenant))

  test.each([
    { title: "under another name", tenant: "a", name: "m" },
    { title: "of another tenant under the same name", tenant: "b", name: "n" },
  ])("work $title does not wait", async ({ name, tenant }) => {
    // Each goes on only when the other is inside too: if one waited for the other, neither would end.
    const both = Effect.gen(function* () {
      const [first, second] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const meet = (mine: Deferred.Deferred<void>, other: Deferred.Deferred<void>) =>
        Effect.andThen(Deferred.succeed(mine, undefined), Deferred.await(other))
      return yield* Effect.all(
        [as("a", exclusively(["n"], meet(first, second))), as(tenant, exclusively([name], meet(second, first)))],
        { concurrency: 2 },
      )
    })
    const exit = await runtime?.runPromise(Effect.exit(both))
    expect(exit?._tag).toBe("Success")
  })
})

test("the round trips of exclusive work: one to begin, one for the turn, one per statement, one to commit", async () => {
  const trips = <A, E>(effect: Effect.Effect<A, E, SqlStores.Stores | SqlClient.SqlClient | CurrentTenant>) =>
    Effect.flatMap(RoundTrips.RoundTrips, ({ during }) => Effect.map(during(effect), ([, count]) => count))
  const counts = Effect.gen(function* () {
    yield* Effect.andThen(append("warm"), commit("warm"))
    return {
      nothing: yield* trips(exclusively(["a", "b"], Effect.void)),
      append: yield* trips(append("1")),
      commit: yield* trips(commit("o1")),
      both: yield* trips(exclusively(["a"], Effect.andThen(append("2"), commit("o2")))),
    }
  }).pipe(Effect.provideService(CurrentTenant, tenantNamed("a")), Effect.provide(RoundTrips.layer))
  expect(await Effect.runPromise(counts)).toEqual({ nothing: 3, append: 6, commit: 6, both: 11 })
})
