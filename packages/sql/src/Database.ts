/**
 * The connection to PostgreSQL: a server, or an embedded PGlite in a directory or in memory, through the same driver.
 *
 * Promises: both speak the same SQL; a directory has one user at a time. The embedded engine survives the end of its
 * process, `kill -9` too, but never calls fsync: it is NOT safe against power loss, and one query at a time runs on this
 * thread. Use a server where either matters.
 */
import { PGlite, type PGliteOptions } from "@electric-sql/pglite"
import { PgClient } from "@effect/sql-pg"
import type { Layer } from "effect"
import { Effect, Redacted, Schema } from "effect"
import type { SqlClient, SqlError } from "effect/sql"
import { join } from "node:path"
import * as DirectoryLock from "./DirectoryLock.ts"
import { PgliteStream } from "./PgliteStream.ts"

/** The database cannot be opened. `place` never holds a password. */
export class DatabaseUnusable extends Schema.TaggedError<DatabaseUnusable>()("DatabaseUnusable", {
  place: Schema.String,
  remedy: Schema.String,
  cause: Schema.Defect(),
}) {
  override get message(): string {
    return `${this.place} cannot be opened: ${this.remedy}`
  }
}

export interface EmbeddedOptions {
  /** A directory of its own, created when missing, or `"memory"`. */
  readonly directory: string
  /**
   * What a database in memory begins with, as `dumpDataDir` of PGlite makes it of an empty one: to be read takes it a fraction of
   * the seconds in which PostgreSQL initialises a database. For tests that open many.
   */
  readonly initial?: Blob
}

export interface ServerOptions {
  /** Such as `postgres://user:password@host:5432/database`. */
  readonly url: Redacted.Redacted
  /** 10 when absent. */
  readonly maxConnections?: number
}

type Client = PgClient.PgClient | SqlClient.SqlClient

const pgliteOptions = ({ directory, initial }: EmbeddedOptions): PGliteOptions =>
  directory !== "memory"
    ? { dataDir: join(directory, "postgres") }
    : initial === undefined
      ? {}
      : { loadDataDir: initial }

const openPglite = (options: EmbeddedOptions) =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: () => PGlite.create(pgliteOptions(options)),
      catch: (cause) =>
        new DatabaseUnusable({
          place: `the embedded database in ${options.directory}`,
          remedy: "restore the directory from a backup, or choose an empty one",
          cause,
        }),
    }),
    (database) => Effect.promise(() => database.close()),
  )

/** One connection, because the engine has one session. Not power-loss safe. */
export const layerEmbedded = (
  options: EmbeddedOptions,
): Layer.Layer<
  Client,
  DirectoryLock.DirectoryInUse | DirectoryLock.DirectoryUnusable | DatabaseUnusable | SqlError.SqlError
> =>
  PgClient.layerFrom(
    Effect.gen(function* () {
      if (options.directory !== "memory") yield* DirectoryLock.acquire(options.directory)
      const database = yield* openPglite(options)
      const client = yield* PgClient.make({
        stream: () => new PgliteStream(database),
        username: "postgres",
        database: "postgres",
        maxConnections: 1,
      })
      // Effect Cluster reads this name and then takes table leases in place of session locks.
      return Object.assign(client, { driver: "pglite" })
    }),
  )

const placeOf = (url: string): string => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  return parsed === undefined ? "the database server" : `the database ${parsed.host}${parsed.pathname}`
}

/** A server, PostgreSQL 15 or later. Connects at once, so that a wrong URL is known before any work. */
export const layerServer = (options: ServerOptions): Layer.Layer<Client, DatabaseUnusable> => {
  const url = Redacted.value(options.url)
  const refuse = (remedy: string) => (cause: unknown) => new DatabaseUnusable({ place: placeOf(url), remedy, cause })
  return PgClient.layerFrom(
    Effect.gen(function* () {
      if (!/^postgres(?:ql)?:\/\//.test(url)) {
        return yield* refuse("DATABASE_URL must begin with postgres://; leave it out to use the embedded database")(
          "another scheme",
        )
      }
      const unreachable = refuse("check DATABASE_URL (host, port, user, password, database) and that the server runs")
      const client = yield* PgClient.make({ url: options.url, maxConnections: options.maxConnections ?? 10 }).pipe(
        Effect.mapError(unreachable),
      )
      const rows = yield* client<{ number: number }>`SELECT current_setting('server_version_num')::int AS number`.pipe(
        Effect.mapError(unreachable),
      )
      if ((rows[0]?.number ?? 0) < 150_000) return yield* refuse("it needs PostgreSQL 15 or later")(rows[0]?.number)
      return client
    }),
  )
}
