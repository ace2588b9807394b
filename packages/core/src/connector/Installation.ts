/**
 * That an app is installed in somebody's account of a platform: what it was granted, and until when.
 *
 * Promises: pure. What was granted, taken back and removed may be told in any order, twice, or late: the same tellings end in
 * the same installation. Nothing that was granted before the app was removed counts after it, and a removal of an earlier
 * installation does not touch a later one. Tokens are redacted wherever they are printed.
 */
import type { Redacted } from "effect"
import type { Instant } from "../id/Instant.ts"

/** What opens the account. Null for a time: it does not expire. */
export interface Tokens {
  readonly access: Redacted.Redacted
  readonly accessExpiresAt: Instant | null
  /** Null where the platform gives none. */
  readonly refresh: Redacted.Redacted | null
  readonly refreshExpiresAt: Instant | null
}

/** Which one: a platform and the account there, such as `shopify` and `acme.myshopify.com`, or `hubspot` and a portal's number. */
export interface InstallationKey {
  readonly platform: string
  readonly account: string
}

export interface Installation extends InstallationKey {
  /** Sorted, each once. */
  readonly scopes: ReadonlyArray<string>
  readonly scopesAt: Instant
  /** Null while the app is not installed, or where nothing was granted yet. */
  readonly tokens: Tokens | null
  /** When the platform last granted tokens to a new installation. Null: not that we know. */
  readonly installedAt: Instant | null
  /** When the app was last removed. It may be before `installedAt`. */
  readonly uninstalledAt: Instant | null
}

export interface Grant {
  /** Before the grant was asked for: what the platform tells of the time before is about an earlier installation. */
  readonly at: Instant
  readonly scopes: ReadonlyArray<string>
  readonly tokens: Tokens
}

const never = Number.NEGATIVE_INFINITY

/** Whether the app is installed, by what we were told. */
export const isActive = ({ installedAt, uninstalledAt }: Installation): boolean =>
  installedAt !== null && installedAt > (uninstalledAt ?? never)

/** Whether something of then is about an installation before this one. */
export const isStale = (installation: Installation | null, at: Instant): boolean =>
  at < (installation?.installedAt ?? never)

const unknown = (key: InstallationKey): Installation => ({
  platform: key.platform,
  account: key.account,
  scopes: [],
  scopesAt: 0,
  tokens: null,
  installedAt: null,
  uninstalledAt: null,
})

/** What is not installed keeps no token. */
const settled = (installation: Installation): Installation =>
  isActive(installation) ? installation : { ...installation, tokens: null }

/** Scopes as they are kept. */
export const scopesOf = (scopes: Iterable<string>): ReadonlyArray<string> =>
  [...new Set([...scopes].map((scope) => scope.trim()).filter((scope) => scope !== ""))].sort()

const rescopedTo = (installation: Installation, at: Instant, scopes: ReadonlyArray<string>): Installation =>
  at < installation.scopesAt ? installation : { ...installation, scopes: scopesOf(scopes), scopesAt: at }

/** The platform granted tokens: the app is installed from then on. */
export const granted = (now: Installation | null, key: InstallationKey, grant: Grant): Installation => {
  const before = now ?? unknown(key)
  if (grant.at < (before.installedAt ?? never)) return before
  return settled({ ...rescopedTo(before, grant.at, grant.scopes), tokens: grant.tokens, installedAt: grant.at })
}

/** Newer tokens of the same installation. */
export const renewed = (now: Installation, tokens: Tokens): Installation => settled({ ...now, tokens })

/** The platform does not take the tokens any more: they are kept, and taken for expired. */
export const expired = (now: Installation, at: Instant): Installation =>
  now.tokens === null ? now : { ...now, tokens: { ...now.tokens, accessExpiresAt: at } }

/** The app was removed from the account. Its tokens are gone, unless it was installed again since. */
export const removed = (now: Installation | null, key: InstallationKey, at: Instant): Installation => {
  const before = now ?? unknown(key)
  return settled({ ...before, uninstalledAt: Math.max(at, before.uninstalledAt ?? never) })
}

/** The platform tells what the app may do now. */
export const rescoped = (
  now: Installation | null,
  key: InstallationKey,
  at: Instant,
  scopes: ReadonlyArray<string>,
): Installation => rescopedTo(now ?? unknown(key), at, scopes)
