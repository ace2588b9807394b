/**
 * Records read afresh by their ids, as many to a query as its cost allows.
 *
 * Promises: every id is either among the records or among the missing; what Shopify withheld is told with its record.
 */
import { Effect } from "effect"
import { type RawRecord, withheldIn } from "./Reading.ts"
import type { ShopifyClient } from "./ShopifyClient.ts"
import type { ShopifyError } from "./ShopifyError.ts"
import type { Operation } from "./wire/Operation.ts"

export interface Nodes {
  readonly operation: Operation<{ readonly nodes: ReadonlyArray<unknown> }, { readonly ids: ReadonlyArray<string> }>
  readonly idsPerQuery: number
  /** Completes one record, for instance with lines beyond the first page. */
  readonly complete: (record: unknown, withheld: ReadonlyArray<string>) => Effect.Effect<RawRecord, ShopifyError>
}

export interface Found {
  readonly records: ReadonlyArray<RawRecord>
  /** Ids that no longer exist. */
  readonly missing: ReadonlyArray<string>
}

export const read = (
  client: ShopifyClient["Service"],
  { complete, idsPerQuery, operation }: Nodes,
  ids: ReadonlyArray<string>,
): Effect.Effect<Found, ShopifyError> =>
  Effect.gen(function* () {
    const records: Array<RawRecord> = []
    const missing: Array<string> = []
    for (let from = 0; from < ids.length; from += idsPerQuery) {
      const batch = ids.slice(from, from + idsPerQuery)
      const { data, withheld } = yield* client.query(operation, { ids: batch }, { priority: "webhook" })
      const of = withheldIn(withheld, ["nodes"])
      for (const [at, id] of batch.entries()) {
        const record = data.nodes[at] ?? null
        if (record === null) missing.push(id)
        else records.push(yield* complete(record, of(at)))
      }
    }
    return { records, missing }
  })
