/**
 * The inbox over PostgreSQL.
 *
 * Promises: what `Inbox` promises, by a primary key. Two workers that claim at the same moment pass each other by;
 * a claim that is never settled is handed out again.
 */
import { Inbox, InboxError, type Delivery, type Parked } from "@advocacy-kit/core/connector/Inbox"
import type { StoreUnavailable } from "@advocacy-kit/core/fact/FactLog"
import { CurrentTenant, type TenantId } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { bytes, integers, texts } from "./ColumnArray.ts"
import * as TenantTransaction from "./TenantTransaction.ts"

const keyOf = (delivery: Pick<Delivery, "source" | "eventKey">): string =>
  JSON.stringify([delivery.source, delivery.eventKey])

const accept = (sql: SqlClient.SqlClient, tenant: TenantId, deliveries: ReadonlyArray<Delivery>) =>
  sql<{ readonly source: string; readonly eventKey: string }>`
    INSERT INTO advocacy.inbox (tenant, source, event_key, topic, received_at, triggered_at, body)
    SELECT ${tenant}, source, event_key, topic, received_at, triggered_at, body
    FROM unnest(
      ${texts(deliveries.map(({ source }) => source))}, ${texts(deliveries.map(({ eventKey }) => eventKey))},
      ${texts(deliveries.map(({ topic }) => topic))}, ${integers(deliveries.map(({ receivedAt }) => receivedAt))},
      ${integers(deliveries.map(({ triggeredAt }) => triggeredAt ?? null))}, ${bytes(deliveries.map(({ body }) => body))}
    ) AS row (source, event_key, topic, received_at, triggered_at, body)
    ON CONFLICT DO NOTHING
    RETURNING source, event_key AS "eventKey"`.pipe(
    Effect.map((rows) => {
      const added = new Set(rows.map(keyOf))
      // Of two with the same key in one call the first is the new one: `delete` answers true once.
      return deliveries.map((delivery) => added.delete(keyOf(delivery)))
    }),
  )

interface ClaimedRow {
  readonly eventKey: string
  readonly topic: string
  readonly receivedAt: bigint
  readonly triggeredAt: bigint | null
  readonly body: Uint8Array
  readonly attempts: number
}

const claim = (sql: SqlClient.SqlClient, tenant: TenantId, source: string, limit: number) =>
  sql<ClaimedRow>`
    WITH oldest AS (
      SELECT event_key FROM advocacy.inbox
      WHERE tenant = ${tenant} AND source = ${source} AND state = 'open'
      ORDER BY received_at, arrival LIMIT ${limit}
      FOR UPDATE SKIP LOCKED
    ), claimed AS (
      UPDATE advocacy.inbox AS message SET attempts = message.attempts + 1
      FROM oldest
      WHERE message.tenant = ${tenant} AND message.source = ${source} AND message.event_key = oldest.event_key
      RETURNING message.*
    )
    SELECT event_key AS "eventKey", topic, received_at AS "receivedAt", triggered_at AS "triggeredAt", body, attempts
    FROM claimed ORDER BY received_at, arrival`.pipe(
    Effect.map((rows) =>
      rows.map(({ triggeredAt, ...row }) => ({
        ...row,
        source,
        receivedAt: Number(row.receivedAt),
        ...(triggeredAt === null ? {} : { triggeredAt: Number(triggeredAt) }),
      })),
    ),
  )

const counts = (sql: SqlClient.SqlClient, tenant: TenantId) =>
  sql<{ readonly open: number; readonly done: number; readonly parked: number }>`
    SELECT count(*) FILTER (WHERE state = 'open')::int AS open, count(*) FILTER (WHERE state = 'done')::int AS done,
      count(*) FILTER (WHERE state = 'parked')::int AS parked
    FROM advocacy.inbox WHERE tenant = ${tenant}`.pipe(Effect.map((rows) => rows[0] ?? { open: 0, done: 0, parked: 0 }))

const refused = (reason: StoreUnavailable): InboxError => new InboxError({ reason })

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const transaction = TenantTransaction.make(sql)
  const tenantId = Effect.map(CurrentTenant, ({ id }) => id)
  return Inbox.of({
    accept: Effect.fn("Inbox.accept")(function* (deliveries) {
      return yield* transaction.write("accept messages", accept(sql, yield* tenantId, deliveries))
    }, Effect.mapError(refused)),
    claim: Effect.fn("Inbox.claim")(function* (source, limit) {
      return yield* transaction.write("claim messages", claim(sql, yield* tenantId, source, limit))
    }, Effect.mapError(refused)),
    settle: Effect.fn("Inbox.settle")(function* (source, eventKeys) {
      yield* transaction.write(
        "settle messages",
        sql`UPDATE advocacy.inbox SET state = 'done', reason = NULL, body = ''::bytea WHERE tenant = ${yield* tenantId} AND source = ${source}
            AND event_key = ANY(${texts(eventKeys)}) AND state <> 'done'`,
      )
    }, Effect.mapError(refused)),
    park: Effect.fn("Inbox.park")(function* (source, reasons) {
      if (reasons.size === 0) return
      yield* transaction.write(
        "park messages",
        // PostgreSQL text holds no NUL; a reason must never be why a message cannot be parked.
        sql`UPDATE advocacy.inbox SET state = 'parked', reason = parked.reason
            FROM unnest(${texts([...reasons.keys()])}, ${texts([...reasons.values()].map((reason) => reason.replaceAll("\0", "")))})
              AS parked (event_key, reason)
            WHERE tenant = ${yield* tenantId} AND source = ${source} AND inbox.event_key = parked.event_key AND state = 'open'`,
      )
    }, Effect.mapError(refused)),
    parked: Effect.flatMap(tenantId, (tenant) =>
      transaction.read(
        "read parked messages",
        sql<Parked>`SELECT source, event_key AS "eventKey", topic, reason FROM advocacy.inbox
          WHERE tenant = ${tenant} AND state = 'parked' ORDER BY received_at, arrival`,
      ),
    ).pipe(Effect.mapError(refused)),
    counts: Effect.flatMap(tenantId, (tenant) => transaction.read("count messages", counts(sql, tenant))).pipe(
      Effect.mapError(refused),
    ),
  })
})

export const layer: Layer.Layer<Inbox, never, SqlClient.SqlClient> = Layer.effect(Inbox, make)
