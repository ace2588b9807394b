/**
 * Facts, the vault of personal values beside them, and how far each job has got.
 *
 * The unique index lists the newest version of a key first, so that reading the newest of every key is one walk
 * along it, without a sort. `json` keeps bodies as they were written, member order too.
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { tenantTable } from "./TenantTable.ts"

export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE advocacy.fact (
      tenant text COLLATE "C" NOT NULL,
      key text COLLATE "C" NOT NULL,
      version bigint NOT NULL,
      rank integer NOT NULL,
      digest bytea NOT NULL,
      tag text COLLATE "C" NOT NULL,
      occurred_at bigint NOT NULL,
      recorded_at timestamptz NOT NULL DEFAULT now(),
      body json NOT NULL
    )`
  yield* sql`CREATE UNIQUE INDEX fact_newest_first ON advocacy.fact (tenant, key, version DESC, rank DESC, digest DESC)`
  yield* sql`ALTER TABLE advocacy.fact REPLICA IDENTITY USING INDEX fact_newest_first`
  yield* tenantTable("fact")
  yield* sql`
    CREATE TABLE advocacy.personal (
      tenant text COLLATE "C" NOT NULL,
      handle text COLLATE "C" NOT NULL,
      sealed bytea NOT NULL,
      PRIMARY KEY (tenant, handle)
    )`
  yield* tenantTable("personal", ["sealed"])
  yield* sql`
    CREATE TABLE advocacy.checkpoint (
      tenant text COLLATE "C" NOT NULL,
      job text COLLATE "C" NOT NULL,
      cursor json NOT NULL,
      PRIMARY KEY (tenant, job)
    )`
  yield* tenantTable("checkpoint", ["cursor"])
  yield* sql`
    CREATE TABLE advocacy.vault_key (
      single boolean PRIMARY KEY DEFAULT true CHECK (single),
      fingerprint text NOT NULL
    )`
  yield* sql`REVOKE ALL ON advocacy.vault_key FROM PUBLIC, advocacy_app`
})
