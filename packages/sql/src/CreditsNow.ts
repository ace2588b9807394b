/**
 * Where each credit stands now, found by cause, beneficiary and due time: a projection of the last revisions.
 *
 * It is written in the transaction of the revisions, and can be made anew from them; postings and decisions are read from where
 * they are kept for ever.
 */
import * as Credit from "@advocacy-kit/core/ledger/Credit"
import { type CreditedTo, type Posted, type Revision, unsettledIn, type Which } from "@advocacy-kit/core/ledger/Ledger"
import type { TenantId } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Schema } from "effect"
import type { SqlClient, Statement } from "effect/sql"
import { chunks, integers, texts } from "./ColumnArray.ts"

type Sql = SqlClient.SqlClient

const rowsPerStatement = 5_000
const decodeCredit = Schema.decodeUnknownSync(Credit.Credit)

/** The state after these revisions; the last of each credit counts. */
export const keep = (sql: Sql, tenant: TenantId, revisions: ReadonlyArray<Revision>) => {
  const last = new Map<string, Revision>()
  for (const revision of revisions)
    if ((last.get(revision.key)?.revision ?? 0) < revision.revision) last.set(revision.key, revision)
  const rows = [...last.values()].map(({ credit, key, revision }) => ({
    key,
    revision,
    credit,
    ...unsettledIn(credit.legs),
  }))
  return Effect.forEach(
    chunks(rows, rowsPerStatement),
    (some) => sql`
      INSERT INTO advocacy.credit_now (tenant, key, program, cause, beneficiary, revision, next_due_at, is_open, is_owing)
      SELECT ${tenant}, key, program, cause, beneficiary, revision, due::bigint, open::boolean, owing::boolean
      FROM unnest(
        ${texts(some.map(({ key }) => key))}, ${texts(some.map(({ credit }) => credit.program))},
        ${texts(some.map(({ credit }) => credit.cause))}, ${texts(some.map(({ credit }) => credit.beneficiary))},
        ${integers(some.map(({ revision }) => revision))},
        ${texts(some.map(({ credit }) => (credit.nextDueAt === null ? null : `${credit.nextDueAt}`)))},
        ${texts(some.map(({ open }) => `${open}`))}, ${texts(some.map(({ owing }) => `${owing}`))}
      ) AS row (key, program, cause, beneficiary, revision, due, open, owing)
      ON CONFLICT (tenant, key) DO UPDATE SET cause = excluded.cause, beneficiary = excluded.beneficiary,
        revision = excluded.revision, next_due_at = excluded.next_due_at, is_open = excluded.is_open, is_owing = excluded.is_owing`,
    { discard: true },
  )
}

interface Row {
  readonly key: Credit.CreditKey
  readonly revision: number
  readonly credit: unknown
  readonly sums: ReadonlyArray<string>
}

/** Row by row: a planner that knows nothing of a tenant takes joins for small that read everything for each row. */
const postedOf = (sql: Sql, tenant: TenantId, now: Statement.Fragment) =>
  sql<Row>`
    SELECT now.key, now.revision, last.credit, ARRAY(
      SELECT account || ' ' || sum(amount)::text FROM advocacy.posting
      WHERE tenant = ${tenant} AND key = now.key GROUP BY account HAVING sum(amount) <> 0 ORDER BY account
    ) AS sums
    FROM ${now} CROSS JOIN LATERAL (
      SELECT credit FROM advocacy.revision WHERE tenant = ${tenant} AND key = now.key AND revision = now.revision OFFSET 0
    ) AS last
    ORDER BY now.key`.pipe(
    Effect.map(
      (rows) =>
        new Map<Credit.CreditKey, Posted>(
          rows.map(({ credit, key, revision, sums }) => [
            key,
            { revision, credit: decodeCredit(credit), legs: sums.map(legOf) },
          ]),
        ),
    ),
  )

/** Last revision and sums of postings of every credit of a program. */
export const posted = (sql: Sql, tenant: TenantId, program: string) =>
  postedOf(
    sql,
    tenant,
    sql`(SELECT key, revision FROM advocacy.credit_now WHERE tenant = ${tenant} AND program = ${program} OFFSET 0) AS now`,
  )

/** The same of the credits of these causes. */
export const postedFor = (sql: Sql, tenant: TenantId, program: string, causes: ReadonlyArray<string>) =>
  postedOf(
    sql,
    tenant,
    sql`(SELECT DISTINCT cause FROM unnest(${texts(causes)}) AS row (cause)) AS wanted CROSS JOIN LATERAL (
      SELECT key, revision FROM advocacy.credit_now
      WHERE tenant = ${tenant} AND program = ${program} AND cause = wanted.cause OFFSET 0
    ) AS now`,
  )

/** Accounts hold no blanks. */
const legOf = (text: string): Credit.Leg => {
  const gap = text.lastIndexOf(" ")
  return { account: text.slice(0, gap) as Credit.Account, amountMinor: BigInt(text.slice(gap + 1)) }
}

export const due = (sql: Sql, tenant: TenantId, program: string, asOf: number, limit: number) =>
  sql<{ readonly cause: string }>`
    SELECT cause FROM (
      SELECT cause, min(next_due_at) AS at FROM advocacy.credit_now
      WHERE tenant = ${tenant} AND program = ${program} AND next_due_at <= ${BigInt(asOf)} GROUP BY cause
    ) AS due ORDER BY at, cause LIMIT ${limit}`.pipe(Effect.map((rows) => rows.map(({ cause }) => cause)))

export const creditedTo = (
  sql: Sql,
  tenant: TenantId,
  program: string,
  beneficiaries: ReadonlyArray<string>,
  which: Which,
) =>
  sql<CreditedTo>`
    SELECT now.cause, wanted.beneficiary, last.unit
    FROM (SELECT DISTINCT beneficiary FROM unnest(${texts(beneficiaries)}) AS row (beneficiary)) AS wanted
    CROSS JOIN LATERAL (
      SELECT key, revision, cause FROM advocacy.credit_now
      WHERE tenant = ${tenant} AND program = ${program} AND beneficiary = wanted.beneficiary
        ${which === "any" ? sql`` : which === "open" ? sql`AND is_open` : sql`AND is_owing`}
      OFFSET 0
    ) AS now
    CROSS JOIN LATERAL (
      SELECT unit FROM advocacy.revision WHERE tenant = ${tenant} AND key = now.key AND revision = now.revision OFFSET 0
    ) AS last
    ORDER BY now.cause`
