/**
 * The role that all work runs as: it owns nothing and cannot log in, so that row-level security binds it.
 *
 * Roles belong to the whole server: another database of it may have made this one already. A user who may neither make
 * nor use it is told what an administrator has to do.
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { DatabaseUnusable } from "../Database.ts"

const remedy =
  "let an administrator run CREATE ROLE advocacy_app NOLOGIN (unless it exists) and GRANT advocacy_app TO the user of DATABASE_URL"

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
  // From version 16 on, who makes a role may grant it but not yet take it.
  yield* sql`
    DO $$ BEGIN
      IF NOT pg_has_role(current_user, 'advocacy_app',
        CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END) THEN
        EXECUTE format('GRANT advocacy_app TO %I', current_user);
      END IF;
    END $$`
  yield* sql`GRANT USAGE ON SCHEMA advocacy TO advocacy_app`
}).pipe(
  Effect.mapError((error) =>
    error.reason._tag === "AuthorizationError"
      ? new DatabaseUnusable({ place: "the role advocacy_app", remedy, cause: error })
      : error,
  ),
)
