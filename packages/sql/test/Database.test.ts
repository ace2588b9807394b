import { Inbox } from "@advocacy-kit/core/connector/Inbox"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Database, SqlStores, TenantTransaction } from "@advocacy-kit/sql"
import { PgClient } from "@effect/sql-pg"
import { Effect, Exit, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { errorOf, onEachEngine, withServerDatabase } from "./Engines.ts"
import { tenantNamed, vaultKey } from "./Tenants.ts"

const openServer = (url: string) =>
  Effect.runPromiseExit(Effect.provide(Effect.asVoid(SqlClient.SqlClient), Database.layerServer({ url: Redacted.make(url) })))

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

test("a user that is no superuser can own the tables, and is bound by the policies", async () => {
  const { drop, url } = await withServerDatabase()
  const owner = `owner_${randomUUID().replaceAll("-", "")}`
  const asAdmin = (statement: string) =>
    Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe(statement)).pipe(
      Effect.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 1 })),
      Effect.runPromise,
    )
  try {
    await asAdmin(`CREATE ROLE ${owner} LOGIN CREATEROLE PASSWORD 'p'`)
    await asAdmin(`GRANT ALL ON DATABASE ${new URL(url).pathname.slice(1)} TO ${owner}`)
    const ownUrl = new URL(url)
    ownUrl.username = owner
    ownUrl.password = "p"
    const seen = Effect.gen(function* () {
      yield* (yield* Inbox).accept([{ source: "shopify", eventKey: "e", topic: "t", receivedAt: 1, body: new Uint8Array() }])
      const sql = yield* SqlClient.SqlClient
      return yield* sql`SELECT 1 FROM advocacy.inbox`
    }).pipe(
      Effect.provide(SqlStores.layerServer({ url: Redacted.make(ownUrl.href), vaultKey })),
      Effect.provideService(CurrentTenant, tenantNamed("a")),
    )
    expect(await Effect.runPromise(seen)).toEqual([])
  } finally {
    await drop()
    await Effect.runPromise(
      Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe(`DROP OWNED BY ${owner}; DROP ROLE ${owner}`)).pipe(
        Effect.ignore,
        Effect.provide(Layer.orDie(PgClient.layer({ url: Redacted.make(process.env["DATABASE_URL_TEST"] ?? ""), maxConnections: 1 }))),
      ),
    )
  }
}, 60_000)

onEachEngine("connection", ({ run }) => {
  test("a large parameter arrives whole", async () => {
    const text = "é".repeat(6_000_000)
    const rows = await run(Effect.flatMap(SqlClient.SqlClient, (sql) => sql<{ n: number }>`SELECT length(${text}::text) AS n`))
    expect(rows).toEqual([{ n: 6_000_000 }])
  })

  test("work that was interrupted is rolled back, and the next starts from a clean session", async () => {
    const slow = Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* TenantTransaction.make(sql).write(
        "slow",
        Effect.andThen(sql`INSERT INTO advocacy.credit VALUES ('a', 'interrupted', 'p')`, sql`SELECT pg_sleep(1)`),
      )
    })
    expect(errorOf(await run(Effect.exit(Effect.timeout(slow, "200 millis"))))).toContain("Timeout")
    const after = await run(Effect.flatMap(SqlClient.SqlClient, (sql) =>
      sql`SELECT current_user::text AS role, (SELECT count(*)::int FROM advocacy.credit) AS credits`))
    expect(after).toEqual([{ role: "postgres", credits: 0 }])
  }, 30_000)

  test("many fibers at once share the connection", async () => {
    const one = (n: number) => Effect.flatMap(SqlClient.SqlClient, (sql) =>
      Effect.flatMap(TenantTransaction.make(sql).read("n", sql<{ n: number }>`SELECT ${n}::int AS n`), ([row]) => Effect.succeed(row?.n)))
    const numbers = Array.from({ length: 60 }, (_, index) => index)
    expect(await run(Effect.forEach(numbers, one, { concurrency: 60 }))).toEqual(numbers)
  })
})
