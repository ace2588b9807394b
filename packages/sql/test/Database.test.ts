import { Inbox } from "@advocacy-kit/core/connector/Inbox"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Database, Migrations, SqlStores, TenantTransaction } from "@advocacy-kit/sql"
import { PgClient } from "@effect/sql-pg"
import { PGlite } from "@electric-sql/pglite"
import { ConfigProvider, Effect, Exit, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { errorOf, onEachEngine, withServerDatabase } from "./Engines.ts"
import { PgliteStream } from "../src/PgliteStream.ts"
import { tenantNamed, vaultKey } from "./Tenants.ts"

const openServer = (url: string) =>
  Effect.runPromiseExit(
    Effect.provide(Effect.asVoid(SqlClient.SqlClient), Database.layerServer({ url: Redacted.make(url) })),
  )

test("a server that does not answer is named, with a remedy and without its password", async () => {
  const refusal = errorOf(await openServer("postgres://u:geheim@127.0.0.1:1/shop"))
  expect(refusal).toContain("127.0.0.1:1/shop")
  expect(refusal).toContain("check DATABASE_URL")
  expect(refusal).not.toContain("geheim")
})

test("another kind of database is refused by the form of its URL", async () => {
  expect(errorOf(await openServer("mysql://u:geheim@db/shop"))).toContain("postgres://")
  expect(errorOf(await openServer("mysql://u:geheim@db/shop"))).not.toContain("geheim")
})

test("a database that was sealed with another vault key is not opened", async () => {
  const { drop, url } = await withServerDatabase()
  try {
    const open = (key: Redacted.Redacted<Uint8Array>) =>
      Effect.runPromiseExit(
        Effect.provide(Effect.asVoid(Inbox), SqlStores.layerServer({ url: Redacted.make(url), vaultKey: key })),
      )
    expect(Exit.isSuccess(await open(vaultKey))).toBe(true)
    expect(errorOf(await open(Redacted.make(new Uint8Array(32).fill(9))))).toContain("sealed with another key")
    expect(Exit.isSuccess(await open(vaultKey))).toBe(true)
  } finally {
    await drop()
  }
}, 60_000)

test("a user that is no superuser can own the tables once it may use the role, and is bound by the policies", async () => {
  const { drop, url } = await withServerDatabase()
  const owner = `owner_${randomUUID().replaceAll("-", "")}`
  const ownUrl = new URL(url)
  ownUrl.username = owner
  ownUrl.password = "p"
  const seen = Effect.gen(function* () {
    yield* (yield* Inbox).accept([{ source: "s", eventKey: "e", topic: "t", receivedAt: 1, body: new Uint8Array() }])
    const sql = yield* SqlClient.SqlClient
    return yield* sql`SELECT 1 FROM advocacy.inbox`
  }).pipe(
    Effect.provide(SqlStores.layerServer({ url: Redacted.make(ownUrl.href), vaultKey })),
    Effect.provideService(CurrentTenant, tenantNamed("a")),
  )
  const asAdmin = (...statements: ReadonlyArray<string>) =>
    Effect.flatMap(SqlClient.SqlClient, (sql) => Effect.forEach(statements, (statement) => sql.unsafe(statement))).pipe(
      Effect.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 1 })),
      Effect.runPromise,
    )
  try {
    await asAdmin(`CREATE ROLE ${owner} LOGIN PASSWORD 'p'`)
    expect(errorOf(await Effect.runPromiseExit(seen))).toContain("GRANT CREATE ON DATABASE")
    await asAdmin(`GRANT CREATE ON DATABASE ${new URL(url).pathname.slice(1)} TO ${owner}`)
    expect(errorOf(await Effect.runPromiseExit(seen))).toContain("GRANT advocacy_app TO")
    await asAdmin(
      "DO $$ BEGIN CREATE ROLE advocacy_app NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
      `GRANT advocacy_app TO ${owner}`,
    )
    expect(await Effect.runPromise(seen)).toEqual([])
  } finally {
    await asAdmin(`DROP OWNED BY ${owner} CASCADE`, `DROP ROLE ${owner}`)
    await drop()
  }
}, 60_000)

test("a user that may create roles but is no superuser makes the role and takes it, also from version 16 on", async () => {
  const made = Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    yield* sql`CREATE ROLE maker LOGIN CREATEROLE`
    yield* sql`GRANT CREATE ON DATABASE postgres TO maker`
    yield* sql`SET SESSION AUTHORIZATION maker`
    yield* Migrations.run
    const steps = yield* Migrations.run
    const rows = yield* TenantTransaction.make(sql).read(
      "look",
      sql`SELECT current_user::text AS role, session_user::text AS login`,
    )
    return { steps, rows }
  }).pipe(
    Effect.provide(Database.layerEmbedded({ directory: "memory" })),
    Effect.provideService(CurrentTenant, tenantNamed("a")),
  )
  expect(await Effect.runPromise(made)).toEqual({ steps: [], rows: [{ role: "advocacy_app", login: "maker" }] })
}, 30_000)

const openConfigured = (environment: Record<string, string>) =>
  Effect.runPromiseExit(
    Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT current_database()::text AS name`).pipe(
      Effect.provide(SqlStores.layerConfig),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(environment)),
    ),
  )

test("the environment chooses: a server with its vault key, or a directory that holds its own", async () => {
  const { drop, url } = await withServerDatabase()
  const directory = mkdtempSync(join(tmpdir(), "advocacy-config-"))
  try {
    expect(errorOf(await openConfigured({ DATABASE_URL: url }))).toContain("ADVOCACY_VAULT_KEY")
    const key = Buffer.alloc(32, 3).toString("base64")
    expect(await openConfigured({ DATABASE_URL: url, ADVOCACY_VAULT_KEY: key })).toMatchObject({
      value: [{ name: new URL(url).pathname.slice(1) }],
    })
    expect(await openConfigured({ ADVOCACY_DIRECTORY: directory })).toMatchObject({ value: [{ name: "postgres" }] })
    expect(readdirSync(directory).sort()).toEqual(["lock.1", "postgres", "vault.key"])
    expect(errorOf(await openConfigured({ ADVOCACY_DIRECTORY: directory, ADVOCACY_VAULT_KEY: key }))).toContain(
      "sealed with another key",
    )
  } finally {
    rmSync(directory, { recursive: true })
    await drop()
  }
}, 60_000)

onEachEngine("connection", ({ run }) => {
  test("a large parameter arrives whole", async () => {
    const text = "é".repeat(6_000_000)
    const rows = await run(
      Effect.flatMap(SqlClient.SqlClient, (sql) => sql<{ n: number }>`SELECT length(${text}::text) AS n`),
    )
    expect(rows).toEqual([{ n: 6_000_000 }])
  })

  test("work that was interrupted is rolled back", async () => {
    const slow = Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* TenantTransaction.make(sql).write(
        "slow",
        Effect.andThen(sql`INSERT INTO advocacy.credit VALUES ('a', 'interrupted', 'p')`, Effect.sleep("10 seconds")),
      )
    })
    expect(errorOf(await run(Effect.exit(Effect.timeout(slow, "200 millis"))))).toContain("Timeout")
    const after = await run(
      Effect.flatMap(
        SqlClient.SqlClient,
        (sql) =>
          sql`SELECT current_user = 'advocacy_app' AS bound, (SELECT count(*)::int FROM advocacy.credit) AS credits`,
      ),
    )
    expect(after).toEqual([{ bound: false, credits: 0 }])
  }, 30_000)

  test("many fibers at once share the connection", async () => {
    const one = (n: number) =>
      Effect.flatMap(SqlClient.SqlClient, (sql) =>
        Effect.flatMap(TenantTransaction.make(sql).read("n", sql<{ n: number }>`SELECT ${n}::int AS n`), ([row]) =>
          Effect.succeed(row?.n),
        ),
      )
    const numbers = Array.from({ length: 60 }, (_, index) => index)
    expect(await run(Effect.forEach(numbers, one, { concurrency: 60 }))).toEqual(numbers)
  })
})

test("after a broken connection the embedded engine goes on with a clean session", async () => {
  const database = await PGlite.create()
  const streams: Array<PgliteStream> = []
  const broken = Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    yield* sql`CREATE TABLE kept (n int)`
    const lost = yield* sql
      .withTransaction(
        Effect.gen(function* () {
          yield* sql`SELECT set_config('advocacy.tenant', 'a', false)`
          yield* sql`INSERT INTO kept VALUES (1)`
          for (const stream of streams) stream.destroy(new Error("broken"))
          yield* Effect.sleep("20 millis")
          yield* sql`INSERT INTO kept VALUES (2)`
        }),
      )
      .pipe(Effect.exit)
    const after =
      yield* sql`SELECT (SELECT count(*)::int FROM kept) AS rows, coalesce(current_setting('advocacy.tenant', true), '') AS tenant`
    return { failed: Exit.isFailure(lost), after }
  }).pipe(
    Effect.provide(
      PgClient.layer({
        stream: () => {
          const stream = new PgliteStream(database)
          streams.push(stream)
          return stream
        },
        username: "postgres",
        database: "postgres",
        maxConnections: 1,
      }),
    ),
  )
  expect(await Effect.runPromise(broken)).toEqual({ failed: true, after: [{ rows: 0, tenant: "" }] })
  expect(streams.length).toBeGreaterThan(1)
  await database.close()
}, 30_000)
