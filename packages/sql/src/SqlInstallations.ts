/**
 * Installations over PostgreSQL.
 *
 * Promises: what `Installations` promises: a change holds the row, and the name of a row that is not there yet, until what it
 * made is committed. Tokens are sealed for their tenant, platform and account. Where the transaction has to run again, what
 * `next` answered for the same row is used again: no token is exchanged twice for it. The embedded database has one connection,
 * so a change that waits for a platform keeps everything else of it waiting too.
 */
import type { Installation, InstallationKey, Tokens } from "@advocacy-kit/core/connector/Installation"
import { Installations, InstallationsError, TokensUnreadable } from "@advocacy-kit/core/connector/Installations"
import { CurrentTenant, type TenantId } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Layer, Redacted, Schema } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { texts } from "./ColumnArray.ts"
import * as TenantTransaction from "./TenantTransaction.ts"
import { AdvocacyKeys, type Vault, vaultOf } from "./Vault.ts"

interface Row {
  readonly platform: string
  readonly account: string
  readonly scopes: ReadonlyArray<string>
  readonly scopesAt: bigint
  readonly tokens: Uint8Array | null
  readonly accessExpiresAt: bigint | null
  readonly refreshExpiresAt: bigint | null
  readonly installedAt: bigint | null
  readonly uninstalledAt: bigint | null
}

/** What is sealed. The times stand beside it: they open nothing. */
const Sealed = Schema.fromJsonString(Schema.Struct({ access: Schema.String, refresh: Schema.NullOr(Schema.String) }))
const unseal = Schema.decodeUnknownSync(Sealed)

const subjectOf = ({ account, platform }: InstallationKey): string => `tokens of ${platform} ${account}`
const instant = (value: bigint | null): number | null => (value === null ? null : Number(value))
const column = (value: number | null): bigint | null => (value === null ? null : BigInt(value))

const tokensOf = (vault: Vault, tenant: TenantId, row: Row): Effect.Effect<Tokens | null, InstallationsError> => {
  if (row.tokens === null) return Effect.succeed(null)
  const opened = vault.open(tenant, subjectOf(row), row.tokens)
  if (opened === undefined) {
    const remedy = "install the app again; what was stored was sealed with another key or for another account"
    return Effect.fail(new InstallationsError({ reason: new TokensUnreadable({ account: row.account, remedy }) }))
  }
  const { access, refresh } = unseal(opened)
  return Effect.succeed({
    access: Redacted.make(access),
    accessExpiresAt: instant(row.accessExpiresAt),
    refresh: refresh === null ? null : Redacted.make(refresh),
    refreshExpiresAt: instant(row.refreshExpiresAt),
  })
}

const installationOf = (vault: Vault, tenant: TenantId, row: Row): Effect.Effect<Installation, InstallationsError> =>
  Effect.map(tokensOf(vault, tenant, row), (tokens) => ({
    platform: row.platform,
    account: row.account,
    scopes: row.scopes,
    scopesAt: Number(row.scopesAt),
    tokens,
    installedAt: instant(row.installedAt),
    uninstalledAt: instant(row.uninstalledAt),
  }))

const columns = (sql: SqlClient.SqlClient) => sql`
  platform, account, scopes, scopes_at AS "scopesAt", tokens, access_expires_at AS "accessExpiresAt",
  refresh_expires_at AS "refreshExpiresAt", installed_at AS "installedAt", uninstalled_at AS "uninstalledAt"`

const store = (sql: SqlClient.SqlClient, vault: Vault, tenant: TenantId, installation: Installation) => {
  const { account, platform, tokens } = installation
  const sealed =
    tokens === null
      ? null
      : vault.seal(
          tenant,
          subjectOf(installation),
          JSON.stringify({
            access: Redacted.value(tokens.access),
            refresh: tokens.refresh === null ? null : Redacted.value(tokens.refresh),
          }),
        )
  return sql`
    INSERT INTO advocacy.installation (tenant, platform, account, scopes, scopes_at, tokens, access_expires_at,
      refresh_expires_at, installed_at, uninstalled_at)
    VALUES (${tenant}, ${platform}, ${account}, ${texts(installation.scopes)}, ${BigInt(installation.scopesAt)}, ${sealed},
      ${column(tokens?.accessExpiresAt ?? null)}, ${column(tokens?.refreshExpiresAt ?? null)},
      ${column(installation.installedAt)}, ${column(installation.uninstalledAt)})
    ON CONFLICT (tenant, platform, account) DO UPDATE SET scopes = excluded.scopes, scopes_at = excluded.scopes_at,
      tokens = excluded.tokens, access_expires_at = excluded.access_expires_at,
      refresh_expires_at = excluded.refresh_expires_at, installed_at = excluded.installed_at,
      uninstalled_at = excluded.uninstalled_at`
}

/** Tells states of a row apart; sealing the same tokens again makes other bytes. */
const stateOf = (row: Row | undefined): string =>
  JSON.stringify(row ?? null, (_name, value: unknown) => (typeof value === "bigint" ? `${value}` : value))

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const vault = vaultOf((yield* AdvocacyKeys).vault)
  const transaction = TenantTransaction.make(sql)

  /** A statement of the transaction that is open. */
  const inside = <A>(operation: string, statement: Effect.Effect<A, SqlError.SqlError>) =>
    Effect.mapError(transaction.write(operation, statement), (reason) => new InstallationsError({ reason }))

  const change = <E, R>(
    key: InstallationKey,
    next: (now: Installation | null) => Effect.Effect<Installation | null, E, R>,
  ): Effect.Effect<Installation | null, E | InstallationsError, R | CurrentTenant> => {
    let answered: { readonly of: string; readonly next: Installation | null } | undefined
    const body = Effect.gen(function* () {
      const { id } = yield* CurrentTenant
      const [row] = yield* inside(
        "hold an installation",
        sql<Row>`
          SELECT ${columns(sql)} FROM advocacy.installation
          WHERE tenant = ${id} AND platform = ${key.platform} AND account = ${key.account} FOR UPDATE`,
      )
      const state = stateOf(row)
      const now = row === undefined ? null : yield* installationOf(vault, id, row)
      answered = answered?.of === state ? answered : { of: state, next: yield* next(now) }
      if (answered.next !== null && answered.next !== now)
        yield* inside("store an installation", store(sql, vault, id, answered.next))
      return answered.next
    })
    return transaction.exclusively([`installation ${key.platform} ${key.account}`])(
      "change an installation",
      body,
      (reason) => new InstallationsError({ reason }),
    )
  }

  return Installations.of({
    all: Effect.gen(function* () {
      const { id } = yield* CurrentTenant
      const rows = yield* transaction
        .read(
          "read installations",
          sql<Row>`SELECT ${columns(sql)} FROM advocacy.installation WHERE tenant = ${id} ORDER BY platform, account`,
        )
        .pipe(Effect.mapError((reason) => new InstallationsError({ reason })))
      return yield* Effect.forEach(rows, (row) => installationOf(vault, id, row))
    }),
    change,
  })
})

export const layer: Layer.Layer<Installations, never, SqlClient.SqlClient | AdvocacyKeys> = Layer.effect(
  Installations,
  make,
)
