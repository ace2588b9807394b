/**
 * Calls one portal with the policy that it asks for: within its limits, repeated only where that is safe, decoded.
 *
 * Promises: reads are repeated after lost answers, 5xx, 423, 429 and 477 with back-off and jitter, at most six attempts in
 * all; a write whose answer is lost is `OutcomeUnknown` and never sent again; the daily limit is reported with the
 * time at which it ends. One instance per portal. The buckets are not shared with other processes.
 */
import { Clock, Context, Effect, Layer, Random } from "effect"
import type { z } from "zod"
import * as CallBucket from "./CallBucket.ts"
import { HubSpotConfig } from "./HubSpotConfig.ts"
import * as HubSpotError from "./HubSpotError.ts"
import { type Paths, paths } from "./HubSpotPath.ts"
import { HubSpotTransport, type WireAnswer } from "./HubSpotTransport.ts"
import * as Refusal from "./Refusal.ts"
import * as Json from "./wire/Json.ts"

export interface Call<A> {
  /** For errors and spans, such as `list contacts`. */
  readonly operation: string
  readonly method: "GET" | "POST" | "PATCH"
  readonly path: string
  readonly query?: ReadonlyArray<readonly [name: string, value: string]>
  readonly body?: unknown
  readonly schema: z.ZodType<A>
  /** Changes something, so that it must not be sent twice. Searches and batch reads are POST and change nothing. */
  readonly isWrite?: boolean
  readonly isSearch?: boolean
}

export class HubSpotClient extends Context.Service<
  HubSpotClient,
  {
    readonly request: <A>(call: Call<A>) => Effect.Effect<A, HubSpotError.HubSpotError>
    readonly paths: Paths
  }
>()("@advocacy-kit/hubspot/HubSpotClient") {}

/** A read of one record or page, and everything that carries a batch. */
const readMillis = 15_000
const batchMillis = 30_000

/** Below the smallest published limit (100 calls in 10 s), until the first answer says what this portal has. */
const general = { capacity: 100, intervalMillis: 10_000 }
/** HubSpot allows 5 searches a second for a whole account. */
const search = { capacity: 4, intervalMillis: 1_000, share: 1 }

const limitOf = (answer: WireAnswer): CallBucket.Limit | null => {
  const number = (name: string): number => Number(answer.headers[`x-hubspot-ratelimit-${name}`] ?? Number.NaN)
  const limit = { max: number("max"), remaining: number("remaining"), intervalMillis: number("interval-milliseconds") }
  return Object.values(limit).every(Number.isFinite) && limit.max > 0 && limit.intervalMillis > 0 ? limit : null
}

const lost = (because: string, reason: HubSpotError.Reason, isWrite: boolean): Refusal.Refusal => ({
  reason: isWrite ? new HubSpotError.OutcomeUnknown({ because }) : reason,
  correlationId: null,
})

/** A 5xx does not say whether a write happened. */
const afterWrite = (refusal: Refusal.Refusal, isWrite: boolean): Refusal.Refusal =>
  isWrite && refusal.reason._tag === "Unavailable"
    ? { ...refusal, reason: new HubSpotError.OutcomeUnknown({ because: `HubSpot answered ${refusal.reason.status}` }) }
    : refusal

export const layer: Layer.Layer<HubSpotClient, never, HubSpotConfig | HubSpotTransport> = Layer.effect(
  HubSpotClient,
  Effect.gen(function* () {
    const config = yield* HubSpotConfig
    const transport = yield* HubSpotTransport
    const buckets = {
      general: CallBucket.make({ ...general, share: config.callShare }),
      search: CallBucket.make(search),
    }

    const attempt = Effect.fnUntraced(function* <A>(call: Call<A>) {
      const isWrite = call.isWrite ?? false
      const bucket = call.isSearch === true ? buckets.search : buckets.general
      yield* bucket.take
      const millis = call.method === "GET" ? readMillis : batchMillis
      const answer = yield* Effect.tryPromise({
        try: () => transport.send({ method: call.method, path: call.path, query: call.query ?? [], body: call.body }),
        catch: (cause) => lost("no answer came", new HubSpotError.Unreachable({ cause }), isWrite),
      }).pipe(
        Effect.timeoutOrElse({
          duration: millis,
          orElse: () =>
            Effect.fail(
              lost(
                `no answer came within ${millis / 1000} s`,
                new HubSpotError.TimedOut({ afterMillis: millis }),
                isWrite,
              ),
            ),
        }),
      )
      const limit = call.isSearch === true ? null : limitOf(answer)
      if (limit !== null) yield* bucket.retune(limit)
      if (Refusal.isSuccess(answer)) return yield* decode(call.schema, answer)
      const refusal = Refusal.read(answer, yield* Clock.currentTimeMillis, config.timeZone)
      if (refusal.reason._tag === "Throttled") yield* bucket.pause(refusal.reason.waitMillis)
      return yield* Effect.fail(afterWrite(refusal, isWrite))
    })

    const repeat = <A>(call: Call<A>, attempts: number): Effect.Effect<A, HubSpotError.HubSpotError> =>
      attempt(call).pipe(
        Effect.catch((refusal) =>
          Effect.flatMap(Random.next, (random) => {
            const wait = Refusal.waitBefore(refusal.reason, attempts, call.isWrite ?? false, random)
            return wait === null
              ? Effect.fail(new HubSpotError.HubSpotError({ operation: call.operation, ...refusal }))
              : Effect.andThen(Effect.sleep(wait), repeat(call, attempts + 1))
          }),
        ),
      )

    return HubSpotClient.of({
      request: (call) => Effect.withSpan(repeat(call, 1), `HubSpot ${call.operation}`),
      paths: paths[config.apiVersion],
    })
  }),
)

const unreadable = (problem: string): Refusal.Refusal => ({
  reason: new HubSpotError.Unreadable({ problem }),
  correlationId: null,
})

/** An empty answer (204) is read as null. */
const decode = <A>(schema: z.ZodType<A>, answer: WireAnswer): Effect.Effect<A, Refusal.Refusal> => {
  let value: unknown
  try {
    value = answer.body === "" ? null : Json.parse(answer.body)
  } catch (cause) {
    return Effect.fail(unreadable(cause instanceof Error ? cause.message : "not JSON"))
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return Effect.succeed(parsed.data)
  const [issue] = parsed.error.issues
  return Effect.fail(unreadable(`at ${issue?.path.join(".") || "the top"}: ${issue?.code ?? "unexpected"}`))
}
