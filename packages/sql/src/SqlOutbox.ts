/**
 * The outbox over PostgreSQL: the statements behind `Ledger`'s effects.
 *
 * Promises: what `Ledger` promises, inside the transaction that the caller has open. Whoever takes effects of a platform
 * takes turns with the others, so that a limit holds for all workers together; rows are locked in key order. How much may be
 * taken is `OutboxPlan`'s decision. A few statements per batch, however many effects.
 */
import type { CreditKey } from "@advocacy-kit/core/ledger/Credit"
import { Overtaken } from "@advocacy-kit/core/ledger/Ledger"
import * as Outbound from "@advocacy-kit/core/ledger/OutboundEffect"
import type { Move, Taken, Taking } from "@advocacy-kit/core/ledger/Outbox"
import * as OutboxPlan from "@advocacy-kit/core/ledger/OutboxPlan"
import type { TenantId } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { integers, texts } from "./ColumnArray.ts"
import * as TenantTransaction from "./TenantTransaction.ts"

type Sql = SqlClient.SqlClient

const byKey = (left: { readonly key: string }, right: { readonly key: string }): number =>
  left.key < right.key ? -1 : left.key > right.key ? 1 : 0

interface Stored {
  readonly body: unknown
  readonly state: Outbound.State
  readonly attempts: number
  readonly note: string | null
  readonly dueAt: bigint | null
  readonly unanswered: number
  readonly goneAt: bigint | null
}

const instant = (value: bigint | null): number | null => (value === null ? null : Number(value))

const rowOf = ({ attempts, body, dueAt, goneAt, note, state, unanswered }: Stored): Outbound.EffectRow => ({
  effect: Outbound.decodeSync(body),
  state,
  attempts,
  note,
  dueAt: instant(dueAt),
  unanswered,
  goneAt: instant(goneAt),
})

/** An effect that was undone, or planned and not begun, takes the new plan; one that has begun stays as it is. */
export const plan = (sql: Sql, tenant: TenantId, effects: ReadonlyArray<Outbound.OutboundEffect>) => {
  const last = [...new Map(effects.map((effect) => [effect.key, effect])).values()].sort(byKey)
  return sql`
    INSERT INTO advocacy.effect AS known (tenant, key, platform, due_at, body)
    SELECT ${tenant}, key, platform, 0, body::json
    FROM unnest(
      ${texts(last.map(({ key }) => key))}, ${texts(last.map(Outbound.platformOf))},
      ${texts(last.map((effect) => JSON.stringify(Outbound.encode(effect))))}
    ) AS row (key, platform, body)
    ON CONFLICT (tenant, key) DO UPDATE
    SET state = 'planned', platform = excluded.platform, due_at = 0, body = excluded.body, note = NULL, unanswered = 0
    WHERE known.state IN ('planned', 'undone')`
}

/** Locks the effects that are to be undone; one that has begun meanwhile was planned to be undone in ignorance. */
const refuseBegun = (sql: Sql, tenant: TenantId, keys: ReadonlyArray<Outbound.EffectKey>) =>
  Effect.gen(function* () {
    const rows = yield* sql<{ readonly key: string; readonly state: Outbound.State }>`
      SELECT key, state FROM advocacy.effect WHERE tenant = ${tenant} AND key = ANY(${texts(keys)}) ORDER BY key FOR UPDATE`
    const begun = rows.find(({ state }) => state !== "planned" && state !== "undone")
    if (begun !== undefined) return yield* new Overtaken({ credit: begun.key, revision: 0 })
  })

export const undo = (sql: Sql, tenant: TenantId, keys: ReadonlyArray<Outbound.EffectKey>) =>
  Effect.andThen(
    refuseBegun(sql, tenant, keys),
    sql`UPDATE advocacy.effect SET state = 'undone', due_at = NULL
      WHERE tenant = ${tenant} AND key = ANY(${texts(keys)}) AND state = 'planned'`,
  )

/** Looked up credit by credit, so that no plan reads all effects. */
const ofCredits = (sql: Sql, tenant: TenantId, credits: ReadonlyArray<CreditKey>) =>
  sql`(SELECT DISTINCT credit FROM unnest(${texts(credits)}) AS row (credit)) AS wanted CROSS JOIN LATERAL (
    SELECT * FROM advocacy.effect WHERE tenant = ${tenant} AND credit = wanted.credit OFFSET 0
  ) AS effect`

export const list = (
  sql: Sql,
  tenant: TenantId,
  options: {
    readonly states: ReadonlyArray<Outbound.State>
    readonly credits?: ReadonlyArray<CreditKey>
    readonly after?: Outbound.EffectKey
    readonly limit?: number
  },
) =>
  sql<Stored>`
    SELECT body, state, attempts, note, due_at AS "dueAt", unanswered, gone_at AS "goneAt"
    FROM ${options.credits === undefined ? sql`advocacy.effect` : ofCredits(sql, tenant, options.credits)}
    WHERE tenant = ${tenant} AND state = ANY(${texts(options.states)}) AND key > ${options.after ?? ""}
    ORDER BY key LIMIT ${options.limit ?? null}::bigint`.pipe(Effect.map((rows) => rows.map(rowOf)))

/** The keys that may be taken, in turn: what is in doubt before what is planned. At most one more than a request holds. */
const free = (sql: Sql, tenant: TenantId, { at, doubtfulOnly, limit, platform }: Taking) =>
  Effect.gen(function* () {
    const most = limit.perSend + 1
    const doubtful = yield* sql<{ readonly key: Outbound.EffectKey }>`
      SELECT key FROM advocacy.effect
      WHERE tenant = ${tenant} AND platform = ${platform} AND state IN ('sending', 'unknown') AND due_at <= ${BigInt(at)}
      ORDER BY due_at, key LIMIT ${most}`
    const room = most - doubtful.length
    const planned =
      doubtfulOnly === true || room === 0
        ? []
        : yield* sql<{ readonly key: Outbound.EffectKey }>`
            SELECT key FROM advocacy.effect
            WHERE tenant = ${tenant} AND platform = ${platform} AND state = 'planned' AND due_at <= ${BigInt(at)}
            ORDER BY key LIMIT ${room}`
    return [...doubtful, ...planned].map(({ key }) => key)
  })

/** What `OutboxPlan` needs to know of a platform besides what is free. */
const standing = (sql: Sql, tenant: TenantId, { at, doubtfulOnly, platform }: Taking) =>
  sql<{
    readonly count: number
    readonly firstAt: bigint | null
    readonly until: bigint | null
    readonly times: number | null
    readonly nextFreeAt: bigint | null
  }>`
    SELECT recent.count, recent.first_at AS "firstAt", outage.until, outage.times, later.due_at AS "nextFreeAt"
    FROM (
      SELECT count(*)::int AS count, min(taken_at) AS first_at FROM advocacy.effect
      WHERE tenant = ${tenant} AND platform = ${platform} AND taken_at > ${BigInt(at - OutboxPlan.minute)}
    ) AS recent CROSS JOIN (
      SELECT min(due_at) AS due_at FROM advocacy.effect
      WHERE tenant = ${tenant} AND platform = ${platform} AND due_at > ${BigInt(at)}
        AND state = ANY(${texts(doubtfulOnly === true ? ["sending", "unknown"] : Outbound.openStates)})
    ) AS later LEFT JOIN advocacy.outage ON outage.tenant = ${tenant} AND outage.platform = ${platform}`.pipe(
    Effect.map((rows) => rows[0]),
  )

/** Takes what the plan allows. The facts are the caller's business, in the same transaction. */
export const take = (sql: Sql, tenant: TenantId, taking: Taking): Effect.Effect<Taken, SqlErrorOf> =>
  Effect.gen(function* () {
    const { at, leasedUntil, limit, platform } = taking
    yield* TenantTransaction.lock(sql, tenant, [`outbox ${platform}`])
    const keys = yield* free(sql, tenant, taking)
    const now = yield* standing(sql, tenant, taking)
    const { take: count, waiting } = OutboxPlan.plan(
      {
        recent: { count: now?.count ?? 0, firstAt: instant(now?.firstAt ?? null) },
        pausedUntil: instant(now?.until ?? null),
        free: keys.length,
        nextFreeAt: instant(now?.nextFreeAt ?? null),
      },
      limit,
      at,
    )
    const outages = now?.times ?? 0
    if (count === 0) return { rows: [], waiting, outages }
    const chosen = keys.slice(0, count)
    const rows = yield* sql<Stored>`
      WITH held AS (
        SELECT key FROM advocacy.effect
        WHERE tenant = ${tenant} AND key = ANY(${texts(chosen)})
          AND state IN ('planned', 'sending', 'unknown') AND due_at <= ${BigInt(at)}
        ORDER BY key FOR UPDATE
      )
      UPDATE advocacy.effect AS taken
      SET state = 'sending', attempts = attempts + 1, due_at = ${BigInt(leasedUntil)}, taken_at = ${BigInt(at)}
      FROM held WHERE taken.tenant = ${tenant} AND taken.key = held.key
      RETURNING body, state, attempts, note, due_at AS "dueAt", unanswered, gone_at AS "goneAt"`
    const byName = new Map(rows.map(rowOf).map((row) => [row.effect.key, row]))
    return { rows: chosen.flatMap((key) => byName.get(key) ?? []), waiting, outages }
  })

type SqlErrorOf = Effect.Error<ReturnType<typeof plan>>

const recordOutage = (sql: Sql, tenant: TenantId, { platform, times, until }: NonNullable<Move["outage"]>) =>
  sql`
    INSERT INTO advocacy.outage (tenant, platform, until, times) VALUES (${tenant}, ${platform}, ${BigInt(until)}, ${times})
    ON CONFLICT (tenant, platform) DO UPDATE SET until = excluded.until, times = excluded.times`

/** Rows are locked in key order, so two workers cannot deadlock. */
export const move = (sql: Sql, tenant: TenantId, { changes, from, outage }: Move) =>
  Effect.gen(function* () {
    if (outage !== undefined) yield* recordOutage(sql, tenant, outage)
    if (changes.length === 0) return new Set<Outbound.EffectKey>()
    const rows = yield* sql<{ readonly key: Outbound.EffectKey }>`
      WITH held AS (
        SELECT row.* FROM advocacy.effect AS known
        JOIN unnest(
          ${texts(changes.map(({ key }) => key))}, ${integers(changes.map(({ attempt }) => attempt))},
          ${texts(changes.map(({ to }) => to))}, ${integers(changes.map(({ dueAt }) => dueAt))},
          ${texts(changes.map(({ note }) => note?.replaceAll("\0", "") ?? null))},
          ${integers(changes.map(({ note }) => (note === undefined ? 0 : 1)))},
          ${integers(changes.map(({ unanswered }) => unanswered ?? null))},
          ${integers(changes.map(({ goneAt }) => goneAt ?? null))},
          ${integers(changes.map(({ goneAt }) => (goneAt === undefined ? 0 : 1)))}
        ) AS row (key, attempt, state, due_at, note, has_note, unanswered, gone_at, has_gone)
          ON row.key = known.key AND row.attempt = known.attempts
        WHERE known.tenant = ${tenant} AND known.state = ANY(${texts(from)})
        ORDER BY known.key FOR UPDATE OF known
      )
      UPDATE advocacy.effect AS moved
      SET state = held.state, due_at = held.due_at,
        note = CASE WHEN held.has_note = 1 THEN held.note ELSE moved.note END,
        unanswered = coalesce(held.unanswered, moved.unanswered),
        gone_at = CASE WHEN held.has_gone = 1 THEN held.gone_at ELSE moved.gone_at END
      FROM held WHERE moved.tenant = ${tenant} AND moved.key = held.key
      RETURNING moved.key`
    return new Set(rows.map(({ key }) => key))
  })

/**
 * For a database that no other process can have open: a lease that is left is that of a process that has ended. Run as the
 * owner, over all tenants.
 */
export const endLeases = (sql: Sql) => sql`UPDATE advocacy.effect SET due_at = 0 WHERE state = 'sending' AND due_at > 0`
