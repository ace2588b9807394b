/**
 * What can happen to the app's access to the shop: it is installed and uninstalled, scopes are granted and revoked,
 * tokens are issued, refreshed and revoked, its client secret is rotated. Plain JSON for the log; `AppAccess.apply` is
 * the only reader. Times are instants of the shop's clock.
 */

export type TokenKind = "permanent" | "expiring" | "online" | "client-credentials"

export interface StoredToken {
  readonly token: string
  readonly kind: TokenKind
  readonly issuedAt: string
  /** Null for a permanent one. */
  readonly expiresAt: string | null
}

export interface StoredRefreshToken {
  readonly token: string
  readonly expiresAt: string
  /** The one that it came for, until it is first used itself. */
  readonly replaces: string | null
  readonly firstUsedAt: string | null
}

export interface StoredCode {
  readonly code: string
  readonly online: boolean
  readonly expiresAt: string
}

/** A migration can be asked for again: the same pair is answered. */
export interface StoredMigration {
  readonly from: string
  readonly at: string
  readonly access: string
  readonly refresh: string
}

export type AccessEvent =
  | { readonly type: "app.installed"; readonly scopes: ReadonlyArray<string>; readonly at: string }
  | { readonly type: "app.uninstalled"; readonly at: string }
  | { readonly type: "app.scopes"; readonly granted: ReadonlyArray<string>; readonly at: string }
  | { readonly type: "app.secretRotated"; readonly secret: string; readonly at: string }
  | { readonly type: "oauth.code"; readonly code: StoredCode }
  | { readonly type: "oauth.codeUsed"; readonly code: string }
  | {
      readonly type: "oauth.issued"
      readonly token: StoredToken
      readonly refresh: StoredRefreshToken | null
      /** The refresh token that was presented, and when. */
      readonly used: { readonly token: string; readonly at: string } | null
      readonly revokes: ReadonlyArray<string>
      readonly migration: StoredMigration | null
    }
  | { readonly type: "oauth.extended"; readonly token: string; readonly expiresAt: string }
