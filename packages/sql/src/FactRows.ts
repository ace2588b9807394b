/**
 * Facts as rows: what is stored of a fact, and how many at once.
 */
import * as Fact from "@advocacy-kit/core/fact/Fact"
import { Unstorable } from "@advocacy-kit/core/fact/FactLog"
import { contentText } from "@advocacy-kit/core/fact/FactVersion"
import type { TenantId } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { hash } from "node:crypto"
import { bytes, integers, texts } from "./ColumnArray.ts"

export interface FactRow {
  readonly fact: Fact.Fact
  readonly digest: Uint8Array
  readonly body: string
}

/** An escaped NUL or half of a surrogate pair; an even number of backslashes before it would be text. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/
const remedy = "remove NUL characters and broken surrogate pairs from its texts"

export const isStorable = (json: string): boolean => !unstorable.test(json)

export const refusal = (key: string): Unstorable => new Unstorable({ key: JSON.stringify(key).slice(1, -1), remedy })

/** `contentDigest` by Node's own SHA-256, which takes a sixth of the time. */
export const digestOf = (fact: Fact.Fact): Uint8Array => new Uint8Array(hash("sha256", contentText(fact), "buffer"))

/** A plain loop: it runs for every fact that comes in. */
export const rowsOf = (facts: ReadonlyArray<Fact.Fact>): Effect.Effect<Array<FactRow>, Unstorable> =>
  Effect.suspend(() => {
    const rows: Array<FactRow> = []
    for (const fact of facts) {
      const body = JSON.stringify(Fact.encode(fact))
      if (!isStorable(body)) return Effect.fail(refusal(fact.key))
      rows.push({ fact, digest: digestOf(fact), body })
    }
    return Effect.succeed(rows)
  })

/** A statement that was new, with the newest version of its key that was there before. */
export interface Added {
  readonly key: string
  readonly version: bigint
  readonly rank: number
  readonly digest: Uint8Array
  /** Null for a key that is new. */
  readonly beforeVersion: bigint | null
  readonly beforeRank: number
  readonly beforeDigest: Uint8Array
  readonly body: unknown
}

/**
 * Adds the statements that are new, and answers them with what was the newest before. What is asked in the same statement sees the
 * table as it was.
 */
export const addFacts = (sql: SqlClient.SqlClient, tenant: TenantId, rows: ReadonlyArray<FactRow>) =>
  sql<Added>`
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
      RETURNING key, version, rank, digest
    )
    SELECT added.key, added.version, added.rank, added.digest, before.version AS "beforeVersion", before.rank AS "beforeRank",
      before.digest AS "beforeDigest", before.body
    FROM added LEFT JOIN LATERAL (
      SELECT version, rank, digest, body FROM advocacy.fact WHERE fact.tenant = ${tenant} AND fact.key = added.key
      ORDER BY fact.version DESC, fact.rank DESC, fact.digest DESC LIMIT 1
    ) AS before ON true`
