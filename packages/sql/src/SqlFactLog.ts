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
  type Mark,
  type Unstorable,
} from "@advocacy-kit/core/fact/FactLog"
import * as Fact from "@advocacy-kit/core/fact/Fact"
import * as Tombstone from "@advocacy-kit/core/fact/Tombstone"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import { CurrentTenant, type TenantId } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Layer, Option, Stream } from "effect"
import { SqlClient } from "effect/sql"
import * as FactChanges from "./FactChanges.ts"
import * as FactNames from "./FactNames.ts"
import { texts } from "./ColumnArray.ts"
import { type FactRow, isStorable, refusal, rowsOf } from "./FactRows.ts"
import * as FactEntry from "./FactEntry.ts"
import { forget } from "./Forgetting.ts"
import { keepPersonal, openPersonal } from "./PersonalValues.ts"
import * as Tombstones from "./Tombstones.ts"
import * as TenantTransaction from "./TenantTransaction.ts"
import { AdvocacyKeys, type Vault, vaultOf } from "./Vault.ts"

const keysPerPage = 2_000

const ascending = (left: FactRow, right: FactRow): number =>
  left.fact.key < right.fact.key ? -1 : left.fact.key > right.fact.key ? 1 : 0

/** Everything that can be refused is refused here, before a transaction begins. */
const prepare = (batch: FactBatch) =>
  Effect.gen(function* () {
    // One order for all writers, so that two batches with the same facts wait for each other and never deadlock.
    const rows = (yield* rowsOf(batch.facts)).sort(ascending)
    const unreadable = batch.personal.find(({ handle, value }) => !isStorable(JSON.stringify([handle, value])))
    if (unreadable !== undefined) return yield* refusal(unreadable.handle)
    const { checkpoint } = batch
    if (checkpoint === undefined) return { rows, personal: batch.personal, checkpoint: undefined }
    const cursor = JSON.stringify(checkpoint.cursor ?? null)
    if (!isStorable(cursor)) return yield* refusal(`checkpoint ${checkpoint.job}`)
    return { rows, personal: batch.personal, checkpoint: { job: checkpoint.job, cursor } }
  })

type Prepared = Effect.Success<ReturnType<typeof prepare>>

const keepCheckpoint = (
  sql: SqlClient.SqlClient,
  tenant: TenantId,
  checkpoint: Checkpoint & { readonly cursor: string },
) =>
  sql`
    INSERT INTO advocacy.checkpoint (tenant, job, cursor) VALUES (${tenant}, ${checkpoint.job}, ${checkpoint.cursor}::text::json)
    ON CONFLICT (tenant, job) DO UPDATE SET cursor = excluded.cursor`

/** A batch as it may be stored beside those who were erased. Where nobody ever was, it is as it came. */
const admit = (sql: SqlClient.SqlClient, prepared: Prepared) =>
  Effect.gen(function* () {
    const { personal, rows } = prepared
    const nobody = { rows, personal, comebacks: [], late: [] }
    if ((yield* TenantTransaction.erasures) === 0) return nobody
    const tenant = yield* CurrentTenant
    const facts = rows.map(({ fact }) => fact)
    const { erased, look } = yield* Tombstones.lookup(sql, tenant, facts, personal)
    if (erased.size === 0) return nobody
    const returned = yield* Tombstones.returned(sql, tenant.id, erased.keys())
    const admitted = Tombstone.admit({ facts, personal }, look, (handle) => returned.has(handle))
    const asTheyCame = new Map(rows.map((row) => [row.fact, row]))
    const kept = admitted.facts.flatMap((fact) => asTheyCame.get(fact) ?? [])
    const changed = yield* rowsOf(admitted.facts.filter((fact) => !asTheyCame.has(fact)))
    return { ...admitted, rows: [...kept, ...changed].sort(ascending) }
  })

/** While the turns of the rows are held. */
const store = (sql: SqlClient.SqlClient, vault: Vault, prepared: Prepared) =>
  Effect.gen(function* () {
    const tenant = yield* CurrentTenant
    const { comebacks, late, personal, rows } = yield* admit(sql, prepared)
    const recorded = yield* FactEntry.add(sql, tenant.id, rows)
    if (personal.length > 0) yield* keepPersonal(sql, vault, tenant.id, personal)
    const others: Array<Fact.Fact> = [...comebacks]
    for (const { at, keys } of late) {
      others.push(...(yield* forget(sql, vault, tenant, { handles: [], keys, at })).comebacks)
    }
    if (others.length > 0) {
      const further = yield* rowsOf(others)
      yield* TenantTransaction.lock(sql, tenant.id, FactEntry.turnsOf(further))
      yield* FactEntry.add(sql, tenant.id, further)
    }
    if (prepared.checkpoint !== undefined) yield* keepCheckpoint(sql, tenant.id, prepared.checkpoint)
    return { recorded, duplicates: prepared.rows.length - recorded }
  })

/** Stores a batch inside the transaction that the caller has open: for the ledger, which moves effects and records why. */
export const appendWithin = (sql: SqlClient.SqlClient, vault: Vault, batch: FactBatch) =>
  Effect.gen(function* () {
    const prepared = yield* prepare(batch)
    const { id: tenant } = yield* CurrentTenant
    yield* TenantTransaction.lock(sql, tenant, FactEntry.turnsOf(prepared.rows))
    return yield* store(sql, vault, prepared)
  })

const refused = (reason: StoreUnavailable | Unstorable): FactLogError => new FactLogError({ reason })

/** A time of the database as a mark: whole microseconds. */
export const markOf = (sql: SqlClient.SqlClient, time: "now()" | "recorded_at" = "now()") =>
  sql.literal(`(extract(epoch FROM ${time}) * 1000000)::bigint`)

/** Chooses the newest version of every key first and only then asks when it occurred and what it is. */
const page = (
  sql: SqlClient.SqlClient,
  after: string,
  { asOf, by, tags }: { readonly asOf: Instant; readonly by?: Mark; readonly tags?: ReadonlyArray<Fact.FactTag> },
) =>
  Effect.gen(function* () {
    const { id: tenant } = yield* CurrentTenant
    // Without statistics (PGlite never gathers any) the planner sorts the whole rest of the log for every page.
    yield* sql`SELECT set_config('enable_sort', 'off', true)`
    return yield* sql<{ readonly key: string; readonly body: unknown }>`
      SELECT key, body FROM (
        SELECT DISTINCT ON (key) key, tag, occurred_at, body FROM advocacy.fact
        WHERE tenant = ${tenant} AND key > ${after}
          AND (${by === undefined} OR ${markOf(sql, "recorded_at")} <= ${BigInt(by ?? 0)})
        ORDER BY key, version DESC, rank DESC, digest DESC
      ) AS newest
      WHERE occurred_at <= ${BigInt(asOf)} AND (${tags === undefined} OR tag = ANY(${texts(tags ?? [])}))
      ORDER BY key LIMIT ${keysPerPage}`
  })

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const vault = vaultOf((yield* AdvocacyKeys).vault)
  const transaction = TenantTransaction.make(sql)
  const pages = (options: Parameters<typeof page>[2]) =>
    Stream.paginate("", (after: string) =>
      transaction.read("read facts", page(sql, after, options)).pipe(
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
    )
  return FactLog.of({
    append: Effect.fn("FactLog.append")(function* (batch) {
      const prepared = yield* prepare(batch)
      const inTurn = transaction.inTurn(FactEntry.turnsOf(prepared.rows))
      return yield* inTurn("append facts", store(sql, vault, prepared))
    }, Effect.mapError(refused)),
    byKey: Effect.fn("FactLog.byKey")(function* ({ asOf, keys }) {
      const { id: tenant } = yield* CurrentTenant
      return yield* transaction.read("read facts by key", FactNames.byKey(sql, tenant, keys, asOf))
    }, Effect.mapError(refused)),
    mentioning: Effect.fn("FactLog.mentioning")(function* (wanted) {
      const { id: tenant } = yield* CurrentTenant
      return yield* transaction.read("read facts by name", FactNames.mentioning(sql, tenant, wanted))
    }, Effect.mapError(refused)),
    joined: Effect.fn("FactLog.joined")(function* ({ asOf, handles }) {
      const { id: tenant } = yield* CurrentTenant
      return yield* transaction.read("read who is joined", FactNames.joined(sql, tenant, handles, asOf))
    }, Effect.mapError(refused)),
    changes: Effect.fn("FactLog.changes")(function* ({ asOf, limit }) {
      const { id: tenant } = yield* CurrentTenant
      return yield* transaction.write("read changes", FactChanges.due(sql, tenant, asOf, limit))
    }, Effect.mapError(refused)),
    settle: Effect.fn("FactLog.settle")(function* (settled) {
      const { id: tenant } = yield* CurrentTenant
      if (settled.length > 0) yield* transaction.write("settle changes", FactChanges.settle(sql, tenant, settled))
    }, Effect.mapError(refused)),
    recheck: Effect.fn("FactLog.recheck")(function* (facts) {
      const { id: tenant } = yield* CurrentTenant
      if (facts.length > 0) yield* transaction.write("queue facts", FactNames.recheck(sql, tenant, facts))
    }, Effect.mapError(refused)),
    changing: Effect.fn("FactLog.changing")(function* ({ asOf, keys }) {
      const { id: tenant } = yield* CurrentTenant
      return yield* transaction.read("read what changes", FactChanges.among(sql, tenant, keys, asOf))
    }, Effect.mapError(refused)),
    newest: pages,
    recorded: pages,
    mark: transaction
      .read("read how far the log has got", sql<{ readonly mark: bigint }>`SELECT ${markOf(sql)} AS mark`)
      .pipe(
        Effect.map((rows) => Number(rows[0]?.mark ?? 0)),
        Effect.mapError(refused),
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
    erasures: Effect.gen(function* () {
      const { id: tenant } = yield* CurrentTenant
      const known = yield* TenantTransaction.erasuresOf(tenant)
      return known ?? (yield* transaction.read("count erasures", Tombstones.counted(sql)))
    }).pipe(Effect.mapError(refused)),
  })
})

export const layer: Layer.Layer<FactLog, never, SqlClient.SqlClient | AdvocacyKeys> = Layer.effect(FactLog, make)
