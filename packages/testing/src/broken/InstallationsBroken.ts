/**
 * Stores of installations that each break one law and no other: the proof that the laws can fail.
 *
 * Each is the memory layer with one plausible fault laid over it. They are for tests of laws, never for use.
 */
import type { Installation, InstallationKey, Tokens } from "@advocacy-kit/core/connector/Installation"
import { Installations, InstallationsError } from "@advocacy-kit/core/connector/Installations"
import * as InstallationsMemory from "@advocacy-kit/core/connector/InstallationsMemory"
import { StoreUnavailable } from "@advocacy-kit/core/fact/FactLog"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, Exit, Layer, Redacted } from "effect"
import type * as Broken from "../Broken.ts"

type Store = Installations["Service"]

/** The memory layer with members replaced. */
const over = (fault: (inner: Store) => Partial<Store>): Layer.Layer<Installations> =>
  Layer.effect(
    Installations,
    Effect.map(Installations, (inner) => ({ ...inner, ...fault(inner) })),
  ).pipe(Layer.provide(InstallationsMemory.layerMemory))

const unavailable = (operation: string): InstallationsError =>
  new InstallationsError({ reason: new StoreUnavailable({ operation, cause: new Error(operation) }) })

/** Changes what is told of each installation. */
const telling = (rewrite: (installation: Installation) => Installation): Layer.Layer<Installations> =>
  over((inner) => ({ all: Effect.map(inner.all, (found) => found.map(rewrite)) }))

const withTokens =
  (rewrite: (tokens: Tokens) => Tokens | null) =>
  (installation: Installation): Installation =>
    installation.tokens === null ? installation : { ...installation, tokens: rewrite(installation.tokens) }

/** A session storage without the columns for refreshing, which some have. */
const dropsRefreshTokens = telling(
  withTokens((tokens) =>
    tokens.accessExpiresAt === null ? tokens : { ...tokens, refresh: null, refreshExpiresAt: null },
  ),
)

/** A column that is too narrow for what a platform may send. */
const cutsTokens = telling(
  withTokens((tokens) => ({ ...tokens, access: Redacted.make(Redacted.value(tokens.access).slice(0, 255)) })),
)

/** Writes only the columns that have a value. */
const keepsTokensOfTheRemoved = over((inner) => {
  const kept = new Map<string, Tokens>()
  const nameOf = (tenant: string, { account, platform }: InstallationKey): string => `${tenant} ${platform} ${account}`
  return {
    change: (key, next) =>
      Effect.zipWith(inner.change(key, next), CurrentTenant, (installation, { id }) => {
        if (installation?.tokens) kept.set(nameOf(id, key), installation.tokens)
        return installation
      }),
    all: Effect.zipWith(inner.all, CurrentTenant, (found, { id }) =>
      found.map((one) => ({ ...one, tokens: one.tokens ?? kept.get(nameOf(id, one)) ?? null })),
    ),
  }
})

/** Answers what an update gave back, and adds a row by another statement. */
const answersNothingForTheFirst = over((inner) => ({
  change: (key, next) => {
    let isFirst = false
    const noting = inner.change(key, (now) => {
      isFirst = now === null
      return next(now)
    })
    return Effect.map(noting, (after) => (isFirst ? null : after))
  },
}))

/** Makes a row to lock it, and leaves it there. */
const leavesEmptyRows = over((inner) => {
  const made = new Map<string, Installation>()
  return {
    change: (key, next) =>
      Effect.zipWith(inner.change(key, next), CurrentTenant, (after, { id }) => {
        if (after === null)
          made.set(id, { ...key, scopes: [], scopesAt: 0, tokens: null, installedAt: null, uninstalledAt: null })
        else made.delete(id)
        return after
      }),
    all: Effect.zipWith(inner.all, CurrentTenant, (found, { id }) => [...found, ...[made.get(id) ?? []].flat()]),
  }
})

const ignoresThePlatform = over((inner) => ({
  change: (key, next) => inner.change({ ...key, platform: "shopify" }, next),
}))

const everybody = { id: TenantIdOf("everybody"), handleKey: new Uint8Array(32) }

const keepsTenantsTogether = over((inner) => ({
  all: Effect.provideService(inner.all, CurrentTenant, everybody),
  change: (key, next) =>
    Effect.flatMap(CurrentTenant, (tenant) =>
      Effect.provideService(
        inner.change(key, (now) => Effect.provideService(next(now), CurrentTenant, tenant)),
        CurrentTenant,
        everybody,
      ),
    ),
}))

const found = (inner: Store, { account, platform }: InstallationKey) =>
  Effect.map(inner.all, (all) => all.find((one) => one.platform === platform && one.account === account) ?? null)

/** Reads what is there before it takes its turn. */
const readsTooEarly = over((inner) => ({
  change: (key, next) =>
    Effect.flatMap(found(inner, key), (now) =>
      now === null
        ? inner.change(key, next)
        : Effect.flatMap(next(now), (after) => inner.change(key, () => Effect.succeed(after))),
    ),
}))

/** Locks the row: where there is none, there is no lock. */
const locksOnlyRows = over((inner) => ({
  change: (key, next) =>
    Effect.flatMap(found(inner, key), (now) =>
      now === null
        ? Effect.flatMap(next(now), (after) => inner.change(key, () => Effect.succeed(after)))
        : inner.change(key, next),
    ),
}))

const takesFailuresForItsOwn = over((inner) => ({
  change: (key, next) => Effect.mapError(inner.change(key, next), () => unavailable("change an installation")),
}))

/** Forgets to give its turn back after a change that ended so. */
const keepsItsTurnAfter = (ended: (exit: Exit.Exit<unknown, unknown>) => boolean): Layer.Layer<Installations> =>
  over((inner) => {
    const kept = new Set<string>()
    return {
      change: (key, next) =>
        Effect.flatMap(CurrentTenant, ({ id }) =>
          kept.has(id)
            ? Effect.fail(unavailable("wait for a turn that was never given back"))
            : Effect.onExit(inner.change(key, next), (exit) =>
                Effect.sync(() => {
                  if (ended(exit)) kept.add(id)
                }),
              ),
        ),
    }
  })

const wasInterrupted = (exit: Exit.Exit<unknown, unknown>): boolean => Exit.hasInterrupts(exit)

const breaking = (layer: Layer.Layer<Installations>, breaks: string): Broken.Store<Installations> => ({ breaks, layer })

export const stores: ReadonlyArray<Broken.Store<Installations>> = [
  breaking(dropsRefreshTokens, "an installation is found as it was stored"),
  breaking(cutsTokens, "tokens that do not expire, and one alone, are found as they were stored"),
  breaking(keepsTokensOfTheRemoved, "an installation that was removed is found without tokens"),
  breaking(answersNothingForTheFirst, "a change sees what is there, and answers what then is"),
  breaking(leavesEmptyRows, "a change that answers what it was given changes nothing"),
  breaking(ignoresThePlatform, "installations are kept by platform and account, and told in their order"),
  breaking(keepsTenantsTogether, "no tenant sees or changes another's installation"),
  breaking(readsTooEarly, "of several that renew at once each sees what the one before stored"),
  breaking(locksOnlyRows, "of several that install at once the second sees the first"),
  breaking(takesFailuresForItsOwn, "a change that fails stores nothing and fails with its own error"),
  breaking(
    keepsItsTurnAfter((exit) => Exit.isFailure(exit) && !wasInterrupted(exit)),
    "a change that failed holds nobody up",
  ),
  breaking(keepsItsTurnAfter(wasInterrupted), "a change that was interrupted holds nobody up and stores nothing"),
]
