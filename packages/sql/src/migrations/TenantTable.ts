/**
 * What makes a table a tenant's: forced row-level security, and rights for the app role to read, to add, and to change
 * only the columns named; plans that do not depend on how many rows other tenants have. And how a step changes rows of all
 * tenants that are there already.
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** The planner takes each tenant for the same part of the table. */
export const withoutTenantStatistics = Effect.fnUntraced(function* (table: string) {
  const sql = yield* SqlClient.SqlClient
  yield* sql`ALTER TABLE ${sql(`advocacy.${table}`)} ALTER COLUMN tenant SET STATISTICS 0`
})

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
  yield* withoutTenantStatistics(table)
  if (changing.length > 0) {
    yield* sql`GRANT UPDATE (${sql.literal(changing.join(", "))}) ON ${name} TO advocacy_app`
  }
})

/**
 * Runs `body` while the owner of `tables` sees all rows of them, as a step must that changes what is stored. Without it a
 * user who is no superuser would be refused, because the policies bind the owner too.
 */
export const asOwner = <A, E, R>(tables: ReadonlyArray<string>, body: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    for (const table of tables) yield* sql`ALTER TABLE ${sql(`advocacy.${table}`)} NO FORCE ROW LEVEL SECURITY`
    const answer = yield* body
    for (const table of tables) yield* sql`ALTER TABLE ${sql(`advocacy.${table}`)} FORCE ROW LEVEL SECURITY`
    return answer
  })
