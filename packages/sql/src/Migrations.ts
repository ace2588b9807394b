/**
 * The tables, in numbered steps that only ever grow.
 *
 * Promises: all missing steps in one transaction, or none; safe to run by many processes at once and on every start.
 * Everything lies in the schema `advocacy`, so it can share a database with tables of yours.
 */
import { Effect } from "effect"
import { Migrator, SqlClient, type SqlError } from "effect/sql"
import { DatabaseUnusable } from "./Database.ts"
import tenantRole from "./migrations/0001_tenant_role.ts"
import inbox from "./migrations/0002_inbox.ts"
import facts from "./migrations/0003_facts.ts"
import ledger from "./migrations/0004_ledger.ts"
import outbox from "./migrations/0005_outbox.ts"
import outboxLease from "./migrations/0006_outbox_lease.ts"
import mentions from "./migrations/0007_mentions.ts"
import erasure from "./migrations/0008_erasure.ts"
import creditParts from "./migrations/0009_credit_parts.ts"
import tallies from "./migrations/0010_tallies.ts"
import revisionInputs from "./migrations/0011_revision_inputs.ts"
import taken from "./migrations/0012_taken.ts"
import tenantStatistics from "./migrations/0013_tenant_statistics.ts"
import effectCredit from "./migrations/0014_effect_credit.ts"
import creditedTo from "./migrations/0015_credited_to.ts"
import installations from "./migrations/0016_installations.ts"

const steps = {
  "0001_tenant_role": tenantRole,
  "0002_inbox": inbox,
  "0003_facts": facts,
  "0004_ledger": ledger,
  "0005_outbox": outbox,
  "0006_outbox_lease": outboxLease,
  "0007_mentions": mentions,
  "0008_erasure": erasure,
  "0009_credit_parts": creditParts,
  "0010_tallies": tallies,
  "0011_revision_inputs": revisionInputs,
  "0012_taken": taken,
  "0013_tenant_statistics": tenantStatistics,
  "0014_effect_credit": effectCredit,
  "0015_credited_to": creditedTo,
  "0016_installations": installations,
}

export interface Step {
  readonly id: number
  readonly name: string
}

/** As the file is called: `0005_outbox`. */
export const label = ({ id, name }: Step): string => `${String(id).padStart(4, "0")}_${name}`

interface Known extends Step {
  readonly take: (typeof steps)[keyof typeof steps]
}

const all: ReadonlyArray<Known> = Object.entries(steps)
  .map(([name, take]) => ({ id: Number.parseInt(name, 10), name: name.slice(name.indexOf("_") + 1), take }))
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

export interface Status {
  /** Taken, oldest first; also those of a newer version. */
  readonly done: ReadonlyArray<Step>
  readonly missing: ReadonlyArray<Step>
}

const isJournaled = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const [row] = yield* sql<{ readonly there: boolean }>`SELECT to_regclass('advocacy.migration') IS NOT NULL AS there`
  return row?.there === true
})

/** What `run` would do. Changes nothing, and needs no right to. */
export const status = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const done: ReadonlyArray<Step> = (yield* isJournaled)
    ? yield* sql<Step>`SELECT migration_id AS id, name FROM advocacy.migration ORDER BY migration_id`
    : []
  const known = new Set(done.map(({ id }) => id))
  return { done, missing: all.filter(({ id }) => !known.has(id)) } satisfies Status
})

/** Looked for first: making a table needs a right even where it is there. */
const journal = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  if (yield* isJournaled) return
  yield* sql`
    CREATE TABLE advocacy.migration (
      migration_id integer PRIMARY KEY,
      created_at timestamptz NOT NULL DEFAULT now(),
      name text NOT NULL
    )`
})

const take = Effect.fnUntraced(function* ({ id, name, take: step }: Known) {
  const sql = yield* SqlClient.SqlClient
  yield* step
  yield* sql`INSERT INTO advocacy.migration (migration_id, name) VALUES (${id}, ${name})`
})

/** A step that knows the remedy says more than that it failed. */
const failed = (step: Step) => (error: DatabaseUnusable | SqlError.SqlError) =>
  error instanceof DatabaseUnusable
    ? error
    : new Migrator.MigrationError({ kind: "Failed", message: `the step ${label(step)} failed`, cause: error })

/**
 * Takes the missing steps up to the one with this number, in order; answers those that it took. A step that joined later
 * with a lower number than others is taken too.
 */
export const until = Effect.fnUntraced(function* (last: number) {
  const sql = yield* SqlClient.SqlClient
  return yield* sql.withTransaction(
    Effect.gen(function* () {
      yield* takeTurn
      // A step that would pass over rows because a policy hides them fails (see `asOwner`). What functions do with rows is
      // looked at when they run, under the settings of then.
      yield* sql`SELECT set_config('row_security', 'off', true), set_config('check_function_bodies', 'off', true)`
      yield* schema
      yield* journal
      const done = new Set((yield* status).done.map(({ id }) => id))
      const missing = all.filter(({ id }) => id <= last && !done.has(id))
      yield* Effect.forEach(missing, (step) => Effect.mapError(take(step), failed(step)), { discard: true })
      return missing.map(({ id, name }): Step => ({ id, name }))
    }),
  )
})

/** Brings the database up to date; answers the steps that it took. Needs the right to create schemas and roles. */
export const run = Effect.suspend(() => until(newest))
