/**
 * What is stored, as the database's own catalogue tells it: every table of ours, its columns, its key and its place among
 * the others.
 *
 * Promises: no list to forget a new table in; a table comes after those that its foreign keys name. What the database
 * computes itself (generated columns) is left out. It reads no rows but to count them.
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

export interface StoredColumn {
  readonly name: string
  /** As PostgreSQL writes it, such as `numeric(38,0)`. */
  readonly type: string
}

export interface StoredTable {
  readonly name: string
  readonly columns: ReadonlyArray<StoredColumn>
  /** For `ORDER BY`, in the order and the directions of an index; empty where no index names each row once. */
  readonly order: string
}

/** What the header of a backup says in place of rows. */
const special = ["migration", "vault_key"]

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

export const qualified = ({ name }: Pick<StoredTable, "name">): string => `advocacy.${quoted(name)}`
export const columnNames = ({ columns }: Pick<StoredTable, "columns">): string =>
  columns.map(({ name }) => quoted(name)).join(", ")

const columnsOf = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<StoredColumn & { readonly table: string }>`
    SELECT class.relname AS "table", attribute.attname AS name, format_type(attribute.atttypid, attribute.atttypmod) AS type
    FROM pg_class AS class JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
    WHERE class.relnamespace = 'advocacy'::regnamespace AND class.relkind IN ('r', 'p') AND NOT class.relispartition
      AND attribute.attnum > 0 AND NOT attribute.attisdropped AND attribute.attgenerated = ''
      AND NOT class.relname = ANY(${special})
    ORDER BY class.relname COLLATE "C", attribute.attnum`
  return Map.groupBy(rows, ({ table }) => table)
})

/** The columns of each table's primary key, or else of an index that names each row once. */
const orders = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<{ readonly table: string; readonly name: string; readonly descending: boolean }>`
    SELECT class.relname AS "table", attribute.attname AS name, (key.options[part.n - 1] & 1) = 1 AS descending
    FROM pg_class AS class
    JOIN LATERAL (
      SELECT indkey::int2[] AS columns, indoption::int2[] AS options, indnkeyatts AS size FROM pg_index
      WHERE indrelid = class.oid AND indisunique AND indisvalid AND indpred IS NULL AND indexprs IS NULL
        AND NOT EXISTS (
          SELECT FROM pg_attribute AS part
          WHERE part.attrelid = class.oid AND part.attnum = ANY(indkey::int2[]) AND NOT part.attnotnull)
      ORDER BY indisprimary DESC, indexrelid LIMIT 1
    ) AS key ON true
    JOIN LATERAL generate_series(1, key.size) AS part (n) ON true
    JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid AND attribute.attnum = key.columns[part.n - 1]
    WHERE class.relnamespace = 'advocacy'::regnamespace
    ORDER BY class.relname, part.n`
  return Map.groupBy(rows, ({ table }) => table)
})

/** By table, the other tables that it refers to. */
const references = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<{ readonly table: string; readonly target: string }>`
    SELECT DISTINCT class.relname AS "table", target.relname AS target
    FROM pg_constraint AS reference
    JOIN pg_class AS class ON class.oid = reference.conrelid JOIN pg_class AS target ON target.oid = reference.confrelid
    WHERE reference.contype = 'f' AND class.relnamespace = 'advocacy'::regnamespace
      AND target.relnamespace = 'advocacy'::regnamespace AND class.oid <> target.oid`
  return Map.groupBy(rows, ({ table }) => table)
})

/** Those that refer come after those referred to; otherwise by name. */
const sorted = (
  tables: ReadonlyArray<StoredTable>,
  targetsOf: ReadonlyMap<string, ReadonlyArray<{ readonly target: string }>>,
): ReadonlyArray<StoredTable> => {
  const done: Array<StoredTable> = []
  let waiting = tables
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ name }) => name))
    const ready = waiting.filter(({ name }) => !(targetsOf.get(name) ?? []).some(({ target }) => names.has(target)))
    // Tables that refer to each other in a circle cannot be filled one after the other.
    if (ready.length === 0) throw new Error(`these tables refer to each other: ${[...names].join(", ")}`)
    done.push(...ready)
    waiting = waiting.filter((table) => !ready.includes(table))
  }
  return done
}

/** Every table with rows of its own, in the order in which they can be filled. */
export const all = Effect.gen(function* () {
  const columns = yield* columnsOf
  const keys = yield* orders
  const targetsOf = yield* references
  const tables = [...columns].map(([name, own]): StoredTable => ({
    name,
    columns: own.map(({ name: column, type }) => ({ name: column, type })),
    order: (keys.get(name) ?? [])
      .map(({ descending, name: column }) => `${quoted(column)}${descending ? " DESC" : ""}`)
      .join(", "),
  }))
  return sorted(tables, targetsOf)
})

/** Whether the schema is there at all. */
export const exists = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  return (yield* sql`SELECT 1 FROM pg_namespace WHERE nspname = 'advocacy'`).length > 0
})

/** The names of the tables that hold rows. */
export const filled = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const names: Array<string> = []
  for (const table of yield* all) {
    const rows = yield* sql.unsafe(`SELECT 1 FROM ${qualified(table)} LIMIT 1`)
    if (rows.length > 0) names.push(table.name)
  }
  return names
})
