/**
 * Takes a backup of all tenants: everything that is stored, in one file that either engine can be restored from.
 *
 * Promises: one snapshot, however long it takes and whoever writes meanwhile; every table of the schema, also those that this
 * version does not know; memory that does not grow with the data. It holds no key, and personal values only sealed.
 * It is not taken by the role of the work, which sees one tenant, but by the connection's own user.
 */
import { Effect } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { BackupUnusable, formatVersion, type Header } from "./BackupFile.ts"
import * as BackupWriter from "./BackupWriter.ts"
import { DatabaseUnusable } from "./Database.ts"
import * as StoredTable from "./StoredTable.ts"

export interface BackedUp {
  readonly file: string
  readonly sha256: string
  readonly schema: number
  readonly tenants: ReadonlyArray<string>
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>
}

/** A page is about this many characters, whatever its rows are like. */
const charactersPerPage = 4_000_000
const mostRowsPerPage = 5_000

/** Values as texts that mean the same on every server, and an error in place of rows that a policy would hide. */
export const portableText = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true),
      set_config('IntervalStyle', 'iso_8601', true), set_config('extra_float_digits', '1', true),
      set_config('row_security', 'off', true)`
})

const remedy =
  "let a user that is not bound by row-level security do this: an administrator, or ALTER ROLE … BYPASSRLS for the user of DATABASE_URL"

/** What a user who is bound by the policies is told in place of an incomplete backup. */
export const explainPolicies = <A, E, R>(
  body: Effect.Effect<A, E | SqlError.SqlError, R>,
): Effect.Effect<A, E | SqlError.SqlError | DatabaseUnusable, R> =>
  Effect.mapError(body, (error) =>
    typeof error === "object" &&
    error !== null &&
    "_tag" in error &&
    error._tag === "SqlError" &&
    (error as SqlError.SqlError).reason._tag === "AuthorizationError"
      ? new DatabaseUnusable({ place: "the data of all tenants", remedy, cause: error })
      : error,
  )

/** Rows by tenant, and how many in all; a table that is nobody's has no tenants. */
const counted = Effect.fnUntraced(function* (table: StoredTable.StoredTable) {
  const sql = yield* SqlClient.SqlClient
  const tenant = table.columns.some(({ name }) => name === "tenant") ? "tenant" : "NULL::text"
  const rows = yield* sql.unsafe<{ readonly tenant: string | null; readonly n: bigint }>(
    `SELECT ${tenant} AS tenant, count(*) AS n FROM ${StoredTable.qualified(table)} GROUP BY 1`,
  )
  return {
    tenants: rows.flatMap((row) => (row.tenant === null ? [] : [row.tenant])),
    rows: rows.reduce((sum, { n }) => sum + Number(n), 0),
  }
})

const headerOf = Effect.fnUntraced(function* (tables: ReadonlyArray<StoredTable.StoredTable>) {
  const sql = yield* SqlClient.SqlClient
  const [migration] = yield* sql<{ readonly last: number | null }>`
    SELECT max(migration_id)::int AS last FROM advocacy.migration`
  const [key] = yield* sql<{ readonly fingerprint: string }>`SELECT fingerprint FROM advocacy.vault_key`
  const counts = yield* Effect.forEach(tables, counted)
  return {
    format: "advocacy-backup",
    version: formatVersion,
    schema: migration?.last ?? 0,
    vaultKey: key?.fingerprint ?? null,
    tenants: [...new Set(counts.flatMap(({ tenants }) => tenants))].sort(),
    tables: tables.map(({ columns, name }, index) => ({ name, columns, rows: counts[index]?.rows ?? 0 })),
  } satisfies Header
})

const asText = ({ name, type }: StoredTable.StoredColumn): string => {
  const column = `"${name.replaceAll('"', '""')}"`
  return type === "bytea" ? `translate(encode(${column}, 'base64'), E'\\n', '')` : `${column}::text`
}

/** Writes the rows of one table in the order of its key, a page at a time. */
const write = Effect.fnUntraced(function* (writer: BackupWriter.BackupWriter, table: StoredTable.StoredTable) {
  const sql = yield* SqlClient.SqlClient
  yield* writer.write([JSON.stringify({ table: table.name })])
  yield* sql.unsafe(
    `DECLARE backup NO SCROLL CURSOR FOR SELECT json_build_array(${table.columns.map(asText).join(", ")})::text AS line
     FROM ${StoredTable.qualified(table)}${table.order === "" ? "" : ` ORDER BY ${table.order}`}`,
  )
  let [rows, limit] = [0, 10]
  for (;;) {
    const page = yield* sql.unsafe<{ readonly line: string }>(`FETCH FORWARD ${limit} FROM backup`)
    if (page.length > 0) yield* writer.write(page.map(({ line }) => line))
    rows += page.length
    if (page.length < limit) break
    const characters = page.reduce((sum, { line }) => sum + line.length, 0)
    limit = Math.max(1, Math.min(mostRowsPerPage, 2 * limit, Math.floor((charactersPerPage * limit) / characters)))
  }
  yield* sql`CLOSE backup`
  return rows
})

/** Writes everything that the database holds to a new file. */
export const take = Effect.fn("Backup.take")(function* (file: string) {
  const sql = yield* SqlClient.SqlClient
  const writer = yield* BackupWriter.make(file)
  const all = Effect.gen(function* () {
    yield* portableText
    if (!(yield* StoredTable.exists)) {
      return yield* new BackupUnusable({
        file,
        problem: "would be empty: the database has no tables of ours",
        remedy: "check DATABASE_URL or the directory, or run `advocacy migrate` first",
      })
    }
    const tables = yield* StoredTable.all
    const header = yield* headerOf(tables)
    // Without statistics (PGlite never gathers any) the planner sorts what an index gives in order.
    yield* sql`SELECT set_config('enable_sort', 'off', true)`
    yield* writer.write([JSON.stringify(header)])
    const rows: Record<string, number> = {}
    for (const table of tables) rows[table.name] = yield* write(writer, table)
    const sha256 = yield* writer.end(rows)
    return { file, sha256, schema: header.schema, tenants: header.tenants, rows } satisfies BackedUp
  })
  return yield* explainPolicies(
    sql
      .withTransaction(all)
      .pipe(Effect.provideService(SqlClient.BeginTransaction, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")),
  )
}, Effect.scoped)
