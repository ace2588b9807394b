/**
 * Puts tombstones into decisions, postings and effects, inside an erasure's transaction.
 *
 * Promises: no amount changes; an account takes the name of the tombstone, so its sum stays; a planned effect for the person is undone.
 */
import * as Tombstone from "@advocacy-kit/core/fact/Tombstone"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import * as Outbound from "@advocacy-kit/core/ledger/OutboundEffect"
import * as Renaming from "@advocacy-kit/core/ledger/Renaming"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { chunks, integers, texts } from "./ColumnArray.ts"

type Tenant = CurrentTenant["Service"]
type Replace = (text: string) => Handle | undefined

const rowsPerStatement = 2_500

const revisions = (sql: SqlClient.SqlClient, { id }: Tenant, needles: ReadonlyArray<string>, replace: Replace) =>
  Effect.gen(function* () {
    const rows = yield* sql<{ readonly key: string; readonly revision: number; readonly credit: unknown }>`
      SELECT key, revision, credit FROM advocacy.revision
      WHERE tenant = ${id} AND EXISTS (
        SELECT FROM unnest(${texts(needles)}) AS row (handle) WHERE strpos(credit::text, handle) > 0
      )`
    const changes = rows.flatMap(({ credit, key, revision }) => {
      const renamed = Tombstone.inValue(credit, replace)
      return renamed === credit ? [] : [{ key, revision, renamed, newKey: Tombstone.inText(key, replace) }]
    })
    for (const some of chunks(changes, rowsPerStatement)) {
      const keys = some.map(({ key }) => key)
      const posted = yield* sql<{ readonly account: string }>`
        SELECT DISTINCT account FROM advocacy.posting WHERE tenant = ${id} AND key = ANY(${texts(keys)})`
      const accounts = posted
        .map(({ account }) => ({ account, renamed: Tombstone.inText(account, replace) }))
        .filter(({ account, renamed }) => account !== renamed)
      yield* sql`
        SELECT advocacy.erase_revisions(
          ${texts(keys)}, ${integers(some.map(({ revision }) => revision))},
          ${texts(some.map(({ renamed }) => JSON.stringify(renamed)))},
          ${texts(accounts.map(({ account }) => account))}, ${texts(accounts.map(({ renamed }) => renamed))},
          ${texts([])}, ${texts([])}
        )`
    }
    const moved = [...new Map(changes.filter(({ key, newKey }) => key !== newKey).map((one) => [one.key, one.newKey]))]
    if (moved.length > 0)
      yield* sql`
        SELECT advocacy.erase_revisions(
          ${texts([])}, ${integers([])}, ${texts([])}, ${texts([])}, ${texts([])},
          ${texts(moved.map(([key]) => key))}, ${texts(moved.map(([, newKey]) => newKey))}
        )`
    return changes.length
  })

const effects = (sql: SqlClient.SqlClient, { id }: Tenant, needles: ReadonlyArray<string>, replace: Replace) =>
  Effect.gen(function* () {
    const rows = yield* sql<{ readonly body: unknown; readonly state: Outbound.State }>`
      SELECT body, state FROM advocacy.effect
      WHERE tenant = ${id} AND EXISTS (
        SELECT FROM unnest(${texts(needles)}) AS row (handle) WHERE strpos(body::text, handle) > 0
      ) ORDER BY key FOR UPDATE`
    const changes = rows.flatMap(({ body, state }) => {
      const row: Outbound.EffectRow = { ...Outbound.plannedRow(Outbound.decodeSync(body)), state }
      const renamed = Renaming.effectRow(row, replace)
      return renamed === row ? [] : [{ row, renamed, isUndone: renamed.state !== state }]
    })
    for (const some of chunks(changes, rowsPerStatement))
      yield* sql`
        SELECT advocacy.erase_effects(
          ${texts(some.map(({ row }) => row.effect.key))}, ${texts(some.map(({ renamed }) => renamed.effect.key))},
          ${texts(some.map(({ renamed }) => JSON.stringify(Outbound.encode(renamed.effect))))},
          ${integers(some.map(({ isUndone }) => (isUndone ? 1 : 0)))}
        )`
    return { effects: changes.length, undone: changes.filter(({ isUndone }) => isUndone).length }
  })

export const forget = (sql: SqlClient.SqlClient, tenant: Tenant, needles: ReadonlyArray<string>, replace: Replace) =>
  Effect.gen(function* () {
    const posted = yield* revisions(sql, tenant, needles, replace)
    return { revisions: posted, ...(yield* effects(sql, tenant, needles, replace)) }
  })
