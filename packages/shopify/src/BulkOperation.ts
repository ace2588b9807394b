/**
 * A bulk query: started, waited for, and read as a stream of lines.
 *
 * Promises: children are joined to their parents in whatever order lines come; a result is accepted only when its lines
 * and its roots are as many as Shopify counted, otherwise nothing of it is used. Keeps one result in memory.
 */
import * as Instant from "@advocacy-kit/core/id/Instant"
import { Effect, Stream } from "effect"
import type { RawRecord } from "./Reading.ts"
import type { ShopifyClient } from "./ShopifyClient.ts"
import { Ambiguous, BulkFailed, ShopifyError } from "./ShopifyError.ts"
import { bulkPoll, bulkRun } from "./wire/Bulk.ts"
import * as LosslessJson from "./LosslessJson.ts"

type Client = ShopifyClient["Service"]

export interface BulkResult {
  readonly startedAt: Instant.Instant
  readonly objectCount: number
  readonly rootObjectCount: number
  /** Null where there is nothing. */
  readonly url: string | null
}

const failed = (code: string, isRetryable: boolean): ShopifyError =>
  new ShopifyError({ operation: "BulkOperation", reason: new BulkFailed({ code, isRetryable }) })

/** Starts a bulk query and gives its id. A shop runs five at a time; while all are taken we wait up to ten minutes. */
export const start = (client: Client, query: string): Effect.Effect<string, ShopifyError> =>
  Effect.gen(function* () {
    for (let attempt = 0; attempt < 120; attempt++) {
      const { data } = yield* client.mutate(bulkRun, { query }, { priority: "backfill" })
      const { bulkOperation, userErrors } = data.bulkOperationRunQuery
      if (bulkOperation !== null) return bulkOperation.id
      const busy = userErrors.some(({ code }) => code === "LIMIT_REACHED" || code === "OPERATION_IN_PROGRESS")
      if (!busy)
        return yield* failed(userErrors.map(({ code, message }) => code ?? message).join(", ") || "NOT_STARTED", false)
      yield* Effect.sleep("5 seconds")
    }
    return yield* failed("LIMIT_REACHED", true)
  }).pipe(
    // A second bulk query changes nothing in the shop, so an unanswered start is repeated here, and by whoever runs the job.
    Effect.retry({ times: 2, while: (error) => error.reason instanceof Ambiguous }),
    Effect.mapError((error) => (error.reason instanceof Ambiguous ? failed("START_NOT_CONFIRMED", true) : error)),
  )

/** Waits until the operation has ended; polls after 0.2 s, then a quarter later each time, at most 10 s. */
export const result = (client: Client, id: string): Effect.Effect<BulkResult, ShopifyError> =>
  Effect.gen(function* () {
    for (let pauseMillis = 200; ; pauseMillis = Math.min(10_000, Math.ceil(pauseMillis * 1.5))) {
      const { data } = yield* client.query(bulkPoll, { id }, { priority: "backfill" })
      const operation = data.bulkOperation
      if (operation === null) return yield* failed("NOT_FOUND", true)
      switch (operation.status) {
        case "COMPLETED":
          return { ...operation, startedAt: Instant.fromIso(operation.createdAt) }
        case "FAILED":
          return yield* failed(operation.errorCode ?? "FAILED", operation.errorCode !== "ACCESS_DENIED")
        case "CANCELED":
        case "CANCELING":
        case "EXPIRED":
          return yield* failed(operation.status, true)
        default:
          yield* Effect.sleep(pauseMillis)
      }
    }
  })

interface Line {
  readonly value: object
  readonly parent: string | undefined
}

const readLine = (line: string, at: number): Effect.Effect<Line, ShopifyError> =>
  Effect.try({
    try: () => {
      const value = LosslessJson.parse(line)
      if (typeof value !== "object" || value === null) throw new SyntaxError("not an object")
      const parent = "__parentId" in value && typeof value.__parentId === "string" ? value.__parentId : undefined
      return { value, parent }
    },
    // Most likely the download was cut off; the same result can be read again.
    catch: () => failed(`UNREADABLE_LINE_${at}`, true),
  })

/** The records of a result in the order of their ids, each with its children. */
export const records = (
  client: Client,
  { objectCount, rootObjectCount, url }: BulkResult,
): Effect.Effect<ReadonlyArray<RawRecord>, ShopifyError> =>
  Effect.gen(function* () {
    const roots = new Map<string, object>()
    const children = new Map<string, Array<object>>()
    let count = 0
    if (url !== null) {
      yield* Stream.runForEach(client.lines(url), (text) =>
        Effect.map(readLine(text, ++count), ({ parent, value }) => {
          const siblings = parent === undefined ? undefined : children.get(parent)
          if (parent === undefined) roots.set("id" in value ? String(value.id) : `line ${count}`, value)
          else if (siblings === undefined) children.set(parent, [value])
          else siblings.push(value)
        }),
      )
    }
    const orphan = [...children.keys()].some((parent) => !roots.has(parent))
    if (count !== objectCount || roots.size !== rootObjectCount || orphan)
      return yield* failed("INCOMPLETE_RESULT", true)
    return [...roots]
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([id, record]) => ({ record, children: children.get(id) ?? [], withheld: [] }))
  })
