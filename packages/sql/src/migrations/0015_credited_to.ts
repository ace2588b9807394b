/**
 * All credits of a beneficiary are found by one index, in place of two for a part each; and what expired counts as open: a debt of an
 * earlier time takes it.
 *
 * What of a credit is open or owing is said in one place in the database, for rows that are there and for those that an erasure makes
 * anew.
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { asOwner } from "./TenantTable.ts"

/** Where each credit stands, as `CreditsNow.keep` writes it. */
const stands = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE FUNCTION advocacy.lies_in(credit json, maturities text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog
    RETURN EXISTS (
      SELECT FROM json_array_elements(credit->'legs') AS leg
      WHERE split_part(leg->>'account', '#', -1) = ANY(maturities)
    )`
  yield* sql`REVOKE ALL ON FUNCTION advocacy.lies_in(json, text[]) FROM PUBLIC`
  yield* sql`
    UPDATE advocacy.credit_now AS now SET is_open = true FROM advocacy.revision AS last
    WHERE last.tenant = now.tenant AND last.key = now.key AND last.revision = now.revision
      AND NOT now.is_open AND advocacy.lies_in(last.credit, ARRAY['expired'])`
})

const eraseNames = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE OR REPLACE FUNCTION advocacy.erase_names(handles text[], keys text[])
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
    DECLARE
      mine text := current_setting('advocacy.tenant');
    BEGIN
      DELETE FROM advocacy.mention WHERE tenant = mine AND (name = ANY(handles) OR key = ANY(keys));
      DELETE FROM advocacy.alias WHERE tenant = mine AND (handle = ANY(handles) OR key = ANY(keys));
      DELETE FROM advocacy.fact_change WHERE tenant = mine AND (names && handles OR key = ANY(keys));
      DELETE FROM advocacy.taking WHERE tenant = mine;
      DELETE FROM advocacy.taking_day WHERE tenant = mine;
      DELETE FROM advocacy.credit_now WHERE tenant = mine;
      INSERT INTO advocacy.credit_now
      SELECT tenant, key, credit->>'program', credit->>'cause', credit->>'beneficiary', revision,
        (credit->>'nextDueAt')::bigint,
        advocacy.lies_in(credit, ARRAY['pending', 'available', 'expired']),
        advocacy.lies_in(credit, ARRAY['debt', 'repaid'])
      FROM (
        SELECT DISTINCT ON (key) tenant, key, revision, credit FROM advocacy.revision
        WHERE tenant = mine ORDER BY key, revision DESC
      ) AS last;
    END $$`
})

export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`DROP INDEX advocacy.credit_now_open`
  yield* sql`DROP INDEX advocacy.credit_now_owing`
  // Whether somebody owes is asked for every batch, what they have open only of those who do.
  yield* sql`
    CREATE INDEX credit_now_beneficiary ON advocacy.credit_now (tenant, program, beneficiary, is_owing, is_open)`
  yield* asOwner(["credit_now", "revision"], stands)
  yield* eraseNames
})
