/**
 * A directory that the command works on: its settings, its embedded store, and, for a demo, its sandboxes' state.
 *
 * Promises: settings are written whole or not at all; a directory that was made by something else is never touched.
 */
import { sha256Hex } from "@advocacy-kit/core/id/Digest"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Layer, Schema } from "effect"
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

export const Settings = Schema.Struct({
  tenant: Schema.String,
  /** Hexadecimal; hashes personal values. */
  handleKey: Schema.String,
  program: Schema.String,
  /** The present of a simulated brand; null for a real one, whose present is now. */
  now: Schema.NullOr(Schema.Int),
  shareUrl: Schema.String,
  /** The simulated brand that the sandboxes play; null for a real installation. */
  brand: Schema.NullOr(
    Schema.Struct({
      seed: Schema.Int,
      customers: Schema.Int,
      orders: Schema.Int,
      shopDomain: Schema.String,
      portalId: Schema.Int,
    }),
  ),
  /** What is connected; without it both are, as before there was a choice. */
  platforms: Schema.optionalKey(Schema.Array(Schema.Literals(["shopify", "hubspot"]))),
})
export type Settings = typeof Settings.Type

export interface Installation {
  readonly directory: string
  readonly settings: Settings
}

export class InstallationError extends Schema.TaggedError<InstallationError>()("InstallationError", {
  directory: Schema.String,
  remedy: Schema.String,
}) {
  override get message(): string {
    return `${this.directory}: ${this.remedy}`
  }
}

export const defaultDirectory = join(".advocacy", "demo")
export const settingsFile = "advocacy.json"

export const storeDirectory = (directory: string): string => join(directory, "store")
export const shadowsFile = (directory: string): string => join(directory, "shadows.json")
export const worldFile = (directory: string): string => join(directory, "world.json")
export const sandboxDirectory = (directory: string): string => join(directory, "sandbox")

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Settings))

export const exists = (directory: string): boolean => existsSync(join(directory, settingsFile))

/** Reads the settings; says how to make an installation when there is none. */
export const load = (directory: string): Effect.Effect<Installation, InstallationError> =>
  Effect.gen(function* () {
    if (!exists(directory)) {
      return yield* new InstallationError({
        directory,
        remedy:
          "there is no installation here: `advocacy init` makes one of your own, `advocacy demo` a simulated one; or name another directory with --store",
      })
    }
    const settings = yield* decode(readFileSync(join(directory, settingsFile), "utf8")).pipe(
      Effect.mapError(
        (error) => new InstallationError({ directory, remedy: `${settingsFile} cannot be read: ${error.message}` }),
      ),
    )
    return { directory, settings }
  })

export const save = ({ directory, settings }: Installation): void => {
  mkdirSync(directory, { recursive: true })
  const file = join(directory, settingsFile)
  writeFileSync(`${file}.new`, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** Everything that an installation consists of; nothing else in the directory is removed. */
const ours = [settingsFile, "store", "sandbox", "world.json", "shadows.json"]

/** Empties a directory that holds a simulated brand, or nothing. */
export const wipe = (directory: string): Effect.Effect<void, InstallationError> =>
  Effect.gen(function* () {
    if (!existsSync(directory)) return
    if (exists(directory) && (yield* load(directory)).settings.brand === null) {
      return yield* new InstallationError({
        directory,
        remedy:
          "holds an installation of yours, and a demo begins by emptying its directory: name another with --store",
      })
    }
    const foreign = readdirSync(directory).filter(
      (name) =>
        !ours.includes(name) &&
        !/^(lock\.\d+|draft\.[0-9a-f-]+|advocacy\.json\.new|world\.json\.new|shadows\.json\.new)$/.test(name),
    )
    if (!exists(directory) && foreign.length > 0) {
      return yield* new InstallationError({
        directory,
        remedy: `holds files that are not ours (${foreign.slice(0, 3).join(", ")}): name an empty directory with --store`,
      })
    }
    for (const name of ours) rmSync(join(directory, name), { recursive: true, force: true })
  })

/** The tenant of an installation. */
export const tenantLayer = ({ settings }: Installation): Layer.Layer<CurrentTenant> =>
  Layer.succeed(CurrentTenant, { id: TenantIdOf(settings.tenant), handleKey: Buffer.from(settings.handleKey, "hex") })

/** A demo's key follows from its seed, so that two runs of the same brand can be compared by their digest. */
export const demoHandleKey = (seed: number): string => sha256Hex(`advocacy demo ${seed}`)
