/**
 * How facts come in: statements that are new are stored, and what becomes the newest of its key is entered by its names.
 *
 * Promises: writers of one key take turns until the end of their transaction, so that each knows which version it replaces.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { compare, type Versioned } from "@advocacy-kit/core/fact/FactVersion"
import type { TenantId } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { createHash } from "node:crypto"
import { chunks } from "./ColumnArray.ts"
import * as FactNames from "./FactNames.ts"
import { addFacts, type Added, type FactRow } from "./FactRows.ts"

const rowsPerStatement = 5_000

/** Few names for all facts: a batch of thousands needs no thousands of locks. */
const turnOf = ({ fact }: FactRow): string => `facts ${(createHash("sha1").update(fact.key).digest()[0] ?? 0) % 64}`

const hex = (bytesOf: Uint8Array): string => Buffer.from(bytesOf).toString("hex")

const identityOf = (key: string, version: bigint | number, rank: number, digest: Uint8Array): string =>
  `${version} ${rank} ${hex(digest)} ${key}`

const versionedOf = ({ digest, fact }: FactRow): Versioned => ({ fact, digest: hex(digest) })

/** Whether a row is newer than what was there before its statement was added. */
const isNewer = ({ digest, fact }: FactRow, { beforeDigest, beforeRank, beforeVersion }: Added): boolean =>
  beforeVersion === null ||
  (BigInt(fact.version) - beforeVersion ||
    BigInt(fact.rank - beforeRank) ||
    BigInt(Buffer.compare(digest, beforeDigest))) > 0n

/** Of the statements that were added, the newest of each key where it is newer than what was there before. */
const newestOf = (rows: ReadonlyArray<FactRow>, added: ReadonlyArray<Added>): ReadonlyArray<FactNames.Entered> => {
  const isNew = new Set(added.map(({ digest, key, rank, version }) => identityOf(key, version, rank, digest)))
  const before = new Map(added.map((one) => [one.key, one]))
  const newest = new Map<string, FactRow>()
  for (const row of rows) {
    const { key, rank, version } = row.fact
    if (!isNew.has(identityOf(key, version, rank, row.digest))) continue
    const known = newest.get(key)
    if (known === undefined || compare(versionedOf(known), versionedOf(row)) < 0) newest.set(key, row)
  }
  return [...newest.values()].flatMap((row): ReadonlyArray<FactNames.Entered> => {
    const old = before.get(row.fact.key)
    if (old === undefined || !isNewer(row, old)) return []
    const { digest, fact } = row
    return [{ fact, digest, before: old.body === null ? null : Fact.decodeSync(old.body) }]
  })
}

/** The names that a writer of these rows has to hold: all at once, so that two writers do not wait for each other crosswise. */
export const turnsOf = (rows: ReadonlyArray<FactRow>): ReadonlyArray<string> => [...new Set(rows.map(turnOf))]

/** Stores rows while their turns are held; answers how many were new. */
export const add = (sql: SqlClient.SqlClient, tenant: TenantId, rows: ReadonlyArray<FactRow>) =>
  Effect.gen(function* () {
    let recorded = 0
    for (const some of chunks(rows, rowsPerStatement, ({ body }) => body.length)) {
      const added = yield* addFacts(sql, tenant, some)
      recorded += added.length
      yield* FactNames.enter(sql, tenant, newestOf(some, added))
    }
    return recorded
  })
