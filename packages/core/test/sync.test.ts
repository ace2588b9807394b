import { describe, expect, it } from "@effect/vitest"
import { Context, Effect, Layer, Stream } from "effect"
import { FactSources, type Page, type Pull, type Source, SourceError } from "../src/connector/FactSource.ts"
import { Inbox, type InboxRow } from "../src/connector/Inbox.ts"
import { FactLog } from "../src/fact/FactLog.ts"
import * as Flow from "../src/flow/Flow.ts"
import * as MemoryStores from "../src/flow/MemoryStores.ts"
import { pullAll, receiveAll } from "../src/flow/Sync.ts"
import { CurrentTenant, TenantIdOf } from "../src/tenant/Tenant.ts"
import { customer, day, order } from "./Story.ts"

const tenant = Layer.succeed(CurrentTenant, { id: TenantIdOf("a"), handleKey: new Uint8Array(16) })
const stores = Layer.merge(MemoryStores.layerMemory, tenant)
const down = new SourceError({
  source: "shop",
  operation: "pull",
  message: "no connection",
  remedy: "try again",
  isRetryable: true,
})

const page = (ids: ReadonlyArray<number>, told: Partial<Page> = {}): Page => ({
  facts: ids.map((id) => order(id)),
  personal: [],
  rejected: [],
  ...told,
})

/** A shop with orders 1 to `count`, two a page, whose connection breaks before the page that starts after `breaksAfter`. */
const pages = (count: number, cursor: unknown, breaksAfter: number): Stream.Stream<Page, SourceError> => {
  const from = typeof cursor === "number" ? cursor : 0
  if (from >= count) return Stream.empty
  if (from >= breaksAfter) return Stream.fail(down)
  const ids = [from + 1, from + 2].filter((id) => id <= count)
  const next = page(ids, { checkpoint: { job: "shop:orders", cursor: from + ids.length } })
  return Stream.concat(
    Stream.succeed(next),
    Stream.suspend(() => pages(count, from + ids.length, breaksAfter)),
  )
}

interface Shop extends Source {
  /** The cursors that pulls began at. */
  readonly began: Array<unknown>
}

const shop = (
  told: {
    readonly count?: number
    readonly breaksAfter?: number
    readonly read?: Source["read"]
    readonly pull?: Pull["pages"]
  } = {},
): Shop => {
  const began: Array<unknown> = []
  return {
    name: "shop",
    began,
    pulls: [
      {
        job: "shop:orders",
        label: "orders",
        pages: (cursor) => {
          began.push(cursor)
          return told.pull === undefined
            ? pages(told.count ?? 5, cursor, told.breaksAfter ?? Infinity)
            : told.pull(cursor)
        },
      },
    ],
    read: told.read ?? (() => Effect.die("this shop sends no messages")),
  }
}

const keys = Effect.flatMap(FactLog, (log) => Stream.runCollect(log.newest({ asOf: day(999) }))).pipe(
  Effect.map((facts) => facts.map(({ key }) => key)),
)
const orders = (...ids: ReadonlyArray<number>) => ids.map((id) => `shopify:order/${id}`)
const message = (eventKey: string) => ({
  source: "shop",
  eventKey,
  topic: "orders/updated",
  receivedAt: 0,
  body: new TextEncoder().encode(eventKey),
})
const accept = (...eventKeys: ReadonlyArray<string>) =>
  Effect.flatMap(Inbox, (inbox) => inbox.accept(eventKeys.map(message)))
const counts = Effect.flatMap(Inbox, (inbox) => inbox.counts)
const parked = Effect.flatMap(Inbox, (inbox) => inbox.parked)

describe("pulling", () => {
  it.effect("stores pages with their checkpoints and begins there the next time", () =>
    Effect.gen(function* () {
      const source = shop()
      expect(yield* pullAll(source)).toEqual([
        { source: "shop", label: "orders", recorded: 5, duplicates: 0, rejected: [], caveats: [] },
      ])
      expect(yield* pullAll(source)).toEqual([
        { source: "shop", label: "orders", recorded: 0, duplicates: 0, rejected: [], caveats: [] },
      ])
      expect([yield* keys, source.began]).toEqual([orders(1, 2, 3, 4, 5), [null, 5]])
    }).pipe(Effect.provide(stores)),
  )

  it.effect("that breaks half-way keeps what it stored and goes on from there", () =>
    Effect.gen(function* () {
      const broken = shop({ breaksAfter: 4 })
      expect(yield* Effect.flip(pullAll(broken))).toBe(down)
      const log = yield* FactLog
      expect([yield* keys, yield* log.checkpoint("shop:orders")]).toEqual([orders(1, 2, 3, 4), 4])
      const mended = shop()
      expect(yield* pullAll(mended)).toMatchObject([{ recorded: 1, duplicates: 0 }])
      expect([yield* keys, mended.began]).toEqual([orders(1, 2, 3, 4, 5), [4]])
    }).pipe(Effect.provide(stores)),
  )

  it.effect("of a source that is stopped says why and asks for nothing", () =>
    Effect.gen(function* () {
      const source = shop()
      expect(yield* pullAll({ ...source, stopped: Effect.succeed("the app was removed") })).toEqual([
        {
          source: "shop",
          label: "orders",
          recorded: 0,
          duplicates: 0,
          rejected: [],
          caveats: [],
          stopped: "the app was removed",
        },
      ])
      expect(source.began).toEqual([])
    }).pipe(Effect.provide(stores)),
  )

  it.effect("that fails does not keep messages waiting, and fails all the same unless one of them said why", () =>
    Effect.gen(function* () {
      let reason: string | null = null
      const read: Source["read"] = () =>
        Effect.sync(() => {
          reason = "the app was removed"
          return { page: page([]), parked: new Map() }
        })
      const broken = shop({ breaksAfter: 0, read })
      yield* accept("1")
      const sync = (source: Source) => Effect.provideService(Flow.sync, FactSources, [source])
      expect(yield* Effect.flip(sync(broken))).toBe(down)
      expect(yield* counts).toEqual({ open: 0, done: 1, parked: 0 })
      reason = null
      yield* accept("2")
      const { synced } = yield* sync({ ...broken, stopped: Effect.sync(() => reason) })
      expect(synced.map(({ stopped }) => stopped)).toEqual(["the app was removed"])
    }).pipe(Effect.provide(stores)),
  )

  it.effect("stores no checkpoint whose page could not be stored", () =>
    Effect.gen(function* () {
      const unstorable = shop({
        pull: () =>
          Stream.succeed(
            page([1], {
              personal: [{ handle: "email:x" as never, value: "nul \0" }],
              checkpoint: { job: "shop:orders", cursor: 2 },
            }),
          ),
      })
      expect(yield* Effect.flip(pullAll(unstorable))).toMatchObject({
        _tag: "FactLogError",
        reason: { _tag: "Unstorable" },
      })
      const log = yield* FactLog
      expect([yield* keys, yield* log.checkpoint("shop:orders")]).toEqual([[], undefined])
    }).pipe(Effect.provide(stores)),
  )

  it.effect("takes out a record that no store can hold, names it, and stores the others with their checkpoint", () =>
    Effect.gen(function* () {
      const facts = [order(1), order(2, { channel: "nul \0" }), order(3)]
      const source = shop({
        pull: () => Stream.succeed(page([], { facts, checkpoint: { job: "shop:orders", cursor: 3 } })),
      })
      expect(yield* pullAll(source)).toMatchObject([{ recorded: 2, rejected: [{ place: "shopify:order/2" }] }])
      const log = yield* FactLog
      expect([yield* keys, yield* log.checkpoint("shop:orders")]).toEqual([orders(1, 3), 3])
      expect((yield* parked).map(({ eventKey }) => eventKey)).toEqual(["record shopify:order/2"])
    }).pipe(Effect.provide(stores)),
  )

  it.effect("parks a record that cannot be understood, with place and reason, and stores the others", () =>
    Effect.gen(function* () {
      const rejected = [{ place: "shopify:order/2", reason: "total is not a number" }]
      const source = shop({ pull: () => Stream.succeed(page([1, 3], { rejected })) })
      expect(yield* pullAll(source)).toMatchObject([{ recorded: 2, rejected }])
      expect(yield* parked).toMatchObject([
        { source: "shop", eventKey: "record shopify:order/2", reason: "total is not a number" },
      ])
      expect(yield* pullAll(source)).toMatchObject([{ recorded: 0, duplicates: 2 }])
      expect([yield* keys, (yield* parked).length]).toEqual([orders(1, 3), 1])
    }).pipe(Effect.provide(stores)),
  )
})

describe("receiving", () => {
  const reading = (told: { readonly poison?: ReadonlyMap<string, string> } = {}) => {
    const batches: Array<ReadonlyArray<string>> = []
    const read = (rows: ReadonlyArray<InboxRow>) =>
      Effect.sync(() => {
        batches.push(rows.map(({ eventKey }) => eventKey))
        const good = rows.filter(({ eventKey }) => !told.poison?.has(eventKey))
        return {
          page: page(good.map(({ body }) => Number(new TextDecoder().decode(body)))),
          parked: told.poison ?? new Map<string, string>(),
        }
      })
    return { batches, read }
  }

  it.effect("settles messages after what they stand for was stored", () =>
    Effect.gen(function* () {
      yield* accept("1", "2", "1")
      const { batches, read } = reading()
      expect(yield* receiveAll(shop({ read }))).toEqual({ source: "shop", messages: 2, recorded: 2, parked: 0 })
      expect([yield* keys, yield* counts, batches]).toEqual([
        orders(1, 2),
        { open: 0, done: 2, parked: 0 },
        [["1", "2"]],
      ])
      expect((yield* receiveAll(shop({ read }))).messages).toBe(0)
    }).pipe(Effect.provide(stores)),
  )

  it.effect("settles nothing when the platform is down or the page cannot be stored, and loses nothing", () =>
    Effect.gen(function* () {
      yield* accept("1")
      expect(yield* Effect.flip(receiveAll(shop({ read: () => Effect.fail(down) })))).toBe(down)
      expect(yield* counts).toEqual({ open: 1, done: 0, parked: 0 })
      const unstorable = {
        page: page([1], { personal: [{ handle: "email:x" as never, value: "\0" }] }),
        parked: new Map<string, string>(),
      }
      yield* Effect.flip(receiveAll(shop({ read: () => Effect.succeed(unstorable) })))
      expect([yield* keys, yield* counts]).toEqual([[], { open: 1, done: 0, parked: 0 }])
      yield* receiveAll(shop({ read: reading().read }))
      expect([yield* keys, yield* counts]).toEqual([orders(1), { open: 0, done: 1, parked: 0 }])
    }).pipe(Effect.provide(stores)),
  )

  it.effect("parks what can never be understood; it blocks nobody", () =>
    Effect.gen(function* () {
      yield* accept("1", "poison", "2")
      const { read } = reading({ poison: new Map([["poison", "no such topic"]]) })
      expect(yield* receiveAll(shop({ read }))).toEqual({ source: "shop", messages: 3, recorded: 2, parked: 1 })
      expect(yield* parked).toMatchObject([{ eventKey: "poison", topic: "orders/updated", reason: "no such topic" }])
      expect([yield* keys, yield* counts]).toEqual([orders(1, 2), { open: 0, done: 2, parked: 1 }])
    }).pipe(Effect.provide(stores)),
  )

  it.effect("parks nothing for an outage, however long", () =>
    Effect.gen(function* () {
      yield* accept("1")
      for (let attempt = 0; attempt < 12; attempt++)
        yield* Effect.flip(receiveAll(shop({ read: () => Effect.fail(down) })))
      expect(yield* counts).toEqual({ open: 1, done: 0, parked: 0 })
      expect(yield* receiveAll(shop({ read: reading().read }))).toMatchObject({ recorded: 1, parked: 0 })
    }).pipe(Effect.provide(stores)),
  )

  it.effect("finds the one message that breaks the reading of all, by an error or a defect, and parks it alone", () =>
    Effect.gen(function* () {
      yield* accept("1", "2", "3", "4", "5")
      const fault = new SourceError({
        source: "shop",
        operation: "read order",
        message: "truncated JSON",
        remedy: "look at it",
        isRetryable: false,
      })
      const { read } = reading()
      const fragile = (rows: ReadonlyArray<InboxRow>) => {
        if (rows.some(({ eventKey }) => eventKey === "2")) return Effect.fail(fault)
        return rows.some(({ eventKey }) => eventKey === "5")
          ? Effect.die(new TypeError("undefined is no function"))
          : read(rows)
      }
      expect(yield* receiveAll(shop({ read: fragile }))).toMatchObject({ messages: 5, recorded: 3, parked: 2 })
      expect((yield* parked).map(({ eventKey, reason }) => [eventKey, reason])).toEqual([
        ["2", "read order: truncated JSON"],
        ["5", "read messages: the connector failed on it"],
      ])
      expect([yield* keys, yield* counts]).toEqual([orders(1, 3, 4), { open: 0, done: 3, parked: 2 }])
    }).pipe(Effect.provide(stores)),
  )

  it.effect("works through more messages than one claim holds", () =>
    Effect.gen(function* () {
      yield* accept(...Array.from({ length: 450 }, (_, index) => `${index + 1}`))
      const { batches, read } = reading()
      expect(yield* receiveAll(shop({ read }))).toMatchObject({ messages: 450, recorded: 450 })
      expect(batches.map(({ length }) => length)).toEqual([200, 200, 50])
    }).pipe(Effect.provide(stores)),
  )
})

const withoutErasure = Layer.merge(
  Layer.effectContext(
    Effect.gen(function* () {
      return Context.empty().pipe(Context.add(FactLog, yield* FactLog), Context.add(Inbox, yield* Inbox))
    }),
  ).pipe(Layer.provide(MemoryStores.layerMemory)),
  tenant,
)
describe("a message that asks to erase a person", () => {
  const asked = (rows: ReadonlyArray<InboxRow>): ReturnType<Source["read"]> =>
    Effect.succeed({
      page: page([1]),
      parked: new Map<string, string>(),
      erase: rows.map(({ eventKey, receivedAt: at }) => ({
        eventKey,
        handles: [customer(2)],
        at,
        reason: "customers/redact",
      })),
    })
  const delivery = {
    source: "shop",
    eventKey: "e1",
    topic: "customers/redact",
    receivedAt: day(9),
    body: new Uint8Array(),
  }

  it.effect("erases after what came with it is stored", () =>
    Effect.gen(function* () {
      const [inbox, log] = [yield* Inbox, yield* FactLog]
      yield* inbox.accept([delivery])
      yield* receiveAll(shop({ read: asked }))
      const facts = yield* Stream.runCollect(log.newest({ asOf: day(100) }))
      expect(facts.map(({ _tag }) => _tag)).toEqual(["PersonErased", "OrderPlaced"])
      expect(JSON.stringify(facts, (_, value) => (typeof value === "bigint" ? `${value}` : value))).not.toContain(
        customer(2),
      )
      expect(yield* inbox.counts).toEqual({ open: 0, done: 1, parked: 0 })
    }).pipe(Effect.provide(stores)),
  )

  it.effect("waits for a human where the stores cannot erase", () =>
    Effect.gen(function* () {
      const inbox = yield* Inbox
      yield* inbox.accept([delivery])
      yield* receiveAll(shop({ read: asked }))
      expect((yield* inbox.parked).map(({ reason }) => reason)).toEqual([
        "customers/redact: run `advocacy erase` for this person",
      ])
    }).pipe(Effect.provide(withoutErasure)),
  )
})
