/**
 * The fact log over PostgreSQL.
 *
 * Promises: what `FactLog` promises, by a unique index and by rights that the role does not have. Work is set-based:
 * statements per ten thousand facts, never per fact. Reading goes key by key in pages, so memory does not grow with
 * the log; facts that are added meanwhile may or may not be among those read.
 */
import type { StoreUnavailable } from "@advocacy-kit/core/fact/FactLog"
import {
  type Checkpoint,
  type FactBatch,
  FactLog,
  FactLogError,
  type PersonalValue,
  Unstorable,
} from "@advocacy-kit/core/fact/FactLog"
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { contentDigest } from "@advocacy-kit/core/fact/FactVersion"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { CurrentTenant, type TenantId } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Layer, Option, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { bytes, chunks, integers, texts } from "./ColumnArray.ts"
import * as TenantTransaction from "./TenantTransaction.ts"
import { AdvocacyKeys, type Vault, vaultOf } from "./Vault.ts"

const rowsPerStatement = 5_000
const keysPerPage = 2_000

interface FactRow {
  readonly fact: Fact.Fact
  readonly digest: Uint8Array
  readonly body: string
}

/** An escaped NUL or half of a surrogate pair; an even number of backslashes before it would be text. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/
const remedy = "remove NUL characters and broken surrogate pairs from its texts"

const storable = (key: string, json: string): Effect.Effect<string, Unstorable> =>
  unstorable.test(json)
    ? Effect.fail(new Unstorable({ key: JSON.stringify(key).slice(1, -1), remedy }))
    : Effect.succeed(json)

const rowOf = (fact: Fact.Fact): Effect.Effect<FactRow, Unstorable> =>
  Effect.map(storable(fact.key, JSON.stringify(Fact.encode(fact))), (body) => ({
    fact,
    digest: new Uint8Array(Buffer.from(contentDigest(fact), "hex")),
    body,
  }))

const ascending = (left: FactRow, right: FactRow): number =>
  left.fact.key < right.fact.key ? -1 : left.fact.key > right.fact.key ? 1 : 0

/** Everything that can be refused is refused here, before a transaction begins. */
const prepare = (batch: FactBatch) =>
  Effect.gen(function* () {
    // One order for all writers, so that two batches with the same facts wait for each other and never deadlock.
    const rows = (yield* Effect.forEach(batch.facts, rowOf)).sort(ascending)
    yield* Effect.forEach(batch.personal, ({ handle, value }) => storable(handle, JSON.stringify([handle, value])))
    const { checkpoint } = batch
    if (checkpoint === undefined) return { rows, personal: batch.personal, checkpoint: undefined }
    const cursor = yield* storable(`checkpoint ${checkpoint.job}`, JSON.stringify(checkpoint.cursor ?? null))
    return { rows, personal: batch.personal, checkpoint: { job: checkpoint.job, cursor } }
  })

type Prepared = Effect.Success<ReturnType<typeof prepare>>

const addFacts = (sql: SqlClient.SqlClient, tenant: TenantId, rows: ReadonlyArray<FactRow>) =>
  sql<{ readonly added: number }>`
    WITH added AS (
      INSERT INTO advocacy.fact (tenant, key, version, rank, digest, tag, occurred_at, body)
      SELECT ${tenant}, key, version, rank, digest, tag, occurred_at, body::json
      FROM unnest(
        ${texts(rows.map(({ fact }) => fact.key))}, ${integers(rows.map(({ fact }) => fact.version))},
        ${integers(rows.map(({ fact }) => fact.rank))}, ${bytes(rows.map(({ digest }) => digest))},
        ${texts(rows.map(({ fact }) => fact._tag))}, ${integers(rows.map(({ fact }) => fact.occurredAt))},
        ${texts(rows.map(({ body }) => body))}
      ) AS row (key, version, rank, digest, tag, occurred_at, body)
      ON CONFLICT DO NOTHING
      RETURNING 1
    )
    SELECT count(*)::int AS added FROM added`.pipe(Effect.map((counted) => counted[0]?.added ?? 0))

/** Sealed values that were not sealed with this key are absent here, and are found at the start (`SqlStores`). */
const openPersonal = (sql: SqlClient.SqlClient, vault: Vault, tenant: TenantId, handles: ReadonlyArray<Handle>) =>
  Effect.gen(function* () {
    const found = new Map<Handle, string>()
    for (const some of chunks(handles, rowsPerStatement)) {
      const rows = yield* sql<{ readonly handle: Handle; readonly sealed: Uint8Array }>`
        SELECT handle, sealed FROM advocacy.personal WHERE tenant = ${tenant} AND handle = ANY(${texts(some)})`
      for (const { handle, sealed } of rows) {
        const value = vault.open(tenant, handle, sealed)
        if (value !== undefined) found.set(handle, value)
      }
    }
    return found
  })

/** The last value of a handle counts. What is there already is not written again: every write leaves a dead row. */
const keepPersonal = (
  sql: SqlClient.SqlClient,
  vault: Vault,
  tenant: TenantId,
  personal: ReadonlyArray<PersonalValue>,
) =>
  Effect.gen(function* () {
    const wanted = new Map(personal.map(({ handle, value }) => [handle, value]))
    const known = yield* openPersonal(sql, vault, tenant, [...wanted.keys()])
    const fresh = [...wanted]
      .filter(([handle, value]) => known.get(handle) !== value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    for (const some of chunks(fresh, rowsPerStatement)) {
      const sealed = some.map(([handle, value]) => vault.seal(tenant, handle, value))
      yield* sql`
        INSERT INTO advocacy.personal (tenant, handle, sealed)
        SELECT ${tenant}, handle, sealed
        FROM unnest(${texts(some.map(([handle]) => handle))}, ${bytes(sealed)}) AS row (handle, sealed)
        ON CONFLICT (tenant, handle) DO UPDATE SET sealed = excluded.sealed`
    }
  })

const keepCheckpoint = (
  sql: SqlClient.SqlClient,
  tenant: TenantId,
  checkpoint: Checkpoint & { readonly cursor: string },
) =>
  sql`
    INSERT INTO advocacy.checkpoint (tenant, job, cursor) VALUES (${tenant}, ${checkpoint.job}, ${checkpoint.cursor}::text::json)
    ON CONFLICT (tenant, job) DO UPDATE SET cursor = excluded.cursor`

const store = (sql: SqlClient.SqlClient, vault: Vault, prepared: Prepared) =>
  Effect.gen(function* () {
    const { id: tenant } = yield* CurrentTenant
    let recorded = 0
    for (const some of chunks(prepared.rows, rowsPerStatement, ({ body }) => body.length)) {
      recorded += yield* addFacts(sql, tenant, some)
    }
    if (prepared.personal.length > 0) yield* keepPersonal(sql, vault, tenant, prepared.personal)
    if (prepared.checkpoint !== undefined) yield* keepCheckpoint(sql, tenant, prepared.checkpoint)
    return { recorded, duplicates: prepared.rows.length - recorded }
  })

/** Stores a batch inside the transaction that the caller has open: for the ledger, which moves effects and records why. */
export const appendWithin = (sql: SqlClient.SqlClient, vault: Vault, batch: FactBatch) =>
  Effect.flatMap(prepare(batch), (prepared) => store(sql, vault, prepared))

const refused = (reason: StoreUnavailable | Unstorable): FactLogError => new FactLogError({ reason })

/** Chooses the newest version of every key first and only then asks when it occurred and what it is. */
const page = (sql: SqlClient.SqlClient, after: string, asOf: Instant, tags: ReadonlyArray<Fact.FactTag> | undefined) =>
  Effect.gen(function* () {
    const { id: tenant } = yield* CurrentTenant
    // Without statistics (PGlite never gathers any) the planner sorts the whole rest of the log for every page.
    yield* sql`SELECT set_config('enable_sort', 'off', true)`
    return yield* sql<{ readonly key: string; readonly body: unknown }>`
      SELECT key, body FROM (
        SELECT DISTINCT ON (key) key, tag, occurred_at, body FROM advocacy.fact
        WHERE tenant = ${tenant} AND key > ${after}
        ORDER BY key, version DESC, rank DESC, digest DESC
      ) AS newest
      WHERE occurred_at <= ${BigInt(asOf)} AND (${tags === undefined} OR tag = ANY(${texts(tags ?? [])}))
      ORDER BY key LIMIT ${keysPerPage}`
  })

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const vault = vaultOf((yield* AdvocacyKeys).vault)
  const transaction = TenantTransaction.make(sql)
  return FactLog.of({
    append: Effect.fn("FactLog.append")(function* (batch) {
      const prepared = yield* prepare(batch)
      return yield* transaction.write("append facts", store(sql, vault, prepared))
    }, Effect.mapError(refused)),
    newest: ({ asOf, tags }) =>
      Stream.paginate("", (after: string) =>
        transaction.read("read facts", page(sql, after, asOf, tags)).pipe(
          // Only what this store wrote comes back, so a body that does not decode is a defect.
          Effect.map(
            (rows) =>
              [
                rows.map(({ body }) => Fact.decodeSync(body)),
                rows.length < keysPerPage ? Option.none<string>() : Option.fromNullishOr(rows.at(-1)?.key),
              ] as const,
          ),
          Effect.mapError(refused),
        ),
      ),
    checkpoint: Effect.fn("FactLog.checkpoint")(function* (job) {
      const { id: tenant } = yield* CurrentTenant
      const rows = yield* transaction.read(
        "read a checkpoint",
        sql<{
          readonly cursor: unknown
        }>`SELECT cursor FROM advocacy.checkpoint WHERE tenant = ${tenant} AND job = ${job}`,
      )
      return rows[0]?.cursor
    }, Effect.mapError(refused)),
    personal: Effect.fn("FactLog.personal")(function* (handles) {
      const { id: tenant } = yield* CurrentTenant
      return yield* transaction.read("read personal values", openPersonal(sql, vault, tenant, handles))
    }, Effect.mapError(refused)),
  })
})

export const layer: Layer.Layer<FactLog, never, SqlClient.SqlClient | AdvocacyKeys> = Layer.effect(FactLog, make)
