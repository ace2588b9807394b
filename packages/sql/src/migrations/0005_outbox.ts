/**
 * The outbox: what is to be done in other systems, at most once per (tenant, key).
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { tenantTable } from "./TenantTable.ts"

export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE advocacy.effect (
      tenant text COLLATE "C" NOT NULL,
      key text COLLATE "C" NOT NULL,
      state text COLLATE "C" NOT NULL DEFAULT 'planned'
        CHECK (state IN ('planned', 'sending', 'confirmed', 'unknown', 'failed', 'undone')),
      attempts integer NOT NULL DEFAULT 0,
      note text,
      body json NOT NULL,
      PRIMARY KEY (tenant, key)
    )`
  yield* sql`CREATE INDEX effect_state ON advocacy.effect (tenant, state, key)`
  yield* tenantTable("effect", ["state", "attempts", "note", "body"])
})
