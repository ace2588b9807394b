/** What webhooks do to an installation, and what of them holds when there is none. */
import { assert, describe, expect, it } from "@effect/vitest"
import { FactSources } from "@advocacy-kit/core/connector/FactSource"
import { Fulfiller } from "@advocacy-kit/core/connector/Fulfiller"
import { Inbox, type Delivery } from "@advocacy-kit/core/connector/Inbox"
import * as Installation from "@advocacy-kit/core/connector/Installation"
import { Installations } from "@advocacy-kit/core/connector/Installations"
import * as Fact from "@advocacy-kit/core/fact/Fact"
import * as Flow from "@advocacy-kit/core/flow/Flow"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { receiveAll } from "@advocacy-kit/core/flow/Sync"
import { platform } from "@advocacy-kit/core/id/Handle"
import { rewardKey } from "@advocacy-kit/core/ledger/OutboundEffect"
import { Arbitrary, Effect, Layer, Redacted, Schema } from "effect"
import * as AppInstallation from "../src/AppInstallation.ts"
import * as Shopify from "../src/Shopify.ts"
import * as ShopifySource from "../src/ShopifySource.ts"
import { accessOf, appOptions, installation, type Services, shop, withApp } from "./appUnderTest.ts"
import { tenant } from "./shopUnderTest.ts"

const key = { platform: "shopify", account: shop }
const hour = 3_600_000
const start = Date.parse("2026-11-01T00:00:00Z")
const at = (hours: number) => start + hours * hour

const message = (topic: string, hours: number, body: unknown = {}, told: Partial<Delivery> = {}): Delivery => ({
  source: "shopify",
  eventKey: `${topic} ${hours}`,
  topic,
  receivedAt: at(hours) + 60_000,
  triggeredAt: at(hours),
  body: new TextEncoder().encode(JSON.stringify(body)),
  ...told,
})

const accept = (...deliveries: ReadonlyArray<Delivery>) => Effect.flatMap(Inbox, (inbox) => inbox.accept(deliveries))
const receive = Effect.flatMap(ShopifySource.make, receiveAll)
const parked = Effect.flatMap(Inbox, (inbox) =>
  Effect.map(inbox.parked, (all) => new Map(all.map(({ eventKey, reason }) => [eventKey, reason]))),
)
const grantAt = (hours: number): Installation.Grant => ({
  at: at(hours),
  scopes: [`of_grant_${hours}`],
  tokens: {
    access: Redacted.make(`access-${hours}`),
    accessExpiresAt: at(100_000),
    refresh: Redacted.make(`refresh-${hours}`),
    refreshExpiresAt: at(100_000),
  },
})
const grant = (hours: number) =>
  Effect.flatMap(Installations, ({ change }) =>
    change(key, (now) => Effect.succeed(Installation.granted(now, key, grantAt(hours)))),
  )

/** No shop is asked for anything. */
const alone = <A, E>(effect: Effect.Effect<A, E, Services>): Promise<A> =>
  Effect.runPromise(
    Effect.provide(
      effect,
      Shopify.layerApp({ ...appOptions, fetch: () => Promise.reject(new Error("nobody may be asked")) }).pipe(
        Layer.provideMerge(Layer.merge(MemoryStores.layerMemory, tenant)),
      ),
    ),
  )

const integer = (minimum: number, maximum: number) =>
  Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum, maximum })))

/** Installing, removing and changes of scopes, one after the other, and an order in which they are told, each twice. */
const histories = Arbitrary.flatMap(Arbitrary.array(integer(0, 2), { minLength: 1, maxLength: 8 }), (kinds) =>
  Arbitrary.map(
    Arbitrary.array(integer(0, 1_000_000), { minLength: kinds.length * 2, maxLength: kinds.length * 2 }),
    (places) => ({ kinds, places }),
  ),
)

const tell = (kind: number, hours: number) =>
  kind === 0
    ? Effect.asVoid(grant(hours))
    : Effect.asVoid(
        accept(
          kind === 1
            ? message("app/uninstalled", hours)
            : message("app/scopes_update", hours, { id: "gid://shopify/App/1", current: [`of_change_${hours}`] }),
        ),
      )

const told = (order: ReadonlyArray<{ readonly kind: number; readonly hours: number }>, isReadEachTime: boolean) =>
  alone(
    Effect.gen(function* () {
      for (const { hours, kind } of order) {
        yield* tell(kind, hours)
        if (isReadEachTime) yield* receive
      }
      yield* receive
      const one = yield* installation
      return { ...one, tokens: accessOf(one) }
    }),
  )

describe("an installation", () => {
  it.effect.prop(
    "ends the same whatever the order, the repetition and the lateness of what is told of it",
    { history: histories },
    ({ history: { kinds, places } }) => {
      const events = kinds.map((kind, index) => ({ kind, hours: index + 1 }))
      const shuffled = [...events, ...events]
        .map((event, index) => ({ event, place: places[index] ?? 0 }))
        .sort((left, right) => left.place - right.place)
        .map(({ event }) => event)
      return Effect.promise(async () => {
        const inOrder = await told(events, true)
        assert.deepStrictEqual(await told(shuffled, true), inOrder)
        assert.deepStrictEqual(await told(shuffled, false), inOrder)
      })
    },
    { arbitrary: { runs: 60 }, timeout: 60_000 },
  )
})

describe("when the app was removed", () => {
  it("its tokens are gone, records wait for the next installation, and nothing is sent", () =>
    alone(
      Effect.gen(function* () {
        yield* grant(1)
        yield* accept(
          message("orders/updated", 2, { admin_graphql_api_id: "gid://shopify/Order/7" }),
          message("app/uninstalled", 3),
          message("bulk_operations/finish", 3, { admin_graphql_api_id: "gid://shopify/BulkOperation/1" }),
        )
        yield* receive
        expect((yield* installation)?.tokens).toBeNull()
        expect(yield* parked).toEqual(new Map([["orders/updated 2", expect.stringContaining("is not installed")]]))
        const source = yield* ShopifySource.make
        expect(yield* source.stopped ?? Effect.succeed("")).toBe(
          `Pull: the app was removed from ${shop} at ${new Date(at(3)).toISOString()}`,
        )
        const fulfiller = yield* Fulfiller
        for (const handOver of [undefined, "storeCredit", "giftCard"]) {
          const error = yield* Effect.flip(
            fulfiller.issue([
              {
                _tag: "IssueReward",
                key: rewardKey("c" as never, 1),
                beneficiary: platform("shopify", "customer", "1"),
                recipient: platform("shopify", "customer", "1"),
                credit: "c" as never,
                terms: "t",
                plannedAt: at(1),
                ordinal: 1,
                unit: "EUR" as never,
                amountMinor: 5n as never,
                ...(handOver === undefined ? {} : { handOver: { as: handOver } as never }),
              },
            ]),
          )
          expect(error.message).toContain("the app was removed")
        }
      }),
    ))

  it("privacy holds: whoever asks to be erased is, whoever asks for their data is told of, the shop's data wait for a human", () =>
    alone(
      Effect.gen(function* () {
        const customer = { id: 9_007_199_254_740_993n, email: "ann@example.com" }
        const body = `{"customer":{"id":${customer.id},"email":"${customer.email}"}}`
        const raw = { body: new TextEncoder().encode(body) }
        yield* grant(10)
        yield* accept(
          message("app/uninstalled", 11),
          // Before the installation, which does not matter here.
          message("customers/redact", 2, {}, raw),
          message("customers/data_request", 3, {}, raw),
          message("shop/redact", 59, { shop_id: 1, shop_domain: shop }),
        )
        const source = yield* ShopifySource.make
        const { erase = [] } = yield* source.read(yield* Effect.flatMap(Inbox, (inbox) => inbox.claim("shopify", 10)))
        expect(erase).toMatchObject([
          {
            eventKey: "customers/redact 2",
            handles: ["shopify:customer/9007199254740993", expect.stringMatching(/^email:/)],
          },
        ])
        yield* receive
        const kept = yield* parked
        expect(kept.get("customers/data_request 3")).toBe(
          "somebody asks for their data, due by 2026-12-01: run `advocacy export person customer/9007199254740993` and send it to the shop's owner",
        )
        expect(kept.get("shop/redact 59")).toContain("are to be erased by 2026-12-03: nothing is erased by itself")
        expect(kept.size).toBe(2)
      }),
    ))

  it("a sync hears of it from the inbox though the token is dead, and says why nothing was pulled", () =>
    withApp(async ({ run, sandbox }) => {
      await sandbox.control.install()
      await run(AppInstallation.exchange(Redacted.make(await sandbox.control.sessionToken())))
      await sandbox.control.uninstall()
      const sync = Effect.gen(function* () {
        const source = yield* ShopifySource.make
        return yield* Effect.provideService(Flow.sync, FactSources, [source])
      })
      expect((await run(Effect.flip(sync))).message).toContain("Shopify granted no token")
      const now = { receivedAt: Date.now() + 1, triggeredAt: Date.now() + 1 }
      await run(accept(message("app/uninstalled", 1, {}, now)))
      const { synced } = await run(sync)
      expect(synced.map(({ stopped }) => stopped)).toEqual([
        expect.stringContaining(`the app was removed from ${shop}`),
        expect.stringContaining(`the app was removed from ${shop}`),
      ])
    }))
})

describe("after the app was installed again", () => {
  it("what an earlier installation sent is kept with the reason and not acted on", () =>
    alone(
      Effect.gen(function* () {
        yield* grant(5)
        yield* accept(
          message("app/uninstalled", 4),
          message("app/scopes_update", 3, { current: ["old"] }),
          message("orders/updated", 4, { admin_graphql_api_id: "gid://shopify/Order/7" }),
          message("customers/merge", 4, {
            admin_graphql_api_customer_kept_id: "gid://shopify/Customer/1",
            admin_graphql_api_customer_deleted_id: "gid://shopify/Customer/2",
            status: "completed",
          }),
        )
        const { recorded } = yield* receive
        expect(recorded).toBe(0)
        const one = yield* installation
        expect([accessOf(one), one?.scopes]).toEqual(["access-5", ["of_grant_5"]])
        expect([...(yield* parked).values()]).toEqual(
          Array.from({ length: 4 }, () => "an earlier installation of the app sent this; it is kept and not acted on"),
        )
      }),
    ))
})

describe("a merge of customers", () => {
  const body = (status: string) => ({
    admin_graphql_api_customer_kept_id: "gid://shopify/Customer/9007199254740993",
    admin_graphql_api_customer_deleted_id: "gid://shopify/Customer/2",
    status,
  })

  it("is a fact by the platform's word, without asking anybody; one that did not take place is none", () =>
    alone(
      Effect.gen(function* () {
        const source = yield* ShopifySource.make
        yield* accept(
          message("customers/merge", 1, body("completed")),
          message("customers/merge", 2, body("failed")),
          message("customers/merge", 3, { status: "completed" }),
        )
        const { page, parked: reasons } = yield* source.read(
          yield* Effect.flatMap(Inbox, (inbox) => inbox.claim("shopify", 10)),
        )
        expect(page.facts).toEqual([
          {
            _tag: "PeopleMerged",
            key: Fact.key("shopify:merge/2"),
            version: 0,
            rank: Fact.rank.api,
            occurredAt: at(1),
            into: "shopify:customer/9007199254740993",
            from: ["shopify:customer/2"],
          },
        ])
        expect([...reasons]).toEqual([
          ["customers/merge 2", "the merge of two customers did not take place by this message: its status is failed"],
          ["customers/merge 3", "the body does not name two customers that were merged"],
        ])
      }),
    ))
})
