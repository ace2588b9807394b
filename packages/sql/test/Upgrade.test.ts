/**
 * Upgrades from version 5 of the tables to the newest, whichever that is: everything reads as it did, the laws hold, and
 * work goes on.
 *
 * Twice: with rows that plain SQL wrote (`At0005`), told by the history that memory was told; and with a backup that the stores of
 * that version made themselves (`at-0005.backup`), whose credits and facts are written as that version wrote them.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { credit } from "@advocacy-kit/core/flow/Crediting"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import * as Credit from "@advocacy-kit/core/ledger/Credit"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { ExclusiveLaws, FactLogLaws, InboxLaws, type Law, LedgerLaws, OutboxLaws } from "@advocacy-kit/testing"
import { Database, Migrations, Restore, SqlStores, Vault } from "@advocacy-kit/sql"
import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, ManagedRuntime, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import * as BackupReader from "../src/BackupReader.ts"
import * as At0005 from "./At0005.ts"
import { errorOf, withServerDatabase } from "./Engines.ts"
import * as Stored from "./Stored.ts"
import { vaultKey } from "./Tenants.ts"
import { inMemory } from "./InMemory.ts"

// Nothing here is about speed, and databases take their time on a machine that others use.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const laws: ReadonlyArray<Law.Law<SqlStores.Stores>> = [
  ...FactLogLaws.laws,
  ...LedgerLaws.laws,
  ...ExclusiveLaws.laws,
  ...OutboxLaws.laws,
  ...InboxLaws.laws,
]

type Connection = ManagedRuntime.ManagedRuntime<SqlClient.SqlClient, unknown>

/** Two users of one database: one whom no policy binds, and the one who upgrades it. */
interface Place {
  readonly owner: Connection
  readonly administrator: Connection
  readonly drop: () => Promise<unknown>
}

const alone = (layer: Layer.Layer<SqlClient.SqlClient, unknown>, drop: () => Promise<unknown>): Place => {
  const owner = ManagedRuntime.make(layer)
  return { owner, administrator: owner, drop: () => owner.dispose().then(drop) }
}

const embedded = async (): Promise<Place> => alone(Database.layerEmbedded(inMemory()), async () => undefined)

const server = async (): Promise<Place> => {
  const { drop, url } = await withServerDatabase()
  return alone(Database.layerServer({ url: Redacted.make(url) }), drop)
}

/** The tables belong to a user who is no superuser, as in a company with administrators: the policies bind it. */
const bound = async (): Promise<Place> => {
  const { drop, url } = await withServerDatabase()
  const name = `owner_${randomUUID().replaceAll("-", "")}`
  const ownUrl = new URL(url)
  ownUrl.username = name
  ownUrl.password = "p"
  const administrator = ManagedRuntime.make(PgClient.layer({ url: Redacted.make(url), maxConnections: 1 }))
  const run = (...statements: ReadonlyArray<string>) =>
    administrator.runPromise(
      Effect.flatMap(SqlClient.SqlClient, (sql) => Effect.forEach(statements, (statement) => sql.unsafe(statement))),
    )
  await run(
    "DO $$ BEGIN CREATE ROLE advocacy_app NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
    `CREATE ROLE ${name} LOGIN PASSWORD 'p'`,
    `GRANT advocacy_app TO ${name}`,
    `GRANT CREATE ON DATABASE ${new URL(url).pathname.slice(1)} TO ${name}`,
  )
  const owner = ManagedRuntime.make(Database.layerServer({ url: Redacted.make(ownUrl.href) }))
  return {
    owner,
    administrator,
    drop: async () => {
      await owner.dispose()
      await run(`DROP OWNED BY ${name} CASCADE`, `DROP ROLE ${name}`)
      await administrator.dispose()
      await drop()
    },
  }
}

const withStores = <A, E>(work: Effect.Effect<A, E, SqlStores.Stores | SqlClient.SqlClient>) =>
  Effect.provide(work, SqlStores.layer.pipe(Layer.provide(Vault.layerKey(vaultKey))))

/** What memory was told, and what it answers. */
const told = Effect.gen(function* () {
  yield* Stored.fill
  return { digests: yield* Stored.digests, observed: yield* Stored.observed }
}).pipe(Effect.provide(MemoryStores.layerMemory))

/** Credits every tenant as of its present. */
const credited = Effect.forEach(Stored.tenants, (tenant) =>
  Stored.as(tenant, credit(Stored.programs[0] ?? "", Stored.history(tenant).asOf)),
)

const sums = Effect.forEach(Stored.tenants, (tenant) =>
  Stored.as(
    tenant,
    Effect.flatMap(Ledger, ({ balances }) =>
      Effect.map(balances, (all) => all.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)),
    ),
  ),
)

/** Revisions of then did not say what they were decided by, and nobody had installed anything. */
const asOfThen = <Of extends Effect.Success<typeof Stored.observed>[number]>(of: Of): Of => ({
  ...of,
  histories: of.histories.map((history) =>
    history.map((revision) => ({ ...revision, asOf: revision.effectiveAt, inputs: "" })),
  ),
  installations: [],
})

describe.each([
  { title: "PGlite", open: embedded },
  { title: "PostgreSQL", open: server },
  { title: "PostgreSQL by a user whom the policies bind", open: bound },
])(`version ${At0005.version} upgraded on $title`, ({ open }) => {
  let place: Place | undefined
  let expected: Effect.Success<typeof told>
  let taken: ReadonlyArray<string> = []
  let wanted: ReadonlyArray<string> = []
  beforeAll(async () => {
    expected = await Effect.runPromise(told)
    place = await open()
    await place.owner.runPromise(At0005.make)
    await place.administrator.runPromise(At0005.fill(expected.observed))
    wanted = (await place.owner.runPromise(Migrations.status)).missing.map(Migrations.label)
    taken = (await place.owner.runPromise(Migrations.run)).map(Migrations.label)
  })
  afterAll(() => place?.drop())
  const run = <A, E>(work: Effect.Effect<A, E, SqlStores.Stores | SqlClient.SqlClient>): Promise<A> => {
    if (place === undefined) throw new Error("the database was not opened")
    return place.owner.runPromise(withStores(work))
  }

  test("takes every step after it, and then none", async () => {
    expect(taken).toEqual(wanted)
    const after = await run(Migrations.status)
    expect(after.missing).toEqual([])
    expect(after.done.at(-1)?.id).toBe(Migrations.newest)
  })

  test("everything reads as memory has it, to the same digest", async () => {
    expect(await run(Stored.digests)).toEqual(expected.digests)
    expect(await run(Stored.observed)).toEqual(expected.observed.map(asOfThen))
    const outcomes = expected.observed.flatMap(({ posted }) => posted.map(([, one]) => one.credit.outcome))
    expect(outcomes).toEqual(expect.arrayContaining(["credited", "refused", "reversed", "recorded"]))
  })

  test("a step that joined later with a lower number than others is taken too", async () => {
    const forgetting = Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`DELETE FROM advocacy.migration WHERE name = 'credit_parts'`
      return yield* Migrations.run
    })
    expect((await run(forgetting)).map(Migrations.label)).toEqual(["0009_credit_parts"])
  })

  test("crediting again posts nothing", async () => {
    for (const { revisions } of await run(credited)) expect(revisions).toBe(0)
    expect(await run(sums)).toEqual(Stored.tenants.map(() => 0n))
  })

  test("every law holds", async () => {
    for (const { check, law } of laws) expect(errorOf(await run(Effect.exit(check))), law).toBe("no error")
  })
})

const file = fileURLToPath(new URL("at-0005.backup", import.meta.url))

/** The rows of a table of the backup, by column. */
const rowsOf = (table: string) =>
  Effect.gen(function* () {
    const reader = yield* BackupReader.make(file)
    const found: Array<Record<string, string | null>> = []
    for (let part = yield* reader.next; part !== undefined; part = yield* reader.next) {
      if (part.table.name !== table) continue
      const names = part.table.columns.map(({ name }) => name)
      found.push(...part.rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null]))))
    }
    return found
  }).pipe(Effect.scoped, Effect.runPromise)

describe.each([
  { title: "PGlite", open: embedded },
  { title: "PostgreSQL", open: server },
])(`a backup that version ${At0005.version} made, on $title`, ({ open }) => {
  let place: Place | undefined
  let restored: Restore.Restored | undefined
  beforeAll(async () => {
    place = await open()
    restored = await place.owner.runPromise(Effect.provide(Restore.from(file), Vault.layerKey(vaultKey)))
  })
  afterAll(() => place?.drop())
  const run = <A, E>(work: Effect.Effect<A, E, SqlStores.Stores | SqlClient.SqlClient>): Promise<A> => {
    if (place === undefined) throw new Error("the database was not opened")
    return place.owner.runPromise(withStores(work))
  }

  test("is restored as it was and brought up to date", async () => {
    expect(restored).toMatchObject({ schema: At0005.version, tenants: Stored.tenants })
    expect(restored?.migrated.every((name) => Number.parseInt(name, 10) > At0005.version)).toBe(true)
    expect((await run(Migrations.status)).missing).toEqual([])
  })

  test("its facts, credits, effects, balances and personal values read as they were written", async () => {
    const observed = await run(Stored.observed)
    const written = (text: string | null | undefined): object => JSON.parse(text ?? "null") as object
    const facts = await rowsOf("fact")
    for (const fact of observed.flatMap((of) => of.facts)) {
      const bodies = facts.filter(({ key, version }) => key === fact.key && version === String(fact.version))
      expect(bodies.map(({ body }) => written(body))).toContainEqual(expect.objectContaining({ key: fact.key }))
      expect(
        bodies.some(({ body }) => subset(written(body), Fact.encode(fact))),
        fact.key,
      ).toBe(true)
    }
    expect(observed.flatMap((of) => of.facts)).toHaveLength(
      new Set(facts.map(({ key, tenant }) => `${tenant} ${key}`)).size,
    )
    const revisions = await rowsOf("revision")
    const read = observed.flatMap(({ histories }) => histories.flat())
    expect(read).toHaveLength(revisions.length)
    for (const { credit: own, key, revision } of read) {
      const rows = revisions.filter((row) => row.key === key && row.revision === String(revision))
      expect(
        rows.some((row) => subset(written(row.credit), Credit.encode(own))),
        key,
      ).toBe(true)
    }
    const total = (amounts: ReadonlyArray<bigint>): bigint =>
      amounts.reduce((sum, one) => sum + (one < 0n ? -one : 0n), 0n)
    const granted = (await rowsOf("posting")).map(({ amount }) => BigInt(amount ?? 0))
    const legs = read.flatMap((revision) => revision.legs.map(({ amountMinor }) => amountMinor))
    expect(total(legs)).toBe(total(granted))
    expect(observed.flatMap((of) => of.effects)).toHaveLength((await rowsOf("effect")).length)
    expect(observed.map((of) => [...of.personal.values()])).toEqual(Stored.tenants.map(() => [Stored.address]))
    expect(observed.map((of) => of.messages)).toEqual(Stored.tenants.map(() => ({ open: 1, done: 1, parked: 1 })))
  })

  test("crediting goes on from it: what today's rules say differently is posted once, and all sums to zero", async () => {
    await run(credited)
    for (const { revisions } of await run(credited)) expect(revisions).toBe(0)
    expect(await run(sums)).toEqual(Stored.tenants.map(() => 0n))
  })
})

/** Whether all that `left` says `right` says too; a later version may say more. */
const subset = (left: unknown, right: unknown): boolean => {
  if (typeof left !== "object" || left === null) return left === right
  if (typeof right !== "object" || right === null) return false
  const other = right as Record<string, unknown>
  return Object.entries(left).every(([name, member]) => subset(member, other[name]))
}
