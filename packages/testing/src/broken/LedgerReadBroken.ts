/**
 * Ledgers that each break one law of reading a few credits, and no other.
 *
 * They are for tests of laws, never for use.
 */
import type { FactLog } from "@advocacy-kit/core/fact/FactLog"
import * as ByteOrder from "@advocacy-kit/core/id/ByteOrder"
import type { Ledger } from "@advocacy-kit/core/ledger/Ledger"
import { CurrentTenant, TenantIdOf } from "@advocacy-kit/core/tenant/Tenant"
import { Effect, type Layer } from "effect"
import type * as Broken from "../Broken.ts"
import { over } from "./LedgerBroken.ts"

type Stores = Ledger | FactLog

/** Gives the legs of the last revision for the sum of all. */
const postsTheLastLegs = over((inner) => ({
  postedFor: (wanted) =>
    Effect.flatMap(inner.postedFor(wanted), (credits) =>
      Effect.map(
        Effect.forEach(credits, ([key, posted]) =>
          Effect.map(
            inner.history(key),
            (revisions) => [key, { ...posted, legs: revisions.at(-1)?.legs ?? [] }] as const,
          ),
        ),
        (entries) => new Map(entries),
      ),
    ),
}))

/** Takes the first that it comes by, in order of time. */
const limitsBeforeItSorts = over((inner) => ({
  due: ({ limit, ...wanted }) =>
    Effect.map(inner.due({ ...wanted, limit: Number.MAX_SAFE_INTEGER }), (causes) => {
      const first = new Set([...causes].sort(ByteOrder.compare).slice(0, limit))
      return causes.filter((cause) => first.has(cause))
    }),
}))

const isDueTooLate = over((inner) => ({ due: (wanted) => inner.due({ ...wanted, asOf: wanted.asOf - 1 }) }))

/** Takes what has nothing more to come for what has not changed. */
const leavesWhatIsDueNoMore = over((inner) => ({
  commit: (commit) =>
    Effect.gen(function* () {
      const revisions = yield* Effect.forEach(commit.revisions, (revision) =>
        Effect.map(inner.history(revision.key), (known) => {
          const nextDueAt = revision.credit.nextDueAt ?? known.at(-1)?.credit.nextDueAt ?? null
          return { ...revision, credit: { ...revision.credit, nextDueAt } }
        }),
      )
      yield* inner.commit({ ...commit, revisions })
    }),
}))

/** Knows debts, but not the credits that pay them. */
const overlooksWhoPays = over((inner) => ({
  creditedTo: (wanted) =>
    Effect.gen(function* () {
      const found = yield* inner.creditedTo(wanted)
      if (wanted.which !== "owing") return found
      const credits = yield* inner.postedFor({ program: wanted.program, causes: found.map(({ cause }) => cause) })
      const owing = new Set(
        [...credits.values()]
          .filter(({ legs }) => legs.some(({ account }) => account.endsWith("#debt")))
          .map(({ credit }) => credit.cause),
      )
      return found.filter(({ cause }) => owing.has(cause))
    }),
}))

/** Takes what expired for gone. */
const overlooksWhatExpired = over((inner) => ({
  creditedTo: (wanted) =>
    Effect.gen(function* () {
      const found = yield* inner.creditedTo(wanted)
      if (wanted.which !== "open") return found
      const credits = yield* inner.postedFor({ program: wanted.program, causes: found.map(({ cause }) => cause) })
      const expired = [...credits.values()].filter(({ legs }) =>
        legs.some(({ account }) => account.endsWith("#expired")),
      )
      const gone = new Set(expired.map(({ credit }) => credit.cause))
      return found.filter(({ cause }) => !gone.has(cause))
    }),
}))

/** Gives what is open or owing for all that somebody has. */
const givesNobodyWhatIsSettled = over((inner) => ({
  creditedTo: (wanted) => inner.creditedTo(wanted.which === "any" ? { ...wanted, which: "open" } : wanted),
}))

/** Takes no credit for no condition. */
const givesAllForNone = over((inner) => ({
  effects: ({ credits, ...wanted }) =>
    inner.effects(credits === undefined || credits.length === 0 ? wanted : { ...wanted, credits }),
}))

/** Takes as many as were asked for, and then looks whose they are. */
const limitsBeforeItLooks = over((inner) => ({
  effects: ({ credits, ...wanted }) =>
    Effect.map(inner.effects(wanted), (rows) =>
      rows.filter(({ effect }) => credits === undefined || ("credit" in effect && credits.includes(effect.credit))),
    ),
}))

/** Takes rewards alone for a credit's effects, and not what takes them back. */
const overlooksTakingBack = over((inner) => ({
  effects: (wanted) =>
    Effect.map(inner.effects(wanted), (rows) =>
      rows.filter(({ effect }) => wanted.credits === undefined || effect._tag === "IssueReward"),
    ),
}))

const everybody = { id: TenantIdOf("everybody"), handleKey: new Uint8Array(16) }
const asEverybody = <A, E>(effect: Effect.Effect<A, E, CurrentTenant>) =>
  Effect.provideService(effect, CurrentTenant, everybody)

/** Keeps where credits stand now without saying whose they are. */
const forgetsTheTenant = over((inner) => ({
  commit: (commit) => Effect.andThen(inner.commit(commit), asEverybody(inner.commit(commit))),
  due: (wanted) => asEverybody(inner.due(wanted)),
}))

const breaking = (layer: Layer.Layer<Stores>, breaks: string): Broken.Store<Stores> => ({ breaks, layer })

const dueLaw = "due are the causes whose time has come, each once, by the earliest time and then by cause"
const creditedToLaw =
  "of somebody's credits any are given, those that are open or expired, or those that owe or pay a debt"
const effectsLaw = "of effects those of the named credits alone are given, as many as were asked for"

export const stores: ReadonlyArray<Broken.Store<Stores>> = [
  breaking(
    postsTheLastLegs,
    "the credits of causes are what posted gives of these causes alone, with the last revision and the sum of its legs",
  ),
  breaking(limitsBeforeItSorts, dueLaw),
  breaking(isDueTooLate, dueLaw),
  breaking(leavesWhatIsDueNoMore, "the last revision of a credit alone says when it is due"),
  breaking(overlooksWhoPays, creditedToLaw),
  breaking(overlooksWhatExpired, creditedToLaw),
  breaking(givesNobodyWhatIsSettled, creditedToLaw),
  breaking(givesAllForNone, effectsLaw),
  breaking(limitsBeforeItLooks, effectsLaw),
  breaking(overlooksTakingBack, effectsLaw),
  breaking(forgetsTheTenant, "no tenant reads another's credits by cause, time or beneficiary"),
]
