/**
 * An outbox that an earlier release filled, brought up to date by an owner whom row-level security binds.
 */
import type { OutboundEffect } from "@advocacy-kit/core/ledger/OutboundEffect"
import * as Outbound from "@advocacy-kit/core/ledger/OutboundEffect"
import { shareCodeKey } from "@advocacy-kit/core/ledger/OutboundEffect"
import { platform } from "@advocacy-kit/core/id/Handle"
import { PgClient } from "@effect/sql-pg"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, expect, test } from "vitest"
import tenantRole from "../src/migrations/0001_tenant_role.ts"
import outbox from "../src/migrations/0005_outbox.ts"
import lease from "../src/migrations/0006_outbox_lease.ts"
import { withServerDatabase } from "./Engines.ts"
import { reward } from "./Examples.ts"

let database: Awaited<ReturnType<typeof withServerDatabase>>
const owner = `owner_${randomUUID().replaceAll("-", "").slice(0, 12)}`

const as = <A, E>(url: string, work: Effect.Effect<A, E, SqlClient.SqlClient>): Promise<A> =>
  Effect.runPromise(
    work.pipe(
      Effect.provide(PgClient.layer({ url: Redacted.make(url), maxConnections: 1 })),
      Effect.scoped,
      Effect.orDie,
    ),
  )

const statements = (...texts: ReadonlyArray<string>) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => Effect.forEach(texts, (text) => sql.unsafe(text), { discard: true }))

beforeAll(async () => {
  database = await withServerDatabase()
  await as(
    database.url,
    statements(
      `DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'advocacy_app') THEN CREATE ROLE advocacy_app NOLOGIN; END IF;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
      `CREATE ROLE ${owner} LOGIN NOSUPERUSER NOBYPASSRLS`,
      `GRANT advocacy_app TO ${owner}`,
      `CREATE SCHEMA advocacy AUTHORIZATION ${owner}`,
    ),
  )
}, 60_000)

afterAll(async () => {
  await as(database.url, statements(`DROP OWNED BY ${owner} CASCADE`, `DROP ROLE ${owner}`))
  await database.drop()
})

test("keeps every effect: what is open is due at once, each on its own platform, and the tables stay closed", async () => {
  const url = new URL(database.url)
  url.username = owner
  const code: OutboundEffect = {
    _tag: "OpenShareCode",
    key: shareCodeKey("ADA"),
    beneficiary: platform("hubspot", "contact", "1"),
    terms: "t",
    plannedAt: 1,
    code: "ADA",
    percent: 10,
  }
  const states = ["planned", "sending", "unknown", "confirmed", "failed", "undone"] as const
  const rows = states.map((state, index) => ({ state, effect: index === 0 ? code : reward("p", `o${index}`, 5n) }))
  const found = await as(
    url.href,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* tenantRole
      yield* outbox
      for (const { effect, state } of rows) {
        yield* sql.withTransaction(
          Effect.andThen(
            sql`SELECT set_config('advocacy.tenant', 'a', true)`,
            sql`INSERT INTO advocacy.effect (tenant, key, state, attempts, body)
              VALUES ('a', ${effect.key}, ${state}, 1, ${JSON.stringify(Outbound.encode(effect))}::text::json)`,
          ),
        )
      }
      yield* sql.withTransaction(lease)
      expect(yield* sql`SELECT key FROM advocacy.effect`).toEqual([])
      return yield* sql.withTransaction(
        Effect.andThen(
          sql`SELECT set_config('advocacy.tenant', 'a', true)`,
          sql`SELECT state, platform, due_at::int AS due, unanswered FROM advocacy.effect ORDER BY state`,
        ),
      )
    }),
  )
  const settled = { platform: "shopify", due: null, unanswered: 0 }
  expect(found).toEqual([
    { state: "confirmed", ...settled },
    { state: "failed", ...settled },
    { state: "planned", ...settled, due: 0 },
    { state: "sending", ...settled, due: 0 },
    { state: "undone", ...settled },
    { state: "unknown", ...settled, due: 0 },
  ])
})
