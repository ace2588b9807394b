/**
 * What credits say of themselves since points and tiers: their rule and part, when their cause happened, when they expire.
 *
 * Credits that were posted before have rule and part in their key, never expire, and happened when the record of their
 * cause says. Where that is not stored the posting's own time stands in; the next crediting posts the difference. The texts
 * are extended and not written anew, because the order of members in a credit's reasons is kept.
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { asOwner } from "./TenantTable.ts"

export default asOwner(
  ["fact", "revision"],
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    yield* sql`
      UPDATE advocacy.revision AS known SET credit = ('{'
        || '"rule":' || to_json(split_part(known.key, '|', 2))::text
        || ',"part":' || to_json(reverse(split_part(reverse(known.key), '|', 1)))::text
        || ',"at":' || coalesce(cause.occurred_at, known.effective_at)::text
        || ',"expiresAt":null,'
        || substr(ltrim(known.credit::text), 2))::json
      FROM advocacy.revision AS old
      LEFT JOIN LATERAL (
        SELECT occurred_at FROM advocacy.fact
        WHERE fact.tenant = old.tenant AND fact.key = old.credit ->> 'cause'
        ORDER BY version DESC, rank DESC, digest DESC LIMIT 1
      ) AS cause ON true
      WHERE old.tenant = known.tenant AND old.key = known.key AND old.revision = known.revision
        AND NOT known.credit::jsonb ? 'rule'`
  }),
)
