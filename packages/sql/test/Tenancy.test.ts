import { Inbox } from "@advocacy-kit/core/connector/Inbox"
import * as Installation from "@advocacy-kit/core/connector/Installation"
import { Installations } from "@advocacy-kit/core/connector/Installations"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { email } from "@advocacy-kit/core/id/Handle"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Migrations, TenantTransaction } from "@advocacy-kit/sql"
import { Scenario } from "@advocacy-kit/testing"
import { Effect, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { expect, test } from "vitest"
import { errorOf, onEachEngine } from "./Engines.ts"
import { invitation, revision, reward } from "./Examples.ts"
import { tenantNamed } from "./Tenants.ts"

const kept = [
  "inbox",
  "installation",
  "fact",
  "mention",
  "alias",
  "personal",
  "checkpoint",
  "credit",
  "revision",
  "posting",
  "effect",
  "outage",
]
const tables = [...kept, "fact_change"]
const handle = email(new Uint8Array(16), "a@example.com")

/** One row in every table. */
const fill = Effect.gen(function* () {
  const granted = revision("p", "o1", 5n)
  yield* (yield* Inbox).accept([
    { source: "shopify", eventKey: "e", topic: "t", receivedAt: 1, body: new Uint8Array([1]) },
  ])
  const key = { platform: "shopify", account: "acme.myshopify.com" }
  yield* (yield* Installations).change(key, (now) => Effect.succeed(Installation.removed(now, key, 1)))
  yield* (yield* FactLog).append({
    facts: [invitation("1"), Scenario.person({ customer: 1 })],
    personal: [{ handle, value: "a@example.com" }],
    checkpoint: { job: "j", cursor: 1 },
  })
  const ledger = yield* Ledger
  yield* ledger.commit({ revisions: [granted], effects: [reward("p", "o1", 5n)], undo: [] })
  yield* ledger.move({ changes: [], from: [], outage: { platform: "shopify", until: 5, times: 1 } })
})

const count = (table: string) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) =>
    Effect.map(sql<{ n: number }>`SELECT count(*)::int AS n FROM ${sql(`advocacy.${table}`)}`, (rows) => rows[0]?.n),
  )
const asRole = (statement: string) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => TenantTransaction.make(sql).write("try", sql.unsafe(statement)))

onEachEngine("tenancy", ({ run }) => {
  test("each table holds a row of both tenants, and each tenant sees its own alone", async () => {
    await run(fill, "a")
    await run(fill, "b")
    for (const table of tables) {
      expect(await run(count(table)), table).toBeGreaterThanOrEqual(2)
      const seen = await run(
        Effect.flatMap(SqlClient.SqlClient, (sql) =>
          TenantTransaction.make(sql).read(
            "look",
            sql<{ tenant: string }>`SELECT DISTINCT tenant FROM ${sql(`advocacy.${table}`)}`,
          ),
        ),
        "b",
      )
      expect(seen, table).toEqual([{ tenant: "b" }])
    }
  })

  test("without a tenant the role sees nothing", async () => {
    for (const table of tables) {
      const seen = await run(
        Effect.flatMap(SqlClient.SqlClient, (sql) =>
          sql.withTransaction(Effect.andThen(sql`SET LOCAL ROLE advocacy_app`, count(table))),
        ),
      )
      expect(seen, table).toBe(0)
    }
  })

  test("another tenant's stores are empty, and a row cannot be written into them", async () => {
    const facts = await run(
      Effect.flatMap(FactLog, (log) => Stream.runCollect(log.newest({ asOf: 9e15 }))),
      "c",
    )
    expect(facts).toEqual([])
    expect(
      (
        await run(
          Effect.flatMap(FactLog, (log) => log.personal([handle])),
          "c",
        )
      ).size,
    ).toBe(0)
    expect(
      await run(
        Effect.flatMap(Ledger, (ledger) => ledger.balances),
        "c",
      ),
    ).toEqual([])
    expect(
      errorOf(await run(Effect.exit(asRole("INSERT INTO advocacy.credit VALUES ('a', 'k', 'p')")), "c")),
    ).toContain("42501")
    expect(await run(asRole("UPDATE advocacy.inbox SET state = 'done' WHERE tenant = 'a' RETURNING 1"), "c")).toEqual(
      [],
    )
  })

  test.each(["fact", "mention", "alias", "credit", "revision", "posting"])(
    "%s can be neither changed nor removed nor emptied",
    async (table) => {
      for (const statement of [
        `UPDATE advocacy.${table} SET tenant = tenant`,
        `DELETE FROM advocacy.${table}`,
        `TRUNCATE advocacy.${table}`,
      ]) {
        expect(errorOf(await run(Effect.exit(asRole(statement)))), statement).toContain("42501")
      }
    },
  )

  test.each([...kept, "vault_key"])("%s: no row can be removed", async (table) => {
    expect(errorOf(await run(Effect.exit(asRole(`DELETE FROM advocacy.${table}`))))).toContain("42501")
  })

  test.each(tables)("%s: no row can change its tenant", async (table) => {
    expect(errorOf(await run(Effect.exit(asRole(`UPDATE advocacy.${table} SET tenant = 'z'`))))).toContain("42501")
  })

  test("a transaction that lost against another runs again", async () => {
    let tries = 0
    const lost = Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      return yield* TenantTransaction.make(sql).write(
        "lose twice",
        Effect.suspend(() => {
          tries += 1
          const state = ["40001", "40P01"][tries - 1]
          return state === undefined
            ? sql`SELECT ${tries}::int AS tries`
            : sql.unsafe(`DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '${state}'; END $$`)
        }),
      )
    })
    expect(await run(lost)).toEqual([{ tries: 3 }])
  })

  test("the role and the tenant end with the transaction", async () => {
    await run(Effect.flatMap(Ledger, (ledger) => ledger.balances))
    const left = await run(
      Effect.flatMap(
        SqlClient.SqlClient,
        (sql) =>
          sql`SELECT current_user = ${TenantTransaction.role} AS bound, coalesce(current_setting('advocacy.tenant', true), '') AS tenant`,
      ),
    )
    expect(left).toEqual([{ bound: false, tenant: "" }])
  })

  test("a transaction joins one of its own tenant and dies in one of another", async () => {
    const inner = Effect.flatMap(FactLog, (log) => log.append({ facts: [invitation("joined")], personal: [] }))
    const outer = (body: Effect.Effect<unknown, unknown, FactLog | CurrentTenant>) =>
      Effect.flatMap(SqlClient.SqlClient, (sql) =>
        TenantTransaction.make(sql).write("outer", Effect.andThen(body, Effect.fail("rolled back"))),
      )
    expect(errorOf(await run(Effect.exit(outer(inner)), "d"))).toContain("rolled back")
    expect(
      await run(
        Effect.flatMap(FactLog, (log) => Stream.runCollect(log.newest({ asOf: 9e15 }))),
        "d",
      ),
    ).toEqual([])
    const other = Effect.provideService(inner, CurrentTenant, tenantNamed("e"))
    expect(errorOf(await run(Effect.exit(outer(other)), "d"))).toContain("inside a transaction of another")
  })

  test("migrating again changes nothing, also from several workers at once", async () => {
    expect(await run(Effect.all([Migrations.run, Migrations.run, Migrations.run], { concurrency: 3 }))).toEqual([
      [],
      [],
      [],
    ])
    expect(await run(count("fact"))).toBeGreaterThan(0)
  })

  test("errors name the operation and the SQLSTATE and quote no value", async () => {
    const exit = await run(Effect.exit(asRole("SELECT 'secret-value'::bigint")))
    expect(errorOf(exit)).toContain("22P02")
    expect(errorOf(exit)).not.toContain("secret-value")
  })
})
