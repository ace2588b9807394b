/**
 * The inbox: verified messages by (tenant, source, event), kept once for ever.
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { tenantTable } from "./TenantTable.ts"

export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE advocacy.inbox (
      tenant text COLLATE "C" NOT NULL,
      source text COLLATE "C" NOT NULL,
      event_key text COLLATE "C" NOT NULL,
      topic text NOT NULL,
      received_at bigint NOT NULL,
      arrival bigint GENERATED ALWAYS AS IDENTITY,
      body bytea NOT NULL,
      state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'parked')),
      attempts integer NOT NULL DEFAULT 0,
      reason text,
      PRIMARY KEY (tenant, source, event_key)
    )`
  yield* sql`CREATE INDEX inbox_open ON advocacy.inbox (tenant, source, received_at, arrival) WHERE state = 'open'`
  yield* tenantTable("inbox", ["state", "attempts", "reason", "body"])
})
