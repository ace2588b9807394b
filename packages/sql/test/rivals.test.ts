/**
 * Thirty-two writers on one server who want the same facts, credits and effects, each in an order of its own: every
 * revision has exactly one winner, the losers are told that they were overtaken, and nobody hears of a deadlock.
 *
 * The server gives up on deadlocks after 20 milliseconds in place of a second, so that the real ones that this makes
 * are over soon. The seed of all choices is in the names of the tests.
 */
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { Ledger, type LedgerError } from "@advocacy-kit/core/ledger/Ledger"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Chance, Runs } from "@advocacy-kit/testing"
import { SqlStores } from "@advocacy-kit/sql"
import { PgClient } from "@effect/sql-pg"
import { Effect, ManagedRuntime, Redacted, Result, Stream } from "effect"
import { SqlClient } from "effect/sql"
import process from "node:process"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { withServerDatabase } from "./Engines.ts"
import { invitation, revision, reward } from "./Examples.ts"
import { tenantNamed, vaultKey } from "./Tenants.ts"

// Nothing here is about speed, and databases take their time on a machine that others use.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const { first: seed } = Runs.asked(process.env, 1)
const writers = 32
const rounds = Runs.times(process.env, 3)
const credits = Array.from({ length: 24 }, (_, index) => ({ program: `p${index % 3}`, cause: `o${index}` }))
const numbers = Array.from({ length: 400 }, (_, index) => index)

interface Won {
  readonly writer: number
  readonly key: string
  readonly revision: number
}

/** Appends some of the facts that everybody appends, in an order of its own. */
const append = (chance: Chance.Chance) =>
  Effect.flatMap(FactLog, (log) =>
    log.append({
      facts: chance
        .shuffled(numbers)
        .slice(0, 150)
        .map((n) => invitation(`${n}`)),
      personal: [],
    }),
  )

/** Revises some credits of all programs from what it read, and plans and undoes their effects. */
const revise = (chance: Chance.Chance, writer: number): Effect.Effect<Won[], LedgerError, Ledger | CurrentTenant> =>
  Effect.gen(function* () {
    const ledger = yield* Ledger
    const posted = new Map(
      (yield* Effect.forEach(["p0", "p1", "p2"], ledger.posted)).flatMap((of) => [...of.entries()]),
    )
    const chosen = chance.shuffled(credits).slice(0, 6)
    // What was posted is raised by one cent, which tells whose revision it is by its amount.
    const revisions = chosen.map(({ cause, program }) => {
      const first = revision(program, cause, BigInt(writer + 1))
      return { ...first, revision: (posted.get(first.key)?.revision ?? 0) + 1 }
    })
    const keys = chance.shuffled(chosen).map(({ cause, program }) => reward(program, cause, 5n))
    yield* ledger.commit({ revisions, effects: keys.slice(0, 3), undo: keys.slice(3).map(({ key }) => key) })
    return revisions.map((won) => ({ writer, key: won.key, revision: won.revision }))
  })

/** Takes two names in a nested order of its own, which is how real deadlocks come about. */
const entangle = (chance: Chance.Chance, writer: number, round: number) =>
  Effect.gen(function* () {
    const ledger = yield* Ledger
    const log = yield* FactLog
    const [outer = "a", inner = "b"] = chance.shuffled(["a", "b", "c"])
    const fact = invitation(`entangled-${writer}-${round}`)
    yield* ledger.exclusively(
      [outer],
      Effect.andThen(
        log.append({ facts: [fact], personal: [] }),
        ledger.exclusively([inner], log.append({ facts: [invitation("shared")], personal: [] })),
      ),
    )
  })

const writing = (writer: number) =>
  Effect.gen(function* () {
    const chance = Chance.make(seed + writer)
    const won: Array<Won> = []
    let overtaken = 0
    for (let round = 0; round < rounds; round++) {
      yield* append(chance)
      const result = yield* Effect.result(revise(chance, writer))
      if (Result.isSuccess(result)) won.push(...result.success)
      else if (result.failure.reason._tag === "Overtaken") overtaken += 1
      else return yield* result.failure
      yield* entangle(chance, writer, round)
    }
    return { won, overtaken }
  })

const everybody = Effect.all(
  Array.from({ length: writers }, (_, writer) => writing(writer)),
  { concurrency: "unbounded" },
)

/** For each revision in the ledger, whose it is. */
const standing = Effect.gen(function* () {
  const ledger = yield* Ledger
  const histories = yield* Effect.forEach(credits, ({ cause, program }) =>
    ledger.history(revision(program, cause, 1n).key),
  )
  return histories.flatMap((history) =>
    history.map((one, index): Won & { readonly expected: number } => ({
      writer: Number(one.credit.amountMinor) - 1,
      key: one.key,
      revision: one.revision,
      expected: index + 1,
    })),
  )
})

const inOrder = (left: Won, right: Won): number => left.key.localeCompare(right.key) || left.revision - right.revision

describe.each(["read committed", "serializable"])(`${writers} writers from seed ${seed}, %s`, (isolation) => {
  let drop: () => Promise<unknown> = async () => undefined
  let url = ""
  let runtime: ManagedRuntime.ManagedRuntime<SqlStores.Stores | SqlClient.SqlClient, unknown> | undefined
  const asAdmin = <A, E>(work: (sql: SqlClient.SqlClient) => Effect.Effect<A, E>): Promise<A> =>
    Effect.flatMap(SqlClient.SqlClient, work).pipe(
      Effect.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 1 })),
      Effect.runPromise,
    )
  beforeAll(async () => {
    const opened = await withServerDatabase()
    drop = opened.drop
    url = opened.url
    const name = new URL(url).pathname.slice(1)
    await asAdmin((sql) =>
      Effect.all([
        sql.unsafe(`ALTER DATABASE ${name} SET deadlock_timeout = '20ms'`),
        sql.unsafe(`ALTER DATABASE ${name} SET default_transaction_isolation = '${isolation}'`),
      ]),
    )
    runtime = ManagedRuntime.make(SqlStores.layerServer({ url: Redacted.make(url), maxConnections: writers, vaultKey }))
    await runtime.runPromise(Effect.void)
  })
  afterAll(async () => {
    await runtime?.dispose()
    await drop()
  })
  const run = <A, E>(effect: Effect.Effect<A, E, SqlStores.Stores | CurrentTenant>): Promise<A> => {
    if (runtime === undefined) throw new Error("the database was not opened")
    return runtime.runPromise(Effect.provideService(effect, CurrentTenant, tenantNamed("rivals")))
  }

  test("one winner for each revision, losers overtaken, all facts once, and no deadlock heard of", async () => {
    const ends = await run(everybody)
    const stored = await run(standing)
    expect(stored.filter(({ expected, revision: number }) => expected !== number)).toEqual([])
    expect(
      stored.map(({ key, revision: number, writer }) => ({ writer, key, revision: number })).sort(inOrder),
    ).toEqual(ends.flatMap(({ won }) => won).sort(inOrder))
    expect(ends.reduce((sum, { overtaken }) => sum + overtaken, 0)).toBeGreaterThan(0)
    const facts = await run(Effect.flatMap(FactLog, (log) => Stream.runCollect(log.newest({ asOf: 9e15 }))))
    expect(facts.filter(({ key }) => key.includes("entangled"))).toHaveLength(writers * rounds)
    const balances = await run(Effect.flatMap(Ledger, (ledger) => ledger.balances))
    expect(balances.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(0n)
    // The deadlocks were there: the server counted them.
    const counted = Effect.fnUntraced(function* (sql: SqlClient.SqlClient) {
      yield* sql`SELECT pg_stat_force_next_flush()`
      return yield* sql<{
        n: number
      }>`SELECT deadlocks::int AS n FROM pg_stat_database WHERE datname = current_database()`
    })
    const [deadlocks] = await asAdmin(counted)
    expect(deadlocks?.n).toBeGreaterThan(0)
  })
})
