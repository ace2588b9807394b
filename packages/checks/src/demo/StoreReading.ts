/**
 * What a demo's store holds, read without the command under test.
 *
 * Promises: opens the store the way any other program would, with its lock, and closes it again; writes nothing.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as Digesting from "@advocacy-kit/core/flow/Digesting"
import { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { State, type EffectRow } from "@advocacy-kit/core/ledger/OutboundEffect"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { SqlStores } from "@advocacy-kit/sql"
import { Effect, Layer } from "effect"

export interface StoreReading {
  readonly digest: string
  readonly effects: ReadonlyArray<EffectRow>
}

interface Settings {
  readonly tenant: string
  readonly handleKey: string
  readonly now: number
}

/** The settings that the demo left in its directory. */
const settingsOf = (store: string): Settings => JSON.parse(readFileSync(join(store, "advocacy.json"), "utf8"))

const reading = (asOf: number) =>
  Effect.gen(function* () {
    const ledger = yield* Ledger
    const { digest } = yield* Digesting.digestAt(asOf)
    return { digest, effects: yield* ledger.effects({ states: State.literals }) }
  })

export const read = (store: string): Promise<StoreReading> => {
  const { handleKey, now, tenant } = settingsOf(store)
  const services = Layer.merge(
    SqlStores.layerEmbedded({ directory: join(store, "store") }),
    Layer.succeed(CurrentTenant, { id: TenantIdOf(tenant), handleKey: Buffer.from(handleKey, "hex") }),
  )
  return Effect.runPromise(reading(now).pipe(Effect.provide(services), Effect.scoped))
}
