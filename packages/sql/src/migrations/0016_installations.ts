/**
 * Where apps are installed and what they were granted: one row per tenant, platform and account, with sealed tokens. And when a
 * message happened by its platform's clock, where the platform says so.
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { tenantTable } from "./TenantTable.ts"

export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE advocacy.installation (
      tenant text COLLATE "C" NOT NULL,
      platform text COLLATE "C" NOT NULL,
      account text COLLATE "C" NOT NULL,
      scopes text[] NOT NULL,
      scopes_at bigint NOT NULL,
      tokens bytea,
      access_expires_at bigint,
      refresh_expires_at bigint,
      installed_at bigint,
      uninstalled_at bigint,
      PRIMARY KEY (tenant, platform, account)
    )`
  yield* tenantTable("installation", [
    "scopes",
    "scopes_at",
    "tokens",
    "access_expires_at",
    "refresh_expires_at",
    "installed_at",
    "uninstalled_at",
  ])
  yield* sql`ALTER TABLE advocacy.inbox ADD COLUMN triggered_at bigint`
})
