/**
 * The double-entry ledger: one row per credit for ever, its revisions, and their postings.
 *
 * Postings that do not sum to zero per revision and unit are refused by the database too, at the end of the statement
 * that adds them: one check for the whole statement, so that ten thousand revisions cost one query.
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { tenantTable } from "./TenantTable.ts"

const zeroSum = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE FUNCTION advocacy.refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      unbalanced text;
    BEGIN
      SELECT key INTO unbalanced FROM added GROUP BY tenant, key, revision, unit HAVING sum(amount) <> 0 LIMIT 1;
      IF FOUND THEN
        RAISE EXCEPTION 'the postings of credit % do not sum to zero', unbalanced USING ERRCODE = 'check_violation';
      END IF;
      RETURN NULL;
    END $$`
  yield* sql`
    CREATE TRIGGER posting_zero_sum AFTER INSERT ON advocacy.posting
      REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION advocacy.refuse_unbalanced()`
})

export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE advocacy.credit (
      tenant text COLLATE "C" NOT NULL,
      key text COLLATE "C" NOT NULL,
      program text COLLATE "C" NOT NULL,
      PRIMARY KEY (tenant, key)
    )`
  yield* sql`CREATE INDEX credit_program ON advocacy.credit (tenant, program, key)`
  yield* tenantTable("credit")
  yield* sql`
    CREATE TABLE advocacy.revision (
      tenant text COLLATE "C" NOT NULL,
      key text COLLATE "C" NOT NULL,
      revision integer NOT NULL CHECK (revision > 0),
      unit text COLLATE "C" NOT NULL,
      effective_at bigint NOT NULL,
      recorded_at timestamptz NOT NULL DEFAULT now(),
      credit json NOT NULL,
      PRIMARY KEY (tenant, key, revision),
      FOREIGN KEY (tenant, key) REFERENCES advocacy.credit
    )`
  yield* tenantTable("revision")
  yield* sql`
    CREATE TABLE advocacy.posting (
      tenant text COLLATE "C" NOT NULL,
      key text COLLATE "C" NOT NULL,
      revision integer NOT NULL,
      leg integer NOT NULL,
      account text COLLATE "C" NOT NULL,
      unit text COLLATE "C" NOT NULL,
      amount numeric(38, 0) NOT NULL,
      PRIMARY KEY (tenant, key, revision, leg),
      FOREIGN KEY (tenant, key, revision) REFERENCES advocacy.revision
    )`
  yield* tenantTable("posting")
  yield* zeroSum
})
