/**
 * What each revision was decided by: the time of the evaluation, and a digest of the facts that it read.
 *
 * Revisions of earlier releases did not say: their digest is empty, and their time is the one that they are dated by. Erasure renames
 * credits by way of a second row, which takes both along.
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { asOwner } from "./TenantTable.ts"

export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`ALTER TABLE advocacy.revision ADD COLUMN as_of bigint, ADD COLUMN inputs text COLLATE "C" NOT NULL DEFAULT ''`
  yield* asOwner(["revision"], sql`UPDATE advocacy.revision SET as_of = effective_at`)
  yield* sql`ALTER TABLE advocacy.revision ALTER COLUMN as_of SET NOT NULL, ALTER COLUMN inputs DROP DEFAULT`
  yield* sql`
    CREATE OR REPLACE FUNCTION advocacy.erase_revisions(
      keys text[], numbers bigint[], new_credits text[], accounts text[], new_accounts text[], renamed_from text[], renamed_to text[]
    ) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
    DECLARE
      mine text := current_setting('advocacy.tenant');
    BEGIN
      UPDATE advocacy.revision AS revision SET credit = change.new_credit::json
      FROM unnest(keys, numbers, new_credits) AS change (key, number, new_credit)
      WHERE revision.tenant = mine AND revision.key = change.key AND revision.revision = change.number;
      UPDATE advocacy.posting AS posting SET account = change.new_account
      FROM unnest(accounts, new_accounts) AS change (account, new_account)
      WHERE posting.tenant = mine AND posting.key = ANY(keys) AND posting.account = change.account;
      INSERT INTO advocacy.credit (tenant, key, program)
        SELECT credit.tenant, renamed.new_key, credit.program
        FROM advocacy.credit AS credit JOIN unnest(renamed_from, renamed_to) AS renamed (key, new_key) USING (key)
        WHERE credit.tenant = mine;
      INSERT INTO advocacy.revision (tenant, key, revision, unit, effective_at, recorded_at, as_of, inputs, credit)
        SELECT old.tenant, renamed.new_key, old.revision, old.unit, old.effective_at, old.recorded_at, old.as_of, old.inputs, old.credit
        FROM advocacy.revision AS old JOIN unnest(renamed_from, renamed_to) AS renamed (key, new_key) USING (key)
        WHERE old.tenant = mine;
      UPDATE advocacy.posting AS posting SET key = renamed.new_key
        FROM unnest(renamed_from, renamed_to) AS renamed (key, new_key)
        WHERE posting.tenant = mine AND posting.key = renamed.key;
      DELETE FROM advocacy.revision WHERE tenant = mine AND key = ANY(renamed_from);
      DELETE FROM advocacy.credit WHERE tenant = mine AND key = ANY(renamed_from);
    END $$`
})
