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

/** The installation of the directory that a command runs in, where it is one; else the demo's. */
export const here = Effect.sync(() => (Installation.exists(".") ? "." : Installation.defaultDirectory))

export const store = Flag.String("store").pipe(
  Flag.withDescription(
    `The directory of the installation; by default this one, where it is one, else ${Installation.defaultDirectory}`,
  ),
  Flag.withDefault(here),
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

/** What can be made of an installation's database, by where it lies. */
interface Opening<A, E> {
  readonly server: (options: SqlStores.ServerOptions) => Layer.Layer<A, E>
  readonly embedded: (options: SqlStores.EmbeddedOptions) => Layer.Layer<A, E>
}

const openingOf = <A, E>(installation: Installation.Installation, opening: Opening<A, E>) =>
  Layer.unwrap(
    Effect.gen(function* () {
      const url = yield* Config.option(Config.Redacted("DATABASE_URL"))
      if (Option.isSome(url) && installation.settings.brand === null) return opening.server({ url: url.value })
      yield* DirectoryLock.acquire(installation.directory)
      return opening.embedded({ directory: Installation.storeDirectory(installation.directory) })
    }),
  )

const opened = <A, E>(options: SessionOptions, opening: Opening<A, E>) =>
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
      return Layer.mergeAll(session, tenant, openingOf(installation, opening))
    }),
  )

/** Opens the installation for as long as the scope lasts. */
export const layer = (options: SessionOptions) =>
  opened(options, { server: SqlStores.layerServer, embedded: SqlStores.layerEmbedded })

/** The installation's database and key as they are: not migrated, and without stores. */
export const layerBare = (
  options: SessionOptions,
): Layer.Layer<Session | CurrentTenant | Layer.Success<SqlStores.Bare>, Layer.Error<ReturnType<typeof layer>>> =>
  opened(options, { server: SqlStores.bareServer, embedded: SqlStores.bareEmbedded })
