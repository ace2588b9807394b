/**
 * The app as this shop knows it: whether it is installed, which scopes it has, its tokens and its client secrets. It
 * changes only through `apply`, so that replaying the log gives the same access. Expiry goes by the shop's clock.
 * A scope that writes implies the one that reads. Granted scopes count for every token at once, as for real ones.
 */

import type { AccessEvent, StoredCode, StoredMigration, StoredRefreshToken, StoredToken } from "./AccessEvent.ts"

export interface AppConfiguration {
  readonly clientId: string
  readonly clientSecret: string
  /** A permanent token that was issued before the sandbox began; uninstalling ends it like any other. */
  readonly accessToken: string
  /** Granted on installation. */
  readonly scopes: ReadonlyArray<string>
  /** May be asked for later. */
  readonly optionalScopes: ReadonlyArray<string>
  /** Addresses that a callback may go to; none means any. */
  readonly redirectUrls: ReadonlyArray<string>
  readonly installed: boolean
}

export interface ClientSecret {
  readonly secret: string
  /** Null while it is the newest. */
  readonly replacedAt: string | null
}

/** How long the secret before the newest may still sign. */
export const secretOverlapMillis = 3_600_000

const recoveryMillis = 30 * 86_400_000

/** With the scopes that they imply, each once. */
export const withImplied = (scopes: ReadonlyArray<string>): ReadonlySet<string> =>
  new Set(scopes.flatMap((scope) => (scope.startsWith("write_") ? [scope, `read_${scope.slice(6)}`] : [scope])))

/** Without those that others imply, as token answers list them. */
export const compressed = (scopes: ReadonlyArray<string>): ReadonlyArray<string> =>
  [...new Set(scopes)].filter((scope) => !(scope.startsWith("read_") && scopes.includes(`write_${scope.slice(5)}`)))

export class AppAccess {
  readonly configuration: AppConfiguration
  readonly codes = new Map<string, StoredCode>()
  readonly tokens = new Map<string, StoredToken>()
  readonly refreshTokens = new Map<string, StoredRefreshToken>()
  readonly migrations = new Map<string, StoredMigration>()
  secrets: ReadonlyArray<ClientSecret>
  installed: boolean
  installedAt: string
  uninstalledAt: string | null = null
  granted: ReadonlyArray<string>

  constructor(configuration: AppConfiguration, at: string) {
    this.configuration = configuration
    this.installed = configuration.installed
    this.installedAt = at
    this.granted = configuration.installed ? configuration.scopes : []
    this.secrets = [{ secret: configuration.clientSecret, replacedAt: null }]
    if (configuration.installed) {
      const { accessToken: token } = configuration
      this.tokens.set(token, { token, kind: "permanent", issuedAt: at, expiresAt: null })
    }
  }

  /** The token if it opens the shop at that instant. */
  tokenAt(token: string, now: string): StoredToken | undefined {
    const known = this.installed ? this.tokens.get(token) : undefined
    return known === undefined || (known.expiresAt !== null && known.expiresAt <= now) ? undefined : known
  }

  /** A used refresh token stays usable until its replacement is used, 30 days at most and never beyond its own end. */
  refreshTokenAt(token: string, now: string): StoredRefreshToken | undefined {
    const known = this.installed ? this.refreshTokens.get(token) : undefined
    if (known === undefined || known.expiresAt <= now) return undefined
    const endsAt = known.firstUsedAt === null ? Infinity : Date.parse(known.firstUsedAt) + recoveryMillis
    return Date.parse(now) >= endsAt ? undefined : known
  }

  /** The newest first; the one before it as long as it may still sign. */
  secretsAt(now: string): ReadonlyArray<string> {
    return this.secrets
      .filter(({ replacedAt }) => replacedAt === null || Date.parse(now) < Date.parse(replacedAt) + secretOverlapMillis)
      .map(({ secret }) => secret)
  }

  apply(event: AccessEvent): void {
    switch (event.type) {
      case "app.installed":
        this.installed = true
        this.installedAt = event.at
        this.granted = event.scopes
        return
      case "app.uninstalled":
        this.installed = false
        this.uninstalledAt = event.at
        this.granted = []
        for (const own of [this.tokens, this.refreshTokens, this.codes, this.migrations]) own.clear()
        return
      case "app.scopes":
        this.granted = event.granted
        return
      case "app.secretRotated":
        this.secrets = [
          { secret: event.secret, replacedAt: null },
          ...this.secrets.map((one) => (one.replacedAt === null ? { ...one, replacedAt: event.at } : one)),
        ]
        return
      case "oauth.code":
        this.codes.set(event.code.code, event.code)
        return
      case "oauth.codeUsed":
        this.codes.delete(event.code)
        return
      case "oauth.issued":
        return this.issue(event)
      case "oauth.extended": {
        const token = this.tokens.get(event.token)
        if (token !== undefined) this.tokens.set(event.token, { ...token, expiresAt: event.expiresAt })
      }
    }
  }

  private issue({ migration, refresh, revokes, token, used }: Extract<AccessEvent, { type: "oauth.issued" }>): void {
    for (const revoked of revokes) this.tokens.delete(revoked)
    this.tokens.set(token.token, token)
    if (used !== null) this.use(used.token, used.at)
    // A new pair from a code or a session token ends the recovery of an earlier migration.
    if (refresh !== null && used === null) this.migrations.clear()
    if (refresh !== null) this.refreshTokens.set(refresh.token, refresh)
    if (migration !== null) this.migrations.set(migration.from, migration)
  }

  /** The first use retires what it replaces, and the other replacements of the same token. */
  private use(token: string, at: string): void {
    const known = this.refreshTokens.get(token)
    if (known === undefined) return
    this.refreshTokens.set(token, { ...known, firstUsedAt: known.firstUsedAt ?? at, replaces: null })
    for (const migration of this.migrations.values())
      if (migration.refresh === token) this.migrations.delete(migration.from)
    if (known.replaces === null) return
    this.refreshTokens.delete(known.replaces)
    for (const [other, row] of this.refreshTokens)
      if (other !== token && row.replaces === known.replaces) this.refreshTokens.delete(other)
  }
}
