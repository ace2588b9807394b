/**
 * The stage that hands over: commit, send, and record what became of it.
 *
 * Promises: a commitment is stored before anything is sent; an effect whose answer was lost is looked up on the platform
 * before it is sent again, under the same key; what the platform refuses for good is withdrawn, with the reason kept. Two
 * workers send each effect once. A platform that is away holds up no other, and no tenant waits for another's.
 */
import { Clock, Effect } from "effect"
import { SourceError } from "../connector/FactSource.ts"
import { Fulfiller } from "../connector/Fulfiller.ts"
import type { Instant } from "../id/Instant.ts"
import { Ledger, type LedgerError } from "../ledger/Ledger.ts"
import { leaseMillis, type SendLimit } from "../ledger/OutboxPlan.ts"
import { commitment } from "../reward/Fulfilment.ts"
import { CurrentTenant, type TenantId } from "../tenant/Tenant.ts"
import { deliverAll } from "./Delivering.ts"
import * as Progress from "./Progress.ts"

export interface Away {
  readonly platform: string
  readonly error: SourceError
}

export interface Fulfilled {
  readonly confirmed: number
  /** No answer came, or the platform was away: looked up and tried again later. */
  readonly unknown: number
  readonly failed: number
  /** Given up for a human by this pass; they count as unknown too. */
  readonly deadLetters: number
  readonly away: ReadonlyArray<Away>
  /** When there is something to do again; null when nothing waits by itself. */
  readonly nextAt: Instant | null
}

export type FulfillingError = LedgerError | SourceError
export type FulfillingNeeds = Ledger | Fulfiller | CurrentTenant

const nothing: Fulfilled = { confirmed: 0, unknown: 0, failed: 0, deadLetters: 0, away: [], nextAt: null }

const earlier = (left: Instant | null, right: Instant | null): Instant | null =>
  left === null ? right : right === null ? left : Math.min(left, right)

const plus = (left: Fulfilled, right: Partial<Fulfilled>): Fulfilled => ({
  confirmed: left.confirmed + (right.confirmed ?? 0),
  unknown: left.unknown + (right.unknown ?? 0),
  failed: left.failed + (right.failed ?? 0),
  deadLetters: left.deadLetters + (right.deadLetters ?? 0),
  away: [...left.away, ...(right.away ?? [])],
  nextAt: earlier(left.nextAt, right.nextAt ?? null),
})

/** Sends what is due on one platform, batch after batch. It waits for the platform's limit, and for nothing else. */
const drain = Effect.fn("Fulfilling.drain")(function* (platform: string, limit: SendLimit, doubtfulOnly: boolean) {
  const ledger = yield* Ledger
  let total = nothing
  for (;;) {
    const at = yield* Clock.currentTimeMillis
    const taken = yield* ledger.take({
      platform,
      at,
      leasedUntil: at + leaseMillis,
      limit,
      doubtfulOnly,
      facts: (effects) => ({
        facts: effects.flatMap((effect) => (effect._tag === "IssueReward" ? [commitment(effect)] : [])),
        personal: [],
      }),
    })
    if (taken.rows.length > 0) {
      const { away, ...count } = yield* deliverAll(platform, taken)
      total = plus(total, count)
      yield* Progress.report({
        stage: "fulfilling",
        done: total.confirmed + total.unknown + total.failed,
        unit: "effects",
      })
      if (away !== null) total = plus(total, { away: [{ platform, error: away }] })
      // What the pause and the waits allow is read afresh.
      continue
    }
    if (taken.waiting.for !== "limit") return plus(total, { nextAt: taken.waiting.until })
    yield* Effect.sleep(taken.waiting.until - at)
  }
})

/** Something is planned, and nobody is there to hand it over: that is never a silent success. */
const unserved = Effect.gen(function* () {
  const ledger = yield* Ledger
  const planned = yield* ledger.effects({ states: ["planned"], limit: 1 })
  if (planned.length === 0) return nothing
  return yield* new SourceError({
    source: "advocacy",
    operation: "hand over rewards",
    message: "no connected platform hands rewards over",
    remedy: "connect one that does, such as Shopify",
    isRetryable: false,
  })
})

const pass = (doubtfulOnly: boolean): Effect.Effect<Fulfilled, FulfillingError, FulfillingNeeds> =>
  Effect.gen(function* () {
    const { platforms } = yield* Fulfiller
    if (platforms.size === 0) return yield* unserved
    const drained = yield* Effect.forEach(platforms, ([platform, limit]) => drain(platform, limit, doubtfulOnly), {
      concurrency: "unbounded",
    })
    return drained.reduce(plus, nothing)
  })

/** Resolves what is in doubt, and sends everything planned, as far as it is due. */
export const fulfil: Effect.Effect<Fulfilled, FulfillingError, FulfillingNeeds> = pass(false).pipe(
  Effect.withSpan("Fulfilling.fulfil"),
)

/** Only looks up what is in doubt, and sends again what is not there. */
export const resolve: Effect.Effect<Fulfilled, FulfillingError, FulfillingNeeds> = pass(true).pipe(
  Effect.withSpan("Fulfilling.resolve"),
)

export interface TenantAtWork {
  readonly tenant: CurrentTenant["Service"]
  readonly fulfiller: Fulfiller["Service"]
}

/** Hands over for many tenants at once, each on its own: one that waits, fails or hangs holds up no other. */
export const fulfilEach = <A>(
  tenants: ReadonlyArray<TenantAtWork>,
  told: (tenant: TenantId, outcome: Fulfilled | FulfillingError) => Effect.Effect<A>,
): Effect.Effect<void, never, Ledger> =>
  Effect.forEach(
    tenants,
    ({ fulfiller, tenant }) =>
      fulfil.pipe(
        Effect.provideService(Fulfiller, fulfiller),
        Effect.provideService(CurrentTenant, tenant),
        Effect.match({
          onFailure: (error): Fulfilled | FulfillingError => error,
          onSuccess: (fulfilled): Fulfilled | FulfillingError => fulfilled,
        }),
        Effect.flatMap((outcome) => told(tenant.id, outcome)),
      ),
    { concurrency: "unbounded", discard: true },
  )
