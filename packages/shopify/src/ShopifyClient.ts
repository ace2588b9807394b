/**
 * Talks to one shop's Admin API through Shopify's own client, under our policy.
 *
 * Promises: queries are repeated with growing, jittered pauses when that may help; a mutation is repeated only when
 * Shopify said that it was not executed; partial data is kept, with the paths that were withheld. Pauses follow the
 * budget that Shopify reports. Every request asks for its token; one that is refused is replaced once. It logs nothing.
 */
import { createAdminApiClient } from "@shopify/admin-api-client"
import { Clock, Context, Duration, Effect, Layer, Redacted, Ref, Schedule, Stream } from "effect"
import { AccessTokens } from "./AccessTokens.ts"
import { type Exchange, readExchange, type Withheld } from "./Answer.ts"
import * as CostBucket from "./CostBucket.ts"
import { type Settings, ShopifyConfig } from "./ShopifyConfig.ts"
import {
  Ambiguous,
  Malformed,
  type Reason,
  ServerFault,
  ShopifyError,
  TimedOut,
  Unauthorised,
  Unreachable,
} from "./ShopifyError.ts"
import type { Operation } from "./wire/Operation.ts"

export interface Answer<Data> {
  readonly data: Data
  /** Members that Shopify would not show: unavailable, which is not the same as empty. */
  readonly withheld: ReadonlyArray<Withheld>
}

export class ShopifyClient extends Context.Service<
  ShopifyClient,
  {
    readonly query: <Data, Variables extends object>(
      operation: Operation<Data, Variables>,
      variables: Variables,
      options?: { readonly priority?: CostBucket.Priority },
    ) => Effect.Effect<Answer<Data>, ShopifyError>
    /** Sent once. `Ambiguous` when it is not known whether it took place. */
    readonly mutate: <Data, Variables extends object>(
      operation: Operation<Data, Variables>,
      variables: Variables,
      options?: { readonly priority?: CostBucket.Priority },
    ) => Effect.Effect<Answer<Data>, ShopifyError>
    /** The lines of a result file. The access token is not sent there. */
    readonly lines: (url: string) => Stream.Stream<string, ShopifyError>
  }
>()("@advocacy-kit/shopify/ShopifyClient") {
  static readonly layer: Layer.Layer<ShopifyClient, never, ShopifyConfig | AccessTokens> = Layer.effect(
    ShopifyClient,
    Effect.suspend(() =>
      Effect.flatMap(ShopifyConfig, (config) => Effect.flatMap(AccessTokens, (tokens) => make(config, tokens))),
    ),
  )
}

/** Six more attempts after the first, 0.2 s to 6.4 s apart, or later where Shopify says when. */
const patience = Schedule.exponential("200 millis").pipe(
  Schedule.jittered,
  Schedule.upTo({ times: 6 }),
  Schedule.modifyDelay(({ duration, input }) => {
    const asked = input instanceof ShopifyError && input.reason._tag === "Throttled" ? input.reason.waitMillis : 0
    return Effect.succeed(Duration.max(duration, Duration.millis(asked)))
  }),
)

/** Never sent: the connection itself was refused or the name is unknown. */
const neverSent = (cause: unknown): boolean => {
  const inner = cause instanceof Error ? cause.cause : undefined
  const code = typeof inner === "object" && inner !== null && "code" in inner ? inner.code : undefined
  return code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EAI_AGAIN"
}

/** What a failure means for a mutation: anything that leaves open whether it was executed becomes `Ambiguous`. */
const asMutation = (reason: Reason): Reason => {
  switch (reason._tag) {
    case "Unreachable":
      return neverSent(reason.cause) ? reason : new Ambiguous({ detail: "the connection broke" })
    case "TimedOut":
      return new Ambiguous({ detail: `no answer within ${reason.afterMillis} ms` })
    case "ServerFault":
      return new Ambiguous({ detail: `HTTP ${reason.status}` })
    case "Malformed":
      return new Ambiguous({ detail: "the answer is not readable" })
    default:
      return reason
  }
}

const make = (config: Settings, tokens: AccessTokens["Service"]): Effect.Effect<ShopifyClient["Service"]> =>
  Effect.gen(function* () {
    const budget = yield* makeBudget(config)
    const sending = sender(config)

    /** With the token of now. One that Shopify does not take any more is replaced once; nothing was executed for it. */
    const send = (operation: Operation<unknown>, variables: object) =>
      Effect.gen(function* () {
        const token = yield* tokens.current
        const exchange = yield* sending(token, operation, variables)
        if (!("reason" in exchange) || exchange.reason._tag !== "Unauthorised" || exchange.reason.status !== 401)
          return exchange
        return yield* sending(yield* tokens.insteadOf(token), operation, variables)
      })

    const once = <Data>(operation: Operation<Data>, variables: object, priority: CostBucket.Priority) =>
      Effect.gen(function* () {
        const spend = yield* budget.take(operation, priority)
        const exchange = yield* send(operation, variables).pipe(Effect.onExit(() => spend.release))
        yield* spend.learn(exchange)
        if ("reason" in exchange) return yield* Effect.fail(exchange.reason)
        const decoded = operation.data.safeParse(exchange.data)
        if (decoded.success) return { data: decoded.data, withheld: exchange.withheld }
        const issue = decoded.error.issues[0]
        return yield* new Malformed({
          detail: `the answer's ${issue?.path.join(".") || "data"} is not readable: ${issue?.message ?? ""}`,
        })
      })

    const run = <Data>(
      operation: Operation<Data>,
      variables: object,
      priority: CostBucket.Priority,
      means: (reason: Reason) => Reason,
    ) =>
      once(operation, variables, priority).pipe(
        Effect.mapError((reason) => new ShopifyError({ operation: operation.name, reason: means(reason) })),
        Effect.retry({ schedule: patience, while: (error) => error.isRetryable }),
      )

    return ShopifyClient.of({
      query: (operation, variables, options) =>
        run(operation, variables, options?.priority ?? "increment", (reason) => reason),
      mutate: (operation, variables, options) =>
        run(operation, variables, options?.priority ?? "increment", asMutation),
      lines: (url) => lines(config, url),
    })
  })

/** One request through the official client, whose own retries are off: they repeat mutations and misread Retry-After. */
const sender = (config: Settings) => {
  const origin = `https://${config.shop}`
  // The official client drops the cause of a failed connection, which tells whether anything was sent.
  const causes = new WeakMap<AbortSignal, unknown>()
  const send = async (url: string, init: RequestInit): Promise<Response> => {
    try {
      return await config.fetch(config.baseUrl === undefined ? url : url.replace(origin, config.baseUrl), {
        ...init,
        redirect: "error",
      })
    } catch (cause) {
      if (init.signal) causes.set(init.signal, cause)
      throw cause
    }
  }
  const clientFor = (token: string) => ({
    token,
    api: createAdminApiClient({
      storeDomain: config.shop,
      apiVersion: config.apiVersion,
      accessToken: token,
      userAgentPrefix: "advocacy-kit",
      retries: 0,
      customFetchApi: (url, init) => send(url, (init ?? {}) as RequestInit),
    }),
  })
  let last: ReturnType<typeof clientFor> | undefined
  return (
    token: Redacted.Redacted,
    operation: Operation<unknown>,
    variables: object,
  ): Effect.Effect<Exchange, Reason> =>
    Effect.tryPromise({
      try: async (signal) => {
        const plain = Redacted.value(token)
        const client = last?.token === plain ? last : clientFor(plain)
        last = client
        const response = await client.api
          .fetch(operation.document, { variables: { ...variables }, signal })
          .catch((error: unknown) => {
            throw causes.get(signal) ?? error
          })
        return readExchange({
          status: response.status,
          retryAfter: response.headers.get("retry-after"),
          text: await response.text(),
        })
      },
      catch: (cause): Reason => new Unreachable({ cause }),
    }).pipe(
      Effect.timeoutOrElse({
        duration: config.timeoutMillis,
        orElse: () => Effect.fail(new TimedOut({ afterMillis: config.timeoutMillis })),
      }),
    )
}

/** The shop's budget, shared by everything that goes through this client. */
const makeBudget = (config: Settings) =>
  Effect.gen(function* () {
    const bucket = yield* Ref.make<CostBucket.CostBucket | undefined>(undefined)
    const underWay = yield* Ref.make(0)
    const known = new Map<string, number>()

    const take = (operation: Operation<unknown>, priority: CostBucket.Priority) =>
      Effect.gen(function* () {
        const points = known.get(operation.document) ?? operation.points
        for (;;) {
          const nowMillis = yield* Clock.currentTimeMillis
          const waitMillis = yield* Ref.modify(bucket, (current) => {
            if (current === undefined) return [0, current]
            const next = CostBucket.take(current, points, {
              priority,
              hostSharePercent: config.hostSharePercent,
              nowMillis,
            })
            return "taken" in next ? [0, next.taken] : [next.waitMillis, current]
          })
          if (waitMillis === 0) break
          yield* Effect.sleep(waitMillis)
        }
        yield* Ref.update(underWay, (total) => total + points)
        return {
          release: Ref.update(underWay, (total) => total - points),
          learn: ({ cost }: Exchange) =>
            Effect.gen(function* () {
              if (cost === undefined) return
              known.set(operation.document, cost.requested)
              const nowMillis = yield* Clock.currentTimeMillis
              const waiting = yield* Ref.get(underWay)
              yield* Ref.set(bucket, CostBucket.reported(cost.status, waiting, nowMillis))
            }),
        }
      })
    return { take }
  })

/** Result files lie on Google's storage, or on the sandbox; nothing else is fetched. */
const isResultUrl = (config: Settings, url: string): boolean =>
  URL.canParse(url) &&
  (config.baseUrl === undefined
    ? new URL(url).protocol === "https:"
    : new URL(url).origin === new URL(config.baseUrl).origin)

const lines = (config: Settings, url: string): Stream.Stream<string, ShopifyError> => {
  const failed = (reason: Reason) => new ShopifyError({ operation: "BulkResult", reason })
  return Stream.unwrap(
    Effect.gen(function* () {
      if (!isResultUrl(config, url))
        return yield* failed(new Malformed({ detail: "the address of the result file is not Shopify's" }))
      const response = yield* Effect.tryPromise({
        try: (signal) => config.fetch(url, { signal }),
        catch: (cause) => failed(new Unreachable({ cause })),
      }).pipe(
        Effect.timeoutOrElse({
          duration: config.timeoutMillis,
          orElse: () => Effect.fail(failed(new TimedOut({ afterMillis: config.timeoutMillis }))),
        }),
      )
      if (response.status === 401 || response.status === 403)
        return yield* failed(new Unauthorised({ status: response.status }))
      const body = response.body
      if (!response.ok || body === null)
        return yield* failed(new ServerFault({ status: response.status, detail: "for the result file" }))
      return Stream.fromReadableStream({
        evaluate: (): ReadableStream<Uint8Array> => body,
        onError: (cause) => failed(new Unreachable({ cause })),
      }).pipe(
        Stream.decodeText(),
        Stream.splitLines,
        Stream.filter((line) => line !== ""),
      )
    }),
  )
}
