/**
 * One command's access to an installation: its settings, its stores, its tenant, and the time that it works at.
 *
 * The directory is locked while a command runs, so that a second process is refused instead of corrupting it. A simulated
 * brand lives in its directory and its present is the simulated one; a real installation uses the server of `DATABASE_URL`
 * when that is set, and its present is now.
 */
import { fromIso, type Instant } from "@advocacy-kit/core/id/Instant"
import type { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { DirectoryLock, SqlStores } from "@advocacy-kit/sql"
import { Clock, Config, Context, Effect, Layer, Option } from "effect"
import { Flag } from "effect/cli"
import * as Installation from "./Installation.ts"

export class Session extends Context.Service<
  Session,
  {
    readonly installation: Installation.Installation
    /** The name of the program that the installation runs. */
    readonly program: string
    readonly asOf: Instant
  }
>()("@advocacy-kit/cli/Session") {}

export const store = Flag.String("store").pipe(
  Flag.withDescription("The directory of the installation"),
  Flag.withDefault(Installation.defaultDirectory),
)

export const asOf = Flag.String("as-of").pipe(
  Flag.withDescription("Look from this time, such as 2026-10-01T12:00:00Z; the default is the installation's present"),
  Flag.mapTryCatch(fromIso, () => "a time with its zone, such as 2026-10-01T12:00:00Z"),
  Flag.optional,
)

export interface SessionOptions {
  readonly store: string
  readonly asOf?: Option.Option<Instant>
}

const storesOf = (installation: Installation.Installation) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const url = yield* Config.option(Config.Redacted("DATABASE_URL"))
      if (Option.isSome(url) && installation.settings.brand === null) return SqlStores.layerServer({ url: url.value })
      yield* DirectoryLock.acquire(installation.directory)
      return SqlStores.layerEmbedded({ directory: Installation.storeDirectory(installation.directory) })
    }),
  )

/** Opens the installation for as long as the scope lasts. */
export const layer = (options: SessionOptions) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const installation = yield* Installation.load(options.store)
      const { now, program } = installation.settings
      const present = now ?? (yield* Clock.currentTimeMillis)
      const session = Layer.succeed(Session, {
        installation,
        program,
        asOf: Option.getOrElse(options.asOf ?? Option.none(), () => present),
      })
      const tenant: Layer.Layer<CurrentTenant> = Installation.tenantLayer(installation)
      return Layer.mergeAll(session, tenant, storesOf(installation))
    }),
  )
