/**
 * A file in a temporary folder, and what an import of it into fresh stores leaves.
 */
import * as MemoryStores from "@advocacy-kit/core/flow/MemoryStores"
import type { Fact } from "@advocacy-kit/core/fact/Fact"
import { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { Inbox, type Parked } from "@advocacy-kit/core/connector/Inbox"
import { fromIso } from "@advocacy-kit/core/id/Instant"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Layer, Stream } from "effect"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as FileImport from "../src/FileImport.ts"
import * as FileText from "../src/FileText.ts"
import type { Format, Lens } from "../src/Format.ts"

export const folder = mkdtempSync(join(tmpdir(), "advocacy-files-"))

export const handleKey = new Uint8Array(32).fill(7)

export const lens: Lens = {
  handleKey,
  asOf: fromIso("2026-11-01T00:00:00Z"),
  program: "refer-a-friend",
  currency: null,
  timeZone: "Europe/Berlin",
  dateOrder: null,
  decimalMark: null,
  referralAttributes: ["ref"],
  deviceAttribute: "_device",
}

/** Everything that an import needs, in memory; one layer is one installation. */
export const stores = Layer.merge(
  MemoryStores.layerMemory,
  Layer.succeed(CurrentTenant, { id: TenantIdOf("acme"), handleKey }),
)

export const written = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** Reads a file into whatever stores are provided. */
export const importing = (
  format: Format,
  path: string,
  options: { readonly lens?: Partial<Lens>; readonly mapping?: Readonly<Record<string, string>> } = {},
) =>
  Effect.gen(function* () {
    const file = yield* FileText.look(path)
    return yield* FileImport.run({ file, format, lens: { ...lens, ...options.lens }, mapping: options.mapping ?? {} })
  })

export interface Left {
  readonly imported: FileImport.Imported
  readonly facts: ReadonlyArray<Fact>
  readonly parked: ReadonlyArray<Parked>
}

export const left = Effect.gen(function* () {
  const newest = (yield* FactLog).newest({ asOf: Number.MAX_SAFE_INTEGER })
  return { facts: yield* Stream.runCollect(newest), parked: yield* (yield* Inbox).parked }
})

/** Imports a text into stores of its own. */
export const imported = (
  format: Format,
  content: string | Uint8Array,
  options: Parameters<typeof importing>[2] & { readonly name?: string } = {},
): Promise<Left> =>
  Effect.gen(function* () {
    const result = yield* importing(format, written(options.name ?? "file.csv", content), options)
    return { imported: result, ...(yield* left) }
  }).pipe(Effect.provide(Layer.fresh(stores)), Effect.runPromise)
