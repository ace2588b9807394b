/**
 * The shop's API budget as we last heard of it, and who may spend how much of it.
 *
 * Promises: pure; never counts on more than Shopify reported plus what has flowed back since; a lower priority stops
 * earlier, so that rewards still go out while a backfill runs, and the host app keeps its share.
 */

export type Priority = "reward" | "webhook" | "increment" | "backfill"

/** `available` as at `atMillis`, with the points of requests under way already taken off. */
export interface CostBucket {
  readonly maximum: number
  readonly available: number
  readonly restorePerSecond: number
  readonly atMillis: number
}

export interface ThrottleStatus {
  readonly maximumAvailable: number
  readonly currentlyAvailable: number
  readonly restoreRate: number
}

/** How much of the host's share a priority leaves untouched. */
const leaves: Readonly<Record<Priority, number>> = { reward: 0.1, webhook: 0.4, increment: 0.7, backfill: 1 }

const refilled = (bucket: CostBucket, nowMillis: number): number =>
  Math.min(
    bucket.maximum,
    bucket.available + (Math.max(0, nowMillis - bucket.atMillis) / 1000) * bucket.restorePerSecond,
  )

/** What Shopify said, less the points of the requests that it has not counted yet. */
export const reported = (status: ThrottleStatus, underWayPoints: number, nowMillis: number): CostBucket => ({
  maximum: status.maximumAvailable,
  available: status.currentlyAvailable - underWayPoints,
  restorePerSecond: status.restoreRate,
  atMillis: nowMillis,
})

/** The bucket after taking `points`, or how long to wait before asking again. */
export const take = (
  bucket: CostBucket,
  points: number,
  options: { readonly priority: Priority; readonly hostSharePercent: number; readonly nowMillis: number },
): { readonly taken: CostBucket } | { readonly waitMillis: number } => {
  const available = refilled(bucket, options.nowMillis)
  const reserve = bucket.maximum * (options.hostSharePercent / 100) * leaves[options.priority]
  /** A full bucket serves everybody, otherwise a costly query would wait for ever. */
  const needed = Math.min(points + reserve, bucket.maximum)
  if (available >= needed) return { taken: { ...bucket, available: available - points, atMillis: options.nowMillis } }
  return { waitMillis: Math.ceil(((needed - available) / Math.max(1, bucket.restorePerSecond)) * 1000) }
}
