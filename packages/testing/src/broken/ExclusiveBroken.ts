/**
 * Ledgers whose exclusive work breaks one law and no other: the proof that those laws can fail.
 *
 * Each is the memory layer with one plausible fault laid over it. They are for tests of laws, never for use. None of them waits
 * for ever: a lock that would not be given is refused, so that the law that it breaks fails at once.
 */
import type { FactLog } from "@advocacy-kit/core/fact/FactLog"
import { StoreUnavailable } from "@advocacy-kit/core/fact/FactLog"
import { type Ledger, LedgerError } from "@advocacy-kit/core/ledger/Ledger"
import { CurrentTenant } from "@advocacy-kit/core/tenant/Tenant"
import { Context, Effect, Exit, type Layer } from "effect"
import type * as Broken from "../Broken.ts"
import { over } from "./LedgerBroken.ts"

type Stores = Ledger | FactLog

const unavailable = (operation: string): LedgerError =>
  new LedgerError({ reason: new StoreUnavailable({ operation, cause: new Error(operation) }) })

const Calls = Context.Reference<{ refused: boolean } | undefined>(
  "@advocacy-kit/testing/broken/ExclusiveBroken/Calls",
  {
    defaultValue: () => undefined,
  },
)

/** Transactions as they should be, and no lock. */
const takesNoTurns = over((inner) => ({
  commit: (commit) =>
    Effect.tapError(inner.commit(commit), () =>
      Effect.map(Calls, (calls) => {
        if (calls !== undefined) calls.refused = true
      }),
    ),
  exclusively: (_names, body) =>
    Effect.suspend(() => {
      const calls = { refused: false }
      return Effect.tap(Effect.provideService(body, Calls, calls), () =>
        calls.refused ? Effect.die(new Error("a commit was refused inside")) : Effect.void,
      )
    }),
}))

/** Keeps the names of a work as the rows of a table with a primary key. */
const refusesRepeatedNames = over((inner) => ({
  exclusively: (names, body) =>
    new Set(names).size < names.length ? Effect.fail(unavailable("lock a name twice")) : inner.exclusively(names, body),
}))

const Inside = Context.Reference<boolean>("@advocacy-kit/testing/broken/ExclusiveBroken/Inside", {
  defaultValue: () => false,
})

/** Does not know that the name that it waits for is its own. */
const waitsForItself = over((inner) => ({
  exclusively: (names, body) =>
    Effect.flatMap(Inside, (inside) =>
      inside && names.includes("shared")
        ? Effect.fail(unavailable("wait for a name that is held"))
        : inner.exclusively(names, Effect.provideService(body, Inside, true)),
    ),
}))

/** Forgets to give the names back after work that ended so. */
const keepsNamesAfter = (ended: (exit: Exit.Exit<unknown, unknown>) => boolean): Layer.Layer<Stores> =>
  over((inner) => {
    const kept = new Set<string>()
    return {
      exclusively: (names, body) =>
        Effect.flatMap(CurrentTenant, ({ id }) =>
          inner.exclusively(
            names,
            Effect.gen(function* () {
              if (kept.has(id)) return yield* unavailable("take a name that was never given back")
              return yield* Effect.onExit(body, (exit) => Effect.sync(() => (ended(exit) ? kept.add(id) : undefined)))
            }),
          ),
        ),
    }
  })

const wasInterrupted = (exit: Exit.Exit<unknown, unknown>): boolean => Exit.hasInterrupts(exit)

/** Reads over another connection. */
const readsOutside = over((inner) => ({
  exclusively: (names, body) => inner.exclusively(names, Effect.provideService(body, Inside, true)),
  balances: Effect.flatMap(Inside, (inside) => (inside ? Effect.succeed([]) : inner.balances)),
}))

/** Plans effects in a transaction of their own, which never ends. */
const losesEffects = over((inner) => ({
  exclusively: (names, body) => inner.exclusively(names, Effect.provideService(body, Inside, true)),
  commit: (commit) => Effect.flatMap(Inside, (inside) => inner.commit(inside ? { ...commit, effects: [] } : commit)),
}))

const takesFailuresForItsOwn = over((inner) => ({
  exclusively: (names, body) =>
    Effect.mapError(inner.exclusively(names, body), (error) =>
      error instanceof LedgerError ? error : unavailable("run the work"),
    ),
}))

/** Does not see that part of what it is about to keep was refused. */
const keepsHalves = over((inner) => ({
  commit: (commit) =>
    Effect.flatMap(Inside, (inside) =>
      inside === false
        ? inner.commit(commit)
        : Effect.gen(function* () {
            for (const { key, revision } of commit.revisions) {
              const known = yield* inner.history(key)
              if (known.some((one) => one.revision === revision)) return yield* Effect.fail(unavailable("commit"))
            }
            yield* inner.commit(commit)
          }),
    ),
  exclusively: (names, body) => inner.exclusively(names, Effect.provideService(body, Inside, true)),
}))

/** Knows only one transaction, and no part of it. */
const failsAsOne = over((inner) => ({
  exclusively: (names, body) =>
    Effect.flatMap(Inside, (inside) =>
      inside
        ? Effect.orDie(Effect.mapError(body, () => unavailable("run a part")))
        : inner.exclusively(names, Effect.provideService(body, Inside, true)),
    ),
}))

const breaking = (layer: Layer.Layer<Stores>, breaks: string): Broken.Store<Stores> => ({ breaks, layer })

export const stores: ReadonlyArray<Broken.Store<Stores>> = [
  breaking(takesNoTurns, "of the works under one name one goes on at a time"),
  breaking(refusesRepeatedNames, "names may come in any order and more than once"),
  breaking(waitsForItself, "work inside work under the same name goes on"),
  breaking(
    keepsNamesAfter((exit) => Exit.isFailure(exit) && !wasInterrupted(exit)),
    "names are free again after work that failed",
  ),
  breaking(keepsNamesAfter(wasInterrupted), "names are free again after work that was interrupted"),
  breaking(readsOutside, "work reads what it wrote"),
  breaking(losesEffects, "what work wrote stands when it has ended"),
  breaking(takesFailuresForItsOwn, "the failure of work is the failure that it had"),
  breaking(keepsHalves, "work cannot go on after a commit inside was refused"),
  breaking(failsAsOne, "work inside work can fail alone"),
]
