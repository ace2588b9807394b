/**
 * Leases, waits and platforms of the outbox, and the platforms that are away.
 *
 * `due_at` is when a worker may take an effect: at once when it is planned, when the lease of its attempt runs out, or when
 * its wait is over; null where nobody takes it by itself. What was being sent under an earlier release has no lease: it is
 * due at once, and looked up first.
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { asOwner, tenantTable } from "./TenantTable.ts"

export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    ALTER TABLE advocacy.effect
      ADD COLUMN platform text COLLATE "C",
      ADD COLUMN due_at bigint,
      ADD COLUMN unanswered integer NOT NULL DEFAULT 0,
      ADD COLUMN gone_at bigint,
      ADD COLUMN taken_at bigint`
  yield* asOwner(
    ["effect"],
    sql`
      UPDATE advocacy.effect SET
        platform = coalesce(split_part(body->>'recipient', ':', 1), 'shopify'),
        due_at = CASE WHEN state IN ('planned', 'sending', 'unknown') THEN 0 END`,
  )
  yield* sql`
    ALTER TABLE advocacy.effect
      ALTER COLUMN platform SET NOT NULL,
      ADD CONSTRAINT effect_due CHECK (
        CASE WHEN state IN ('planned', 'sending') THEN due_at IS NOT NULL ELSE state = 'unknown' OR due_at IS NULL END
      )`
  yield* sql`CREATE INDEX effect_turn ON advocacy.effect (tenant, platform, state, key)`
  yield* sql`CREATE INDEX effect_taken ON advocacy.effect (tenant, platform, taken_at) WHERE taken_at IS NOT NULL`
  yield* sql`GRANT UPDATE (platform, due_at, unanswered, gone_at, taken_at) ON advocacy.effect TO advocacy_app`
  yield* sql`
    CREATE TABLE advocacy.outage (
      tenant text COLLATE "C" NOT NULL,
      platform text COLLATE "C" NOT NULL,
      until bigint NOT NULL,
      times integer NOT NULL,
      PRIMARY KEY (tenant, platform)
    )`
  yield* tenantTable("outage", ["until", "times"])
})
