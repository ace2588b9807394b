/**
 * What follows from the ledger and is kept to find it quickly: where each credit stands now, and what conversions took of limits.
 *
 * Both can be made anew from revisions and facts; nothing in them decides. What was taken is summed by day too, so that what
 * stands before a place is a few sums and the rest of one day.
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { tenantTable } from "./TenantTable.ts"

const creditNow = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE advocacy.credit_now (
      tenant text COLLATE "C" NOT NULL,
      key text COLLATE "C" NOT NULL,
      program text COLLATE "C" NOT NULL,
      cause text COLLATE "C" NOT NULL,
      beneficiary text COLLATE "C" NOT NULL,
      revision integer NOT NULL,
      next_due_at bigint,
      is_open boolean NOT NULL,
      is_owing boolean NOT NULL,
      PRIMARY KEY (tenant, key)
    )`
  yield* sql`ALTER TABLE advocacy.revision NO FORCE ROW LEVEL SECURITY`
  yield* sql`
    INSERT INTO advocacy.credit_now
    SELECT tenant, key, credit->>'program', credit->>'cause', credit->>'beneficiary', revision,
      (credit->>'nextDueAt')::bigint,
      EXISTS (SELECT FROM json_array_elements(credit->'legs') AS leg WHERE leg->>'account' ~ '#(pending|available)$'),
      EXISTS (SELECT FROM json_array_elements(credit->'legs') AS leg WHERE leg->>'account' ~ '#(debt|repaid)$')
    FROM (
      SELECT DISTINCT ON (tenant, key) tenant, key, revision, credit FROM advocacy.revision
      ORDER BY tenant, key, revision DESC
    ) AS last`
  yield* sql`ALTER TABLE advocacy.revision FORCE ROW LEVEL SECURITY`
  yield* sql`CREATE INDEX credit_now_cause ON advocacy.credit_now (tenant, program, cause)`
  yield* sql`CREATE INDEX credit_now_due ON advocacy.credit_now (tenant, program, next_due_at) WHERE next_due_at IS NOT NULL`
  yield* sql`CREATE INDEX credit_now_open ON advocacy.credit_now (tenant, program, beneficiary) WHERE is_open`
  yield* sql`CREATE INDEX credit_now_owing ON advocacy.credit_now (tenant, program, beneficiary) WHERE is_owing`
  yield* tenantTable("credit_now", ["cause", "beneficiary", "revision", "next_due_at", "is_open", "is_owing"])
})

/**
 * Erasure takes the names of a person out of what is kept to find things by. Where each credit stands is made anew; takings and names
 * come back with the whole evaluation, and the entering of facts, that follow.
 */
const eraseNames = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE FUNCTION advocacy.erase_names(handles text[], keys text[])
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
        EXISTS (SELECT FROM json_array_elements(credit->'legs') AS leg WHERE leg->>'account' ~ '#(pending|available)$'),
        EXISTS (SELECT FROM json_array_elements(credit->'legs') AS leg WHERE leg->>'account' ~ '#(debt|repaid)$')
      FROM (
        SELECT DISTINCT ON (key) tenant, key, revision, credit FROM advocacy.revision
        WHERE tenant = mine ORDER BY key, revision DESC
      ) AS last;
    END $$`
  yield* sql`REVOKE ALL ON FUNCTION advocacy.erase_names(text[], text[]) FROM PUBLIC`
  yield* sql`GRANT EXECUTE ON FUNCTION advocacy.erase_names(text[], text[]) TO advocacy_app`
})

export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* creditNow
  yield* sql`CREATE INDEX effect_credit ON advocacy.effect (tenant, (body->>'credit'))`
  yield* sql`
    CREATE TABLE advocacy.taking (
      tenant text COLLATE "C" NOT NULL,
      program text COLLATE "C" NOT NULL,
      name text COLLATE "C" NOT NULL,
      at bigint NOT NULL,
      cause text COLLATE "C" NOT NULL,
      granted numeric(38, 0) NOT NULL,
      reserved numeric(38, 0) NOT NULL,
      PRIMARY KEY (tenant, program, name, at, cause)
    )`
  yield* sql`CREATE INDEX taking_cause ON advocacy.taking (tenant, program, cause)`
  yield* tenantTable("taking")
  yield* sql`GRANT DELETE ON advocacy.taking TO advocacy_app`
  yield* sql`
    CREATE TABLE advocacy.taking_day (
      tenant text COLLATE "C" NOT NULL,
      program text COLLATE "C" NOT NULL,
      name text COLLATE "C" NOT NULL,
      day bigint NOT NULL,
      granted numeric(38, 0) NOT NULL,
      reserved numeric(38, 0) NOT NULL,
      PRIMARY KEY (tenant, program, name, day)
    )`
  yield* tenantTable("taking_day", ["granted", "reserved"])
  yield* eraseNames
})
