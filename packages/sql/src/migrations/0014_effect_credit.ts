/**
 * The credit of an effect is a column. Inside row-level security no index is asked by `body->>'credit'`: that function might tell
 * of rows of others, so they would be sorted out first, one by one.
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`DROP INDEX advocacy.effect_credit`
  yield* sql`
    ALTER TABLE advocacy.effect
    ADD COLUMN credit text COLLATE "C" GENERATED ALWAYS AS (body->>'credit') STORED`
  yield* sql`CREATE INDEX effect_credit ON advocacy.effect (tenant, credit)`
})
