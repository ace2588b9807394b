/**
 * Erasing people: tombstones, and the only ways in which facts, postings and personal values change or go.
 *
 * The app role may add facts and postings and never change them. Erasure is the one exception that the law demands, so it has functions
 * that run with their owner's rights and do nothing else: they take rows of the current tenant alone, put a body in a fact's place only
 * where it names a tombstone of that tenant, and change no amount. Row-level security binds them too wherever it binds their owner.
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { tenantTable } from "./TenantTable.ts"

const tables = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE advocacy.tombstone (
      tenant text COLLATE "C" NOT NULL,
      handle text COLLATE "C" NOT NULL,
      erased_at bigint NOT NULL,
      PRIMARY KEY (tenant, handle)
    )`
  yield* tenantTable("tombstone", ["erased_at"])
  yield* sql`
    CREATE TABLE advocacy.erasure_turn (
      tenant text COLLATE "C" PRIMARY KEY,
      turns bigint NOT NULL
    )`
  yield* tenantTable("erasure_turn", ["turns"])
})

/** Waits for an erasure that is under way, keeps others out until the end of the transaction, and sees what it did. */
const turns = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE FUNCTION advocacy.erasures() RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog AS $$
    DECLARE
      mine text := current_setting('advocacy.tenant');
    BEGIN
      PERFORM pg_advisory_xact_lock_shared(hashtextextended('advocacy erasure ' || mine, 0));
      RETURN coalesce((SELECT turn.turns FROM advocacy.erasure_turn AS turn WHERE turn.tenant = mine), 0);
    END $$`
})

const factRows = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE FUNCTION advocacy.erase_facts(
      keys text[], versions bigint[], ranks bigint[], digests bytea[], new_keys text[], new_digests bytea[], new_bodies text[]
    ) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
    DECLARE
      mine text := current_setting('advocacy.tenant');
    BEGIN
      IF EXISTS (
        SELECT FROM unnest(new_bodies) AS body
        WHERE body IS NOT NULL AND NOT EXISTS (
          SELECT FROM advocacy.tombstone AS stone WHERE stone.tenant = mine AND strpos(body, stone.handle) > 0
        )
      ) THEN
        RAISE EXCEPTION 'a fact is only replaced by one with a tombstone' USING ERRCODE = 'check_violation';
      END IF;
      WITH change AS (
        SELECT * FROM unnest(keys, versions, ranks, digests, new_keys, new_digests, new_bodies)
          AS change (key, version, rank, digest, new_key, new_digest, new_body)
      ), gone AS (
        DELETE FROM advocacy.fact AS fact USING change
        WHERE fact.tenant = mine AND fact.key = change.key AND fact.version = change.version
          AND fact.rank = change.rank AND fact.digest = change.digest
        RETURNING change.new_key, fact.version, fact.rank, change.new_digest, fact.tag, fact.occurred_at, fact.recorded_at, change.new_body
      )
      INSERT INTO advocacy.fact (tenant, key, version, rank, digest, tag, occurred_at, recorded_at, body)
      SELECT mine, new_key, version, rank, new_digest, tag, occurred_at, recorded_at, new_body::json
      FROM gone WHERE new_body IS NOT NULL
      ON CONFLICT DO NOTHING;
    END $$`
  yield* sql`
    CREATE FUNCTION advocacy.erase_values(handles text[])
    RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
      DELETE FROM advocacy.personal WHERE tenant = current_setting('advocacy.tenant') AND handle = ANY(handles)
    $$`
  yield* sql`
    CREATE FUNCTION advocacy.erase_messages(sources text[], event_keys text[], new_event_keys text[], new_bodies bytea[])
    RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
      UPDATE advocacy.inbox AS message SET event_key = change.new_event_key, body = change.new_body
      FROM unnest(sources, event_keys, new_event_keys, new_bodies) AS change (source, event_key, new_event_key, new_body)
      WHERE message.tenant = current_setting('advocacy.tenant')
        AND message.source = change.source AND message.event_key = change.event_key
    $$`
})

/** Keys are renamed by way of a second row, because postings hang on revisions and these on credits. No amount is touched. */
const ledgerRows = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE FUNCTION advocacy.erase_revisions(
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
      INSERT INTO advocacy.revision (tenant, key, revision, unit, effective_at, recorded_at, credit)
        SELECT old.tenant, renamed.new_key, old.revision, old.unit, old.effective_at, old.recorded_at, old.credit
        FROM advocacy.revision AS old JOIN unnest(renamed_from, renamed_to) AS renamed (key, new_key) USING (key)
        WHERE old.tenant = mine;
      UPDATE advocacy.posting AS posting SET key = renamed.new_key
        FROM unnest(renamed_from, renamed_to) AS renamed (key, new_key)
        WHERE posting.tenant = mine AND posting.key = renamed.key;
      DELETE FROM advocacy.revision WHERE tenant = mine AND key = ANY(renamed_from);
      DELETE FROM advocacy.credit WHERE tenant = mine AND key = ANY(renamed_from);
    END $$`
  yield* sql`
    CREATE FUNCTION advocacy.erase_effects(keys text[], new_keys text[], new_bodies text[], undo bigint[])
    RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
      UPDATE advocacy.effect AS effect SET key = change.new_key, body = change.new_body::json,
        state = CASE WHEN change.undo = 1 AND effect.state = 'planned' THEN 'undone' ELSE effect.state END,
        due_at = CASE WHEN change.undo = 1 AND effect.state = 'planned' THEN NULL ELSE effect.due_at END
      FROM unnest(keys, new_keys, new_bodies, undo) AS change (key, new_key, new_body, undo)
      WHERE effect.tenant = current_setting('advocacy.tenant') AND effect.key = change.key
    $$`
})

const functions = [
  "erase_facts(text[], bigint[], bigint[], bytea[], text[], bytea[], text[])",
  "erase_values(text[])",
  "erase_messages(text[], text[], text[], bytea[])",
  "erase_revisions(text[], bigint[], text[], text[], text[], text[], text[])",
  "erase_effects(text[], text[], text[], bigint[])",
]

export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* tables
  yield* turns
  yield* factRows
  yield* ledgerRows
  for (const name of functions) {
    yield* sql`REVOKE ALL ON FUNCTION ${sql.literal(`advocacy.${name}`)} FROM PUBLIC`
    yield* sql`GRANT EXECUTE ON FUNCTION ${sql.literal(`advocacy.${name}`)} TO advocacy_app`
  }
})
