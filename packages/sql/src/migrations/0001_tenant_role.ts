/**
 * The role that all work runs as: it owns nothing and cannot log in, so that row-level security binds it.
 *
 * Roles belong to the whole server: another database of it may have made this one already.
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

export default Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'advocacy_app') THEN
        CREATE ROLE advocacy_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END $$`
  yield* sql`
    DO $$ BEGIN
      IF NOT pg_has_role(current_user, 'advocacy_app', 'MEMBER') THEN
        EXECUTE format('GRANT advocacy_app TO %I', current_user);
      END IF;
    END $$`
  yield* sql`GRANT USAGE ON SCHEMA advocacy TO advocacy_app`
})
