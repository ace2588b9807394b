import { Client } from "@hubspot/api-client"
import { Effect, Exit, Fiber, Layer, Redacted, Result } from "effect"
import { TestClock } from "effect/testing"
import nock from "nock"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { z } from "zod"
import * as CallBucket from "../src/CallBucket.ts"
import * as HubSpotClient from "../src/HubSpotClient.ts"
import * as HubSpotConfig from "../src/HubSpotConfig.ts"
import { type HubSpotError, remedyOf, toSourceError } from "../src/HubSpotError.ts"
import * as HubSpotTransport from "../src/HubSpotTransport.ts"
import * as Refusal from "../src/Refusal.ts"

const host = "https://api.hubapi.com"
const path = "/crm/objects/2026-09/contacts/1"
const options: HubSpotConfig.HubSpotOptions = {
  accessToken: Redacted.make("pat-eu1-secret"),
  portalId: "1",
  program: "refer-a-friend",
  currency: "EUR",
  timeZone: "Europe/Berlin",
}
const layers = (transport = HubSpotTransport.layer) =>
  HubSpotClient.layer.pipe(Layer.provide(transport), Layer.provide(HubSpotConfig.layer(options)))

const read = { operation: "read a contact", method: "GET", path, schema: z.object({ id: z.string() }) } as const
const write = {
  operation: "update a contact",
  method: "PATCH",
  path,
  body: { properties: { a: "b" } },
  schema: z.unknown(),
  isWrite: true,
} as const

const request = <A>(call: HubSpotClient.Call<A>) =>
  Effect.flatMap(HubSpotClient.HubSpotClient, (client) => client.request(call))
const attempt = <A>(call: HubSpotClient.Call<A>) =>
  Effect.runPromise(Effect.result(request(call)).pipe(Effect.provide(layers())))
const errorOf = <A>(result: Result.Result<A, HubSpotError>): HubSpotError => {
  if (Result.isSuccess(result)) throw new Error("expected a failure")
  return result.failure
}
const throttled = (policyName: string) => ({
  status: "error",
  message: "limit",
  errorType: "RATE_LIMIT",
  correlationId: "c-429",
  policyName,
})

beforeAll(() => nock.disableNetConnect())
afterEach(() => {
  const unused = nock.pendingMocks()
  nock.cleanAll()
  if (unused.length > 0) throw new Error(`calls that were expected and did not come: ${unused.join(", ")}`)
})
afterAll(() => nock.restore())

describe("HubSpotClient", () => {
  it("sends the token on date-based paths and decodes the answer", async () => {
    nock(host, { reqheaders: { authorization: "Bearer pat-eu1-secret" } })
      .get(path)
      .reply(200, { id: "1", more: true })
    expect(await attempt(read)).toEqual(Result.succeed({ id: "1" }))
  })

  it("waits out the short windows, also for writes: nothing was done", async () => {
    nock(host)
      .get(path)
      .reply(429, throttled("TEN_SECONDLY_ROLLING"), { "X-HubSpot-RateLimit-Interval-Milliseconds": "200" })
    nock(host).get(path).reply(200, { id: "1" })
    nock(host).patch(path).reply(429, throttled("SECONDLY"), { "Retry-After": "0" }).patch(path).reply(200, {})
    expect(Result.isSuccess(await attempt(read))).toBe(true)
    expect(Result.isSuccess(await attempt(write))).toBe(true)
  })

  it("reports the daily limit with the midnight at which it ends, after one call", async () => {
    nock(host).get(path).reply(429, throttled("DAILY"))
    const error = errorOf(await attempt(read))
    expect(error.reason._tag).toBe("DailyLimit")
    expect(error.correlationId).toBe("c-429")
    expect(remedyOf(error.reason)).toMatch(/after \d{4}-\d\d-\d\dT2[23]:00:00/)
  })

  it("repeats reads after 5xx (also pages of HTML), a dropped connection, 423 and 477", async () => {
    nock(host).get(path).reply(502, "<html>Bad Gateway</html>").get(path).replyWithError("socket hang up")
    nock(host).get(path).reply(477, "", { "Retry-After": "0" }).get(path).reply(200, { id: "1" })
    expect(await attempt(read)).toEqual(Result.succeed({ id: "1" }))
  })

  it("gives up on a read after six attempts", async () => {
    let calls = 0
    const transport = Layer.succeed(HubSpotTransport.HubSpotTransport, {
      send: () => {
        calls += 1
        return Promise.resolve({ status: 503, headers: {}, body: "" })
      },
    })
    const program = Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(Effect.result(request(read)))
      for (let tick = 0; tick < 40; tick += 1) {
        yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
        yield* TestClock.adjust("2 seconds")
      }
      return errorOf(yield* Fiber.join(fiber))
    })
    const error = await Effect.runPromise(
      program.pipe(Effect.provide(Layer.merge(layers(transport), TestClock.layer()))),
    )
    expect([error.reason._tag, error.isRetryable, calls]).toEqual(["Unavailable", true, 6])
  })

  it("never sends a write again whose answer was lost or is a 5xx", async () => {
    nock(host).patch(path).replyWithError("socket hang up")
    expect(errorOf(await attempt(write)).reason._tag).toBe("OutcomeUnknown")
    nock(host).patch(path).reply(500, { category: "INTERNAL", correlationId: "c-500" })
    const error = errorOf(await attempt(write))
    expect([error.reason._tag, error.isRetryable, error.correlationId]).toEqual(["OutcomeUnknown", false, "c-500"])
    // The job may be run again, though: it looks before it writes.
    expect(toSourceError(error).isRetryable).toBe(true)
  })

  it("abandons a call after 15 s or 30 s; a write then is unknown", async () => {
    let calls = 0
    const silent = Layer.succeed(HubSpotTransport.HubSpotTransport, {
      send: () => {
        calls += 1
        return new Promise<never>(() => undefined)
      },
    })
    const program = Effect.gen(function* () {
      const writing = yield* Effect.forkChild(Effect.result(request(write)))
      yield* TestClock.adjust("29999 millis")
      expect(calls).toBe(1)
      yield* TestClock.adjust("1 millis")
      const unknown = errorOf(yield* Fiber.join(writing))
      const reading = yield* Effect.forkChild(Effect.result(request(read)))
      yield* TestClock.adjust("15 seconds")
      yield* TestClock.adjust("5 minutes")
      return [unknown.reason._tag, errorOf(yield* Fiber.join(reading)).reason._tag, calls]
    })
    const outcome = await Effect.runPromise(
      program.pipe(Effect.provide(Layer.merge(layers(silent), TestClock.layer()))),
    )
    expect(outcome).toEqual(["OutcomeUnknown", "TimedOut", 7])
  })

  it("tells refusals apart and quotes codes and names, never values", async () => {
    const body = {
      status: "error",
      category: "VALIDATION_ERROR",
      correlationId: "c-400",
      message: "ada@example.com is already taken",
      errors: [{ message: "ada@example.com", code: "PROPERTY_DOESNT_EXIST", context: { propertyName: ["adv_x"] } }],
    }
    const tags = []
    for (const status of [400, 401, 403, 404, 409]) {
      nock(host).get(path).reply(status, body)
      const error = errorOf(await attempt(read))
      tags.push(error.reason._tag)
      expect(error.isRetryable).toBe(false)
      expect(error.message).toMatch(/PROPERTY_DOESNT_EXIST, adv_x.*c-400/)
      expect(JSON.stringify([error, error.message, toSourceError(error)])).not.toMatch(/ada@example|pat-eu1/)
    }
    expect(tags).toEqual(["Invalid", "Unauthorised", "Forbidden", "Missing", "Conflict"])
  })

  it("says where an answer is not what the API documents, and survives cut-off JSON", async () => {
    nock(host).get(path).reply(200, { id: 7 })
    expect(errorOf(await attempt(read)).message).toMatch(/cannot be read: at id: invalid_type/)
    nock(host).get(path).reply(200, '{"id":"1')
    expect(errorOf(await attempt(read)).message).toMatch(/not JSON, or cut off \(8 characters\)/)
  })

  it("keeps ids beyond 2^53", async () => {
    nock(host).get(path).reply(200, '{"id":9007199254740993}')
    expect(await attempt({ ...read, schema: z.looseObject({}) })).toEqual(Result.succeed({ id: "9007199254740993" }))
  })
})

describe("the official client", () => {
  it("has process-global decorators: whoever builds the last client sets limiter and retries for all", async () => {
    const ours = new Client({ accessToken: "t" })
    const hosts = new Client({ accessToken: "t", numberOfApiCallRetries: 3 })
    nock(host).get("/retried").replyWithError("reset").get("/retried").reply(200, {})
    // A thrown network error carries no status, so that even the host's retries leave it alone …
    await expect(
      HubSpotTransport.fromClient(ours).send({ method: "GET", path: "/retried", query: [], body: undefined }),
    ).rejects.toThrow("fetch failed")
    // … and a status is never thrown: our policy alone decides about it.
    nock(host).get("/busy").reply(503, "")
    expect(
      (await HubSpotTransport.fromClient(hosts).send({ method: "GET", path: "/busy", query: [], body: undefined }))
        .status,
    ).toBe(503)
    await HubSpotTransport.fromClient(hosts).send({ method: "GET", path: "/retried", query: [], body: undefined })
    const slowed = async () => {
      nock(host).get("/slow").times(3).reply(200, {})
      const begun = performance.now()
      await Promise.all(
        [1, 2, 3].map(() =>
          HubSpotTransport.fromClient(ours).send({ method: "GET", path: "/slow", query: [], body: undefined }),
        ),
      )
      return performance.now() - begun
    }
    expect(await slowed()).toBeLessThan(200)
    const slow = new Client({ accessToken: "another", limiterOptions: { minTime: 150, maxConcurrent: 1 } })
    expect(await slowed()).toBeGreaterThan(250)
    slow.config = { accessToken: "t" }
    slow.init()
    expect(await slowed()).toBeLessThan(200)
  })
})

describe("CallBucket", () => {
  const begin = (bucket: CallBucket.CallBucket, calls: number) =>
    Effect.gen(function* () {
      const at: Array<number> = []
      const note = Effect.andThen(
        bucket.take,
        Effect.clockWith((clock) => Effect.map(clock.currentTimeMillis, (now) => void at.push(now))),
      )
      const fiber = yield* Effect.forkChild(
        Effect.forEach(Array.from({ length: calls }), () => note, { concurrency: "unbounded" }),
      )
      for (let step = 0; step < 400; step += 1) yield* TestClock.adjust("100 millis")
      yield* Fiber.join(fiber)
      return at
    })
  const run = <A>(effect: Effect.Effect<A>) => Effect.runPromise(effect.pipe(Effect.provide(TestClock.layer())))
  const most = (at: ReadonlyArray<number>, interval: number): number =>
    Math.max(...at.map((end) => at.filter((other) => other > end - interval && other <= end).length))

  it("never lets more than its capacity begin within an interval, and no fewer than it may", async () => {
    const at = await run(begin(CallBucket.make({ capacity: 10, intervalMillis: 10_000, share: 0.8 }), 20))
    expect(at).toHaveLength(20)
    expect(most(at, 10_000)).toBe(8)
    expect(at.at(-1)).toBe(20_000)
  })

  it("takes over the portal's limit and leaves room for other apps", async () => {
    expect(CallBucket.capacityOf({ max: 190, remaining: 180, intervalMillis: 10_000 }, 0.9, 10)).toBe(171)
    expect(CallBucket.capacityOf({ max: 190, remaining: 90, intervalMillis: 10_000 }, 0.9, 10)).toBe(81)
    expect(CallBucket.capacityOf({ max: 190, remaining: 0, intervalMillis: 10_000 }, 0.9, 0)).toBe(1)
    const bucket = CallBucket.make({ capacity: 100, intervalMillis: 10_000, share: 1 })
    const at = await run(
      Effect.andThen(bucket.retune({ max: 3, remaining: 3, intervalMillis: 5_000 }), begin(bucket, 7)),
    )
    expect(most(at, 5_000)).toBe(3)
  })

  it("holds everybody while it is paused", async () => {
    const bucket = CallBucket.make({ capacity: 10, intervalMillis: 1_000, share: 1 })
    const at = await run(Effect.andThen(bucket.pause(3_000), begin(bucket, 3)))
    expect(at).toEqual([3_000, 3_000, 3_000])
  })
})

describe("Refusal", () => {
  it("finds the account's next midnight over a change of the clocks", () => {
    const at = (iso: string) => new Date(Refusal.nextMidnight(Date.parse(iso), "Europe/Berlin")).toISOString()
    expect(at("2026-10-24T22:30:00Z")).toBe("2026-10-25T23:00:00.000Z")
    expect(at("2026-07-01T21:59:59Z")).toBe("2026-07-01T22:00:00.000Z")
  })
})

describe("HubSpotConfig", () => {
  it("names the option that cannot be used, with a remedy", async () => {
    const optionOf = async (change: Partial<HubSpotConfig.HubSpotOptions>) => {
      const exit = await Effect.runPromiseExit(Effect.flip(HubSpotConfig.make({ ...options, ...change })))
      return Exit.isSuccess(exit) ? exit.value.option : "accepted"
    }
    expect(await optionOf({ portalId: "my portal" })).toBe("portalId")
    expect(await optionOf({ currency: "EURO" })).toBe("currency")
    expect(await optionOf({ webhookUrl: "example.com/hook" })).toBe("webhookUrl")
    expect(await optionOf({ callShare: 0 })).toBe("callShare")
    expect(await optionOf({ timeZone: "Berlin" })).toBe("timeZone")
    expect(await optionOf({ writeBackPrefix: "Adv-" })).toBe("writeBackPrefix")
    expect(await optionOf({ accessToken: Redacted.make("") })).toBe("accessToken")
    expect(await optionOf({})).toBe("accepted")
  })
})
