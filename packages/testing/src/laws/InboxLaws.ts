/**
 * What every inbox must keep, as laws.
 *
 * Each promise of `Inbox`'s header and members has at least one law here, and each law a store in `broken/InboxBroken.ts`
 * that breaks it and no other.
 */
import { type Delivery, Inbox } from "@advocacy-kit/core/connector/Inbox"
import { Effect } from "effect"
import * as Law from "../Law.ts"
import * as Scenario from "../Scenario.ts"

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")

/** A message from the shop, an hour later for each number. */
const message = (number: number, told: Partial<Delivery> = {}): Delivery => ({
  source: "shopify",
  eventKey: `event-${number}`,
  topic: "orders/create",
  receivedAt: Scenario.at({ hour: number }),
  body: bytesOf(`{"id":${number}}`),
  ...told,
})

const accept = (...deliveries: ReadonlyArray<Delivery>) => Effect.flatMap(Inbox, (inbox) => inbox.accept(deliveries))
const claim = (limit = 100, source = "shopify") => Effect.flatMap(Inbox, (inbox) => inbox.claim(source, limit))
const claimedKeys = (limit = 100, source = "shopify") =>
  Effect.map(claim(limit, source), (rows) => rows.map(({ eventKey }) => eventKey))
const settle = (...eventKeys: ReadonlyArray<string>) =>
  Effect.flatMap(Inbox, (inbox) => inbox.settle("shopify", eventKeys))
const park = (eventKey: string, reason: string) =>
  Effect.flatMap(Inbox, (inbox) => inbox.park("shopify", new Map([[eventKey, reason]])))
const parked = Effect.flatMap(Inbox, (inbox) => inbox.parked)
const counts = Effect.flatMap(Inbox, (inbox) => inbox.counts)

const bodyOf = Effect.map(claim(), (rows) => rows.map(({ body }) => hexOf(body)).join("|"))

const acceptLaws: ReadonlyArray<Law.Law<Inbox>> = [
  Law.make(
    "a message that is sent again is not new",
    Effect.gen(function* () {
      yield* Law.same(yield* accept(message(1)), [true], "whether the message was new")
      yield* Law.same(yield* accept(message(1), message(2)), [false, true], "whether the messages were new")
    }),
  ),
  Law.make(
    "a message that comes twice in one call is new in its first place",
    Effect.gen(function* () {
      const told = yield* accept(message(1), message(2), message(1))
      yield* Law.same(told, [true, true, false], "whether the messages were new")
    }),
  ),
  Law.make(
    "of two that accept one message at the same time one is told that it is new",
    Effect.gen(function* () {
      const told = yield* Effect.all([accept(message(1)), accept(message(1))], { concurrency: "unbounded" })
      yield* Law.same(told.flat().filter((isNew) => isNew).length, 1, "how often the message was new")
    }),
  ),
  Law.make(
    "the same event key from another source is another message",
    Effect.gen(function* () {
      yield* accept(message(1))
      yield* Law.same(
        yield* accept(message(1, { source: "hubspot" })),
        [true],
        "whether the other source's message was new",
      )
    }),
  ),
  Law.make(
    "a message that is done or parked is never new again",
    Effect.gen(function* () {
      yield* accept(message(1), message(2))
      yield* settle("event-1")
      yield* park("event-2", "unreadable")
      yield* Law.same(yield* accept(message(1), message(2)), [false, false], "whether the messages were new")
    }),
  ),
  Law.make(
    "bodies are kept byte for byte",
    Effect.gen(function* () {
      const body = Uint8Array.from({ length: 258 }, (_, index) => index % 256)
      yield* accept(message(1, { body }))
      yield* Law.same(yield* bodyOf, hexOf(body), "the body")
    }),
  ),
  Law.make(
    "a body stays as it was signed when its buffer is used again",
    Effect.gen(function* () {
      const body = bytesOf("signed")
      yield* accept(message(1, { body }))
      body.fill(0)
      yield* Law.same(yield* bodyOf, hexOf(bytesOf("signed")), "the body")
    }),
  ),
  Law.make(
    "a body of 10 MB is kept whole",
    Effect.gen(function* () {
      const body = new Uint8Array(10_000_000).fill(97)
      body[9_999_999] = 122
      yield* accept(message(1, { body }))
      const [row] = yield* claim()
      yield* Law.same([row?.body.length, row?.body.at(-1)], [10_000_000, 122], "length and last byte")
    }),
  ),
]

const claimLaws: ReadonlyArray<Law.Law<Inbox>> = [
  Law.make(
    "the oldest message is claimed first, whenever it was accepted",
    Effect.gen(function* () {
      yield* accept(message(2))
      yield* accept(message(3), message(1))
      yield* Law.same(yield* claimedKeys(), ["event-1", "event-2", "event-3"], "the claimed messages")
    }),
  ),
  Law.make(
    "a claimed message comes as it was accepted",
    Effect.gen(function* () {
      const triggeredAt = message(0).receivedAt
      yield* accept(message(1, { eventKey: "é/9007199254740993", topic: "orders/édited", triggeredAt }))
      const { body, ...row } = (yield* claim())[0] ?? { body: new Uint8Array() }
      yield* Law.same(
        row,
        {
          source: "shopify",
          eventKey: "é/9007199254740993",
          topic: "orders/édited",
          receivedAt: message(1).receivedAt,
          triggeredAt,
          attempts: 1,
        },
        "the claimed message",
      )
      yield* Law.same(hexOf(body), hexOf(message(1).body), "its body")
    }),
  ),
  Law.make(
    "no more messages than the limit are claimed",
    Effect.gen(function* () {
      yield* accept(message(1), message(2), message(3))
      yield* Law.same((yield* claim(2)).length, 2, "the number of claimed messages")
    }),
  ),
  Law.make(
    "a claim gives messages of the asked source alone",
    Effect.gen(function* () {
      yield* accept(message(1), message(2, { source: "hubspot" }))
      yield* Law.same(yield* claimedKeys(100, "hubspot"), ["event-2"], "the claimed messages")
    }),
  ),
  Law.make(
    "each claim counts an attempt",
    Effect.gen(function* () {
      yield* accept(message(1))
      yield* claim()
      yield* Law.same(
        (yield* claim()).map(({ attempts }) => attempts),
        [2],
        "the attempts after the second claim",
      )
    }),
  ),
  Law.make(
    "a message that is done is never claimed again",
    Effect.gen(function* () {
      yield* accept(message(1), message(2))
      yield* claim()
      yield* settle("event-1")
      yield* Law.same(yield* claimedKeys(), ["event-2"], "the claimed messages")
    }),
  ),
  Law.make(
    "a parked message blocks nobody",
    Effect.gen(function* () {
      yield* accept(message(1), message(2))
      yield* park("event-1", "unreadable")
      yield* Law.same(yield* claimedKeys(1), ["event-2"], "the claimed messages")
    }),
  ),
  Law.make(
    "a parked message is listed with its reason",
    Effect.gen(function* () {
      yield* accept(message(1), message(2))
      yield* park("event-2", "line 1: not JSON")
      const expected = [{ source: "shopify", eventKey: "event-2", topic: "orders/create", reason: "line 1: not JSON" }]
      yield* Law.same(yield* parked, expected, "the parked messages")
    }),
  ),
  Law.make(
    "messages that are parked together keep a reason each",
    Effect.gen(function* () {
      yield* accept(message(1), message(2), message(3))
      const reasons = new Map([
        ["event-1", "unreadable"],
        ["event-3", "too late"],
      ])
      yield* Effect.flatMap(Inbox, (inbox) => inbox.park("shopify", reasons))
      const told = (yield* parked).map(({ eventKey, reason }) => [eventKey, reason])
      yield* Law.same(told, [...reasons], "the parked messages with their reasons")
      yield* Law.same(yield* claimedKeys(), ["event-2"], "the claimed messages")
    }),
  ),
  Law.make(
    "every message is counted as open, done or parked",
    Effect.gen(function* () {
      yield* accept(message(1), message(2), message(3), message(4), message(5), message(6))
      yield* settle("event-1", "event-2")
      yield* park("event-3", "unreadable")
      yield* Law.same(yield* counts, { open: 3, done: 2, parked: 1 }, "the counts")
    }),
  ),
  Law.make(
    "settling or parking what is not there changes nothing",
    Effect.gen(function* () {
      yield* settle("never")
      yield* park("never", "unreadable")
      yield* Law.same(yield* parked, [], "the parked messages")
      yield* Law.same(yield* counts, { open: 0, done: 0, parked: 0 }, "the counts")
    }),
  ),
  Law.make(
    "no tenant sees or settles another's messages",
    Effect.gen(function* () {
      yield* accept(message(1), message(2))
      yield* park("event-2", "unreadable")
      yield* Law.asFreshTenant(
        Effect.gen(function* () {
          yield* Law.same(yield* claimedKeys(), [], "the messages of another tenant")
          yield* Law.same(yield* parked, [], "the parked messages of another tenant")
          yield* settle("event-1")
          yield* Law.same(yield* accept(message(1)), [true], "whether another tenant's message was new")
        }),
      )
      yield* Law.same(yield* claimedKeys(), ["event-1"], "the messages of the first tenant")
    }),
  ),
]

export const laws: ReadonlyArray<Law.Law<Inbox>> = [...acceptLaws, ...claimLaws]
