/**
 * All stores over one database, ready to use: connected, migrated, and checked to have the right vault key.
 *
 * `layerConfig` is what an installation uses: a server when `DATABASE_URL` is set, else an embedded database in
 * `ADVOCACY_DIRECTORY` (`.advocacy`). The embedded one is not safe against power loss; see `Database`.
 */
import type { Inbox } from "@advocacy-kit/core/connector/Inbox"
import type { Installations } from "@advocacy-kit/core/connector/Installations"
import type { Erasure } from "@advocacy-kit/core/fact/Erasure"
import type { FactLog } from "@advocacy-kit/core/fact/FactLog"
import type { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import type { Tallies } from "@advocacy-kit/core/ledger/Tallies"
import { Config, Context, Effect, Layer, Option, type Redacted } from "effect"
import { type Migrator, SqlClient, type SqlError } from "effect/sql"
import { join } from "node:path"
import * as Database from "./Database.ts"
import type { DirectoryInUse, DirectoryUnusable } from "./DirectoryLock.ts"
import * as Migrations from "./Migrations.ts"
import * as SqlErasure from "./SqlErasure.ts"
import * as SqlFactLog from "./SqlFactLog.ts"
import * as SqlInbox from "./SqlInbox.ts"
import * as SqlInstallations from "./SqlInstallations.ts"
import * as SqlLedger from "./SqlLedger.ts"
import * as SqlOutbox from "./SqlOutbox.ts"
import * as SqlTallies from "./SqlTallies.ts"
import * as Vault from "./Vault.ts"

export type Stores = FactLog | Ledger | Inbox | Installations | Tallies | Erasure

/** What can go wrong when a database with its tables is opened. */
export type OpenError =
  | Database.DatabaseUnusable
  | DirectoryInUse
  | DirectoryUnusable
  | Migrator.MigrationError
  | SqlError.SqlError
  | Vault.VaultKeyUnusable

/** The first key that opens a database is the key of that database; any other is refused. */
const checkKey = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const mine = Vault.fingerprint((yield* Vault.AdvocacyKeys).vault)
  yield* sql`INSERT INTO advocacy.vault_key (fingerprint) VALUES (${mine}) ON CONFLICT DO NOTHING`
  const rows = yield* sql<{ readonly fingerprint: string }>`SELECT fingerprint FROM advocacy.vault_key`
  if (rows[0]?.fingerprint !== mine) {
    yield* new Vault.VaultKeyUnusable({
      place: "of this installation",
      remedy: "the personal values in this database were sealed with another key; set ADVOCACY_VAULT_KEY to that one",
    })
  }
})

/** The stores over a database of your own making. Migrates it first. */
export const layer: Layer.Layer<
  Stores,
  Database.DatabaseUnusable | Migrator.MigrationError | SqlError.SqlError | Vault.VaultKeyUnusable,
  SqlClient.SqlClient | Vault.AdvocacyKeys
> = Layer.unwrap(
  Effect.gen(function* () {
    yield* Migrations.run
    yield* checkKey
    return Layer.mergeAll(
      SqlFactLog.layer,
      SqlErasure.layer,
      SqlLedger.layer,
      SqlInbox.layer,
      SqlInstallations.layer,
      SqlTallies.layer,
    )
  }),
)

const opened = (bare: Bare): Layer.Layer<Stores | SqlClient.SqlClient, OpenError | Config.ConfigError> =>
  Layer.merge(layer, Layer.effect(SqlClient.SqlClient, SqlClient.SqlClient)).pipe(Layer.provide(bare))

export interface EmbeddedOptions extends Database.EmbeddedOptions {
  /** 32 bytes. Without it: `ADVOCACY_VAULT_KEY`, else a key file in the directory, made on first use. */
  readonly vaultKey?: Redacted.Redacted<Uint8Array>
}

/** A database and its key before anything is done with them: for migrations, backups and restoring. */
export type Bare = Layer.Layer<SqlClient.SqlClient | Vault.AdvocacyKeys, OpenError | Config.ConfigError>

/** An embedded database and its key, not migrated and not checked. */
export const bareEmbedded = (options: EmbeddedOptions): Bare => {
  const key =
    options.vaultKey !== undefined
      ? Vault.layerKey(options.vaultKey)
      : Vault.layerConfig(
          options.directory === "memory" ? Vault.layerThrowAway : Vault.layerFile(join(options.directory, "vault.key")),
        )
  // The key file lies in the directory, which is locked first.
  return Layer.provideMerge(key, Database.layerEmbedded(options))
}

/** An embedded database in a directory, or in memory. Also gives `SqlClient`. */
export const layerEmbedded = (
  options: EmbeddedOptions,
): Layer.Layer<Stores | SqlClient.SqlClient, OpenError | Config.ConfigError> =>
  // Who has the directory's lock is the only process there is: no lease of an earlier one is of any use.
  Layer.tap(opened(bareEmbedded(options)), (context) => SqlOutbox.endLeases(Context.get(context, SqlClient.SqlClient)))

export interface ServerOptions extends Database.ServerOptions {
  /** 32 bytes. Without it: `ADVOCACY_VAULT_KEY`, which must be set. */
  readonly vaultKey?: Redacted.Redacted<Uint8Array>
}

/** A server and its key, not migrated and not checked. */
export const bareServer = (options: ServerOptions): Bare =>
  Layer.merge(
    Database.layerServer(options),
    options.vaultKey === undefined ? Vault.layerConfig() : Vault.layerKey(options.vaultKey),
  )

/** A PostgreSQL server. Also gives `SqlClient`. */
export const layerServer = (
  options: ServerOptions,
): Layer.Layer<Stores | SqlClient.SqlClient, OpenError | Config.ConfigError> => opened(bareServer(options))

const url = Config.option(Config.Redacted("DATABASE_URL"))
const directory = Config.String("ADVOCACY_DIRECTORY").pipe(Config.withDefault(".advocacy"))

/** `DATABASE_URL` and `ADVOCACY_VAULT_KEY` for a server; without the first, `ADVOCACY_DIRECTORY` for an embedded database. */
export const layerConfig: Layer.Layer<Stores | SqlClient.SqlClient, OpenError | Config.ConfigError> = Layer.unwrap(
  Effect.gen(function* () {
    const server = yield* url
    return Option.isSome(server) ? layerServer({ url: server.value }) : layerEmbedded({ directory: yield* directory })
  }),
)
