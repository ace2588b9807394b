/**
 * Workers beside each other on one database: none sends what another sends, and one that stood still changes nothing.
 */
import { Fulfiller, type Outcome } from "@advocacy-kit/core/connector/Fulfiller"
import { fulfil } from "@advocacy-kit/core/flow/Fulfilling"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { type EffectKey, plannedRow, State } from "@advocacy-kit/core/ledger/OutboundEffect"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { SqlStores } from "@advocacy-kit/sql"
import { Deferred, Effect, Fiber, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { onEachEngine } from "./Engines.ts"
import { reward } from "./Examples.ts"
import { tenantNamed, vaultKey } from "./Tenants.ts"

const effects = Effect.flatMap(Ledger, (ledger) => ledger.effects({ states: State.literals }))
const plan = (program: string, count: number) =>
  Effect.flatMap(Ledger, (ledger) =>
    ledger.commit({
      revisions: [],
      effects: Array.from({ length: count }, (_, index) => reward(program, `o${index}`, 5n)),
      undo: [],
    }),
  )

/** A shop that counts what it is asked, and takes its time. */
const shop = (answer: Effect.Effect<Outcome> = Effect.succeed({ state: "confirmed", reference: "CODE" })) => {
  const sent: Array<EffectKey> = []
  const there = new Map<EffectKey, string>()
  const layer = Layer.succeed(Fulfiller, {
    platforms: new Map([["shopify", { perMinute: 10_000, perSend: 20 }]]),
    issue: (asked) =>
      Effect.gen(function* () {
        for (const { key } of asked) {
          sent.push(key)
          there.set(key, "CODE")
        }
        yield* Effect.sleep("5 millis")
        const outcome = yield* answer
        return new Map(asked.map(({ key }) => [key, outcome]))
      }),
    find: (asked) =>
      Effect.succeed(
        new Map(
          [...there].flatMap(([key, reference]) =>
            asked.some((one) => one.key === key) ? [[key, { reference }]] : [],
          ),
        ),
      ),
  })
  return { sent, layer }
}

/** As if a minute had passed. */
const leasesRunOut = Effect.flatMap(SqlClient.SqlClient, (sql) =>
  Effect.orDie(sql`UPDATE advocacy.effect SET due_at = 0 WHERE state = 'sending'`),
)

onEachEngine("outbox", ({ run }) => {
  test("of several workers at once each effect is sent by one", async () => {
    const { layer, sent } = shop()
    await run(plan("many", 300), "workers")
    const told = await run(
      Effect.all(
        Array.from({ length: 6 }, () => Effect.provide(fulfil, layer)),
        { concurrency: "unbounded" },
      ),
      "workers",
    )
    expect(told.reduce((sum, { confirmed }) => sum + confirmed, 0)).toBe(300)
    expect([sent.length, new Set(sent).size]).toEqual([300, 300])
    expect(new Set((await run(effects, "workers")).map(({ state }) => state))).toEqual(new Set(["confirmed"]))
  }, 30_000)

  test("a limit holds for all workers together", async () => {
    const taken = await run(
      Effect.andThen(
        plan("limit", 90),
        Effect.flatMap(Ledger, (ledger) =>
          Effect.all(
            Array.from({ length: 6 }, () =>
              ledger.take({
                platform: "shopify",
                at: 100_000,
                leasedUntil: 160_000,
                limit: { perMinute: 50, perSend: 20 },
              }),
            ),
            { concurrency: "unbounded" },
          ),
        ),
      ),
      "limits",
    )
    expect(taken.reduce((sum, { rows }) => sum + rows.length, 0)).toBe(50)
  })

  test("a worker that stood still neither sends again nor overwrites what another found out", async () => {
    await run(plan("zombie", 2), "zombie")
    const latch = Deferred.makeUnsafe<void>()
    const refused: Outcome = { state: "failed", reason: "refused" }
    const [still, other] = [shop(Effect.andThen(Deferred.await(latch), Effect.succeed(refused))), shop()]
    const told = await run(
      Effect.gen(function* () {
        const first = yield* Effect.forkChild(Effect.provide(fulfil, still.layer))
        while (still.sent.length < 2) yield* Effect.sleep("5 millis")
        const meanwhile = yield* Effect.provide(fulfil, other.layer)
        yield* leasesRunOut
        const second = yield* Effect.provide(fulfil, other.layer)
        yield* Deferred.succeed(latch, undefined)
        return [meanwhile, second, yield* Fiber.join(first)]
      }),
      "zombie",
    )
    expect(told).toMatchObject([{ confirmed: 0 }, { confirmed: 2 }, { confirmed: 0, failed: 0 }])
    expect([still.sent.length, other.sent.length]).toEqual([2, 2])
    expect((await run(effects, "zombie")).map(({ attempts, note, state }) => [state, attempts, note])).toEqual([
      ["confirmed", 2, "CODE"],
      ["confirmed", 2, "CODE"],
    ])
  })
})

test("an embedded store that is opened again takes over what its last process was sending", async () => {
  const directory = mkdtempSync(join(tmpdir(), "advocacy-lease-"))
  const opened = <A, E>(work: Effect.Effect<A, E, Ledger | CurrentTenant>) =>
    Effect.runPromise(
      work.pipe(
        Effect.provideService(CurrentTenant, tenantNamed("a")),
        Effect.provide(SqlStores.layerEmbedded({ directory, vaultKey })),
      ),
    )
  const far = 8_000_000_000_000
  const take = Effect.flatMap(Ledger, (ledger) =>
    ledger.take({ platform: "shopify", at: 1_000, leasedUntil: far, limit: { perMinute: 9, perSend: 9 } }),
  )
  await opened(Effect.andThen(plan("crash", 1), take))
  const sending = { ...plannedRow(reward("crash", "o0", 5n)), state: "sending", attempts: 1, dueAt: 0 }
  expect(await opened(effects)).toEqual([sending])
  expect((await opened(take)).rows.map(({ attempts }) => attempts)).toEqual([2])
  rmSync(directory, { recursive: true, force: true })
}, 30_000)
