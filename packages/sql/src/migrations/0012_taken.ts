/**
 * What each cause has taken of limits, as one row, beside the rows by the names of limits.
 *
 * Two indexes of one table that begin with the tenant look alike to a planner without statistics of this tenant: it read all
 * that a program had taken where it should have read what one limit had. So the rows by name have one index, and those by cause
 * are a table of their own.
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { asOwner, tenantTable } from "./TenantTable.ts"

export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE advocacy.taken (
      tenant text COLLATE "C" NOT NULL,
      program text COLLATE "C" NOT NULL,
      cause text COLLATE "C" NOT NULL,
      at bigint NOT NULL,
      takes json NOT NULL,
      PRIMARY KEY (tenant, program, cause)
    )`
  yield* asOwner(
    ["taking"],
    sql`
      INSERT INTO advocacy.taken
      SELECT tenant, program, cause, min(at), json_agg(
        json_build_object('name', name, 'granted', granted::text, 'reserved', reserved::text) ORDER BY name
      )
      FROM advocacy.taking GROUP BY tenant, program, cause`,
  )
  yield* sql`DROP INDEX advocacy.taking_cause`
  yield* tenantTable("taken")
  yield* sql`GRANT DELETE ON advocacy.taken TO advocacy_app`
})
