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
import outboxLease from "./migrations/0006_outbox_lease.ts"
import erasure from "./migrations/0008_erasure.ts"

const steps = {
  "0001_tenant_role": tenantRole,
  "0002_inbox": inbox,
  "0003_facts": facts,
  "0004_ledger": ledger,
  "0005_outbox": outbox,
  "0006_outbox_lease": outboxLease,
  "0008_erasure": erasure,
}

export interface Step {
  readonly id: number
  readonly name: string
}

/** As the file is called: `0005_outbox`. */
export const label = ({ id, name }: Step): string => `${String(id).padStart(4, "0")}_${name}`

const all: ReadonlyArray<Step> = Object.keys(steps)
  .map((name) => ({ id: Number.parseInt(name, 10), name: name.slice(name.indexOf("_") + 1) }))
  .sort((left, right) => left.id - right.id)

/** The number of the last step that this version knows. */
export const newest: number = all.at(-1)?.id ?? 0

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

/** One at a time: whoever changes the tables waits here, until the end of the transaction. */
export const takeTurn = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT pg_advisory_xact_lock(${turn})`)

/** Takes the missing steps up to the one with this number; answers those that it took. */
export const until = Effect.fnUntraced(
  function* (last: number) {
    const sql = yield* SqlClient.SqlClient
    const wanted = Object.entries(steps).filter(([name]) => Number.parseInt(name, 10) <= last)
    return yield* sql.withTransaction(
      Effect.gen(function* () {
        yield* takeTurn
        // A step that would pass over rows because a policy hides them fails (see `asOwner`).
        yield* sql`SELECT set_config('row_security', 'off', true)`
        yield* schema
        return yield* Migrator.make({})({
          loader: Migrator.fromRecord(Object.fromEntries(wanted)),
          table: "advocacy.migration",
        })
      }),
    )
  },
  // A step that knows the remedy says more than that it failed.
  Effect.catchTag("MigrationError", (error) =>
    Effect.fail(error.cause instanceof DatabaseUnusable ? error.cause : error),
  ),
)

/** Brings the database up to date; answers the steps that it took. Needs the right to create schemas and roles. */
export const run = Effect.suspend(() => until(newest))

export interface Status {
  /** Taken, oldest first; also those of a newer version. */
  readonly done: ReadonlyArray<Step>
  readonly missing: ReadonlyArray<Step>
}

/** What `run` would do. Changes nothing, and needs no right to. */
export const status = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const [there] = yield* sql<{ readonly there: boolean }>`SELECT to_regclass('advocacy.migration') IS NOT NULL AS there`
  const done: ReadonlyArray<Step> =
    there?.there === true
      ? yield* sql<Step>`SELECT migration_id AS id, name FROM advocacy.migration ORDER BY migration_id`
      : []
  // As the migrator does it: everything after the last step that was taken.
  const last = done.at(-1)?.id ?? 0
  return { done, missing: all.filter(({ id }) => id > last) } satisfies Status
})
