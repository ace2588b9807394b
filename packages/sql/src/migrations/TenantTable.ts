/**
 * What makes a table a tenant's: forced row-level security, and rights for the app role to read, to add, and to change
 * only the columns named.
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

export const tenantTable = Effect.fnUntraced(function* (table: string, changing: ReadonlyArray<string> = []) {
  const sql = yield* SqlClient.SqlClient
  const name = sql(`advocacy.${table}`)
  yield* sql`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`
  yield* sql`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`
  yield* sql`
    CREATE POLICY tenant ON ${name}
      USING (tenant = current_setting('advocacy.tenant', true))
      WITH CHECK (tenant = current_setting('advocacy.tenant', true))`
  yield* sql`REVOKE ALL ON ${name} FROM PUBLIC, advocacy_app`
  yield* sql`GRANT SELECT, INSERT ON ${name} TO advocacy_app`
  if (changing.length > 0) {
    yield* sql`GRANT UPDATE (${sql.literal(changing.join(", "))}) ON ${name} TO advocacy_app`
  }
})
