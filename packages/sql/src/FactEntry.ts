/**
 * How facts come in: statements that are new are stored, and what becomes the newest of its key is entered by its names.
 *
 * Promises: writers of one key take turns until the end of their transaction, so that each knows which version it replaces.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { compare, versioned } from "@advocacy-kit/core/fact/FactVersion"
import type { TenantId } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { createHash } from "node:crypto"
import * as FactNames from "./FactNames.ts"
import { addFacts, type Added, type FactRow } from "./FactRows.ts"
import * as TenantTransaction from "./TenantTransaction.ts"

/** Few names for all facts: a batch of thousands needs no thousands of locks. */
const turnOf = ({ fact }: FactRow): string => `facts ${(createHash("sha1").update(fact.key).digest()[0] ?? 0) % 64}`

const hex = (bytesOf: Uint8Array): string => Buffer.from(bytesOf).toString("hex")

/** Of the statements that were added, the newest of each key where it is newer than what was there before. */
const newestOf = (rows: ReadonlyArray<FactRow>, added: ReadonlyArray<Added>): ReadonlyArray<FactNames.Entered> => {
  const isNew = new Set(added.map(({ digest, key }) => `${hex(digest)} ${key}`))
  const before = new Map(added.map(({ body, key }) => [key, body === null ? null : Fact.decodeSync(body)]))
  const newest = new Map<string, FactRow>()
  for (const row of rows) {
    if (!isNew.has(`${hex(row.digest)} ${row.fact.key}`)) continue
    const known = newest.get(row.fact.key)
    if (known === undefined || compare(versioned(known.fact), versioned(row.fact)) < 0) newest.set(row.fact.key, row)
  }
  return [...newest.values()].flatMap(({ digest, fact }) => {
    const old = before.get(fact.key) ?? null
    return old !== null && compare(versioned(old), versioned(fact)) > 0 ? [] : [{ fact, digest, before: old }]
  })
}

/** Stores rows; answers how many were new. */
export const add = (sql: SqlClient.SqlClient, tenant: TenantId, rows: ReadonlyArray<FactRow>) =>
  Effect.gen(function* () {
    if (rows.length === 0) return 0
    yield* TenantTransaction.lock(sql, tenant, [...new Set(rows.map(turnOf))])
    const added = yield* addFacts(sql, tenant, rows)
    yield* FactNames.enter(sql, tenant, newestOf(rows, added))
    return added.length
  })
