/**
 * The queue of facts whose newest version has changed since decisions last looked, over PostgreSQL.
 *
 * Promises: one row for each fact, with the names of every version that was the newest meanwhile. A change that comes for a row which
 * somebody has read takes another position, so that settling what was read leaves it. Rows that one transaction was given are given to no
 * other until it ends.
 */
import type { Change } from "@advocacy-kit/core/fact/FactLog"
import type { FactKey, FactTag } from "@advocacy-kit/core/fact/Fact"
import * as ByteOrder from "@advocacy-kit/core/id/ByteOrder"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { chunks, integers, texts } from "./ColumnArray.ts"

type Sql = SqlClient.SqlClient

const rowsPerStatement = 5_000

export type Queued = Omit<Change, "position">

/** In key order, so that two writers do not deadlock. Names travel as JSON: arrays of arrays must be of one length in PostgreSQL. */
export const queue = (sql: Sql, tenant: string, changes: ReadonlyArray<Queued>) =>
  Effect.forEach(
    chunks(
      [...changes].sort((left, right) => ByteOrder.compare(left.key, right.key)),
      rowsPerStatement,
    ),
    (some) => sql`
      INSERT INTO advocacy.fact_change AS known (tenant, key, tag, names, at)
      SELECT ${tenant}, key, tag, ARRAY(SELECT json_array_elements_text(names::json)), at
      FROM unnest(
        ${texts(some.map(({ key }) => key))}, ${texts(some.map(({ tag }) => tag))},
        ${texts(some.map(({ names }) => JSON.stringify(names)))}, ${integers(some.map(({ at }) => at))}
      ) AS row (key, tag, names, at)
      ON CONFLICT (tenant, key) DO UPDATE SET
        names = ARRAY(SELECT DISTINCT unnest(known.names || excluded.names)),
        at = least(known.at, excluded.at), position = excluded.position`,
    { discard: true },
  )

interface ChangeRow {
  readonly key: FactKey
  readonly tag: FactTag
  readonly names: ReadonlyArray<string>
  readonly at: bigint
  readonly position: bigint
}

/**
 * Both bounds of the time, so that the index gives the order more often without statistics: on PGlite it did with 30,000 changes
 * waiting, and all were sorted with 120,000.
 */
export const due = (sql: Sql, tenant: string, asOf: Instant, limit: number) =>
  sql<ChangeRow>`
    SELECT key, tag, names, at, position FROM advocacy.fact_change
    WHERE tenant = ${tenant} AND at >= ${BigInt(Number.MIN_SAFE_INTEGER)} AND at <= ${BigInt(asOf)}
    ORDER BY at, key LIMIT ${limit} FOR UPDATE SKIP LOCKED`.pipe(
    Effect.map((rows) =>
      rows.map(({ at, key, names, position, tag }): Change => ({
        key,
        tag,
        names: [...names].sort(ByteOrder.compare),
        at: Number(at),
        position,
      })),
    ),
  )

export const settle = (sql: Sql, tenant: string, settled: ReadonlyArray<Change>) =>
  Effect.forEach(
    chunks(settled, rowsPerStatement),
    (some) => sql`
      DELETE FROM advocacy.fact_change WHERE ctid = ANY(ARRAY(
        SELECT known.place
        FROM unnest(${texts(some.map(({ key }) => key))}, ${texts(some.map(({ position }) => `${position}`))}) AS row (key, position)
        CROSS JOIN LATERAL (
          SELECT ctid AS place, position FROM advocacy.fact_change WHERE tenant = ${tenant} AND key = row.key
          OFFSET 0
        ) AS known
        WHERE known.position = row.position::bigint
      ))`,
    { discard: true },
  )

export const among = (sql: Sql, tenant: string, keys: ReadonlyArray<FactKey>, asOf: Instant) =>
  sql<{ readonly key: FactKey }>`
    SELECT known.key FROM unnest(${texts([...new Set(keys)])}) AS wanted (key)
    CROSS JOIN LATERAL (
      SELECT key, at FROM advocacy.fact_change WHERE tenant = ${tenant} AND key = wanted.key OFFSET 0
    ) AS known
    WHERE known.at <= ${BigInt(asOf)}`.pipe(
    Effect.map((rows): ReadonlySet<FactKey> => new Set(rows.map(({ key }) => key))),
  )
