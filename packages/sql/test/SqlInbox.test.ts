import { type Delivery, Inbox } from "@advocacy-kit/core/connector/Inbox"
import { Effect } from "effect"
import { expect, test } from "vitest"
import { onEachEngine } from "./Engines.ts"

const delivery = (eventKey: string, receivedAt = 1, source = "shopify"): Delivery => ({
  source,
  eventKey,
  topic: "orders/create",
  receivedAt,
  body: new Uint8Array([0, 255, 128, 10, ...Buffer.from(eventKey)]),
})
const accept = (...deliveries: ReadonlyArray<Delivery>) => Effect.flatMap(Inbox, (inbox) => inbox.accept(deliveries))
const claim = (limit: number, source = "shopify") => Effect.flatMap(Inbox, (inbox) => inbox.claim(source, limit))
const counts = Effect.flatMap(Inbox, (inbox) => inbox.counts)

onEachEngine("inbox", ({ run }) => {
  test("answers by position which messages were new, also when one call brings a message twice", async () => {
    expect(await run(accept(delivery("1"), delivery("2"), delivery("1")), "new")).toEqual([true, true, false])
    expect(await run(accept(delivery("3"), delivery("2"), delivery("2", 1, "hubspot")), "new")).toEqual([
      true,
      false,
      true,
    ])
    expect(await run(accept(), "new")).toEqual([])
    expect(await run(counts, "new")).toEqual({ open: 4, done: 0, parked: 0 })
  })

  test("hands out the oldest first with the very bytes, and counts attempts", async () => {
    await run(accept(delivery("b", 20), delivery("c", 30), delivery("a", 10), delivery("a2", 10)), "order")
    const first = await run(claim(3), "order")
    expect(first).toEqual(
      [delivery("a", 10), delivery("a2", 10), delivery("b", 20)].map((row) => ({ ...row, attempts: 1 })),
    )
    expect((await run(claim(9), "order")).map(({ attempts }) => attempts)).toEqual([2, 2, 2, 1])
    expect(await run(claim(9, "hubspot"), "order")).toEqual([])
  })

  test("what is settled or parked is not handed out again, and a repeat of it is not new", async () => {
    await run(accept(delivery("a", 1), delivery("b", 2), delivery("c", 3)), "settle")
    await run(
      Effect.flatMap(Inbox, (inbox) => inbox.settle("shopify", ["a", "unknown"])),
      "settle",
    )
    await run(
      Effect.flatMap(Inbox, (inbox) => inbox.park("shopify", new Map([["b", "no currency\0"]]))),
      "settle",
    )
    await run(
      Effect.flatMap(Inbox, (inbox) => inbox.park("shopify", new Map([["a", "too late"]]))),
      "settle",
    )
    expect((await run(claim(9), "settle")).map(({ eventKey }) => eventKey)).toEqual(["c"])
    expect(await run(accept(delivery("a"), delivery("b")), "settle")).toEqual([false, false])
    expect(await run(counts, "settle")).toEqual({ open: 1, done: 1, parked: 1 })
    expect(
      await run(
        Effect.flatMap(Inbox, (inbox) => inbox.parked),
        "settle",
      ),
    ).toEqual([{ source: "shopify", eventKey: "b", topic: "orders/create", reason: "no currency" }])
  })

  test("many senders of the same message: one is told that it was new", async () => {
    const answers = await run(
      Effect.all(
        Array.from({ length: 8 }, () => accept(delivery("x"), delivery("y"))),
        { concurrency: 8 },
      ),
      "race",
    )
    expect(answers.flat().filter(Boolean)).toHaveLength(2)
  })
})
