/**
 * Restores a backup into a database that holds nothing yet, on either engine.
 *
 * Promises: all of it or nothing, in one transaction; refuses a database that holds rows, another vault key, a file that is
 * not whole, and one from a newer version. A backup of an older version is restored as it was and then brought up to date.
 * Triggers do not fire: what they derive is in the backup. It does not compare what it restored with the promises;
 * `advocacy verify` does.
 */
import { Effect } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { explainPolicies, portableText } from "./Backup.ts"
import { BackupUnusable, type Header } from "./BackupFile.ts"
import * as BackupReader from "./BackupReader.ts"
import { texts } from "./ColumnArray.ts"
import { DatabaseUnusable } from "./Database.ts"
import * as Migrations from "./Migrations.ts"
import * as StoredTable from "./StoredTable.ts"
import { described } from "./TenantTransaction.ts"
import { AdvocacyKeys, fingerprint, VaultKeyUnusable } from "./Vault.ts"

export interface Restored {
  readonly file: string
  /** The version that it was taken at. */
  readonly schema: number
  /** The steps that brought it up to date. */
  readonly migrated: ReadonlyArray<string>
  readonly tenants: ReadonlyArray<string>
  readonly rows: Readonly<Record<string, number>>
}

const checkKey = Effect.fnUntraced(function* ({ vaultKey }: Header) {
  const mine = fingerprint((yield* AdvocacyKeys).vault)
  if (vaultKey === null || vaultKey === mine) return
  return yield* new VaultKeyUnusable({
    place: "of this installation",
    remedy:
      "the personal values in the backup were sealed with another key; set ADVOCACY_VAULT_KEY to the one of the installation that it was taken from, or copy its file vault.key",
  })
})

/** Refuses a database with rows in it, and keeps others from adding any until the end of the transaction. */
const checkEmpty = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const tables = yield* StoredTable.all
  if (tables.length > 0)
    yield* sql.unsafe(`LOCK TABLE ${tables.map(StoredTable.qualified).join(", ")} IN ACCESS EXCLUSIVE MODE`)
  const filled = yield* StoredTable.filled
  if (filled.length === 0) return
  return yield* new DatabaseUnusable({
    place: `the database that is to be restored (it holds rows in ${filled.join(", ")})`,
    remedy: "restore into a new directory or a new database",
    cause: new Error("not empty"),
  })
})

/** An empty schema as it was when the backup was taken. */
const prepare = Effect.fnUntraced(function* (file: string, header: Header) {
  const sql = yield* SqlClient.SqlClient
  if (header.schema > Migrations.newest) {
    return yield* new BackupUnusable({
      file,
      problem: `was taken at version ${header.schema} of the tables, and this version of the command knows up to ${Migrations.newest}`,
      remedy: "use the version of the command that made it, or a newer one; nothing was stored",
    })
  }
  if (yield* StoredTable.exists) {
    yield* checkEmpty
    if ((yield* Migrations.status).done.at(-1)?.id === header.schema) return
    yield* sql`DROP SCHEMA advocacy CASCADE`
  }
  yield* Migrations.until(header.schema)
})

/** The tables of the file, which the database must have just so. */
const checkTables = Effect.fnUntraced(function* (file: string, header: Header) {
  const shape = (tables: ReadonlyArray<Pick<StoredTable.StoredTable, "name" | "columns">>): string =>
    JSON.stringify(tables.map(({ columns, name }) => [name, columns.map((column) => [column.name, column.type])]))
  const tables = yield* StoredTable.all
  if (shape(tables) === shape(header.tables)) return tables
  return yield* new BackupUnusable({
    file,
    problem: `holds other tables than version ${header.schema} has`,
    remedy: "use the version of the command that made it; nothing was stored",
  })
})

const fromText = ({ type }: StoredTable.StoredColumn, index: number): string =>
  type === "bytea" ? `decode(c${index}, 'base64')` : `c${index}::${type}`

/** Says what the database objects to without the values that it quotes. */
const objection = (file: string, table: string, error: SqlError.SqlError) =>
  ["ConstraintError", "UniqueViolation", "UnknownError"].includes(error.reason._tag)
    ? new BackupUnusable({
        file,
        problem: `holds rows that the table ${table} does not take: ${described(error).message}`,
        remedy: "use another backup; nothing was stored",
      })
    : error

const insert = Effect.fnUntraced(function* (file: string, { rows, table }: BackupReader.Rows) {
  const sql = yield* SqlClient.SqlClient
  const { columns } = table
  const inserted = sql.unsafe(
    `INSERT INTO ${StoredTable.qualified(table)} (${StoredTable.columnNames(table)}) OVERRIDING SYSTEM VALUE
     SELECT ${columns.map(fromText).join(", ")}
     FROM unnest(${columns.map((_, index) => `$${index + 1}`).join(", ")})
       AS row (${columns.map((_, index) => `c${index}`).join(", ")})`,
    columns.map((_, index) => texts(rows.map((row) => row[index] ?? null))),
  )
  yield* Effect.mapError(inserted, (error) => objection(file, table.name, error))
})

/** Numbers that the database gives out go on after the largest that is there. */
const advanceSequences = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const columns = yield* sql<{ readonly table: string; readonly column: string; readonly sequence: string }>`
    SELECT format('%I.%I', table_schema, table_name) AS "table", format('%I', column_name) AS "column",
      pg_get_serial_sequence(format('%I.%I', table_schema, table_name), column_name) AS sequence
    FROM information_schema.columns
    WHERE table_schema = 'advocacy' AND pg_get_serial_sequence(format('%I.%I', table_schema, table_name), column_name) IS NOT NULL`
  for (const { column, sequence, table } of columns) {
    yield* sql.unsafe(
      `SELECT setval('${sequence.replaceAll("'", "''")}', largest) FROM (SELECT max(${column}) AS largest FROM ${table}) AS row WHERE largest IS NOT NULL`,
    )
  }
})

const triggers = Effect.fnUntraced(function* (
  tables: ReadonlyArray<StoredTable.StoredTable>,
  state: "ENABLE" | "DISABLE",
) {
  const sql = yield* SqlClient.SqlClient
  for (const table of tables) yield* sql.unsafe(`ALTER TABLE ${StoredTable.qualified(table)} ${state} TRIGGER USER`)
})

const fill = Effect.fnUntraced(function* (file: string, reader: BackupReader.BackupReader) {
  const rows: Record<string, number> = Object.fromEntries(reader.header.tables.map(({ name }) => [name, 0]))
  for (let part = yield* reader.next; part !== undefined; part = yield* reader.next) {
    yield* insert(file, part)
    rows[part.table.name] = (rows[part.table.name] ?? 0) + part.rows.length
  }
  return rows
})

/** Stores everything that the file holds. */
export const from = Effect.fn("Restore.from")(function* (file: string) {
  const sql = yield* SqlClient.SqlClient
  const reader = yield* BackupReader.make(file)
  const { header } = reader
  yield* checkKey(header)
  const all = Effect.gen(function* () {
    yield* Migrations.takeTurn
    yield* portableText
    yield* prepare(file, header)
    const tables = yield* checkTables(file, header)
    yield* triggers(tables, "DISABLE")
    const rows = yield* fill(file, reader)
    yield* advanceSequences
    if (header.vaultKey !== null)
      yield* sql`INSERT INTO advocacy.vault_key (fingerprint) VALUES (${header.vaultKey}) ON CONFLICT DO NOTHING`
    yield* sql`SET CONSTRAINTS ALL IMMEDIATE`
    yield* triggers(tables, "ENABLE")
    const migrated = yield* Migrations.run
    return {
      file,
      schema: header.schema,
      migrated: migrated.map(Migrations.label),
      tenants: header.tenants,
      rows,
    } satisfies Restored
  })
  return yield* explainPolicies(sql.withTransaction(all))
}, Effect.scoped)
