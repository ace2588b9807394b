/**
 * The engines that the store tests run on: PGlite in memory always, and PostgreSQL at `DATABASE_URL_TEST`, where each
 * suite gets a fresh database that is dropped at the end. Without that variable the PostgreSQL tests fail and say why.
 */
import { SqlStores } from "@advocacy-kit/sql"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Cause, Effect, Exit, type Layer, ManagedRuntime, Redacted } from "effect"
import { PgClient } from "@effect/sql-pg"
import { SqlClient } from "effect/sql"
import { randomUUID } from "node:crypto"
import process from "node:process"
import { afterAll, beforeAll, describe } from "vitest"
import { tenantNamed, vaultKey } from "./Tenants.ts"
import { inMemory } from "./InMemory.ts"

export type Services = SqlStores.Stores | SqlClient.SqlClient

export interface Engine {
  readonly name: string
  /** Runs as tenant `a`, or as the one named. */
  readonly run: <A, E>(effect: Effect.Effect<A, E, Services | CurrentTenant>, tenant?: string) => Promise<A>
}

/** All that a failure says, of errors and defects. */
export const errorOf = <A, E>(exit: Exit.Exit<A, E>): string =>
  Exit.isFailure(exit) ? `${Cause.pretty(exit.cause)} ${JSON.stringify(exit.cause)}` : "no error"

const serverUrl = (): string => {
  const url = process.env["DATABASE_URL_TEST"]
  if (url === undefined || url === "") {
    throw new Error("DATABASE_URL_TEST is not set: run the tests with `pnpm test`, which starts a PostgreSQL for them")
  }
  return url
}

const asAdmin = (statement: (name: string) => string, name: string): Promise<unknown> =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    yield* sql.unsafe(statement(name))
  }).pipe(Effect.provide(PgClient.layer({ url: Redacted.make(serverUrl()), maxConnections: 1 })), Effect.runPromise)

/** A database of its own on the test server. */
export const withServerDatabase = async (): Promise<{
  readonly url: string
  readonly drop: () => Promise<unknown>
}> => {
  const name = `advocacy_${randomUUID().replaceAll("-", "")}`
  await asAdmin((database) => `CREATE DATABASE ${database}`, name)
  const url = new URL(serverUrl())
  url.pathname = `/${name}`
  return { url: url.href, drop: () => asAdmin((database) => `DROP DATABASE ${database} WITH (FORCE)`, name) }
}

const open = async (engine: string) => {
  if (engine === "PGlite")
    return { layer: SqlStores.layerEmbedded({ ...inMemory(), vaultKey }), drop: async () => undefined }
  const { drop, url } = await withServerDatabase()
  return { layer: SqlStores.layerServer({ url: Redacted.make(url), vaultKey }), drop }
}

/** The same tests on both engines. */
export const onEachEngine = (title: string, suite: (engine: Engine) => void): void => {
  describe.each(["PGlite", "PostgreSQL"])(`${title} on %s`, (name) => {
    let runtime:
      | ManagedRuntime.ManagedRuntime<Layer.Success<Awaited<ReturnType<typeof open>>["layer"]>, unknown>
      | undefined
    let drop: () => Promise<unknown> = async () => undefined
    beforeAll(async () => {
      const opened = await open(name)
      drop = opened.drop
      runtime = ManagedRuntime.make(opened.layer)
      await runtime.runPromise(Effect.void)
    }, 60_000)
    afterAll(async () => {
      await runtime?.dispose()
      await drop()
    })
    suite({
      name,
      run: (effect, tenant = "a") => {
        if (runtime === undefined) throw new Error("the engine was not opened")
        return runtime.runPromise(Effect.provideService(effect, CurrentTenant, tenantNamed(tenant)))
      },
    })
  })
}
