/**
 * Which handles of a tenant are erased, as a transaction sees it.
 *
 * Promises: a transaction that writes keeps erasures out (`TenantTransaction`), and an erasure is `alone`; so what is stored never names
 * somebody who is being erased meanwhile. Handles are looked up by their tombstones: the table cannot be read back.
 */
import type { PersonalValue } from "@advocacy-kit/core/fact/FactLog"
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import * as Tombstone from "@advocacy-kit/core/fact/Tombstone"
import { tombstonesUnder, type Handle } from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { CurrentTenant, type TenantId } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { chunks, texts } from "./ColumnArray.ts"
import * as TenantTransaction from "./TenantTransaction.ts"

type Tenant = CurrentTenant["Service"]

const rowsPerStatement = 5_000

/** How often people were erased. */
export const counted = (sql: SqlClient.SqlClient) =>
  Effect.gen(function* () {
    const { id } = yield* CurrentTenant
    const rows = yield* sql<{ readonly turns: bigint }>`SELECT turns FROM advocacy.erasure_turn WHERE tenant = ${id}`
    return Number(rows[0]?.turns ?? 0)
  })

/** Waits for everybody who writes, and keeps others waiting until the end of the transaction. */
export const alone = (sql: SqlClient.SqlClient, tenant: TenantId) =>
  sql`SELECT pg_advisory_xact_lock(hashtextextended(${`advocacy erasure ${tenant}`}, 0))`

export const countTurn = (sql: SqlClient.SqlClient, tenant: TenantId) =>
  Effect.andThen(
    sql`
      INSERT INTO advocacy.erasure_turn AS turn (tenant, turns) VALUES (${tenant}, 1)
      ON CONFLICT (tenant) DO UPDATE SET turns = turn.turns + 1`,
    TenantTransaction.countErasure,
  )

/** Adds tombstones; one that is there already takes the later time. */
export const add = (sql: SqlClient.SqlClient, tenant: TenantId, stones: Iterable<Handle>, at: Instant) =>
  Effect.forEach(
    chunks([...new Set(stones)].sort(), rowsPerStatement),
    (some) => sql`
      INSERT INTO advocacy.tombstone AS stone (tenant, handle, erased_at)
      SELECT ${tenant}, handle, ${BigInt(at)} FROM unnest(${texts(some)}) AS row (handle)
      ON CONFLICT (tenant, handle) DO UPDATE SET erased_at = greatest(stone.erased_at, excluded.erased_at)`,
    { discard: true },
  )

/** The erased handles among everything that facts and values name. */
export const lookup = (
  sql: SqlClient.SqlClient,
  { handleKey, id }: Tenant,
  facts: ReadonlyArray<Fact>,
  personal: ReadonlyArray<PersonalValue>,
) =>
  Effect.gen(function* () {
    const candidates = new Set<string>(personal.map(({ handle }) => handle))
    Tombstone.candidatesIn(facts, candidates)
    const stoneOf = tombstonesUnder(handleKey)
    const handleOf = new Map([...candidates].map((text) => [stoneOf(text as Handle), text]))
    const erased = new Map<string, Tombstone.Erased>()
    for (const some of chunks([...handleOf.keys()], rowsPerStatement)) {
      const rows = yield* sql<{ readonly handle: Handle; readonly at: bigint }>`
        SELECT handle, erased_at AS at FROM advocacy.tombstone WHERE tenant = ${id} AND handle = ANY(${texts(some)})`
      for (const { at, handle } of rows) {
        const text = handleOf.get(handle)
        if (text !== undefined) erased.set(text, { tombstone: handle, at: Number(at) })
      }
    }
    const look: Tombstone.Lookup = (text) => erased.get(text)
    return { erased, look }
  })

/** Those of some handles that name a new person by now. */
export const returned = (sql: SqlClient.SqlClient, tenant: TenantId, handles: Iterable<string>) => {
  const byKey = new Map([...handles].map((handle) => [Tombstone.comebackKey(handle as Handle) as string, handle]))
  if (byKey.size === 0) return Effect.succeed<ReadonlySet<string>>(new Set())
  return sql<{ readonly key: string }>`
    SELECT DISTINCT key FROM advocacy.fact WHERE tenant = ${tenant} AND key = ANY(${texts([...byKey.keys()])})`.pipe(
    Effect.map((rows): ReadonlySet<string> => new Set(rows.map(({ key }) => byKey.get(key) ?? ""))),
  )
}
