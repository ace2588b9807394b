/** What a message said is gone once it was worked through; that it was seen is not. */
import { Inbox } from "@advocacy-kit/core/connector/Inbox"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { SqlStores } from "@advocacy-kit/sql"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { expect, it } from "vitest"
import { inMemory } from "./InMemory.ts"

const tenant = Layer.succeed(CurrentTenant, { id: TenantIdOf("acme"), handleKey: new Uint8Array(16) })
const delivery = (eventKey: string) => ({
  source: "shopify",
  eventKey,
  topic: "orders/create",
  receivedAt: 1,
  body: new TextEncoder().encode("ada@example.com"),
})

it("settling forgets the body, waiting and parking keep it", async () => {
  const kept = await Effect.gen(function* () {
    const inbox = yield* Inbox
    const sql = yield* SqlClient.SqlClient
    yield* inbox.accept([delivery("done"), delivery("waiting"), delivery("parked")])
    yield* inbox.settle("shopify", ["done"])
    yield* inbox.park("shopify", new Map([["parked", "cannot be understood"]]))
    expect(yield* inbox.accept([delivery("done")])).toEqual([false])
    return yield* sql<{ readonly key: string; readonly bytes: number }>`
      SELECT event_key AS key, length(body) AS bytes FROM advocacy.inbox ORDER BY event_key`
  }).pipe(Effect.provide(Layer.merge(SqlStores.layerEmbedded(inMemory()), tenant)), Effect.runPromise)
  expect(kept).toEqual([
    { key: "done", bytes: 0 },
    { key: "parked", bytes: 15 },
    { key: "waiting", bytes: 15 },
  ])
}, 60_000)
