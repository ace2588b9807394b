/**
 * Erases a person inside a transaction that is open: facts, personal values, decisions, postings, effects, waiting messages.
 *
 * Promises: what `Erasure` promises. It reads what names the person by a search through the tenant's rows, once for every step outwards
 * through who is whom; other tenants and other people's rows are not touched. At the end it searches again, and dies if anything is left.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import * as ErasurePlan from "@advocacy-kit/core/fact/ErasurePlan"
import * as Tombstone from "@advocacy-kit/core/fact/Tombstone"
import { tombstone, type Handle } from "@advocacy-kit/core/id/Handle"
import type { Instant } from "@advocacy-kit/core/id/Instant"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { bytes, chunks, integers, texts } from "./ColumnArray.ts"
import { digestOf } from "./FactRows.ts"
import * as FactNames from "./FactNames.ts"
import * as ForgettingLedger from "./ForgettingLedger.ts"
import * as ForgettingMessages from "./ForgettingMessages.ts"
import { openPersonal } from "./PersonalValues.ts"
import * as Tombstones from "./Tombstones.ts"
import type { Vault } from "./Vault.ts"

type Tenant = CurrentTenant["Service"]

const rowsPerStatement = 2_500

/** Handles as they stand in JSON, and in the JSON of a text that is JSON itself. */
export const needles = (handles: Iterable<string>): ReadonlyArray<string> => [
  ...new Set([...handles].map((handle) => JSON.stringify(handle).slice(1, -1))),
]

interface StatementRow {
  readonly digest: Uint8Array
  readonly isNewest: boolean
  readonly body: unknown
}

const statementsOf = (
  sql: SqlClient.SqlClient,
  { id }: Tenant,
  handles: ReadonlyArray<Handle>,
  keys: ReadonlyArray<Fact.FactKey>,
  at: Instant,
) =>
  sql<StatementRow>`
    SELECT digest, body, (version, rank, digest) = (
      SELECT version, rank, digest FROM advocacy.fact AS other
      WHERE other.tenant = fact.tenant AND other.key = fact.key AND other.occurred_at <= ${BigInt(at)}
      ORDER BY version DESC, rank DESC, digest DESC LIMIT 1
    ) IS TRUE AS "isNewest"
    FROM advocacy.fact AS fact
    WHERE tenant = ${id} AND (
      key = ANY(${texts(keys)})
      OR EXISTS (SELECT FROM unnest(${texts(needles(handles))}) AS row (handle) WHERE strpos(body::text, handle) > 0)
    )`.pipe(
    Effect.map((rows) =>
      rows
        .map(({ body, digest, isNewest }) => ({
          fact: Fact.decodeSync(body),
          digest: Buffer.from(digest).toString("hex"),
          isNewest,
        }))
        .filter(({ fact }) => keys.includes(fact.key) || Tombstone.namesAny(fact, new Set<string>(handles))),
    ),
  )

const readingOf = (sql: SqlClient.SqlClient, tenant: Tenant) => ({
  statements: (handles: ReadonlyArray<Handle>, keys: ReadonlyArray<Fact.FactKey>, at: Instant) =>
    statementsOf(sql, tenant, handles, keys, at),
  undone: sql<{ readonly merge: Fact.FactKey }>`
    SELECT body->>'merge' AS merge FROM advocacy.fact WHERE tenant = ${tenant.id} AND tag = 'MergeUndone'`.pipe(
    Effect.map((rows): ReadonlySet<Fact.FactKey> => new Set(rows.map(({ merge }) => merge))),
  ),
})

const replaceFacts = (sql: SqlClient.SqlClient, changes: ReadonlyArray<Tombstone.Change>) =>
  Effect.forEach(
    chunks(changes, rowsPerStatement),
    (some) => sql`
        SELECT advocacy.erase_facts(
          ${texts(some.map(({ before }) => before.fact.key))}, ${integers(some.map(({ before }) => before.fact.version))},
          ${integers(some.map(({ before }) => before.fact.rank))},
          ${bytes(some.map(({ before }) => new Uint8Array(Buffer.from(before.digest, "hex"))))},
          ${texts(some.map(({ after, before }) => (after ?? before.fact).key))},
          ${bytes(some.map(({ after, before }) => digestOf(after ?? before.fact)))},
          ${texts(some.map(({ after }) => (after === null ? null : JSON.stringify(Fact.encode(after)))))}
        )`,
    { discard: true },
  )

/** Cursors are JSON of the connectors' own; one may have stopped at a person's record. */
const replaceCursors = (sql: SqlClient.SqlClient, { id }: Tenant, replace: (text: string) => Handle | undefined) =>
  Effect.gen(function* () {
    const rows = yield* sql<{ readonly job: string; readonly cursor: unknown }>`
      SELECT job, cursor FROM advocacy.checkpoint WHERE tenant = ${id}`
    for (const { cursor, job } of rows) {
      const next = Tombstone.inValue(cursor, replace)
      if (next !== cursor)
        yield* sql`
          UPDATE advocacy.checkpoint SET cursor = ${JSON.stringify(next)}::text::json WHERE tenant = ${id} AND job = ${job}`
    }
  })

/** Takes the names out of what facts are found by; what has changed is entered by its new ones, and what occurred later by those it keeps. */
const renameNames = (
  sql: SqlClient.SqlClient,
  tenant: Tenant,
  { handles, statements }: ErasurePlan.ErasurePlan,
  changes: ReadonlyArray<Tombstone.Change>,
) =>
  Effect.gen(function* () {
    const waiting = yield* sql<{ readonly key: Fact.FactKey }>`
      SELECT key FROM advocacy.fact_change WHERE tenant = ${tenant.id} AND names && ${texts(handles)}`
    const keys = new Set(changes.map(({ before }) => before.fact.key))
    yield* sql`SELECT advocacy.erase_names(${texts(handles)}, ${texts([...keys])})`
    yield* sql`DELETE FROM advocacy.taken`
    const again = new Set([
      ...changes.map(({ after, before }) => (after ?? before.fact).key),
      ...statements.map(({ fact }) => fact.key),
      ...waiting.map(({ key }) => key),
    ])
    yield* FactNames.enterAnew(sql, tenant.id, [...again])
  })

/** Values of the erased handles, and of those that only an older version of the person's records had. */
const forgetValues = (
  sql: SqlClient.SqlClient,
  vault: Vault,
  tenant: Tenant,
  handles: ReadonlyArray<Handle>,
  dropped: ReadonlyArray<Handle>,
) =>
  Effect.gen(function* () {
    const named = new Set<string>()
    if (dropped.length > 0)
      for (const { fact } of yield* statementsOf(sql, tenant, dropped, [], 0)) Tombstone.candidatesIn(fact, named)
    const theirs = [...handles, ...dropped.filter((handle) => !named.has(handle))]
    const values = yield* openPersonal(sql, vault, tenant.id, theirs)
    for (const some of chunks(theirs, rowsPerStatement)) yield* sql`SELECT advocacy.erase_values(${texts(some)})`
    return [...values.values()]
  })

/** Facts that still name one of the handles and should not. */
const leftIn = (sql: SqlClient.SqlClient, tenant: Tenant, handles: ReadonlyArray<Handle>, at: Instant) =>
  Effect.map(
    statementsOf(sql, tenant, handles, [], at),
    (statements) => statements.filter(({ fact }) => fact._tag !== "PersonReturned" && fact.occurredAt <= at).length,
  )

export interface Forgotten {
  readonly handles: number
  readonly statements: number
  readonly values: number
  readonly revisions: number
  readonly effects: number
  readonly undone: number
  readonly messages: number
  /** To be stored beside. */
  readonly comebacks: ReadonlyArray<Fact.Fact>
}

export const forget = (sql: SqlClient.SqlClient, vault: Vault, tenant: Tenant, start: ErasurePlan.Start) =>
  Effect.gen(function* () {
    yield* Tombstones.alone(sql, tenant.id)
    const plan = yield* ErasurePlan.make(start, readingOf(sql, tenant))
    const stones = new Map(plan.handles.map((handle) => [handle as string, tombstone(tenant.handleKey, handle)]))
    const replace = (text: string): Handle | undefined => stones.get(text)
    yield* Tombstones.add(sql, tenant.id, stones.values(), start.at)
    const { changes, comebacks, dropped } = Tombstone.rewrite(plan.statements, stones, start.at, plan.tombstones)
    yield* replaceFacts(sql, changes)
    yield* replaceCursors(sql, tenant, replace)
    const values = yield* forgetValues(sql, vault, tenant, plan.handles, dropped)
    const ledger = yield* ForgettingLedger.forget(sql, tenant, needles(stones.keys()), replace)
    yield* renameNames(sql, tenant, plan, changes)
    const messages = yield* ForgettingMessages.forget(sql, tenant, values, replace)
    yield* Tombstones.countTurn(sql, tenant.id)
    const left = yield* leftIn(sql, tenant, plan.handles, start.at)
    if (left > 0) return yield* Effect.die(new Error(`an erasure left ${left} facts that name the person`))
    const counted = { handles: plan.handles.length, statements: changes.length, values: values.length, messages }
    return { ...counted, ...ledger, comebacks } satisfies Forgotten
  })
