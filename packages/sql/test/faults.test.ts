/**
 * Transactions that lose against others by chance, up to two attempts in five of each that writes: none of it surfaces, and
 * the stores keep every law and end in the same state. Real rivals are in `rivals.test.ts`.
 */
import {
  Runs,
  Convergence,
  ExclusiveLaws,
  FactLogLaws,
  InboxLaws,
  type Law,
  LedgerLaws,
  OutboxLaws,
} from "@advocacy-kit/testing"
import { Database, SqlStores, Vault } from "@advocacy-kit/sql"
import { Effect, Layer, ManagedRuntime, Redacted } from "effect"
import process from "node:process"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { errorOf, withServerDatabase } from "./Engines.ts"
import * as Faults from "./Faults.ts"
import { vaultKey } from "./Tenants.ts"
import { inMemory } from "./InMemory.ts"

// Nothing here is about speed, and databases take their time on a machine that others use.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const { first, seeds, text } = Runs.asked(process.env, 15)
const laws: ReadonlyArray<Law.Law<SqlStores.Stores>> = [
  ...FactLogLaws.laws,
  ...LedgerLaws.laws,
  ...ExclusiveLaws.laws,
  ...OutboxLaws.laws,
  ...InboxLaws.laws,
]

const databaseOf = async (engine: string) => {
  if (engine === "PGlite") return { database: Database.layerEmbedded(inMemory()), drop: async () => undefined }
  const { drop, url } = await withServerDatabase()
  return { database: Database.layerServer({ url: Redacted.make(url) }), drop }
}

describe.each(["PGlite", "PostgreSQL"])(`two attempts in five lose on %s, from seed ${first}`, (engine) => {
  // None while the tables are made: migrations are run again by whoever starts the process again.
  const faults = Faults.make(first, 0)
  let drop: () => Promise<unknown> = async () => undefined
  let runtime: ManagedRuntime.ManagedRuntime<SqlStores.Stores, unknown> | undefined
  beforeAll(async () => {
    const opened = await databaseOf(engine)
    drop = opened.drop
    const stores = SqlStores.layer.pipe(
      Layer.provide(Faults.layer(faults, opened.database)),
      Layer.provide(Vault.layerKey(vaultKey)),
    )
    runtime = ManagedRuntime.make(stores)
    await runtime.runPromise(Effect.void)
    faults.percent = 40
  })
  afterAll(async () => {
    await runtime?.dispose()
    await drop()
  })
  const run = <A, E>(effect: Effect.Effect<A, E, SqlStores.Stores>): Promise<A> => {
    if (runtime === undefined) throw new Error("the database was not opened")
    return runtime.runPromise(effect)
  }

  test(
    `${text} end in the same state, however facts arrive`,
    async () => {
      const before = { ...faults.raised }
      const { facts } = await run(Convergence.checkAll(seeds))
      // Each batch of facts alone is a transaction of two statements or more.
      expect(facts).toBeGreaterThan(seeds.length)
      expect(faults.raised["40001"] - before["40001"]).toBeGreaterThan(0)
      expect(faults.raised["40P01"] - before["40P01"]).toBeGreaterThan(0)
    },
    60_000 + seeds.length * 4_000,
  )

  test("every law holds, three times", async () => {
    const before = faults.raised["40001"]
    for (const { check, law } of [...laws, ...laws, ...laws])
      expect(errorOf(await run(Effect.exit(check))), law).toBe("no error")
    expect(faults.raised["40001"]).toBeGreaterThan(before)
  })
})
