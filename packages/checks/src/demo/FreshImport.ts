/**
 * Reads the platforms of a finished demo once more, by bulk import alone, into an empty store.
 *
 * The demo's own store took most of its history by bulk, and the last days by webhooks, duplicates, late ones and a
 * reconciliation. Both must hold the same facts.
 */
import { FactSources } from "@advocacy-kit/core/connector/FactSource"
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { contentDigest } from "@advocacy-kit/core/fact/FactVersion"
import * as Crediting from "@advocacy-kit/core/flow/Crediting"
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import * as Sync from "@advocacy-kit/core/flow/Sync"
import { Connections, Installation, Sandboxes } from "@advocacy-kit/cli"
import { SqlStores } from "@advocacy-kit/sql"
import { Effect, Layer } from "effect"

export interface FreshImport {
  /** Facts from the platforms in the demo's store. */
  readonly facts: number
  /** A line for each fact that only one of the two stores holds, or that they tell differently. */
  readonly differences: ReadonlyArray<string>
}

/** What the platforms said; what the kit itself decided is not in a fresh import. */
const told = (facts: ReadonlyArray<Fact>): Map<string, string> =>
  new Map(
    facts.filter(({ key }) => !key.startsWith("advocacy:")).map((fact) => [fact.key, contentDigest(fact)] as const),
  )

/** `store` is the demo's directory; nothing may have it open. */
export const compare = (store: string): Promise<FreshImport> =>
  Effect.gen(function* () {
    const installation = yield* Installation.load(store)
    const asOf = installation.settings.now ?? 0
    const tenant = Installation.tenantLayer(installation)
    const embedded = SqlStores.layerEmbedded({ directory: Installation.storeDirectory(store) })
    const live = told(yield* Crediting.factsAt(asOf).pipe(Effect.provide(Layer.merge(embedded, tenant))))
    const sandboxes = yield* Sandboxes.startBoth(store)
    const connected = Connections.sandboxed(installation.settings, sandboxes)
    const importAll = Effect.gen(function* () {
      yield* Effect.forEach(yield* FactSources, Sync.pullAll)
      return yield* Crediting.factsAt(asOf)
    })
    const fresh = told(
      yield* importAll.pipe(Effect.provide(Layer.mergeAll(MemoryStores.layerMemory, tenant, connected))),
    )
    const keys = [...new Set([...live.keys(), ...fresh.keys()])]
    return {
      facts: live.size,
      differences: keys
        .filter((key) => live.get(key) !== fresh.get(key))
        .map(
          (key) =>
            `${key}: ${!live.has(key) ? "only bulk has it" : !fresh.has(key) ? "bulk misses it" : "told differently"}`,
        ),
    }
  }).pipe(Effect.scoped, Effect.runPromise)
