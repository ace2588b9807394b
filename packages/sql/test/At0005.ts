/**
 * A database as it was before the sixth step, filled by plain SQL: what a store of that version wrote.
 *
 * The rows say what memory says of the same history, in the columns of that time. No later version may change this file.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { contentDigest } from "@advocacy-kit/core/fact/FactVersion"
import type { TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import * as Credit from "@advocacy-kit/core/ledger/Credit"
import * as Outbound from "@advocacy-kit/core/ledger/OutboundEffect"
import { Migrations, Vault } from "@advocacy-kit/sql"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import * as Stored from "./Stored.ts"
import { tenantNamed, vaultKey } from "./Tenants.ts"

export const version = 5

/** The tables as they were, and empty. */
export const make = Migrations.until(version)

type Rows = Readonly<Record<string, ReadonlyArray<Readonly<Record<string, unknown>>>>>
type Observed = Effect.Success<typeof Stored.observed>[number]

const hex = (bytes: Uint8Array): string => `\\x${Buffer.from(bytes).toString("hex")}`

const factRows = (tenant: string) =>
  Stored.history(tenant).facts.map((fact) => ({
    key: fact.key,
    version: fact.version,
    rank: fact.rank,
    digest: `\\x${contentDigest(fact)}`,
    tag: fact._tag,
    occurred_at: fact.occurredAt,
    recorded_at: "2026-10-01T00:00:00Z",
    body: Fact.encode(fact),
  }))

/** Without what credits have said since. */
const asWritten = (credit: Credit.Credit): object => {
  const { at: _at, expiresAt: _expiresAt, part: _part, rule: _rule, ...written } = Credit.encode(credit)
  return written
}

const ledgerRows = ({ effects, histories }: Observed) => ({
  credit: histories.flatMap(([first]) =>
    first === undefined ? [] : [{ key: first.key, program: first.credit.program }],
  ),
  revision: histories.flat().map(({ credit, effectiveAt, key, revision, unit }) => ({
    key,
    revision,
    unit,
    effective_at: effectiveAt,
    recorded_at: "2026-10-01T00:00:00Z",
    credit: asWritten(credit),
  })),
  posting: histories
    .flat()
    .flatMap(({ key, legs, revision, unit }) =>
      legs.map(({ account, amountMinor }, leg) => ({ key, revision, leg, account, unit, amount: `${amountMinor}` })),
    ),
  effect: effects.map(({ attempts, effect, note, state }) => ({
    key: effect.key,
    state,
    attempts,
    note,
    body: Outbound.encode(effect),
  })),
})

const messageRows = (tenant: string) => {
  const states = ["done", "parked", "open"]
  return [1, 2, 3].map((n) => {
    const { body, eventKey, receivedAt, source, topic } = Stored.message(n)
    const state = states[n - 1]
    return {
      source,
      event_key: eventKey,
      topic,
      received_at: receivedAt,
      arrival: n + 3 * Stored.tenants.indexOf(tenant),
      body: state === "done" ? "\\x" : hex(body),
      state,
      attempts: 0,
      reason: state === "parked" ? "cannot be understood" : null,
    }
  })
}

const rowsOf = (tenant: string, observed: Observed): Rows => {
  const id: ReturnType<typeof TenantIdOf> = tenantNamed(tenant).id
  const handle = Stored.handleOf(tenant)
  return {
    inbox: messageRows(tenant),
    fact: factRows(tenant),
    personal: [{ handle, sealed: hex(Vault.vaultOf(vaultKey).seal(id, handle, Stored.address)) }],
    checkpoint: [Stored.checkpoint],
    ...ledgerRows(observed),
  }
}

const insert = (table: string, rows: ReadonlyArray<Readonly<Record<string, unknown>>>) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const columns = Object.keys(rows[0] ?? {}).join(", ")
    yield* sql.unsafe(
      `INSERT INTO advocacy.${table} (${columns}) OVERRIDING SYSTEM VALUE
       SELECT ${columns} FROM json_populate_recordset(NULL::advocacy.${table}, $1::text::json)`,
      [JSON.stringify(rows)],
    )
  })

/** Fills the tables with what memory observed of each tenant. Needs a user whom the policies do not bind. */
export const fill = (observed: ReadonlyArray<Observed>) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    for (const [index, tenant] of Stored.tenants.entries()) {
      const seen = observed[index]
      if (seen === undefined) continue
      for (const [table, rows] of Object.entries(rowsOf(tenant, seen)))
        yield* insert(
          table,
          rows.map((row) => ({ tenant, ...row })),
        )
    }
    yield* sql`INSERT INTO advocacy.vault_key (fingerprint) VALUES (${Vault.fingerprint(vaultKey)})`
  })
