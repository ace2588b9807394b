/**
 * Facts by name over PostgreSQL: what is found by which name, and who is joined.
 *
 * Promises: what `FactLog` promises of reading by key and by name. Work is set-based. Mentions of versions that are
 * not the newest any more are left out when they are read; joins are followed by the newest version alone.
 */
import type { Recheck } from "@advocacy-kit/core/fact/FactLog"
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { isDecisive, joinsOf, namesOf } from "@advocacy-kit/core/fact/Mention"
import * as ByteOrder from "@advocacy-kit/core/id/ByteOrder"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import * as Joining from "@advocacy-kit/core/person/Joining"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { bytes, chunks, integers, texts } from "./ColumnArray.ts"
import * as FactChanges from "./FactChanges.ts"

type Sql = SqlClient.SqlClient

const namesPerStatement = 20_000
const factsPerStatement = 5_000

/** A version that was added and is the newest now, and the one that was the newest before. */
export interface Entered {
  readonly fact: Fact.Fact
  readonly digest: Uint8Array
  readonly before: Fact.Fact | null
}

/** Names that a fact is found by already are left out. */
const freshNames = ({ before, fact }: Entered): ReadonlyArray<string> => {
  if (before === null || before._tag !== fact._tag || before.occurredAt !== fact.occurredAt) return namesOf(fact)
  const known = new Set(namesOf(before))
  return namesOf(fact).filter((name) => !known.has(name))
}

const addMentions = (sql: Sql, tenant: string, entered: ReadonlyArray<Entered>) => {
  const rows = entered.flatMap((one) => freshNames(one).map((name) => ({ name, fact: one.fact })))
  return Effect.forEach(
    chunks(rows, namesPerStatement),
    (some) => sql`
      INSERT INTO advocacy.mention (tenant, name, tag, occurred_at, key)
      SELECT ${tenant}, name, tag, occurred_at, key
      FROM unnest(
        ${texts(some.map(({ name }) => name))}, ${texts(some.map(({ fact }) => fact._tag))},
        ${integers(some.map(({ fact }) => fact.occurredAt))}, ${texts(some.map(({ fact }) => fact.key))}
      ) AS row (name, tag, occurred_at, key)
      ON CONFLICT DO NOTHING`,
    { discard: true },
  )
}

const addAliases = (sql: Sql, tenant: string, entered: ReadonlyArray<Entered>) => {
  const rows = entered.flatMap(({ digest, fact }) => joinsOf(fact).map((handle) => ({ handle, fact, digest })))
  return Effect.forEach(
    chunks(rows, namesPerStatement),
    (some) => sql`
      INSERT INTO advocacy.alias (tenant, handle, key, version, rank, digest, occurred_at)
      SELECT ${tenant}, handle, key, version, rank, digest, occurred_at
      FROM unnest(
        ${texts(some.map(({ handle }) => handle))}, ${texts(some.map(({ fact }) => fact.key))},
        ${integers(some.map(({ fact }) => fact.version))}, ${integers(some.map(({ fact }) => fact.rank))},
        ${bytes(some.map(({ digest }) => digest))}, ${integers(some.map(({ fact }) => fact.occurredAt))}
      ) AS row (handle, key, version, rank, digest, occurred_at)
      ON CONFLICT DO NOTHING`,
    { discard: true },
  )
}

/** Enters versions that are the newest of their keys now. */
export const enter = (sql: Sql, tenant: string, entered: ReadonlyArray<Entered>) =>
  Effect.gen(function* () {
    yield* addMentions(sql, tenant, entered)
    yield* addAliases(sql, tenant, entered)
    const changes = entered
      .filter(({ before, fact }) => isDecisive(before, fact))
      .map(({ before, fact }): FactChanges.Queued => ({
        key: fact.key,
        tag: fact._tag,
        names: [...new Set([...(before === null ? [] : namesOf(before)), ...namesOf(fact)])],
        at: Math.min(before?.occurredAt ?? fact.occurredAt, fact.occurredAt),
      }))
    yield* FactChanges.queue(sql, tenant, changes)
  })

/** Enters the newest versions of these keys as if they had just come. */
export const enterAnew = (sql: Sql, tenant: string, keys: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    for (const some of chunks(keys, factsPerStatement)) {
      const rows = yield* sql<{ readonly body: unknown; readonly digest: Uint8Array }>`
        SELECT newest.body, newest.digest FROM (SELECT DISTINCT key FROM unnest(${texts(some)}) AS row (key)) AS wanted
        CROSS JOIN LATERAL (
          SELECT body, digest FROM advocacy.fact WHERE tenant = ${tenant} AND key = wanted.key
          ORDER BY version DESC, rank DESC, digest DESC LIMIT 1
        ) AS newest`
      yield* enter(
        sql,
        tenant,
        rows.map(({ body, digest }) => ({ fact: Fact.decodeSync(body), digest, before: null })),
      )
    }
  })

const decoded = (rows: ReadonlyArray<{ readonly body: unknown }>): ReadonlyArray<Fact.Fact> =>
  rows.map(({ body }) => Fact.decodeSync(body))

/** The newest version of each key that was found, in key order. */
export const byKey = (sql: Sql, tenant: string, keys: ReadonlyArray<string>, asOf: Instant) =>
  sql<{ readonly body: unknown }>`
    SELECT newest.body FROM (SELECT DISTINCT key FROM unnest(${texts(keys)}) AS row (key)) AS wanted
    CROSS JOIN LATERAL (
      SELECT body, occurred_at FROM advocacy.fact WHERE tenant = ${tenant} AND key = wanted.key
      ORDER BY version DESC, rank DESC, digest DESC LIMIT 1
    ) AS newest
    WHERE newest.occurred_at <= ${BigInt(asOf)} ORDER BY wanted.key`.pipe(Effect.map(decoded))

export interface Wanted {
  readonly names: ReadonlyArray<string>
  readonly asOf: Instant
  readonly from?: Instant
  readonly tags?: ReadonlyArray<Fact.FactTag>
}

/** Most names are in fewer facts than this. */
const crowd = 16

/**
 * Most names are in few facts, which one look finds, whatever kind they are of. Where there may be more (the code of a busy
 * advocate), kinds are looked up one by one, because they come before the time in the index.
 */
const keysMentioning = (sql: Sql, tenant: string, { asOf, from, names, tags }: Wanted) => {
  const between = sql`occurred_at >= ${BigInt(from ?? Number.MIN_SAFE_INTEGER)} AND occurred_at <= ${BigInt(asOf)}`
  const wanted = sql`unnest(${texts([...new Set(names)])}) AS wanted (name)`
  if (tags === undefined)
    return sql`
      SELECT DISTINCT found.key FROM ${wanted} CROSS JOIN LATERAL (
        SELECT key FROM advocacy.mention WHERE tenant = ${tenant} AND name = wanted.name AND ${between} OFFSET 0
      ) AS found`
  return sql`
    WITH few AS MATERIALIZED (
      SELECT wanted.name, found.tag, found.occurred_at, found.key FROM ${wanted} CROSS JOIN LATERAL (
        SELECT tag, occurred_at, key FROM advocacy.mention WHERE tenant = ${tenant} AND name = wanted.name LIMIT ${crowd}
      ) AS found
    )
    SELECT key FROM few WHERE tag = ANY(${texts(tags)}) AND ${between}
    UNION
    SELECT found.key
    FROM (SELECT name FROM few GROUP BY name HAVING count(*) = ${crowd}) AS crowded
    CROSS JOIN unnest(${texts(tags)}) AS kind (tag)
    CROSS JOIN LATERAL (
      SELECT key FROM advocacy.mention
      WHERE tenant = ${tenant} AND name = crowded.name AND mention.tag = kind.tag AND ${between} OFFSET 0
    ) AS found`
}

export const mentioning = (sql: Sql, tenant: string, wanted: Wanted) =>
  sql<{ readonly body: unknown }>`
    SELECT newest.body FROM (${keysMentioning(sql, tenant, wanted)}) AS found
    CROSS JOIN LATERAL (
      SELECT body FROM advocacy.fact WHERE tenant = ${tenant} AND key = found.key
      ORDER BY version DESC, rank DESC, digest DESC LIMIT 1
    ) AS newest
    ORDER BY found.key`.pipe(
    Effect.map((rows) => {
      const { asOf, from, tags } = wanted
      const [names, kinds] = [new Set(wanted.names), tags === undefined ? null : new Set<string>(tags)]
      return rows
        .map(({ body }) => Fact.decodeSync(body))
        .filter(
          (fact) =>
            (kinds === null || kinds.has(fact._tag)) &&
            fact.occurredAt <= asOf &&
            (from === undefined || fact.occurredAt >= from) &&
            namesOf(fact).some((name) => names.has(name)),
        )
    }),
  )

/** Follows the aliases of newest versions outwards, from all handles at once; what joins them is told with each handle. */
export const joined = (sql: Sql, tenant: string, handles: ReadonlyArray<Handle>, asOf: Instant) =>
  sql<{ readonly handle: Handle; readonly key: string | null }>`
    WITH RECURSIVE reached (handle, key) AS (
      SELECT DISTINCT handle COLLATE "C", NULL::text COLLATE "C" FROM unnest(${texts(handles)}) AS row (handle)
      UNION
      SELECT other.handle, other.key FROM reached CROSS JOIN LATERAL (
        SELECT others.handle, mine.key FROM advocacy.alias AS mine
        CROSS JOIN LATERAL (
          SELECT version, rank, digest, tag, occurred_at FROM advocacy.fact WHERE tenant = ${tenant} AND key = mine.key
          ORDER BY version DESC, rank DESC, digest DESC LIMIT 1
        ) AS newest
        CROSS JOIN LATERAL (
          SELECT handle FROM advocacy.alias
          WHERE tenant = ${tenant} AND key = mine.key AND version = mine.version AND rank = mine.rank AND digest = mine.digest
          OFFSET 0
        ) AS others
        WHERE mine.tenant = ${tenant} AND mine.handle = reached.handle AND newest.occurred_at <= ${BigInt(asOf)}
          AND newest.version = mine.version AND newest.rank = mine.rank AND newest.digest = mine.digest
          AND (newest.tag <> 'PeopleMerged' OR NOT EXISTS (
            SELECT FROM advocacy.mention AS undoing CROSS JOIN LATERAL (
              SELECT occurred_at, body FROM advocacy.fact WHERE tenant = ${tenant} AND key = undoing.key
              ORDER BY version DESC, rank DESC, digest DESC LIMIT 1
            ) AS undone
            WHERE undoing.tenant = ${tenant} AND undoing.name = mine.key AND undoing.tag = 'MergeUndone'
              AND undone.occurred_at <= ${BigInt(asOf)} AND undone.body->>'merge' = mine.key
          ))
        OFFSET 0
      ) AS other
    )
    SELECT handle, key FROM reached`.pipe(Effect.map(peopleOf))

/** Those who share what joins them, in byte order. */
const peopleOf = (rows: ReadonlyArray<{ readonly handle: Handle; readonly key: string | null }>) => {
  const { find, join } = Joining.make<Handle>()
  const first = new Map<string, Handle>()
  for (const { handle, key } of rows) {
    const other = key === null ? handle : (first.get(key) ?? handle)
    if (key !== null) first.set(key, other)
    join(handle, other)
  }
  const handles = [...new Set(rows.map(({ handle }) => handle))].sort(ByteOrder.compare)
  return [...Map.groupBy(handles, find).values()]
}

export const recheck = (sql: Sql, tenant: string, facts: ReadonlyArray<Recheck>) =>
  Effect.gen(function* () {
    const at = new Map<string, Instant>()
    for (const fact of facts) at.set(fact.key, Math.min(fact.at, at.get(fact.key) ?? fact.at))
    const known = yield* byKey(sql, tenant, [...at.keys()], Number.MAX_SAFE_INTEGER)
    yield* FactChanges.queue(
      sql,
      tenant,
      known.map((fact) => ({
        key: fact.key,
        tag: fact._tag,
        names: namesOf(fact),
        at: at.get(fact.key) ?? fact.occurredAt,
      })),
    )
  })
