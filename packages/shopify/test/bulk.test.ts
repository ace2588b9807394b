import { Effect, Redacted, Stream } from "effect"
import { describe, expect, it } from "vitest"
import * as BulkOperation from "../src/BulkOperation.ts"
import * as BulkResult from "../src/BulkResult.ts"
import { ShopifyClient } from "../src/ShopifyClient.ts"
import { connected } from "./shopUnderTest.ts"

const order = (number: number) => `{"id":"gid://shopify/Order/${number}"}`
const line = (number: number, parent: number) =>
  `{"id":"gid://shopify/LineItem/${number}","__parentId":"gid://shopify/Order/${parent}"}`

const never = () => Effect.die("nothing is asked for")
const storing = (lines: ReadonlyArray<string>) =>
  ShopifyClient.of({ query: never, mutate: never, lines: () => Stream.fromIterable(lines) })
const stored = "https://storage.example/result.jsonl"

/** Reads these lines as the result of an operation that counted `objects` of which `roots` are roots. */
const read = (lines: ReadonlyArray<string>, objects: number, roots: number) =>
  Effect.runPromise(
    Effect.result(BulkResult.joined(storing(lines), { objectCount: objects, rootObjectCount: roots, url: stored })),
  )

const reason = async (lines: ReadonlyArray<string>, objects: number, roots: number) => {
  const outcome = await read(lines, objects, roots)
  return outcome._tag === "Failure" ? [outcome.failure.message, outcome.failure.isRetryable] : "accepted"
}

describe("a bulk result", () => {
  it("joins children to their parents, whichever comes first", async () => {
    const outcome = await read([line(11, 2), order(1), line(12, 1), order(2), line(13, 2)], 5, 2)
    expect(outcome).toMatchObject({
      _tag: "Success",
      success: [
        { record: { id: "gid://shopify/Order/1" }, children: [{ id: "gid://shopify/LineItem/12" }] },
        {
          record: { id: "gid://shopify/Order/2" },
          children: [{ id: "gid://shopify/LineItem/11" }, { id: "gid://shopify/LineItem/13" }],
        },
      ],
    })
  })

  it("is refused whole when lines, roots or parents are missing, or a line was cut", async () => {
    const incomplete = ["BulkOperation: the bulk operation ended with INCOMPLETE_RESULT", true]
    expect(await reason([order(1), line(11, 1)], 2, 1)).toBe("accepted")
    expect(await reason([order(1), line(11, 1)], 3, 1)).toEqual(incomplete)
    expect(await reason([order(1), line(11, 1)], 2, 2)).toEqual(incomplete)
    expect(await reason([order(1), line(11, 2)], 2, 1)).toEqual(incomplete)
    expect(await reason([order(1), order(1)], 2, 2)).toEqual(incomplete)
    expect(await reason([order(1), `{"id":"gid://sho`], 2, 1)).toEqual([
      "BulkOperation: the bulk operation ended with UNREADABLE_LINE_2",
      true,
    ])
  })
})

describe("a bulk result without children", () => {
  const given = (lines: ReadonlyArray<string>, objects: number, done: number) =>
    Effect.runPromise(
      Effect.gen(function* () {
        const ids: Array<unknown> = []
        const result = { objectCount: objects, rootObjectCount: objects, url: stored }
        const outcome = yield* BulkResult.flat(storing(lines), result, done).pipe(
          Stream.runForEach((records) => Effect.sync(() => void ids.push(...records.map(({ record }) => record)))),
          Effect.result,
        )
        return [ids, outcome._tag === "Failure" ? outcome.failure.message : "whole"]
      }),
    )

  it("is handed on as it comes, from where an earlier reading ended, and is an error at its end when lines are missing", async () => {
    const lines = [order(3), order(1), order(2)]
    const records = lines.map((text): unknown => JSON.parse(text))
    expect(await given(lines, 3, 0)).toEqual([records, "whole"])
    expect(await given(lines, 3, 2)).toEqual([records.slice(2), "whole"])
    const incomplete = "BulkOperation: the bulk operation ended with INCOMPLETE_RESULT"
    expect(await given(lines, 4, 0)).toEqual([records, incomplete])
    expect(await given(lines, 2, 0)).toEqual([records, incomplete])
    expect(await given([...lines, "{"], 4, 0)).toEqual([
      [],
      "BulkOperation: the bulk operation ended with UNREADABLE_LINE_4",
    ])
  })

  it("has nothing when there is no file", async () => {
    const none = { objectCount: 0, rootObjectCount: 0, url: null }
    expect(await Effect.runPromise(BulkResult.joined(storing([order(1)]), none))).toEqual([])
  })
})

/** A shop that answers every poll with this operation. */
const polled =
  (operation: object | null): typeof fetch =>
  () =>
    Promise.resolve(Response.json({ data: { bulkOperation: operation } }))
const options = { shop: "tea.myshopify.com", accessToken: Redacted.make("shpat_x") }
const waitFor = Effect.flatMap(ShopifyClient, (client) => BulkOperation.result(client, "gid://shopify/BulkOperation/1"))

describe("a bulk operation", () => {
  it.each([
    [{ status: "FAILED", errorCode: "ACCESS_DENIED" }, "ACCESS_DENIED", false],
    [{ status: "FAILED", errorCode: "TIMEOUT" }, "TIMEOUT", true],
    [{ status: "CANCELED" }, "CANCELED", true],
    [{ status: "EXPIRED" }, "EXPIRED", true],
    [null, "NOT_FOUND", true],
  ])("that ends as %j is an error that says whether to try again", async (state, code, isRetryable) => {
    const operation =
      state === null
        ? null
        : { createdAt: "2026-03-01T00:00:00Z", objectCount: "0", rootObjectCount: "0", url: null, ...state }
    const error = await connected(Effect.flip(waitFor), { ...options, fetch: polled(operation) })
    expect(error).toMatchObject({ reason: { _tag: "BulkFailed", code }, isRetryable })
  })

  it("is never read from an address that is not the shop's storage, and never with the token", async () => {
    const seen: Array<string> = []
    const storage: typeof fetch = (url, init) => {
      seen.push(`${String(url)} ${JSON.stringify(init?.headers ?? {})}`)
      return Promise.resolve(new Response(`${order(1)}\n${order(2)}\n`))
    }
    const lines = (url: string) => Effect.flatMap(ShopifyClient, (client) => Stream.runCollect(client.lines(url)))
    expect(await connected(lines("https://storage.example/result.jsonl"), { ...options, fetch: storage })).toEqual([
      order(1),
      order(2),
    ])
    expect(seen).toEqual(["https://storage.example/result.jsonl {}"])
    for (const url of ["http://storage.example/result.jsonl", "file:///etc/passwd", "nonsense"]) {
      const error = await connected(Effect.flip(lines(url)), { ...options, fetch: storage })
      expect(error.reason._tag).toBe("Malformed")
    }
    const elsewhere = await connected(Effect.flip(lines("https://storage.example/x")), {
      ...options,
      baseUrl: "http://127.0.0.1:9",
      fetch: storage,
    })
    expect(elsewhere.reason._tag).toBe("Malformed")
    expect(seen).toHaveLength(1)
  })
})
