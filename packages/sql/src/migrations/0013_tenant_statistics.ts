/**
 * No statistics of tenants: what the database knew of others made it take a tenant that is new for one without rows.
 *
 * For such a tenant every index that begins with the tenant looked as good as any other, and it read all rows of the tenant where
 * it should have read one. Without statistics it takes each tenant for a two-hundredth of a table, and the more columns an
 * index shares with the question, the better it looks.
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { withoutTenantStatistics } from "./TenantTable.ts"

export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const tables = yield* sql<{ readonly name: string }>`
    SELECT class.relname AS name FROM pg_class AS class JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
    WHERE class.relnamespace = 'advocacy'::regnamespace AND class.relkind = 'r' AND attribute.attname = 'tenant'
    ORDER BY class.relname COLLATE "C"`
  for (const { name } of tables) yield* withoutTenantStatistics(name)
})
