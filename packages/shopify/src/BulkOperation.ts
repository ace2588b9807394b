/**
 * A bulk query: started, waited for, cancelled.
 *
 * Promises: a start whose answer is lost is repeated, because a second bulk query changes nothing in the shop; whether an
 * operation that came to nothing is worth another try is part of the error. Reading its result is `BulkResult`.
 */
import { Clock, Effect } from "effect"
import type { ShopifyClient } from "./ShopifyClient.ts"
import { Ambiguous, BulkFailed, ShopifyError } from "./ShopifyError.ts"
import { bulkCancel, bulkPoll, bulkRun } from "./wire/Bulk.ts"

type Client = ShopifyClient["Service"]
const priority = "backfill"

export interface Finished {
  readonly objectCount: number
  readonly rootObjectCount: number
  /** Null where there is nothing. */
  readonly url: string | null
}

export const failed = (code: string, isRetryable: boolean): ShopifyError =>
  new ShopifyError({ operation: "BulkOperation", reason: new BulkFailed({ code, isRetryable }) })

/** Starts a bulk query and gives its id; null while the shop runs as many as it may. */
export const start = (client: Client, query: string): Effect.Effect<string | null, ShopifyError> =>
  Effect.gen(function* () {
    const { data } = yield* client.mutate(bulkRun, { query }, { priority })
    const { bulkOperation, userErrors } = data.bulkOperationRunQuery
    if (bulkOperation !== null) return bulkOperation.id
    if (userErrors.some(({ code }) => code === "LIMIT_REACHED" || code === "OPERATION_IN_PROGRESS")) return null
    return yield* failed(userErrors.map(({ code, message }) => code ?? message).join(", ") || "NOT_STARTED", false)
  }).pipe(
    Effect.retry({ times: 2, while: (error) => error.reason instanceof Ambiguous }),
    Effect.mapError((error) => (error.reason instanceof Ambiguous ? failed("START_NOT_CONFIRMED", true) : error)),
  )

/** Starts it as soon as there is room, and waits for that up to ten minutes. */
export const startWhenFree = (client: Client, query: string): Effect.Effect<string, ShopifyError> =>
  Effect.gen(function* () {
    for (let attempt = 0; attempt < 120; attempt++) {
      const id = yield* start(client, query)
      if (id !== null) return id
      yield* Effect.sleep("5 seconds")
    }
    return yield* failed("LIMIT_REACHED", true)
  })

/** Longer than this and a smaller slice is more likely to come to an end. */
const patienceMillis = 2 * 3_600_000

/**
 * Waits until the operation has ended; asks after 0.2 s, then half as long again each time, at most 10 s. One that takes
 * longer than two hours is cancelled.
 */
export const result = (client: Client, id: string): Effect.Effect<Finished, ShopifyError> =>
  Effect.gen(function* () {
    const begunAt = yield* Clock.currentTimeMillis
    for (let pauseMillis = 200; ; pauseMillis = Math.min(10_000, Math.ceil(pauseMillis * 1.5))) {
      const { data } = yield* client.query(bulkPoll, { id }, { priority })
      const operation = data.bulkOperation
      if (operation === null) return yield* failed("NOT_FOUND", true)
      switch (operation.status) {
        case "COMPLETED":
          return operation
        case "FAILED":
          return yield* failed(operation.errorCode ?? "FAILED", operation.errorCode !== "ACCESS_DENIED")
        case "CANCELED":
        case "CANCELING":
        case "EXPIRED":
          return yield* failed(operation.status, true)
      }
      if ((yield* Clock.currentTimeMillis) - begunAt > patienceMillis) {
        // Whether it is cancelled or not, we go on without it.
        yield* Effect.ignore(client.mutate(bulkCancel, { id }, { priority }))
        return yield* failed("TOOK_TOO_LONG", true)
      }
      yield* Effect.sleep(pauseMillis)
    }
  })
