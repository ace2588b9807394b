/**
 * A reconciliation against the local shop, with drift planted in it: webhooks that were lost, orders that changed behind our
 * back, a code that somebody deleted, an answer that never came.
 */
import { FactSources } from "@advocacy-kit/core/connector/FactSource"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import * as Drift from "@advocacy-kit/core/flow/Drift"
import { fulfil } from "@advocacy-kit/core/flow/Fulfilling"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import { reconcile } from "@advocacy-kit/core/flow/Reconciling"
import { pullAll } from "@advocacy-kit/core/flow/Sync"
import * as Handle from "@advocacy-kit/core/id/Handle"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { type OutboundEffect, shareCodeKey, State } from "@advocacy-kit/core/ledger/OutboundEffect"
import { Simulator } from "@advocacy-kit/sandbox"
import { Effect, Layer, Stream } from "effect"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { describe, expect, it } from "vitest"
import { inSandbox, type Sandbox, source, token } from "./shopUnderTest.ts"

const world = Simulator.simulate({ seed: 7, customers: 400, orders: 1000 })

/** Orders that the live days bring, and older ones that they change. */
const orders = world.live.flatMap((change) =>
  change.kind === "shop.order" || change.kind === "shop.refund" ? [change] : [],
)
const placed = new Set(orders.flatMap((one) => (one.kind === "shop.order" && one.created ? [one.after.id] : [])))
const changed = new Set(orders.map(({ after }) => after.id).filter((id) => !placed.has(id)))

/** Takes every webhook and forgets it. */
const forgetful = Effect.acquireRelease(
  Effect.promise(async () => {
    const server = createServer((request, response) => {
      request.resume()
      request.on("end", () => response.writeHead(200).end())
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
  }),
  ({ server }) =>
    Effect.promise(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }),
)

/** Without examples: a bulk result has no order, so that each reading comes upon others first. */
const counted = (report: unknown): unknown =>
  JSON.parse(JSON.stringify(report, (key, value: unknown) => (key === "examples" ? undefined : value)))

interface Code {
  readonly code: string
  readonly id: string
  readonly discountId: string
}

/** Deletes one code in the shop, as a merchant would. */
const deleteCode = ({ control, url }: Sandbox, code: string) =>
  Effect.gen(function* () {
    const { codesFromClients } = yield* control<{ readonly codesFromClients: ReadonlyArray<Code> }>("state")
    const found = codesFromClients.find((one) => one.code === code)
    if (found === undefined) return yield* Effect.die(`the shop has no code ${code}`)
    const query = `mutation ($discountId: ID!, $ids: [ID!]) {
      discountCodeRedeemCodeBulkDelete(discountId: $discountId, ids: $ids) { userErrors { code } }
    }`
    const answer = yield* Effect.promise(async () => {
      const asked = await fetch(`${url}/admin/api/2026-10/graphql.json`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Shopify-Access-Token": token },
        body: JSON.stringify({ query, variables: { discountId: found.discountId, ids: [found.id] } }),
      })
      return (await asked.json()) as unknown
    })
    expect(answer).toMatchObject({ data: { discountCodeRedeemCodeBulkDelete: { userErrors: [] } } })
  })

const shareCode = (code: string): OutboundEffect => ({
  _tag: "OpenShareCode",
  key: shareCodeKey(code),
  beneficiary: Handle.code(code),
  terms: "terms-1",
  plannedAt: Date.parse(world.brand.liveFrom),
  code,
  percent: 10,
})

const plan = (...codes: ReadonlyArray<string>) =>
  Effect.flatMap(Ledger, (ledger) => ledger.commit({ revisions: [], effects: codes.map(shareCode), undo: [] }))
const effects = Effect.map(
  Effect.flatMap(Ledger, (ledger) => ledger.effects({ states: State.literals })),
  (rows) => rows.map(({ effect, goneAt, state }) => [effect.key, goneAt === null ? state : "gone"]),
)
const facts = Effect.flatMap(FactLog, (log) => Stream.runCollect(log.newest({ asOf: Number.MAX_SAFE_INTEGER })))

describe("reconciling with a shop", () => {
  it(
    "finds what webhooks lost, a code that was deleted and one whose answer was lost; a second pass finds nothing",
    () =>
      inSandbox(world, (sandbox) =>
        Effect.gen(function* () {
          const shop = yield* source
          const stores = Layer.merge(MemoryStores.layerMemory, Layer.succeed(FactSources, [shop]))
          yield* Effect.scoped(
            Effect.gen(function* () {
              yield* pullAll(shop)
              expect(yield* reconcile()).toMatchObject({ drift: 0, facts: [{ vanished: {} }] })
              const before = yield* facts
              const log = yield* FactLog
              const checkpoints = () => Effect.forEach(["shopify:orders", "shopify:customers"], log.checkpoint)
              const known = yield* checkpoints()

              // The live days: orders are placed, changed and refunded, and no webhook reaches us.
              const { url } = yield* forgetful
              yield* sandbox.control("play", { webhookUrl: url })
              yield* plan("TEA-FOR-TWO", "TEA-FOR-ALL")
              expect(yield* fulfil).toMatchObject({ confirmed: 2 })
              yield* deleteCode(sandbox, "TEA-FOR-ALL")
              yield* plan("TEA-AT-FIVE")
              yield* sandbox.control("faults", { commitThenDrop: 1 })
              expect(yield* fulfil).toMatchObject({ unknown: 1 })
              yield* Effect.sleep("100 millis")

              const dry = yield* reconcile({ dryRun: true })
              expect(yield* facts).toEqual(before)
              const found = yield* reconcile()
              const [told] = found.facts
              expect([found.drift, counted(told)]).toEqual([dry.drift, counted(dry.facts[0])])
              expect(told?.missing["OrderPlaced"]?.count).toBe(placed.size)
              // A refund alone may leave what the order says of itself as it was.
              expect(told?.outdated["OrderPlaced"]?.count).toBeGreaterThan(0)
              expect(told?.outdated["OrderPlaced"]?.count).toBeLessThanOrEqual(changed.size)
              const imported = Effect.andThen(pullAll(shop), facts)
              const fresh = yield* Effect.provide(imported, Layer.fresh(MemoryStores.layerMemory))
              expect(yield* facts).toEqual(expect.arrayContaining([...fresh]))
              expect(Drift.total(told?.missing ?? {})).toBeGreaterThan(placed.size)
              expect([told?.vanished, told?.newerHere]).toEqual([{}, {}])
              expect(found.effects).toMatchObject({
                recorded: { unknown: { examples: [shareCodeKey("TEA-AT-FIVE")] } },
                gone: { examples: [shareCodeKey("TEA-FOR-ALL")] },
                missing: { count: 0 },
              })
              expect(yield* effects).toEqual([
                [shareCodeKey("TEA-AT-FIVE"), "confirmed"],
                [shareCodeKey("TEA-FOR-ALL"), "gone"],
                [shareCodeKey("TEA-FOR-TWO"), "confirmed"],
              ])

              expect(yield* reconcile()).toMatchObject({
                drift: 0,
                facts: [{ missing: {}, outdated: {}, vanished: {} }],
                effects: { recorded: {}, gone: { count: 0 }, same: 2 },
              })
              expect(yield* checkpoints()).toEqual(known)
              // The ordinary pull goes on where it was, and has nothing to add.
              expect((yield* pullAll(shop)).reduce((sum, { recorded }) => sum + recorded, 0)).toBe(0)
            }),
          ).pipe(Effect.provide(stores))
        }),
      ),
    60_000,
  )
})
