/**
 * The tables, in numbered steps that only ever grow.
 *
 * Promises: all missing steps in one transaction, or none; safe to run by many processes at once and on every start.
 * Everything lies in the schema `advocacy`, so it can share a database with tables of yours.
 */
import { Effect } from "effect"
import { Migrator, SqlClient } from "effect/sql"
import { DatabaseUnusable } from "./Database.ts"
import tenantRole from "./migrations/0001_tenant_role.ts"
import inbox from "./migrations/0002_inbox.ts"
import facts from "./migrations/0003_facts.ts"
import ledger from "./migrations/0004_ledger.ts"
import outbox from "./migrations/0005_outbox.ts"

const steps = Migrator.fromRecord({
  "0001_tenant_role": tenantRole,
  "0002_inbox": inbox,
  "0003_facts": facts,
  "0004_ledger": ledger,
  "0005_outbox": outbox,
})

/** Any number that no other user of the database takes for its own advisory lock. */
const turn = 7_229_841_553

const schema = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const known = yield* sql`SELECT 1 FROM pg_namespace WHERE nspname = 'advocacy'`
  if (known.length === 0) yield* sql`CREATE SCHEMA advocacy`
}).pipe(
  Effect.mapError((error) =>
    error.reason._tag === "AuthorizationError"
      ? new DatabaseUnusable({
          place: "the schema advocacy",
          remedy: "let an administrator run GRANT CREATE ON DATABASE for the user of DATABASE_URL",
          cause: error,
        })
      : error,
  ),
)

/** Brings the database up to date; answers the steps that it took. Needs the right to create schemas and roles. */
export const run = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  return yield* sql.withTransaction(
    Effect.gen(function* () {
      yield* sql`SELECT pg_advisory_xact_lock(${turn})`
      yield* schema
      return yield* Migrator.make({})({ loader: steps, table: "advocacy.migration" })
    }),
  )
}).pipe(
  // A step that knows the remedy says more than that it failed.
  Effect.catchTag("MigrationError", (error) =>
    Effect.fail(error.cause instanceof DatabaseUnusable ? error.cause : error),
  ),
)
