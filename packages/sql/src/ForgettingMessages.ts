/**
 * Takes an erased person out of messages that wait or are parked, inside an erasure's transaction.
 *
 * Promises: page by page, so that a full inbox does not fill the memory; what is left of a body is enough to read the record afresh.
 */
import { redacted } from "@advocacy-kit/core/connector/InboxRedaction"
import * as Tombstone from "@advocacy-kit/core/fact/Tombstone"
import type { Handle } from "@advocacy-kit/core/id/Handle"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { bytes, texts } from "./ColumnArray.ts"

const rowsPerPage = 500

interface Message {
  readonly source: string
  readonly eventKey: string
  readonly arrival: bigint
  readonly body: Uint8Array
}

export const forget = (
  sql: SqlClient.SqlClient,
  { id }: CurrentTenant["Service"],
  values: ReadonlyArray<string>,
  replace: (text: string) => Handle | undefined,
) =>
  Effect.gen(function* () {
    let [after, changed] = [0n, 0]
    for (;;) {
      const rows = yield* sql<Message>`
        SELECT source, event_key AS "eventKey", arrival, body FROM advocacy.inbox
        WHERE tenant = ${id} AND arrival > ${after} AND (state <> 'done' OR strpos(event_key, ':') > 0)
        ORDER BY arrival LIMIT ${rowsPerPage}`
      const changes = rows.flatMap((row) => {
        const [eventKey, body] = [Tombstone.inText(row.eventKey, replace), redacted(row, values)]
        return eventKey === row.eventKey && body === null ? [] : [{ row, eventKey, body: body ?? row.body }]
      })
      if (changes.length > 0)
        yield* sql`
          SELECT advocacy.erase_messages(
            ${texts(changes.map(({ row }) => row.source))}, ${texts(changes.map(({ row }) => row.eventKey))},
            ${texts(changes.map(({ eventKey }) => eventKey))}, ${bytes(changes.map(({ body }) => body))}
          )`
      changed += changes.length
      const last = rows.at(-1)
      if (last === undefined || rows.length < rowsPerPage) return changed
      after = BigInt(last.arrival)
    }
  })
