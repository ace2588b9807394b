/**
 * Installations in a database: what its rows and its dumps hold of tokens, and two workers that want to renew them at once.
 */
import * as Installation from "@advocacy-kit/core/connector/Installation"
import { Installations } from "@advocacy-kit/core/connector/Installations"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Database, SqlStores, Vault } from "@advocacy-kit/sql"
import { Effect, Layer, ManagedRuntime, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { expect, test, vi } from "vitest"
import { errorOf, onEachEngine, withServerDatabase } from "./Engines.ts"
import * as Faults from "./Faults.ts"
import { inMemory } from "./InMemory.ts"
import { tenantNamed, vaultKey } from "./Tenants.ts"

// Nothing here is about speed, and databases take their time on a machine that others use.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const shop: Installation.InstallationKey = { platform: "shopify", account: "acme.myshopify.com" }
const tokens = (name: string): Installation.Tokens => ({
  access: Redacted.make(`shpat_access_${name}`),
  accessExpiresAt: 1,
  refresh: Redacted.make(`shprt_refresh_${name}`),
  refreshExpiresAt: 2,
})
const install = (name: string, key = shop) =>
  Effect.flatMap(Installations, ({ change }) =>
    change(key, (now) =>
      Effect.succeed(Installation.granted(now, key, { at: 1, scopes: ["read_orders"], tokens: tokens(name) })),
    ),
  )
const all = Effect.flatMap(Installations, (installations) => installations.all)

onEachEngine("installations", ({ run }) => {
  test("no row holds a token that can be read", async () => {
    await run(install("canary"))
    const rows = await run(
      Effect.flatMap(
        SqlClient.SqlClient,
        (sql) => sql<{ readonly row: string; readonly raw: string }>`
          SELECT row_to_json(installation)::text AS row, encode(tokens, 'escape') AS raw FROM advocacy.installation`,
      ),
    )
    expect(rows).toHaveLength(1)
    expect(`${rows[0]?.row} ${rows[0]?.raw}`).not.toContain("canary")
    expect((await run(all)).map((one) => one.tokens && Redacted.value(one.tokens.access))).toEqual([
      "shpat_access_canary",
    ])
  })

  test("tokens that were put into another account's row are refused, and not named", async () => {
    const other = { ...shop, account: "other.myshopify.com" }
    await run(install("moved"), "thief")
    await run(install("own", other), "thief")
    await run(
      Effect.flatMap(
        SqlClient.SqlClient,
        (
          sql,
        ) => sql`UPDATE advocacy.installation AS mine SET tokens = theirs.tokens FROM advocacy.installation AS theirs
          WHERE mine.tenant = 'thief' AND theirs.tenant = 'thief' AND mine.account = ${other.account} AND theirs.account = ${shop.account}`,
      ),
    )
    const text = errorOf(await run(Effect.exit(all), "thief"))
    expect(text).toContain("the tokens of other.myshopify.com cannot be read: install the app again")
    expect(text).not.toContain("moved")
  })

  test("nothing that is printed of an installation holds a token", async () => {
    await run(install("canary"), "printed")
    const [found] = await run(all, "printed")
    expect(`${JSON.stringify(found)} ${String(found?.tokens?.access)} ${String(found?.tokens?.refresh)}`).not.toContain(
      "canary",
    )
  })
})

test("a change whose transaction has to run again asks the platform once (seed 5)", async () => {
  const faults = Faults.make(5, 0)
  const exchanges = await Effect.gen(function* () {
    let asked = 0
    faults.percent = 60
    const installations = yield* Installations
    for (let round = 0; round < 60; round++)
      yield* installations.change(shop, (now) =>
        Effect.sync(() => {
          asked++
          return Installation.granted(now, shop, { at: round, scopes: [], tokens: tokens(`${round}`) })
        }),
      )
    return asked
  }).pipe(
    Effect.provideService(CurrentTenant, tenantNamed("a")),
    Effect.provide(
      SqlStores.layer.pipe(
        Layer.provide(Layer.merge(Faults.layer(faults, Database.layerEmbedded(inMemory())), Vault.layerKey(vaultKey))),
      ),
    ),
    Effect.runPromise,
  )
  expect(faults.raised["40001"] + faults.raised["40P01"]).toBeGreaterThan(10)
  expect(exchanges).toBe(60)
})

test("of twelve renewals by two workers with connections of their own, one asks the platform", async () => {
  const { drop, url } = await withServerDatabase()
  const workers = [1, 2].map(() =>
    ManagedRuntime.make(SqlStores.layerServer({ url: Redacted.make(url), vaultKey, maxConnections: 4 })),
  )
  const as = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provideService(effect, CurrentTenant, tenantNamed("a"))
  const asked: Array<string> = []
  /** What a worker does with a token that has expired; the platform takes its time. */
  const renew = (worker: number) =>
    Effect.flatMap(Installations, ({ change }) =>
      change(shop, (now) => {
        if (now?.tokens === null || now === null || now.tokens.accessExpiresAt !== 1) return Effect.succeed(now)
        asked.push(`worker ${worker} with ${Redacted.value(now.tokens.access)}`)
        return Effect.as(Effect.sleep(100), Installation.renewed(now, { ...tokens("new"), accessExpiresAt: 9 }))
      }),
    )
  try {
    await workers[0]?.runPromise(as(install("old")))
    const ends = await Promise.all(
      workers.flatMap((worker, number) => Array.from({ length: 6 }, () => worker.runPromise(as(renew(number))))),
    )
    expect(asked).toHaveLength(1)
    expect(new Set(ends.map((one) => one?.tokens && Redacted.value(one.tokens.access)))).toEqual(
      new Set(["shpat_access_new"]),
    )
  } finally {
    for (const worker of workers) await worker.dispose()
    await drop()
  }
})
